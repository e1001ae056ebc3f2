import { setTimeout as delay } from 'node:timers/promises';
import { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import { running } from '../context.ts';
import type { Database } from '../database/database.ts';
import type { AnyJob } from '../definitions.ts';
import { startLoop } from '../loop.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { createHoldings, type Held, type Holdings, Lost } from './held.ts';
import { createLine, type Line } from './line.ts';
import type { Consumer, Schedule } from './perform.ts';
import { HEARTBEAT_SECONDS } from './queues.ts';
import { declareSchedules, fireSchedules } from './schedules.ts';
import { createBossDatabase } from './session.ts';

export interface Workers {
  /** Fetch now: one queue, or all. */
  wake(queue?: string): void;
  stop(): Promise<void>;
}
export interface WorkersOptions {
  readonly db: Database;
  readonly logger: Logger;
  readonly jobs: ReadonlyMap<string, AnyJob>;
  readonly consumers: readonly Consumer[];
  readonly schedules: readonly Schedule[];
  readonly graceMs: number;
  readonly upkeepSeconds: number;
  readonly metrics: Pick<Metrics, 'job'> | undefined;
}

/** One look at all queues at once: jobs of other nodes, and those whose time has come. */
const LOOK_MS = 250;
/** How soon a run learns that it was cancelled, or is another's. */
const WATCH_MS = 1000;
const BEAT_MS = (HEARTBEAT_SECONDS * 1000) / 3;
const CRON_MS = 500;

/** Fetches and runs jobs on this node, and fires schedules with the others. Runs without DDL, in the application's role. */
export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const { db, logger, jobs, consumers, schedules, graceMs, upkeepSeconds, metrics } = options;
  const connection = createBossDatabase(db);
  // pg-boss fetches and settles for us, gives back what fell silent or overran, and deletes what is old. Its own workers and
  // cron are not used: docs/decisions says why.
  const boss = new PgBoss({
    db: connection,
    migrate: false,
    createSchema: false,
    schedule: false,
    reindex: false,
    monitorVacuum: false,
    registerInstance: false,
    openTelemetry: { enabled: false },
    superviseIntervalSeconds: upkeepSeconds,
    monitorIntervalSeconds: upkeepSeconds,
    maintenanceIntervalSeconds: 3600,
    flowIntervalSeconds: 3600,
  });
  boss.on('error', (error) => logger.warn({ err: error }, 'jobs: pg-boss reports an error'));
  boss.on('warning', ({ message, data }) => logger.warn({ data }, `jobs: ${message}`));

  return running.exit(async () => {
    await declareSchedules(db, schedules);
    await boss.start({ attempts: 3 });
    const holdings = createHoldings(db);
    let last: Promise<unknown> = Promise.resolve();
    const alone = (work: () => Promise<void>): Promise<void> => {
      const turn = last.then(work);
      last = turn.catch(() => undefined);
      return turn;
    };
    const lines = consumers.map((consumer) => createLine(consumer, { boss, db, connection, holdings, logger, metrics, alone }));
    const byName = new Map(lines.map((line) => [line.name, line]));
    const wake = (queue?: string): void => {
      if (queue !== undefined) byName.get(queue)?.wake();
      else for (const line of lines) line.wake();
    };
    const loop = (name: string, everyMs: number, run: () => Promise<unknown>) =>
      startLoop({ name, everyMs, logger, run: async () => (await run(), false) });
    const look = loop('jobs', LOOK_MS, () => lookAt(db, lines));
    const cron = loop('schedules', CRON_MS, async () => (await fireSchedules(db, jobs)).forEach(wake));
    const watch = loop('jobs that run', WATCH_MS, watching(holdings, lines));
    return {
      wake,
      async stop() {
        await Promise.all([look, cron].map((each) => each.stop()));
        for (const line of lines) line.drain();
        await Promise.race([Promise.all(lines.map(({ idle }) => idle)), delay(graceMs, undefined, { ref: false })]);
        await giveBack(holdings, lines, logger);
        await watch.stop();
        await boss.stop({ graceful: false });
        await connection.close();
      },
    };
  });
}

// Also true where a worker is already at it: it then finds nothing, for one statement.
const LOOK = `
select q.name, p.job is not null as paused, exists (
  select 1 from pgboss.job_common j where j.name = q.name and j.state < 'active' and not j.blocked and j.start_after <= now()) as ready
from unnest($1::text[]) as q (name) left join queue.paused p on p.job = q.name`;

async function lookAt(db: Database, lines: readonly Line[]): Promise<void> {
  const { rows } = await db.run<{ name: string; paused: boolean; ready: boolean }>({ text: LOOK, values: [lines.map(({ name }) => name)] });
  const seen = new Map(rows.map((row) => [row.name, row]));
  for (const line of lines) {
    const { paused, ready } = seen.get(line.name)!;
    line.pause(paused);
    if (ready && !paused) line.wake();
  }
}

/** Says that the runs of this node live, and tells those that are no longer ours. */
function watching(holdings: Holdings, lines: readonly Line[]): () => Promise<void> {
  let beatAt = performance.now();
  return async () => {
    const held = lines.flatMap((line) => line.held()).filter(({ lost }) => !lost);
    if (held.length === 0) return;
    if (performance.now() - beatAt >= BEAT_MS) {
      beatAt = performance.now();
      await holdings.beat(held);
    }
    // One that was settled meanwhile is not lost, it is done.
    for (const one of await holdings.lost(held)) if (stillHeld(lines, one)) lose(one, 'it was cancelled, or another worker has it');
  };
}
const stillHeld = (lines: readonly Line[], held: Held): boolean => lines.some((line) => line.held().includes(held));
function lose(held: Held, reason: string): void {
  held.lost = true;
  held.abort(new Lost(reason));
}

async function giveBack(holdings: Holdings, lines: readonly Line[], logger: Logger): Promise<void> {
  const left = lines.flatMap((line) => line.held()).filter(({ lost }) => !lost);
  for (const line of lines) line.hurry();
  // Not ours from here on: the next attempt bears the same number, so that what a run says now would be taken for its word.
  for (const held of left) held.lost = true;
  await Promise.all(
    left.map((held) =>
      holdings.release(held).catch((error: unknown) => logger.warn({ err: error }, 'a job could not be given back: it runs again later')),
    ),
  );
  for (const held of left) lose(held, 'the server shuts down');
}
