import type { Actor } from '@plinth/kit/testing';

// What was asked for and granted, and what payers did. What must come of it is said here, without a look into the server.

export const TOKENS = ['tok_visa', 'tok_3ds', 'tok_declined', 'tok_processing', 'tok_disputed', 'tok_refund_refused'] as const;
export type Token = (typeof TOKENS)[number];
export interface Pay {
  readonly id: string;
  readonly amount: number;
  readonly manual: boolean;
  readonly payer: Actor;
  readonly order: Ord | null;
  /** Whether the start of it is decided, for all that anybody was told. */
  begun: boolean;
  token: Token | null;
  /** Of the payer's bank, or of what takes its time. */
  answer: 'ok' | 'failed' | null;
  /** Granted: amounts, and how often. */
  readonly captures: number[];
  cancels: number;
  /** Granted, by id. */
  readonly refunds: Map<string, number>;
  /** Given back at the provider, by nobody of ours. */
  readonly byHand: number[];
  readonly disputes: Map<string, 'open' | 'won' | 'lost'>;
}
export interface Ord {
  readonly id: string;
  readonly buyer: Actor;
  readonly total: number;
  readonly product: number;
  readonly quantity: number;
  /** One after the other; the last one is to pay it. */
  readonly pays: Pay[];
  end: 'cancelled' | 'expired' | null;
  /** Its time is over: whoever ends such orders next ends it, unless somebody holds it just then. */
  over: boolean;
  fulfilled: boolean;
}
export interface Model {
  readonly products: { readonly id: string; readonly price: number; readonly stock: number }[];
  readonly orders: Ord[];
  readonly pays: Pay[];
}
export const newPay = (over: Pick<Pay, 'id' | 'amount' | 'manual' | 'payer' | 'order'>): Pay => ({
  ...over,
  begun: false,
  token: null,
  answer: null,
  captures: [],
  cancels: 0,
  refunds: new Map(),
  byHand: [],
  disputes: new Map(),
});

/** How a payment must stand at its provider in the end; several where two things that were granted exclude each other. */
export function expected(pay: Pay): { readonly states: readonly (string | null)[]; readonly captured: readonly number[] } {
  const letGo = pay.cancels > 0 || (pay.order !== null && pay.order.end !== null);
  const none = (...states: (string | null)[]) => ({ states, captured: [0] });
  if (!pay.begun) return none(null);
  if (pay.token === null) return none(letGo ? 'canceled' : 'requires_action');
  // Withdrawn before the provider heard of the token, it never does.
  if (pay.token === 'tok_declined') return none('failed');
  if (pay.token === 'tok_3ds' && pay.answer === null) return none(letGo ? 'canceled' : 'requires_action');
  if (pay.token === 'tok_processing' && pay.answer === null) return none('processing');
  if (pay.answer === 'failed') return none('failed');
  if (!pay.manual) return { states: ['captured'], captured: [pay.amount] };
  const states = [...(pay.captures.length > 0 ? ['captured'] : []), ...(letGo ? ['canceled'] : [])];
  // A provider lets go of nothing while it processes; what it refused may be asked for again.
  if (states.length === 0 || (pay.token === 'tok_processing' && pay.captures.length === 0)) states.push('authorized');
  return { states, captured: states.includes('captured') ? [...pay.captures, ...(states.length > 1 ? [0] : [])] : [0] };
}

/** What a payment is called here, by what its provider holds. */
export function stateOf(said: { state: string; captured: number; refunded: number; disputes: readonly { state: string }[] }): string {
  if (said.captured === 0) return said.state;
  if (said.disputes.some(({ state }) => state !== 'won')) return 'disputed';
  return said.refunded === 0 ? 'captured' : said.refunded < said.captured ? 'partially_refunded' : 'refunded';
}
/** How an order must stand, by the payment that pays it (if one does) and the last one that was to. */
export function orderState(order: Ord, paid: { refunded: number; lost: number } | null, last: string): string {
  if (order.end !== null) return order.end;
  if (paid === null) return last === 'failed' || last === 'canceled' ? 'payment_failed' : 'awaiting_payment';
  if (paid.refunded === order.total) return 'refunded';
  if (paid.refunded + paid.lost >= order.total) return 'charged_back';
  if (paid.refunded > 0) return 'partially_refunded';
  return order.fulfilled ? 'fulfilled' : 'paid';
}
