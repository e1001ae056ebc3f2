import { payments } from '@plinth/core';
import { coreApp, RealtimeClient, startReceiver, type CoreApp } from '@plinth/core/testing';
import { system, uuidv7 } from '@plinth/kit';
import { race, tally, type Actor, type CallReply } from '@plinth/kit/testing';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { features } from '../../features.ts';
import { makeProduct } from '../products/products.fixtures.ts';
import type { Order } from './contract.ts';
import { orders } from './index.ts';
import { placeOrder } from './orders.fixtures.ts';

// Orders and the payments that they are paid with: the provider's word moves both, in one transaction.

let app: CoreApp;
let admin: Actor;
let buyer: Actor;
beforeAll(async () => {
  app = await coreApp(features, { env: { ORDERS_UNPAID_AT_MOST: '1000' } });
  [admin, buyer] = await Promise.all([app.as('admin'), app.as('member')]);
});
afterAll(() => app?.stop());

const caller = system('test.orders', null, uuidv7());
const SECRET = `whsec_${Buffer.from('plinth sandbox webhook secret').toString('base64')}`;
const call = (who: Pick<Actor, 'token'>, method: string, path: string, body?: unknown) =>
  app.call(method, `/api/v1${path}`, { token: who.token, ...(body !== undefined && { body }) });
const now = async ({ id }: Pick<Order, 'id'>): Promise<Order> => (await app.api(orders).find(id))!;
const paymentOf = async ({ paymentId }: Pick<Order, 'paymentId'>) => (await app.api(payments).find(app.kit.db, paymentId!))!;
const units = async (productId: string) =>
  (await app.owner.query<{ stock: number; reserved: number }>('select stock, reserved from products.products where id = $1', [productId]))
    .rows[0];
const placed = async (stock = 5): Promise<Order & { productId: string }> => {
  const { id: productId } = await makeProduct(app, admin, { stock });
  return { ...(await placeOrder({ app }, buyer, [{ productId, quantity: 1 }])), productId };
};
const start = (order: Pick<Order, 'paymentId'>, method: string, who = buyer) =>
  call(who, 'POST', `/payments/${order.paymentId!}/start`, { method });
const refundsOf = async (paymentId: string) =>
  (await call(admin, 'GET', `/payments/${paymentId}/refunds`)).json.data as { amount: number; reason: string; state: string }[];
/** What the provider says, signed. Each delivery has an id of its own. */
const tell = (order: Order, said: object = {}): Promise<CallReply> => {
  const at = new Date();
  const { amount, currency } = order.total;
  const data = {
    paymentId: order.paymentId, reference: `pay_${order.paymentId!}`, state: 'captured', amount, currency, captured: amount, capturedAt: at.toISOString(),
    fee: 150, failure: null, url: null, refunds: [], disputes: [], at: at.toISOString(), ...said,
  }; // prettier-ignore
  const body = JSON.stringify({ type: 'payment.updated', timestamp: at.toISOString(), data });
  const id = `msg_${uuidv7()}`;
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': `${Math.floor(at.getTime() / 1000)}`,
    'webhook-signature': new Webhook(SECRET).sign(id, at, body),
    'content-type': 'application/json',
  };
  return app.call('POST', '/api/v1/payments/webhooks/sandbox', { body, headers });
};
const factsOf = async ({ id }: Pick<Order, 'id'>) => {
  const { rows } = await app.owner.query<{ name: string; n: number }>(
    `select name, count(*)::int as n from (select name, subject_id from log.outbox union all select name, subject_id from log.events) f
     where subject_id = $1 and name like 'orders.%' group by 1 order by 1`,
    [id],
  );
  return rows.map(({ name, n }) => `${name} ${n}`);
};
const queue = (what: 'pause' | 'resume') => call(admin, 'POST', `/jobs/queues/orders.cancel-payment/${what}`);

describe('paying', () => {
  test('a token pays the order; what was captured is what the server priced', async () => {
    const order = await placed();
    expect(await paymentOf(order)).toMatchObject({
      state: 'created',
      amount: order.total.amount,
      currency: 'EUR',
      purpose: { type: 'order', id: order.id },
      payerId: buyer.userId,
      description: `Order ${order.number}`,
    });
    const reply = await start(order, 'tok_visa');
    expect(reply.status, reply.text).toBe(200);
    expect(await now(order)).toMatchObject({ state: 'paid', paidAt: expect.any(String) });
    expect(await factsOf(order)).toEqual(['orders.paid 1', 'orders.placed 1']);
    expect((await call(admin, 'POST', `/orders/${order.id}/fulfil`)).status).toBe(200);
    expect(await units(order.productId)).toEqual({ stock: 4, reserved: 0 });
  });

  test('S27: who closes the tab has paid all the same: the webhook alone moves the order', async () => {
    const order = await placed();
    expect((await tell(order)).json.data).toEqual({ outcome: 'done' });
    expect((await now(order)).state).toBe('paid');
  });

  test('S26: the webhook sixteen times, and the browser that comes back and places the cart again, at once: one order, paid once', async () => {
    const { id: productId } = await makeProduct(app, admin, { stock: 5 });
    const body = { lines: [{ productId, quantity: 1 }], cartId: uuidv7() };
    const order = (await call(buyer, 'POST', '/orders', body)).json.data as Order;
    const at = new Date().toISOString();
    const replies = await race(32, (i) => (i % 2 === 0 ? tell(order, { at, capturedAt: at }) : call(buyer, 'POST', '/orders', body)));
    expect(tally(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 'failed')))).toEqual({ 200: 32 });
    expect(await factsOf(order)).toEqual(['orders.paid 1', 'orders.placed 1']);
    expect(await units(productId)).toEqual({ stock: 5, reserved: 1 });
    const { rows } = await app.owner.query(`select kind from payments.postings where payment_id = $1 and kind <> 'fee'`, [order.paymentId]);
    expect(rows.filter(({ kind }) => kind === 'capture')).toHaveLength(1);
    expect(await refundsOf(order.paymentId!)).toEqual([]);
  });

  test('declined: the stock stays held, and another payment pays, one however often it is asked for', async () => {
    const order = await placed();
    expect((await call(buyer, 'POST', `/orders/${order.id}/payments`)).json.error.code).toBe('ORDER_STATE');
    await start(order, 'tok_declined');
    expect((await now(order)).state).toBe('payment_failed');
    expect(await units(order.productId)).toEqual({ stock: 5, reserved: 1 });
    const stranger = await app.as('member');
    expect((await call(stranger, 'POST', `/orders/${order.id}/payments`)).status).toBe(404);
    const replies = await race(8, () => call(buyer, 'POST', `/orders/${order.id}/payments`));
    expect(tally(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 'failed')))).toEqual({ 201: 1, 409: 7 });
    const again = await now(order);
    expect(again).toMatchObject({ state: 'awaiting_payment', expiresAt: order.expiresAt });
    expect(again.paymentId).not.toBe(order.paymentId);
    await start(again, 'tok_visa');
    const { json } = await call(buyer, 'GET', `/orders/${order.id}/timeline`);
    expect(json.data.map(({ to }: { to: string }) => to)).toEqual(['awaiting_payment', 'payment_failed', 'awaiting_payment', 'paid']);
  });

  test('two payments of one order: the second goes back', async () => {
    const order = await placed();
    await start(order, 'tok_visa');
    const second = await app.kit.db.transaction(async (tx) =>
      app.api(payments).create(caller, tx, {
        amount: order.total.amount,
        currency: 'EUR',
        purpose: { type: 'order', id: order.id },
        payer: buyer.userId,
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
    if (how === 'cancelled') await call(buyer, 'POST', `/orders/${order.id}/cancel`);
    else {
      await app.owner.query(`update orders.orders set expires_at = now() - interval '1 second' where id = $1`, [order.id]);
      await app.api(orders).expire(caller, 50);
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
      await call(buyer, 'POST', `/orders/${order.id}/cancel`);
      await placeOrder({ app }, await app.as('member'), [{ productId: order.productId, quantity: 1 }]); // the last one is another's now
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
      for (const order of [full, some]) await call(buyer, 'POST', `/orders/${order.id}/cancel`);
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
    const { id: productId } = await makeProduct(app, admin, { stock: 100 });
    let paid = 0;
    for (let round = 0; round < 8; round++) {
      const order = await placeOrder({ app }, buyer, [{ productId, quantity: 1 }]);
      await app.owner.query(`update orders.orders set expires_at = now() - interval '1 second' where id = $1`, [order.id]);
      const acts = [() => tell(order), () => call(buyer, 'POST', `/orders/${order.id}/cancel`), () => app.api(orders).expire(caller, 50)];
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
  for (const { id } of them) await app.owner.query(`update orders.orders set expires_at = now() - interval '1 second' where id = $1`, [id]);
  await app.api(orders).expire(caller, 50);
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
    await app.owner.query(`update orders.orders set processing_since = now() - interval '14 days' where id = $1`, [long.id]);
    const at = new Date(Date.now() + 1000).toISOString();
    for (const [order, state] of [[refused, 'failed'], [asked, 'requires_action']] as const)
      await tell(order, { reference: (await paymentOf(order)).reference, at, state, captured: 0, capturedAt: null, fee: 0 }); // prettier-ignore
    expect(await now(refused)).toMatchObject({ state: 'payment_failed', processingSince: null });
    expect(await now(asked)).toMatchObject({ state: 'awaiting_payment', processingSince: null });
    await expire(long, refused, asked);
    for (const order of [long, refused, asked]) expect(await now(order)).toMatchObject({ state: 'expired', processingSince: null });
  });
});

describe('refunding', () => {
  test('what the provider gives back shows in the order; in full, before it is sent, its stock is let go', async () => {
    const order = await placed();
    await start(order, 'tok_visa');
    const refund = (amount?: number) =>
      call(admin, 'POST', `/payments/${order.paymentId!}/refunds`, {
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
const fulfil = (order: Order) => call(admin, 'POST', `/orders/${order.id}/fulfil`);

const casesOf = async (paymentId: string) =>
  (await app.owner.query<{ kind: string; details: object }>('select kind, details from payments.cases where payment_id = $1', [paymentId]))
    .rows;

test('S14: where the provider refuses to give back what came too late, there is a case; where the order goes on, there is none', async () => {
  await queue('pause');
  try {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const [late, fine] = [await placed(), await placed()];
    await call(buyer, 'POST', `/orders/${late.id}/cancel`);
    for (const order of [late, fine]) await start(order, 'tok_refund_refused');
    await call(admin, 'POST', `/payments/${fine.paymentId!}/refunds`, { reason: 'Customer asked', amount: 100 });
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
      app.kit.db.transaction((tx) => app.api(orders).refunded(caller, tx, order.id, order.paymentId!, amount));
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
  await call(admin, 'POST', '/jobs/queues/payments.act/pause');
  try {
    await new Promise((resolve) => setTimeout(resolve, 1000)); // each node looks four times a second
    const [whole, part] = [await placed(), await placed()];
    for (const order of [whole, part]) await start(order, 'tok_visa');
    await call(admin, 'POST', `/payments/${whole.paymentId!}/refunds`, { reason: 'Customer asked' });
    await call(admin, 'POST', `/payments/${part.paymentId!}/refunds`, { reason: 'Customer asked', amount: 1 });
    expect((await fulfil(whole)).json.error.code).toBe('ORDER_GOES_BACK');
    expect((await fulfil(part)).status).toBe(200);
    await call(admin, 'POST', '/jobs/queues/payments.act/resume');
    await expect.poll(async () => (await now(whole)).state, { timeout: 10_000 }).toBe('refunded');
    expect((await now(whole)).fulfilledAt).toBeNull();
    expect(await units(whole.productId)).toEqual({ stock: 5, reserved: 0 });
  } finally {
    await call(admin, 'POST', '/jobs/queues/payments.act/resume');
  }
});

describe('who hears of it', () => {
  test('the buyer on their own channel, and webhooks; nobody else', async () => {
    const receiver = await startReceiver();
    const eve = await app.as('member');
    const [mine, hers] = [await RealtimeClient.open(app.url, buyer.token), await RealtimeClient.open(app.url, eve.token)];
    try {
      const made = await call(admin, 'POST', '/webhooks/endpoints', { url: receiver.url, events: ['orders.paid'] });
      expect(made.status, made.text).toBe(201);
      await mine.subscribe(`user:${buyer.userId}`);
      await hers.subscribe(`user:${eve.userId}`);
      const order = await placed();
      await start(order, 'tok_visa');
      const heard = {
        orderId: order.id,
        number: order.number,
        state: 'paid',
        total: order.total.amount,
        currency: 'EUR',
        userId: buyer.userId,
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
