import { hash } from 'node:crypto';
import type { Visible } from '../caller.ts';
import {
  type Compilable,
  type CompiledQuery,
  DummyDriver,
  type InferResult,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';

/** A statement and its values, as `pg` takes it. */
export interface BoundQuery {
  readonly text: string;
  readonly values: readonly unknown[];
}
export interface Rows<Row> {
  readonly rows: Row[];
  readonly rowCount: number;
}
/** What runs statements: the database (each on a connection of its own) or a transaction. */
export interface Runner {
  run<Row>(query: BoundQuery): Promise<Rows<Row>>;
  all<Q extends Compilable>(query: Q): Promise<InferResult<Q>[number][]>;
  first<Q extends Compilable>(query: Q): Promise<InferResult<Q>[number] | undefined>;
}

/** A typed query builder over generated row types. It builds and compiles; a Runner runs. */
export const queryBuilder = <Tables>(): Kysely<Tables> =>
  new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });

export const bound = (query: Compilable): BoundQuery => {
  const { sql, parameters } = query.compile();
  return { text: sql, values: parameters };
};

class Parameter {
  readonly key: string;
  constructor(key: string) {
    this.key = key;
  }
}
/** Where a statement's value comes from: typed like the value, filled in per call. */
export type Bind<Args> = <K extends keyof Args & string>(key: K) => Args[K];

/** A query compiled once, whose values change from call to call (building it per call costs a quarter of list throughput). */
export class Statement<Args, Row> {
  readonly text: string;
  readonly #keys: readonly (string | Parameter)[];
  readonly #constants: readonly unknown[];
  constructor({ sql, parameters }: CompiledQuery) {
    this.text = sql;
    this.#keys = parameters.map((value) => (value instanceof Parameter ? value : ''));
    this.#constants = parameters;
  }
  /** @param visible of a statement under a rule about rows: who looks, and where they may. */
  with(args: Args, visible?: Visible): BoundQuery {
    const values: unknown[] = [];
    for (let i = 0; i < this.#keys.length; i++) {
      const key = this.#keys[i];
      if (!(key instanceof Parameter)) values.push(this.#constants[i]);
      else if (key === ofViewer.viewer) values.push(visible!.caller.userId);
      else values.push(key === ofViewer.scopes ? visible!.scopes : args[key.key as keyof Args]);
    }
    return { text: this.text, values };
  }
  async all(on: Runner, args: Args): Promise<Row[]> {
    return (await on.run<Row>(this.with(args))).rows;
  }
  async first(on: Runner, args: Args): Promise<Row | undefined> {
    return (await on.run<Row>(this.with(args))).rows[0];
  }
  /** Rows that an insert, update or delete touched. */
  async count(on: Runner, args: Args): Promise<number> {
    return (await on.run(this.with(args))).rowCount;
  }
}
/** Compiles a query once: `prepare<{ id: string }>()((bind) => db.selectFrom('orders.orders').select(columns).where('id', '=', bind('id')))`. */
export const prepare =
  <Args>() =>
  <Q extends Compilable>(build: (bind: Bind<Args>) => Q): Statement<Args, InferResult<Q>[number]> =>
    new Statement(build(((key: string) => new Parameter(key)) as never).compile());

const VIEWER = 'the viewer';
const SCOPES = 'the scopes';
const ofViewer = { viewer: new Parameter(VIEWER), scopes: new Parameter(SCOPES) };
/** A statement under a rule about rows: one compiled form for each that its filter takes. */
export class VisibleStatement<Args, Row> {
  readonly #build: (visible: Pick<Visible, 'where'>) => Compilable;
  readonly #forms = new Map<string, Statement<Args, Row>>();
  constructor(build: (visible: Pick<Visible, 'where'>) => Compilable) {
    this.#build = build;
  }
  /**
   * Asks the database for the scopes that count now: for what waits for a lock or writes, what was known before is not enough.
   * @param fromMemory takes those that memory holds, as reads outside a transaction do.
   */
  with(visible: Visible, args: Args, fromMemory = false): BoundQuery {
    const form = fromMemory ? visible.form : `${visible.form} now`;
    let statement = this.#forms.get(form);
    if (statement === undefined) {
      const values = fromMemory ? ofViewer : { ...ofViewer, scopes: null };
      statement = new Statement(this.#build({ where: (columns) => visible.where(columns, values) }).compile());
      this.#forms.set(form, statement);
    }
    return statement.with(args, visible);
  }
  #on(on: Runner, visible: Visible, args: Args): BoundQuery {
    return this.with(visible, args, !('onCommit' in on));
  }
  async all(on: Runner, visible: Visible, args: Args): Promise<Row[]> {
    return (await on.run<Row>(this.#on(on, visible, args))).rows;
  }
  async first(on: Runner, visible: Visible, args: Args): Promise<Row | undefined> {
    return (await on.run<Row>(this.#on(on, visible, args))).rows[0];
  }
  /** Rows that an update or delete touched. */
  async count(on: Runner, visible: Visible, args: Args): Promise<number> {
    return (await on.run(this.#on(on, visible, args))).rowCount;
  }
}
/**
 * As `prepare`, for operations whose rule names `own` or `scope`:
 * `prepareVisible<{ id: string }>()((bind, visible) => db.selectFrom('orders.orders').….where(visible.where({ owner: 'orders.orders.owner_id' })))`.
 */
export const prepareVisible =
  <Args>() =>
  <Q extends Compilable>(build: (bind: Bind<Args>, visible: Pick<Visible, 'where'>) => Q): VisibleStatement<Args, InferResult<Q>[number]> =>
    new VisibleStatement((visible) => build(((key: string) => new Parameter(key)) as never, visible));

/**
 * Statements of a list that differ in their filters and their order: one for each shape, compiled when it is first asked for.
 * @param keyOf what tells shapes apart, from closed sets: each stays in memory.
 */
export const shaped =
  <Shape>(keyOf: (shape: Shape) => readonly unknown[]) =>
  <S>(make: (shape: Shape, first: boolean) => S): ((shape: Shape, first?: boolean) => S) => {
    const made = new Map<string, S>();
    return (shape, first = true) => {
      const key = JSON.stringify([first, ...keyOf(shape)]);
      let statement = made.get(key);
      if (!statement) made.set(key, (statement = make(shape, first)));
      return statement;
    };
  };

const NAMED = 500;
const names = new Map<string, string>();
/**
 * One name per statement text, so that Postgres parses and plans it once per connection. The first 500 texts only:
 * a text built from input must not fill the server's memory with plans.
 */
export function nameOf(text: string): string | undefined {
  let name = names.get(text);
  if (name === undefined && names.size < NAMED) names.set(text, (name = hash('sha1', text, 'base64url')));
  return name;
}
