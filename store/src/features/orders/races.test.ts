import { coreApp, type CoreApp } from '@plinth/core/testing';
import { system, uuidv7 } from '@plinth/kit';
import { race, tally, type Actor, type CallReply } from '@plinth/kit/testing';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { features } from '../../features.ts';
import { makeProduct } from '../products/products.fixtures.ts';
import { expireOrders, type NewOrder, type Order } from './contract.ts';
import { failAfter, stopFailing } from './failing.testing.ts';
import { orders } from './index.ts';
import { placeOrder } from './orders.fixtures.ts';

// Many at once, and failure in between: stock, orders and facts still agree.

let app: CoreApp;
let admin: Actor;
let buyer: Actor;
beforeAll(async () => {
  app = await coreApp(features, { env: { ORDERS_UNPAID_AT_MOST: '1000' } });
  [admin, buyer] = await Promise.all([app.as('admin'), app.as('member')]);
  await queue('pause'); // what expires here is counted
});
const queue = (what: 'pause' | 'resume') => app.call('POST', `/api/v1/jobs/queues/orders.expire/${what}`, { token: admin.token });
afterAll(() => app?.stop());
afterEach(stopFailing);

const caller = system('test.orders', null, uuidv7());
const api = () => app.api(orders);
const place = (who: Actor, lines: NewOrder['lines'], key?: string) =>
  app.call('POST', '/api/v1/orders', { token: who.token, body: { lines }, headers: key === undefined ? {} : { 'idempotency-key': key } });
const cancel = (who: Actor, { id }: Pick<Order, 'id'>) => app.call('POST', `/api/v1/orders/${id}/cancel`, { token: who.token });
const pay = ({ id, total, paymentId }: Order) =>
  app.kit.db.transaction((tx) => api().paid(caller, tx, id, { ...total, paymentId: paymentId! }));
const expire = () => api().expire(caller, 50);
const past = async (...ids: string[]): Promise<void> => {
  await app.kit.db.run({
    text: `update orders.orders set expires_at = now() - interval '1 second' where id = any($1::uuid[])`,
    values: [ids],
  });
};
const units = async (productId: string) =>
  (await app.owner.query<{ stock: number; reserved: number }>('select stock, reserved from products.products where id = $1', [productId]))
    .rows[0];
const repliesOf = (replies: readonly PromiseSettledResult<CallReply>[]) =>
  replies.map((reply) => {
    if (reply.status === 'rejected') throw reply.reason;
    return reply.value;
  });
const said = (replies: readonly PromiseSettledResult<CallReply>[]) =>
  tally(repliesOf(replies).map(({ status, json }) => (status < 300 ? status : (json.error.code as string))));
const count = async (sql: string, ...values: unknown[]): Promise<number> =>
  Number((await app.owner.query(`select count(*) as n from ${sql}`, values)).rows[0].n);

/** What must hold of all orders at any time. */
const agree = async (): Promise<void> => {
  expect((await app.owner.query('select * from products.reserved_differences')).rows).toEqual([]);
  // Each order that may still be sent holds just its lines; one that ended, by whatever took its money, or was sent, nothing.
  const { rows } = await app.owner.query(`
    select o.id, o.state, h.product_id, h.quantity, l.quantity as ordered
    from orders.orders o join orders.order_lines l on l.order_id = o.id
    full join (select * from products.reservations where holder_type = 'order') h on h.holder_id = o.id and h.product_id = l.product_id
    where coalesce(h.quantity, 0) <> case
      when o.state in ('awaiting_payment', 'payment_failed') or (o.state in ('paid', 'partially_refunded') and o.fulfilled_at is null) then l.quantity else 0 end`);
  expect(rows).toEqual([]);
  const totals = await app.owner.query(
    'select o.id from orders.orders o join orders.order_lines l on l.order_id = o.id group by o.id having o.total <> sum(l.unit_amount * l.quantity)',
  );
  expect(totals.rows).toEqual([]);
  // What had nothing to pay is not sold once cancelled; what was all charged back or refunded has ended.
  const ended = await app.owner.query(
    `select id, state from orders.orders where (state = 'cancelled' and paid_at is not null)
     or (total > 0 and refunded + charged_back >= total and state not in ('refunded', 'charged_back'))`,
  );
  expect(ended.rows).toEqual([]);
};

describe('many at once', () => {
  test('S35: a hundred buyers of the last unit: one order', { timeout: 60_000 }, async () => {
    const { id: productId } = await makeProduct(app, admin, { stock: 1 });
    const buyers = await Promise.all(Array.from({ length: 100 }, () => app.as('member')));
    const replies = await race(100, (i) => place(buyers[i]!, [{ productId, quantity: 1 }]));
    expect(said(replies)).toEqual({ 201: 1, OUT_OF_STOCK: 99 });
    expect(await units(productId)).toEqual({ stock: 1, reserved: 1 });
    expect(await count('orders.order_lines where product_id = $1', productId)).toBe(1);
    expect(
      await count(
        `(select name, payload from log.outbox union all select name, payload from log.events) f where name = 'products.stock-reserved' and payload::text like '%' || $1 || '%'`,
        productId,
      ),
    ).toBe(1);
    await agree();
  });

  test('S35: nobody takes the whole shelf unpaid: so many orders at once, and after one is paid or ends, another', async () => {
    const few = await coreApp(features, { database: app.database, env: { ORDERS_UNPAID_AT_MOST: '3' } });
    try {
      const eve = await app.as('member');
      const lines = [{ productId: (await makeProduct(app, admin, { stock: 100 })).id, quantity: 20 }];
      const order = () => few.call('POST', '/api/v1/orders', { token: eve.token, body: { lines } });
      const replies = repliesOf(await race(12, order));
      expect(said(replies.map((value) => ({ status: 'fulfilled', value })))).toEqual({ 201: 3, ORDERS_UNPAID: 9 });
      expect(await units(lines[0]!.productId)).toEqual({ stock: 100, reserved: 60 });
      const [first, second] = replies.filter(({ status }) => status === 201).map(({ json }) => json.data as Order);
      await pay(first!);
      expect((await order()).status).toBe(201);
      expect((await order()).json.error.code).toBe('ORDERS_UNPAID');
      await cancel(eve, second!);
      expect((await order()).status).toBe(201);
      // What costs nothing holds stock unpaid too, until it is sent.
      const free = [{ productId: (await makeProduct(app, admin, { price: { amount: 0, currency: 'EUR' } })).id, quantity: 1 }];
      const ada = await app.as('member');
      const gifts = repliesOf(await race(4, () => few.call('POST', '/api/v1/orders', { token: ada.token, body: { lines: free } })));
      expect(tally(gifts.map(({ status }) => status))).toEqual({ 201: 3, 409: 1 });
    } finally {
      await few.stop();
    }
  });

  test('S1: thirty calls with one key: one order', async () => {
    const { id: productId } = await makeProduct(app, admin, { stock: 100 });
    const key = uuidv7();
    const replies = repliesOf(await race(30, () => place(buyer, [{ productId, quantity: 1 }], key)));
    const made = new Set(replies.filter(({ status }) => status === 201).map(({ json }) => json.data.id as string));
    expect(made.size).toBe(1);
    for (const { status, json } of replies.filter((reply) => reply.status !== 201))
      expect([status, json.error.code]).toEqual([409, 'IDEMPOTENCY_KEY_BUSY']);
    expect((await place(buyer, [{ productId, quantity: 1 }], key)).json.data.id).toBe([...made][0]);
    expect(await units(productId)).toEqual({ stock: 100, reserved: 1 });
  });

  test('S35: what buyers got, what was taken beside them, and what is left are the stock', async () => {
    const { id: productId } = await makeProduct(app, admin, { stock: 20 });
    const replies = await race<CallReply>(40, (i) =>
      i % 4 === 0
        ? app.call('POST', `/api/v1/products/${productId}/stock`, { token: admin.token, body: { delta: -1, reason: 'Broken' } })
        : place(buyer, [{ productId, quantity: 1 }]),
    );
    const done = repliesOf(replies);
    const [placed, taken] = [201, 200].map((status) => done.filter((reply) => reply.status === status).length);
    expect(placed! + taken!).toBe(20);
    expect(await units(productId)).toEqual({ stock: 20 - taken!, reserved: placed });
  });

  test('carts with the same products in any order: all are placed', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => makeProduct(app, admin, { stock: 100 })));
    const lines = made.map(({ id: productId }) => ({ productId, quantity: 1 }));
    expect(said(await race(20, (i) => place(buyer, i % 2 === 0 ? lines : lines.toReversed())))).toEqual({ 201: 20 });
    for (const { id } of made) expect(await units(id)).toEqual({ stock: 100, reserved: 20 });
  });

  test('S37: cancelled, expired and paid at once: one of them happened, and the stock says which', async () => {
    const { id: productId } = await makeProduct(app, admin, { stock: 1000 });
    const outcomes: string[] = [];
    let paid = 0;
    for (let round = 0; round < 12; round++) {
      const order = await placeOrder({ app }, buyer, [{ productId, quantity: 2 }]);
      await past(order.id);
      const did = [cancel(buyer, order), expire(), pay(order)];
      // Whoever comes first has the better chance: each does.
      const results = await race(3, (i) => did[(i + round) % 3]! as Promise<unknown>);
      expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
      await expire(); // passed over what was held
      const { state } = (await api().find(order.id))!;
      const steps = (await app.call('GET', `/api/v1/orders/${order.id}/timeline`, { token: buyer.token })).json.data as { to: string }[];
      expect(steps.map(({ to }) => to)).toEqual(['awaiting_payment', state]);
      if (state === 'paid') paid += 1;
      expect(await units(productId)).toEqual({ stock: 1000, reserved: 2 * paid });
      outcomes.push(state);
    }
    for (const state of outcomes) expect(['cancelled', 'expired', 'paid']).toContain(state);
    await agree();
  });

  test('paid and fulfilled sixteen times at once: once', async () => {
    const { id: productId } = await makeProduct(app, admin, { stock: 10 });
    const order = await placeOrder({ app }, buyer, [{ productId, quantity: 3 }]);
    await race(16, () => pay(order));
    const replies = repliesOf(await race(16, () => app.call('POST', `/api/v1/orders/${order.id}/fulfil`, { token: admin.token })));
    expect(tally(replies.map(({ status }) => status))).toEqual({ 200: 16 });
    expect(await units(productId)).toEqual({ stock: 7, reserved: 0 });
    const facts = await app.owner.query(
      `select name, count(*)::int as n from (select name, subject_id from log.outbox union all select name, subject_id from log.events) f where subject_id = $1 group by 1 order by 1`,
      [order.id],
    );
    expect(facts.rows.map(({ name, n }) => `${name} ${n}`)).toEqual([
      'orders.fulfilled 1',
      'orders.paid 1',
      'orders.placed 1',
      'products.stock-reserved 1',
      'products.stock-sold 1',
    ]);
  });
});

describe('expiry', () => {
  test('by the database’s clock, in batches, past those that somebody holds; by several at once, each once', async () => {
    const { id: productId } = await makeProduct(app, admin, { stock: 1000 });
    const made: Order[] = [];
    for (let i = 0; i < 120; i++) made.push(await placeOrder({ app }, buyer, [{ productId, quantity: 1 }]));
    const [held, young, ...old] = made as [Order, Order, ...Order[]];
    await past(held.id, ...old.map(({ id }) => id));
    await app.owner.query('begin');
    await app.owner.query('select 1 from orders.orders where id = $1 for update', [held.id]);
    const expired = await race(4, expire);
    await app.owner.query('rollback');
    expect(expired.every(({ status }) => status === 'fulfilled')).toBe(true);
    expect(expired.reduce((sum, one) => sum + (one.status === 'fulfilled' ? one.value : 0), 0)).toBe(118);
    expect(expired.every((one) => one.status === 'fulfilled' && one.value <= 50)).toBe(true);
    expect(await units(productId)).toEqual({ stock: 1000, reserved: 2 });
    expect([(await api().find(held.id))!.state, (await api().find(young.id))!.state]).toEqual(['awaiting_payment', 'awaiting_payment']);
    expect(await expire()).toBe(1);
    expect(
      await count(
        `(select name, subject_id from log.outbox union all select name, subject_id from log.events) f where name = 'orders.expired' and subject_id = any($1)`,
        made.map(({ id }) => id),
      ),
    ).toBe(119);
    await agree();
  });

  test('runs by itself every minute', async () => {
    const { json } = await app.call('GET', '/api/v1/jobs/schedules', { token: admin.token });
    expect(json.data).toContainEqual(expect.objectContaining({ job: 'orders.expire', cron: '* * * * *' }));
    // As the schedule does.
    const order = await placeOrder({ app }, buyer, [{ productId: (await makeProduct(app, admin)).id, quantity: 1 }]);
    await past(order.id);
    await app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, expireOrders, {}));
    await queue('resume');
    await expect.poll(async () => (await api().find(order.id))!.state, { timeout: 5000 }).toBe('expired');
    await queue('pause');
  });
});

describe('failure', () => {
  test('S39: after each statement of placing: no order, line, step, reservation, payment, fact or idempotency record is left, and the same key places it then', async () => {
    const [one, two] = [await makeProduct(app, admin), await makeProduct(app, admin)];
    const lines = [one, two].map(({ id: productId }) => ({ productId, quantity: 2 }));
    const rows = async () => ({
      orders: await count('orders.orders'),
      lines: await count('orders.order_lines'),
      steps: await count('orders.transitions'),
      reservations: await count('products.reservations'),
      reserved: (await units(one.id))!.reserved + (await units(two.id))!.reserved,
      payments: await count('payments.payments'),
      // Others end meanwhile, of the tests before.
      paymentSteps: await count(`payments.transitions where to_state = 'created'`),
      claims: await count('http.claims'),
      facts: await count(
        `(select name from log.outbox union all select name from log.events) f where name like 'orders.%' or name like 'products.stock-%' or name = 'payments.created'`,
      ),
    });
    const statements = failAfter('orders.place', null);
    const whole = await place(buyer, lines, uuidv7());
    expect(whole.status, whole.text).toBe(201);
    const total = statements();
    // Claim, user, lock, reserve, insert; lines, facts, stored reply; commit.
    expect(total).toBeGreaterThan(8);
    const before = await rows();
    const key = uuidv7();
    for (let n = 1; n < total; n++) {
      const failed = failAfter('orders.place', n);
      const reply = await place(buyer, lines, key);
      expect([n, reply.status]).toEqual([n, 500]);
      expect(failed()).toBeGreaterThanOrEqual(n);
      expect([n, await rows()]).toEqual([n, before]);
    }
    stopFailing();
    expect((await place(buyer, lines, key)).status).toBe(201);
    const after = await rows();
    expect(after).toEqual({
      orders: before.orders + 1,
      lines: before.lines + 2,
      steps: before.steps + 1,
      reservations: before.reservations + 2,
      reserved: before.reserved + 4,
      payments: before.payments + 1,
      paymentSteps: before.paymentSteps + 1,
      claims: before.claims + 1,
      facts: before.facts + 3,
    });
  });
});

test(
  'S37: after anything that buyers, payers and time do at once, reservations are those of live orders, and nothing is oversold',
  { timeout: 60_000 },
  async () => {
    const act = fc.record({
      what: fc.constantFrom('place', 'place', 'place', 'cancel', 'pay', 'fail', 'fulfil', 'expire', 'refund', 'dispute', 'lose'),
      which: fc.nat({ max: 9 }),
      quantity: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(act, { minLength: 3, maxLength: 8 }), { minLength: 2, maxLength: 4 }), async (rounds) => {
        // One costs nothing: an order of it alone is paid from the start, and has no payment.
        const made = await Promise.all([100, 0].map((amount) => makeProduct(app, admin, { stock: 9, price: { amount, currency: 'EUR' } })));
        const placed: Order[] = [];
        for (const round of rounds) {
          const known = [...placed];
          const results = await race(round.length, async (i) => {
            const { what, which, quantity } = round[i]!;
            const order = known[which % Math.max(known.length, 1)];
            if (what === 'place') {
              const first = made[which % 2]!.id;
              const lines = [
                { productId: first, quantity },
                { productId: made[(which + 1) % 2]!.id, quantity: 1 },
              ];
              const reply = await place(buyer, which % 3 === 0 ? lines : lines.slice(0, 1));
              if (reply.status === 201) placed.push(reply.json.data as Order);
              else expect(reply.json.error.code).toBe('OUT_OF_STOCK');
            } else if (order === undefined) return;
            else if (order.paymentId === null && ['pay', 'fail', 'refund', 'dispute', 'lose'].includes(what)) return;
            else if (what === 'cancel') expect([200, 409]).toContain((await cancel(buyer, order)).status);
            else if (what === 'pay') await pay(order);
            else if (what === 'fail') await app.kit.db.transaction((tx) => api().paymentFailed(caller, tx, order.id, order.paymentId!));
            else if (what === 'fulfil')
              expect([200, 409]).toContain((await app.call('POST', `/api/v1/orders/${order.id}/fulfil`, { token: admin.token })).status);
            else if (what === 'dispute') await app.kit.db.transaction((tx) => api().disputed(caller, tx, order.id, order.paymentId!, 1));
            else if (what === 'lose')
              await app.kit.db.transaction((tx) =>
                api().disputeClosed(caller, tx, order.id, order.paymentId!, which % 2 === 0 ? order.total.amount : 1),
              );
            else if (what === 'refund')
              await app.kit.db.transaction((tx) =>
                api().refunded(caller, tx, order.id, order.paymentId!, which % 2 === 0 ? order.total.amount : 1),
              );
            else {
              await past(order.id);
              await expire();
            }
          });
          expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
          await agree();
        }
        // What left the shelf is what was sent.
        const { rows } = await app.owner.query<{ id: string; stock: number; sent: number }>(
          `select p.id, p.stock, coalesce(sum(l.quantity) filter (where o.fulfilled_at is not null), 0)::int as sent from products.products p
         left join orders.order_lines l on l.product_id = p.id left join orders.orders o on o.id = l.order_id where p.id = any($1) group by p.id`,
          [made.map(({ id }) => id)],
        );
        for (const { stock, sent } of rows) expect(stock + sent).toBe(9);
        // Whatever still holds stock can be brought to its end: cancelled, expired, sent or refunded.
        for (const { id, paymentId } of placed) {
          await past(id);
          await expire();
          const { state, total } = (await api().find(id))!;
          if (paymentId === null) await cancel(buyer, { id });
          else if (state === 'paid' || state === 'partially_refunded')
            await app.kit.db.transaction((tx) => api().refunded(caller, tx, id, paymentId, total.amount));
        }
        await agree();
        for (const { id } of made) expect((await units(id))!.reserved).toBe(0);
      }),
      { numRuns: 15 },
    );
  },
);
