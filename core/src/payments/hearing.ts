import { type Caller, type Event, type EventLog, type Tx, uuidv7 } from '@plinth/kit';
import type { OpenCase } from './cases.ts';
import {
  type Dispute,
  disputeClosed,
  type Payment,
  paymentAuthorized,
  paymentCanceled,
  paymentCaptured,
  paymentDisputed,
  type PaymentFact,
  paymentFailed,
  paymentProcessing,
  paymentRefunded,
  paymentRequiresAction,
  type Refund,
  refundFailed,
} from './contract.ts';
import type { LedgerRepository } from './ledger.repository.ts';
import { type NewPosting, onCapture, onDispute, onDisputeWon, onRefund, onRefundFailed } from './ledger.ts';
import type { DisputeSnapshot, RefundSnapshot, Snapshot } from './provider.ts';
import type { RefundsRepository } from './refunds.repository.ts';
import type { PaymentRow, PaymentsRepository } from './repository.ts';
import { isOpen, mayMove, type PaymentState } from './transitions.ts';

interface Deps {
  readonly log: EventLog;
  readonly payments: PaymentsRepository;
  readonly refunds: RefundsRepository;
  readonly ledger: LedgerRepository;
  readonly openCase: OpenCase;
}
/** Seconds until a payment that is waited for is asked about; then ever more rarely. */
const POLL_IN = 60;
const MOVED: Partial<Record<PaymentState, Event<PaymentFact & { from: PaymentState; to: PaymentState }>>> = {
  requires_action: paymentRequiresAction,
  processing: paymentProcessing,
  authorized: paymentAuthorized,
  canceled: paymentCanceled,
};
export const factOf = ({ id: paymentId, purpose, provider, reference, amount, currency }: Payment): PaymentFact => ({
  paymentId,
  purpose,
  provider,
  reference,
  amount,
  currency,
});

/**
 * Moves the local rows towards what the provider says: state, entries, facts, and what others do `during` those, in the caller's
 * one transaction. Never back: what is old, or told before, changes nothing (S13, S21-S23). This is the only way to change a state.
 */
export class Hearing {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @returns `early` where there is no such payment here: another's, or one whose row has not been committed (S24). */
  async hear(caller: Caller, tx: Tx, provider: string, snapshot: Snapshot): Promise<'done' | 'early'> {
    const payment = await this.#deps.payments.lock(tx, snapshot.paymentId);
    if (!payment) return 'early';
    if (await this.#differs(caller, tx, payment, provider, snapshot)) return 'done';
    // Of one moment, or without one: nothing here goes back, so it is heard (S22).
    if (payment.seenAt !== null && Date.parse(snapshot.at) < Date.parse(payment.seenAt)) return 'done';
    const moved = await this.#move(caller, tx, payment, snapshot);
    if (moved === null || moved.captured === 0) return 'done';
    const refunded = await this.#refunds(caller, tx, moved, snapshot);
    await this.#disputes(caller, tx, refunded, snapshot);
    return 'done';
  }

  /** S14: it is this payment, of this amount, at this provider; otherwise a person must look. */
  async #differs(caller: Caller, tx: Tx, payment: PaymentRow, provider: string, snapshot: Snapshot): Promise<boolean> {
    const { amount, currency, reference } = payment;
    const same =
      payment.provider === provider &&
      (reference ?? snapshot.reference) === snapshot.reference &&
      amount === snapshot.amount &&
      currency === snapshot.currency &&
      snapshot.captured <= amount;
    if (same) return false;
    const said = {
      provider,
      reference: snapshot.reference,
      amount: snapshot.amount,
      currency: snapshot.currency,
      captured: snapshot.captured,
    };
    await this.#case(caller, tx, payment, 'mismatch', snapshot.reference, {
      said,
      held: { provider: payment.provider, reference, amount, currency },
    });
    return true;
  }
  #case(
    caller: Caller,
    tx: Tx,
    { id }: Payment,
    kind: 'mismatch' | 'state',
    what: string,
    details: Record<string, unknown>,
  ): Promise<void> {
    return this.#deps.openCase(caller, tx, { kind, subject: `${id}:${what}`, paymentId: id, details });
  }

  /** As far as money that comes in. @returns null where it says what cannot be. */
  async #move(caller: Caller, tx: Tx, before: PaymentRow, said: Snapshot): Promise<PaymentRow | null> {
    const { payments, log } = this.#deps;
    const settled = before.captured > 0;
    const to = settled ? before.state : said.state;
    const moves = to !== before.state;
    if ((moves && !mayMove(before.state, to)) || (settled && said.state !== 'captured')) {
      // It regresses, or what ended is told to have been paid: the first is late news, the second a person must see.
      if (said.captured > before.captured)
        await this.#case(caller, tx, before, 'state', said.state, { from: before.state, to: said.state, captured: said.captured });
      return null;
    }
    if (to === 'captured' && said.captured === 0) throw new Error(`${said.reference} is captured, of nothing`);
    const captured = moves && to === 'captured' ? said.captured : before.captured;
    const open = isOpen(to) || to === 'authorized';
    const after = await payments.update(tx, {
      id: before.id,
      state: to,
      reference: said.reference,
      captured,
      failure: to === 'failed' ? said.failure : null,
      checkoutUrl: to === 'requires_action' ? said.url : null,
      seenAt: said.at,
      pollIn: open ? Math.min(POLL_IN * 2 ** Math.min(before.polls, 6), 3600) : null,
    });
    const row = { ...before, ...after };
    if (!moves) return row;
    const fact = { ...factOf(after), from: before.state, to };
    if (to === 'captured') {
      this.#post(
        tx,
        after,
        onCapture(partiesOf(after), said.captureReference ?? said.reference, said.capturedAt ?? said.at, captured, said.fee),
      );
      await this.#givenBack(tx, after, said);
      await log.publish(tx, caller, paymentCaptured, { ...fact, captured, fee: said.fee });
    } else if (to === 'failed') await log.publish(tx, caller, paymentFailed, { ...fact, failure: said.failure });
    else await log.publish(tx, caller, MOVED[to]!, fact);
    return row;
  }

  /** What was given back there by hand counts before anybody hears of the capture: they might give it back too. */
  async #givenBack(tx: Tx, { id: paymentId }: Payment, { refunds: said }: Snapshot): Promise<void> {
    for (const { refundId, state, reference, amount } of said)
      if (refundId === null && state !== 'failed')
        await this.#deps.refunds.insert(tx, { id: uuidv7(), paymentId, reference, amount, reason: 'made at the provider' });
  }
  async #refunds(caller: Caller, tx: Tx, payment: PaymentRow, { refunds: said }: Snapshot): Promise<PaymentRow> {
    if (said.length === 0) return payment;
    const { refunds } = this.#deps;
    const known = await refunds.list(tx, payment.id);
    let row = payment;
    for (const each of said) {
      let local = known.find(({ id, reference }) => id === each.refundId || reference === each.reference);
      if (!local) {
        // Made at the provider, by hand: what is back with the payer counts like any other.
        if (each.state === 'failed' && each.returnedAt === null) continue;
        const { id: paymentId } = payment;
        local = await refunds.insert(tx, {
          id: uuidv7(),
          paymentId,
          reference: each.reference,
          amount: each.amount,
          reason: 'made at the provider',
        });
      }
      if (local.state === each.state && local.state !== 'pending') continue;
      // A refund that was given may fail; nothing else that is settled moves.
      if (local.amount !== each.amount || local.state === 'failed') {
        const [held, told] = [local, each].map(({ amount, state }) => ({ amount, state }));
        await this.#case(caller, tx, payment, 'mismatch', each.reference, { said: told, held });
        continue;
      }
      if (local.state === 'succeeded' && each.state === 'pending') continue;
      row = await this.#settleRefund(caller, tx, row, local, each);
    }
    return row;
  }
  async #settleRefund(caller: Caller, tx: Tx, before: PaymentRow, local: Refund, said: RefundSnapshot): Promise<PaymentRow> {
    const { refunds, log } = this.#deps;
    const { id: refundId } = local;
    await refunds.settle(tx, { id: refundId, from: local.state, reference: said.reference, state: said.state, failure: said.failure });
    if (said.state === 'pending') return before;
    const refund = { refundId, refund: said.amount };
    if (said.state === 'failed') return this.#failRefund(caller, tx, before, local, said);
    const refunded = before.refunded + said.amount;
    // A dispute covers it until that is decided.
    const to = before.state === 'disputed' ? 'disputed' : stateAfter(before.captured, refunded);
    const after = await this.#step(tx, before, to);
    this.#post(tx, after, onRefund(partiesOf(after), said.reference, said.at, said.amount));
    await log.publish(tx, caller, paymentRefunded, { ...factOf(after), ...refund, from: before.state, to, refunded });
    return { ...before, ...after };
  }

  /** What had been given is ours again, and may be given back once more. */
  async #failRefund(caller: Caller, tx: Tx, before: PaymentRow, local: Refund, said: RefundSnapshot): Promise<PaymentRow> {
    const given = local.state === 'succeeded';
    const refunded = before.refunded - (given ? said.amount : 0);
    const to = !given || before.state === 'disputed' ? before.state : stateAfter(before.captured, refunded);
    const after = given ? await this.#step(tx, before, to) : before;
    const [parties, { reference, at, amount }] = [partiesOf(before), said];
    // Money that left and came back is booked both ways, also where nobody heard of the first.
    if (!given && said.returnedAt !== null) this.#post(tx, before, onRefund(parties, reference, at, amount));
    if (given || said.returnedAt !== null) this.#post(tx, before, onRefundFailed(parties, reference, said.returnedAt ?? at, amount));
    const fact = { ...factOf(before), refundId: local.id, refund: amount, from: before.state, to, refunded };
    await this.#deps.log.publish(tx, caller, refundFailed, { ...fact, failure: said.failure });
    return { ...before, ...after };
  }

  async #disputes(caller: Caller, tx: Tx, payment: PaymentRow, { disputes: said }: Snapshot): Promise<void> {
    if (said.length === 0) return;
    const known = new Map((await this.#deps.refunds.disputesOf(tx, payment.id)).map((each) => [each.reference, each]));
    let row = payment;
    // All that are new come first: none is closed as if it were the only one.
    for (const each of said) {
      if (known.has(each.reference)) continue;
      const [opened, after] = await this.#openDispute(caller, tx, row, each);
      known.set(each.reference, opened);
      row = after;
    }
    for (const each of said) {
      const local = known.get(each.reference)!;
      if (local.state !== 'open' || each.state === 'open') continue;
      known.set(each.reference, { ...local, state: each.state });
      // Back to where it was once every one is won; lost, the money is gone: it stays disputed.
      const over = [...known.values()].every(({ state }) => state === 'won');
      row = await this.#closeDispute(caller, tx, row, local.id, each, over);
    }
  }
  async #openDispute(caller: Caller, tx: Tx, before: PaymentRow, said: DisputeSnapshot): Promise<[Dispute, PaymentRow]> {
    const { refunds, log } = this.#deps;
    const { reference, amount, fee, reason, at: openedAt } = said;
    const local = await refunds.insertDispute(tx, { id: uuidv7(), paymentId: before.id, reference, amount, fee, reason, openedAt });
    const after = await this.#step(tx, before, 'disputed');
    this.#post(tx, after, onDispute(partiesOf(after), reference, said.at, amount, fee));
    const fact = { ...factOf(after), disputeId: local.id, disputed: amount, reason, from: before.state, to: 'disputed' as const };
    await log.publish(tx, caller, paymentDisputed, fact);
    return [local, { ...before, ...after }];
  }
  async #closeDispute(
    caller: Caller,
    tx: Tx,
    before: PaymentRow,
    disputeId: string,
    said: DisputeSnapshot,
    over: boolean,
  ): Promise<PaymentRow> {
    const { refunds, log } = this.#deps;
    const outcome = said.state === 'won' ? 'won' : 'lost';
    await refunds.closeDispute(tx, disputeId, outcome, said.closedAt);
    const to = over ? stateAfter(before.captured, before.refunded) : before.state;
    const after = await this.#step(tx, before, to);
    if (outcome === 'won') this.#post(tx, after, onDisputeWon(partiesOf(after), said.reference, said.closedAt ?? said.at, said.amount));
    const { amount: disputed, reason } = said;
    await log.publish(tx, caller, disputeClosed, { ...factOf(after), disputeId, disputed, reason, from: before.state, to, outcome });
    return { ...before, ...after };
  }

  async #step(tx: Tx, { seenAt, polls: _polls, ...before }: PaymentRow, state: PaymentState): Promise<Payment> {
    return this.#deps.payments.update(tx, { ...before, state, seenAt, pollIn: null });
  }
  #post(tx: Tx, { id, currency }: Payment, postings: readonly NewPosting[]): void {
    for (const posting of postings) this.#deps.ledger.post(tx, id, currency, posting);
  }
}

const stateAfter = (captured: number, refunded: number): PaymentState =>
  refunded === 0 ? 'captured' : refunded < captured ? 'partially_refunded' : 'refunded';
const partiesOf = ({ payerId, provider }: Payment) => ({ payer: payerId ?? 'nobody', provider });
