import type { Cause } from '../cause.ts';
import type { Database } from '../database/database.ts';
import type { Subject } from '../definitions.ts';
import { runId } from '../jobs/insert.ts';
import type { Fact, FactRecord } from './fact.ts';
import { EVENT_COLUMNS, type EventRow, factOf } from './rows.ts';

/** A fact and where it came from. */
export interface LinkedFact extends Fact<unknown>, Pick<FactRecord, 'job' | 'outcome'> {
  /** Null: the request itself, or what led to it is no longer kept. */
  readonly cause: Cause | null;
}
/** Facts of any of these. */
export interface LinkQuery {
  readonly ids?: readonly string[];
  readonly positions?: readonly number[];
  readonly requestIds?: readonly string[];
  readonly subjects?: readonly Subject[];
  /** Of whatever type. */
  readonly subjectIds?: readonly string[];
}
/** Facts of a request are of one moment; those of a subject may be many: the newest of each. */
const SHOWN = `${EVENT_COLUMNS}, e.job, e.outcome, c.type as "causeType", c.cause_id as "causeId"`;
const CAUSES = 'left join log.causes c on c.fact_id = e.id';
// Each by its own index; the types of subjects are few, and looked up by skipping through the index over them.
export const LINKED_FACTS = `
with recursive types as (
  (select e.subject_type as type from log.events e where e.subject_id is not null and cardinality($5::text[]) > 0 order by e.subject_type limit 1)
  union all
  select (select e.subject_type from log.events e where e.subject_id is not null and e.subject_type > t.type order by e.subject_type limit 1)
  from types t where t.type is not null
), subjects as (
  select s.type, s.id from unnest($3::text[], $4::text[]) as s (type, id)
  union
  select t.type, i.id from types t cross join unnest($5::text[]) as i (id) where t.type is not null
), found as (
  select position from log.events where id = any ($1::uuid[])
  union
  select position from log.events where position = any ($6::bigint[])
  union
  select r.position from unnest($2::text[]) as q (id) cross join lateral (
    select e.position from log.events e where e.request_id = q.id order by e.position desc limit $7) r
  union
  select r.position from subjects s cross join lateral (
    select e.position from log.events e where e.subject_type = s.type and e.subject_id = s.id order by e.position desc limit $7) r
)
select ${SHOWN} from (select position from found order by position desc limit $7) f join log.events e using (position) ${CAUSES} order by e.position`;
type Row = EventRow & Pick<LinkedFact, 'job' | 'outcome'> & { readonly causeType: Cause['type'] | null; readonly causeId: string | null };

const linkedOf = (row: Row): LinkedFact => ({
  ...factOf(row),
  job: row.job,
  outcome: row.outcome,
  cause: row.causeType === null || row.causeId === null ? null : { type: row.causeType, id: row.causeId },
});

/** @param limit of them the newest so many. @returns them oldest first, without personal data. */
export async function linkedFacts(db: Database, query: LinkQuery, limit: number): Promise<LinkedFact[]> {
  const { ids = [], positions = [], requestIds = [], subjects = [], subjectIds = [] } = query;
  const [types, ofType] = [subjects.map(([type]) => type), subjects.map(([, id]) => id)];
  const { rows } = await db.run<Row>({ text: LINKED_FACTS, values: [ids, requestIds, types, ofType, subjectIds, positions, limit] });
  return rows.map(linkedOf);
}

/** One handler that has reacted to one fact. */
export interface HandledFact {
  readonly handler: string;
  readonly factId: string;
  readonly at: string;
  /** Of the job that did it. */
  readonly jobId: string;
}
export const HANDLED_FACTS = `
select h.handler, h.fact_id as "factId", h.handled_at as at, ${runId('h.handler', 'e.position')} as "jobId"
from log.handled h join log.events e on e.id = h.fact_id
where h.handler = any ($1::text[]) and h.fact_id = any ($2::uuid[]) order by h.handled_at limit $3`;
/** That they have, when the job that did it is no longer kept. */
export const handledFacts = async (
  db: Database,
  handlers: readonly string[],
  ids: readonly string[],
  limit: number,
): Promise<HandledFact[]> =>
  handlers.length === 0 || ids.length === 0
    ? []
    : (await db.run<HandledFact>({ text: HANDLED_FACTS, values: [handlers, ids, limit] })).rows;
