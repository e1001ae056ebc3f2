import { race, tally } from '@plinth/kit/testing';
import { describe, expect, it } from 'vitest';
import { ok } from './payments.testing.ts';
import { sign } from './stripe-simulator/deliveries.testing.ts';
import { STRIPE_SECRET } from './stripe-simulator/server.testing.ts';
import { stripeShop } from './stripe.testing.ts';

// What Stripe sends: copies, other orders, forgeries.

const shop = stripeShop();
const { start, refund, reaches, intentOf, charges, paid, casesOf, facts } = shop;

describe('what Stripe says', () => {
  const pathOf = '/api/v1/payments/webhooks/stripe';
  const paidQuietly = async (method = 'pm_card_visa') => {
    const { id } = await shop.app.due(shop.payer.userId);
    const begun = ok(await start(id, {}));
    shop.stripe.deliveries.habits.lose = true;
    await shop.app.visit(begun, { method });
    const messages = shop.stripe.deliveries.sent.filter(({ body }) => body.includes(id));
    return { id, messages, done: messages.find(({ type }) => type === 'payment_intent.succeeded')! };
  };
  it('S20: twenty copies at once, and all news backwards, tripled: one capture', async () => {
    const { id, messages, done } = await paidQuietly();
    expect(messages.length).toBeGreaterThan(2);
    const statuses = await race(20, () => shop.stripe.deliveries.send(done));
    expect(tally(statuses.map((each) => (each.status === 'fulfilled' ? each.value : 'died')))).toEqual({ 200: 20 });
    for (const message of [...messages, ...messages, ...messages].toReversed())
      expect(await shop.stripe.deliveries.send(message)).toBe(200);
    await reaches(id, 'captured');
    expect([await facts(id, 'payments.captured'), charges(id)]).toEqual([1, 1]);
    const { rows } = await shop.app.owner.query(`select kind from payments.postings where payment_id = $1 order by kind`, [id]);
    expect(rows.map(({ kind }) => kind)).toEqual(['capture', 'fee', 'sale']);
  });
  it('S21: late, tripled and backwards while money moves both ways, it ends where Stripe is', async () => {
    Object.assign(shop.stripe.deliveries.habits, { copies: 3, hold: 4, delay: 50 });
    const { id } = await paid({}, 'pm_card_pendingRefund');
    await refund(id, { amount: 4_000, reason: 'Broken lid' });
    const { account } = shop.stripe;
    await expect
      .poll(() => account.all('refund').some((each) => 'payment_intent' in each && each.payment_intent === intentOf(id).id))
      .toBe(true);
    const given = account.all('refund').find((each) => 'payment_intent' in each && each.payment_intent === intentOf(id).id)!;
    await expect.poll(async () => (await shop.app.now(id)).refunding).toBe(4_000);
    expect((await shop.app.now(id)).refunded).toBe(0); // it waits
    account.settleRefund(given.id);
    const dispute = account.dispute(intentOf(id).id, { amount: 6_000 });
    account.closeDispute(dispute.id, 'won');
    shop.stripe.deliveries.habits.hold = 1;
    account.failRefund(given.id);
    await expect.poll(() => facts(id, 'payments.refund-failed'), { timeout: 15_000 }).toBe(1);
    await reaches(id, 'captured');
    expect([await facts(id, 'payments.disputed'), await facts(id, 'payments.dispute-closed'), await casesOf(id)]).toEqual([1, 1, []]);
  });
  const badly: [string, object][] = [
    ['forged', { secrets: ['whsec_somebodyelsesomebodyelse'] }],
    ['signed with nothing', { secrets: [''] }],
    ['of six minutes ago', { at: Date.now() - 360_000 }],
    ['from the future', { at: Date.now() + 400_000 }],
  ];
  it.each(badly)('S19: %s it is refused, and nothing moves', async (_what, how) => {
    const { id, done } = await paidQuietly();
    expect(await shop.stripe.deliveries.send(done, how)).toBe(401);
    expect((await shop.app.now(id)).state).toBe('requires_action');
  });
  it('S18: is judged over the raw bytes, and signed by any of two secrets', async () => {
    const { id, done } = await paidQuietly();
    const signature = sign(done.body, [STRIPE_SECRET]);
    const post = (body: string, header = signature) =>
      shop.app.call('POST', pathOf, { headers: { 'content-type': 'application/json', 'stripe-signature': header }, body });
    expect((await post(`${done.body} `)).status).toBe(401);
    expect((await post(`\ufeff${done.body}`)).status).toBe(401);
    expect((await post(JSON.stringify(JSON.parse(done.body)))).status).toBe(401);
    expect((await post(done.body, signature.replace('v1=', 'v0='))).status).toBe(401);
    expect((await post(done.body, 'nonsense')).status).toBe(401);
    const rolled = sign(done.body, ['whsec_oldoldoldoldoldold', STRIPE_SECRET]);
    expect((await post(done.body, rolled)).json.data).toEqual({ outcome: 'done' });
    await reaches(id, 'captured');
    expect((await post('[]', sign('[]', [STRIPE_SECRET]))).status).toBe(422); // signed, and no event
  });
  it('S24: of what names nobody here nothing is done, and Stripe is not made to send it for ever', async () => {
    const { account, deliveries } = shop.stripe;
    const foreign = account.newIntent({}, 5_000, 'eur');
    account.confirm(foreign, 'pm_card_visa', '');
    account.dispute(foreign.id);
    const about = deliveries.sent.filter(({ body }) => body.includes(foreign.id));
    expect(about.map(({ type }) => type)).toContain('charge.dispute.created');
    for (const message of about) expect(await deliveries.send(message)).toBe(200);
    await expect.poll(async () => (await shop.app.owner.query(`select count(*)::int as n from pgboss.job where name = 'payments.trace' and state in ('created', 'active', 'retry')`)).rows[0].n).toBe(0); // prettier-ignore
  });
  it('S26: the payer who comes back, the poll and the webhooks at once: one capture', async () => {
    const { id, messages } = await paidQuietly();
    await race(12, (i) =>
      i % 2 === 0 ? shop.app.look(id) : shop.stripe.deliveries.send(messages[i % messages.length]!).then(() => undefined),
    );
    await reaches(id, 'captured');
    expect([await facts(id, 'payments.captured'), charges(id)]).toEqual([1, 1]);
  });
});
