import type { Cause, SentMail } from '../cause.ts';
import type { Database } from '../database/database.ts';
import type { JobRecord } from './admin.ts';
import { COLUMNS } from './columns.ts';
import { runId } from './insert.ts';
import { DEAD_QUEUE } from './queues.ts';

/** A job and where it came from. */
export interface LinkedJob extends Omit<JobRecord, 'output'> {
  readonly cause: Cause | null;
  /** The operation of the request that it was enqueued in. */
  readonly operation: string | null;
  /** The handler and the position of the fact that it reacts to; null for other jobs. */
  readonly handler: string | null;
  readonly position: number | null;
  readonly mails: readonly SentMail[];
}
export interface JobLinks {
  readonly ids?: readonly string[];
  readonly requestIds?: readonly string[];
  /** Runs of these handlers for these facts. */
  readonly runs?: readonly { readonly handler: string; readonly position: number }[];
}
const MORE = `j.data->'cause' as cause, j.data->>'operation' as operation, j.data->>'handler' as handler, (j.data->>'position')::bigint as position,
  j.output->'mails' as mails`;
// By primary key, and by the index over requests; a job that is deleted already may have a dead letter still.
export const LINKED_JOBS = `
with wanted as (
  select unnest($1::uuid[]) as id
  union
  select ${runId('r.handler', 'r.position')} from unnest($2::text[], $3::bigint[]) as r (handler, position)
), found as (
  select j.name, j.id from wanted w join pgboss.job_common j on j.name = any ($5::text[]) and j.id = w.id
  union
  select r.name, r.id from unnest($4::text[]) as q (id) cross join lateral (
    select j.name, j.id from pgboss.job_common j where j.data->>'requestId' = q.id order by j.created_on desc limit $6) r
)
select ${COLUMNS}, ${MORE}, null::uuid as "deadOf", null::text as "deadName"
from (select f.name, f.id from found f where f.name <> '${DEAD_QUEUE}' limit $6) f join pgboss.job_common j on j.name = f.name and j.id = f.id
union all
select ${COLUMNS}, ${MORE}, j.source_id, j.source_name
from found f join pgboss.job_common j on j.name = f.name and j.id = f.id
where f.name = '${DEAD_QUEUE}' and not exists (select 1 from pgboss.job_common l where l.name = j.source_name and l.id = j.source_id)`;
type Row = Omit<LinkedJob, 'mails'> & { readonly mails: unknown; readonly deadOf: string | null; readonly deadName: string | null };

const linkedOf = ({ deadOf, deadName, mails, ...row }: Row): LinkedJob => ({
  ...row,
  ...(deadOf !== null && deadName !== null && { id: deadOf, job: deadName, state: 'failed' as const }),
  mails: Array.isArray(mails) ? (mails as SentMail[]) : [],
});

/** @returns in no order; those that succeeded are kept for a week (runs of handlers: an hour), dead letters for a year. */
export async function linkedJobs(db: Database, names: readonly string[], links: JobLinks, limit: number): Promise<LinkedJob[]> {
  const { ids = [], requestIds = [], runs = [] } = links;
  const values = [ids, runs.map(({ handler }) => handler), runs.map(({ position }) => position), requestIds, names, limit];
  const { rows } = await db.run<Row>({ text: LINKED_JOBS, values });
  return rows.map(linkedOf);
}
