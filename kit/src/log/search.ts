import type { Database } from '../database/database.ts';
import type { Runner } from '../database/statement.ts';
import type { Page, PageRequest } from '../operation.ts';
import type { FactRecord } from './fact.ts';
import type { FactQuery, ReadFrom } from './log.ts';
import { EVENT_COLUMNS, type EventRow, factOf, RECORD_COLUMNS, type RecordRow, recordOf } from './rows.ts';

const FROM = 'from log.events e left join log.personal p on p.seq = e.seq';

interface Condition {
  readonly text: string;
  readonly values: unknown[];
}
/** Only the parts that are given: each combination is a text of its own, with a plan of its own. */
function conditionOf(query: FactQuery): Condition {
  const values: unknown[] = [];
  const parts: string[] = [];
  const add = (column: string, operator: string, value: unknown): void => {
    if (value === undefined) return;
    values.push(value);
    parts.push(`e.${column} ${operator} $${values.length}`);
  };
  add('actor', '=', query.actor);
  add('subject_type', '=', query.subjectType);
  add('subject_id', '=', query.subjectId);
  add('organization', '=', query.organization);
  add('request_id', '=', query.requestId);
  add('outcome', '=', query.outcome);
  add('occurred_at', '>=', query.from);
  add('occurred_at', '<', query.to);
  const family = query.name?.endsWith('.*');
  if (family) add('name', 'like', `${query.name!.slice(0, -1).replace(/[\\%_]/g, '\\$&')}%`);
  else add('name', '=', query.name);
  if (query.names) {
    values.push(query.names);
    parts.push(`e.name = any($${values.length}::text[])`);
  }
  return { text: parts.length > 0 ? parts.join(' and ') : 'true', values };
}

export async function searchFacts(db: Database, query: FactQuery, page: PageRequest): Promise<Page<FactRecord>> {
  const { text, values } = conditionOf(query);
  const n = values.length;
  if (page.by === 'cursor') {
    const after = page.after === null ? null : Number(page.after[0]);
    const older = after === null ? '' : ` and e.position < $${n + 2}`;
    const { rows } = await db.run<RecordRow>({
      text: `select ${RECORD_COLUMNS} ${FROM} where ${text}${older} order by e.position desc limit $${n + 1}`,
      values: [...values, page.limit + 1, ...(after === null ? [] : [after])],
    });
    const items = rows.slice(0, page.limit).map(recordOf);
    return { items, next: rows.length > page.limit ? [items.at(-1)!.position] : null };
  }
  const { rows } = await db.run<RecordRow & { total: number }>({
    text: `select ${RECORD_COLUMNS}, (select count(*) from log.events e where ${text}) as total ${FROM} where ${text} order by e.position desc limit $${n + 1} offset $${n + 2}`,
    values: [...values, page.limit, (page.page - 1) * page.limit],
  });
  const total = rows[0]?.total ?? (page.page === 1 ? 0 : await count(db, { text, values }));
  return { items: rows.map(recordOf), total };
}

const count = async (db: Database, { text, values }: Condition): Promise<number> =>
  (await db.run<{ total: number }>({ text: `select count(*) as total from log.events e where ${text}`, values })).rows[0]!.total;

export async function readFacts(on: Runner, { after, upTo, limit }: ReadFrom, query: FactQuery = {}) {
  const { text, values } = conditionOf(query);
  const n = values.length;
  const until = upTo === undefined ? '' : ` and e.position <= $${n + 3}`;
  const { rows } = await on.run<EventRow>({
    text: `select ${EVENT_COLUMNS} from log.events e where ${text} and e.position > $${n + 1}${until} order by e.position limit $${n + 2}`,
    values: [...values, after, limit, ...(upTo === undefined ? [] : [upTo])],
  });
  return rows.map(factOf);
}
export async function headOf(on: Runner): Promise<number> {
  const { rows } = await on.run<{ head: number }>({ text: 'select coalesce(max(position), 0) as head from log.events', values: [] });
  return rows[0]!.head;
}

export async function getFact(db: Database, reference: number | string): Promise<FactRecord | undefined> {
  const by = typeof reference === 'number' ? 'e.position = $1::bigint' : 'e.id = $1::uuid';
  const { rows } = await db.run<RecordRow>({ text: `select ${RECORD_COLUMNS} ${FROM} where ${by}`, values: [reference] });
  return rows[0] && recordOf(rows[0]);
}

const PAGE = 500;
const WINDOW = 5000;
const WIDEST = 100_000;
/**
 * Every fact that the query asks for and that is in the log now, oldest first, with a page in memory. Each statement looks at a
 * bounded range of positions, so that a query which finds little is no long statement.
 */
export async function* scanFacts(db: Database, query: FactQuery): AsyncGenerator<FactRecord> {
  const { text, values } = conditionOf(query);
  const n = values.length;
  const [bounds] = (
    await db.run<{ first: number | null; last: number }>({
      text: 'select (select min(position) from log.events) as first, position as last from log.cursor',
      values: [],
    })
  ).rows;
  const { first, last } = bounds!;
  let window = WINDOW;
  for (let after = (first ?? last + 1) - 1; after < last;) {
    const end = Math.min(last, after + window);
    const { rows } = await db.run<RecordRow>({
      text: `select ${RECORD_COLUMNS} ${FROM} where ${text} and e.position > $${n + 1} and e.position <= $${n + 2} order by e.position limit ${PAGE}`,
      values: [...values, after, end],
    });
    for (const row of rows) yield recordOf(row);
    const full = rows.length === PAGE;
    after = full ? rows.at(-1)!.position : end;
    window = full ? WINDOW : Math.min(window * 2, WIDEST);
  }
}
