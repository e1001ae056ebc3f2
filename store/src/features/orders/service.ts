import type { UsersApi } from '@plinth/core';
import {
  type Caller,
  type Config,
  type Database,
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
  CartChanged,
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
  orderPlaced,
  OrderTooLarge,
  PROCESSING_DAYS,
  rules,
  type Step,
  TooManyUnpaid,
} from './contract.ts';
import { asOrder, type Moving, withLines } from './moving.ts';
import { drawNumber } from './number.ts';
import type { Paying } from './paying.ts';
import type { NewRow, OrderRow, OrdersRepository } from './repository.ts';
import { isUnpaid } from './transitions.ts';

interface Deps {
  readonly config: Pick<Config, 'orders'>;
  readonly db: Database;
  readonly users: UsersApi;
  readonly products: ProductsApi;
  readonly orders: OrdersRepository;
  readonly moving: Moving;
  readonly paying: Paying;
}
const idsOf = (rows: readonly OrderRow[]): string[] => rows.map(({ id }) => id);
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
   * One commit holds the order, its lines, what it reserves, the payment and the facts; prices are those of the products'
   * rows (S14). Products are held in the order of their ids, so buyers of the same things wait for each other and for nothing else.
   * @throws ProductNotFound, OutOfStock, TooManyUnpaid, CartChanged, CurrenciesMixed, OrderTooLarge, ProviderMissing
   */
  async place(caller: Caller, tx: Tx, { lines, cartId = null }: { readonly lines: NewOrder['lines']; readonly cartId?: string | null }) {
    const { users, products, orders } = this.#deps;
    const { userId } = caller;
    if (userId === null || !(await users.holdActive(tx, userId))) throw new Forbidden({ reason: 'no-user' });
    // Before any stock is looked at: what the first took would be lacking for the second (S26).
    const before = cartId === null ? undefined : await orders.lockCart(tx, userId, cartId);
    if (before) {
      const ordered = await orders.linesOf(tx, [before.id]);
      if (!sameUnits(ordered, lines)) throw new CartChanged({ orderId: before.id });
      return respond(asOrder(before, ordered), { status: 200 });
    }
    const { expireAfterMinutes: minutes, unpaidAtMost } = this.#deps.config.orders;
    // Before the stock is held: nobody else waits behind who may not have it.
    if ((await orders.unpaidOf(tx, userId)) >= unpaidAtMost) throw new TooManyUnpaid({ unpaidAtMost });
    const id = uuidv7();
    const held = await products.reserve(caller, tx, holderOf(id), lines);
    const { total, currency } = priceOf(held);
    const row = await this.#insert(tx, { id, ownerId: userId, cartId, currency, total, minutes });
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
    await this.#deps.moving.tell(caller, tx, orderPlaced, null, row);
    // Nothing to be paid for.
    const after =
      total === 0 ? await this.#deps.moving.move(caller, tx, orderPaid, row, 'paid') : await this.#deps.paying.due(caller, tx, row);
    return respond(asOrder(after, rows), { status: 201 });
  }
  async #insert(tx: Tx, order: Omit<NewRow, 'number'>): Promise<OrderRow> {
    for (let tries = 0; tries < 5; tries++) {
      const row = await this.#deps.orders.insert(tx, { ...order, number: drawNumber() });
      if (row) return row;
    }
    throw new Error('five random order numbers were all taken');
  }

  // ---- Ending

  /** By its owner or who manages orders, while it is not paid, or costs nothing and is not sent. @throws OrderNotFound, NotInThisState */
  async cancel(caller: Caller, tx: Tx, orderId: string): Promise<Order> {
    const row = await this.#deps.moving.lockVisible(caller, tx, orderId);
    if (row.state === 'cancelled') return this.#deps.moving.whole(tx, row);
    const free = row.state === 'paid' && row.paymentId === null;
    if (!isUnpaid(row.state) && !free) throw new NotInThisState({ orderId, state: row.state });
    const after = await this.#deps.moving.move(caller, tx, orderCancelled, row, 'cancelled');
    await this.#deps.products.release(caller, tx, ORDER, [orderId]);
    await this.#deps.paying.letGo(tx, row);
    return this.#deps.moving.whole(tx, after);
  }
  /** Sells what was reserved. @throws OrderNotFound, NotInThisState, OrderDisputed, OrderGoesBack */
  async fulfil(caller: Caller, tx: Tx, orderId: string): Promise<Order> {
    const { orders, products } = this.#deps;
    const row = await this.#deps.moving.lock(tx, orderId);
    if (row.fulfilledAt !== null) return this.#deps.moving.whole(tx, row);
    if (row.state !== 'paid' && row.state !== 'partially_refunded') throw new NotInThisState({ orderId, state: row.state });
    await this.#deps.paying.mayBeSent(tx, row);
    const after = await orders.fulfil(tx, orderId, row.state === 'paid' ? 'fulfilled' : row.state);
    await products.sell(caller, tx, holderOf(orderId));
    await this.#deps.moving.tell(caller, tx, orderFulfilled, row, after);
    return this.#deps.moving.whole(tx, after);
  }
  /** Ends at most so many that stayed unpaid. @returns how many those were. */
  async expire(caller: Caller, limit: number): Promise<number> {
    const { db, orders, products } = this.#deps;
    return db.transaction(async (tx) => {
      const rows = await orders.expire(tx, limit, PROCESSING_DAYS);
      // All at once: their products are held in one order.
      await products.release(caller, tx, ORDER, idsOf(rows));
      for (const row of rows) {
        await this.#deps.moving.tell(caller, tx, orderExpired, null, row);
        await this.#deps.paying.letGo(tx, row);
      }
      return rows.length;
    });
  }

  // ---- Reading

  async list(caller: Caller, filter: OrderFilter, paging: PageRequest): Promise<Page<Order>> {
    const { db, orders } = this.#deps;
    const { items, ...rest } = await orders.page(caller.visible(rules.read), filter, paging);
    return { items: withLines(items, await orders.linesOf(db, idsOf(items))), ...rest };
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
    return withLines(rows, await orders.linesOf(db, idsOf(rows)));
  }
  /** For explain and AuthZEN. Undefined: there is none. */
  async placeOf(id: string) {
    const row = isUuid(id) ? await this.#deps.orders.find(this.#deps.db, id) : undefined;
    return row && { owner: row.ownerId, scopes: {} };
  }
}

type Line = { readonly productId: string; readonly quantity: number };
/** A product that stands on several lines is summed. */
function sameUnits(some: readonly Line[], others: readonly Line[]): boolean {
  const left = new Map<string, number>();
  for (const { productId, quantity } of some) left.set(productId, (left.get(productId) ?? 0) + quantity);
  for (const { productId, quantity } of others) left.set(productId.toLowerCase(), (left.get(productId.toLowerCase()) ?? 0) - quantity);
  return [...left.values()].every((quantity) => quantity === 0);
}
/** Beyond what a number holds exactly it is beyond the largest total too. @throws CurrenciesMixed, OrderTooLarge */
function priceOf(held: readonly Reserved[]): { total: number; currency: string } {
  const currencies = new Set(held.map(({ price }) => price.currency));
  if (currencies.size > 1) throw new CurrenciesMixed({ currencies: [...currencies] });
  const total = held.reduce((sum, { price, quantity }) => sum + price.amount * quantity, 0);
  if (total > LARGEST_TOTAL) throw new OrderTooLarge({ total });
  return { total, currency: [...currencies][0]! };
}
