import type { Logger } from 'pino';
import { type Job as BossJob, type JobResult, PgBoss } from 'pg-boss';
import { running } from '../context.ts';
import type { Database } from '../database/database.ts';
import { startLoop } from '../loop.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { jobSpan } from '../telemetry/spans.ts';
import type { Consumer, Schedule } from './perform.ts';
import { createDrain, type Drain } from './drain.ts';
import { createBossDatabase } from './session.ts';

export interface Workers {
  /** Fetch now: one queue, or all. */
  wake(queue?: string): void;
  stop(): Promise<void>;
}
export interface WorkersOptions {
  readonly db: Database;
  readonly logger: Logger;
  readonly consumers: readonly Consumer[];
  readonly schedules: readonly Schedule[];
  readonly graceMs: number;
  readonly upkeepSeconds: number;
  readonly metrics: Pick<Metrics, 'job'> | undefined;
}

const LOOK_MS = 250;
/** pg-boss's own poll is only the floor: our look at all queues at once wakes its workers, for one query instead of one each. */
const POLL_SECONDS = 60;

/** Fetches and runs jobs on this node, and plays cron with the others. Runs without DDL, in the application's role. */
export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const { db, logger, consumers, schedules, graceMs, upkeepSeconds } = options;
  const connection = createBossDatabase(db);
  const boss = new PgBoss({
    db: connection,
    migrate: false,
    createSchema: false,
    reindex: false,
    monitorVacuum: false,
    registerInstance: false,
    openTelemetry: { enabled: false },
    superviseIntervalSeconds: upkeepSeconds,
    monitorIntervalSeconds: upkeepSeconds,
    maintenanceIntervalSeconds: 3600,
    cronMonitorIntervalSeconds: Math.min(upkeepSeconds, 30),
    cronWorkerIntervalSeconds: Math.min(upkeepSeconds, 5),
    flowIntervalSeconds: 3600,
  });
  boss.on('error', (error) => logger.warn({ err: error }, 'jobs: pg-boss reports an error'));
  boss.on('warning', ({ message, data }) => logger.warn({ data }, `jobs: ${message}`));

  const drain = createDrain(db);
  const workerIds = new Map<string, string[]>();
  const wake = (queue?: string): void => {
    for (const id of queue === undefined ? [...workerIds.values()].flat() : (workerIds.get(queue) ?? [])) boss.notifyWorker(id);
  };

  return running.exit(async () => {
    await setSchedules(boss, schedules, connection);
    await boss.start({ attempts: 3 });
    for (const consumer of consumers) workerIds.set(consumer.queue.name, await begin(boss, consumer, drain, options));
    const names = [...workerIds.keys()];
    const look = startLoop({
      name: 'jobs',
      everyMs: LOOK_MS,
      logger,
      async run() {
        for (const name of await ready(db, names)) wake(name);
        return false;
      },
    });
    return {
      wake,
      async stop() {
        await look.stop();
        drain.begin();
        await Promise.all(names.map((name) => boss.offWork(name, { wait: false })));
        await drain.finish(graceMs);
        await boss.stop({ graceful: false });
        await connection.close();
      },
    };
  });
}

const READY = `
select q.name from unnest($1::text[]) as q (name)
where exists (select 1 from pgboss.job_common j where j.name = q.name and j.state < 'active' and not j.blocked and j.start_after <= now())`;
const ready = async (db: Database, names: readonly string[]): Promise<string[]> =>
  (await db.run<{ name: string }>({ text: READY, values: [names] })).rows.map(({ name }) => name);

/** As many of pg-boss's workers as the queue runs jobs at a time: each fetches, runs, settles, and fetches again until there is nothing. */
async function begin(boss: PgBoss, { queue, run, nameOf }: Consumer, drain: Drain, { logger, metrics }: WorkersOptions): Promise<string[]> {
  const counters = new Map<string, ReturnType<Metrics['job']>>();
  const counted = (name: string, outcome: 'completed' | 'failed', startedAt: number): void => {
    if (metrics && !counters.has(name)) counters.set(name, metrics.job(name));
    counters.get(name)?.(outcome, (performance.now() - startedAt) / 1000);
  };
  const runOne = async (job: BossJob<unknown>, signal: AbortSignal): Promise<JobResult> => {
    const startedAt = performance.now();
    const attempt = job.retryCount + 1;
    const name = nameOf(job.data);
    const { traceparent = null } = (job.data ?? {}) as { traceparent?: string | null };
    try {
      await jobSpan({ name, id: job.id, attempt, traceparent }, () => run(job.data, { id: job.id, attempt, signal }));
      counted(name, 'completed', startedAt);
      return { id: job.id, status: 'completed' };
    } catch (error) {
      counted(name, 'failed', startedAt);
      if (attempt >= queue.attempts) logger.error({ err: error, job: name, jobId: job.id, attempt }, 'job is dead');
      else logger.warn({ err: error, job: name, jobId: job.id, attempt }, 'job failed; it will be tried again');
      return { id: job.id, status: 'failed', output: outputOf(error) };
    }
  };
  const ids: string[] = [];
  for (let i = 0; i < queue.concurrency; i++) {
    let id = '';
    const options = { batchSize: queue.batch, pollingIntervalSeconds: POLL_SECONDS, perJobResults: true as const };
    id = await boss.work(queue.name, options, async (jobs: BossJob<unknown>[]): Promise<JobResult[]> => {
      const results: JobResult[] = [];
      drain.hold(jobs);
      for (const job of jobs) results.push(await drain.run(job, (signal) => runOne(job, signal)));
      boss.notifyWorker(id);
      return results;
    });
    ids.push(id);
  }
  return ids;
}

const outputOf = (error: unknown): object =>
  error instanceof Error
    ? { name: error.name, message: error.message, stack: error.stack, ...('code' in error ? { code: error.code } : {}) }
    : { message: String(error) };

/** Declared schedules are in the table, and no others. */
async function setSchedules(
  boss: PgBoss,
  schedules: readonly Schedule[],
  connection: { executeSql(text: string, values?: unknown[]): Promise<{ rows: { name: string; key: string }[] }> },
): Promise<void> {
  const keyOf = ({ cron, timezone }: Schedule): string => Buffer.from(`${timezone} ${cron}`).toString('hex');
  const declared = new Set(schedules.map((schedule) => `${schedule.job.name} ${keyOf(schedule)}`));
  for (const schedule of schedules) {
    const { job, cron, timezone, payload } = schedule;
    await boss.schedule(job.name, cron, { payload }, { tz: timezone, key: keyOf(schedule), missed: 'once' });
  }
  const { rows } = await connection.executeSql('select name, key from pgboss.schedule');
  for (const { name, key } of rows) if (!declared.has(`${name} ${key}`)) await boss.unschedule(name, key);
}
