import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Account, Database, Launch, ServerDefinition } from './definition.ts';

const run = promisify(execFile);
export const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const SECRET = randomBytes(32).toString('base64url');
export const PASSWORD = randomBytes(24).toString('base64url');
export const ADMIN = 'admin@example.com';
export const people = (length: number): readonly Account[] =>
  Array.from({ length }, (_, n) => ({ email: `member-${n}@example.com`, password: PASSWORD }));
const MEMBERS = people(50);

/** Production, with everything on. Only how much is allowed differs from the defaults: limits count every request, and none trips. */
export const environment = (database: Database, port: number, roles: string): Record<string, string> => ({
  NODE_ENV: 'production',
  PLINTH_ROLES: roles,
  HOST: '127.0.0.1',
  PORT: String(port),
  BASE_URL: `http://127.0.0.1:${port}`,
  DATABASE_URL: database.url,
  PLINTH_SECRET: SECRET,
  SMTP_URL: 'smtp://127.0.0.1:9',
  RATE_LIMIT_SAFE: '1000000000',
  RATE_LIMIT_UNSAFE: '1000000000',
  RATE_LIMIT_CALLER: '1000000000',
  ACCESS_TOKEN_SECONDS: '86400',
  // Twenty sign-ins a minute and address is a limit that no variable lifts: the load comes from many addresses, through a proxy.
  TRUST_PROXY: '127.0.0.1/32',
});
const server = (database: Database, port: number, roles: string, flags: readonly string[] = []): Launch => ({
  command: ['--max-semi-space-size=8', ...flags, '--conditions=plinth-source', at('../../store/src/main.ts')],
  cwd: tmpdir(),
  env: environment(database, port, roles),
});

const below = (n: number): number => Math.floor(Math.random() * n);
async function call<T>(url: string, method: string, token: string | null, body?: unknown): Promise<T> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      'x-forwarded-for': `10.${below(256)}.${below(256)}.${below(256)}`, // see TRUST_PROXY
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text.slice(0, 300)}`);
  return (JSON.parse(text) as { data: T }).data;
}

/** Runs one of the scripts that prepare a database. */
export const runNode = async (file: string, env: Readonly<Record<string, string>>): Promise<void> => {
  await run(process.execPath, ['--conditions=plinth-source', file], { env: { PATH: process.env.PATH, ...env }, timeout: 300_000 });
};
/** @returns an access token that holds for the whole run. */
export const signIn = async (origin: string, email: string): Promise<string> =>
  (await call<{ accessToken: string }>(`${origin}/api/v1/auth/sign-in`, 'POST', null, { email, password: PASSWORD })).accessToken;

/** An administrator's token. Everybody may see products by default; here only who is signed in, as with the other servers. */
async function token(origin: string): Promise<string> {
  const accessToken = await signIn(origin, ADMIN);
  const guest = `${origin}/api/v1/access/roles/guest`;
  const { permissions } = await call<{ permissions: string[] }>(guest, 'GET', accessToken);
  await call(`${guest}/permissions`, 'PUT', accessToken, { permissions: permissions.filter((name) => name !== 'products:read') });
  return accessToken;
}

/** The store with these members and the products of the bench. @param role of the members; null: none. */
export async function prepare(database: Database, members = MEMBERS, role: string | null = null): Promise<void> {
  const accounts = JSON.stringify({ admin: ADMIN, members: members.map(({ email }) => email), password: PASSWORD, role });
  await runNode(at('servers/plinth/prepare.ts'), { ...environment(database, 1, 'worker'), LOG_LEVEL: 'error', BENCH_ACCOUNTS: accounts });
}
const common = {
  prepare: (database: Database) => prepare(database),
  token,
  replays: true,
  ready: '/health/ready',
  paths: {
    read: '/api/v1/products/{id}',
    list: '/api/v1/products?category={category}&page=1&limit=20',
    create: '/api/v1/products',
    signIn: '/api/v1/auth/sign-in',
    openSession: '/api/v1/auth/sign-in',
    refresh: '/api/v1/auth/refresh',
  },
  readHeaders: { 'cache-control': 'no-cache' },
  manyAddresses: true,
  accounts: async () => MEMBERS,
};

/** The servers of Plinth that take part, in the order of the tables. */
export const plinth: readonly ServerDefinition[] = [
  {
    ...common,
    name: 'plinth',
    title: 'Plinth, role api; its worker is a process beside it, not counted',
    launch: (database, port) => ({ ...server(database, port, 'api'), beside: server(database, port, 'worker') }),
  },
  {
    ...common,
    name: 'plinth-one',
    title: 'Plinth, api and worker in one process',
    launch: (database, port) => server(database, port, 'api,worker'),
  },
];

/** Both roles in one process, with the sequencer and the signer of the log cut out: what a write costs without them. */
const unsealed = (name: string, title: string): ServerDefinition => ({
  ...common,
  name,
  title,
  launch: (database, port) => server(database, port, 'api,worker', [`--import=${at('servers/plinth/unsealed.ts')}`]),
});
/** What the sealed log costs: the same server with it and without it. */
export const sealing: readonly ServerDefinition[] = [
  unsealed('plinth-unsealed', 'Plinth without sequencer and seal: facts stay where they were written'),
  unsealed('plinth-unsealed-again', 'the same again (A/A control)'),
  plinth[1]!,
];
