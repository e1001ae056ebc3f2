import type { Caller, Event, EventLog, Tx } from '@plinth/kit';
import type { AfterCapture } from './after-capture.ts';
import {
  paymentAuthorized,
  paymentCanceled,
  paymentCaptured,
  type PaymentFact,
  paymentFailed,
  paymentProcessing,
  paymentRequiresAction,
} from './contract.ts';
import type { LedgerRepository } from './ledger.repository.ts';
import { onCapture, onFee } from './ledger.ts';
import type { Snapshot } from './provider.ts';
import type { PaymentRow, PaymentsRepository } from './repository.ts';
import { isBefore, isOpen, mayMove, type PaymentState } from './transitions.ts';
import { factOf, type Heard, partiesOf, pollAgainIn, type Writing } from './writing.ts';

interface Deps {
  readonly log: EventLog;
  readonly payments: PaymentsRepository;
  readonly ledger: LedgerRepository;
  readonly writing: Writing;
  readonly afterCapture: AfterCapture;
}
const MOVED: Partial<Record<PaymentState, Event<PaymentFact & { from: PaymentState; to: PaymentState }>>> = {
  requires_action: paymentRequiresAction,
  processing: paymentProcessing,
  authorized: paymentAuthorized,
  canceled: paymentCanceled,
};

/**
 * Moves the local rows towards what the provider says: state, entries, facts, and what others do `during` those, in the caller's
 * one transaction. Never back: what is old, or told before, changes nothing (S13, S21-S23). This is the only way to change a state.
 */
export class Hearing {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * @param how `sent`: news, on its way for who knows how long; `asked`: an answer, as it is now.
   * @returns `early` where there is no such payment here: another's, or one whose row has not been committed (S24); `unclear` where
   *   news of one moment leads both ways: the provider is to be asked (S22).
   */
  async hear(caller: Caller, tx: Tx, provider: string, said: Snapshot, how: 'sent' | 'asked'): Promise<'done' | 'early' | 'unclear'> {
    const { payments, afterCapture } = this.#deps;
    const payment = await payments.lock(tx, said.paymentId);
    if (!payment) return 'early';
    if (await this.#differs(caller, tx, payment, provider, said)) return 'done';
    const later = payment.seenAt === null ? 1 : Date.parse(said.at) - Date.parse(payment.seenAt);
    if (later < 0) return 'done';
    if (later === 0 && how === 'sent' && isBefore(said.state, payment.state)) return 'unclear';
    const moved = await this.#move(caller, tx, payment, said);
    if (moved === null || moved.captured === 0) return 'done';
    const refunded = await afterCapture.refunds(caller, tx, moved, said);
    await afterCapture.disputes(caller, tx, refunded, said, payment.captured === 0);
    return 'done';
  }

  /** S14: it is this payment, of this amount, at this provider; otherwise a person must look. */
  async #differs(caller: Caller, tx: Tx, payment: PaymentRow, provider: string, said: Snapshot): Promise<boolean> {
    const { amount, currency, reference } = payment;
    const same =
      payment.provider === provider &&
      (reference ?? said.reference) === said.reference &&
      amount === said.amount &&
      currency === said.currency &&
      said.captured <= amount &&
      // Captured, of nothing.
      (said.state !== 'captured' || said.captured > 0);
    if (same) return false;
    const told = { provider, reference: said.reference, amount: said.amount, currency: said.currency, captured: said.captured };
    const held = { provider: payment.provider, reference, amount, currency };
    await this.#deps.writing.differ(caller, tx, payment, 'mismatch', said.reference, { said: told, held });
    return true;
  }

  /** As far as money that comes in. @returns null where it says what cannot be. */
  async #move(caller: Caller, tx: Tx, before: PaymentRow, said: Snapshot): Promise<Heard | null> {
    const { payments, log, writing, afterCapture } = this.#deps;
    const settled = before.captured > 0;
    const to = settled ? before.state : said.state;
    const moves = to !== before.state;
    if ((moves && !mayMove(before.state, to)) || (settled && said.state !== 'captured')) {
      // It regresses, or what ended is told to have been paid: the first is late news, the second a person must see.
      if (said.captured > before.captured)
        await writing.differ(caller, tx, before, 'state', said.state, { from: before.state, to: said.state, captured: said.captured });
      return null;
    }
    const captured = moves && to === 'captured' ? said.captured : before.captured;
    const waits = settled || to === 'captured' ? isWaitedFor(said) : isOpen(to) || to === 'authorized';
    const pollIn = waits ? pollAgainIn(before.polls) : null;
    const after = await payments.update(tx, {
      id: before.id,
      state: to,
      reference: said.reference,
      captured,
      failure: to === 'failed' ? said.failure : null,
      checkoutUrl: to === 'requires_action' ? said.url : null,
      seenAt: said.at,
      pollIn,
    });
    const row = { ...before, ...after, seenAt: said.at, pollIn };
    if (settled) await this.#asCaptured(caller, tx, row, said);
    if (!moves) return row;
    const fact = { ...factOf(after), from: before.state, to };
    if (to === 'captured') {
      writing.post(tx, after, onCapture(partiesOf(after), movedBy(said), said.capturedAt ?? said.at, captured, said.fee));
      await afterCapture.gone(tx, row, said);
      await log.publish(tx, caller, paymentCaptured, { ...fact, captured, fee: said.fee });
    } else if (to === 'failed') await log.publish(tx, caller, paymentFailed, { ...fact, failure: said.failure });
    else await log.publish(tx, caller, MOVED[to]!, fact);
    return row;
  }
  /** A fee may be told later than the capture. Of that itself nothing changes any more. */
  async #asCaptured(caller: Caller, tx: Tx, payment: Heard, said: Snapshot): Promise<void> {
    const { ledger, writing } = this.#deps;
    if (said.captured !== payment.captured)
      await writing.differ(caller, tx, payment, 'mismatch', 'captured', { said: said.captured, held: payment.captured });
    if (said.fee === 0) return;
    const fee = await ledger.feeOf(tx, payment.id);
    if (fee === 0) writing.post(tx, payment, onFee(partiesOf(payment), movedBy(said), said.capturedAt ?? said.at, said.fee));
    else if (fee !== said.fee) await writing.differ(caller, tx, payment, 'mismatch', 'fee', { said: said.fee, held: fee });
  }
}

const movedBy = ({ captureReference, reference }: Snapshot): string => captureReference ?? reference;
/** Money is on its way, or may still be taken back. */
const isWaitedFor = ({ refunds, disputes }: Snapshot): boolean =>
  refunds.some(({ state }) => state === 'pending') || disputes.some(({ state }) => state === 'open');
