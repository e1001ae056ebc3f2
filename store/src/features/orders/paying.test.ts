import { payments } from '@plinth/core';
import { RealtimeClient, startReceiver } from '@plinth/core/testing';
import { system, uuidv7 } from '@plinth/kit';
import { race, tally } from '@plinth/kit/testing';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { makeProduct } from '../products/products.fixtures.ts';
import type { Order } from './contract.ts';
import { orders } from './index.ts';
import { placeOrder } from './orders.fixtures.ts';
import { payingShop } from './paying.testing.ts';

// Orders and the payments that they are paid with: the provider's word moves both, in one transaction.

const shop = payingShop();
const { call, now, paymentOf, units, placed, start, refundsOf, tell, factsOf, queue } = shop;
const caller = system('test.orders', null, uuidv7());

describe('paying', () => {
  test('a token pays the order; what was captured is what the server priced', async () => {
    const order = await placed();
    expect(await paymentOf(order)).toMatchObject({
      state: 'created',
      amount: order.total.amount,
      currency: 'EUR',
      purpose: { type: 'order', id: order.id },
      payerId: shop.buyer.userId,
      description: `Order ${order.number}`,
    });
    const reply = await start(order, 'tok_visa');
    expect(reply.status, reply.text).toBe(200);
    expect(await now(order)).toMatchObject({ state: 'paid', paidAt: expect.any(String) });
    expect(await factsOf(order)).toEqual(['orders.paid 1', 'orders.placed 1']);
    expect((await call(shop.admin, 'POST', `/orders/${order.id}/fulfil`)).status).toBe(200);
    expect(await units(order.productId)).toEqual({ stock: 4, reserved: 0 });
  });

  test('S27: who closes the tab has paid all the same: the webhook alone moves the order', async () => {
    const order = await placed();
    expect((await tell(order)).json.data).toEqual({ outcome: 'done' });
    expect((await now(order)).state).toBe('paid');
  });

  test('S26: the webhook sixteen times, and the browser that comes back and places the cart again, at once: one order, paid once', async () => {
    const { id: productId } = await makeProduct(shop.app, shop.admin, { stock: 5 });
    const body = { lines: [{ productId, quantity: 1 }], cartId: uuidv7() };
    const order = (await call(shop.buyer, 'POST', '/orders', body)).json.data as Order;
    const at = new Date().toISOString();
    const replies = await race(32, (i) => (i % 2 === 0 ? tell(order, { at, capturedAt: at }) : call(shop.buyer, 'POST', '/orders', body)));
    expect(tally(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 'failed')))).toEqual({ 200: 32 });
    expect(await factsOf(order)).toEqual(['orders.paid 1', 'orders.placed 1']);
    expect(await units(productId)).toEqual({ stock: 5, reserved: 1 });
    const { rows } = await shop.app.owner.query(`select kind from payments.postings where payment_id = $1 and kind <> 'fee'`, [
      order.paymentId,
    ]);
    expect(rows.filter(({ kind }) => kind === 'capture')).toHaveLength(1);
    expect(await refundsOf(order.paymentId!)).toEqual([]);
  });

  test('declined: the stock stays held, and another payment pays, one however often it is asked for', async () => {
    const order = await placed();
    expect((await call(shop.buyer, 'POST', `/orders/${order.id}/payments`)).json.error.code).toBe('ORDER_STATE');
    await start(order, 'tok_declined');
    expect((await now(order)).state).toBe('payment_failed');
    expect(await units(order.productId)).toEqual({ stock: 5, reserved: 1 });
    const stranger = await shop.app.as('member');
    expect((await call(stranger, 'POST', `/orders/${order.id}/payments`)).status).toBe(404);
    const replies = await race(8, () => call(shop.buyer, 'POST', `/orders/${order.id}/payments`));
    expect(tally(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 'failed')))).toEqual({ 201: 1, 409: 7 });
    const again = await now(order);
    expect(again).toMatchObject({ state: 'awaiting_payment', expiresAt: order.expiresAt });
    expect(again.paymentId).not.toBe(order.paymentId);
    await start(again, 'tok_visa');
    const { json } = await call(shop.buyer, 'GET', `/orders/${order.id}/timeline`);
    expect(json.data.map(({ to }: { to: string }) => to)).toEqual(['awaiting_payment', 'payment_failed', 'awaiting_payment', 'paid']);
  });

  test('two payments of one order: the second goes back', async () => {
    const order = await placed();
    await start(order, 'tok_visa');
    const second = await shop.app.kit.db.transaction(async (tx) =>
      shop.app.api(payments).create(caller, tx, {
        amount: order.total.amount,
        currency: 'EUR',
        purpose: { type: 'order', id: order.id },
        payer: shop.buyer.userId,
        description: 'Again',
      }),
    );
    await start({ paymentId: second.id }, 'tok_visa');
    await expect.poll(async () => (await paymentOf({ paymentId: second.id })).state).toBe('refunded');
    expect((await refundsOf(second.id))[0]).toMatchObject({
      amount: order.total.amount,
      reason: `Order ${order.number} is paid and takes no payment`,
    });
    expect(await now(order)).toMatchObject({ state: 'paid', refunded: 0, paymentId: order.paymentId });
    expect(await factsOf(order)).toEqual(['orders.paid 1', 'orders.paid-in-vain 1', 'orders.placed 1']);
  });
});

describe('too late', () => {
  test.each(['cancelled', 'expired'])('an order that is %s lets its payment go', async (how) => {
    const order = await placed();
    if (how === 'cancelled') await call(shop.buyer, 'POST', `/orders/${order.id}/cancel`);
    else {
      await shop.app.owner.query(`update orders.orders set expires_at = now() - interval '1 second' where id = $1`, [order.id]);
      await shop.app.api(orders).expire(caller, 50);
    }
    await expect.poll(async () => (await paymentOf(order)).state).toBe('canceled');
    expect((await start(order, 'tok_visa')).status).toBe(409);
    expect(await now(order)).toMatchObject({ state: how });
    expect(await units(order.productId)).toEqual({ stock: 5, reserved: 0 });
  });

  test('S14: what is paid after the order ended goes back, and takes no stock', async () => {
    await queue('pause');
    try {
      await new Promise((resolve) => setTimeout(resolve, 1000)); // each node looks four times a second
      const order = await placed(1);
      await call(shop.buyer, 'POST', `/orders/${order.id}/cancel`);
      await placeOrder({ app: shop.app }, await shop.app.as('member'), [{ productId: order.productId, quantity: 1 }]); // the last one is another's now
      await start(order, 'tok_visa');
      expect(await now(order)).toMatchObject({ state: 'cancelled', refunded: 0 });
      expect((await refundsOf(order.paymentId!))[0]).toMatchObject({ amount: order.total.amount });
      await expect.poll(async () => (await paymentOf(order)).state).toBe('refunded');
      expect(await factsOf(order)).toEqual(['orders.cancelled 1', 'orders.paid-in-vain 1', 'orders.placed 1']);
      expect(await units(order.productId)).toEqual({ stock: 1, reserved: 1 });
    } finally {
      await queue('resume');
    }
  });

  test('S14: what is paid after the order ended, and was given back at the provider before anybody heard, is not given back twice', async () => {
    await queue('pause');
    try {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const [full, some] = [await placed(), await placed()];
      const back = (order: Order, amount: number) => [
        { refundId: null, reference: `ref_${order.id}`, amount, state: 'succeeded', failure: null, at: new Date().toISOString() },
      ];
      for (const order of [full, some]) await call(shop.buyer, 'POST', `/orders/${order.id}/cancel`);
      const { amount } = full.total;
      expect((await tell(full, { refunds: back(full, amount) })).json.data).toEqual({ outcome: 'done' });
      expect((await tell(some, { refunds: back(some, 900) })).json.data).toEqual({ outcome: 'done' });
      expect(await paymentOf(full)).toMatchObject({ state: 'refunded', refunding: amount, refunded: amount });
      expect(await refundsOf(full.paymentId!)).toMatchObject([{ amount, reason: 'made at the provider', state: 'succeeded' }]);
      expect(await paymentOf(some)).toMatchObject({ refunding: amount, refunded: 900 });
      expect(new Set((await refundsOf(some.paymentId!)).map((each) => each.amount))).toEqual(new Set([amount - 900, 900]));
    } finally {
      await queue('resume');
    }
  });

  test('S37: paid at the provider, cancelled and expired at once: paid, or the money goes back', async () => {
    const { id: productId } = await makeProduct(shop.app, shop.admin, { stock: 100 });
    let paid = 0;
    for (let round = 0; round < 8; round++) {
      const order = await placeOrder({ app: shop.app }, shop.buyer, [{ productId, quantity: 1 }]);
      await shop.app.owner.query(`update orders.orders set expires_at = now() - interval '1 second' where id = $1`, [order.id]);
      const acts = [
        () => tell(order),
        () => call(shop.buyer, 'POST', `/orders/${order.id}/cancel`),
        () => shop.app.api(orders).expire(caller, 50),
      ];
      const results = await race<unknown>(3, (i) => acts[(i + round) % 3]!());
      expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
      const { state } = await now(order);
      const back = await refundsOf(order.paymentId!);
      expect(['paid', 'cancelled', 'expired']).toContain(state);
      if (state === 'paid') paid += 1;
      // Where the payment was let go before it was paid, a person looks: there is a case.
      const { captured } = await paymentOf(order);
      expect([state, back.length]).toEqual([state, state === 'paid' || captured === 0 ? 0 : 1]);
      expect(await units(productId)).toEqual({ stock: 100, reserved: paid });
    }
  });
});

const expire = async (...them: Order[]): Promise<void> => {
  for (const { id } of them)
    await shop.app.owner.query(`update orders.orders set expires_at = now() - interval '1 second' where id = $1`, [id]);
  await shop.app.api(orders).expire(caller, 50);
};
describe('a payment that its bank has at work for days', () => {
  test('keeps the order, and pays it in the end', async () => {
    const order = await placed();
    await start(order, 'tok_processing');
    expect((await now(order)).processingSince).not.toBeNull();
    await expire(order);
    expect(await now(order)).toMatchObject({ state: 'awaiting_payment' });
    expect(await units(order.productId)).toEqual({ stock: 5, reserved: 1 });
    await tell(order, { reference: (await paymentOf(order)).reference, at: new Date(Date.now() + 1000).toISOString() });
    expect(await now(order)).toMatchObject({ state: 'paid', processingSince: null });
    expect(await refundsOf(order.paymentId!)).toEqual([]);
    expect(await factsOf(order)).toEqual(['orders.paid 1', 'orders.payment-processing 1', 'orders.placed 1']);
  });
  test('for two weeks at most, and no longer than it is at work', async () => {
    const [long, refused, asked] = [await placed(), await placed(), await placed()];
    for (const order of [long, refused, asked]) await start(order, 'tok_processing');
    await shop.app.owner.query(`update orders.orders set processing_since = now() - interval '14 days' where id = $1`, [long.id]);
    const at = new Date(Date.now() + 1000).toISOString();
    for (const [order, state] of [[refused, 'failed'], [asked, 'requires_action']] as const)
      await tell(order, { reference: (await paymentOf(order)).reference, at, state, captured: 0, capturedAt: null, fee: 0 }); // prettier-ignore
    expect(await now(refused)).toMatchObject({ state: 'payment_failed', processingSince: null });
    expect(await now(asked)).toMatchObject({ state: 'awaiting_payment', processingSince: null });
    await expire(long, refused, asked);
    for (const order of [long, refused, asked]) expect(await now(order)).toMatchObject({ state: 'expired', processingSince: null });
  });
});

describe('who hears of it', () => {
  test('the buyer on their own channel, and webhooks; nobody else', async () => {
    const receiver = await startReceiver();
    const eve = await shop.app.as('member');
    const [mine, hers] = [await RealtimeClient.open(shop.app.url, shop.buyer.token), await RealtimeClient.open(shop.app.url, eve.token)];
    try {
      const made = await call(shop.admin, 'POST', '/webhooks/endpoints', { url: receiver.url, events: ['orders.paid'] });
      expect(made.status, made.text).toBe(201);
      await mine.subscribe(`user:${shop.buyer.userId}`);
      await hers.subscribe(`user:${eve.userId}`);
      const order = await placed();
      await start(order, 'tok_visa');
      const heard = {
        orderId: order.id,
        number: order.number,
        state: 'paid',
        total: order.total.amount,
        currency: 'EUR',
        userId: shop.buyer.userId,
      };
      expect(await mine.hears((said: { event?: string }) => said.event === 'orders.paid')).toMatchObject({ data: heard });
      await expect.poll(() => receiver.received.length, { timeout: 5000 }).toBe(1);
      const { headers, body } = receiver.received[0]!;
      expect(new Webhook(made.json.data.secret).verify(body, headers as Record<string, string>)).toMatchObject({
        type: 'orders.paid',
        data: heard,
      });
      expect(hers.told.filter(({ type }: { type: string }) => type === 'event')).toEqual([]);
    } finally {
      mine.kill();
      hers.kill();
      await receiver.stop();
    }
  });
});
