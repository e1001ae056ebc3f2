import type { IncomingHttpHeaders } from 'node:http';
import type { PaymentState } from './transitions.ts';

// What a provider of payments is to us. Behind it: the sandbox; Stripe's Payment Intents and Checkout; one that only redirects.

/** How far a payment has come at its provider. What follows capture are refunds and disputes, each with a state of its own. */
export type ProviderState = Extract<PaymentState, 'requires_action' | 'processing' | 'authorized' | 'captured' | 'failed' | 'canceled'>;

export interface RefundSnapshot {
  /** Ours; null where the refund was made at the provider. */
  readonly refundId: string | null;
  readonly reference: string;
  readonly amount: number;
  readonly state: 'pending' | 'succeeded' | 'failed';
  readonly failure: string | null;
  /** When the money left us; where it has not yet, when it was asked for. */
  readonly at: string;
  /** When the money came back to us, where it had left and then failed. */
  readonly returnedAt: string | null;
}
export interface DisputeSnapshot {
  readonly reference: string;
  readonly amount: number;
  /** What the provider takes for it. */
  readonly fee: number;
  readonly reason: string;
  readonly state: 'open' | 'won' | 'lost';
  readonly at: string;
  readonly closedAt: string | null;
}
/**
 * All that the provider holds of one payment: the local rows are moved towards it, never back. Amounts in minor units, times
 * ISO-8601 by the provider's clock.
 */
export interface Snapshot {
  /** Ours, as the provider keeps it. */
  readonly paymentId: string;
  readonly reference: string;
  readonly state: ProviderState;
  readonly amount: number;
  readonly currency: string;
  readonly captured: number;
  readonly capturedAt: string | null;
  /** What moved the money, as the report names it, where that is not `reference`: a charge, a capture. */
  readonly captureReference?: string;
  /** What the provider keeps of the capture. */
  readonly fee: number;
  readonly failure: string | null;
  /** Where the payer goes on, while something is asked of them. */
  readonly url: string | null;
  readonly refunds: readonly RefundSnapshot[];
  readonly disputes: readonly DisputeSnapshot[];
  /** When it changed last. */
  readonly at: string;
}

export interface StartOrder {
  readonly paymentId: string;
  readonly amount: number;
  readonly currency: string;
  readonly capture: 'automatic' | 'manual';
  readonly description: string;
  /** A token of a method of payment; null: the payer chooses one on the provider's page. Never a card number. */
  readonly method: string | null;
  /** Where the provider's page sends the payer back to; that they come back says nothing about money. */
  readonly returnUrl: string | null;
}
export interface Known {
  readonly paymentId: string;
  readonly reference: string | null;
  readonly amount: number;
  readonly currency: string;
}
/** Money that moved at the provider. */
export interface Movement {
  /** `other`: something that we do not book. */
  readonly kind: 'capture' | 'fee' | 'refund' | 'refund-failed' | 'dispute' | 'dispute-fee' | 'dispute-won' | 'other';
  /** The provider's id of what moved it: of the capture, the refund, the dispute. */
  readonly reference: string;
  /** Ours, where the provider knows it. */
  readonly paymentId: string | null;
  /** More than 0: to us. */
  readonly amount: number;
  readonly currency: string;
  readonly at: string;
}
/** A webhook, once it is believed. Without a snapshot the provider is asked what holds now. */
export interface ProviderEvent {
  readonly id: string;
  readonly type: string;
  readonly occurredAt: string | null;
  /** null: it does not name ours. */
  readonly paymentId: string | null;
  /** The provider's id that it names instead, to be asked whose that is; null beside no payment of ours: it says nothing to us. */
  readonly reference?: string | null;
  readonly snapshot: Snapshot | null;
}

export interface Provider {
  readonly name: string;
  /** Its word that it does not know something is believed this long after it was asked for: what was slow may still arrive. */
  readonly settleSeconds: number;
  /** It remembers a key of ours this long after it saw it first: later, the same key would do it twice. */
  readonly keySeconds: number;
  /** Methods may be given by token; else the payer chooses on its page. */
  readonly takesMethods: boolean;
  /** Loads what it needs, when a server that pays with it starts: not in the first payer's time. */
  open?(): Promise<void>;
  /**
   * Each takes a key of ours: asked again with the same key, it answers the same and does nothing more.
   * @throws ProviderRefused: it did not, and will not. Anything else that is thrown leaves the outcome unknown.
   */
  start(order: StartOrder, key: string): Promise<Snapshot>;
  capture(payment: Known, amount: number, key: string): Promise<Snapshot>;
  cancel(payment: Known, key: string): Promise<Snapshot>;
  refund(payment: Known, refund: { readonly refundId: string; readonly amount: number }, key: string): Promise<Snapshot>;
  /** By our id, its own, or both. @returns null: it knows no such payment of ours. */
  find(payment: { readonly paymentId: string | null; readonly reference: string | null }): Promise<Snapshot | null>;
  /** Everything that moved at or after `from` and before `to`, page by page. */
  report(range: { readonly from: string; readonly to: string }): AsyncIterable<readonly Movement[]>;
  readonly webhooks: {
    /** Over the raw bytes. @throws SignatureRefused */
    verify(body: Buffer, headers: IncomingHttpHeaders): Promise<void> | void;
    read(body: string, headers: IncomingHttpHeaders): ProviderEvent;
  };
}

/** The provider says no, in a machine's word: nothing happened, and asking again changes nothing. */
export class ProviderRefused extends Error {
  override readonly name = 'ProviderRefused';
  readonly code: string;
  constructor(code: string, options?: ErrorOptions) {
    super(`the provider refused: ${code}`, options);
    this.code = code;
  }
}
