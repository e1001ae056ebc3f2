import { ActionUnderWay, NotThatNow, type payments } from '@plinth/core';
import type { ApiOf, Caller, Database, EventLog, Jobs, Tx } from '@plinth/kit';
import type { ProductsApi } from '../products/index.ts';
import {
  cancelPayment,
  NotInThisState,
  ORDER,
  type Order,
  orderDisputeClosed,
  orderDisputed,
  OrderDisputed,
  OrderGoesBack,
  orderPaid,
  orderPaidInVain,
  orderPaymentFailed,
  orderPaymentProcessing,
  orderPaymentRenewed,
  orderRefunded,
} from './contract.ts';
import { type Moving, told } from './moving.ts';
import type { OrderRow, OrdersRepository } from './repository.ts';
import { hasEnded, isUnpaid, type OrderState } from './transitions.ts';

interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly jobs: Jobs;
  readonly payments: ApiOf<typeof payments>;
  readonly products: ProductsApi;
  readonly orders: OrdersRepository;
  readonly moving: Moving;
}
/** What was taken for an order, as its provider said. */
export interface Taken {
  readonly paymentId: string;
  readonly amount: number;
  readonly currency: string;
}

export interface FailedRefund {
  readonly paymentId: string;
  readonly refundId: string;
  /** Minor units of the currency that should have gone back. */
  readonly refund: number;
  /** Of the payment in all, now. */
  readonly refunded: number;
  readonly failure: string | null;
}

/** Orders and the payments they are paid with. */
export class Paying {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** A new payment, of which no provider has heard yet. */
  async due(caller: Caller, tx: Tx, row: OrderRow): Promise<OrderRow> {
    const { payments, orders } = this.#deps;
    const { id, number, ownerId: payer, total: amount, currency } = row;
    const purpose = { type: ORDER, id };
    const payment = await payments.create(caller, tx, { amount, currency, purpose, payer, description: `Order ${number}` });
    orders.setPayment(tx, id, payment.id);
    return { ...row, paymentId: payment.id };
  }
  /** @throws OrderNotFound, NotInThisState, ProviderMissing */
  async payAgain(caller: Caller, tx: Tx, orderId: string): Promise<Order> {
    const row = await this.#deps.moving.lockVisible(caller, tx, orderId);
    if (row.state !== 'payment_failed') throw new NotInThisState({ orderId, state: row.state });
    const after = await this.#deps.moving.move(caller, tx, orderPaymentRenewed, row, 'awaiting_payment');
    return this.#deps.moving.whole(tx, await this.due(caller, tx, after));
  }

  // ---- What payments tell, in the transaction of their own step

  /** Money came: it pays the order, or goes back. */
  async captured(caller: Caller, tx: Tx, orderId: string, taken: Taken): Promise<void> {
    if (await this.paid(caller, tx, orderId, taken)) return;
    const { orders, log } = this.#deps;
    const row = (await orders.find(tx, orderId))!;
    const { paymentId } = taken;
    await log.publish(tx, caller, orderPaidInVain, { ...told(row), paymentId });
    await this.#giveBack(caller, tx, row, paymentId);
  }
  /** What came in vain. What was given back at the provider, or is disputed, is not with us. */
  async #giveBack(caller: Caller, tx: Tx, { number, state }: OrderRow, paymentId: string): Promise<void> {
    const { payments } = this.#deps;
    const { captured, refunding, disputed } = (await payments.find(tx, paymentId))!;
    if (refunding + disputed < captured)
      await payments.refund(caller, tx, paymentId, { reason: `Order ${number} is ${state} and takes no payment` });
  }
  /**
   * It was paid. Told again, nothing changes.
   * @returns false: it cannot be paid (any more: it was cancelled, expired, or paid by another payment), or this is not what it costs.
   */
  async paid(caller: Caller, tx: Tx, orderId: string, { paymentId, amount, currency }: Taken): Promise<boolean> {
    const row = await this.#deps.moving.lock(tx, orderId);
    if (amount !== row.total || currency !== row.currency) return false;
    if (row.paidAt !== null) return row.paymentId === paymentId;
    if (!isUnpaid(row.state)) return false;
    if (row.paymentId !== paymentId) this.#deps.orders.setPayment(tx, orderId, paymentId);
    await this.#deps.moving.move(caller, tx, orderPaid, row, 'paid');
    return true;
  }
  /** Its bank has the payment at work, which takes days: it does not expire meanwhile. @param processing false: the buyer has to act again. */
  async paymentProcessing(caller: Caller, tx: Tx, orderId: string, paymentId: string, processing: boolean): Promise<void> {
    const { moving, orders, log } = this.#deps;
    const row = await moving.lock(tx, orderId);
    if (row.state !== 'awaiting_payment' || row.paymentId !== paymentId || (row.processingSince !== null) === processing) return;
    const after = await orders.setProcessing(tx, orderId, processing);
    const seen = { before: { ...row }, after: { ...after } };
    await log.publish(tx, caller, orderPaymentProcessing, { ...told(after), processing }, seen);
  }
  /** It could not be paid; its stock stays reserved until it expires. Once more, of an older payment, or too late, it changes nothing. */
  async paymentFailed(caller: Caller, tx: Tx, orderId: string, paymentId: string): Promise<void> {
    const row = await this.#deps.moving.lock(tx, orderId);
    if (row.state === 'awaiting_payment' && row.paymentId === paymentId)
      await this.#deps.moving.move(caller, tx, orderPaymentFailed, row, 'payment_failed');
  }
  /** @param refunded in all. In full, what was not sent is let go. What was never paid for is passed over. */
  async refunded(caller: Caller, tx: Tx, orderId: string, paymentId: string, refunded: number): Promise<void> {
    const { products } = this.#deps;
    const row = await this.#deps.moving.lock(tx, orderId);
    if (row.paidAt === null || row.paymentId !== paymentId || refunded <= row.refunded) return;
    const state = stateAfter({ ...row, refunded });
    const after = await this.#deps.orders.move(tx, orderId, state, refunded);
    if (hasEnded(state) && !hasEnded(row.state) && row.fulfilledAt === null) await products.release(caller, tx, ORDER, [orderId]);
    await this.#deps.log.publish(tx, caller, orderRefunded, { ...told(after), refunded }, { before: { ...row }, after: { ...after } });
  }

  /** A refund failed, or had been given and failed later: money is here that this order does not count on, and a person must see it. */
  async refundFailed(caller: Caller, tx: Tx, orderId: string, failed: FailedRefund): Promise<void> {
    const { moving, payments } = this.#deps;
    const { paymentId, refundId, refund, refunded, failure } = failed;
    const row = await moving.lock(tx, orderId);
    // It goes on with its own payment, as if nobody had asked.
    if (row.paidAt !== null && row.paymentId === paymentId && !hasEnded(row.state) && refunded >= row.refunded) return;
    const details = { order: row.number, state: row.state, refundId, refund, failure };
    await payments.raise(caller, tx, paymentId, `refund:${refundId}`, details);
  }
  /** It is not sent from now on. */
  async disputed(caller: Caller, tx: Tx, orderId: string, paymentId: string, disputed: number): Promise<void> {
    const row = await this.#deps.moving.lock(tx, orderId);
    if (row.paidAt === null || row.paymentId !== paymentId) return;
    const after = await this.#deps.orders.charge(tx, { id: orderId, state: row.state, more: 1, lost: 0 });
    await this.#deps.log.publish(tx, caller, orderDisputed, { ...told(after), disputed }, { before: { ...row }, after: { ...after } });
  }
  /** Lost, its money is gone like a refund: once all is, what was not sent is let go. @param lost 0: it was won. */
  async disputeClosed(caller: Caller, tx: Tx, orderId: string, paymentId: string, lost: number): Promise<void> {
    const { products, orders, moving, log } = this.#deps;
    const row = await moving.lock(tx, orderId);
    if (row.paidAt === null || row.paymentId !== paymentId) {
      // It had come in vain, and is with us again.
      if (lost === 0) await this.#giveBack(caller, tx, row, paymentId);
      return;
    }
    const state = stateAfter({ ...row, chargedBack: Math.min(row.chargedBack + lost, row.total) });
    const after = await orders.charge(tx, { id: orderId, state, more: -1, lost });
    if (hasEnded(state) && !hasEnded(row.state) && row.fulfilledAt === null) await products.release(caller, tx, ORDER, [orderId]);
    const said = { ...told(after), outcome: lost > 0 ? ('lost' as const) : ('won' as const), chargedBack: after.chargedBack };
    await log.publish(tx, caller, orderDisputeClosed, said, { before: { ...row }, after: { ...after } });
  }
  /**
   * Whether goods may leave for this order, which the caller holds. Payments are held before orders, so this one is only read: a refund
   * or dispute that commits meanwhile comes after the goods. @throws OrderDisputed, OrderGoesBack
   */
  async mayBeSent(tx: Tx, { id: orderId, paymentId, disputes, chargedBack }: OrderRow): Promise<void> {
    if (disputes > 0) throw new OrderDisputed({ orderId });
    const payment = paymentId === null ? undefined : await this.#deps.payments.find(tx, paymentId);
    if (payment && payment.refunding > 0 && payment.refunding + chargedBack >= payment.captured) throw new OrderGoesBack({ orderId });
  }

  // ---- Orders that ended

  /** After the commit: whoever hears of a payment holds it before the order. */
  async letGo(tx: Tx, { paymentId }: OrderRow): Promise<void> {
    if (paymentId !== null) await this.#deps.jobs.enqueue(tx, cancelPayment, { paymentId }, { key: paymentId });
  }
  /** Of an order that ended. One that is settled, or being let go, stays as it is: what it may still bring in goes back. */
  async cancelPayment(caller: Caller, paymentId: string): Promise<void> {
    const { db, payments } = this.#deps;
    try {
      await db.transaction((tx) => payments.cancel(caller, tx, paymentId));
    } catch (error) {
      if (!(error instanceof NotThatNow || error instanceof ActionUnderWay)) throw error;
    }
  }
}

/** Of an order that was paid, after money went back. What has ended stays. */
function stateAfter({ state, total, refunded, chargedBack }: Pick<OrderRow, 'state' | 'total' | 'refunded' | 'chargedBack'>): OrderState {
  if (hasEnded(state)) return state;
  if (refunded === total) return 'refunded';
  if (refunded + chargedBack >= total) return 'charged_back';
  return refunded > 0 ? 'partially_refunded' : state;
}
