import { setTimeout as delay } from 'node:timers/promises';
import type { Job as BossJob, JobResult } from 'pg-boss';
import type { Database } from '../database/database.ts';

/** What was fetched and is not settled, and how it is given back when the server must go (S53). */
export interface Drain {
  hold(jobs: readonly BossJob<unknown>[]): void;
  /** Runs one job that is held; not at all once draining has begun. */
  run(job: BossJob<unknown>, work: (signal: AbortSignal) => Promise<JobResult>): Promise<JobResult>;
  begin(): void;
  /** Waits at most `graceMs` for what runs, then gives the rest back as if it had not been fetched, and aborts it. */
  finish(graceMs: number): Promise<void>;
}

// A job that never started does not count its next fetch as a retry; 'retry' beside 'created' collides with no waiting job
// of the same key. The attempt stands in the condition: whoever holds the job since keeps it (S52).
const RELEASE = `
update pgboss.job_common set state = 'retry', started_on = null, heartbeat_on = null, start_after = now()
where name = $1 and id = $2::uuid and state = 'active' and retry_count = $3`;

export function createDrain(db: Database): Drain {
  const held = new Map<BossJob<unknown>, AbortController>();
  let draining = false;
  let idle: (() => void) | undefined;
  const letGo = (job: BossJob<unknown>): void => {
    held.delete(job);
    if (held.size === 0) idle?.();
  };
  const release = async (job: BossJob<unknown>): Promise<void> => {
    await db.run({ text: RELEASE, values: [job.name, job.id, job.retryCount] });
  };

  return {
    hold(jobs) {
      for (const job of jobs) held.set(job, new AbortController());
    },
    async run(job, work) {
      const abort = held.get(job)!;
      try {
        if (!draining) return await work(AbortSignal.any([job.signal, abort.signal]));
        await release(job);
        // pg-boss settles only the attempt it fetched, which is no more: this result changes nothing.
        return { id: job.id, status: 'failed' };
      } finally {
        letGo(job);
      }
    },
    begin() {
      draining = true;
    },
    async finish(graceMs) {
      if (held.size > 0) {
        const quiet = new Promise<void>((resolve) => (idle = resolve));
        await Promise.race([quiet, delay(graceMs, undefined, { ref: false })]);
      }
      const left = [...held];
      await Promise.all(left.map(([job]) => release(job)));
      for (const [, abort] of left) abort.abort(new Error('the server shuts down'));
    },
  };
}
