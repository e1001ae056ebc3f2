import { coreApp, type CoreApp } from '@plinth/core/testing';
import { system, type Tx, uuidv7 } from '@plinth/kit';
import { race, tally, type Actor, type CallOptions } from '@plinth/kit/testing';
import { readConfig } from '@plinth/kit/tools';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { features } from '../../features.ts';
import { makeProduct } from '../products/products.fixtures.ts';
import type { NewOrder, Order } from './contract.ts';
import { orders, type OrdersApi } from './index.ts';
import { placeOrder } from './orders.fixtures.ts';
import { mermaid, ORDER_STATES, TRANSITIONS } from './transitions.ts';

let app: CoreApp;
let admin: Actor;
let buyer: Actor;
let stranger: Actor;
beforeAll(async () => {
  app = await coreApp(features, { env: { ORDERS_UNPAID_AT_MOST: '1000' } });
  [admin, buyer, stranger] = await Promise.all([app.as('admin'), app.as('member'), app.as('member')]);
});
afterAll(() => app?.stop());

const call = (who: Pick<Actor, 'token'> | null, method: string, path: string, body?: unknown, more: CallOptions = {}) =>
  app.call(method, `/api/v1/orders${path}`, { token: who?.token, ...(body !== undefined && { body }), ...more });
const place = (who: Actor, lines: NewOrder['lines'], more: object = {}, headers: Record<string, string> = {}) =>
  call(who, 'POST', '', { lines, ...more }, { headers });
const product = (over: Parameters<typeof makeProduct>[2] = {}) => makeProduct(app, admin, over);
const units = async (productId: string) =>
  (await app.owner.query<{ stock: number; reserved: number }>('select stock, reserved from products.products where id = $1', [productId]))
    .rows[0];
const oneLine = async (over: Parameters<typeof makeProduct>[2] = {}, quantity = 1) => [{ productId: (await product(over)).id, quantity }];
const caller = system('test.orders', null, uuidv7());
const api = () => app.api(orders);
const inTx = <T>(work: (on: OrdersApi, tx: Tx) => Promise<T>) => app.kit.db.transaction((tx) => work(api(), tx));
const pay = ({ id, total, paymentId }: Order) => inTx((on, tx) => on.paid(caller, tx, id, { ...total, paymentId: paymentId! }));
const refund = ({ id, paymentId }: Order, amount: number) => inTx((on, tx) => on.refunded(caller, tx, id, paymentId!, amount));
const stateOf = async ({ id }: Order) => (await api().find(id))!.state;
const statuses = (replies: readonly PromiseSettledResult<{ status: number }>[]) =>
  tally(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 'failed')));

describe('placing', () => {
  test('S14: the server prices the cart, whatever the client says; what was ordered stays as it was', async () => {
    const [mug, pan] = [
      await product({ name: 'Mug', price: { amount: 1450, currency: 'EUR' } }),
      await product({ price: { amount: 6900, currency: 'EUR' } }),
    ];
    const lines = [
      { productId: mug.id, quantity: 2 },
      { productId: pan.id, quantity: 1 },
    ];
    for (const extra of [{ total: 1 }, { state: 'paid' }, { lines: lines.map((line) => ({ ...line, price: 1 })) }])
      expect((await call(buyer, 'POST', '', { lines, ...extra })).status).toBe(422);
    const reply = await place(buyer, lines);
    expect(reply.status, reply.text).toBe(201);
    const order = reply.json.data as Order;
    expect(order).toMatchObject({
      userId: buyer.userId,
      state: 'awaiting_payment',
      total: { amount: 9800, currency: 'EUR' },
      refunded: 0,
      lines: [
        { productId: mug.id, sku: mug.sku, name: 'Mug', price: { amount: 1450, currency: 'EUR' }, quantity: 2 },
        { productId: pan.id, sku: pan.sku, quantity: 1 },
      ],
    });
    expect(order.number).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    expect(Date.parse(order.expiresAt) - Date.parse(order.placedAt)).toBe(30 * 60_000);
    expect((await app.facts(reply.requestId)).toSorted()).toEqual(['orders.placed', 'payments.created', 'products.stock-reserved']);
    await app.call('PATCH', `/api/v1/products/${mug.id}`, {
      token: admin.token,
      body: { name: 'Cup', price: { amount: 1, currency: 'EUR' } },
    });
    expect((await call(buyer, 'GET', `/${order.id}`)).json.data).toEqual(order);
    expect(await units(mug.id)).toEqual({ stock: 10, reserved: 2 });
  });

  test('S36: the same product on several lines is summed, and is one line of the order', async () => {
    const { id: productId, sku } = await product({ stock: 5 });
    const lines = [3, 3].map((quantity) => ({ productId, quantity }));
    const refused = await place(buyer, lines);
    const said = `Of ${sku} there are 5, and 6 were asked for`;
    expect([refused.status, refused.json.error.code, refused.json.error.fields]).toEqual([
      409,
      'OUT_OF_STOCK',
      { 'lines.0.quantity': said, 'lines.1.quantity': said },
    ]);
    const { json } = await place(
      buyer,
      [3, 2].map((quantity) => ({ productId, quantity })),
    );
    expect(json.data.lines).toMatchObject([{ productId, quantity: 5 }]);
    expect(await units(productId)).toEqual({ stock: 5, reserved: 5 });
  });

  test('409 names each line that lacks stock and how much there is; nothing is held', async () => {
    const [few, none, enough] = [await product({ stock: 2 }), await product({ stock: 0 }), await product()];
    const reply = await place(
      buyer,
      [few, enough, none].map(({ id: productId }) => ({ productId, quantity: 3 })),
    );
    expect([reply.status, reply.json.error.fields]).toEqual([
      409,
      {
        'lines.0.quantity': `Of ${few.sku} there are 2, and 3 were asked for`,
        'lines.2.quantity': `Of ${none.sku} there are 0, and 3 were asked for`,
      },
    ]);
    expect(await units(enough.id)).toEqual({ stock: 10, reserved: 0 });
    expect(await app.facts(reply.requestId)).toEqual([]);
  });

  test('a product that was deleted is refused by line', async () => {
    const gone = await product();
    await app.call('DELETE', `/api/v1/products/${gone.id}`, { token: admin.token });
    const reply = await place(buyer, [...(await oneLine()), { productId: gone.id, quantity: 1 }]);
    expect([reply.status, Object.keys(reply.json.error.fields)]).toEqual([404, ['lines.1.productId']]);
  });

  test('two currencies, and totals beyond what may be paid, are refused', async () => {
    const mixed = [...(await oneLine()), ...(await oneLine({ price: { amount: 5, currency: 'USD' } }))];
    expect((await place(buyer, mixed)).json.error.code).toBe('CURRENCIES_MIXED');
    const dear = await oneLine({ price: { amount: 1_000_000_000_000, currency: 'EUR' }, stock: 10_000 }, 10_000);
    expect((await place(buyer, dear)).json.error.code).toBe('ORDER_TOO_LARGE');
    expect(await units(dear[0]!.productId)).toEqual({ stock: 10_000, reserved: 0 });
  });

  test.each([
    ['no line', []],
    ['a quantity of none', [{ productId: uuidv7(), quantity: 0 }]],
    ['a quantity below none', [{ productId: uuidv7(), quantity: -1 }]],
    ['half a unit', [{ productId: uuidv7(), quantity: 0.5 }]],
    ['too many of one', [{ productId: uuidv7(), quantity: 10_001 }]],
    ['too many lines', Array.from({ length: 101 }, () => ({ productId: uuidv7(), quantity: 1 }))],
  ])('422 for %s', async (_what, lines) => expect((await place(buyer, lines)).status).toBe(422));

  test('what costs nothing is paid as soon as it is placed', async () => {
    const reply = await place(buyer, await oneLine({ price: { amount: 0, currency: 'EUR' } }));
    expect(reply.json.data).toMatchObject({ state: 'paid', total: { amount: 0 }, paidAt: expect.any(String) });
    expect((await app.facts(reply.requestId)).toSorted()).toEqual(['orders.paid', 'orders.placed', 'products.stock-reserved']);
  });

  test('S26: one order a cart, however often and from wherever it is placed, also of the last unit', async () => {
    const lines = await oneLine({ stock: 1 });
    const cartId = uuidv7();
    const replies = await race(16, () => place(buyer, lines, { cartId }));
    expect(statuses(replies)).toEqual({ 200: 15, 201: 1 });
    expect(new Set(replies.map((reply) => (reply as PromiseFulfilledResult<{ json: { data: Order } }>).value.json.data.id)).size).toBe(1);
    expect(await units(lines[0]!.productId)).toEqual({ stock: 1, reserved: 1 });
    // Another's cart of this id is another cart.
    expect((await place(stranger, await oneLine(), { cartId })).status).toBe(201);
  });
});

test('S26: a cart of other lines is another order: 409, and a new one once the old one ended unpaid', async () => {
  const [one, two] = [await product({ stock: 5 }), await product({ stock: 5 })];
  const cartId = uuidv7();
  const lines = [{ productId: one.id, quantity: 2 }];
  const first = await place(buyer, lines, { cartId });
  const again = [1, 1].map((quantity) => ({ productId: one.id.toUpperCase(), quantity }));
  expect((await place(buyer, again, { cartId })).json.data.id).toBe(first.json.data.id);
  for (const other of [
    [{ productId: two.id, quantity: 2 }],
    [{ productId: one.id, quantity: 1 }],
    [...lines, { productId: two.id, quantity: 1 }],
  ]) {
    const reply = await place(buyer, other, { cartId });
    expect([reply.status, reply.json.error.code]).toEqual([409, 'CART_CHANGED']);
  }
  expect(await units(two.id)).toEqual({ stock: 5, reserved: 0 });
  await call(buyer, 'POST', `/${first.json.data.id}/cancel`);
  const replies = await race(8, () => place(buyer, [{ productId: two.id, quantity: 3 }], { cartId }));
  expect(statuses(replies)).toEqual({ 200: 7, 201: 1 });
  expect([await units(one.id), await units(two.id)]).toEqual([
    { stock: 5, reserved: 0 },
    { stock: 5, reserved: 3 },
  ]);
});

describe('moving', () => {
  test('the table of transitions is that of the database, which refuses everything else', async () => {
    const { rows } = await app.owner.query<{ from_state: string; to_state: string }>('select from_state, to_state from orders.moves');
    const held = rows.map(({ from_state, to_state }) => `${from_state} ${to_state}`);
    expect(held.toSorted()).toEqual(
      Object.entries(TRANSITIONS)
        .flatMap(([from, to]) => to.map((each) => `${from} ${each}`))
        .toSorted(),
    );
    expect(await readFile(new URL('../../../../docs/guides/orders.md', import.meta.url), 'utf8')).toContain(mermaid());
    const order = await placeOrder({ app }, buyer, await oneLine());
    const { id } = (await call(buyer, 'POST', `/${order.id}/cancel`)).json.data as Order;
    for (const state of [...ORDER_STATES.filter((each) => each !== 'cancelled'), 'delivered'])
      await expect(app.owner.query('update orders.orders set state = $2 where id = $1', [id, state]), state).rejects.toThrow(
        /transitions_move|_state/,
      );
    for (const statement of [
      'update orders.orders set total = 1 where id = $1',
      'update orders.order_lines set quantity = 1 where order_id = $1',
      `insert into orders.order_lines values ($1, 9, $1, 'A', 'A', 1, 1)`,
      `insert into orders.transitions values ($1, 9, 'awaiting_payment', 'paid')`,
      'delete from orders.order_lines where order_id = $1',
      'delete from orders.transitions where order_id = $1',
      'delete from orders.orders where id = $1',
    ])
      await expect(app.owner.query(statement, [id]), statement).rejects.toThrow(/stay|kept|total|steps/);
    await expect(app.owner.query(`insert into orders.moves values ('cancelled', 'paid')`)).rejects.toThrow(/migration/);
  });

  test('paid, fulfilled, refunded in part and in full: each step is in the timeline and in the stock', async () => {
    const lines = await oneLine({ stock: 5 }, 2);
    const order = await placeOrder({ app }, buyer, lines);
    const { productId } = lines[0]!;
    expect((await call(admin, 'POST', `/${order.id}/fulfil`)).json.error.code).toBe('ORDER_STATE');
    expect(await pay(order)).toBe(true);
    expect(await pay(order)).toBe(true);
    expect((await call(buyer, 'POST', `/${order.id}/cancel`)).json.error.code).toBe('ORDER_STATE');
    expect((await call(buyer, 'POST', `/${order.id}/fulfil`)).status).toBe(403);
    expect(await units(productId)).toEqual({ stock: 5, reserved: 2 });
    const fulfilled = await call(admin, 'POST', `/${order.id}/fulfil`);
    expect(fulfilled.json.data).toMatchObject({ state: 'fulfilled', fulfilledAt: expect.any(String) });
    expect((await app.facts(fulfilled.requestId)).toSorted()).toEqual(['orders.fulfilled', 'products.stock-sold']);
    expect(await units(productId)).toEqual({ stock: 3, reserved: 0 });
    const again = await call(admin, 'POST', `/${order.id}/fulfil`);
    expect([again.status, await app.facts(again.requestId)]).toEqual([200, []]);
    await refund(order, 100);
    await refund(order, 100);
    expect((await call(buyer, 'GET', `/${order.id}`)).json.data).toMatchObject({ state: 'partially_refunded', refunded: 100 });
    await refund(order, order.total.amount);
    const { json } = await call(buyer, 'GET', `/${order.id}/timeline`);
    expect(json.data.map(({ from, to }: { from: string; to: string }) => `${from} ${to}`)).toEqual([
      'null awaiting_payment',
      'awaiting_payment paid',
      'paid fulfilled',
      'fulfilled partially_refunded',
      'partially_refunded refunded',
    ]);
    // What was sent is not on the shelf again because the money went back.
    expect(await units(productId)).toEqual({ stock: 3, reserved: 0 });
  });

  test('refunded in full before it is sent: its stock is let go; in part, it may still be sent', async () => {
    const lines = await oneLine({ stock: 5 }, 2);
    const [whole, part] = [await placeOrder({ app }, buyer, lines), await placeOrder({ app }, buyer, lines)];
    for (const order of [whole, part]) await pay(order);
    await refund(whole, whole.total.amount);
    expect(await units(lines[0]!.productId)).toEqual({ stock: 5, reserved: 2 });
    expect((await call(admin, 'POST', `/${whole.id}/fulfil`)).json.error.code).toBe('ORDER_STATE');
    await refund(part, 1);
    expect((await call(admin, 'POST', `/${part.id}/fulfil`)).json.data).toMatchObject({ state: 'partially_refunded', refunded: 1 });
    expect(await units(lines[0]!.productId)).toEqual({ stock: 3, reserved: 0 });
  });

  test('S14: of another amount or currency, it is not paid', async () => {
    const order = await placeOrder({ app }, buyer, await oneLine());
    for (const said of [
      { ...order.total, amount: order.total.amount - 1 },
      { ...order.total, amount: order.total.amount + 1 },
      { ...order.total, currency: 'JPY' },
    ])
      expect(await inTx((on, tx) => on.paid(caller, tx, order.id, { ...said, paymentId: order.paymentId! }))).toBe(false);
    expect(await stateOf(order)).toBe('awaiting_payment');
  });

  test('cancelling lets go of the stock, once', async () => {
    const lines = await oneLine({ stock: 5 }, 2);
    const order = await placeOrder({ app }, buyer, lines);
    const reply = await call(buyer, 'POST', `/${order.id}/cancel`);
    expect(reply.json.data.state).toBe('cancelled');
    expect((await app.facts(reply.requestId)).toSorted()).toEqual(['orders.cancelled', 'products.stock-released']);
    const again = await call(admin, 'POST', `/${order.id}/cancel`);
    expect([again.status, await app.facts(again.requestId)]).toEqual([200, []]);
    expect(await units(lines[0]!.productId)).toEqual({ stock: 5, reserved: 0 });
    expect(await pay(order)).toBe(false);
    expect(await stateOf(order)).toBe('cancelled');
  });

  test('what costs nothing is cancelled until it is sent, and counts as sold no more; what was paid for is not', async () => {
    const lines = await oneLine({ stock: 5, price: { amount: 0, currency: 'EUR' } });
    const [kept, sent] = [await placeOrder({ app }, buyer, lines), await placeOrder({ app }, buyer, lines)];
    expect((await call(admin, 'POST', `/${sent.id}/fulfil`)).status).toBe(200);
    expect((await call(buyer, 'POST', `/${sent.id}/cancel`)).json.error.code).toBe('ORDER_STATE');
    expect((await call(buyer, 'POST', `/${kept.id}/cancel`)).json.data).toMatchObject({ state: 'cancelled', paidAt: null });
    expect((await call(buyer, 'POST', `/${kept.id}/cancel`)).status).toBe(200);
    expect((await call(admin, 'POST', `/${kept.id}/fulfil`)).json.error.code).toBe('ORDER_STATE');
    expect(await units(lines[0]!.productId)).toEqual({ stock: 4, reserved: 0 });
    const dear = await placeOrder({ app }, buyer, await oneLine());
    await pay(dear);
    expect((await call(buyer, 'POST', `/${dear.id}/cancel`)).json.error.code).toBe('ORDER_STATE');
    await expect(app.owner.query(`update orders.orders set state = 'cancelled', paid_at = null where id = $1`, [dear.id])).rejects.toThrow(
      'what was paid for stays',
    );
  });

  test('who could not pay keeps the stock until the order expires, and may cancel', async () => {
    const lines = await oneLine({ stock: 5 }, 2);
    const order = await placeOrder({ app }, buyer, lines);
    await inTx((on, tx) => on.paymentFailed(caller, tx, order.id, order.paymentId!));
    await inTx((on, tx) => on.paymentFailed(caller, tx, order.id, order.paymentId!));
    expect(await stateOf(order)).toBe('payment_failed');
    expect(await units(lines[0]!.productId)).toEqual({ stock: 5, reserved: 2 });
    expect((await call(buyer, 'POST', `/${order.id}/cancel`)).json.data.state).toBe('cancelled');
    expect(await units(lines[0]!.productId)).toEqual({ stock: 5, reserved: 0 });
  });
});

describe('who sees what', () => {
  test('B87: to a stranger an order is an order that never was; who manages orders sees and changes all', async () => {
    const order = await placeOrder({ app }, buyer, await oneLine());
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/timeline'],
      ['POST', '/cancel'],
    ] as const) {
      const told = ({ status, json }: { status: number; json: { error: object } }) => [status, { ...json.error, requestId: '' }];
      const reply = await call(stranger, method, `/${order.id}${path}`);
      expect(told(reply)).toEqual(told(await call(stranger, method, `/${uuidv7()}${path}`)));
      expect(reply.status).toBe(404);
      expect((await call(null, method, `/${order.id}${path}`)).status).toBe(401);
      expect((await call(admin, method, `/${order.id}${path}`)).status).toBe(200);
    }
    expect((await call(stranger, 'GET', `?number=${order.number}`)).json.data).toEqual([]);
    expect((await call(stranger, 'GET', `?userId=${buyer.userId}`)).json.meta.pagination.total).toBe(0);
    expect((await call(admin, 'GET', `?number=${order.number.toLowerCase()}`)).json.data).toMatchObject([{ id: order.id }]);
  });

  test('one takes one’s orders along', async () => {
    const who = await app.as('member');
    const order = await placeOrder({ app }, who, await oneLine());
    const { json, text } = await app.call('GET', '/api/v1/account/export', { token: who.token });
    expect(json?.data?.orders ?? JSON.parse(text).orders, text).toMatchObject([{ id: order.id, number: order.number }]);
  });
});

test('how long an order waits for its payment is a setting; one that was placed before keeps its time', async () => {
  const env = { ORDERS_EXPIRE_AFTER_MINUTES: '1440' };
  const patient = await coreApp(features, { database: app.database, env });
  try {
    const lines = [{ productId: (await product()).id, quantity: 1 }];
    const waits = ({ placedAt, expiresAt }: Order) => (Date.parse(expiresAt) - Date.parse(placedAt)) / 60_000;
    const before = await placeOrder({ app }, buyer, lines);
    expect([waits(before), waits(await placeOrder({ app: patient }, buyer, lines))]).toEqual([30, 1440]);
    expect(waits((await api().find(before.id))!)).toBe(30);
  } finally {
    await patient.stop();
  }
  for (const minutes of ['0', '43201', '1.5', 'soon'])
    expect(() => readConfig({ ORDERS_EXPIRE_AFTER_MINUTES: minutes }, false)).toThrow('ORDERS_EXPIRE_AFTER_MINUTES');
});
