import type { Logger } from 'pino';
import type { AccessDoor } from '../caller.ts';
import { causing } from '../cause.ts';
import type { Config } from '../config.ts';
import { running } from '../context.ts';
import type { Database } from '../database/database.ts';
import type { AnyJob } from '../definitions.ts';
import type { Catalog, Handler } from '../feature.ts';
import { storableJson } from '../storable.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { currentTraceparent } from '../telemetry/spans.ts';
import { uuidv7 } from '../uuid.ts';
import { createJobAdmin } from './admin.ts';
import { insertJob, insertRuns } from './insert.ts';
import type { JobQueue } from './jobs.ts';
import { HANDLERS, ORDERED_HANDLERS, queueOf } from './queues.ts';
import { consumersOf, type Perform, type Schedule } from './perform.ts';
import type { Workers } from './worker.ts';

export interface JobsOptions {
  readonly db: Database;
  readonly catalog: Catalog;
  readonly logger: Logger;
  readonly config: Pick<Config, 'shutdownSeconds'>;
  /** Counts runs by job and outcome. */
  readonly metrics?: Pick<Metrics, 'job'>;
  /** Seconds between looks at silent workers and at cron; tests shorten them. */
  readonly upkeepSeconds?: number;
}

/** Jobs on pg-boss. Enqueueing is an insert of ours; pg-boss itself is loaded by workers only. */
export function createJobs({ db, catalog, logger, config, metrics, upkeepSeconds = 30 }: JobsOptions): JobQueue {
  let workers: Workers | undefined;
  let handlerRun: ((handler: string, position: number) => Promise<void>) | undefined;
  const wake = (queue?: string): void => workers?.wake(queue);

  return {
    admin: createJobAdmin(db, catalog, wake),
    async enqueue(tx, job, payload, options = {}) {
      if (!catalog.jobs.has(job.name)) throw new Error(`job '${job.name}' is in no feature's contract: export it there`);
      const { after, key = null, group = null, priority = 0 } = options;
      const traceparent = currentTraceparent();
      const data = storableJson(
        {
          payload: validated(job, payload),
          requestId: running.getStore()?.requestId || null,
          ...followingFrom(),
          ...(traceparent !== null && { traceparent }),
        },
        'payload',
      );
      const startAt = after instanceof Date ? after.toISOString() : null;
      const delaySeconds = typeof after === 'number' ? Math.max(0, after) : 0;
      if (job.perGroup !== null && group === null) throw new Error(`job '${job.name}' limits its runs per group: say which`);
      const id = uuidv7();
      tx.write(insertJob(queueOf(job), { id, data, priority, key, group, startAt, delaySeconds }));
      tx.onCommit(() => wake(job.name));
      return id;
    },
    enqueueHandlers(tx, runs) {
      const ordered = runs.filter(({ key }) => key !== null);
      const free = runs.filter(({ key }) => key === null);
      if (free.length > 0) tx.write(insertRuns(HANDLERS, free));
      if (ordered.length > 0) tx.write(insertRuns(ORDERED_HANDLERS, ordered));
      tx.onCommit(() => {
        if (free.length > 0) wake(HANDLERS.name);
        if (ordered.length > 0) wake(ORDERED_HANDLERS.name);
      });
    },
    onHandlerRun(run) {
      handlerRun = run;
    },
    wake: () => wake(),
    async start(handlers: readonly Handler[], door: AccessDoor) {
      const performs = handlers.filter((handler): handler is Perform => handler.kind === 'perform');
      const schedules = handlers.filter((handler): handler is Schedule => handler.kind === 'schedule');
      const consumers = consumersOf({ catalog, performs, handlerRun, door });
      const { startWorkers } = await import('./worker.ts');
      const graceMs = Math.max(1, config.shutdownSeconds - 2) * 1000;
      workers = await startWorkers({ db, logger, jobs: catalog.jobs, consumers, schedules, graceMs, upkeepSeconds, metrics });
    },
    async stop() {
      const stopping = workers;
      workers = undefined;
      await stopping?.stop();
    },
  };
}

/** Where it comes from, for the timeline: what led to it, or the operation of the request. */
const followingFrom = () => {
  const cause = causing.getStore();
  const operation = running.getStore()?.operation;
  return cause ? { cause } : operation ? { operation } : {};
};

function validated(job: AnyJob, payload: unknown): unknown {
  const parsed = job.payload.safeParse(payload);
  if (!parsed.success) throw new Error(`job '${job.name}' was enqueued with a payload that its schema refuses`, { cause: parsed.error });
  return parsed.data;
}
