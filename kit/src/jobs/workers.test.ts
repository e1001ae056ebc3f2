import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { handle, perform, schedule } from '../feature.ts';
import { door, fixture, type Fixture, happened, publishMany, slow, until, withIdle, work } from '../log/log.testing.ts';
import { enqueue, lookAt, recorder } from './jobs.testing.ts';
import { DEAD_QUEUE } from './queues.ts';
import { createBossDatabase } from './session.ts';

let here: Fixture;
let owner: pg.Client;
let stored: ReturnType<typeof lookAt>['stored'];
let hasten: ReturnType<typeof lookAt>['hasten'];
let dead: ReturnType<typeof lookAt>['dead'];
beforeEach(async () => {
  here = await fixture();
  owner = await here.asOwner();
  ({ stored, hasten, dead } = lookAt(owner));
});
afterEach(() => here.end());

test('a job is tried again, then ends among the dead with its payload', async () => {
  const node = here.node();
  const attempts: number[] = [];
  await node.start([perform(work, async ({ n }, { attempt }) => { attempts.push(attempt); if (n === 1 || attempt < 2) throw new Error(`attempt ${attempt}`); })]); // prettier-ignore
  await enqueue(node, 1);
  await until(dead, 15_000);
  expect(attempts).toEqual([1, 2, 3]);
  const { rows } = await owner.query(
    `select source_name, source_retry_count, source_output->>'message' as message, data->'payload' as payload from pgboss.job where name = $1`,
    [DEAD_QUEUE],
  );
  expect(rows).toEqual([{ source_name: 'demo.do-work', source_retry_count: 2, message: 'attempt 3', payload: { n: 1 } }]);
  await enqueue(node, 2);
  await until(async () => (await hasten(), (await stored(`state = 'completed'`)).some(({ n }) => n === 2)), 10_000);
});

test('jobs that are done go when they were kept long enough', async () => {
  const node = here.node();
  const { done, handler } = recorder();
  await node.start([handler]);
  for (const n of [1, 2]) await enqueue(node, n);
  await until(async () => (await stored(`state = 'completed'`)).length === 2);
  expect(new Set(done)).toEqual(new Set([1, 2]));
  await owner.query(`update pgboss.job_common set completed_on = now() - interval '8 days' where data->'payload'->>'n' = '1'`);
  await owner.query(`update pgboss.queue set maintain_on = null`); // an hour has passed
  await until(async () => (await stored()).length === 1, 8000);
  expect(await stored()).toMatchObject([{ n: 2, state: 'completed' }]);
});

test('S55: a stored payload that no longer fits counts attempts, backs off and ends dead', async () => {
  const node = here.node();
  const { done, handler } = recorder();
  await enqueue(node, 1);
  await owner.query(`update pgboss.job set data = '{"payload": {"m": 1}}' where name = 'demo.do-work'`);
  await node.start([handler]);
  await until(dead, 15_000);
  expect(done).toEqual([]);
  expect((await stored(`state = 'failed'`))[0]).toMatchObject({ retries: 2 });
});

test('S62: every connection is lost; log, jobs and cron go on by themselves', async () => {
  const node = here.node();
  const { done, handler } = recorder();
  await node.start([schedule(work, '0 0 1 1 *', { n: 77 }), handler, handle(happened, 'demo.after-outage', async (tx, { payload }) => { await node.jobs.enqueue(tx, work, { n: payload.n }); })]); // prettier-ignore
  await enqueue(node, 1);
  await until(() => done.includes(1));
  const superuser = await here.asSuperuser();
  for (let i = 0; i < 3; i++) {
    const kill = `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'plinth_app' and datname = current_database()`;
    await until(async () => (await superuser.query(kill)).rowCount! > 0); // they come back more and more slowly
    await delay(200);
  }
  await until(() => publishMany(node, 1, 100).then(() => true, () => false), 5000); // prettier-ignore
  await until(() => done.includes(100), 8000);
  await owner.query(`update queue.schedules set covered_until = now() - interval '2 years', next_at = now()`);
  await until(() => done.includes(77), 8000);
});

test('a run that takes longer than its time is aborted and tried again', async () => {
  const node = here.node();
  const aborted: number[] = [];
  await node.start([
    perform(slow, async (_payload, { attempt, signal }) => {
      if (attempt > 1) return;
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => (aborted.push(attempt), resolve())));
    }),
  ]);
  await node.db.transaction((tx) => node.jobs.enqueue(tx, slow, { n: 1 }));
  await until(async () => (await stored(`state = 'completed'`)).length === 1, 12_000);
  expect(aborted).toEqual([1]);
});

test('S53: a stopping worker waits for what runs, and gives the rest back without using up an attempt', async () => {
  const [node, other] = [here.node({ shutdownSeconds: 3 }), here.node()];
  const finished: number[] = [];
  let reason: unknown;
  await node.start([
    perform(work, async ({ n }, { signal }) => {
      if (n === 1) await delay(300);
      else if (n === 3)
        await new Promise(() => undefined); // deaf to the signal
      else await new Promise<void>((resolve) => signal.addEventListener('abort', () => ((reason = signal.reason), resolve())));
      finished.push(n);
    }),
  ]);
  await enqueue(node, 1);
  await enqueue(node, 2);
  await enqueue(node, 3);
  await until(async () => (await stored(`state = 'active'`)).length === 3);
  const startedAt = performance.now();
  await node.jobs.stop();
  expect(performance.now() - startedAt).toBeLessThan(4000);
  expect(finished[0]).toBe(1);
  expect(String(reason)).toContain('shuts down');
  const byN = new Map((await stored()).map((row) => [row.n, row]));
  expect(byN.get(1)).toMatchObject({ state: 'completed' });
  for (const n of [2, 3]) expect(byN.get(n)).toMatchObject({ state: 'retry', retries: 0 });
  const attempts: number[] = [];
  await other.jobs.start(withIdle([perform(work, async (_payload, { attempt }) => void attempts.push(attempt))]), door);
  await until(() => attempts.length === 2);
  expect(attempts).toEqual([1, 1]);
});

test('S53: what a stopping worker had fetched and not begun is given back unrun', async () => {
  const node = here.node();
  const begun: number[] = [];
  await publishMany(node, 12);
  await node.start([
    handle(happened, 'demo.slow', async (_tx, { payload }) => {
      begun.push(payload.n);
      await delay(400);
    }),
  ]);
  await until(() => begun.length > 0);
  await node.jobs.stop();
  const { rows } = await owner.query<{ state: string; n: number; retries: number }>(
    `select state::text, count(*)::int as n, sum(retry_count)::int as retries from pgboss.job where name = 'log.handlers' group by state`,
  );
  const byState = new Map(rows.map((row) => [row.state, row]));
  expect(begun.length).toBeLessThan(12);
  expect(byState.get('completed')?.n).toBe(begun.length);
  const left = [...byState.values()].filter(({ state }) => state !== 'completed');
  expect(left.every(({ state, retries }) => ['created', 'retry'].includes(state) && retries === 0)).toBe(true);
});

test('S52: who gave a job back says nothing of it any more, though the next attempt bears the same number', async () => {
  const [node, other] = [here.node({ shutdownSeconds: 3 }), here.node()];
  const late = Promise.withResolvers<never>();
  await node.start([perform(work, () => late.promise)]);
  await enqueue(node, 1);
  await until(async () => (await stored(`state = 'active'`)).length === 1);
  await node.jobs.stop();
  const begun = Promise.withResolvers<number>();
  const ends = Promise.withResolvers<void>();
  await other.start([perform(work, async (_payload, { attempt }) => { begun.resolve(attempt); await ends.promise; })]); // prettier-ignore
  expect(await begun.promise).toBe(1);
  late.reject(new Error('too late'));
  await delay(300);
  expect(await stored()).toMatchObject([{ state: 'active', retries: 0 }]);
  ends.resolve();
  await until(async () => (await stored(`state = 'completed'`)).length === 1);
});

test('S52: who lost a job does not give it back either', async () => {
  const node = here.node({ shutdownSeconds: 3 });
  await node.start([perform(work, () => new Promise(() => undefined))]);
  await enqueue(node, 1);
  await until(async () => (await stored(`state = 'active'`)).length === 1);
  await owner.query(`update pgboss.job set retry_count = 1 where name = 'demo.do-work'`); // another worker holds it since
  await node.jobs.stop();
  expect((await stored())[0]).toMatchObject({ state: 'active', retries: 1 });
});

test('S52: who lost a job cannot settle it', async () => {
  const node = here.node();
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  await node.start([perform(work, async () => held)]);
  await enqueue(node, 1);
  await until(async () => (await stored(`state = 'active'`)).length === 1);
  await owner.query(`update pgboss.job set retry_count = 1 where name = 'demo.do-work'`); // another worker holds it since
  letGo();
  await delay(300);
  expect((await stored())[0]).toMatchObject({ state: 'active', retries: 1 });
});

test('S51: a job whose worker fell silent runs again', async () => {
  const node = here.node();
  await enqueue(node, 1);
  await owner.query(
    `update pgboss.job set state = 'active', started_on = now() - interval '60 s', heartbeat_on = now() - interval '60 s' where name = 'demo.do-work'`,
  );
  const { done, runs, handler } = recorder();
  await node.start([handler]);
  await until(() => done.length === 1, 15_000);
  expect(runs[0]!.attempt).toBe(2);
});

test('S70: a connection that answers nothing is given up and made anew', async () => {
  const node = here.node();
  const session = createBossDatabase(node.db, 300);
  try {
    await expect(session.executeSql('select pg_sleep(2)')).rejects.toThrow('timeout');
    expect((await session.executeSql('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await expect(session.executeSql('begin; select 1/0; commit')).rejects.toMatchObject({ code: '22012' });
    expect((await session.executeSql('begin; select 2 as two; commit')).rows).toEqual([{ two: 2 }]);
  } finally {
    await session.close();
  }
});

test('S54: a thousand long jobs that live are left alone, and keep nobody from the one that is stuck behind them', async () => {
  const node = here.node();
  await node.db.transaction(async (tx) => { for (let n = 0; n < 1200; n++) await node.jobs.enqueue(tx, slow, { n }); }); // prettier-ignore
  // Begun an hour ago by a worker that lives elsewhere, with time for two; one has been silent, one is over its time.
  await owner.query(
    `update pgboss.job set state = 'active', started_on = now() - interval '1 hour', heartbeat_on = now() + interval '1 minute', expire_seconds = 7200 where name = 'demo.do-slowly'`,
  );
  await owner.query(
    `update pgboss.job set heartbeat_on = now() - interval '60 s' where name = 'demo.do-slowly' and data->'payload'->>'n' = '1198'`,
  );
  await owner.query(`update pgboss.job set expire_seconds = 60 where name = 'demo.do-slowly' and data->'payload'->>'n' = '1199'`);
  const done: number[] = [];
  await node.start([perform(slow, async ({ n }) => void done.push(n))]);
  await until(async () => (await hasten(), done.length === 2), 15_000);
  expect(new Set(done)).toEqual(new Set([1198, 1199]));
  await delay(1500);
  expect(done).toHaveLength(2);
  expect((await stored(`state = 'active'`)).length).toBe(1198);
});
