import { z } from 'zod';
import { parseCidr } from './http/address.ts';
import { oauthOf, type OauthSettings, oauthVariables } from './oauth-settings.ts';
import { paymentsOf, type PaymentSettings, paymentVariables } from './payment-settings.ts';

// The one file that reads process.env. Development needs no variable at all; production refuses to start while
// anything is missing or weak, and names every problem at once.

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
);
const flag = z.enum(['0', '1', 'true', 'false']).transform((text) => text === '1' || text === 'true');
const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const cidrs = list.pipe(
  z.array(
    z.string().refine((cidr) => parseCidr(cidr) !== null, 'must be a list of CIDRs such as 10.0.0.0/8; numbers and `true` are not safe'),
  ),
);
const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//, 'must begin with postgres://');
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
/** For an address that secrets go to and a path is put behind. */
const isPlainEndpoint = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  return (protocol === 'https:' || LOOPBACK.has(hostname)) && username + password + search + hash === '';
};

const environment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development').describe('`production` refuses weak or missing settings'),
  PLINTH_ROLES: list
    .pipe(z.array(z.enum(['api', 'worker'])).min(1))
    .default(['api', 'worker'])
    .describe('What this process does: `api`, `worker`, or both'),
  HOST: z.string().min(1).optional().describe('Address to listen on. Default: 127.0.0.1 in development, 0.0.0.0 in production'),
  PORT: whole(0, 65_535).default(3000).describe('Port to listen on; 0 takes a free one'),
  BASE_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('How clients reach this server; links in mails are built from it. Required in production'),
  DATABASE_URL: postgresUrl.optional().describe('Postgres 15 or newer that serves (role plinth_app). Absent: an embedded PostgreSQL'),
  DATABASE_OWNER_URL: postgresUrl
    .optional()
    .describe('The same database as its owner, direct: migrates. Absent: DATABASE_URL migrates too'),
  DATABASE_STATEMENTS: z.enum(['named', 'unnamed']).default('named').describe('`unnamed` for PgBouncer before 1.24 in transaction mode'),
  DATABASE_POOL_SIZE: whole(2, 500).default(10).describe('Connections at most'),
  DATABASE_SLOW_MS: whole(1, 60_000).default(200).describe('Statements slower than this many milliseconds are logged'),
  PLINTH_DATA: z.string().min(1).default('.plinth').describe('Folder of the embedded database and of secrets made in development'),
  PLINTH_EMBEDDED: flag.default(false).describe('Allow the embedded PostgreSQL in production'),
  PLINTH_DB_PORT: whole(1, 65_535)
    .optional()
    .describe('Open the embedded PostgreSQL on this loopback port, with its password, for psql and GUIs'),
  PLINTH_SECRET: z
    .string()
    .optional()
    .describe('At least 32 random characters; seals cursors and encrypts signing keys. Required in production: openssl rand -base64 32'),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .optional()
    .describe('Shared cache and rate limits. Absent: in memory'),
  CORS_ORIGINS: list
    .pipe(z.array(z.string().regex(/^https?:\/\/(\*\.)?[a-z0-9.-]+(:\d+)?$/i, 'must be an origin like https://app.example.com')))
    .default([])
    .describe(
      'Origins that browsers may call from, and are sent back to after signing in and paying; `https://*.example.com` is one label deep',
    ),
  TRUST_PROXY: cidrs.default([]).describe('CIDRs of proxies whose X-Forwarded-For is believed'),
  OUTBOUND_ALLOW: cidrs
    .default([])
    .describe(
      'CIDRs of private networks that this server may call for identity providers and webhooks; in development its own machine too',
    ),
  RATE_LIMIT_UNSAFE: whole(1, 1e9)
    .optional()
    .describe('Unsafe anonymous requests per network and 15 minutes. Default 100, ×100 in development'),
  RATE_LIMIT_SAFE: whole(1, 1e9)
    .optional()
    .describe('Safe anonymous requests per network and 15 minutes. Default 1000, ×100 in development'),
  RATE_LIMIT_CALLER: whole(1, 1e9).optional().describe('Requests of one signed-in caller per minute. Default 1000, ×100 in development'),
  BODY_LIMIT: whole(1024, 1e9).default(1_048_576).describe('Bytes of a request body where the operation names no limit'),
  REALTIME_CONNECTIONS: whole(1, 1_000_000).default(10_000).describe('Realtime connections of one node at most'),
  REALTIME_CONNECTIONS_PER_USER: whole(1, 1_000_000).default(100).describe('Realtime connections of one user on one node at most'),
  REALTIME_BUFFER_BYTES: whole(16_384, 1e8)
    .default(262_144)
    .describe('Bytes that may wait for a realtime connection to take them; one that falls further behind is closed and resumes'),
  SHUTDOWN_SECONDS: whole(1, 600).default(15).describe('How long a drain may take after SIGTERM'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Least severe level that is logged'),
  LOG_FORMAT: z.enum(['json', 'pretty']).optional().describe('Default: pretty in a terminal, else json'),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must begin with smtp:// or smtps://')
    .optional()
    .describe('Mail server: smtp://user:password@host:587. Absent: a development mailbox at /dev/mailbox. Required in production'),
  MAIL_FROM: z.string().min(3).default('Plinth <no-reply@localhost>').describe('Sender of mails'),
  ACCESS_TOKEN_SECONDS: whole(30, 86_400).default(900).describe('Life of an access token'),
  REFRESH_TOKEN_SECONDS: whole(60, 31_536_000).default(604_800).describe('A session ends when it was not refreshed for this long'),
  SESSION_ABSOLUTE_SECONDS: whole(60, 157_680_000)
    .default(7_776_000)
    .describe('A session ends this long after its sign-in, however often it is refreshed'),
  GEOIP_DATABASE: z
    .string()
    .min(1)
    .optional()
    .describe('City database in MaxMind format (.mmdb): sessions are listed with city and country. Absent: without'),
  MFA_REQUIRED: z
    .enum(['off', 'admins', 'everyone'])
    .default('off')
    .describe('Whose sign-in needs a second factor even before they set one up; who has one always needs it'),
  ...oauthVariables,
  ...paymentVariables,
  PASSWORD_WORDS: list
    .default([])
    .describe('Comma-separated words that make no password hard to guess here: your product, your company, your town'),
  BREACH_CHECK_URL: z
    .url({ protocol: /^https?$/ })
    .refine(isPlainEndpoint, 'must be https (http only on this machine), without user, query or fragment')
    .optional()
    .describe(
      'Range endpoint that new passwords are looked up at, five digits of their SHA-1: https://api.pwnedpasswords.com/range. Absent: none',
    ),
  AUDIT_ANCHOR_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('File that the signed head of the log is appended to each minute; best where no administrator of the database may write'),
  AUDIT_ANCHOR_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Webhook that the signed head of the log is sent to each minute'),
  AUDIT_ARCHIVE_DIR: z.string().min(1).optional().describe('Folder that old audit entries are archived in before they leave the database'),
  AUDIT_RETENTION_DAYS: whole(1, 36_500)
    .optional()
    .describe('Days that audit entries stay in the database; then they are archived in AUDIT_ARCHIVE_DIR. Absent: for ever'),
  ORDERS_EXPIRE_AFTER_MINUTES: whole(1, 43_200)
    .default(30)
    .describe('Minutes that an order of the store holds its stock unpaid, thirty days at most; orders that were placed before keep theirs'),
  ORDERS_UNPAID_AT_MOST: whole(1, 1000)
    .default(20)
    .describe('Orders of one person in the store that may hold stock unpaid at once, those that cost nothing among them'),
  ERASE_AFTER_DAYS: whole(0, 3650).default(30).describe('Days between the deletion of a user and the erasure of their data'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where traces go (OTLP over HTTP). Absent: spans cost nothing'),
  ADMIN_EMAIL: z.email().default('admin@localhost.test').describe('Administrator made at the first start'),
});
export type Variable = keyof typeof environment.shape;

export interface Config {
  readonly production: boolean;
  readonly environment: 'development' | 'test' | 'production';
  readonly roles: readonly ('api' | 'worker')[];
  readonly host: string;
  readonly port: number;
  /** Without a trailing slash. Empty until the port is known when none is set. */
  readonly baseUrl: string;
  readonly database: {
    readonly url: string | null;
    readonly ownerUrl: string | null;
    readonly statements: 'named' | 'unnamed';
    readonly poolSize: number;
    readonly slowMs: number;
    readonly embeddedPort: number | null;
  };
  readonly dataDirectory: string;
  /** null in development until the data directory gave one. */
  readonly secret: string | null;
  readonly redisUrl: string | null;
  readonly corsOrigins: readonly string[];
  readonly trustProxy: readonly string[];
  readonly limits: { readonly unsafe: number; readonly safe: number; readonly caller: number; readonly bodyBytes: number };
  readonly realtime: { readonly connections: number; readonly connectionsPerUser: number; readonly bufferBytes: number };
  readonly shutdownSeconds: number;
  readonly log: { readonly level: string; readonly pretty: boolean };
  readonly mail: { readonly smtpUrl: string | null; readonly from: string };
  readonly passwordWords: readonly string[];
  /** Without a trailing slash. */
  readonly breachCheckUrl: string | null;
  readonly tokens: {
    readonly accessSeconds: number;
    readonly refreshSeconds: number;
    /** Life of a session, whatever it does. */
    readonly absoluteSeconds: number;
  };
  /** File of the database that tells where an address is. */
  readonly geoipDatabase: string | null;
  readonly mfaRequired: 'off' | 'admins' | 'everyone';
  readonly oauth: OauthSettings;
  readonly payments: PaymentSettings;
  /** CIDRs of private networks that may be called. */
  readonly outboundAllow: readonly string[];
  readonly audit: {
    readonly anchorFile: string | null;
    readonly anchorUrl: string | null;
    readonly archiveDirectory: string | null;
    /** null: for ever. */
    readonly retentionDays: number | null;
  };
  /** Of the store. */
  readonly orders: { readonly expireAfterMinutes: number; readonly unpaidAtMost: number };
  readonly eraseAfterDays: number;
  readonly otlpEndpoint: string | null;
  readonly adminEmail: string;
}

/** Every problem of the configuration, in one message. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(
      `the configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

const WEAK = /^(.)\1*$|^(secret|password|changeme|change-me)/i;

function weaknesses(env: z.output<typeof environment>): string[] {
  if (env.NODE_ENV !== 'production') return [];
  const problems: string[] = [];
  if (!env.PLINTH_SECRET) problems.push('PLINTH_SECRET: is required in production: openssl rand -base64 32');
  else if (env.PLINTH_SECRET.length < 32 || WEAK.test(env.PLINTH_SECRET))
    problems.push('PLINTH_SECRET: is weak: use at least 32 random characters: openssl rand -base64 32');
  if (!env.BASE_URL) problems.push('BASE_URL: is required in production: https://api.example.com');
  else if (!env.BASE_URL.startsWith('https://') && !/^http:\/\/(localhost|127\.0\.0\.1)/.test(env.BASE_URL))
    problems.push('BASE_URL: must be https in production');
  if (!env.DATABASE_URL && !env.PLINTH_EMBEDDED)
    problems.push('DATABASE_URL: is required in production (or PLINTH_EMBEDDED=1 to run on the embedded PostgreSQL)');
  if (!env.SMTP_URL) problems.push('SMTP_URL: is required in production: smtp://user:password@host:587');
  return problems;
}

/** Reads the whole configuration. @throws ConfigError with every problem at once. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env, terminal = process.stdout.isTTY): Config {
  const present = Object.fromEntries(
    Object.keys(environment.shape).map((name) => [name, env[name]?.trim() === '' ? undefined : env[name]]),
  );
  const parsed = environment.safeParse(present);
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map(({ path, message }) => `${String(path[0])}: ${message}`));
  const read = parsed.data;
  const problems = weaknesses(read);
  if (read.DATABASE_OWNER_URL && !read.DATABASE_URL)
    problems.push('DATABASE_OWNER_URL: is set without DATABASE_URL: set both, or neither for the embedded PostgreSQL');
  const oauth = oauthOf(read);
  problems.push(...oauth.problems);
  const payments = paymentsOf(read);
  problems.push(...payments.problems);
  if (read.REFRESH_TOKEN_SECONDS < read.ACCESS_TOKEN_SECONDS)
    problems.push('REFRESH_TOKEN_SECONDS: is less than ACCESS_TOKEN_SECONDS: sessions would end while they are used');
  if (read.SESSION_ABSOLUTE_SECONDS < read.REFRESH_TOKEN_SECONDS)
    problems.push('SESSION_ABSOLUTE_SECONDS: is less than REFRESH_TOKEN_SECONDS: sessions would end before they are idle');
  if (read.AUDIT_RETENTION_DAYS !== undefined && read.AUDIT_ARCHIVE_DIR === undefined)
    problems.push('AUDIT_RETENTION_DAYS: is set without AUDIT_ARCHIVE_DIR: entries leave the database for an archive only');
  if (problems.length > 0) throw new ConfigError(problems);
  const production = read.NODE_ENV === 'production';
  const generous = production ? 1 : 100;
  return Object.freeze<Config>({
    production,
    environment: read.NODE_ENV,
    roles: read.PLINTH_ROLES,
    host: read.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    port: read.PORT,
    baseUrl: (read.BASE_URL ?? (read.PORT === 0 ? '' : `http://localhost:${read.PORT}`)).replace(/\/+$/, ''),
    database: {
      url: read.DATABASE_URL ?? null,
      ownerUrl: read.DATABASE_OWNER_URL ?? read.DATABASE_URL ?? null,
      statements: read.DATABASE_STATEMENTS,
      poolSize: read.DATABASE_POOL_SIZE,
      slowMs: read.DATABASE_SLOW_MS,
      embeddedPort: read.PLINTH_DB_PORT ?? null,
    },
    dataDirectory: read.PLINTH_DATA,
    secret: read.PLINTH_SECRET ?? null,
    redisUrl: read.REDIS_URL ?? null,
    corsOrigins: read.CORS_ORIGINS,
    trustProxy: read.TRUST_PROXY,
    limits: {
      unsafe: read.RATE_LIMIT_UNSAFE ?? 100 * generous,
      safe: read.RATE_LIMIT_SAFE ?? 1000 * generous,
      caller: read.RATE_LIMIT_CALLER ?? 1000 * generous,
      bodyBytes: read.BODY_LIMIT,
    },
    realtime: {
      connections: read.REALTIME_CONNECTIONS,
      connectionsPerUser: read.REALTIME_CONNECTIONS_PER_USER,
      bufferBytes: read.REALTIME_BUFFER_BYTES,
    },
    shutdownSeconds: read.SHUTDOWN_SECONDS,
    log: { level: read.LOG_LEVEL, pretty: read.LOG_FORMAT ? read.LOG_FORMAT === 'pretty' : terminal },
    mail: { smtpUrl: read.SMTP_URL ?? null, from: read.MAIL_FROM },
    passwordWords: read.PASSWORD_WORDS,
    breachCheckUrl: read.BREACH_CHECK_URL?.replace(/\/+$/, '') ?? null,
    tokens: {
      accessSeconds: read.ACCESS_TOKEN_SECONDS,
      refreshSeconds: read.REFRESH_TOKEN_SECONDS,
      absoluteSeconds: read.SESSION_ABSOLUTE_SECONDS,
    },
    geoipDatabase: read.GEOIP_DATABASE ?? null,
    mfaRequired: read.MFA_REQUIRED,
    oauth: oauth.settings,
    payments: payments.settings,
    outboundAllow: read.OUTBOUND_ALLOW,
    audit: {
      anchorFile: read.AUDIT_ANCHOR_FILE ?? null,
      anchorUrl: read.AUDIT_ANCHOR_URL ?? null,
      archiveDirectory: read.AUDIT_ARCHIVE_DIR ?? null,
      retentionDays: read.AUDIT_RETENTION_DAYS ?? null,
    },
    orders: { expireAfterMinutes: read.ORDERS_EXPIRE_AFTER_MINUTES, unpaidAtMost: read.ORDERS_UNPAID_AT_MOST },
    eraseAfterDays: read.ERASE_AFTER_DAYS,
    otlpEndpoint: read.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    adminEmail: read.ADMIN_EMAIL,
  });
}

/** npm runs a script through a shell, which dies of a SIGTERM without passing it on. */
export const startedByNpm = (env: Readonly<Record<string, string | undefined>> = process.env): boolean =>
  env['npm_lifecycle_event'] !== undefined;

/** `.env.example`, derived from the schema. */
export function envExample(): string {
  const lines = Object.entries(environment.shape).map(([name, schema]) => {
    const fallback = environment.safeParse({});
    const value = fallback.success ? fallback.data[name as Variable] : undefined;
    const shown = value === undefined ? '' : Array.isArray(value) ? value.map(String).join(',') : value === false ? '0' : String(value);
    return `# ${schema.description ?? ''}\n# ${name}=${shown}\n`;
  });
  return `# Every variable Plinth reads. Generated from kit/src/config.ts; development needs none of them.\n\n${lines.join('\n')}`;
}
