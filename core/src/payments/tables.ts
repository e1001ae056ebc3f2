// Generated from the migrated database by `npm run generate`. Do not edit.
import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

export interface Tables {
  'payments.attempts': {
    id: string;
    payment_id: string;
    action: string;
    number: Generated<number>;
    key: string;
    request: ColumnType<unknown, string, string>;
    state: Generated<string>;
    fence: Generated<number>;
    leased_until: string | null;
    error: string | null;
    created_at: Generated<string>;
    settled_at: string | null;
    asked_at: string | null;
    called_until: string | null;
    next_at: Generated<string>;
  };
  'payments.cases': {
    id: string;
    kind: string;
    subject: string;
    payment_id: string | null;
    details: ColumnType<unknown, string, string>;
    opened_at: Generated<string>;
    seen_at: Generated<string>;
    closed_at: string | null;
    closed_by: string | null;
    reason: string | null;
  };
  'payments.disputes': {
    id: string;
    payment_id: string;
    reference: string;
    amount: number;
    fee: Generated<number>;
    reason: string;
    state: Generated<string>;
    opened_at: string;
    closed_at: string | null;
  };
  'payments.entries': {
    id: GeneratedAlways<number>;
    posting_id: string;
    account: string;
    party: string;
    currency: string;
    amount: number;
  };
  'payments.moves': {
    from_state: string;
    to_state: string;
  };
  'payments.payments': {
    id: string;
    purpose_type: string;
    purpose_id: string;
    payer_id: string | null;
    description: string;
    provider: string;
    reference: string | null;
    currency: string;
    amount: number;
    captured: Generated<number>;
    refunding: Generated<number>;
    refunded: Generated<number>;
    capture: string;
    state: Generated<string>;
    failure: string | null;
    checkout_url: string | null;
    seen_at: string | null;
    poll_at: string | null;
    polls: Generated<number>;
    created_at: Generated<string>;
    updated_at: Generated<string>;
    disputed: Generated<number>;
  };
  'payments.postings': {
    id: string;
    payment_id: string;
    kind: string;
    reference: string;
    occurred_at: string;
    posted_at: Generated<string>;
    written_in: Generated<string>;
  };
  'payments.reconciliations': {
    id: string;
    provider: string;
    from_at: string;
    to_at: string;
    movements: number;
    payments: number;
    differences: number;
    ran_at: Generated<string>;
  };
  'payments.refunds': {
    id: string;
    payment_id: string;
    reference: string | null;
    amount: number;
    reason: string;
    state: Generated<string>;
    failure: string | null;
    created_at: Generated<string>;
    settled_at: string | null;
  };
  'payments.transitions': {
    payment_id: string;
    number: number;
    from_state: string | null;
    to_state: string;
    reference: string | null;
    at: Generated<string>;
  };
}

export const attemptsColumns = ['id', 'payment_id as paymentId', 'action', 'number', 'key', 'request', 'state', 'fence', 'leased_until as leasedUntil', 'error', 'created_at as createdAt', 'settled_at as settledAt', 'asked_at as askedAt', 'called_until as calledUntil', 'next_at as nextAt'] as const;
export const casesColumns = ['id', 'kind', 'subject', 'payment_id as paymentId', 'details', 'opened_at as openedAt', 'seen_at as seenAt', 'closed_at as closedAt', 'closed_by as closedBy', 'reason'] as const;
export const disputesColumns = ['id', 'payment_id as paymentId', 'reference', 'amount', 'fee', 'reason', 'state', 'opened_at as openedAt', 'closed_at as closedAt'] as const;
export const entriesColumns = ['id', 'posting_id as postingId', 'account', 'party', 'currency', 'amount'] as const;
export const movesColumns = ['from_state as fromState', 'to_state as toState'] as const;
export const paymentsColumns = ['id', 'purpose_type as purposeType', 'purpose_id as purposeId', 'payer_id as payerId', 'description', 'provider', 'reference', 'currency', 'amount', 'captured', 'refunding', 'refunded', 'capture', 'state', 'failure', 'checkout_url as checkoutUrl', 'seen_at as seenAt', 'poll_at as pollAt', 'polls', 'created_at as createdAt', 'updated_at as updatedAt', 'disputed'] as const;
export const postingsColumns = ['id', 'payment_id as paymentId', 'kind', 'reference', 'occurred_at as occurredAt', 'posted_at as postedAt', 'written_in as writtenIn'] as const;
export const reconciliationsColumns = ['id', 'provider', 'from_at as fromAt', 'to_at as toAt', 'movements', 'payments', 'differences', 'ran_at as ranAt'] as const;
export const refundsColumns = ['id', 'payment_id as paymentId', 'reference', 'amount', 'reason', 'state', 'failure', 'created_at as createdAt', 'settled_at as settledAt'] as const;
export const transitionsColumns = ['payment_id as paymentId', 'number', 'from_state as fromState', 'to_state as toState', 'reference', 'at'] as const;
