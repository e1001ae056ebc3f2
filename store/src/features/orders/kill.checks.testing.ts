import { expect } from 'vitest';
import type { Acknowledged, Killing } from './kill.testing.ts';

/** What is begun and not done. Payments that wait for nobody but their payer are not among it. */
export async function pending(place: Killing): Promise<object[]> {
  const { movements } = await place.atSandbox<{ movements: object[] }>('GET', 'book');
  const [booked] = await place.sql<{ n: number }>(`select count(*)::int as n from payments.postings where kind not in ('sale', 'refund')`);
  const unheard = movements.length - booked!.n;
  const begun = await place.sql<object>(
    `select 'attempt' as what, action as which, state from payments.attempts where state not in ('done', 'refused')
     union all select 'refund', reason, state from payments.refunds where state = 'pending'
     union all select 'webhook', type, state from webhooks.received where state not in ('done')`,
  );
  return unheard === 0 ? begun : [...begun, { what: 'movements that nobody heard of', n: unheard }];
}

interface Order {
  readonly id: string;
  readonly state: string;
  readonly total: number;
  readonly paid: string | null;
}
/** Of all that was placed, paid and given back: stock, orders, payments, the ledger, and the sandbox's book. */
export async function checkAll(place: Killing, acknowledged: Acknowledged): Promise<void> {
  const { sql } = place;
  // Every acknowledged key once, and nothing that nobody asked for.
  const orders = await sql<Order>(
    `select id, state, total::int, case when paid_at is not null then payment_id end as paid from orders.orders`,
  );
  expect(orders.map(({ id }) => id).sort()).toEqual([...acknowledged.orders.values()].sort());
  const refunds = await sql<{ id: string }>(`select id from payments.refunds where reason not like 'Order %'`);
  expect(refunds.map(({ id }) => id).sort()).toEqual([...acknowledged.refunds.values()].sort());
  const payments = await sql<{ id: string; order: string; captured: number; refunded: number; state: string }>(
    `select id, purpose_id as "order", captured::int, refunded::int, state from payments.payments`,
  );
  expect(payments.length).toBe(acknowledged.orders.size + acknowledged.again.size);

  // Stock.
  expect(await sql('select * from products.reserved_differences')).toEqual([]);
  const units = await sql<{ stock: number; reserved: number; sent: number; held: number }>(
    `select p.stock, p.reserved, coalesce(sum(l.quantity) filter (where o.fulfilled_at is not null), 0)::int as sent,
       coalesce(sum(l.quantity) filter (where o.fulfilled_at is null and o.state in ('awaiting_payment', 'payment_failed', 'paid', 'partially_refunded')), 0)::int as held
     from products.products p left join orders.order_lines l on l.product_id = p.id left join orders.orders o on o.id = l.order_id where p.id = any($1::uuid[]) group by p.id`,
    [place.products.map(({ id }) => id)],
  );
  expect(units).toHaveLength(2);
  for (const { stock, reserved, sent, held } of units) expect([stock, reserved]).toEqual([place.stock - sent, held]);

  // The sandbox: one charge an order; whatever else was taken went back; nothing that no order knows of.
  const book = await place.atSandbox<{
    movements: { kind: string; paymentId: string; reference: string; amount: number }[];
    payments: { paymentId: string }[];
  }>('GET', 'book');
  const known = new Map(payments.map((payment) => [payment.id, payment]));
  expect(book.payments.filter(({ paymentId }) => !known.has(paymentId))).toEqual([]);
  const charges = Map.groupBy(
    book.movements.filter(({ kind }) => kind === 'capture'),
    ({ paymentId }) => known.get(paymentId)?.order ?? 'nobody',
  );
  for (const order of orders) {
    const own = charges.get(order.id) ?? [];
    charges.delete(order.id);
    expect(own.length, `charges of an order that is ${order.state}`).toBeLessThanOrEqual(1);
    expect(own.length === 1 && ['paid', 'fulfilled', 'partially_refunded', 'refunded'].includes(order.state), order.id).toBe(
      order.paid !== null,
    );
    for (const { paymentId, amount } of own) {
      expect(amount).toBe(order.total);
      if (order.paid === null) expect([order.state, known.get(paymentId)!.refunded]).toEqual([order.state, amount]);
    }
  }
  expect([...charges]).toEqual([]);

  // The ledger says what the book says.
  const booked = await sql<{ line: string }>(
    `select case p.kind when 'payout' then 'refund' else p.kind end || ' ' || p.reference || ' ' || sum(e.amount) as line
     from payments.postings p join payments.entries e on e.posting_id = p.id and e.account = 'clearing' group by p.id`,
  );
  expect(booked.map(({ line }) => line).sort()).toEqual(
    book.movements.map(({ kind, reference, amount }) => `${kind} ${reference} ${amount}`).sort(),
  );
  expect(await sql('select posting_id from payments.entries group by posting_id having sum(amount) <> 0')).toEqual([]);
  expect(await sql('select kind, details from payments.cases')).toEqual([]);
}
