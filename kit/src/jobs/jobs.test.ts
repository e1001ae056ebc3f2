import type pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { perform } from '../feature.ts';
import { demoCatalog, door, fixture, type Fixture, slow, until, work } from '../log/log.testing.ts';
import { race } from '../testing/race.ts';
import { enqueue, lookAt, recorder } from './jobs.testing.ts';
import { migrateJobs } from './migrate.ts';
import { DEAD_QUEUE } from './queues.ts';

let here: Fixture;
let owner: pg.Client;
let stored: ReturnType<typeof lookAt>['stored'];
beforeEach(async () => {
  here = await fixture();
  owner = await here.asOwner();
  ({ stored } = lookAt(owner));
});
afterEach(() => here.end());

test('S113: the job exists exactly when the transaction commits', async () => {
  const node = here.node();
  const failed = node.db.transaction(async (tx) => {
    await node.jobs.enqueue(tx, work, { n: 1 });
    await tx.run({ text: 'select 1', values: [] });
    expect((await tx.run<{ n: number }>({ text: `select count(*) as n from pgboss.job`, values: [] })).rows[0]!.n).toBe(1);
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  expect(await stored()).toEqual([]);
  await enqueue(node, 2);
  expect((await stored()).map(({ n }) => n)).toEqual([2]);
});

test('a worker does it at once, with attempt, caller and signal', async () => {
  const node = here.node();
  const { done, runs, aborted, handler } = recorder();
  await node.start([handler]);
  const startedAt = performance.now();
  await enqueue(node, 7);
  await until(() => done.length === 1);
  expect(performance.now() - startedAt).toBeLessThan(400);
  expect(runs[0]).toMatchObject({ attempt: 1, caller: { principal: { job: { name: 'demo.do-work', cause: null }, user: null } } });
  expect(aborted).toEqual([false]);
  await until(async () => (await stored(`state = 'completed'`)).length === 1);
});

test('S65: jobs of another node are found by polling, within a second', async () => {
  const [api, worker] = [here.node(), here.node()];
  const { done, handler } = recorder();
  await worker.start([handler]);
  await enqueue(api, 1);
  await until(() => done.length === 1, 1000);
});

test('a payload that its schema refuses is an error at once; NUL is a clear 422 (S68)', async () => {
  const node = here.node();
  await expect(node.db.transaction((tx) => node.jobs.enqueue(tx, work, { n: 'x' } as never))).rejects.toThrow('schema refuses');
  for (const text of ['a\0', '\ud800']) {
    await expect(node.db.transaction((tx) => node.jobs.enqueue(tx, work, { n: 1, text }))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      status: 422,
    });
  }
  expect(await stored()).toEqual([]);
});

test('after: not before its time, in seconds or as a date', async () => {
  const node = here.node();
  const { done, handler } = recorder();
  await node.start([handler]);
  const startedAt = performance.now();
  await enqueue(node, 1, { after: 1 });
  await enqueue(node, 2, { after: new Date(Date.now() + 1000) });
  await enqueue(node, 3, { after: 3600 });
  await until(() => done.length === 2, 4000);
  expect(performance.now() - startedAt).toBeGreaterThan(900);
  expect(new Set(done)).toEqual(new Set([1, 2]));
});

test('priority: higher runs earlier', async () => {
  const node = here.node();
  const done: number[] = [];
  for (const [n, priority] of [[1, 0], [2, 5], [3, -5]] as const) await node.db.transaction((tx) => node.jobs.enqueue(tx, slow, { n }, { priority })); // prettier-ignore
  await node.start([perform(slow, async ({ n }) => void done.push(n))]);
  await until(() => done.length === 3);
  expect(done).toEqual([2, 1, 3]);
});

test('S58: of 16 enqueues with one key at once, one job waits; other keys and none are not held', async () => {
  const node = here.node();
  const results = await race(16, (i) => enqueue(node, i, { key: 'k' }));
  expect(results.every(({ status }) => status === 'fulfilled')).toBe(true);
  expect(await stored()).toHaveLength(1);
  await enqueue(node, 20, { key: 'other' });
  await enqueue(node, 21);
  await enqueue(node, 22);
  expect(await stored()).toHaveLength(4);
});

test('S59: an enqueue with the key of a running job is not lost', async () => {
  const node = here.node();
  const done: number[] = [];
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  await node.start([perform(work, async ({ n }) => { if (n === 1) await held; done.push(n); })]); // prettier-ignore
  await enqueue(node, 1, { key: 'k' });
  await until(async () => (await stored(`state = 'active'`)).length === 1);
  const second = enqueue(node, 2, { key: 'k' });
  await second;
  await until(() => done.includes(2));
  letGo();
  await until(() => done.length === 2);
});

test('a job that nobody performs is refused at start', async () => {
  const node = here.node();
  await expect(node.jobs.start([], door)).rejects.toThrow(`nobody performs job 'demo.do-work'`);
});

test('the application role runs jobs without DDL, and may not change the queues schema', async () => {
  const app = await here.asApp();
  for (const text of [
    'create table pgboss.x ()',
    'drop table pgboss.job',
    'truncate pgboss.job_common',
    'alter table pgboss.queue add x int',
    'update pgboss.bam set name = name',
    'delete from pgboss.version',
    `select pgboss.delete_queue('x')`,
  ]) {
    await expect(app.query(text), text).rejects.toMatchObject({ code: '42501' });
  }
});

test('migrating again does nothing; a changed job changes its queue', async () => {
  const before = (await owner.query(`select name, updated_on from pgboss.queue order by name`)).rows;
  await migrateJobs(here.database.ownerUrl, demoCatalog(), 'plinth_app');
  expect((await owner.query(`select name, updated_on from pgboss.queue order by name`)).rows).toEqual(before);
  await migrateJobs(
    here.database.ownerUrl,
    demoCatalog({ jobs: [{ ...work, name: 'demo.more', timeoutSeconds: 77 } as typeof work] }),
    'plinth_app',
  );
  const { rows } = await owner.query(`select expire_seconds, retry_limit, dead_letter, policy from pgboss.queue where name = 'demo.more'`);
  expect(rows).toEqual([{ expire_seconds: 77, retry_limit: 2, dead_letter: DEAD_QUEUE, policy: 'standard' }]);
});
