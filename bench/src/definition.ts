/** A database of one server, in the forms that the servers' guides ask for. */
export interface Database {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly name: string;
}

export interface Account {
  readonly email: string;
  readonly password: string;
}

/** Where to send what: `{id}` and `{category}` are filled in. */
export interface Paths {
  readonly read: string;
  readonly list: string;
  readonly create: string;
  /** Only of servers that take orders. */
  readonly order?: string;
  readonly signIn: string;
  /** Takes an account, answers with `data.refreshToken`. */
  readonly openSession: string;
  /** Takes `refreshToken`, answers with the next one. */
  readonly refresh: string;
}

export interface Launch {
  /** What follows `node`: flags, the file, its arguments. */
  readonly command: readonly string[];
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string>>;
  /** A process that runs beside the server and is not measured. */
  readonly beside?: Launch;
}

/** A server under measurement. The harness knows no more of it than this. */
export interface ServerDefinition {
  readonly name: string;
  readonly title: string;
  /** Once per run, before any database exists: code generation, compilation. */
  build?(): Promise<void>;
  /** Tables and data in a database that is empty. */
  prepare(database: Database): Promise<void>;
  launch(database: Database, port: number): Launch;
  /** Answers 200 as soon as the server serves. */
  readonly ready: string;
  readonly paths: Paths;
  /** Sent with each read by id: what it takes to be answered from the database. */
  readonly readHeaders?: Readonly<Record<string, string>>;
  /** Believes `X-Forwarded-For` of loopback, and counts sign-ins by address: each comes from another one. */
  readonly manyAddresses?: boolean;
  /** Answers a repeated idempotency key with the first reply; checked before the scenario with keys. */
  readonly replays: boolean;
  /** A bearer token that holds for the whole run; called once, when the server is ready. */
  token(origin: string, database: Database): Promise<string>;
  /** Tokens of many people, where one person may not send it all; called once, when the server is ready. */
  tokens?(origin: string, database: Database): Promise<readonly string[]>;
  /** Accounts for sign-in; called once, when the server is ready. Only servers that take part in that scenario have it. */
  accounts?(origin: string, database: Database): Promise<readonly Account[]>;
}
