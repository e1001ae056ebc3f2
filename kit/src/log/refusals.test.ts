import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { caller, fixture, type Fixture, type Node, until } from './log.testing.ts';
import { createRefusals } from './refusals.ts';

let here: Fixture;
let node: Node;
beforeEach(async () => {
  here = await fixture();
  node = here.node();
});
afterEach(() => here.end());

const refusals = async () => (await node.log.search({ name: 'log.*' }, { by: 'page', page: 1, limit: 100 })).items;
const forbidden = { code: 'FORBIDDEN', reason: 'no-role-grants' };

test('B135: refusals of a known caller and against an account are facts; those of nobody are counted', async () => {
  await node.start([], 'api');
  node.log.refused(caller('u1'), { code: 'FORBIDDEN', reason: 'bad\0reason\ud800' });
  node.log.refused(caller(null), { code: 'WRONG_PASSWORD', reason: 'password', account: 'u7' });
  node.log.refused(caller(null), forbidden);
  await until(async () => (await refusals()).length === 2);
  const [second, first] = await refusals();
  expect(first).toMatchObject({
    name: 'log.refused',
    actor: 'u1',
    outcome: 'refused',
    decisionId: 'decision-1',
    payload: { code: 'FORBIDDEN', account: null, count: 1 },
    address: '203.0.113.7',
  });
  expect(second).toMatchObject({
    actor: null,
    subject: { type: 'user', id: 'u7' },
    payload: { code: 'WRONG_PASSWORD', account: 'u7', count: 1 },
    address: '203.0.113.7',
  });
  expect((await node.log.statistics()).anonymousRefusals).toBe(1);
});

test('ten alike a minute stand alone, the rest becomes one closing fact', async () => {
  let now = 0;
  const clock = { now: () => new Date(), monotonic: () => now };
  const buffered = createRefusals({ db: node.db, logger: pino({ level: 'silent' }), clock, wake: () => node.log.wake() });
  await node.start([], 'api');
  buffered.start();
  for (let i = 0; i < 37; i++) buffered.add(caller('u1'), forbidden);
  await until(async () => (await refusals()).length === 10);
  now = 60_001;
  await until(async () => (await refusals()).length === 11);
  expect((await refusals()).map(({ payload }) => (payload as { count: number }).count)).toEqual([
    27,
    ...Array.from({ length: 10 }, () => 1),
  ]);
  await buffered.stop();
});

test('what the buffer cannot hold is counted in one fact, and nothing is written twice', async () => {
  const buffered = createRefusals({
    db: node.db,
    logger: pino({ level: 'silent' }),
    clock: { now: () => new Date(), monotonic: () => 0 },
    wake: () => node.log.wake(),
  });
  for (let i = 0; i < 1200; i++) buffered.add(caller(`u${i}`), forbidden);
  await node.start([], 'api');
  await buffered.stop();
  await until(async () => (await node.log.statistics()).position === 1001);
  expect(await node.log.search({ name: 'log.refused' }, { by: 'page', page: 1, limit: 1 })).toMatchObject({ total: 1000 });
  expect((await node.log.search({ name: 'log.refusals-overflowed' }, { by: 'page', page: 1, limit: 2 })).items).toMatchObject([
    { payload: { count: 200 } },
  ]);
});

test('what had no place while Postgres was away is counted too', async () => {
  let away = true;
  const db = { ...node.db, run: (query: never) => (away ? Promise.reject(new Error('away')) : node.db.run(query)) } as typeof node.db;
  let now = 0;
  const clock = { now: () => new Date(), monotonic: () => now };
  const buffered = createRefusals({ db, logger: pino({ level: 'silent' }), clock, wake: () => node.log.wake() });
  for (let i = 0; i < 1000; i++) buffered.add(caller(`u${i}`), forbidden);
  buffered.add(caller('one-more'), forbidden);
  for (let i = 0; i < 15; i++) buffered.add(caller('u0'), forbidden); // 5 of them close the minute
  now = 60_001;
  buffered.start();
  await new Promise((resolve) => setTimeout(resolve, 400));
  away = false;
  await node.start([], 'api');
  await buffered.stop();
  await until(async () => (await node.log.statistics()).waiting === 0 && (await node.log.statistics()).position > 0);
  const { rows } = await (
    await here.asOwner()
  ).query<{ told: number }>(`select sum((payload->>'count')::int)::int as told from log.events`);
  expect(rows[0]!.told).toBe(1016);
});
