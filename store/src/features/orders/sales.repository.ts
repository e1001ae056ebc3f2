import { type Bind, prepare, queryBuilder, type Runner, shaped, type Statement } from '@plinth/kit';
import { sql, type SqlBool } from 'kysely';
import { type Tables } from './tables.ts';
import type { OrderState } from './transitions.ts';

const build = queryBuilder<Tables>();

/** Which orders: those that were paid, from one time to before another. */
export interface SalesQuery {
  /** Only this buyer's; null: everybody's. */
  readonly ownerId: string | null;
  readonly from: string | null;
  readonly to: string | null;
}
/** A line of a paid order. */
export interface SoldRow {
  readonly orderId: string;
  readonly number: string;
  readonly state: OrderState;
  readonly ownerId: string;
  readonly currency: string;
  readonly total: number;
  readonly refunded: number;
  readonly chargedBack: number;
  readonly paidAt: string;
  readonly fulfilledAt: string | null;
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  readonly unitAmount: number;
  readonly quantity: number;
}
/** The last order of the page before. */
export type SalesCursor = readonly [paidAt: string, orderId: string];
interface Values {
  ownerId: string;
  from: string;
  to: string;
  afterAt: string;
  afterId: string;
  limit: number;
}

function paid({ ownerId, from, to }: SalesQuery, bind: Bind<Values>) {
  let query = build.selectFrom('orders.orders').where('paid_at', 'is not', null);
  if (ownerId !== null) query = query.where('owner_id', '=', bind('ownerId'));
  if (from !== null) query = query.where('paid_at', '>=', bind('from'));
  if (to !== null) query = query.where('paid_at', '<', bind('to'));
  return query;
}
// A page of orders with all their lines: what is spread over the lines of an order needs them together.
const pageOf = (shape: SalesQuery, first: boolean) =>
  prepare<Values>()((bind) => {
    let orders = paid(shape, bind)
      .select(['id', 'number', 'state', 'owner_id', 'currency', 'total', 'refunded', 'charged_back', 'paid_at', 'fulfilled_at'])
      .orderBy('paid_at')
      .orderBy('id')
      .limit(bind('limit'));
    if (!first) orders = orders.where(sql<SqlBool>`(paid_at, id) > (${bind('afterAt')}::timestamptz, ${bind('afterId')}::uuid)`);
    return build
      .selectFrom(orders.as('sold'))
      .innerJoin('orders.order_lines as line', 'line.order_id', 'sold.id')
      .select(['sold.id as orderId', 'sold.number', 'sold.state', 'sold.owner_id as ownerId', 'sold.currency', 'sold.total'])
      .select([
        'sold.refunded',
        'sold.charged_back as chargedBack',
        'sold.paid_at as paidAt',
        'sold.fulfilled_at as fulfilledAt',
        'line.product_id as productId',
      ])
      .select(['line.sku', 'line.name', 'line.unit_amount as unitAmount', 'line.quantity'])
      .orderBy('sold.paid_at')
      .orderBy('sold.id')
      .orderBy('line.position');
  });
const countOf = (shape: SalesQuery) =>
  prepare<Values>()((bind) =>
    build
      .selectFrom(
        paid(shape, bind)
          .select(sql<number>`1`.as('one'))
          .limit(bind('limit'))
          .as('some'),
      )
      .select(sql<number>`count(*)`.as('orders')),
  );
const memo = shaped<SalesQuery>(({ ownerId, from, to }) => [ownerId !== null, from !== null, to !== null]);
const statements: {
  page: (shape: SalesQuery, first: boolean) => Statement<Values, SoldRow>;
  count: (shape: SalesQuery) => Statement<Values, { orders: number }>;
} = { page: memo(pageOf) as never, count: memo(countOf) };

const valuesOf = ({ ownerId, from, to }: SalesQuery, [afterAt, afterId]: SalesCursor | readonly [], limit: number): Values =>
  ({ ownerId, from, to, afterAt, afterId, limit }) as Values; // statements name only those that their shape has

/** What was sold, for those who read all of it: on a snapshot, so that its pages are of one moment. */
export class SalesRepository {
  /** Lines of so many orders, oldest payment first. */
  page(on: Runner, query: SalesQuery, after: SalesCursor | null, orders: number): Promise<SoldRow[]> {
    return statements.page(query, after === null).all(on, valuesOf(query, after ?? [], orders));
  }
  /** Orders, counted up to so many. */
  async count(on: Runner, query: SalesQuery, most: number): Promise<number> {
    return (await statements.count(query).first(on, valuesOf(query, [], most)))!.orders;
  }
}
