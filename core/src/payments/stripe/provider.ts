import type { Clock, OutboundFetch, StripeSettings } from '@plinth/kit';
import { type Known, type Provider, ProviderRefused } from '../provider.ts';
import { toStripe } from './amounts.ts';
import { asking, openStripe, reading } from './client.ts';
import { Finding } from './finding.ts';
import { intentOf, sessionOf } from './orders.ts';
import { reportOf } from './report.ts';
import { verify } from './signature.ts';
import { PAYMENT, REFUND } from './snapshot.ts';

export interface StripeParts {
  readonly settings: StripeSettings;
  readonly fetch: OutboundFetch;
  readonly clock: Pick<Clock, 'now'>;
  /** Where a payer goes back to when nobody said where. */
  readonly home: string;
}
export type StripeCalls = Pick<Provider, 'start' | 'capture' | 'cancel' | 'refund' | 'find' | 'report'> &
  Pick<Provider['webhooks'], 'verify'>;

/** Stripe: Checkout where the payer chooses how to pay, a Payment Intent where a token says it. Loads the SDK. */
export async function openProvider({ settings, fetch, clock, home }: StripeParts): Promise<StripeCalls> {
  const stripe = await openStripe(settings, fetch);
  const finding = new Finding(stripe);
  /** The id of the intent of a payment that has one. @throws ProviderRefused */
  const intentIn = async ({ paymentId, reference }: Known): Promise<string> => {
    const known = reference ?? (await finding.byPayment(paymentId))?.reference;
    const intent = known?.startsWith('cs_') ? (await reading(() => stripe.checkout.sessions.retrieve(known))).payment_intent : known;
    if (!intent) throw new ProviderRefused('resource_missing');
    return typeof intent === 'string' ? intent : intent.id;
  };

  return {
    async start(order, idempotencyKey) {
      const { method } = order;
      if (method === null) {
        const session = await asking(() => stripe.checkout.sessions.create(sessionOf(order, home), { idempotencyKey }));
        return finding.look(session.id);
      }
      const begun = await asking(async () => {
        try {
          return await stripe.paymentIntents.create(intentOf(order, method, home), { idempotencyKey });
        } catch (error) {
          // Declined, and there: it says of itself why.
          if (error instanceof stripe.errors.StripeCardError && error.payment_intent) return error.payment_intent;
          throw error;
        }
      });
      return finding.look(begun.id);
    },
    async capture(payment, amount, idempotencyKey) {
      const id = await intentIn(payment);
      const capture = { amount_to_capture: toStripe(amount, payment.currency) };
      await asking(() => stripe.paymentIntents.capture(id, capture, { idempotencyKey }));
      return finding.look(payment.reference ?? id);
    },
    async cancel(payment, key) {
      const { reference } = payment;
      const session = reference?.startsWith('cs_') ? await reading(() => stripe.checkout.sessions.retrieve(reference)) : null;
      // A page that is open is closed; the intent behind it ends with it.
      if (session?.status === 'open') {
        await asking(() => stripe.checkout.sessions.expire(session.id, {}, { idempotencyKey: `${key}:session` }));
        return finding.look(session.id);
      }
      const id = await intentIn(payment);
      await asking(() => stripe.paymentIntents.cancel(id, {}, { idempotencyKey: key }));
      return finding.look(reference ?? id);
    },
    async refund(payment, { refundId, amount }, idempotencyKey) {
      const id = await intentIn(payment);
      const metadata = { [PAYMENT]: payment.paymentId, [REFUND]: refundId };
      const refund = { payment_intent: id, amount: toStripe(amount, payment.currency), metadata };
      await asking(() => stripe.refunds.create(refund, { idempotencyKey }));
      return finding.look(payment.reference ?? id);
    },
    async find({ paymentId, reference }) {
      if (reference !== null) return finding.byReference(reference);
      return paymentId === null ? null : finding.byPayment(paymentId);
    },
    report: (range) => reportOf(stripe, range),
    verify: (body, headers) => verify(stripe, settings.webhookSecrets, clock, body, headers),
  };
}
