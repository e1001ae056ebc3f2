import { allow, defineError, defineJob, defineOperations, definePermission, Instant, paged, raw } from '@plinth/kit';
import { z } from 'zod';
import { SignatureRefused, WebhookUnreadable } from '../webhooks/index.ts';
import * as facts from './facts.ts';
import {
  Balance,
  Capture,
  Case,
  CaseQuery,
  Dispute,
  DisputeQuery,
  LedgerQuery,
  NewRefund,
  Payment,
  PaymentId,
  PaymentQuery,
  Posting,
  Reconciliation,
  ReconciliationReport,
  Refund,
  Start,
  Timeline,
} from './shapes.ts';

export * from './facts.ts';
export * from './shapes.ts';

export const readPayments = definePermission('payments:read', 'See one’s own payments', ['member', 'admin']);
export const startPayments = definePermission('payments:start', 'Pay one’s own payments', ['member', 'admin']);
export const managePayments = definePermission('payments:manage', 'See every payment; capture, cancel and refund them');
export const readLedger = definePermission('payments:read-ledger', 'See the ledger, balances and reconciliation');
export const reconcilePayments = definePermission('payments:reconcile', 'Reconcile with providers, and close differences');

// ---- Errors and jobs ----------------------------------------------------------------------------

export const PaymentNotFound = defineError('PAYMENT_NOT_FOUND', 404, 'There is no such payment');
export const ProviderNotFound = defineError('PAYMENT_PROVIDER_NOT_FOUND', 404, 'This server takes no webhooks from there');
export const ProviderMissing = defineError('PAYMENT_PROVIDER_MISSING', 503, 'This server has no provider of payments: configure one', {
  lent: true,
});
export const MethodNotTaken = defineError('PAYMENT_METHOD_NOT_TAKEN', 422, 'This provider takes no tokens: the payer chooses on its page');
export const ReturnUrlRefused = defineError(
  'PAYMENT_RETURN_URL_REFUSED',
  422,
  'The payer is sent back to this server or to an origin of CORS_ORIGINS, nowhere else',
);
export const NotThatNow = defineError('PAYMENT_STATE', 409, 'The payment is in a state in which this is not possible');
export const ActionUnderWay = defineError(
  'PAYMENT_ACTION_UNDER_WAY',
  409,
  'The same was asked for before: see the payment for its outcome',
  {
    constraint: 'attempts_action',
  },
);
export const IllegalMove = defineError('PAYMENT_ILLEGAL_TRANSITION', 409, 'A payment does not go from that state to this', {
  constraint: 'transitions_move',
  lent: true,
});
export const CaptureTooMuch = defineError('CAPTURE_TOO_MUCH', 422, 'No more can be captured than was authorised');
export const RefundTooMuch = defineError('REFUND_TOO_MUCH', 409, 'No more can be refunded than was captured', {
  constraint: 'payments_refunding_within_captured',
});
export const CaseNotFound = defineError('PAYMENT_CASE_NOT_FOUND', 404, 'There is no such case');
export const CaseIsClosed = defineError('PAYMENT_CASE_CLOSED', 409, 'This case was closed before');
export const ProviderSilent = defineError('PAYMENT_PROVIDER_SILENT', 502, 'The provider could not be asked: try again shortly');

export const act = defineJob('payments.act', z.strictObject({ attemptId: z.uuid() }), {
  title: 'Ask a provider for what was decided, or what it did',
  attempts: 20,
  timeoutSeconds: 60,
  concurrency: 8,
});
export const look = defineJob('payments.look', z.strictObject({ paymentId: z.uuid() }), {
  title: 'Ask a provider how a payment stands',
  attempts: 10,
  timeoutSeconds: 60,
});
export const trace = defineJob('payments.trace', z.strictObject({ provider: z.string(), reference: z.string() }), {
  title: 'Ask a provider whose payment its news is about',
  attempts: 10,
  timeoutSeconds: 60,
});
export const poll = defineJob('payments.poll', z.strictObject({}), { title: 'Look after payments nobody told of', total: 1, attempts: 1 });
export const reconcile = defineJob('payments.reconcile', z.strictObject({}), {
  title: 'Compare ledger, payments and providers',
  total: 1,
  timeoutSeconds: 3600,
});

// ---- Operations ---------------------------------------------------------------------------------

const {
  paymentCreated: _created,
  startAsked,
  captureAsked,
  cancelAsked,
  refundAsked,
  reconciled,
  caseOpened,
  caseClosed,
  ...moves
} = facts;
/** All that hearing of a provider may bring about. */
const heard = [...Object.values(moves), caseOpened, caseClosed];
const own = { own: managePayments };

export const operations = defineOperations({
  list: {
    method: 'GET',
    path: '/payments',
    summary: 'Payments, newest first',
    description: 'One’s own; with `payments:manage` everybody’s.',
    access: allow(readPayments, own),
    query: PaymentQuery,
    reply: paged(Payment, { cursor: true }),
  },
  disputes: {
    method: 'GET',
    path: '/payments/disputes',
    summary: 'Disputes, newest first',
    access: allow(managePayments),
    query: DisputeQuery,
    reply: paged(Dispute, { cursor: true }),
  },
  ledger: {
    method: 'GET',
    path: '/payments/ledger',
    summary: 'What was booked, newest first',
    access: allow(readLedger),
    query: LedgerQuery,
    reply: paged(Posting, { cursor: true }),
  },
  balances: {
    method: 'GET',
    path: '/payments/ledger/balances',
    summary: 'Sums of the accounts, by currency',
    access: allow(readLedger),
    reply: z.array(Balance),
  },
  reconciliation: {
    method: 'GET',
    path: '/payments/reconciliation',
    summary: 'How ledger, payments and the provider compared last',
    access: allow(readLedger),
    reply: ReconciliationReport,
  },
  reconcile: {
    method: 'POST',
    path: '/payments/reconciliation',
    summary: 'Compare ledger, payments and the provider’s report now',
    description:
      'Opens a case for each difference that has none, and closes those that are equal now. Each night by itself, for the seven days before.',
    access: allow(reconcilePayments),
    tx: 'own',
    body: z.strictObject({ from: Instant.optional().describe('Default: seven days ago') }),
    reply: Reconciliation,
    publishes: [reconciled, caseOpened, caseClosed],
    errors: [ProviderMissing, ProviderSilent],
    limit: { requests: 10, seconds: 60, by: 'caller' },
    example: { body: {} },
  },
  cases: {
    method: 'GET',
    path: '/payments/cases',
    summary: 'Differences that were found, newest first',
    access: allow(readLedger),
    query: CaseQuery,
    reply: paged(Case, { cursor: true }),
  },
  closeCase: {
    method: 'POST',
    path: '/payments/cases/:caseId/close',
    summary: 'Say why a difference is settled',
    description: 'Found again, it opens a new case.',
    access: allow(reconcilePayments),
    params: z.object({ caseId: z.uuid() }),
    body: z.strictObject({ reason: z.string().trim().min(3, 'Say why, for the audit').max(500) }),
    reply: Case,
    publishes: [caseClosed],
    errors: [CaseNotFound, CaseIsClosed],
    example: { body: { reason: 'Booked by hand at the bank' } },
  },
  get: {
    method: 'GET',
    path: '/payments/:paymentId',
    summary: 'A payment',
    access: allow(readPayments, own),
    params: PaymentId,
    reply: Payment,
    errors: [PaymentNotFound],
  },
  timeline: {
    method: 'GET',
    path: '/payments/:paymentId/timeline',
    summary: 'Each step of a payment, and what the provider was asked for',
    access: allow(readPayments, own),
    params: PaymentId,
    reply: Timeline,
    errors: [PaymentNotFound],
  },
  refunds: {
    method: 'GET',
    path: '/payments/:paymentId/refunds',
    summary: 'Refunds of a payment',
    access: allow(readPayments, own),
    params: PaymentId,
    reply: z.array(Refund),
    errors: [PaymentNotFound],
  },
  start: {
    method: 'POST',
    path: '/payments/:paymentId/start',
    summary: 'Begin to pay',
    description:
      'Answers with `checkoutUrl`, or pays at once with a token. 202 where the provider did not answer: it is asked what it did, and never asked to do it twice. Asked again, it answers the payment as it stands.',
    access: allow(startPayments, own),
    tx: 'own',
    params: PaymentId,
    body: Start,
    reply: Payment,
    publishes: [startAsked, ...heard],
    errors: [PaymentNotFound, ProviderMissing, MethodNotTaken, ReturnUrlRefused, NotThatNow, IllegalMove],
    limit: { requests: 60, seconds: 60, by: 'caller' },
    example: { body: { returnUrl: '/thanks' } },
  },
  capture: {
    method: 'POST',
    path: '/payments/:paymentId/capture',
    summary: 'Take what was authorised',
    description: 'Accepted here, done after the answer: the payment’s state and `payments.captured` tell when.',
    access: allow(managePayments),
    params: PaymentId,
    body: Capture,
    status: 202,
    reply: Payment,
    publishes: [captureAsked],
    errors: [PaymentNotFound, NotThatNow, CaptureTooMuch, ActionUnderWay],
    example: { body: {} },
  },
  cancel: {
    method: 'POST',
    path: '/payments/:paymentId/cancel',
    summary: 'Let an authorisation go, or end what was not paid yet',
    access: allow(managePayments),
    params: PaymentId,
    status: 202,
    reply: Payment,
    publishes: [cancelAsked, facts.paymentCanceled],
    errors: [PaymentNotFound, NotThatNow, ActionUnderWay],
  },
  refund: {
    method: 'POST',
    path: '/payments/:paymentId/refunds',
    summary: 'Give money back, in part or in full',
    description: 'Accepted here, done after the answer. All refunds that did not fail are together at most what was captured.',
    access: allow(managePayments),
    params: PaymentId,
    body: NewRefund,
    status: 202,
    reply: Refund,
    publishes: [refundAsked],
    errors: [PaymentNotFound, NotThatNow, RefundTooMuch],
    example: { body: { amount: 500, reason: 'The lid was broken' } },
  },
  webhook: {
    method: 'POST',
    path: '/payments/webhooks/:provider',
    summary: 'What a provider says',
    description: 'Signed by the provider, judged over the raw bytes; once in effect, however often and in whatever order it comes.',
    access: 'public',
    tx: 'own',
    params: z.object({ provider: z.string().min(1).max(40) }),
    body: raw({ types: ['application/json'], limit: 262_144, signed: true }),
    reply: z.object({ outcome: z.enum(['done', 'early', 'duplicate']) }),
    publishes: heard,
    errors: [ProviderNotFound, SignatureRefused, WebhookUnreadable],
  },
});
