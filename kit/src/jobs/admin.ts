import type { Database } from '../database/database.ts';
import type { Runner } from '../database/statement.ts';
import type { Tx } from '../database/transaction.ts';
import type { Catalog } from '../feature.ts';
import type { Page, PageRequest } from '../operation.ts';
import { COLUMNS } from './columns.ts';
import { type JobLinks, linkedJobs, type LinkedJob } from './links.ts';
import { DEAD_QUEUE, queuesOf } from './queues.ts';
import { cronOf } from './schedules.ts';

/** `retrying` waits for its next attempt; `failed` has none left, and is a dead letter. */
export type JobState = 'waiting' | 'retrying' | 'running' | 'completed' | 'cancelled' | 'failed';
export interface JobRecord {
  readonly id: string;
  readonly job: string;
  readonly state: JobState;
  readonly priority: number;
  /** Runs that were begun. */
  readonly attempt: number;
  readonly attempts: number;
  readonly key: string | null;
  readonly group: string | null;
  readonly createdAt: string;
  readonly runAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly requestId: string | null;
  readonly payload: unknown;
  /** What the last run left: its output, its error, or its progress while it runs. */
  readonly output: unknown;
}
export interface JobQuery {
  readonly job?: string | undefined;
  readonly state?: JobState | undefined;
}
export interface QueueRecord {
  readonly job: string;
  readonly paused: boolean;
  /** Could run now. */
  readonly ready: number;
  /** Waits for its time or its next attempt. */
  readonly delayed: number;
  readonly running: number;
  readonly dead: number;
  /** Of those that could run now: how long the oldest has waited. */
  readonly oldestSeconds: number | null;
}
export interface ScheduleRecord {
  readonly job: string;
  readonly cron: string;
  readonly timezone: string;
  readonly missed: string;
  readonly lastAt: string | null;
  readonly lastJob: string | null;
  /** The next times, soonest first. */
  readonly next: readonly string[];
}
/** Which dead letters: by id, or all of one job or of every job. */
export interface RedriveQuery {
  readonly ids?: readonly string[];
  readonly job?: string;
}
/** For administrators: needs no worker on this node. */
export interface JobAdmin {
  /** Of every queue: the jobs of the catalogue, and the two that run handlers. */
  readonly names: readonly string[];
  /** Newest first. */
  search(query: JobQuery, page: PageRequest): Promise<Page<JobRecord>>;
  find(id: string, tx?: Tx): Promise<JobRecord | undefined>;
  /** Which of these jobs of the catalogue wait, wait again or run: nothing will come of the others any more, or it has come. */
  unfinished(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Jobs that belong together, with what led to each: for the timeline. At most so many, in no order. */
  linked(links: JobLinks, limit: number): Promise<LinkedJob[]>;
  /** Runs it now: one that waits, failed or was cancelled. @returns its state before; undefined when there is none such. */
  retry(tx: Tx, id: string): Promise<JobState | undefined>;
  /** What waits never runs; the signal of what runs fires within a second on whichever node. @returns its state before. */
  cancel(tx: Tx, id: string): Promise<JobState | undefined>;
  /** Gives dead letters all their attempts again, under their own ids, the oldest first. @returns how many, at most 1000. */
  redrive(tx: Tx, query: RedriveQuery): Promise<number>;
  /** No run begins; those that run end. On every node within a second. @returns whether that changed anything. */
  pause(tx: Tx, job: string, paused: boolean): Promise<boolean>;
  queues(): Promise<QueueRecord[]>;
  schedules(): Promise<ScheduleRecord[]>;
}

const STORED: Readonly<Record<JobState, string>> = {
  waiting: 'created',
  retrying: 'retry',
  running: 'active',
  completed: 'completed',
  cancelled: 'cancelled',
  failed: 'failed',
};
// Each queue's newest by the index, then the newest of them: no index orders all queues together.
const SEARCH = `
select r.* from unnest($1::text[]) as q (name) cross join lateral (
  select ${COLUMNS} from pgboss.job_common j where j.name = q.name and ($2::text is null or j.state = $2::text::pgboss.job_state)
    and ($3::timestamptz is null or (j.created_on, j.id) < ($3::timestamptz, $4::uuid))
  order by j.created_on desc, j.id desc limit $5::int + $6::int) r
order by "createdAt" desc, id desc limit $5 offset $6`;
const COUNT = `
select count(*) as total from pgboss.job_common j where j.name = any ($1::text[]) and ($2::text is null or j.state = $2::text::pgboss.job_state)`;
// The job itself is kept for days; its dead letter for a year.
const FIND = `
select ${COLUMNS} from pgboss.job_common j where j.id = $1::uuid and j.name <> '${DEAD_QUEUE}'
union all
select j.source_id, j.source_name, 'failed', j.priority, coalesce(j.source_retry_count, 0) + 1, coalesce(j.source_retry_count, 0) + 1, j.singleton_key, j.group_id,
  j.source_created_on, j.source_created_on, null, j.created_on, j.data->>'requestId', case when j.data ? 'payload' then j.data->'payload' else j.data end, j.source_output
from pgboss.job_common j where j.name = '${DEAD_QUEUE}' and j.source_id = $1::uuid
limit 1`;
const UNFINISHED = `select id from pgboss.job_common where id = any ($1::uuid[]) and name = any ($2::text[]) and state <= 'active'`;

const AGAIN = `
with before as (select name, id, state from pgboss.job_common where id = $1::uuid and name = any ($2::text[]) and state in ('created', 'retry', 'cancelled') for update)
update pgboss.job_common j set state = case when j.state <> 'cancelled' then j.state when j.policy = 'key_strict_fifo' then 'created' else 'retry' end, start_after = now(), completed_on = null,
  retry_count = case when j.state = 'cancelled' then 0 else j.retry_count end, started_on = case when j.state = 'cancelled' then null else j.started_on end
from before b where j.name = b.name and j.id = b.id returning b.state::text as state`;
const CANCEL = `
with before as (select name, id, state from pgboss.job_common where id = $1::uuid and name = any ($2::text[]) and state not in ('completed', 'cancelled') for update),
dead as (delete from pgboss.job_common d using before b where d.name = '${DEAD_QUEUE}' and d.source_id = b.id)
update pgboss.job_common j set state = 'cancelled', completed_on = now() from before b where j.name = b.name and j.id = b.id returning b.state::text as state`;
// The job that died gets up again where it lies; where it is deleted already, it is made anew from its dead letter. Both keep
// the id: who remembers it, to do things once, still does.
const REDRIVE = `
with picked as (
  select d.id, d.source_name, d.source_id, d.data, d.priority, d.singleton_key, d.group_id from pgboss.job_common d
  where d.name = '${DEAD_QUEUE}' and d.state < 'active' and d.source_name = any ($1::text[]) and ($2::uuid[] is null or d.source_id = any ($2::uuid[]))
  order by d.created_on limit 1000 for update skip locked
), risen as (
  update pgboss.job_common j set state = 'retry', retry_count = 0, retry_limit = q.retry_limit, started_on = null, completed_on = null, output = null, start_after = now()
  from picked p join pgboss.queue q on q.name = p.source_name
  where j.name = p.source_name and j.id = p.source_id and j.state = 'failed' returning j.name, j.id
), made as (
  insert into pgboss.job_common (id, name, data, priority, retry_limit, retry_backoff, retry_delay, retry_delay_max, expire_seconds, deletion_seconds,
    heartbeat_seconds, dead_letter, policy, singleton_key, group_id, keep_until)
  select p.source_id, p.source_name, p.data, p.priority, q.retry_limit, q.retry_backoff, q.retry_delay, q.retry_delay_max, q.expire_seconds, q.deletion_seconds,
    q.heartbeat_seconds, q.dead_letter, q.policy, p.singleton_key, p.group_id, now() + q.retention_seconds * interval '1 second'
  from picked p join pgboss.queue q on q.name = p.source_name
  where not exists (select 1 from pgboss.job_common j where j.name = p.source_name and j.id = p.source_id)
  on conflict do nothing returning name, id
), back as (select * from risen union all select * from made)
delete from pgboss.job_common d using picked p where d.name = '${DEAD_QUEUE}' and d.id = p.id
  and exists (select 1 from back b where b.name = p.source_name and b.id = p.source_id)`;
const PAUSE = `insert into queue.paused (job) values ($1) on conflict do nothing`;
const RESUME = `delete from queue.paused where job = $1`;
const QUEUES = `
select q.name as job, p.job is not null as paused,
  (select count(*) from pgboss.job_common j where j.name = q.name and j.state < 'active' and j.start_after <= now()) as ready,
  (select count(*) from pgboss.job_common j where j.name = q.name and j.state < 'active' and j.start_after > now()) as delayed,
  (select count(*) from pgboss.job_common j where j.name = q.name and j.state = 'active') as running,
  coalesce(d.dead, 0) as dead,
  (select extract(epoch from now() - min(j.start_after))::float8 from pgboss.job_common j
    where j.name = q.name and j.state < 'active' and j.start_after <= now()) as "oldestSeconds"
from unnest($1::text[]) as q (name) left join queue.paused p on p.job = q.name
left join (select source_name, count(*) as dead from pgboss.job_common where name = '${DEAD_QUEUE}' group by source_name) d on d.source_name = q.name
order by q.name`;
const SCHEDULES = `
select job, cron, timezone, missed, last_at as "lastAt", last_job as "lastJob", now() as now, next_at as next from queue.schedules order by job, key`;
const NEXT_TIMES = 5;

export function createJobAdmin(db: Database, catalog: Catalog, wake: (queue?: string) => void): JobAdmin {
  const names = queuesOf(catalog).map(({ name }) => name);
  const states = new Map(Object.entries(STORED).map(([state, stored]) => [stored, state as JobState]));
  const of = (job: string | undefined): string[] => (job === undefined ? names : [job]);
  const redrive = async (tx: Runner & Pick<Tx, 'onCommit'>, { ids, job }: RedriveQuery): Promise<number> => {
    const { rowCount } = await tx.run({ text: REDRIVE, values: [of(job), ids ?? null] });
    tx.onCommit(() => wake(job));
    return rowCount;
  };
  const change = async (tx: Tx, text: string, id: string): Promise<JobState | undefined> =>
    states.get((await tx.run<{ state: string }>({ text, values: [id, names] })).rows[0]?.state ?? '');
  return {
    names,
    async search({ job, state }, page) {
      const which = [of(job), state === undefined ? null : STORED[state]];
      const [at = null, id = null] = page.by === 'cursor' && page.after ? page.after : [];
      const [limit, offset] = page.by === 'cursor' ? [page.limit + 1, 0] : [page.limit, (page.page - 1) * page.limit];
      const { rows } = await db.run<JobRecord>({ text: SEARCH, values: [...which, at, id, limit, offset] });
      if (page.by === 'page') {
        const counted = await db.run<{ total: number }>({ text: COUNT, values: which });
        return { items: rows, total: counted.rows[0]!.total };
      }
      const items = rows.slice(0, page.limit);
      const last = items.at(-1);
      return { items, next: rows.length > page.limit && last ? [last.createdAt, last.id] : null };
    },
    async find(id, tx) {
      return (await (tx ?? db).run<JobRecord>({ text: FIND, values: [id] })).rows[0];
    },
    async unfinished(ids) {
      const { rows } = await db.run<{ id: string }>({ text: UNFINISHED, values: [ids, names] });
      return new Set(rows.map(({ id }) => id));
    },
    linked: (links, limit) => linkedJobs(db, names, links, limit),
    async retry(tx, id) {
      if ((await redrive(tx, { ids: [id] })) > 0) return 'failed';
      tx.onCommit(() => wake());
      return change(tx, AGAIN, id);
    },
    cancel: (tx, id) => change(tx, CANCEL, id),
    redrive,
    async pause(tx, job, paused) {
      const { rowCount } = await tx.run({ text: paused ? PAUSE : RESUME, values: [job] });
      return rowCount > 0;
    },
    async queues() {
      return (await db.run<QueueRecord>({ text: QUEUES, values: [names] })).rows;
    },
    async schedules() {
      const { rows } = await db.run<Omit<ScheduleRecord, 'next'> & { now: string; next: string }>({ text: SCHEDULES, values: [] });
      return rows.map(({ now, next, job, cron: expression, timezone, missed, lastAt, lastJob }) => {
        const cron = cronOf(expression, timezone);
        const times = [new Date(next)];
        while (times.length < NEXT_TIMES) times.push(cron.next(new Date(Math.max(times.at(-1)!.getTime(), Date.parse(now)))));
        return { job, cron: expression, timezone, missed, lastAt, lastJob, next: times.map((time) => time.toISOString()) };
      });
    },
  };
}
