import { setTimeout as delay } from 'node:timers/promises';
import type { Job as BossJob, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { jobSpan } from '../telemetry/spans.ts';
import { fetchOf } from './fetch.ts';
import { Held, type Holdings } from './held.ts';
import { outputOf, Snooze } from './outcomes.ts';
import type { Consumer } from './perform.ts';
import { createSettle } from './settle.ts';
import type { BossDatabase } from './session.ts';

/** One queue on this node: fetches as much as may run, runs it, and settles it. */
export interface Line {
  readonly name: string;
  /** Look for work now. */
  wake(): void;
  pause(paused: boolean): void;
  held(): readonly Held[];
  /** Fetches no more and gives back what has not begun (S53). */
  drain(): void;
  /** Resolves when nothing is held. */
  readonly idle: Promise<void>;
  hurry(): void;
}
export interface LineOptions {
  readonly boss: PgBoss;
  readonly db: Database;
  readonly connection: BossDatabase;
  readonly holdings: Holdings;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'job'> | undefined;
  /** Runs suspects one after the other on this node, so that a job is not suspected for what another did. */
  readonly alone: (work: () => Promise<void>) => Promise<void>;
}

/** Workers that died under a job before it is put aside (S56). */
export const MOST_CRASHES = 3;
/** In one statement: those after it are fetched while the first are stored. */
const MOST_AT_ONCE = 500;
const PROGRESS_MS = 1000;
const RETRY_MS = 1000;

export function createLine({ queue, run, nameOf }: Consumer, options: LineOptions): Line {
  const { boss, db, connection, holdings, logger, metrics, alone } = options;
  const { name, concurrency, ahead, attempts, limits } = queue;
  const fetch = fetchOf(boss, connection, queue);
  const settle = createSettle(boss, db, name, holdings, logger);
  const all = new Set<Held>();
  /** Fetched, and waiting for a place to run. */
  const next: (readonly [held: Held, deaths: number])[] = [];
  let runs = 0;
  /** Places that are taken: a run leaves its own when it ends, before that is stored. */
  let leaving = false;
  const leave = (): void => {
    runs--;
    fill();
    // After this turn: what ends in it is fetched anew in one statement.
    if (leaving) return;
    leaving = true;
    setImmediate(() => {
      leaving = false;
      void pull();
    });
  };
  let wanted = false;
  /** Fetches under way, and how many jobs they ask for. */
  let fetching = 0;
  let asked = 0;
  /** The last fetch brought all that it asked for: more may wait. */
  let full = false;
  let paused = false;
  let draining = false;
  const emptied = Promise.withResolvers<void>();

  const counters = new Map<string, ReturnType<Metrics['job']>>();
  const counted = (job: string, outcome: 'completed' | 'failed', startedAt: number): void => {
    if (metrics && !counters.has(job)) counters.set(job, metrics.job(job));
    counters.get(job)?.(outcome, (performance.now() - startedAt) / 1000);
  };

  const forget = (held: Held): void => {
    all.delete(held);
    if (draining && all.size === 0 && fetching === 0) emptied.resolve();
  };
  const giveBack = async (held: Held): Promise<void> => {
    held.lost = true;
    await holdings.release(held).catch((error: unknown) => logger.warn({ err: error, queue: name }, 'a job could not be given back'));
    forget(held);
  };

  /** Progress of one run, the latest within each second. */
  const reporter = (held: Held): ((value: object) => void) => {
    let latest: string | null = null;
    let resting = false;
    const write = async (): Promise<void> => {
      resting = true;
      while (latest !== null && all.has(held) && !held.lost) {
        const json = latest;
        latest = null;
        await holdings.progress(held, json).catch((error: unknown) => logger.debug({ err: error, queue: name }, 'progress was not stored'));
        await delay(PROGRESS_MS, undefined, { ref: false });
      }
      resting = false;
    };
    return (value) => {
      latest = JSON.stringify(outputOf(value) ?? {});
      if (!resting) void write();
    };
  };

  const begin = async (held: Held): Promise<void> => {
    const { job } = held;
    const startedAt = performance.now();
    const attempt = job.retryCount + 1;
    const called = nameOf(job.data);
    const { traceparent = null } = (job.data ?? {}) as { traceparent?: string | null };
    let report: ReturnType<typeof reporter> | undefined;
    const input = {
      id: job.id,
      attempt,
      get signal() {
        return held.signal;
      },
      progress: (value: object) => (report ??= reporter(held))(value),
    };
    const work = jobSpan({ name: called, id: job.id, attempt, traceparent }, async () => run(job.data, input));
    let timer: NodeJS.Timeout | undefined;
    try {
      const output = await new Promise<Awaited<typeof work>>((resolve, reject) => {
        timer = setTimeout(() => {
          const error = new Error(`it took longer than ${job.expireInSeconds} s`);
          held.abort(error);
          reject(error);
        }, job.expireInSeconds * 1000);
        work.then(resolve, reject);
      });
      clearTimeout(timer);
      counted(called, 'completed', startedAt);
      leave();
      await settle.completed(held, outputOf(output));
    } catch (error) {
      clearTimeout(timer);
      // A run that is deaf to its signal still takes a place.
      void work.catch(() => undefined).then(leave);
      if (error instanceof Snooze) return await settle.putOff(held, error.seconds);
      counted(called, 'failed', startedAt);
      if (!held.lost) {
        const about = { err: error, job: called, jobId: job.id, attempt };
        if (attempt >= attempts) logger.error(about, 'job is dead');
        else logger.warn(about, 'job failed; it will be tried again');
      }
      await settle.failed(held, error, false);
    }
  };
  /** One whose worker died the last time: the third time alone, and no more after that. */
  const beginSuspect = async (held: Held, deaths: number): Promise<void> => {
    if (deaths >= MOST_CRASHES) {
      logger.error({ job: nameOf(held.job.data), jobId: held.job.id }, 'job is put aside: its workers die');
      leave();
      await settle.failed(held, new Error(`put aside: ${deaths} workers died under it`), true);
    } else {
      const again = async (): Promise<void> => {
        if (draining) {
          leave();
          return giveBack(held);
        }
        try {
          await holdings.beginSuspect(held);
        } catch (error) {
          leave();
          await giveBack(held);
          throw error;
        }
        await begin(held);
      };
      await (deaths === MOST_CRASHES - 1 ? alone(again) : again());
    }
    if (!held.lost) await holdings.clearSuspect(held);
  };

  const fill = (): void => {
    while (runs < concurrency && next.length > 0) {
      const [held, deaths] = next.shift()!;
      runs++;
      const work = deaths > 0 ? beginSuspect(held, deaths) : begin(held);
      void work
        .catch((error: unknown) => logger.error({ err: error, queue: name }, 'a job was left as it is'))
        .then(() => {
          forget(held);
          if (limits || queue.policy === 'key_strict_fifo') wanted = true; // it may have held others back
          if (wanted) void pull();
        });
    }
  };
  const take = async (jobs: readonly BossJob<unknown>[]): Promise<void> => {
    const fetched = jobs.map((job) => new Held(job));
    for (const held of fetched) all.add(held);
    const again = fetched.filter(({ job }) => job.retryCount > 0);
    let deaths: ReadonlyMap<string, number> | null = null;
    try {
      if (again.length > 0) deaths = await holdings.deaths(name, again);
    } catch (error) {
      await Promise.all(fetched.map(giveBack));
      throw error;
    }
    if (draining) return void (await Promise.all(fetched.map(giveBack)));
    for (const held of fetched) next.push([held, deaths?.get(held.job.id) ?? 0]);
    fill();
  };
  const pull = async (): Promise<void> => {
    // A second fetch beside the first only where many run: the database has more than one core for it.
    const beside = fetching > 0;
    if (!wanted || fetching >= (limits || concurrency < 2 * MOST_AT_ONCE ? 1 : 2)) return;
    fetching++;
    try {
      for (;;) {
        const room = concurrency + ahead;
        const free = room - runs - next.length - asked;
        // Not one by one where many run: each fetch is a statement. And no more than can be stored as they end.
        if (!wanted || paused || draining || free < Math.max(1, Math.min(room / 4, MOST_AT_ONCE)) || all.size > 2 * room) break;
        const want = Math.min(MOST_AT_ONCE, free);
        wanted = full && want === MOST_AT_ONCE;
        asked += want;
        const fetched = fetch(want, beside).finally(() => (asked -= want));
        if (wanted) void pull();
        const { jobs, waitMs } = await fetched;
        full = jobs.length === want;
        if (full || (limits && jobs.length > 0)) wanted = true;
        if (waitMs !== null) setTimeout(wake, Math.max(1, waitMs)).unref();
        if (jobs.length > 0) await take(jobs);
      }
    } catch (error) {
      if (!draining) logger.warn({ err: error, queue: name }, 'jobs could not be fetched');
      setTimeout(wake, RETRY_MS).unref();
    } finally {
      fetching--;
      if (draining && all.size === 0 && fetching === 0) emptied.resolve();
    }
  };
  const wake = (): void => {
    wanted = true;
    void pull();
  };

  return {
    name,
    wake,
    pause(now) {
      if (paused && !now) wanted = true;
      paused = now;
      if (wanted) void pull();
    },
    held: () => [...all],
    drain() {
      draining = true;
      for (const [held] of next.splice(0)) void giveBack(held);
      if (all.size === 0 && fetching === 0) emptied.resolve();
    },
    idle: emptied.promise,
    hurry: () => settle.hurry(),
  };
}
