import type { Job as BossJob } from 'pg-boss';
import type { Database } from '../database/database.ts';

/** One job that this node has fetched and not settled. */
export class Held {
  readonly job: BossJob<unknown>;
  /** Given back, or found to be another's: what becomes of the run changes nothing. */
  lost = false;
  #controller: AbortController | undefined;
  #ended: { readonly reason: unknown } | undefined;
  constructor(job: BossJob<unknown>) {
    this.job = job;
  }
  /** Made when a run asks for it: most never do. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#ended) this.#controller.abort(this.#ended.reason);
    }
    return this.#controller.signal;
  }
  abort(reason: unknown): void {
    this.#ended ??= { reason };
    this.#controller?.abort(reason);
  }
}

/** Aborted with this: someone cancelled the job, or another worker has it. */
export class Lost extends Error {
  override readonly name = 'Lost';
}

// The attempt stands in every condition: whoever holds the job since keeps it (S52).
const ATTEMPT = `name = $1 and id = $2::uuid and state = 'active' and retry_count = $3`;

// A job that never started does not count its next fetch as a retry (S53, S57); 'retry' beside 'created' collides with no
// waiting job of the same key.
const RELEASE = `
update pgboss.job_common set state = 'retry', started_on = null, heartbeat_on = null, start_after = now() + $4::float8 * interval '1 second'
where ${ATTEMPT}`;
const PROGRESS = `update pgboss.job_common set output = jsonb_build_object('progress', $4::jsonb) where ${ATTEMPT}`;
const LAST_ATTEMPT = `update pgboss.job_common set retry_limit = retry_count where ${ATTEMPT}`;
const HELD = `unnest($1::text[], $2::uuid[], $3::int[]) as h (name, id, attempt)`;
const BEAT = `
update pgboss.job_common j set heartbeat_on = now() from ${HELD}
where j.name = h.name and j.id = h.id and j.state = 'active' and j.retry_count = h.attempt`;
const LOST = `
select h.id, h.attempt from ${HELD}
where not exists (select 1 from pgboss.job_common j where j.name = h.name and j.id = h.id and j.state = 'active' and j.retry_count = h.attempt)`;
// What pg-boss leaves where the heartbeat stopped.
const CRASHED = `
select j.id, 1 + coalesce(s.begun, 0) as deaths from pgboss.job_common j left join queue.suspects s on s.job = j.name and s.id = j.id
where j.name = $1 and j.id = any ($2::uuid[]) and j.output -> 'value' ->> 'message' = 'job heartbeat timeout'`;
const BEGIN_SUSPECT = `
insert into queue.suspects (job, id, begun) values ($1, $2::uuid, 1)
on conflict (job, id) do update set begun = suspects.begun + 1, since = now()`;
const CLEAR_SUSPECT = `delete from queue.suspects where job = $1 and id = $2::uuid`;
export const FORGET_SUSPECTS = `delete from queue.suspects where ctid = any (array(select ctid from queue.suspects where since < now() - interval '30 days' limit $1))`;

const attemptOf = ({ name, id, retryCount }: BossJob<unknown>): unknown[] => [name, id, retryCount];
const columnsOf = (held: readonly Held[]): unknown[] => [
  held.map(({ job }) => job.name),
  held.map(({ job }) => job.id),
  held.map(({ job }) => job.retryCount),
];

/** What workers say of jobs they hold; pg-boss has no word for it, or one for a whole queue only. */
export const createHoldings = (db: Database) => ({
  /** Gives a job back as if it had not been fetched. */
  async release({ job }: Held, seconds = 0): Promise<void> {
    await db.run({ text: RELEASE, values: [...attemptOf(job), seconds] });
  },
  async progress({ job }: Held, json: string): Promise<void> {
    await db.run({ text: PROGRESS, values: [...attemptOf(job), json] });
  },
  async lastAttempt({ job }: Held): Promise<void> {
    await db.run({ text: LAST_ATTEMPT, values: attemptOf(job) });
  },
  async beat(held: readonly Held[]): Promise<void> {
    await db.run({ text: BEAT, values: columnsOf(held) });
  },
  /** Those that are no longer ours; another attempt at the same job may be. */
  async lost(held: readonly Held[]): Promise<readonly Held[]> {
    const { rows } = await db.run<{ id: string; attempt: number }>({ text: LOST, values: columnsOf(held) });
    const gone = new Set(rows.map(({ id, attempt }) => `${id} ${attempt}`));
    return held.filter(({ job }) => gone.has(`${job.id} ${job.retryCount}`));
  },
  /** How many workers have died under those whose last one did. */
  async deaths(queue: string, held: readonly Held[]): Promise<ReadonlyMap<string, number>> {
    const { rows } = await db.run<{ id: string; deaths: number }>({ text: CRASHED, values: [queue, held.map(({ job }) => job.id)] });
    return new Map(rows.map(({ id, deaths }) => [id, deaths]));
  },
  async beginSuspect({ job }: Held): Promise<void> {
    await db.run({ text: BEGIN_SUSPECT, values: [job.name, job.id] });
  },
  async clearSuspect({ job }: Held): Promise<void> {
    await db.run({ text: CLEAR_SUSPECT, values: [job.name, job.id] });
  },
});
export type Holdings = ReturnType<typeof createHoldings>;
