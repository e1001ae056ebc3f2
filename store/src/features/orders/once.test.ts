import { startSandbox } from '@plinth/core';
import { coreApp, type CoreApp } from '@plinth/core/testing';
import { uuidv7 } from '@plinth/kit';
import { type Actor, race, tally } from '@plinth/kit/testing';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { features } from '../../features.ts';
import { makeProduct } from '../products/products.fixtures.ts';
import { mortal, startDying, stopDying } from './chaos/death.testing.ts';
import type { Order } from './contract.ts';
import { failAfter, stopFailing } from './failing.testing.ts';
import { placeOrder } from './orders.fixtures.ts';

// One order and one charge, counted where money moves: in the sandbox's own book.

const SECRET = `whsec_${Buffer.from('plinth sandbox webhook secret').toString('base64')}`;
let sandbox: { url: string; stop(): Promise<void> };
let app: CoreApp;
let [admin, buyer]: Actor[] = [];
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, key: 'sandbox-key', webhookSecret: SECRET, webhookUrl: null, file: null });
  app = await coreApp(features, { env: { SANDBOX_URL: sandbox.url, OUTBOUND_ALLOW: '127.0.0.0/8' } });
  [admin, buyer] = [await app.as('admin'), await app.as('member')];
});
afterAll(async () => {
  await app?.stop();
  await sandbox?.stop();
});
afterEach(() => {
  stopFailing();
  stopDying();
});

interface Book {
  readonly payments: { readonly paymentId: string }[];
  readonly movements: { readonly kind: string; readonly paymentId: string; readonly amount: number }[];
  readonly keys: [string, unknown][];
}
const book = async (): Promise<Book> =>
  (await (await fetch(`${sandbox.url}/test/book`, { headers: { authorization: 'Bearer sandbox-key' } })).json()) as Book;
const post = (path: string, body: object, key: string) =>
  app.call('POST', `/api/v1${path}`, { token: buyer!.token, body, headers: { 'idempotency-key': key } });
const count = async (from: string, ...values: unknown[]): Promise<number> =>
  Number((await app.owner.query(`select count(*) as n from ${from}`, values)).rows[0].n);

test('S8: thirty callers with one key: one order, one charge at the sandbox', async () => {
  const { id: productId } = await makeProduct(app, admin!, { stock: 100 });
  const [cart, pay] = [uuidv7(), uuidv7()];
  const before = await count('orders.orders');
  // Each does both, as one click does, and where it is busy once more.
  const all = await race(30, async () => {
    const insist = async (path: string, body: object, key: string) => {
      for (;;) {
        const reply = await post(path, body, key);
        if (reply.json.error?.code !== 'IDEMPOTENCY_KEY_BUSY') return reply;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const order = (await insist('/orders', { lines: [{ productId, quantity: 2 }] }, cart)).json.data as Order;
    const { status } = await insist(`/payments/${order.paymentId!}/start`, { method: 'tok_visa' }, pay);
    return `${order.id} ${order.paymentId!} ${status}`;
  });
  const told = tally(all.map((each) => (each.status === 'fulfilled' ? each.value : String(each.reason))));
  expect(Object.values(told)).toEqual([30]);
  const [orderId, paymentId, status] = Object.keys(told)[0]!.split(' ') as [string, string, string];
  expect(status).toBe('200');
  expect(await count('orders.orders')).toBe(before + 1);
  expect(await count(`orders.orders where id = $1 and state = 'paid'`, orderId)).toBe(1);
  const { payments, movements, keys } = await book();
  expect(payments.filter((each) => each.paymentId === paymentId)).toHaveLength(1);
  expect(movements.filter((each) => each.paymentId === paymentId && each.kind === 'capture')).toHaveLength(1);
  expect(movements.filter(({ kind }) => kind === 'capture')).toHaveLength(1);
  expect(keys.map(([key]) => key)).toEqual([`${paymentId}:start`]);
});

test('S39: a failure after any statement of placing leaves no row here, and the sandbox has heard of nothing', async () => {
  const { id: productId } = await makeProduct(app, admin!, { stock: 100 });
  const lines = [{ productId, quantity: 1 }];
  const statements = failAfter('orders.place', null);
  expect((await post('/orders', { lines }, uuidv7())).status).toBe(201);
  const total = statements();
  const rows = async () => [
    await count('orders.orders'),
    await count('payments.payments'),
    await count('payments.attempts'),
    await count('products.reservations'),
    (await book()).payments.length,
  ];
  const before = await rows();
  const key = uuidv7();
  for (let n = 1; n < total; n++) {
    failAfter('orders.place', n);
    expect([n, (await post('/orders', { lines }, key)).status]).toEqual([n, 500]);
    expect([n, await rows()]).toEqual([n, before]);
  }
});

test('S39: a process that dies at any statement of a webhook that pays leaves nothing of it; sent again, it pays once', async () => {
  const { id: productId } = await makeProduct(app, admin!, { stock: 100 });
  const order = await placeOrder({ app }, buyer!, [{ productId, quantity: 1 }]);
  const at = new Date();
  const { amount, currency } = order.total;
  const data = {
    paymentId: order.paymentId, reference: `pay_${order.id}`, state: 'captured', amount, currency, captured: amount, capturedAt: at.toISOString(),
    fee: 150, failure: null, url: null, refunds: [], disputes: [], at: at.toISOString(),
  }; // prettier-ignore
  const payload = JSON.stringify({ type: 'payment.captured', timestamp: at.toISOString(), data });
  const id = `msg_${uuidv7()}`;
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': `${Math.floor(at.getTime() / 1000)}`,
    'webhook-signature': new Webhook(SECRET).sign(id, at, payload),
  };
  const send = () => app.http.inject({ method: 'POST', url: '/api/v1/payments/webhooks/sandbox', headers, payload });
  const rows = async () => [
    await count(`payments.payments where id = $1 and state = 'created'`, order.paymentId),
    await count(`orders.orders where id = $1 and state = 'awaiting_payment'`, order.id),
    await count('payments.postings where payment_id = $1', order.paymentId),
    await count('webhooks.received where external_id = $1', id),
    await count(`(select name, subject_id from log.outbox union all select name, subject_id from log.events) f where subject_id in ($1, $2) and name in ('payments.captured', 'orders.paid')`, order.paymentId, order.id), // prettier-ignore
  ];
  startDying();
  let deaths = 0;
  for (let died = true; died;) {
    ({ died } = await mortal({ at: deaths + 1, when: 'before' }, send));
    if (!died) break;
    deaths += 1;
    expect([deaths, await rows()]).toEqual([deaths, [1, 1, 0, 0, 0]]);
  }
  // Mark, payment, step, entries, facts, order; the last message is the commit.
  expect(deaths).toBeGreaterThan(4);
  expect(await rows()).toEqual([0, 0, 3, 1, 2]);
  expect((await send()).json().data).toEqual({ outcome: 'duplicate' });
  expect(await rows()).toEqual([0, 0, 3, 1, 2]);
});
