import type Stripe from 'stripe';
import { z } from 'zod';
import type { DisputeSnapshot, ProviderState, RefundSnapshot, Snapshot } from '../provider.ts';
import { fromStripe } from './amounts.ts';

/** What Stripe holds of one payment. The charge of the intent, and all balance transactions, are expanded. */
export interface Holding {
  /** Where the payer was sent to its page. */
  readonly session: Stripe.Checkout.Session | null;
  /** null: nobody has begun to pay on the page. */
  readonly intent: Stripe.PaymentIntent | null;
  readonly refunds: readonly Stripe.Refund[];
  readonly disputes: readonly Stripe.Dispute[];
  /** By Stripe's clock, before the first of these was read. */
  readonly at: string;
}
/** The metadata that an object of ours carries. */
export const PAYMENT = 'paymentId';
export const REFUND = 'refundId';
/** On intents of its page: these are known by their session. */
export const CHECKOUT = 'checkout';

export const ours = (metadata: Stripe.Metadata | null | undefined, name: typeof PAYMENT | typeof REFUND): string | null =>
  z.uuid().safeParse(metadata?.[name]).data ?? null;
export const instant = (seconds: number): string => new Date(seconds * 1000).toISOString();
/** What is expanded; an id alone would be a mistake of ours. */
export function whole<T extends object>(field: string | T | null | undefined): T | null {
  if (typeof field === 'string') throw new TypeError(`${field} was not expanded`);
  return field ?? null;
}

/**
 * What was kept of `amount`, in the payment's minor units. It is taken in the currency of the balance, which may be another: the
 * share counts.
 */
export function feeOf({ fee, amount: gross }: Pick<Stripe.BalanceTransaction, 'fee' | 'amount'>, amount: number): number {
  return gross === 0 ? 0 : Math.max(0, Math.round((fee * amount) / Math.abs(gross)));
}
export const chargeOf = (intent: Stripe.PaymentIntent | null): Stripe.Charge | null => whole(intent?.latest_charge);
/** Of the disputes, Stripe tells its balance transactions by category only. */
export const movedBy = (dispute: Stripe.Dispute, category: 'dispute' | 'dispute_reversal'): Stripe.BalanceTransaction | undefined =>
  dispute.balance_transactions.find(({ reporting_category }) => reporting_category === category);

/**
 * As the core hears it. Money counts once it is in Stripe's balance: until then a capture is still processed, a refund pending, a
 * dispute not here. So each of them has the time and the fee that the report tells, too.
 * @returns null where it is none of ours
 */
export function snapshotOf({ session, intent, refunds, disputes, at }: Holding): Snapshot | null {
  const paymentId = ours(intent?.metadata ?? session?.metadata, PAYMENT);
  const reference = session?.id ?? intent?.id;
  const currency = (intent?.currency ?? session?.currency)?.toUpperCase();
  if (paymentId === null || reference === undefined || currency === undefined) return null;
  const charge = chargeOf(intent);
  const booked = whole(charge?.balance_transaction);
  const state = stateOf(session, intent, booked !== null);
  const captured = state === 'captured' ? fromStripe(intent!.amount_received, currency) : 0;
  const problem = intent?.last_payment_error;
  return {
    paymentId,
    reference,
    state,
    amount: fromStripe(intent?.amount ?? session?.amount_total ?? 0, currency),
    currency,
    captured,
    ...(captured > 0 && charge && { captureReference: charge.id }),
    capturedAt: captured > 0 && booked ? instant(booked.created) : null,
    fee: captured > 0 && booked ? feeOf(booked, captured) : 0,
    failure: state === 'failed' ? (problem?.decline_code ?? problem?.code ?? 'payment_failed') : null,
    url: state === 'requires_action' ? (session?.url ?? intent?.next_action?.redirect_to_url?.url ?? null) : null,
    refunds: refunds.toSorted((a, b) => a.created - b.created).map((refund) => refundOf(refund, currency)),
    disputes: disputes.toSorted((a, b) => a.created - b.created).flatMap((dispute) => disputeOf(dispute, currency) ?? []),
    at,
  };
}

function stateOf(session: Holding['session'], intent: Holding['intent'], booked: boolean): ProviderState {
  switch (intent?.status) {
    case 'succeeded':
      if (booked) return 'captured';
      return intent.capture_method === 'manual' ? 'authorized' : 'processing';
    case 'requires_capture':
      return 'authorized';
    case 'processing':
      return 'processing';
    case 'canceled':
      return 'canceled';
    default:
  }
  // Nobody pays there any more.
  if (session?.status === 'expired') return 'canceled';
  // On an open page the payer takes another card; without one, or once it is closed, a decline is the end.
  if (intent?.status === 'requires_payment_method' && session?.status !== 'open' && intent.last_payment_error) return 'failed';
  return 'requires_action';
}

function refundOf(refund: Stripe.Refund, currency: string): RefundSnapshot {
  const [left, back] = [whole(refund.balance_transaction), whole(refund.failure_balance_transaction)];
  const failed = refund.status === 'failed' || refund.status === 'canceled';
  return {
    refundId: ours(refund.metadata, REFUND),
    reference: refund.id,
    amount: fromStripe(refund.amount, currency),
    state: failed ? 'failed' : refund.status === 'succeeded' && left ? 'succeeded' : 'pending',
    failure: failed ? (refund.failure_reason ?? refund.status) : null,
    at: instant(left?.created ?? refund.created),
    returnedAt: failed && left && back ? instant(back.created) : null,
  };
}

/** @returns null for inquiries, and for what took no money yet */
function disputeOf(dispute: Stripe.Dispute, currency: string): DisputeSnapshot | null {
  const [taken, back] = [movedBy(dispute, 'dispute'), movedBy(dispute, 'dispute_reversal')];
  if (!taken) return null;
  const amount = fromStripe(dispute.amount, currency);
  const won = dispute.status === 'won' && back !== undefined;
  return {
    reference: dispute.id,
    amount,
    fee: feeOf(taken, amount),
    reason: dispute.reason.slice(0, 200),
    state: won ? 'won' : dispute.status === 'lost' ? 'lost' : 'open',
    at: instant(taken.created),
    closedAt: won ? instant(back.created) : null,
  };
}
