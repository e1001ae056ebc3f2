import { defineEvent, type EventOptions } from '@plinth/kit';
import { z } from 'zod';
import { PAYMENT_STATES } from './transitions.ts';

// What happened to payments. Each transition is one of these, with the provider's reference; features react to them with `during`
// (in the same transaction) or `handle` (after it).

const State = z.enum(PAYMENT_STATES);
const Of = z.strictObject({
  paymentId: z.uuid(),
  purpose: z.strictObject({ type: z.string(), id: z.string() }).describe('What is paid for'),
  provider: z.string(),
  reference: z.string().nullable().describe('The provider’s id of the payment'),
  amount: z.int().describe('Of the payment, in minor units'),
  currency: z.string(),
});
const Moved = Of.extend({ from: State, to: State });
export type PaymentFact = z.output<typeof Of>;

const subject = ({ paymentId }: { paymentId: string }) => ['payment', paymentId] as const;
/** Each step of a payment is one of what is paid for. */
const thread = ({ purpose }: PaymentFact) => [purpose.type, purpose.id] as const;
const about = (title: string): EventOptions<PaymentFact> => ({ title, subject, thread, public: true });

export const paymentCreated = defineEvent('payments.created', Of, about('Payment created'));
export const paymentRequiresAction = defineEvent('payments.requires-action', Moved, about('Payment waits for the payer'));
export const paymentProcessing = defineEvent('payments.processing', Moved, about('Payment is processed by the provider'));
export const paymentAuthorized = defineEvent('payments.authorized', Moved, about('Payment authorised, not yet captured'));
export const paymentCaptured = defineEvent(
  'payments.captured',
  Moved.extend({ captured: z.int(), fee: z.int().describe('What the provider keeps of it') }),
  about('Payment captured'),
);
export const paymentFailed = defineEvent('payments.failed', Moved.extend({ failure: z.string().nullable() }), about('Payment failed'));
export const paymentCanceled = defineEvent('payments.canceled', Moved, about('Payment cancelled'));

const OfRefund = Of.extend({ refundId: z.uuid(), refund: z.int().describe('Amount of this refund') });
export const paymentRefunded = defineEvent(
  'payments.refunded',
  OfRefund.extend({ from: State, to: State, refunded: z.int().describe('Of the payment in all') }),
  about('Payment refunded, in part or in full'),
);
export const refundFailed = defineEvent(
  'payments.refund-failed',
  OfRefund.extend({
    from: State,
    to: State,
    refunded: z.int().describe('Of the payment in all: less than before where it had been given'),
    failure: z.string().nullable(),
  }),
  about('Refund failed'),
);
const OfDispute = Of.extend({ disputeId: z.uuid(), disputed: z.int(), reason: z.string(), from: State, to: State });
export const paymentDisputed = defineEvent('payments.disputed', OfDispute, about('Payment disputed'));
export const disputeClosed = defineEvent(
  'payments.dispute-closed',
  OfDispute.extend({ outcome: z.enum(['won', 'lost']) }),
  about('Dispute closed'),
);

// ---- Who asked for what, and what came of asking -------------------------------------------------

const asked = (title: string): EventOptions<PaymentFact> => ({ title, subject, thread });
export const startAsked = defineEvent('payments.start-asked', Of, asked('Payment begun at the provider'));
export const captureAsked = defineEvent('payments.capture-asked', Of.extend({ capture: z.int() }), asked('Capture asked for'));
export const cancelAsked = defineEvent('payments.cancel-asked', Of, asked('Cancellation asked for'));
export const refundAsked = defineEvent('payments.refund-asked', OfRefund, asked('Refund asked for'));
export const actionRefused = defineEvent(
  'payments.action-refused',
  Of.extend({ action: z.enum(['start', 'capture', 'cancel', 'refund']), failure: z.string() }),
  asked('The provider refused what was asked'),
);

// ---- Reconciliation -------------------------------------------------------------------------------

export const reconciled = defineEvent(
  'payments.reconciled',
  z.strictObject({ reconciliationId: z.uuid(), provider: z.string(), differences: z.int() }),
  { title: 'Payments reconciled', subject: ({ reconciliationId }) => ['reconciliation', reconciliationId] },
);
const OfCase = z.strictObject({ caseId: z.uuid(), kind: z.string(), paymentId: z.uuid().nullable() });
const ofCase = { subject: ({ caseId }: { caseId: string }) => ['payment-case', caseId] as const };
export const caseOpened = defineEvent('payments.case-opened', OfCase, { title: 'Difference found', ...ofCase });
export const caseClosed = defineEvent('payments.case-closed', OfCase, {
  title: 'Difference settled',
  ...ofCase,
});
