import type { ACCOUNTS } from './contract.ts';

// What is booked when money moved. A debit is more than 0, a credit less; each posting sums to zero, and the database holds it to that.

type Account = (typeof ACCOUNTS)[number];
export interface Entry {
  readonly account: Account;
  readonly party: string;
  readonly amount: number;
}
export interface NewPosting {
  readonly kind:
    'sale' | 'capture' | 'fee' | 'refund' | 'payout' | 'refund-failed' | 'payout-failed' | 'dispute' | 'dispute-fee' | 'dispute-won';
  readonly reference: string;
  /** By the provider's clock: both sides of a reconciliation are on one date (S16). */
  readonly occurredAt: string;
  readonly entries: readonly Entry[];
}
interface Parties {
  readonly payer: string;
  readonly provider: string;
}
const move = (debit: Account, credit: Account, amount: number, { payer, provider }: Parties): Entry[] => {
  const party = (account: Account): string => (account === 'customer' ? payer : provider);
  return [
    { account: debit, party: party(debit), amount },
    { account: credit, party: party(credit), amount: -amount },
  ];
};
/** What the provider keeps. */
export const onFee = (parties: Parties, reference: string, occurredAt: string, fee: number): NewPosting[] =>
  fee > 0 ? [{ kind: 'fee', reference, occurredAt, entries: move('fees', 'clearing', fee, parties) }] : [];
/** The payer owes what was sold, and pays it; the provider holds it, less its fee. */
export const onCapture = (parties: Parties, reference: string, occurredAt: string, captured: number, fee: number): NewPosting[] => [
  { kind: 'sale', reference, occurredAt, entries: move('customer', 'revenue', captured, parties) },
  { kind: 'capture', reference, occurredAt, entries: move('clearing', 'customer', captured, parties) },
  ...onFee(parties, reference, occurredAt, fee),
];
/** The payer is owed what is given back, and gets it from what the provider holds. */
export const onRefund = (parties: Parties, reference: string, occurredAt: string, amount: number): NewPosting[] => [
  { kind: 'refund', reference, occurredAt, entries: move('refunds', 'customer', amount, parties) },
  { kind: 'payout', reference, occurredAt, entries: move('customer', 'clearing', amount, parties) },
];
/** It did not reach the payer, and is back at the provider: both entries reversed. */
export const onRefundFailed = (parties: Parties, reference: string, occurredAt: string, amount: number): NewPosting[] => [
  { kind: 'payout-failed', reference, occurredAt, entries: move('clearing', 'customer', amount, parties) },
  { kind: 'refund-failed', reference, occurredAt, entries: move('customer', 'refunds', amount, parties) },
];
/** The provider takes it back until the dispute is decided. */
export const onDispute = (parties: Parties, reference: string, occurredAt: string, amount: number, fee: number): NewPosting[] => [
  { kind: 'dispute', reference, occurredAt, entries: move('disputes', 'clearing', amount, parties) },
  ...(fee > 0 ? [{ kind: 'dispute-fee', reference, occurredAt, entries: move('fees', 'clearing', fee, parties) } as const] : []),
];
/** A reversal of what was taken back; the fee stays. */
export const onDisputeWon = (parties: Parties, reference: string, occurredAt: string, amount: number): NewPosting[] => [
  { kind: 'dispute-won', reference, occurredAt, entries: move('clearing', 'disputes', amount, parties) },
];
