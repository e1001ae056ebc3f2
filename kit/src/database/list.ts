import { type SelectQueryBuilder, sql, type SqlBool, type StringReference } from 'kysely';
import type { Visible } from '../caller.ts';
import type { Page, PageRequest } from '../operation.ts';
import { type Bind, prepare, prepareVisible, type Runner, shaped } from './statement.ts';

/** What a list is ordered by. */
export interface ListOrder<Column, Row> {
  /** Columns; no two rows have the same in all of them, or a page would begin in the middle of those that do. */
  readonly by: readonly Column[];
  readonly direction: 'asc' | 'desc';
  /** Their values in a row: a cursor holds those of the last one of its page. */
  readonly key: (row: Row) => readonly (string | number)[];
}
/** A filter as its statement binds it: only what is given. */
type Given<Filter> = { [K in keyof Filter]-?: NonNullable<Filter[K]> };
type Where = Pick<Visible, 'where'>;
interface List<Filter, Shape, DB, Table extends keyof DB, Row, Item, Rule extends readonly unknown[]> {
  /**
   * All of a filter that the statement's text depends on, from closed sets: whether it names a word, not which one. A statement is
   * compiled for each, and stays in memory. Without: there is one.
   */
  readonly shape?: (filter: Filter) => Shape;
  /** What is listed, with its columns, neither ordered nor cut. */
  readonly rows: (shape: Shape, bind: Bind<Given<Filter>>, ...visible: Rule) => SelectQueryBuilder<DB, Table, Row>;
  readonly order: (shape: Shape) => ListOrder<StringReference<DB, Table>, Row>;
  /** What becomes of a row. Without: it stays as it is. */
  readonly as?: (row: Row) => Item;
}
type Read<Row> = (on: Runner, values: object, visible: Visible | undefined) => Promise<Row[]>;
type Build = (bind: Bind<Record<string, never>>, visible: Where) => SelectQueryBuilder<never, never, unknown>;
type Counted = Record<typeof TOTAL, number>;

// Names that no filter and no table has.
const [LIMIT, OFFSET, TOTAL] = ['$limit', '$offset', '$total'] as const;
const afterOf = (index: number): string => `$after${index}`;

function pagesOf<Filter extends object, Shape extends object, DB, Table extends keyof DB, Row, Item>(
  { shape: shapeOf, rows, order, as }: List<Filter, Shape, DB, Table, Row, Item, [visible: Where]>,
  read: <Result>(build: Build) => Read<Result>,
) {
  type Query = SelectQueryBuilder<DB, Table, Row>;
  const made = shaped<Shape>((shape) => Object.values(shape));
  const query = <Result>(finish: (query: Query, bind: Bind<Record<string, never>>) => unknown, shape: Shape): Read<Result> =>
    read((bind, visible) => finish(rows(shape, bind as never, visible), bind) as SelectQueryBuilder<never, never, unknown>);
  const total = (of: Query) => of.clearSelect().select(sql<number>`count(*)`.as(TOTAL));
  const ordered = (of: Query, shape: Shape): Query => {
    const { by, direction } = order(shape);
    return by.reduce<Query>((some, column) => some.orderBy(sql.ref(column), direction), of);
  };
  const byPage = made((shape) =>
    query<Row & Counted>((all, bind) => ordered(all, shape).select(total(all).as(TOTAL)).limit(bind(LIMIT)).offset(bind(OFFSET)), shape),
  );
  const count = made((shape) => query<Counted>(total, shape));
  const byCursor = made((shape, first) =>
    query<Row>((all, bind) => {
      const { by, direction } = order(shape);
      const some = ordered(all, shape).limit(bind(LIMIT));
      const beyond = sql<SqlBool>`(${sql.join(by.map((column) => sql.ref(column)))}) ${direction === 'asc' ? sql`>` : sql`<`} (${sql.join(by.map((_, i) => bind(afterOf(i))))})`; // prettier-ignore
      return first ? some : some.where(beyond);
    }, shape),
  );
  const itemsOf = (found: Row[]): Item[] => (as ? found.map((row) => as(row)) : (found as never));

  return async (on: Runner, visible: Visible | undefined, filter: Filter, paging: PageRequest): Promise<Page<Item>> => {
    const shape = shapeOf?.(filter) ?? ({} as Shape);
    const { limit } = paging;
    if (paging.by === 'page') {
      const offset = (paging.page - 1) * limit;
      const found = await byPage(shape)(on, { ...filter, [LIMIT]: limit, [OFFSET]: offset }, visible);
      // A page beyond the end has no row to carry the total.
      const counted = found[0] ?? (offset === 0 ? { [TOTAL]: 0 } : (await count(shape)(on, filter, visible))[0]!);
      return { items: itemsOf(found.map(uncounted)), total: counted[TOTAL] };
    }
    const after = Object.fromEntries((paging.after ?? []).map((value, index) => [afterOf(index), value]));
    const found = await byCursor(shape, paging.after === null)(on, { ...filter, ...after, [LIMIT]: limit + 1 }, visible);
    const last = found.length > limit ? found[limit - 1]! : null;
    return { items: itemsOf(found.slice(0, limit)), next: last && keyOf(order(shape), last) };
  };
}

function uncounted<Row>(row: Row & Counted): Row {
  const { [TOTAL]: _total, ...rest } = row;
  return rest as Row;
}

function keyOf<Row>({ by, key }: ListOrder<unknown, Row>, row: Row): readonly (string | number)[] {
  const values = key(row);
  if (values.length !== by.length) throw new Error(`a list ordered by ${by.length} columns has a key of ${values.length}`);
  return values;
}

/**
 * A list as an operation with `paged` asks for it: by page with its exact total, by cursor without.
 * ```
 * const list = prepareList<{ q: string | undefined }>()({
 *   shape: ({ q }) => ({ q: q !== undefined }),
 *   rows({ q }, bind) {
 *     const rows = build.selectFrom('lamps.lamps').select(lampsColumns);
 *     return q ? rows.where('name', '=', bind('q')) : rows;
 *   },
 *   order: () => ({ by: ['created_at', 'id'], direction: 'desc', key: ({ createdAt, id }) => [createdAt, id] }),
 * });
 * const page = await list.page(db, { q: 'lamp' }, call.paging);
 * ```
 * Its filter's values are bound by their names; give each list an index that has the columns of its order.
 */
export const prepareList =
  <Filter extends object>() =>
  <Shape extends object, DB, Table extends keyof DB, Row, Item = Row>(list: List<Filter, Shape, DB, Table, Row, Item, []>) => {
    const page = pagesOf(list, <Result>(build: Build) => {
      const statement = prepare<object>()((bind) => build(bind as never, undefined as never));
      return async (on: Runner, values: object) => (await statement.all(on, values)) as Result[];
    });
    return {
      page: (on: Runner, filter: Filter, paging: PageRequest): Promise<Page<Item>> => page(on, undefined, filter, paging),
    };
  };

/** As `prepareList`, for operations whose rule names `own` or `scope`: `rows: (shape, bind, visible) => all.where(visible.where({ owner: 'orders.orders.owner_id' }))`. */
export const prepareVisibleList =
  <Filter extends object>() =>
  <Shape extends object, DB, Table extends keyof DB, Row, Item = Row>(
    list: List<Filter, Shape, DB, Table, Row, Item, [visible: Where]>,
  ) => {
    const page = pagesOf(list, <Result>(build: Build) => {
      const statement = prepareVisible<object>()((bind, visible) => build(bind as never, visible));
      return async (on: Runner, values: object, visible: Visible | undefined) => (await statement.all(on, visible!, values)) as Result[];
    });
    return {
      page: (on: Runner, visible: Visible, filter: Filter, paging: PageRequest): Promise<Page<Item>> => page(on, visible, filter, paging),
    };
  };
