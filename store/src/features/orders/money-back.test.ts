import { system, uuidv7 } from '@plinth/kit';
import { describe, expect, test } from 'vitest';
import type { Order } from './contract.ts';
import { orders } from './index.ts';
import { payingShop } from './paying.testing.ts';

// Money that goes back: refunds, and disputes of the payment.

const shop = payingShop();
const caller = system('test.orders', null, uuidv7());
const { call, now, paymentOf, units, placed, start, refundsOf, tell, factsOf, queue } = shop;

describe('refunding', () => {
  test('what the provider gives back shows in the order; in full, before it is sent, its stock is let go', async () => {
    const order = await placed();
    await start(order, 'tok_visa');
    const refund = (amount?: number) =>
      call(shop.admin, 'POST', `/payments/${order.paymentId!}/refunds`, {
        reason: 'The lid was broken',
        ...(amount !== undefined && { amount }),
      });
    expect((await refund(900)).status).toBe(202);
    await expect.poll(() => now(order)).toMatchObject({ state: 'partially_refunded', refunded: 900 });
    expect(await units(order.productId)).toEqual({ stock: 5, reserved: 1 });
    expect((await refund()).status).toBe(202);
    await expect.poll(() => now(order)).toMatchObject({ state: 'refunded', refunded: order.total.amount });
    expect(await units(order.productId)).toEqual({ stock: 5, reserved: 0 });
    expect(await factsOf(order)).toEqual(['orders.paid 1', 'orders.placed 1', 'orders.refunded 2']);
  });
});

/** A dispute as the provider tells it, with what it says of the payment. */
const disputing = async (order: Order, said: object, at = new Date(Date.now() + 1000)): Promise<object> => {
  const { reference, amount } = await paymentOf(order);
  const moment = at.toISOString();
  const dispute = { reference: `dsp_${order.id}`, amount, fee: 1500, reason: 'fraudulent', state: 'open', at: moment, closedAt: null };
  return { reference, at: moment, disputes: [{ ...dispute, ...said }] };
};
const lost = { state: 'lost', closedAt: new Date().toISOString() };
const fulfil = (order: Order) => call(shop.admin, 'POST', `/orders/${order.id}/fulfil`);

const casesOf = async (paymentId: string) =>
  (
    await shop.app.owner.query<{ kind: string; details: object }>('select kind, details from payments.cases where payment_id = $1', [
      paymentId,
    ])
  ).rows;

test('S14: where the provider refuses to give back what came too late, there is a case; where the order goes on, there is none', async () => {
  await queue('pause');
  try {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const [late, fine] = [await placed(), await placed()];
    await call(shop.buyer, 'POST', `/orders/${late.id}/cancel`);
    for (const order of [late, fine]) await start(order, 'tok_refund_refused');
    await call(shop.admin, 'POST', `/payments/${fine.paymentId!}/refunds`, { reason: 'Customer asked', amount: 100 });
    for (const order of [late, fine])
      await expect.poll(async () => (await refundsOf(order.paymentId!))[0]?.state, { timeout: 10_000 }).toBe('failed');
    expect(await casesOf(late.paymentId!)).toMatchObject([
      { kind: 'state', details: { order: late.number, state: 'cancelled', refund: late.total.amount } },
    ]);
    expect(await casesOf(fine.paymentId!)).toEqual([]);
    expect(await now(fine)).toMatchObject({ state: 'paid', refunded: 0 });
  } finally {
    await queue('resume');
  }
});

test('S14: what came too late, and was disputed before it could go back, goes back once it is won', async () => {
  await queue('pause');
  try {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const order = await placed();
    const { amount } = order.total;
    await call(shop.buyer, 'POST', `/orders/${order.id}/cancel`);
    const [at, later] = [new Date().toISOString(), new Date(Date.now() + 1000).toISOString()];
    const dispute = { reference: `dsp_${order.id}`, amount, fee: 1500, reason: 'fraudulent', state: 'open', at, closedAt: null };
    await tell(order, { at, disputes: [dispute] });
    expect(await paymentOf(order)).toMatchObject({ state: 'disputed', disputed: amount, refunding: 0 });
    await tell(order, { at: later, disputes: [{ ...dispute, state: 'won', closedAt: later }] });
    expect(await refundsOf(order.paymentId!)).toMatchObject([{ amount }]);
  } finally {
    await queue('resume');
  }
});

describe('disputes', () => {
  test('S37: while one is open nothing is sent; won, it is', async () => {
    const order = await placed();
    await start(order, 'tok_visa');
    await tell(order, await disputing(order, {}));
    expect(await now(order)).toMatchObject({ state: 'paid', disputes: 1, chargedBack: 0 });
    expect((await fulfil(order)).json.error.code).toBe('ORDER_DISPUTED');
    const won = { state: 'won', closedAt: new Date().toISOString() };
    await tell(order, await disputing(order, won, new Date(Date.now() + 2000)));
    expect(await now(order)).toMatchObject({ state: 'paid', disputes: 0, chargedBack: 0 });
    expect((await fulfil(order)).status).toBe(200);
    expect(await factsOf(order)).toEqual([
      'orders.dispute-closed 1', 'orders.disputed 1', 'orders.fulfilled 1', 'orders.paid 1', 'orders.placed 1',
    ]); // prettier-ignore
  });

  test('S37: lost, the order ends: it is not sent, and its stock is let go; what was sent stays sent', async () => {
    const [kept, sent] = [await placed(), await placed()];
    for (const order of [kept, sent]) await start(order, 'tok_visa');
    await fulfil(sent);
    for (const order of [kept, sent]) {
      const said = await disputing(order, lost);
      await tell(order, said);
      await tell(order, said); // told again, it is lost once
      expect(await now(order)).toMatchObject({ state: 'charged_back', disputes: 0, chargedBack: order.total.amount, refunded: 0 });
    }
    expect((await fulfil(kept)).json.error.code).toBe('ORDER_STATE');
    expect(await units(kept.productId)).toEqual({ stock: 5, reserved: 0 });
    expect(await units(sent.productId)).toEqual({ stock: 4, reserved: 0 });
    expect((await now(sent)).fulfilledAt).not.toBeNull();
  });

  test('lost in part, it may still be sent; with what is refunded it is the whole, and ends', async () => {
    const order = await placed();
    await start(order, 'tok_visa');
    await tell(order, await disputing(order, { ...lost, amount: 1000 }));
    expect(await now(order)).toMatchObject({ state: 'paid', chargedBack: 1000 });
    const refunded = (amount: number) =>
      shop.app.kit.db.transaction((tx) => shop.app.api(orders).refunded(caller, tx, order.id, order.paymentId!, amount));
    await refunded(order.total.amount - 1001);
    expect((await now(order)).state).toBe('partially_refunded');
    await refunded(order.total.amount - 1000);
    expect(await now(order)).toMatchObject({ state: 'charged_back', refunded: order.total.amount - 1000, chargedBack: 1000 });
    expect(await units(order.productId)).toEqual({ stock: 5, reserved: 0 });
    // What the provider gives on top of it is seen, and moves nothing.
    await refunded(order.total.amount);
    expect(await now(order)).toMatchObject({ state: 'charged_back', refunded: order.total.amount });
  });
});

test('S37: not sent while all of it is being refunded; while a part is, it may be', async () => {
  await call(shop.admin, 'POST', '/jobs/queues/payments.act/pause');
  try {
    await new Promise((resolve) => setTimeout(resolve, 1000)); // each node looks four times a second
    const [whole, part] = [await placed(), await placed()];
    for (const order of [whole, part]) await start(order, 'tok_visa');
    await call(shop.admin, 'POST', `/payments/${whole.paymentId!}/refunds`, { reason: 'Customer asked' });
    await call(shop.admin, 'POST', `/payments/${part.paymentId!}/refunds`, { reason: 'Customer asked', amount: 1 });
    expect((await fulfil(whole)).json.error.code).toBe('ORDER_GOES_BACK');
    expect((await fulfil(part)).status).toBe(200);
    await call(shop.admin, 'POST', '/jobs/queues/payments.act/resume');
    await expect.poll(async () => (await now(whole)).state, { timeout: 10_000 }).toBe('refunded');
    expect((await now(whole)).fulfilledAt).toBeNull();
    expect(await units(whole.productId)).toEqual({ stock: 5, reserved: 0 });
  } finally {
    await call(shop.admin, 'POST', '/jobs/queues/payments.act/resume');
  }
});
