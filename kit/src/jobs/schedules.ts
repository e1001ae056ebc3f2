import { createHash } from 'node:crypto';
import type { Database } from '../database/database.ts';
import type { AnyJob } from '../definitions.ts';
import type { MissedPolicy } from '../feature.ts';
import { uuidv7 } from '../uuid.ts';
import { type Cron, parseCron } from './cron.ts';
import { insertJob } from './insert.ts';
import type { Schedule } from './perform.ts';
import { queueOf } from './queues.ts';

// Whose turn it is decides the row: it is locked, the job inserted and the times up to now marked as had, in one transaction
// (S60, S63). The only clock asked is the database's, and what was had never comes back, so skewed nodes and a clock that is
// set back make no double and no miss.

/** How late a run may be that `skip` still takes for due. */
const DUE_MS = 60_000;
const MOST_MISSED = 1000;

const crons = new Map<string, Cron>();
export function cronOf(expression: string, timezone: string): Cron {
  const id = `${timezone} ${expression}`;
  let cron = crons.get(id);
  if (!cron) crons.set(id, (cron = parseCron(expression, timezone)));
  return cron;
}

const keyOf = ({ cron, timezone, payload }: Schedule): string =>
  createHash('sha256')
    .update(JSON.stringify([cron, timezone, payload]))
    .digest('hex')
    .slice(0, 16);

const DECLARE = `
insert into queue.schedules (job, key, cron, timezone, payload, missed, covered_until, next_at)
values ($1, $2, $3, $4, $5::jsonb, $6, $7::timestamptz, $8::timestamptz)
on conflict (job, key) do update set missed = excluded.missed where schedules.missed <> excluded.missed`;
const FORGET = `
delete from queue.schedules s where not exists (select 1 from unnest($1::text[], $2::text[]) as d (job, key) where d.job = s.job and d.key = s.key)`;

/** The declared schedules are in the table, and no others. @throws when one cannot be read. */
export async function declareSchedules(db: Database, schedules: readonly Schedule[]): Promise<void> {
  const { rows } = await db.run<{ now: string }>({ text: 'select now() as now', values: [] });
  const now = new Date(rows[0]!.now);
  const keys = schedules.map(keyOf);
  await db.transaction(async (tx) => {
    for (const [i, { job, cron, timezone, missed, payload }] of schedules.entries()) {
      const next = cronOf(cron, timezone).next(now).toISOString();
      const values = [job.name, keys[i], cron, timezone, JSON.stringify(job.payload.parse(payload)), missed, now.toISOString(), next];
      tx.write({ text: DECLARE, values });
    }
    tx.write({ text: FORGET, values: [schedules.map(({ job }) => job.name), keys] });
  });
}

interface DueRow {
  readonly job: string;
  readonly key: string;
  readonly cron: string;
  readonly timezone: string;
  readonly payload: unknown;
  readonly missed: MissedPolicy;
  readonly coveredUntil: string;
  readonly now: string;
}
const IS_DUE = `select exists (select 1 from queue.schedules where next_at <= coalesce($1::timestamptz, clock_timestamp())) as due`;
const TAKE_DUE = `
select job, key, cron, timezone, payload, missed, covered_until as "coveredUntil", coalesce($1::timestamptz, clock_timestamp()) as now
from queue.schedules where next_at <= coalesce($1::timestamptz, clock_timestamp()) and job = any ($2) order by next_at limit 100 for update skip locked`;
const COVER = `
update queue.schedules set covered_until = $3::timestamptz, next_at = $4::timestamptz, last_at = coalesce($5::timestamptz, last_at),
  last_job = coalesce($6::uuid, last_job) where job = $1 and key = $2`;

/** The times in (after, now] that are owed. */
function owed({ cron, timezone, missed, coveredUntil }: DueRow, now: Date): Date[] {
  const times = cronOf(cron, timezone);
  const after = new Date(coveredUntil);
  if (missed === 'each') {
    const all: Date[] = [];
    for (let at = times.next(after); at <= now && all.length < MOST_MISSED; at = times.next(at)) all.push(at);
    return all;
  }
  const latest = times.latest(after, now);
  return latest === null || (missed === 'skip' && now.getTime() - latest.getTime() > DUE_MS) ? [] : [latest];
}

/**
 * Fires what is due, on whichever node comes first.
 * @param now stands in for the database's clock in tests.
 * @returns the jobs that got work.
 */
export async function fireSchedules(db: Database, jobs: ReadonlyMap<string, AnyJob>, now: Date | null = null): Promise<readonly string[]> {
  const at = now?.toISOString() ?? null;
  const { rows } = await db.run<{ due: boolean }>({ text: IS_DUE, values: [at] });
  if (!rows[0]!.due) return [];
  return db.transaction(async (tx) => {
    const fired = new Set<string>();
    for (const row of (await tx.run<DueRow>({ text: TAKE_DUE, values: [at, [...jobs.keys()]] })).rows) {
      const clock = new Date(row.now);
      let last: string | null = null;
      const times = owed(row, clock);
      for (const time of times) {
        const id = uuidv7();
        const data = JSON.stringify({ payload: row.payload, requestId: null, scheduledFor: time.toISOString() });
        // One waits at most, however long the queue was held up; `each` wants them all.
        const key = row.missed === 'each' ? `${row.key} ${time.toISOString()}` : row.key;
        tx.write(
          insertJob(queueOf(jobs.get(row.job)!), {
            id,
            data,
            priority: 0,
            key: `schedule ${key}`,
            group: null,
            startAt: null,
            delaySeconds: 0,
          }),
        );
        fired.add(row.job);
        last = id;
      }
      const next = cronOf(row.cron, row.timezone).next(clock).toISOString();
      tx.write({ text: COVER, values: [row.job, row.key, clock.toISOString(), next, times.at(-1)?.toISOString() ?? null, last] });
    }
    return [...fired];
  });
}
