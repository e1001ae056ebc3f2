import { type Bench, conforms } from './conformance.testing.ts';
import { payApp } from './payments.testing.ts';
import { stripeApp } from './stripe.testing.ts';

conforms('the sandbox', async (): Promise<Bench> => {
  const app = await payApp([], { env: { CORS_ORIGINS: 'https://shop.example.com' } });
  const { sandbox } = app;
  return {
    ...app,
    behind: false,
    tokens: { pays: 'tok_visa', declines: 'tok_declined', asks: 'tok_3ds' },
    async choose(payment, token) {
      const reply = await sandbox.visit(payment, { token });
      if (reply.status >= 400) throw new Error(await reply.text());
    },
    answer: async (payment, passed) => void (await sandbox.visit(payment, { answer: passed ? 'yes' : 'no' }, '/authenticate')),
    failRefund: (reference) => sandbox.control('POST', `refunds/${reference}/fail`),
    async dispute({ reference }) {
      const { disputes } = await sandbox.control('POST', `payments/${reference}/dispute`);
      return disputes.at(-1).reference;
    },
    closeDispute: (reference, outcome) => sandbox.control('POST', `disputes/${reference}/close`, { outcome }),
    loseAnswer: (of) =>
      sandbox.control('POST', 'faults', { on: { start: 'POST /v1/payments$', capture: 'capture$', refund: 'refunds$' }[of] }),
    moved: async (paymentId) =>
      (await sandbox.moved(paymentId)).filter(({ kind }) => !kind.includes('fee')).map(({ kind, amount }) => [kind, amount]),
  };
});

conforms('Stripe', async (): Promise<Bench> => {
  const app = await stripeApp();
  const { account, faults } = app.stripe;
  const kinds: Record<string, string> = { charge: 'capture', refund_failure: 'refund-failed', dispute_reversal: 'dispute-won' };
  const intentOf = (paymentId: string) =>
    account
      .all<never>('payment_intent' as never)
      .find(({ metadata }: { metadata: Record<string, string> }) => metadata['paymentId'] === paymentId) as unknown as { id: string };
  const PATHS = { start: /POST \/v1\/payment_intents$/, capture: /capture$/, refund: /POST \/v1\/refunds$/ };
  return {
    ...app,
    behind: true,
    tokens: { pays: 'pm_card_visa', declines: 'pm_card_chargeDeclined', asks: 'pm_card_threeDSecure2Required' },
    choose: async (payment, method) => void (await app.visit(payment, { method })),
    answer: async ({ id }, passed) =>
      void (await app.visit({ checkoutUrl: `${app.stripe.url}/3ds/${intentOf(id).id}` }, { answer: passed ? 'yes' : 'no' })),
    failRefund: async (reference) => account.failRefund(reference),
    dispute: async ({ id }) => account.dispute(intentOf(id).id).id,
    closeDispute: async (reference, outcome) => account.closeDispute(reference, outcome),
    loseAnswer: async (of) => void faults.push({ on: PATHS[of], when: 'after', how: 'cut' }),
    moved: async (paymentId) => app.balance(paymentId).map(([category, amount]) => [kinds[category] ?? category, amount]),
  };
});
