import { emptyDatabase, type TestDatabase } from '@plinth/kit/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Environment, eventually, killAll, type Running, sql, startServer } from './server.testing.ts';

const entry = 'store/deeds.fixtures/server.ts';
vi.setConfig({ testTimeout: 60_000, hookTimeout: 90_000 }); // starts of whole servers, on a machine that may be busy

let database: TestDatabase;
let env: Environment;
beforeEach(async () => {
  database = await emptyDatabase();
  env = {
    DATABASE_URL: database.appUrl,
    DATABASE_OWNER_URL: database.ownerUrl,
    PLINTH_SECRET: 'a secret that all processes have, of 32 and more',
    PORT: '0',
    LOG_LEVEL: 'warn',
    DATABASE_SLOW_MS: '60000',
    SHUTDOWN_SECONDS: '4',
  };
});
afterEach(async () => {
  await killAll();
  await database.drop();
});

async function ask({ url }: Running, name: string, seconds = 0): Promise<string> {
  const response = await fetch(`${url}/api/v1/deeds`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, seconds }),
  });
  expect(response.status).toBe(204);
  return response.headers.get('x-request-id')!;
}
interface Done {
  readonly name: string;
  readonly pid: number;
  readonly attempt: number;
  readonly requestId: string;
}
const done = (what: string): Promise<Done[]> =>
  sql<Done>(database.ownerUrl, `select name, pid, attempt, request_id as "requestId" from deeds.done where what = $1 order by at`, [what]);
const states = (): Promise<{ name: string; state: string; retries: number }[]> =>
  sql(
    database.ownerUrl,
    `select data->'payload'->>'name' as name, state::text, retry_count as retries from pgboss.job where name = 'deeds.work' order by 1`,
  );

test('S53: SIGTERM to a server: what ends in time is finished, the rest is given back with its attempt and runs at the next start', async () => {
  const first = await startServer({ env, entry });
  await ask(first, 'long', 100);
  await ask(first, 'short', 1);
  await eventually(async () => expect(await done('began')).toHaveLength(2), 5000);
  const toldAt = performance.now();
  first.kill('SIGTERM');
  expect(await first.ended).toMatchObject({ code: 0, err: '' });
  expect(performance.now() - toldAt).toBeLessThan(8000);
  expect((await done('ended')).map(({ name }) => name)).toEqual(['short']);
  expect(await states()).toEqual([
    { name: 'long', state: 'retry', retries: 0 },
    { name: 'short', state: 'completed', retries: 0 },
  ]);

  const second = await startServer({ env, entry });
  await eventually(async () => expect(await done('began')).toHaveLength(3), 5000);
  expect((await done('began')).filter(({ name }) => name === 'long')).toMatchObject([
    { pid: first.pid, attempt: 1 },
    { pid: second.pid, attempt: 1 },
  ]);
});

test('PLINTH_ROLES: the api process enqueues and runs nothing, the worker process runs all and serves no operation', async () => {
  const api = await startServer({ env: { ...env, PLINTH_ROLES: 'api' }, entry });
  const requestId = await ask(api, 'before');
  await sleep(1500); // five looks of a worker
  expect(await done('began')).toEqual([]);
  expect(await states()).toEqual([{ name: 'before', state: 'created', retries: 0 }]);

  const worker = await startServer({ env: { ...env, PLINTH_ROLES: 'worker' }, entry });
  const names = Array.from({ length: 30 }, (_, n) => `after ${n}`);
  for (const name of names) await ask(api, name);
  await sql(
    database.ownerUrl,
    `update queue.schedules set covered_until = now() - interval '2 years', next_at = now() where job = 'deeds.tick'`,
  );
  await eventually(async () => {
    for (const what of ['ended', 'heard']) expect(await done(what)).toHaveLength(31);
    expect(await done('tick')).toHaveLength(1);
  }, 10_000);
  for (const what of ['began', 'ended', 'heard', 'tick']) {
    const rows = await done(what);
    expect(new Set(rows.map(({ pid }) => pid))).toEqual(new Set([worker.pid]));
    if (what !== 'tick') expect(rows.map(({ name }) => name).toSorted()).toEqual([...names, 'before'].toSorted());
  }
  // The id of the call reaches its job and its handler in the other process.
  for (const what of ['ended', 'heard']) expect((await done(what)).find(({ name }) => name === 'before')).toMatchObject({ requestId });
  expect((await fetch(`${worker.url}/health`)).status).toBe(200);
  expect((await fetch(`${worker.url}/api/v1/deeds`, { method: 'POST' })).status).toBe(404);
  for (const process of [api, worker]) {
    process.kill('SIGTERM');
    expect(await process.ended).toMatchObject({ code: 0, err: '' });
  }
});
