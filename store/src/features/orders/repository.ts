import {
  type Database,
  type Page,
  type PageRequest,
  prepare,
  prepareVisible,
  prepareVisibleList,
  queryBuilder,
  type Runner,
  type Tx,
  type Visible,
} from '@plinth/kit';
import { type Generated, sql, type SqlBool } from 'kysely';
import type { OrderFilter, Step } from './contract.ts';
import { orderLinesColumns, ordersColumns, type Tables } from './tables.ts';
import type { OrderState } from './transitions.ts';

type Row = Tables['orders.orders'];
/** What the transitions allow, said to the compiler. */
const build = queryBuilder<Omit<Tables, 'orders.orders'> & { 'orders.orders': Omit<Row, 'state'> & { state: Generated<OrderState> } }>();

export interface OrderRow {
  readonly id: string;
  readonly number: string;
  readonly ownerId: string;
  readonly cartId: string | null;
  readonly paymentId: string | null;
  readonly state: OrderState;
  readonly currency: string;
  readonly total: number;
  readonly refunded: number;
  readonly disputes: number;
  readonly chargedBack: number;
  readonly version: number;
  readonly placedAt: string;
  readonly expiresAt: string;
  readonly paidAt: string | null;
  readonly fulfilledAt: string | null;
  readonly processingSince: string | null;
  readonly updatedAt: string;
}
export interface NewRow extends Pick<OrderRow, 'id' | 'number' | 'ownerId' | 'cartId' | 'currency' | 'total'> {
  /** Unpaid for so long, it ends. */
  readonly minutes: number;
}
export interface LineRow {
  readonly orderId: string;
  readonly position: number;
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  readonly unitAmount: number;
  readonly quantity: number;
}

const owned = { owner: 'orders.orders.owner_id' };
const all = build.selectFrom('orders.orders').select(ordersColumns);
const now = sql<string>`now()`;
type Id = { id: string };

// ---- One order --------------------------------------------------------------------------------------

const find = prepare<Id>()((bind) => all.where('id', '=', bind('id')));
const findVisible = prepareVisible<Id>()((bind, visible) => all.where('id', '=', bind('id')).where(visible.where(owned)));
const lock = prepare<Id>()((bind) => all.where('id', '=', bind('id')).forUpdate());
const lockVisible = prepareVisible<Id>()((bind, visible) => all.where('id', '=', bind('id')).where(visible.where(owned)).forUpdate());
const lockCart = prepare<{ ownerId: string; cartId: string }>()((bind) =>
  build.selectNoFrom(
    sql<null>`pg_advisory_xact_lock(hashtextextended('orders.cart ' || ${bind('ownerId')}::text || ${bind('cartId')}::text, 0))`.as('lock'),
  ),
);
const findByCart = prepare<{ ownerId: string; cartId: string }>()((bind) =>
  all
    .where('owner_id', '=', bind('ownerId'))
    .where('cart_id', '=', bind('cartId'))
    .where('state', 'not in', sql<OrderState>`('cancelled', 'expired')`),
);
const unpaidOf = prepare<{ ownerId: string }>()((bind) =>
  build.selectNoFrom(sql<number>`orders.unpaid_of(${bind('ownerId')}::uuid)`.as('orders')),
);
const insert = prepare<NewRow>()((bind) =>
  build
    .insertInto('orders.orders')
    .values({
      id: bind('id'),
      number: bind('number'),
      owner_id: bind('ownerId'),
      cart_id: bind('cartId'),
      currency: bind('currency'),
      total: bind('total'),
      expires_at: sql<string>`now() + make_interval(mins => ${bind('minutes')}::int)`,
    })
    .onConflict((conflict) => conflict.constraint('orders_number_key').doNothing())
    .returning(ordersColumns),
);
const insertLines = prepare<{ orderId: string; lines: string }>()((bind) =>
  build
    .insertInto('orders.order_lines')
    .columns(['order_id', 'position', 'product_id', 'sku', 'name', 'unit_amount', 'quantity'])
    .expression(
      build
        .selectFrom(
          sql<LineRow>`jsonb_to_recordset(${bind('lines')}::jsonb)`.as<'line'>(
            sql`line("position" int, "productId" uuid, sku text, name text, "unitAmount" bigint, quantity int)`,
          ),
        )
        .select([sql<string>`${bind('orderId')}::uuid`.as('id'), 'position', 'productId', 'sku', 'name', 'unitAmount', 'quantity']),
    ),
);
const move = prepare<{ id: string; state: OrderState; refunded: number }>()((bind) =>
  build
    .updateTable('orders.orders')
    .set({
      state: bind('state'),
      refunded: bind('refunded'),
      // Cancelled, it was free: it counts as sold no more.
      paid_at: sql`case ${bind('state')} when 'paid' then now() when 'cancelled' then null else paid_at end`,
      processing_since: null, // of the state before
      version: sql`version + 1`,
      updated_at: now,
    })
    .where('id', '=', bind('id'))
    .returning(ordersColumns),
);
const setProcessing = prepare<{ id: string; processing: boolean }>()((bind) =>
  build
    .updateTable('orders.orders')
    .set({
      processing_since: sql<string | null>`case when ${bind('processing')}::boolean then now() end`,
      version: sql`version + 1`,
      updated_at: now,
    })
    .where('id', '=', bind('id'))
    .returning(ordersColumns),
);
type Charge = { id: string; state: OrderState; more: number; lost: number };
/** A dispute was opened (`more` is 1) or decided (−1). Disputes of one payment may claim more than it was: no order loses more than its total. */
const charge = prepare<Charge>()((bind) =>
  build
    .updateTable('orders.orders')
    .set({
      state: bind('state'),
      disputes: sql<number>`greatest(disputes + ${bind('more')}::int, 0)`,
      charged_back: sql<number>`least(charged_back + ${bind('lost')}::bigint, total)`,
      version: sql`version + 1`,
      updated_at: now,
    })
    .where('id', '=', bind('id'))
    .returning(ordersColumns),
);
const setPayment = prepare<{ id: string; paymentId: string }>()((bind) =>
  build
    .updateTable('orders.orders')
    .set({ payment_id: bind('paymentId') })
    .where('id', '=', bind('id')),
);
const fulfil = prepare<{ id: string; state: OrderState }>()((bind) =>
  build
    .updateTable('orders.orders')
    .set({ state: bind('state'), fulfilled_at: now, version: sql`version + 1`, updated_at: now })
    .where('id', '=', bind('id'))
    .returning(ordersColumns),
);
/** Those that somebody else holds, who pays or cancels just now, come next time. */
const expire = prepare<{ limit: number; days: number }>()((bind) =>
  build
    .updateTable('orders.orders')
    .set({ state: 'expired', processing_since: null, version: sql`version + 1`, updated_at: now })
    .where('id', 'in', (query) =>
      query
        .selectFrom('orders.orders')
        .select('id')
        .where('state', 'in', sql<OrderState>`('awaiting_payment', 'payment_failed')`)
        .where('expires_at', '<=', now)
        .where(sql<SqlBool>`(processing_since is null or processing_since <= now() - make_interval(days => ${bind('days')}::int))`)
        .orderBy('expires_at')
        .limit(bind('limit'))
        .forUpdate()
        .skipLocked(),
    )
    .returning(ordersColumns),
);
const lines = prepare<{ ids: string[] }>()((bind) =>
  build
    .selectFrom('orders.order_lines')
    .select(orderLinesColumns)
    .where('order_id', '=', sql<string>`any (${bind('ids')}::uuid[])`)
    .orderBy('order_id')
    .orderBy('position'),
);
const steps = prepare<Id>()((bind) =>
  build
    .selectFrom('orders.transitions')
    .select(['number', sql<OrderState | null>`from_state`.as('from'), sql<OrderState>`to_state`.as('to'), 'at'])
    .where('order_id', '=', bind('id'))
    .orderBy('number')
    .limit(1000),
);
const newestOf = prepare<{ ownerId: string; limit: number }>()((bind) =>
  all.where('owner_id', '=', bind('ownerId')).orderBy('placed_at', 'desc').orderBy('id', 'desc').limit(bind('limit')),
);

// ---- Lists ------------------------------------------------------------------------------------------

const FILTERS = ['state', 'productId', 'userId', 'number', 'from', 'to'] as const;
type Filters = Pick<OrderFilter, (typeof FILTERS)[number]>;
const list = prepareVisibleList<Filters>()({
  shape: (filter) => Object.fromEntries(FILTERS.map((name) => [name, filter[name] !== undefined])) as Record<keyof Filters, boolean>,
  rows(given, bind, visible) {
    let rows = all.where(visible.where(owned));
    if (given.state) rows = rows.where('state', '=', bind('state'));
    if (given.userId) rows = rows.where('owner_id', '=', bind('userId'));
    if (given.number) rows = rows.where('number', '=', bind('number'));
    if (given.from) rows = rows.where('placed_at', '>=', bind('from'));
    if (given.to) rows = rows.where('placed_at', '<', bind('to'));
    if (given.productId)
      rows = rows.where((is) =>
        is.exists(
          is
            .selectFrom('orders.order_lines')
            .select(sql<number>`1`.as('one'))
            .whereRef('orders.order_lines.order_id', '=', 'orders.orders.id')
            .where('product_id', '=', bind('productId')),
        ),
      );
    return rows;
  },
  order: () => ({ by: ['placed_at', 'id'], direction: 'desc', key: ({ placedAt, id }) => [placedAt, id] }),
});

/** The only file that speaks SQL to the `orders` schema. */
export class OrdersRepository {
  readonly #db: Database;
  constructor(db: Database) {
    this.#db = db;
  }

  find(on: Runner, id: string): Promise<OrderRow | undefined> {
    return find.first(on, { id });
  }
  findVisible(visible: Visible, id: string): Promise<OrderRow | undefined> {
    return findVisible.first(this.#db, visible, { id });
  }
  /** Held until the transaction ends: whatever moves it does so one after the other. */
  lock(tx: Tx, id: string): Promise<OrderRow | undefined> {
    return lock.first(tx, { id });
  }
  lockVisible(tx: Tx, visible: Visible, id: string): Promise<OrderRow | undefined> {
    return lockVisible.first(tx, visible, { id });
  }
  /** Whoever places this cart does so one after the other. @returns the order that was made of it before, and did not end unpaid. */
  async lockCart(tx: Tx, ownerId: string, cartId: string): Promise<OrderRow | undefined> {
    await lockCart.first(tx, { ownerId, cartId });
    return findByCart.first(tx, { ownerId, cartId });
  }
  /** Orders of this person that hold stock unpaid. Whoever places more for them waits until this transaction ends. */
  async unpaidOf(tx: Tx, ownerId: string): Promise<number> {
    return (await unpaidOf.first(tx, { ownerId }))!.orders;
  }
  /** Undefined: another order has the number. */
  insert(tx: Tx, order: NewRow): Promise<OrderRow | undefined> {
    return insert.first(tx, order);
  }
  /** Travels with COMMIT. */
  insertLines(tx: Tx, orderId: string, given: readonly Omit<LineRow, 'orderId'>[]): void {
    tx.write(insertLines.with({ orderId, lines: JSON.stringify(given) }));
  }
  /** Travels with COMMIT. */
  setPayment(tx: Tx, id: string, paymentId: string): void {
    tx.write(setPayment.with({ id, paymentId }));
  }
  async move(tx: Tx, id: string, state: OrderState, refunded: number): Promise<OrderRow> {
    return (await move.first(tx, { id, state, refunded }))!;
  }
  async setProcessing(tx: Tx, id: string, processing: boolean): Promise<OrderRow> {
    return (await setProcessing.first(tx, { id, processing }))!;
  }
  async charge(tx: Tx, given: Charge): Promise<OrderRow> {
    return (await charge.first(tx, given))!;
  }
  async fulfil(tx: Tx, id: string, state: OrderState): Promise<OrderRow> {
    return (await fulfil.first(tx, { id, state }))!;
  }
  /** @param days that one whose payment is processed lives on at most. */
  expire(tx: Tx, limit: number, days: number): Promise<OrderRow[]> {
    return expire.all(tx, { limit, days });
  }
  async linesOf(on: Runner, ids: readonly string[]): Promise<LineRow[]> {
    return ids.length === 0 ? [] : lines.all(on, { ids: [...ids] });
  }
  steps(id: string): Promise<Step[]> {
    return steps.all(this.#db, { id });
  }
  newestOf(ownerId: string, limit: number): Promise<OrderRow[]> {
    return newestOf.all(this.#db, { ownerId, limit });
  }

  page(visible: Visible, filter: OrderFilter, paging: PageRequest): Promise<Page<OrderRow>> {
    return list.page(this.#db, visible, filter, paging);
  }
}
