import { randomBytes } from 'node:crypto';

// Objects as Stripe documents them, as far as somebody here reads them. An id in a field is what `expand` turns into its object.

export interface Movement {
  id: string;
  object: 'balance_transaction';
  amount: number;
  fee: number;
  net: number;
  currency: string;
  exchange_rate: number | null;
  created: number;
  type: string;
  reporting_category: string;
  source: string;
}
export interface Charge {
  id: string;
  object: 'charge';
  amount: number;
  amount_captured: number;
  amount_refunded: number;
  balance_transaction: string | null;
  captured: boolean;
  created: number;
  currency: string;
  disputed: boolean;
  failure_code: string | null;
  metadata: Record<string, string>;
  paid: boolean;
  payment_intent: string;
  refunded: boolean;
  status: 'succeeded' | 'failed' | 'pending';
}
export interface Intent {
  id: string;
  object: 'payment_intent';
  amount: number;
  amount_capturable: number;
  amount_received: number;
  cancellation_reason: string | null;
  capture_method: string;
  client_secret: string;
  created: number;
  currency: string;
  description: string | null;
  last_payment_error: Record<string, unknown> | null;
  latest_charge: string | null;
  livemode: false;
  metadata: Record<string, string>;
  next_action: { type: 'redirect_to_url'; redirect_to_url: { url: string; return_url: string } } | null;
  payment_method: string | null;
  status:
    'requires_payment_method' | 'requires_confirmation' | 'requires_action' | 'processing' | 'requires_capture' | 'canceled' | 'succeeded';
}
export interface Session {
  id: string;
  object: 'checkout.session';
  amount_total: number;
  cancel_url: string | null;
  client_reference_id: string | null;
  created: number;
  currency: string;
  expires_at: number;
  livemode: false;
  metadata: Record<string, string>;
  mode: 'payment';
  payment_intent: string | null;
  payment_status: 'paid' | 'unpaid';
  status: 'open' | 'complete' | 'expired';
  success_url: string | null;
  url: string | null;
}
export interface Refund {
  id: string;
  object: 'refund';
  amount: number;
  balance_transaction: string | null;
  charge: string;
  created: number;
  currency: string;
  failure_balance_transaction?: string;
  failure_reason?: string;
  metadata: Record<string, string>;
  payment_intent: string;
  reason: string | null;
  status: 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled';
}
export interface Dispute {
  id: string;
  object: 'dispute';
  amount: number;
  /** In full, always. */
  balance_transactions: Movement[];
  charge: string;
  created: number;
  currency: string;
  is_charge_refundable: boolean;
  metadata: Record<string, string>;
  payment_intent: string;
  reason: string;
  status: string;
}
export type Thing = Movement | Charge | Intent | Session | Refund | Dispute;

export const newId = (kind: string): string => `${kind}_${randomBytes(12).toString('hex')}`;

/** What a payment method does (docs.stripe.com/testing). */
export type Outcome = 'approves' | 'declines' | 'asks' | 'processes' | 'disputes' | 'refund-fails' | 'refund-waits';
const METHODS: Readonly<Record<string, [Outcome, string?]>> = {
  pm_card_visa: ['approves'],
  tok_visa: ['approves'],
  pm_card_chargeDeclined: ['declines', 'generic_decline'],
  pm_card_chargeDeclinedInsufficientFunds: ['declines', 'insufficient_funds'],
  pm_card_threeDSecure2Required: ['asks'],
  pm_card_createDispute: ['disputes'],
  pm_card_refundFail: ['refund-fails'],
  pm_card_pendingRefund: ['refund-waits'],
  pm_usBankAccount_processing: ['processes'],
};
export const methodOf = (id: string): { id: string; outcome: Outcome; decline: string } | null => {
  const [outcome, decline = ''] = METHODS[id] ?? [];
  return outcome ? { id, outcome, decline } : null;
};
