import type { Job as BossJob, PgBoss } from 'pg-boss';
import type { QueueSpec } from './queues.ts';
import type { BossDatabase } from './session.ts';

export interface Fetched {
  readonly jobs: readonly BossJob<unknown>[];
  /** Milliseconds until the rate allows another start; null when it is not what holds back. */
  readonly waitMs: number | null;
}
/** @param want how many at most. @param beside while another fetch of this queue is under way. */
export type Fetch = (want: number, beside: boolean) => Promise<Fetched>;

// A lock of the transaction: poolers in transaction mode keep it (S66). Each statement after it sees what others committed under it.
const LOCK = `select pg_advisory_xact_lock(hashtextextended('plinth job ' || $1, 0))`;
const ACTIVE = `select count(*)::int as active from pgboss.job_common where name = $1 and state = 'active'`;
const STARTED = `
select coalesce(array_length(recent, 1), 0) as count, extract(epoch from recent[1] + $2::float8 * interval '1 second' - clock_timestamp())::float8 * 1000 as wait
from (select array(select t from queue.rates r, unnest(r.started) t where r.job = $1 and t > clock_timestamp() - $2::float8 * interval '1 second'
  and t <= clock_timestamp() order by t) as recent) s`;
const START = `
insert into queue.rates (job, started) values ($1, array_fill(clock_timestamp(), array[$3::int]))
on conflict (job) do update set started = array(select t from unnest(rates.started) t where t > clock_timestamp() - $2::float8 * interval '1 second'
  and t <= clock_timestamp() order by t) || excluded.started`;

/** Takes jobs of one queue, and never more than its limits over all nodes allow. */
export function fetchOf(boss: PgBoss, connection: BossDatabase, { name, limits }: QueueSpec): Fetch {
  if (!limits) {
    return async (want, beside) => ({
      jobs: await boss.fetch(name, { batchSize: want, ...(beside && { db: connection.more }) }),
      waitMs: null,
    });
  }
  const { total, perGroup, rate } = limits;
  return (want) =>
    connection.transaction(async (db) => {
      const ask = async <Row>(text: string, values: unknown[]): Promise<Row> => (await db.executeSql(text, values)).rows[0] as Row;
      await ask(LOCK, [name]);
      let allowed = want;
      if (total !== null) allowed = Math.min(allowed, total - (await ask<{ active: number }>(ACTIVE, [name])).active);
      let waitMs: number | null = null;
      if (rate) {
        const { count, wait } = await ask<{ count: number; wait: number | null }>(STARTED, [name, rate.seconds]);
        allowed = Math.min(allowed, rate.max - count);
        if (count >= rate.max) waitMs = wait;
      }
      if (allowed <= 0) return { jobs: [], waitMs };
      const jobs = await boss.fetch(name, { batchSize: allowed, db, ...(perGroup !== null && { groupConcurrency: perGroup }) });
      if (rate && jobs.length > 0) await ask(START, [name, rate.seconds, jobs.length]);
      return { jobs, waitMs };
    });
}
