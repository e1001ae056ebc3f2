import { PgBoss } from 'pg-boss';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { defineJob } from '../definitions.ts';
import { perform } from '../feature.ts';
import { demoCatalog, fixture, type Fixture, until } from '../log/log.testing.ts';

// Ours against pg-boss itself, bare and tuned, in turns on one Postgres: the jobs do nothing, so it is the queue that is measured.

const JOBS = Number(process.env['JOBS'] ?? 10_000);
const ROUNDS = Number(process.env['ROUNDS'] ?? 5);
const fast = defineJob('demo.fast', z.object({ n: z.int() }), { concurrency: 1600 });

let here: Fixture;
beforeAll(async () => {
  here = await fixture({ catalog: demoCatalog({ jobs: [fast] }) });
});
afterAll(() => here.end());

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function ours(): Promise<number> {
  const node = here.node();
  let done = 0;
  let startedAt = 0;
  await node.db.transaction(async (tx) => {
    for (let n = 0; n < JOBS; n++) await node.jobs.enqueue(tx, fast, { n });
  });
  const owner = await here.asOwner();
  // From the first job on, on both sides: loading the library and its start are not what is measured.
  await node.start([perform(fast, async () => void (done++ || (startedAt = performance.now())))]);
  await until(() => done === JOBS, 60_000);
  await until(
    async () => (await owner.query(`select 1 from pgboss.job where name = 'demo.fast' and state < 'completed' limit 1`)).rowCount === 0,
    60_000,
  );
  const perSecond = JOBS / ((performance.now() - startedAt) / 1000);
  await node.jobs.stop();
  return perSecond;
}
async function bare(): Promise<number> {
  const boss = new PgBoss({
    connectionString: here.database.ownerUrl,
    max: 10,
    supervise: false,
    schedule: false,
    migrate: false,
    registerInstance: false,
    openTelemetry: { enabled: false },
  });
  boss.on('error', () => undefined);
  const owner = await here.asOwner();
  await boss.start();
  await boss.createQueue('bare');
  for (let n = 0; n < JOBS; n += 1000)
    await boss.insert('bare', Array.from({ length: 1000 }, (_, i) => ({ data: { payload: { n: n + i } } }))); // prettier-ignore
  let done = 0;
  let startedAt = 0;
  const tuned = { batchSize: 400, burstWhenBatchFull: true, localConcurrency: 4, pollingIntervalSeconds: 0.5 };
  await boss.work('bare', tuned, async (jobs) => {
    startedAt ||= performance.now();
    done += jobs.length;
  });
  await until(() => done === JOBS, 60_000);
  await until(
    async () => (await owner.query(`select 1 from pgboss.job where name = 'bare' and state < 'completed' limit 1`)).rowCount === 0,
    60_000,
  );
  const perSecond = JOBS / ((performance.now() - startedAt) / 1000);
  await boss.stop({ graceful: false });
  return perSecond;
}

test('throughput is at least 0.8 of pg-boss used bare and tuned in the same run', async () => {
  const owner = await here.asOwner();
  const ratios: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const results: Record<string, number> = {};
    for (const [name, run] of round % 2
      ? ([
          ['ours', ours],
          ['bare', bare],
        ] as const)
      : ([
          ['bare', bare],
          ['ours', ours],
        ] as const)) {
      // prettier-ignore
      await owner.query('delete from pgboss.job');
      await owner.query('vacuum analyze pgboss.job_common');
      results[name] = await run();
    }
    if (round === 0) continue; // warms up
    ratios.push(results['ours']! / results['bare']!);
    print(
      `ours ${Math.round(results['ours']!)} jobs/s, pg-boss ${Math.round(results['bare']!)} jobs/s, ratio ${ratios.at(-1)!.toFixed(2)}`,
    );
  }
  print(`median ratio ${median(ratios).toFixed(2)}`);
  expect(median(ratios)).toBeGreaterThanOrEqual(0.8);
});

test('from the commit of an enqueue to the start of its run on an idle node: p50 at most 20 ms', async () => {
  const node = here.node();
  const waits: number[] = [];
  let committedAt = 0;
  await node.start([perform(fast, async () => void waits.push(performance.now() - committedAt))]);
  for (let n = 0; n < 100; n++) {
    await node.db.transaction((tx) => node.jobs.enqueue(tx, fast, { n }));
    committedAt = performance.now();
    await until(() => waits.length === n + 1);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
  }
  waits.sort((a, b) => a - b);
  print(`enqueue to start: p50 ${waits[50]!.toFixed(1)} ms, p95 ${waits[95]!.toFixed(1)} ms`);
  expect(waits[50]).toBeLessThanOrEqual(20);
});
