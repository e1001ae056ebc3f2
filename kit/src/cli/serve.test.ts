import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../testing/postgres.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await emptyDatabase();
});
afterAll(() => database.drop());

async function start() {
  const child = spawn(process.execPath, ['--conditions=plinth-source', join(import.meta.dirname, 'stray.fixtures.ts')], {
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      PORT: '0',
      LOG_LEVEL: 'error',
      DATABASE_URL: database.appUrl,
      DATABASE_OWNER_URL: database.ownerUrl,
      PLINTH_SECRET: 's'.repeat(48),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const closed = once(child, 'close') as Promise<[number | null]>;
  const url = (): string | undefined => /listening\s+(http:\S+)/.exec(said)?.[1];
  while (!url() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20));
  if (!url()) throw new Error(said);
  return { child, closed, url: `${url()!.replace('0.0.0.0', '127.0.0.1')}/api/v1/stray`, said: () => said };
}

test('B134: a promise that a handler forgot is logged, and the server goes on', async () => {
  const { child, closed, url, said } = await start();
  const forgotten = await fetch(`${url}/promise`, { method: 'POST' });
  expect(forgotten.status).toBe(500); // its transaction could not commit
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await (await fetch(`${url}/well`)).json()).toMatchObject({ data: { ok: true } });
  expect(said()).toContain('nobody waited for');
  child.kill('SIGTERM');
  expect((await closed)[0]).toBe(0);
});

test('B134: after an error that nobody caught the server is in an unknown state: it says so, drains and ends', async () => {
  const { child, closed, url, said } = await start();
  const under = fetch(`${url}/slow`);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect((await fetch(`${url}/throw`, { method: 'POST' })).status).toBe(204);
  expect((await under).status).toBe(200); // what was under way is finished
  expect((await closed)[0]).toBe(1);
  expect(child.signalCode).toBeNull();
  expect(said()).toContain('nobody catches this');
});
