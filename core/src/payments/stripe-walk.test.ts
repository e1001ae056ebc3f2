import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Dispute, Refund } from './stripe-simulator/objects.testing.ts';
import { stripeShop } from './stripe.testing.ts';

// Whatever becomes of money at Stripe, by whoever's hand, and however badly it is told of: the books are one at the end.

const shop = stripeShop();
const { paid, refund, intentOf, attemptsOf, casesOf } = shop;

const amount = fc.integer({ min: 1, max: 10_000 });
const nth = fc.nat(3);
const step = fc.oneof(
  fc.record({ what: fc.constant('refund' as const), amount }),
  fc.record({ what: fc.constant('refund by hand' as const), amount }),
  fc.record({ what: fc.constant('refund fails' as const), nth }),
  fc.record({ what: fc.constant('dispute' as const), amount }),
  fc.record({ what: fc.constant('dispute ends' as const), nth, end: fc.constantFrom('won' as const, 'lost' as const) }),
  fc.record({ what: fc.constant('inquiry' as const), amount }),
  fc.record({ what: fc.constant('deliver' as const), copies: fc.integer({ min: 1, max: 3 }), hold: fc.integer({ min: 1, max: 4 }), lose: fc.boolean() }), // prettier-ignore
  fc.record({ what: fc.constant('send again' as const), nth }),
  fc.record({ what: fc.constant('lose the answer' as const), when: fc.constantFrom('before' as const, 'after' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function take(id: string, { account, deliveries, faults }: typeof shop.stripe, each: Step): Promise<void> {
  const intent = intentOf(id);
  const ofIt = <T extends Refund | Dispute>(object: T['object']): T[] =>
    account.all<T>(object).filter((thing) => thing.payment_intent === intent.id);
  switch (each.what) {
    case 'refund':
      await refund(id, { amount: each.amount, reason: 'A step' });
      return;
    case 'refund by hand':
      // Stripe says no where it is too much, or disputed.
      try {
        account.refund({ payment_intent: intent.id, amount: String(each.amount) });
      } catch {}
      return;
    case 'refund fails': {
      const given = ofIt<Refund>('refund').filter(({ status }) => status === 'succeeded');
      if (given[each.nth]) account.failRefund(given[each.nth]!.id);
      return;
    }
    case 'dispute':
      account.dispute(intent.id, { amount: each.amount });
      return;
    case 'inquiry':
      account.dispute(intent.id, { amount: each.amount, inquiry: true });
      return;
    case 'dispute ends': {
      const open = ofIt<Dispute>('dispute').filter(({ status }) => status === 'needs_response');
      if (open[each.nth]) account.closeDispute(open[each.nth]!.id, each.end);
      return;
    }
    case 'deliver':
      Object.assign(deliveries.habits, each);
      return;
    case 'send again': {
      const about = deliveries.sent.filter(({ body }) => body.includes(intent.id));
      if (about[each.nth]) expect(await deliveries.send(about[each.nth]!)).toBe(200);
      return;
    }
    case 'lose the answer':
      faults.push({ on: /POST \/v1\/refunds$/, when: each.when, how: 'cut' });
  }
}
/** Where Stripe is, in our words. */
function stateAt(id: string): string {
  const { account } = shop.stripe;
  const ofIt = <T extends Refund | Dispute>(object: T['object']): T[] =>
    account.all<T>(object).filter((thing) => thing.payment_intent === intentOf(id).id);
  if (ofIt<Dispute>('dispute').some(({ balance_transactions: moved, status }) => moved.length > 0 && status !== 'won')) return 'disputed';
  const refunded = ofIt<Refund>('refund')
    .filter(({ status }) => status === 'succeeded')
    .reduce((sum, each) => sum + each.amount, 0);
  return refunded === 0 ? 'captured' : refunded < 10_000 ? 'partially_refunded' : 'refunded';
}

it(
  'S21: after any steps, told of in any order, in copies, late or not at all, payment, ledger and Stripe are one',
  { timeout: 180_000 },
  async () => {
    const walk = fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      const { app, stripe } = shop;
      stripe.faults.splice(0);
      Object.assign(stripe.deliveries.habits, { copies: 1, hold: 1, lose: false });
      const { id } = await paid();
      for (const each of steps) await take(id, stripe, each);
      Object.assign(stripe.deliveries.habits, { copies: 1, hold: 1, lose: false });
      const settled = async () => {
        // As after the minute that Stripe is given.
        await app.owner.query(`update payments.attempts set called_until = now() - interval '61 seconds' where payment_id = $1 and called_until is not null`, [id]); // prettier-ignore
        return (await attemptsOf(id)).every(({ state }) => state === 'done' || state === 'refused');
      };
      await expect.poll(settled, { timeout: 30_000, interval: 100 }).toBe(true);
      await app.look(id);
      const { state, refunded, refunding } = await app.now(id);
      const { rows } = await app.owner.query<{ sum: number }>(
        `select sum(e.amount)::int as sum from payments.entries e join payments.postings p on p.id = e.posting_id where p.payment_id = $1 and e.account = 'clearing'`,
        [id],
      );
      const held = app.balance(id).reduce((sum, [, moved, fee]) => sum + moved - fee, 0);
      expect({ state, clearing: rows[0]!.sum, waits: refunding - refunded, cases: await casesOf(id) }).toEqual({ state: stateAt(id), clearing: held, waits: 0, cases: [] }); // prettier-ignore
    });
    await fc.assert(walk, { numRuns: 12, endOnFailure: true });
    const { json } = await shop.app.call('POST', '/api/v1/payments/reconciliation', { token: shop.admin.token, body: {} });
    expect(json.data).toMatchObject({ differences: 0 });
    expect(json.data.movements).toBeGreaterThanOrEqual(12); // each run captured once, at least
  },
);
