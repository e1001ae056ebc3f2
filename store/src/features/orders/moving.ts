import type { Caller, Event, EventLog, Tx } from '@plinth/kit';
import { type Order, OrderNotFound, rules, type ToldOfOrder } from './contract.ts';
import type { LineRow, OrderRow, OrdersRepository } from './repository.ts';
import type { OrderState } from './transitions.ts';

interface Deps {
  readonly log: EventLog;
  readonly orders: OrdersRepository;
}

/**
 * From one state to the next, with its fact. Whoever moves an order holds its row first, and products after it. What payments tell holds
 * the payment's row before both: so nothing that holds an order waits for a payment that there is.
 */
export class Moving {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws OrderNotFound: also for one that the caller may not change */
  async lockVisible(caller: Caller, tx: Tx, orderId: string): Promise<OrderRow> {
    const row = await this.#deps.orders.lockVisible(tx, caller.visible(rules.change), orderId);
    if (!row) throw new OrderNotFound({ orderId });
    return row;
  }
  /** Whoever asks. @throws OrderNotFound */
  async lock(tx: Tx, orderId: string): Promise<OrderRow> {
    const row = await this.#deps.orders.lock(tx, orderId);
    if (!row) throw new OrderNotFound({ orderId });
    return row;
  }
  async move(caller: Caller, tx: Tx, event: Event<ToldOfOrder>, before: OrderRow, state: OrderState): Promise<OrderRow> {
    const after = await this.#deps.orders.move(tx, before.id, state, before.refunded);
    await this.tell(caller, tx, event, before, after);
    return after;
  }
  tell(caller: Caller, tx: Tx, event: Event<ToldOfOrder>, before: OrderRow | null, after: OrderRow): Promise<void> {
    return this.#deps.log.publish(tx, caller, event, told(after), { before: { ...before }, after: { ...after } });
  }
  /** As it is answered. */
  async whole(tx: Tx, row: OrderRow): Promise<Order> {
    return asOrder(row, await this.#deps.orders.linesOf(tx, [row.id]));
  }
}

export const told = ({ id, number, ownerId, state, total, currency, version }: OrderRow): ToldOfOrder => ({
  orderId: id,
  number,
  userId: ownerId,
  state,
  total,
  currency,
  version,
});
export function withLines(rows: readonly OrderRow[], lines: readonly LineRow[]): Order[] {
  const byOrder = Map.groupBy(lines, ({ orderId }) => orderId);
  return rows.map((row) => asOrder(row, byOrder.get(row.id) ?? []));
}
/** Field by field: rows of lists carry their total too. */
export const asOrder = (row: OrderRow, lines: readonly LineRow[]): Order => ({
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
  paymentId: row.paymentId,
  refunded: row.refunded,
  disputes: row.disputes,
  chargedBack: row.chargedBack,
  version: row.version,
  placedAt: row.placedAt,
  expiresAt: row.expiresAt,
  paidAt: row.paidAt,
  fulfilledAt: row.fulfilledAt,
  processingSince: row.processingSince,
  updatedAt: row.updatedAt,
});
