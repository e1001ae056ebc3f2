import { describe, expect, it } from 'vitest';
import { ok } from './payments.testing.ts';
import type { Refund } from './stripe-simulator/objects.testing.ts';
import { stripeShop } from './stripe.testing.ts';

// What is Stripe's own. What every provider has to do is asked of it in conformance.test.ts.

const shop = stripeShop();
const { start, refund, act, reaches, intentOf, charges, paid, attemptsOf, casesOf, facts } = shop;

describe('paying', () => {
  it('P1: with a token asks for a Payment Intent under our key, with our id, money taken before the answer', async () => {
    const { id, state, reference, captured } = await paid();
    expect([state, captured, reference]).toEqual(['captured', 10_000, intentOf(id).id]);
    expect(shop.stripe.asked(`${id}:start`)).toBe(1);
    expect(intentOf(id)).toMatchObject({ capture_method: 'automatic', currency: 'eur', metadata: { paymentId: id } });
    // The fee is what Stripe's balance says.
    const { rows } = await shop.app.owner.query(`select e.amount::int from payments.entries e join payments.postings p on p.id = e.posting_id where p.payment_id = $1 and e.account = 'fees'`, [id]); // prettier-ignore
    expect(rows).toEqual([{ amount: 175 }]);
  });
  it('P1: the card that is declined on the page leaves it open: the payer takes another', async () => {
    const { id } = await shop.app.due(shop.payer.userId);
    const begun = ok(await start(id, { returnUrl: 'https://shop.example.com/thanks' }));
    expect(begun.reference).toMatch(/^cs_/);
    expect(await shop.app.visit(begun, { method: 'pm_card_chargeDeclined' })).toBe(null);
    await shop.app.look(id);
    expect(await shop.app.now(id)).toMatchObject({ state: 'requires_action', checkoutUrl: begun.checkoutUrl });
    expect(await shop.app.visit(begun, { method: 'pm_card_visa' })).toBe('https://shop.example.com/thanks');
    await reaches(id, 'captured');
    expect([(await shop.app.now(id)).reference, charges(id), await casesOf(id)]).toEqual([begun.reference, 1, []]);
  });
  it('S14: that the payer comes back from Stripe says nothing: the webhook, and asking, do', async () => {
    shop.stripe.deliveries.habits.lose = true;
    const { id } = await shop.app.due(shop.payer.userId);
    const begun = ok(await start(id, {}));
    await shop.app.visit(begun, { method: 'pm_card_visa' });
    expect(ok(await start(id, { returnUrl: 'https://shop.example.com/?redirect_status=succeeded' })).state).toBe('requires_action');
    await shop.app.look(id);
    expect((await shop.app.now(id)).state).toBe('captured');
  });
  it('P1: a debit that takes days is processing, then captured, or failed', async () => {
    for (const end of ['captured', 'failed'] as const) {
      const { id } = await shop.app.due(shop.payer.userId);
      const begun = ok(await start(id, {}));
      await shop.app.visit(begun, { method: 'pm_usBankAccount_processing' });
      await reaches(id, 'processing');
      if (end === 'captured') shop.stripe.account.approve(intentOf(id));
      else shop.stripe.account.fail(intentOf(id), 'payment_method_customer_decline');
      await reaches(id, end);
    }
  });
  it('P1: what is taken and not yet in the balance is still processed: the fee comes with it', async () => {
    shop.stripe.account.habits.booksLate = true;
    const { id, state } = await paid();
    expect(state).toBe('processing');
    const { account } = shop.stripe;
    account.book(account.get('charge', intentOf(id).latest_charge!));
    await reaches(id, 'captured');
    // By hand: neither is it taken back to where it was.
    const manual = await paid({ capture: 'manual' });
    await shop.app.call('POST', `/api/v1/payments/${manual.id}/capture`, { token: shop.admin.token, body: {} });
    await expect.poll(() => intentOf(manual.id).status).toBe('succeeded');
    await expect.poll(async () => (await attemptsOf(manual.id)).map(({ state: each }) => each)).toEqual(['done', 'done']);
    expect((await shop.app.now(manual.id)).state).toBe('authorized');
    account.book(account.get('charge', intentOf(manual.id).latest_charge!));
    await reaches(manual.id, 'captured');
  });
  it('P1: authorised on the page, it is captured in part, or let go; what expires there is cancelled here', async () => {
    const authorized = async () => {
      const { id } = await shop.app.due(shop.payer.userId, { capture: 'manual' });
      await shop.app.visit(ok(await start(id, {})), { method: 'pm_card_visa' });
      await reaches(id, 'authorized');
      return id;
    };
    const [taken, let_go, expired] = [await authorized(), await authorized(), await authorized()];
    await act(taken, 'capture', { amount: 4_000 });
    await reaches(taken, 'captured');
    expect(shop.app.balance(taken)).toEqual([['charge', 4_000, 85]]);
    await act(let_go, 'cancel', {});
    await reaches(let_go, 'canceled');
    shop.stripe.account.end(intentOf(expired), 'expired');
    await reaches(expired, 'canceled');
    const { id } = await shop.app.due(shop.payer.userId);
    const begun = ok(await start(id, {}));
    shop.stripe.expire(begun.reference!);
    await reaches(id, 'canceled');
    expect([await casesOf(taken), await casesOf(let_go), await casesOf(expired)]).toEqual([[], [], []]);
  });
  it.each([
    ['too little', { amount: 49 }, 'pm_card_visa', 'amount_too_small'],
    ['too fine', { amount: 10_001, currency: 'BHD' }, 'pm_card_visa', 'amount_too_fine'],
    ['with a token that is none', {}, 'pm_nobody', 'resource_missing'],
  ])('P1: %s is refused: it fails, and says why', async (_what, over, method, failure) => {
    const { id } = await shop.app.due(shop.payer.userId, over);
    expect(ok(await start(id, { method }))).toMatchObject({ state: 'failed', failure });
  });
  it('S15: the amount is the same there and here where Stripe counts otherwise, and in the currency of the payment where its balance has another', async () => {
    for (const [currency, amount, theirs] of [
      ['ISK', 500, 50_000],
      ['JPY', 500, 500],
      ['BHD', 12_340, 12_340],
    ] as const) {
      const { id, captured } = await paid({ currency, amount });
      expect([captured, intentOf(id).amount]).toEqual([amount, theirs]);
    }
    shop.stripe.account.habits.settles = { currency: 'usd', rate: 1.1 };
    const { id } = await paid();
    expect(shop.app.balance(id)).toEqual([['charge', 11_000, 193]]);
    const { rows } = await shop.app.owner.query(`select e.amount::int, e.currency from payments.entries e join payments.postings p on p.id = e.posting_id where p.payment_id = $1 and e.account = 'fees'`, [id]); // prettier-ignore
    expect(rows).toEqual([{ amount: 175, currency: 'EUR' }]);
    expect(await casesOf(id)).toEqual([]);
  });
});

describe('after the capture', () => {
  it('P4: a refund made at the dashboard counts like any other', async () => {
    const { id } = await paid();
    shop.stripe.account.refund({ payment_intent: intentOf(id).id, amount: '2500' });
    await reaches(id, 'partially_refunded');
    const { json } = await shop.app.call('GET', `/api/v1/payments/${id}/refunds`, { token: shop.payer.token });
    expect(json.data).toMatchObject([{ amount: 2_500, state: 'succeeded', reason: 'made at the provider' }]);
  });
  it('S27: whose webhooks are all lost: a refund that waits and an open dispute are asked about until their end', async () => {
    shop.stripe.deliveries.habits.lose = true;
    const { account } = shop.stripe;
    const poll = async (id: string) => {
      const { rowCount } = await shop.app.owner.query(
        'update payments.payments set poll_at = now() where id = $1 and poll_at is not null',
        [id],
      );
      await shop.app.kit.db.transaction((tx) => shop.app.kit.jobs.enqueue(tx, shop.app.kit.catalog.jobs.get('payments.poll')!, {}));
      return rowCount;
    };
    const given = await paid({}, 'pm_card_pendingRefund');
    await refund(given.id, { reason: 'Broken kettle' });
    await expect.poll(async () => (await attemptsOf(given.id)).at(-1)!.state).toBe('done');
    const disputed = await paid();
    const { id: dispute } = account.dispute(intentOf(disputed.id).id);
    await shop.app.look(disputed.id);
    expect((await shop.app.now(disputed.id)).state).toBe('disputed');
    for (const each of account.all<Refund>('refund')) if (each.payment_intent === intentOf(given.id).id) account.settleRefund(each.id);
    account.closeDispute(dispute, 'won');
    expect([await poll(given.id), await poll(disputed.id)]).toEqual([1, 1]);
    await reaches(given.id, 'refunded');
    await reaches(disputed.id, 'captured');
    // And then no more.
    expect([await poll(given.id), await poll(disputed.id)]).toEqual([0, 0]);
  });
  it('P4: what Stripe refuses to give back fails, and is free again', async () => {
    const { id } = await paid();
    const dispute = shop.stripe.account.dispute(intentOf(id).id, { amount: 4_000 });
    await reaches(id, 'disputed');
    await refund(id, { amount: 1_000, reason: 'Broken lid' });
    await expect.poll(async () => (await attemptsOf(id)).at(-1)).toMatchObject({ state: 'refused', error: 'charge_disputed' });
    expect(await shop.app.now(id)).toMatchObject({ state: 'disputed', refunding: 0 });
    shop.stripe.account.closeDispute(dispute.id, 'lost');
    await expect.poll(() => facts(id, 'payments.dispute-closed')).toBe(1);
  });
  it('P4: an inquiry takes no money, and is no dispute', async () => {
    const { id } = await paid();
    const inquiry = shop.stripe.account.dispute(intentOf(id).id, { inquiry: true });
    shop.stripe.account.closeDispute(inquiry.id, 'warning_closed');
    await shop.app.look(id);
    expect([(await shop.app.now(id)).state, await facts(id, 'payments.disputed')]).toEqual(['captured', 0]);
  });
  it('P4: two disputes with different ends', async () => {
    const { id } = await paid();
    const { account } = shop.stripe;
    const [first, second] = [account.dispute(intentOf(id).id, { amount: 4_000 }), account.dispute(intentOf(id).id, { amount: 3_000 })];
    await expect.poll(() => facts(id, 'payments.disputed')).toBe(2);
    account.closeDispute(first.id, 'lost');
    account.closeDispute(second.id, 'won');
    await expect.poll(() => facts(id, 'payments.dispute-closed')).toBe(2);
    expect((await shop.app.now(id)).state).toBe('disputed');
  });
});

describe('P5: reconciliation', () => {
  const run = async () => (await shop.app.call('POST', '/api/v1/payments/reconciliation', { token: shop.admin.token, body: {} })).json.data;
  const open = async (): Promise<{ kind: string; subject: string; details: object }[]> =>
    (await shop.app.call('GET', '/api/v1/payments/cases?state=open&limit=100', { token: shop.admin.token })).json.data;
  it('P5: over several pages both books are one, in the currency of the payments, and what only Stripe knows is found', async () => {
    const { account } = shop.stripe;
    account.habits.settles = { currency: 'usd', rate: 1.1 };
    const { id } = await paid({ amount: 12_345 });
    const waits = await paid({}, 'pm_card_pendingRefund');
    await refund(waits.id, { amount: 1_000, reason: 'Still under way' });
    await expect.poll(() => shop.app.balance(waits.id).length).toBe(2);
    await shop.app.owner.query(`update payments.cases set closed_at = now(), reason = 'before' where closed_at is null`);
    for (let i = 0; i < 101; i++) account.move({ id: `fee_${i}`, currency: 'eur' } as never, 'stripe_fee', 'fee', -100, 0);
    const before = await run();
    // A payment of nobody's was made earlier: that is a difference, and the only one.
    expect((await open()).map(({ kind }) => kind).filter((kind) => kind !== 'provider-only')).toEqual([]);
    expect(before.movements).toBeGreaterThan(10);
    expect(shop.stripe.calls.filter((call) => call.startsWith('GET /v1/balance_transactions')).length).toBeGreaterThan(1);
    const known = await open();
    account.confirm(account.newIntent({ capture_method: 'automatic' }, 777, 'eur'), 'pm_card_visa', '');
    await run();
    const found = (await open()).filter(({ subject }) => !known.some((each) => each.subject === subject));
    expect(found.map(({ kind, subject }) => `${kind} ${subject.split(':')[1]}`).sort()).toEqual([
      'provider-only capture',
      'provider-only fee',
    ]);
    expect(await casesOf(id)).toEqual([]);
  });
  it('P5: half a report is none', async () => {
    shop.stripe.faults.push({ on: /GET \/v1\/balance_transactions$/, when: 'before', how: 'error' });
    const reply = await shop.app.call('POST', '/api/v1/payments/reconciliation', { token: shop.admin.token, body: {} });
    expect([reply.status, reply.json.error.code]).toEqual([502, 'PAYMENT_PROVIDER_SILENT']);
  });
});
