import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { coreApp, type CoreApp } from '../testing/index.ts';
import { Client, features, print, printed, publisher } from './realtime.testing.ts';

// Large counts; what they print is kept in docs/evidence/realtime.md.

const env = { REALTIME_CONNECTIONS_PER_USER: '5000' };
let app: CoreApp;
let other: CoreApp;
let ada: { userId: string; token: string };
beforeAll(async () => {
  app = await coreApp(features, { env });
  other = await coreApp(features, { env, database: app.database });
  ada = await app.as('member');
});
afterAll(async () => {
  await other.stop();
  await app.stop();
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const percentile = (values: readonly number[], p: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))]!;
/** Publishes at an even pace. @returns when each was committed, by its number. */
async function publishEvenly(count: number, perSecond: number, publish: (n: number) => Promise<void>): Promise<Map<number, number>> {
  const committed = new Map<number, number>();
  const startedAt = performance.now();
  const all: Promise<void>[] = [];
  for (let n = 0; n < count; n++) {
    await sleep(Math.max(0, startedAt + (n * 1000) / perSecond - performance.now()));
    all.push(publish(n).then(() => void committed.set(n, performance.timeOrigin + performance.now())));
  }
  await Promise.all(all);
  return committed;
}

test('from commit to frame at 100 facts a second and 1,000 sockets: p99 within 50 ms', async () => {
  const readers: ChildProcess = fork(
    fileURLToPath(new URL('realtime.readers.fixtures.ts', import.meta.url)),
    [app.url, ada.token, '1000'],
    {
      execArgv: ['--conditions=plinth-source'],
    },
  );
  const [open] = (await once(readers, 'message')) as [number];
  expect(open).toBe(1000);
  // How late this machine is by itself: a timer that has nothing to do.
  const late: number[] = [];
  let due = performance.now() + 10;
  const timer = setInterval(() => {
    late.push(performance.now() - due);
    due = performance.now() + 10;
  }, 10);
  const used = process.cpuUsage();
  const startedAt = performance.now();
  const committed = await publishEvenly(2000, 100, (n) => print(app, n));
  clearInterval(timer);
  const { user, system } = process.cpuUsage(used);
  say(
    `the machine: ${os.cpus().length} cores, load ${os.loadavg()[0]!.toFixed(1)}, a timer p99 ${percentile(late, 0.99).toFixed(1)} ms late; both nodes used ${((user + system) / 1000 / (performance.now() - startedAt)).toFixed(2)} cores`,
  );
  await sleep(1000);
  const answer = once(readers, 'message') as Promise<[{ frames: number; first: [number, number][]; last: [number, number][] }]>;
  readers.send('report');
  const [{ frames, last, first }] = await answer;
  readers.kill();
  expect(frames).toBe(2000 * 1000);
  const waits = (seen: [number, number][]): number[] => seen.filter(([n]) => n >= 200).map(([n, at]) => at - committed.get(n)!);
  for (const [what, values] of [
    ['first socket', waits(first)],
    ['last socket', waits(last)],
  ] as const)
    say(`commit to frame, ${what} of 1,000: p50 ${percentile(values, 0.5).toFixed(1)} ms, p99 ${percentile(values, 0.99).toFixed(1)} ms`);
  expect(percentile(waits(last), 0.99)).toBeLessThanOrEqual(50);
});

test('a publishing transaction is open for ten minutes: others’ facts arrive in time, its own within a second of its commit', async () => {
  const minutes = 10;
  const client = await Client.open(other.url, ada.token);
  await client.subscribe('news');
  const seen = new Map<number, number>();
  client.ws.on('message', (data: Buffer) => {
    const said = JSON.parse(data.toString());
    if (said.type === 'event' && !seen.has(said.data.n)) seen.set(said.data.n, performance.timeOrigin + performance.now());
  });
  // Longer than a role of ours may stay idle in a transaction: it says something now and then, as a long import does.
  const commitNow = new AbortController();
  let committedAt = 0;
  const holding = app.kit.db
    .transaction(async (tx) => {
      await app.kit.log.publish(tx, publisher, printed, { n: -1 });
      while (!commitNow.signal.aborted) {
        await tx.run({ text: 'select 1', values: [] });
        await sleep(1000);
      }
    })
    .then(() => (committedAt = performance.timeOrigin + performance.now()));
  const count = minutes * 60 * 20;
  const committed = await publishEvenly(count, 20, (n) => print(n % 2 ? app : other, n));
  await sleep(1000);
  expect(seen.has(-1)).toBe(false);
  commitNow.abort();
  await holding;
  await client.hears((said) => said.type === 'event' && said.data.n === -1, 2000);
  const own = seen.get(-1)! - committedAt;
  const waits = [...committed].map(([n, at]) => (seen.get(n) ?? Infinity) - at);
  say(
    `${minutes} min open, ${count} facts of others: p50 ${percentile(waits, 0.5).toFixed(1)} ms, p99 ${percentile(waits, 0.99).toFixed(1)} ms, none missed; its own ${own.toFixed(1)} ms after its commit`,
  );
  expect(client.numbers().length).toBe(count + 1);
  expect(percentile(waits, 0.99)).toBeLessThan(1000);
  expect(own).toBeLessThan(1000);
  client.kill();
});
