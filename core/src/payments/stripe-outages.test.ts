import { race, tally } from '@plinth/kit/testing';
import { describe, expect, it } from 'vitest';
import type { Intent } from './stripe-simulator/objects.testing.ts';
import { STRIPE_KEY } from './stripe-simulator/server.testing.ts';
import { stripeShop } from './stripe.testing.ts';

// Stripe answers late, wrongly, or not at all, by the letter of what it documents of keys that are repeated.

const shop = stripeShop();
const { start, refund, reaches, charges, paid, attemptsOf } = shop;

describe('no answer', () => {
  it.each(['error', 'garbage', 'cut'] as const)('S10: %s after the charge: unknown, found by listing, one charge', async (how) => {
    shop.stripe.deliveries.habits.lose = true;
    const { id } = await shop.app.due(shop.payer.userId);
    shop.stripe.faults.push({ on: /POST \/v1\/payment_intents$/, when: 'after', how });
    expect((await start(id, { method: 'pm_card_visa' })).status).toBe(202);
    expect((await attemptsOf(id))[0]).toMatchObject({ state: 'unknown' });
    await reaches(id, 'captured');
    expect([charges(id), shop.stripe.asked(`${id}:start`)]).toEqual([1, 1]);
  });
  it('S10: no answer within ten seconds: the same', async () => {
    shop.stripe.deliveries.habits.lose = true;
    const { id } = await shop.app.due(shop.payer.userId);
    shop.stripe.faults.push({ on: /POST \/v1\/payment_intents$/, when: 'after', how: 'hang' });
    expect((await start(id, { method: 'pm_card_visa' })).status).toBe(202);
    await reaches(id, 'captured');
    expect([charges(id), shop.stripe.asked(`${id}:start`)]).toEqual([1, 1]);
  });
  it('S10: a question that Stripe refuses, after the charge, is no refusal of the charge', async () => {
    shop.stripe.deliveries.habits.lose = true;
    const { id } = await shop.app.due(shop.payer.userId);
    shop.stripe.faults.push({ on: /GET \/v1\/payment_intents\/pi_/, when: 'before', how: 'invalid' });
    expect((await start(id, { method: 'pm_card_visa' })).status).toBe(202);
    expect((await attemptsOf(id))[0]).toMatchObject({ state: 'unknown' });
    await reaches(id, 'captured');
    expect([charges(id), shop.stripe.asked(`${id}:start`)]).toEqual([1, 1]);
  });
  it('S10: the page of which nobody was told the address is had again under its key', async () => {
    const { id } = await shop.app.due(shop.payer.userId);
    shop.stripe.faults.push({ on: /POST \/v1\/checkout\/sessions$/, when: 'after', how: 'cut' });
    expect((await start(id, {})).status).toBe(202);
    // As after a minute: what its lists do not have by then did not happen.
    await shop.app.owner.query(`update payments.attempts set called_until = now() - interval '61 seconds' where payment_id = $1`, [id]);
    await reaches(id, 'requires_action');
    expect(
      shop.stripe.account.all('checkout.session').filter((each) => 'client_reference_id' in each && each.client_reference_id === id),
    ).toHaveLength(1);
  });
  it('S10: asked again within a minute, Stripe is not asked to do it; after it, under the same key, it does it once', async () => {
    const { id } = await shop.app.due(shop.payer.userId);
    shop.stripe.faults.push({ on: /POST \/v1\/payment_intents$/, when: 'before', how: 'cut' });
    expect((await start(id, { method: 'pm_card_visa' })).status).toBe(202);
    await expect.poll(async () => (await attemptsOf(id))[0]!.error, { timeout: 10_000 }).toBe('not_known_there_yet');
    expect(shop.stripe.asked(`${id}:start`)).toBe(1);
    await shop.app.owner.query(`update payments.attempts set called_until = now() - interval '61 seconds' where payment_id = $1`, [id]);
    await reaches(id, 'captured');
    expect([charges(id), shop.stripe.asked(`${id}:start`)]).toEqual([1, 2]);
  });
  it('S8: once Stripe has forgotten the key, nothing is asked under it: what was not done is given up', async () => {
    const { id } = await shop.app.due(shop.payer.userId);
    shop.stripe.faults.push({ on: /POST \/v1\/payment_intents$/, when: 'before', how: 'cut' });
    expect((await start(id, { method: 'pm_card_visa' })).status).toBe(202);
    await shop.app.owner.query(
      `update payments.attempts set asked_at = now() - interval '24 hours', called_until = now() - interval '24 hours' where payment_id = $1`,
      [id],
    );
    await reaches(id, 'failed');
    expect([(await shop.app.now(id)).failure, shop.stripe.asked(`${id}:start`)]).toEqual(['outcome_too_old', 1]);
  });
  it('S8: ten callers at once are one charge, also where Stripe says that the key is in use', async () => {
    const { id } = await shop.app.due(shop.payer.userId);
    shop.stripe.latency = 50;
    await race(10, () => start(id, { method: 'pm_card_visa' }));
    await reaches(id, 'captured');
    expect(charges(id)).toBe(1);
    // Two that hold no lease, as after a split: Stripe lets one in.
    const order = {
      paymentId: crypto.randomUUID(),
      amount: 10_000,
      currency: 'EUR',
      capture: 'automatic',
      description: '',
      method: 'pm_card_visa',
      returnUrl: null,
    } as const;
    const stripe = shop.provider();
    const both = await Promise.allSettled([stripe.start(order, 'one-key'), stripe.start(order, 'one-key')]);
    expect(tally(both.map((each) => (each.status === 'fulfilled' ? 'done' : String((each.reason as { status?: number }).status))))).toEqual(
      { done: 1, 409: 1 },
    );
    const { state, at } = await stripe.start(order, 'one-key');
    expect(state).toBe('captured');
    // By its clock, which is behind ours: what is old is judged by that on every node.
    expect(Math.abs(Date.parse(at) - shop.stripe.account.now() * 1000)).toBeLessThan(5_000);
    await expect(stripe.start({ ...order, amount: 20_000 }, 'one-key')).rejects.toThrow(/same parameters/);
    expect(charges(order.paymentId)).toBe(1);
  });
  it.each([
    ['429', { how: 'limit', when: 'before' }],
    ['500, and nothing was done', { how: 'error', when: 'before' }],
  ] as const)('S10: %s on a refund: it is asked again, and given once', async (_what, fault) => {
    const { id } = await paid();
    shop.stripe.faults.push({ on: /POST \/v1\/refunds$/, ...fault });
    const { json } = await refund(id, { amount: 4_000, reason: 'Broken lid' });
    await expect.poll(async () => (await attemptsOf(id)).at(-1)!.state).toBe('unknown');
    await shop.app.owner.query(`update payments.attempts set called_until = now() - interval '61 seconds' where payment_id = $1`, [id]);
    await reaches(id, 'partially_refunded');
    expect(shop.app.balance(id).filter(([kind]) => kind === 'refund')).toEqual([['refund', -4_000, 0]]);
    expect(shop.stripe.asked(`${id}:refund:${json.data.id}`)).toBe(2);
  });
  it('S10: a 500 that Stripe keeps under the key, after the charge: the charge is found all the same', async () => {
    const { id } = await paid();
    shop.stripe.faults.push({ on: /POST \/v1\/refunds$/, when: 'after', how: 'error' });
    await refund(id, { amount: 4_000, reason: 'Broken lid' });
    await reaches(id, 'partially_refunded');
    expect(shop.app.balance(id).filter(([kind]) => kind === 'refund')).toHaveLength(1);
  });
  it('P3: the search is asked where the list is too long, and its index is behind: nothing is done twice', async () => {
    const stripe = shop.provider();
    const { id } = await shop.app.due(shop.payer.userId);
    shop.stripe.deliveries.habits.lose = true;
    shop.stripe.faults.push({ on: /POST \/v1\/payment_intents$/, when: 'after', how: 'cut' });
    await start(id, { method: 'pm_card_visa' });
    await shop.app.owner.query(
      `update payments.attempts set state = 'calling', leased_until = now() + interval '1 hour' where payment_id = $1`,
      [id],
    );
    const { account } = shop.stripe;
    for (let i = 0; i < 1_000; i++) account.newIntent({}, 5_000, 'eur', true);
    expect(await stripe.find({ paymentId: id, reference: null })).toBe(null);
    shop.stripe.searchLag = -1;
    expect(await stripe.find({ paymentId: id, reference: null })).toMatchObject({ paymentId: id, state: 'captured' });
    for (const each of account.all<Intent>('payment_intent')) if (Object.keys(each.metadata).length === 0) account.things.delete(each.id);
  });
});

describe('a wrong key', () => {
  it('is no refusal: nothing is given up because of it, and it is not in what is thrown', async () => {
    const stripe = shop.provider({ key: 'sk_test_0123456789abcdef' });
    const known = { paymentId: crypto.randomUUID(), reference: 'pi_1', amount: 10_000, currency: 'EUR' };
    const problem: unknown = await stripe.capture(known, 10_000, 'k').catch((error: unknown) => error);
    expect(problem).toMatchObject({ name: 'StripeUnanswered', status: 401 });
    expect(JSON.stringify(problem) + String((problem as Error).stack)).not.toMatch(/0123456789abcdef/);
    expect(problem).not.toHaveProperty('raw');
    await expect(stripe.find({ paymentId: null, reference: 'pi_1' })).rejects.toThrow(/401/);
  });
  it('P3: what it held back is done once the key is right', async () => {
    const { id } = await shop.app.due(shop.payer.userId);
    shop.stripe.key = 'sk_test_another_key';
    expect((await start(id, { method: 'pm_card_visa' })).status).toBe(202);
    expect((await attemptsOf(id))[0]).toMatchObject({ state: 'unknown', error: 'no_answer' });
    shop.stripe.key = STRIPE_KEY;
    await shop.app.owner.query(`update payments.attempts set called_until = now() - interval '61 seconds' where payment_id = $1`, [id]);
    await reaches(id, 'captured');
    expect(charges(id)).toBe(1);
  });
});
