import type { UsersApi } from '@plinth/core';
import {
  type Caller,
  type Database,
  type Event,
  type EventLog,
  Forbidden,
  isUuid,
  type Page,
  type PageRequest,
  respond,
  type Tx,
  uuidv7,
} from '@plinth/kit';
import type { ProductsApi, Reserved } from '../products/index.ts';
import {
  CurrenciesMixed,
  LARGEST_TOTAL,
  type NewOrder,
  NotInThisState,
  ORDER,
  type Order,
  orderCancelled,
  orderExpired,
  type OrderFilter,
  orderFulfilled,
  OrderNotFound,
  orderPaid,
  orderPaymentFailed,
  orderPlaced,
  orderRefunded,
  OrderTooLarge,
  rules,
  type Step,
  type ToldOfOrder,
} from './contract.ts';
import { drawNumber } from './number.ts';
import type { LineRow, NewRow, OrderRow, OrdersRepository } from './repository.ts';
import { isUnpaid, type OrderState } from './transitions.ts';

interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly users: UsersApi;
  readonly products: ProductsApi;
  readonly orders: OrdersRepository;
}
/** What was taken for an order, as the provider says. */
export interface Payed {
  readonly amount: number;
  readonly currency: string;
}
const holderOf = (id: string) => ({ type: ORDER, id });
/** Of one person, for them to take along. */
const MOST_TAKEN_ALONG = 1000;

export class OrdersService {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  // ---- Placing

  /**
   * One commit holds the order, its lines, what it reserves and its fact; prices are those of the products' rows (S14). Products are held
   * in the order of their ids, so buyers of the same things wait for each other and for nothing else.
   * @throws ProductNotFound, OutOfStock, CurrenciesMixed, OrderTooLarge
   */
  async place(caller: Caller, tx: Tx, { lines, cartId = null }: { readonly lines: NewOrder['lines']; readonly cartId?: string | null }) {
    const { users, products, orders } = this.#deps;
    const { userId } = caller;
    if (userId === null || !(await users.holdActive(tx, userId))) throw new Forbidden({ reason: 'no-user' });
    // Before any stock is looked at: what the first took would be lacking for the second (S26).
    const before = cartId === null ? undefined : await orders.lockCart(tx, userId, cartId);
    if (before) return respond(asOrder(before, await orders.linesOf(tx, [before.id])), { status: 200 });
    const id = uuidv7();
    const held = await products.reserve(caller, tx, holderOf(id), lines);
    const { total, currency } = priceOf(held);
    const row = await this.#insert(tx, { id, ownerId: userId, cartId, currency, total });
    const rows = held.map(({ productId, sku, name, price, quantity }, position) => ({
      orderId: id,
      position,
      productId,
      sku,
      name,
      unitAmount: price.amount,
      quantity,
    }));
    orders.insertLines(tx, id, rows);
    await this.#tell(caller, tx, orderPlaced, null, row);
    // Nothing to be paid for.
    const after = total === 0 ? await this.#move(caller, tx, orderPaid, row, 'paid') : row;
    return respond(asOrder(after, rows), { status: 201 });
  }
  async #insert(tx: Tx, order: Omit<NewRow, 'number'>): Promise<OrderRow> {
    for (let tries = 0; tries < 5; tries++) {
      const row = await this.#deps.orders.insert(tx, { ...order, number: drawNumber() });
      if (row) return row;
    }
    throw new Error('five random order numbers were all taken');
  }

  // ---- Moving. Each holds the order's row first, and the products' after it.

  /** By its owner or who manages orders, while it is not paid. @throws OrderNotFound, NotInThisState */
  async cancel(caller: Caller, tx: Tx, orderId: string): Promise<Order> {
    const { orders } = this.#deps;
    const row = await orders.lockVisible(tx, caller.visible(rules.change), orderId);
    if (!row) throw new OrderNotFound({ orderId });
    if (row.state === 'cancelled') return this.#whole(tx, row);
    if (!isUnpaid(row.state)) throw new NotInThisState({ orderId, state: row.state });
    const after = await this.#move(caller, tx, orderCancelled, row, 'cancelled');
    await this.#deps.products.release(caller, tx, ORDER, [orderId]);
    return this.#whole(tx, after);
  }
  /** Sells what was reserved. @throws OrderNotFound, NotInThisState */
  async fulfil(caller: Caller, tx: Tx, orderId: string): Promise<Order> {
    const { orders, products } = this.#deps;
    const row = await this.#lock(tx, orderId);
    if (row.fulfilledAt !== null) return this.#whole(tx, row);
    if (row.state !== 'paid' && row.state !== 'partially_refunded') throw new NotInThisState({ orderId, state: row.state });
    const after = await orders.fulfil(tx, orderId, row.state === 'paid' ? 'fulfilled' : row.state);
    await products.sell(caller, tx, holderOf(orderId));
    await this.#tell(caller, tx, orderFulfilled, row, after);
    return this.#whole(tx, after);
  }
  /**
   * It was paid. Told again, nothing changes.
   * @returns false: it cannot be paid any more (it was cancelled, or expired), or this is not what it costs: give the money back.
   */
  async paid(caller: Caller, tx: Tx, orderId: string, { amount, currency }: Payed): Promise<boolean> {
    const row = await this.#lock(tx, orderId);
    if (amount !== row.total || currency !== row.currency) return false;
    if (row.paidAt !== null) return true;
    if (!isUnpaid(row.state)) return false;
    await this.#move(caller, tx, orderPaid, row, 'paid');
    return true;
  }
  /** It could not be paid; its stock stays reserved until it expires. Once more, or too late, it changes nothing. */
  async paymentFailed(caller: Caller, tx: Tx, orderId: string): Promise<void> {
    const row = await this.#lock(tx, orderId);
    if (row.state === 'awaiting_payment') await this.#move(caller, tx, orderPaymentFailed, row, 'payment_failed');
  }
  /** @param refunded in all. In full, what was not sent is let go. What was never paid for is passed over. */
  async refunded(caller: Caller, tx: Tx, orderId: string, refunded: number): Promise<void> {
    const { products } = this.#deps;
    const row = await this.#lock(tx, orderId);
    if (row.paidAt === null || refunded <= row.refunded) return;
    const state = refunded < row.total ? 'partially_refunded' : 'refunded';
    const after = await this.#deps.orders.move(tx, orderId, state, refunded);
    if (state === 'refunded' && row.fulfilledAt === null) await products.release(caller, tx, ORDER, [orderId]);
    await this.#deps.log.publish(tx, caller, orderRefunded, { ...told(after), refunded }, { before: { ...row }, after: { ...after } });
  }
  /** Ends at most so many that stayed unpaid. @returns how many those were. */
  async expire(caller: Caller, limit: number): Promise<number> {
    const { db, orders, products } = this.#deps;
    return db.transaction(async (tx) => {
      const rows = await orders.expire(tx, limit);
      // All at once: their products are held in one order.
      await products.release(
        caller,
        tx,
        ORDER,
        rows.map(({ id }) => id),
      );
      for (const row of rows) await this.#tell(caller, tx, orderExpired, null, row);
      return rows.length;
    });
  }

  // ---- Reading

  async list(caller: Caller, filter: OrderFilter, paging: PageRequest): Promise<Page<Order>> {
    const { db, orders } = this.#deps;
    const { items, ...rest } = await orders.page(caller.visible(rules.read), filter, paging);
    return {
      items: withLines(
        items,
        await orders.linesOf(
          db,
          items.map(({ id }) => id),
        ),
      ),
      ...rest,
    };
  }
  /** @throws OrderNotFound */
  async get(caller: Caller, orderId: string): Promise<Order> {
    const row = await this.#deps.orders.findVisible(caller.visible(rules.read), orderId);
    if (!row) throw new OrderNotFound({ orderId });
    return asOrder(row, await this.#deps.orders.linesOf(this.#deps.db, [orderId]));
  }
  /** @throws OrderNotFound */
  async timeline(caller: Caller, orderId: string): Promise<Step[]> {
    if (!(await this.#deps.orders.findVisible(caller.visible(rules.read), orderId))) throw new OrderNotFound({ orderId });
    return this.#deps.orders.steps(orderId);
  }
  /** For other features: whoever asks. */
  async find(orderId: string): Promise<Order | null> {
    const { db, orders } = this.#deps;
    const row = await orders.find(db, orderId);
    return row ? asOrder(row, await orders.linesOf(db, [orderId])) : null;
  }
  /** The newest of one person. */
  async of(userId: string): Promise<Order[]> {
    const { db, orders } = this.#deps;
    const rows = await orders.newestOf(userId, MOST_TAKEN_ALONG);
    return withLines(
      rows,
      await orders.linesOf(
        db,
        rows.map(({ id }) => id),
      ),
    );
  }
  /** For explain and AuthZEN. Undefined: there is none. */
  async placeOf(id: string) {
    const row = isUuid(id) ? await this.#deps.orders.find(this.#deps.db, id) : undefined;
    return row && { owner: row.ownerId, scopes: {} };
  }

  async #lock(tx: Tx, orderId: string): Promise<OrderRow> {
    const row = await this.#deps.orders.lock(tx, orderId);
    if (!row) throw new OrderNotFound({ orderId });
    return row;
  }
  async #move(caller: Caller, tx: Tx, event: Event<ToldOfOrder>, before: OrderRow, state: OrderState): Promise<OrderRow> {
    const after = await this.#deps.orders.move(tx, before.id, state, before.refunded);
    await this.#tell(caller, tx, event, before, after);
    return after;
  }
  #tell(caller: Caller, tx: Tx, event: Event<ToldOfOrder>, before: OrderRow | null, after: OrderRow): Promise<void> {
    return this.#deps.log.publish(tx, caller, event, told(after), { before: { ...before }, after: { ...after } });
  }
  async #whole(tx: Tx, row: OrderRow): Promise<Order> {
    return asOrder(row, await this.#deps.orders.linesOf(tx, [row.id]));
  }
}

/** Beyond what a number holds exactly it is beyond the largest total too. @throws CurrenciesMixed, OrderTooLarge */
function priceOf(held: readonly Reserved[]): { total: number; currency: string } {
  const currencies = new Set(held.map(({ price }) => price.currency));
  if (currencies.size > 1) throw new CurrenciesMixed({ currencies: [...currencies] });
  const total = held.reduce((sum, { price, quantity }) => sum + price.amount * quantity, 0);
  if (total > LARGEST_TOTAL) throw new OrderTooLarge({ total });
  return { total, currency: [...currencies][0]! };
}
const told = ({ id, number, ownerId, state, total, currency, version }: OrderRow): ToldOfOrder => ({
  orderId: id,
  number,
  userId: ownerId,
  state,
  total,
  currency,
  version,
});
function withLines(rows: readonly OrderRow[], lines: readonly LineRow[]): Order[] {
  const byOrder = Map.groupBy(lines, ({ orderId }) => orderId);
  return rows.map((row) => asOrder(row, byOrder.get(row.id) ?? []));
}
const asOrder = (row: OrderRow, lines: readonly LineRow[]): Order => ({
  id: row.id,
  number: row.number,
  userId: row.ownerId,
  state: row.state,
  lines: lines.map(({ productId, sku, name, unitAmount, quantity }) => ({
    productId,
    sku,
    name,
    price: { amount: unitAmount, currency: row.currency },
    quantity,
  })),
  total: { amount: row.total, currency: row.currency },
  refunded: row.refunded,
  version: row.version,
  placedAt: row.placedAt,
  expiresAt: row.expiresAt,
  paidAt: row.paidAt,
  fulfilledAt: row.fulfilledAt,
  updatedAt: row.updatedAt,
});
