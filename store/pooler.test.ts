import { emptyDatabase, type TestDatabase } from '@plinth/kit/testing';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type Pooler, poolerVersion, startPooler } from './pooler.testing.ts';
import { type Environment, eventually, folder, killAll, passwordIn, plinth, signIn, sql, startServer } from './server.testing.ts';

const entry = 'store/deeds.fixtures/server.ts';
/** Fewer than the two processes would open without it. */
const CONNECTIONS = 6;
const version = poolerVersion();
const absent = version === undefined;
/** From 1.21 it keeps prepared statements of its clients apart. */
const unnamedOnly = absent || Number(version.split('.')[1]) < 21;
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 }); // starts of whole servers, on a machine that may be busy

let place: Awaited<ReturnType<typeof folder>>;
let database: TestDatabase;
let pooler: Pooler;
beforeAll(async () => {
  if (absent) process.stdout.write('skipped: PgBouncer is not installed\n');
  else if (unnamedOnly) process.stdout.write(`skipped: PgBouncer ${version} keeps no named statements\n`);
  place = await folder();
});
afterAll(() => place.remove());
beforeEach(async () => {
  database = await emptyDatabase();
  pooler = await startPooler(database.appUrl, join(place.path, 'pgbouncer'), CONNECTIONS);
});
afterEach(async () => {
  await killAll();
  await pooler.stop();
  await database.drop();
});

const done = (what: string): Promise<{ name: string; pid: number }[]> =>
  sql(database.ownerUrl, 'select name, pid from deeds.done where what = $1', [what]);

/** What is left behind on each connection that the pooler holds: all of them are asked, each in a transaction that is kept open. */
async function leftBehind(): Promise<{ channels: string[]; timeout: string; locks: number }[]> {
  const clients = Array.from({ length: CONNECTIONS }, () => new pg.Client({ connectionString: pooler.url }));
  const found = await Promise.all(
    clients.map(async (client) => {
      await client.connect();
      await client.query('begin');
      const { rows } = await client.query<{ pid: number; channels: string[]; timeout: string; locks: number }>(
        `select pg_backend_pid() as pid, array(select pg_listening_channels()) as channels, current_setting('statement_timeout') as timeout,
           (select count(*)::int from pg_locks where pid = pg_backend_pid() and locktype = 'advisory') as locks`,
      );
      return rows[0]!;
    }),
  );
  await Promise.all(clients.map((client) => client.query('rollback').then(() => client.end())));
  expect(new Set(found.map(({ pid }) => pid)).size).toBe(CONNECTIONS);
  return found.map(({ channels, timeout, locks }) => ({ channels, timeout, locks }));
}

async function works(statements: 'named' | 'unnamed'): Promise<void> {
  const env: Environment = {
    DATABASE_URL: pooler.url,
    DATABASE_OWNER_URL: database.ownerUrl,
    DATABASE_STATEMENTS: statements,
    PLINTH_SECRET: 'a secret that all processes have, of 32 and more',
    PORT: '0',
    LOG_LEVEL: 'info',
    DATABASE_SLOW_MS: '60000',
  };
  const api = await startServer({ env: { ...env, PLINTH_ROLES: 'api' }, entry });
  const worker = await startServer({ env: { ...env, PLINTH_ROLES: 'worker' }, entry });
  const token = await signIn(api.url, passwordIn(api.said()));
  const call = async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const response = await fetch(`${api.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, data: text === '' ? undefined : (JSON.parse(text) as { data: never }).data };
  };

  // Operations: a key of idempotency holds a lock of its transaction; 24 at once share six connections.
  const product = { sku: 'POOLED', name: 'Product', category: 'pool', price: { amount: 100, currency: 'EUR' } };
  const key = { 'idempotency-key': 'pooled-1' };
  const [first, again] = [await call('POST', '/products', product, key), await call('POST', '/products', product, key)];
  expect(first.status).toBe(201);
  expect(again).toEqual(first);
  const names = Array.from({ length: 24 }, (_, n) => `pooled ${n}`);
  const asked = await Promise.all(names.map((name) => call('POST', '/deeds', { name, seconds: 0 })));
  expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([204]));

  // Jobs, handlers, and a schedule whose job is limited over all nodes: in the other process.
  await sql(
    database.ownerUrl,
    `update queue.schedules set covered_until = now() - interval '2 years', next_at = now() where job = 'deeds.tick'`,
  );
  await eventually(async () => {
    for (const what of ['ended', 'heard']) expect((await done(what)).map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    expect(await done('tick')).toHaveLength(1);
  }, 20_000);
  for (const what of ['ended', 'heard', 'tick']) expect(new Set((await done(what)).map(({ pid }) => pid))).toEqual(new Set([worker.pid]));

  // A job that runs elsewhere is cancelled from here.
  await call('POST', '/deeds', { name: 'long', seconds: 100 });
  await eventually(async () => expect((await done('began')).some(({ name }) => name === 'long')).toBe(true), 5000);
  const running = (await call('GET', '/jobs?job=deeds.work&state=running')).data as unknown as { id: string }[];
  expect(running).toHaveLength(1);
  expect((await call('POST', `/jobs/${running[0]!.id}/cancel`)).status).toBe(204);
  await eventually(async () => expect((await done('stopped')).map(({ name }) => name)).toEqual(['long']), 5000);

  // The log is sealed, and verified through the pooler: on the server and beside it.
  await eventually(async () => {
    const { head } = (
      await sql<{ head: boolean }>(
        database.ownerUrl,
        `select exists (select 1 from log.heads h, log.cursor c where h.position = c.position) as head`,
      )
    )[0]!;
    expect(head).toBe(true);
  }, 10_000);
  const verified = await fetch(`${api.url}/api/v1/audit/verify`, { headers: { authorization: `Bearer ${token}` } });
  expect(await verified.text()).toContain('"ok":true');
  expect(await plinth(['audit', 'verify'], { ...env, DATABASE_OWNER_URL: pooler.url })).toMatchObject({ code: 0, err: '' });

  expect(await leftBehind()).toEqual(Array.from({ length: CONNECTIONS }, () => ({ channels: [], timeout: '5s', locks: 0 })));
  for (const process of [api, worker]) {
    process.kill('SIGTERM');
    expect(await process.ended).toMatchObject({ code: 0, err: '' });
    expect(process.said()).not.toMatch(/"level":"(warn|error|fatal)"/);
  }
}

test.skipIf(absent)('S66: api and worker work through PgBouncer in transaction mode, and leave nothing behind on its connections', () =>
  works('unnamed'),
);
test.skipIf(unnamedOnly)('S66: so they do with named statements, where PgBouncer keeps those', () => works('named'));
