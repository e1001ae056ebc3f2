import { CursorPaging, hidesCardNumber } from '@plinth/kit';
import { z } from 'zod';
import { Amount } from './money.ts';
import { PAYMENT_STATES } from './transitions.ts';

// What operations take and answer.

export const Payment = z.object({
  id: z.uuid(),
  purpose: z.object({ type: z.string(), id: z.string() }).describe('What is paid for'),
  payerId: z.uuid().nullable(),
  description: z.string(),
  provider: z.string(),
  reference: z.string().nullable().describe('The provider’s id of it; null until it was heard'),
  amount: z.int().describe('Minor units of the currency'),
  currency: z.string(),
  captured: z.int(),
  refunding: z.int().describe('Refunds that did not fail'),
  refunded: z.int().describe('Refunds that succeeded'),
  disputed: z.int().describe('Taken back by disputes that are open or lost'),
  capture: z.enum(['automatic', 'manual']),
  state: z.enum(PAYMENT_STATES),
  failure: z.string().nullable().describe('The provider’s reason'),
  checkoutUrl: z.string().nullable().describe('Where the payer goes on, while something is asked of them'),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Payment = z.output<typeof Payment>;
export const PaymentQuery = CursorPaging.extend({
  state: z.enum(PAYMENT_STATES).optional(),
  purposeType: z.string().min(1).max(60).optional(),
  purposeId: z.string().min(1).max(200).optional().describe('With `purposeType`'),
});
export type PaymentQuery = z.output<typeof PaymentQuery>;
export const Transition = z.object({
  number: z.int(),
  from: z.enum(PAYMENT_STATES).nullable(),
  to: z.enum(PAYMENT_STATES),
  reference: z.string().nullable(),
  at: z.string(),
});
export const Attempt = z.object({
  id: z.uuid(),
  action: z.string().describe('`start`, `capture`, `cancel`, `refund:ID`'),
  state: z
    .enum(['pending', 'calling', 'unknown', 'done', 'refused'])
    .describe('`unknown`: the provider did not answer, and is asked what it did'),
  error: z.string().nullable().describe('`no_answer`, `not_known_there_yet`, `start_not_known_yet`, or the provider’s word for why not'),
  createdAt: z.string(),
  settledAt: z.string().nullable(),
});
export const Timeline = z.object({ transitions: z.array(Transition), attempts: z.array(Attempt) });
export type Timeline = z.output<typeof Timeline>;
export const Refund = z.object({
  id: z.uuid(),
  paymentId: z.uuid(),
  reference: z.string().nullable(),
  amount: z.int(),
  reason: z.string(),
  state: z.enum(['pending', 'succeeded', 'failed']),
  failure: z.string().nullable(),
  createdAt: z.string(),
  settledAt: z.string().nullable(),
});
export type Refund = z.output<typeof Refund>;
export const Dispute = z.object({
  id: z.uuid(),
  paymentId: z.uuid(),
  reference: z.string(),
  amount: z.int(),
  fee: z.int(),
  currency: z.string(),
  reason: z.string(),
  state: z.enum(['open', 'won', 'lost']),
  openedAt: z.string(),
  closedAt: z.string().nullable(),
});
export type Dispute = z.output<typeof Dispute>;
export const DisputeQuery = CursorPaging.extend({ state: z.enum(['open', 'won', 'lost']).optional() });

export const ACCOUNTS = ['customer', 'clearing', 'fees', 'revenue', 'refunds', 'disputes'] as const;
export const Posting = z.object({
  id: z.uuid(),
  paymentId: z.uuid(),
  kind: z.string(),
  reference: z.string().describe('The provider’s id of what moved'),
  occurredAt: z.string().describe('By the provider’s clock'),
  postedAt: z.string(),
  entries: z.array(
    z.object({
      account: z.enum(ACCOUNTS),
      party: z.string().describe('Whose account: the payer, the provider'),
      amount: z.int().describe('Minor units; a debit is more than 0, a credit less'),
      currency: z.string(),
    }),
  ),
});
export type Posting = z.output<typeof Posting>;
export const LedgerQuery = CursorPaging.extend({ paymentId: z.uuid().optional() });
export const Balance = z.object({ account: z.enum(ACCOUNTS), currency: z.string(), balance: z.int(), entries: z.int() });
export type Balance = z.output<typeof Balance>;

export const CASES = ['provider-only', 'ledger-only', 'amount', 'ledger', 'mismatch', 'state', 'unknown'] as const;
export const Case = z.object({
  id: z.uuid(),
  kind: z
    .enum(CASES)
    .describe(
      '`provider-only`: moved there, not booked here; `ledger-only`: the other way; `amount`: both, differently; `ledger`: a payment and its ' +
        'entries differ; `mismatch`: the provider speaks of another amount or currency; `state`: it went where it may not, or money stays that ' +
        'was to go back; `unknown`: the provider has not said for an hour what it did',
    ),
  subject: z.string(),
  paymentId: z.uuid().nullable(),
  details: z.record(z.string(), z.unknown()),
  openedAt: z.string(),
  seenAt: z.string().describe('When it was found last'),
  closedAt: z.string().nullable(),
  reason: z.string().nullable(),
});
export type Case = z.output<typeof Case>;
export const CaseQuery = CursorPaging.extend({ state: z.enum(['open', 'closed']).optional() });
export const Reconciliation = z.object({
  id: z.uuid(),
  provider: z.string(),
  from: z.string(),
  to: z.string(),
  movements: z.int().describe('Of the provider’s report'),
  payments: z.int().describe('Compared with their entries'),
  differences: z.int(),
  ranAt: z.string(),
});
export type Reconciliation = z.output<typeof Reconciliation>;
export const ReconciliationReport = z.object({ latest: Reconciliation.nullable(), openCases: z.int() });

export const PaymentId = z.object({ paymentId: z.uuid() });
export const Start = z.strictObject({
  method: z
    .string()
    .regex(/^[a-z]{2,8}_[A-Za-z0-9_]{1,200}$/, 'must be a token of the provider; never a card number')
    .refine((token) => !hidesCardNumber(token), 'must be a token of the provider; never a card number')
    .optional()
    .describe('A token of a method of payment. Absent: the payer chooses one at `checkoutUrl`'),
  returnUrl: z
    .string()
    .min(1)
    .max(2000)
    .optional()
    .describe('Where the provider’s page sends the payer back to: a path of this server, or a page of an origin of CORS_ORIGINS'),
});
export type Start = z.output<typeof Start>;
export const Capture = z.strictObject({ amount: Amount.optional().describe('Absent: all that was authorised; the rest is let go') });
export const NewRefund = z.strictObject({
  amount: Amount.optional().describe('Absent: all that is left'),
  reason: z.string().trim().min(3, 'Say why, for the audit').max(500),
});
export type NewRefund = z.output<typeof NewRefund>;
