import { setTimeout as delay } from 'node:timers/promises';
import { uuidv7 } from '../uuid.ts';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type AnyJob, defineJob } from '../definitions.ts';
import { perform } from '../feature.ts';
import { demoCatalog, fixture, type Fixture, type Node, until, work } from '../log/log.testing.ts';
import { enqueue, lookAt, recorder } from './jobs.testing.ts';
import type { EnqueueOptions, JobRun } from './jobs.ts';
import { giveUp, snooze } from './outcomes.ts';
import { DEAD_QUEUE } from './queues.ts';

const Payload = z.object({ n: z.int() });
const options = { attempts: 3, backoffSeconds: 0, concurrency: 10 };
const total = defineJob('demo.total', Payload, { ...options, total: 3 });
const grouped = defineJob('demo.grouped', Payload, { ...options, perGroup: 2 });
const single = defineJob('demo.single', Payload, { ...options, perGroup: 1 });
const rated = defineJob('demo.rated', Payload, { ...options, rate: { max: 5, seconds: 1 } });
const extra = [total, grouped, single, rated];

let here: Fixture;
let owner: pg.Client;
let stored: ReturnType<typeof lookAt>['stored'];
let hasten: ReturnType<typeof lookAt>['hasten'];
let nodes: Node[] = [];
beforeAll(async () => {
  here = await fixture({ catalog: demoCatalog({ jobs: extra }) });
  owner = await here.asOwner();
  ({ stored, hasten } = lookAt(owner));
});
afterAll(() => here.end());
beforeEach(async () => {
  await owner.query('delete from pgboss.job; delete from queue.paused; delete from queue.rates; delete from queue.suspects');
});
afterEach(async () => {
  await Promise.all(nodes.map((node) => node.jobs.stop()));
  nodes = [];
});

type Run = (payload: { n: number }, run: JobRun) => Promise<Record<string, unknown> | void>;
/** A node on which each job does this; those not named do nothing. */
async function worker(runs: Partial<Record<string, Run>> = {}, jobs: readonly AnyJob[] = extra): Promise<Node> {
  const node = here.node({ poolSize: 5 });
  nodes.push(node);
  const runOf = ({ name }: AnyJob): Run => runs[name] ?? (async () => undefined);
  await node.start([...jobs, ...(runs[work.name] ? [work] : [])].map((job) => perform(job, runOf(job) as never)));
  return node;
}
const put = (node: Node, job: AnyJob, n: number, given: EnqueueOptions = {}): Promise<string> =>
  node.db.transaction((tx) => node.jobs.enqueue(tx, job, { n }, given));
/** Counts how many run at once. */
function crowd(ms: number) {
  const most = new Map<string, number>();
  const now = new Map<string, number>();
  let done = 0;
  return {
    most,
    done: () => done,
    run:
      (group: (n: number) => string): Run =>
      async ({ n }) => {
        const name = group(n);
        now.set(name, (now.get(name) ?? 0) + 1);
        most.set(name, Math.max(most.get(name) ?? 0, now.get(name)!));
        await delay(ms);
        now.set(name, now.get(name)! - 1);
        done++;
      },
  };
}

test('S59: while a job with the key waits, a later enqueue is not lost even when its transaction commits after the run could have begun', async () => {
  const node = await worker({ [work.name]: async ({ n }) => void done.push(n) });
  const done: number[] = [];
  await enqueue(node, 1, { key: 'k', after: 0.3 });
  await node.db.transaction(async (tx) => {
    await node.jobs.enqueue(tx, work, { n: 2 }, { key: 'k', after: 0.3 });
    await tx.run({ text: 'select 1', values: [] }); // what was written is with the database now
    await delay(900); // the first would be due, and must not begin: it could not see what this transaction writes
    expect(done).toEqual([]);
  });
  await until(() => done.length > 0);
  await delay(300);
  expect(done).toEqual([2]);
});

test('S59: with a key that waits, the newer payload, the earlier time and the higher priority win', async () => {
  const node = here.node();
  await enqueue(node, 1, { key: 'k', after: 50, priority: 1 });
  await enqueue(node, 2, { key: 'k', after: 500, priority: 7 });
  await enqueue(node, 3, { key: 'k', after: 100, priority: 3 });
  const { rows } = await owner.query(
    `select data->'payload'->'n' as n, priority, extract(epoch from start_after - now()) < 51 as soon from pgboss.job where name = $1`,
    [work.name],
  );
  expect(rows).toEqual([{ n: 3, priority: 7, soon: true }]);
});

test('S59: sixteen enqueues beside a running job make one more run, with the last payload', async () => {
  const seen: number[] = [];
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  const node = await worker({ [work.name]: async ({ n }) => { if (n === 0) await held; seen.push(n); } }); // prettier-ignore
  await enqueue(node, 0, { key: 'k' });
  await until(async () => (await stored(`state = 'active'`)).length === 1);
  await node.db.transaction(async (tx) => { for (let n = 1; n <= 16; n++) await node.jobs.enqueue(tx, work, { n }, { key: 'k' }); }); // prettier-ignore
  letGo();
  await until(() => seen.length === 2);
  await delay(300);
  expect(new Set(seen)).toEqual(new Set([0, 16]));
});

test('S57: putting off uses up no attempt, however often', async () => {
  const attempts: number[] = [];
  const node = await worker({ [work.name]: async (_payload, { attempt }) => { attempts.push(attempt); if (attempts.length <= 6) throw snooze(0.05); } }); // prettier-ignore
  await enqueue(node, 1);
  await until(async () => (await stored(`state = 'completed'`)).length === 1, 8000);
  expect(attempts).toEqual([1, 1, 1, 1, 1, 1, 1]);
  expect((await stored())[0]).toMatchObject({ retries: 0 });
});

test('giving up ends a job at once, among the dead', async () => {
  const attempts: number[] = [];
  const node = await worker({ [work.name]: async (_payload, { attempt }) => { attempts.push(attempt); throw giveUp('nobody there'); } }); // prettier-ignore
  await enqueue(node, 1);
  await until(async () => (await stored(`name = '${DEAD_QUEUE}'`)).length === 1);
  await delay(300);
  expect(attempts).toEqual([1]);
});

test('a limit for all nodes holds over three nodes', async () => {
  const { most, run, done } = crowd(30);
  const all = await Promise.all([1, 2, 3].map(() => worker({ [total.name]: run(() => 'all') })));
  await all[0]!.db.transaction(async (tx) => { for (let n = 0; n < 40; n++) await all[0]!.jobs.enqueue(tx, total, { n }); }); // prettier-ignore
  await until(() => done() === 40, 15_000);
  expect(most.get('all')).toBe(3);
});

test.each([
  [1, single],
  [2, grouped],
])('a limit of %i for each group holds over three nodes, and groups do not wait for each other', async (limit, job) => {
  const { most, run, done } = crowd(30);
  const all = await Promise.all([1, 2, 3].map(() => worker({ [job.name]: run((n) => `g${n % 3}`) })));
  await all[0]!.db.transaction(async (tx) => { for (let n = 0; n < 36; n++) await all[0]!.jobs.enqueue(tx, job, { n }, { group: `g${n % 3}` }); }); // prettier-ignore
  const startedAt = performance.now();
  await until(() => done() === 36, 15_000);
  expect([...most]).toEqual(expect.arrayContaining([['g0', limit], ['g1', limit], ['g2', limit]])); // prettier-ignore
  expect(performance.now() - startedAt).toBeLessThan(12_000);
  await expect(put(all[0]!, job, 1)).rejects.toThrow('say which');
});

test('a rate holds over two nodes: in no second more starts than it says', async () => {
  const starts: number[] = [];
  const note: Run = async () => void starts.push(performance.now());
  const [node] = await Promise.all([worker({ [rated.name]: note }), worker({ [rated.name]: note })]);
  await node.db.transaction(async (tx) => { for (let n = 0; n < 17; n++) await node.jobs.enqueue(tx, rated, { n }); }); // prettier-ignore
  await until(() => starts.length === 17, 10_000);
  starts.sort((a, b) => a - b);
  // The database counts at the fetch, we when the run begins: 100 ms for the way.
  for (let i = 5; i < starts.length; i++) expect(starts[i]! - starts[i - 5]!).toBeGreaterThan(900);
  expect(starts.at(-1)! - starts[0]!).toBeLessThan(6000);
});

test('a cancelled job learns it within a second or two, on whichever node it runs; one that waits never runs', async () => {
  const reasons: string[] = [];
  const hang: Run = (_payload, { signal }) => new Promise((resolve) => signal.addEventListener('abort', () => (reasons.push(String(signal.reason)), resolve()))); // prettier-ignore
  await worker({ [work.name]: hang });
  const api = here.node();
  const id = await enqueue(api, 1);
  await until(async () => (await stored(`state = 'active'`)).length === 1);
  const cancelledAt = performance.now();
  expect(await api.db.transaction((tx) => api.jobs.admin.cancel(tx, id))).toBe('running');
  await until(() => reasons.length === 1);
  expect(performance.now() - cancelledAt).toBeLessThan(2000);
  expect(reasons[0]).toContain('cancelled');
  const waits = await enqueue(api, 2, { after: 1 });
  expect(await api.db.transaction((tx) => api.jobs.admin.cancel(tx, waits))).toBe('waiting');
  await delay(1500);
  expect((await stored()).map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
  expect(await api.db.transaction((tx) => api.jobs.admin.cancel(tx, id))).toBeUndefined();
});

test('a paused queue begins nothing on any node, others go on; resumed it does all', async () => {
  const [first, second] = [recorder(), recorder()];
  const one = here.node();
  const two = here.node();
  nodes.push(one, two);
  const idle = extra.map((job) => perform(job, async () => undefined));
  await one.start([first.handler, ...idle]);
  await two.start([second.handler, ...idle]);
  expect(await one.db.transaction((tx) => one.jobs.admin.pause(tx, work.name, true))).toBe(true);
  expect(await one.db.transaction((tx) => one.jobs.admin.pause(tx, work.name, true))).toBe(false);
  await delay(700);
  for (let n = 0; n < 5; n++) await enqueue(n % 2 ? one : two, n);
  await put(one, single, 1, { group: 'g' });
  await until(
    async () => (await owner.query(`select 1 from pgboss.job where name = 'demo.single' and state = 'completed'`)).rowCount === 1,
  );
  await delay(400);
  expect([...first.done, ...second.done]).toEqual([]);
  await two.db.transaction((tx) => two.jobs.admin.pause(tx, work.name, false));
  await until(() => first.done.length + second.done.length === 5);
});

test('progress is shown while it runs, output when it ends; neither may break the job', async () => {
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  const node = await worker({
    [work.name]: async ({ n }, { progress }) => {
      if (n === 2) return { text: 'a\0b', big: 10n };
      if (n === 3) throw new Error('quotes \0 and \ud800');
      if (n === 4) return { text: 'x'.repeat(100_000) };
      for (let i = 1; i <= 500; i++) progress({ percent: i / 5 });
      await held;
      return { rows: 7 };
    },
  });
  const ids = [await enqueue(node, 1), await enqueue(node, 2), await enqueue(node, 3), await enqueue(node, 4)];
  const found = async (i: number) => (await node.jobs.admin.find(ids[i]!))!;
  await until(async () => (await found(0)).output !== null);
  expect(await found(0)).toMatchObject({ state: 'running', output: { progress: { percent: expect.any(Number) as number } } });
  expect(await node.jobs.admin.unfinished([ids[0]!, uuidv7()])).toEqual(new Set([ids[0]]));
  letGo();
  await until(async () => (await hasten(), (await found(0)).state === 'completed' && (await found(2)).state === 'failed'), 8000);
  expect((await found(0)).output).toEqual({ rows: 7 });
  expect(await node.jobs.admin.unfinished([ids[0]!, ids[2]!])).toEqual(new Set());
  expect((await found(1)).output).toEqual({ text: 'a\ufffdb', big: '10' });
  expect((await found(2)).output).toMatchObject({ message: 'quotes \ufffd and \ufffd' });
  expect((await found(3)).output).toEqual({ omitted: 'larger than 64 KiB' });
});

test('S56: a job whose workers die is put aside after three of them, though it has attempts left; one beside it is not', async () => {
  const begun: number[] = [];
  const run: Run = async ({ n }, { signal }) => {
    begun.push(n);
    if (n === 1 || begun.length <= 2) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  };
  const node = await worker({ [work.name]: run });
  await node.db.transaction(async (tx) => { for (const n of [1, 2]) await node.jobs.enqueue(tx, work, { n }); }); // prettier-ignore
  await until(() => begun.length === 2);
  await owner.query(`update pgboss.job set retry_limit = 20 where name = $1`, [work.name]);
  const dead = async (): Promise<boolean> => (await stored(`name = '${DEAD_QUEUE}'`)).length === 1;
  while (!(await dead()) && begun.length < 12) {
    const before = begun.length;
    // What pg-boss makes of the jobs of a process that died.
    await owner.query(
      `update pgboss.job set state = 'retry', start_after = now(), output = '{"value": {"message": "job heartbeat timeout"}}' where state = 'active' and name = $1`,
      [work.name],
    );
    await until(async () => begun.filter((n) => n === 1).length > begun.slice(0, before).filter((n) => n === 1).length || dead(), 6000);
  }
  expect(begun.filter((n) => n === 1)).toHaveLength(3);
  expect((await stored(`name = '${work.name}' and state = 'completed'`)).map(({ n }) => n)).toEqual([2]);
  const { rows } = await owner.query(
    `select data->'payload'->'n' as n, source_output->>'message' as message from pgboss.job where name = $1`,
    [DEAD_QUEUE],
  );
  expect(rows).toEqual([{ n: 1, message: expect.stringContaining('3 workers died') as string }]);
  await until(async () => (await owner.query('select 1 from queue.suspects')).rowCount === 0);
}, 30_000);
