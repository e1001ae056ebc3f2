import { type Page, type PageRequest, prepare, queryBuilder, type Runner, shaped, type Statement } from '@plinth/kit';
import { sql } from 'kysely';
import type { User, UserFilter } from './contract.ts';
import { shownColumns, type UserRow } from './repository.ts';
import type { Tables } from './tables.ts';

const build = queryBuilder<Tables>();

const ORDERS = {
  createdAt: { column: 'created_at', key: (row: UserRow) => row.createdAt },
  email: { column: 'email_normalized', key: (row: UserRow & { emailNormalized: string }) => row.emailNormalized },
  displayName: { column: 'display_name', key: (row: UserRow) => row.displayName },
} as const;
const orderOf = (sort: UserFilter['sort']) => ({
  ...ORDERS[sort.replace('-', '') as keyof typeof ORDERS],
  direction: sort.startsWith('-') ? ('desc' as const) : ('asc' as const),
});
/** `%` and `_` of the searcher are letters, not wildcards. */
const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

interface Values {
  status: string | undefined;
  kind: string | undefined;
  address: string | undefined;
  name: string | undefined;
  limit: number;
  offset: number;
  afterKey: string | number | undefined;
  afterId: string | number | undefined;
}
type Shape = Pick<UserFilter, 'q' | 'status' | 'kind' | 'sort'>;
type Bind = (key: keyof Values) => never;

function filtered({ q, status, kind }: Shape, bind: Bind) {
  let query = build.selectFrom('users.users');
  // Written out: there are few of them, and each has its own place in the plan, however often it is prepared.
  if (status !== undefined) query = query.where('status', '=', sql.lit(status));
  if (kind !== undefined) query = query.where('kind', '=', sql.lit(kind));
  if (q !== undefined)
    query = query.where((eb) => eb.or([eb('email_normalized', 'like', bind('address')), eb('display_name', 'ilike', bind('name'))]));
  return query;
}
const countOf = (shape: Shape) => prepare<Values>()((bind) => filtered(shape, bind as Bind).select(sql<number>`count(*)`.as('total')));
const byPage = (shape: Shape) =>
  prepare<Values>()((bind) => {
    const { column, direction } = orderOf(shape.sort);
    return filtered(shape, bind as Bind)
      .select(shownColumns)
      .select(countIn(shape, bind as Bind))
      .orderBy(column, direction)
      .orderBy('id', direction)
      .limit(bind('limit'))
      .offset(bind('offset'));
  });
const countIn = (shape: Shape, bind: Bind) =>
  filtered(shape, bind)
    .select(sql<number>`count(*)`.as('total'))
    .as('total');
const byCursor = (shape: Shape, first: boolean) =>
  prepare<Values>()((bind) => {
    const { column, direction } = orderOf(shape.sort);
    const beyond = direction === 'asc' ? sql`>` : sql`<`;
    const query = filtered(shape, bind as Bind)
      .select([...shownColumns, 'email_normalized as emailNormalized'])
      .orderBy(column, direction)
      .orderBy('id', direction)
      .limit(bind('limit'));
    return first ? query : query.where(sql<boolean>`(${sql.ref(column)}, id) ${beyond} (${bind('afterKey')}, ${bind('afterId')})`);
  });
const memo = shaped<Shape>(({ sort, q, status, kind }) => [sort, q !== undefined, status, kind]);
const statements: {
  byPage: (shape: Shape) => Statement<Values, UserRow & { total: number | null }>;
  count: (shape: Shape) => Statement<Values, { total: number }>;
  byCursor: (shape: Shape, first: boolean) => Statement<Values, UserRow & { emailNormalized: string }>;
} = { byPage: memo(byPage), count: memo(countOf), byCursor: memo(byCursor) };

/** Users, found: by page with an exact total, which has to count; by cursor without, at once among millions. */
export class UsersListRepository {
  async list(on: Runner, filter: UserFilter, paging: PageRequest): Promise<Page<User>> {
    const { q, status, kind, sort } = filter;
    const { limit } = paging;
    const values: Values = {
      status,
      kind,
      address: q === undefined ? undefined : containing(q.toLowerCase()),
      name: q === undefined ? undefined : containing(q),
      limit,
      offset: 0,
      afterKey: undefined,
      afterId: undefined,
    };
    if (paging.by === 'page') {
      const offset = (paging.page - 1) * limit;
      const rows = await statements.byPage(filter).all(on, { ...values, offset });
      // A page behind the last one has no row that could carry the total.
      const total = rows[0]?.total ?? (offset === 0 ? 0 : (await statements.count(filter).first(on, values))!.total);
      return { items: rows as unknown as User[], total };
    }
    const [afterKey, afterId] = paging.after ?? [];
    const rows = await statements.byCursor(filter, paging.after === null).all(on, { ...values, limit: limit + 1, afterKey, afterId });
    const last = rows.length > limit ? rows[limit - 1]! : null;
    return { items: rows.slice(0, limit) as unknown as User[], next: last && [orderOf(sort).key(last), last.id] };
  }
}
