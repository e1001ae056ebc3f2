import { expect } from 'vitest';
import { expected, type Ord, orderState, type Pay, stateOf } from './model.testing.ts';
import type { Run, Snapshot } from './run.testing.ts';

// What must hold when all is settled: in SQL, against the sandbox's own book, and against the model.

interface Movement {
  readonly id: string;
  readonly kind: string;
  readonly reference: string;
  readonly paymentId: string | null;
  readonly amount: number;
}
interface PaymentRow {
  readonly id: string;
  readonly state: string;
  readonly reference: string | null;
  readonly amount: number;
  readonly captured: number;
  readonly refunding: number;
  readonly refunded: number;
  readonly disputed: number;
  /** To disputes, for good. */
  readonly lost: number;
}
interface RefundRow {
  readonly id: string;
  readonly payment: string;
  readonly reference: string | null;
  readonly amount: number;
  readonly state: string;
  readonly reason: string;
}

/**
 * What was to go back for an order that ended, and the provider refused: such a card, or since it had given it back itself, or a bank
 * had taken it, before it was asked. A person decides.
 */
export const UNEXPLAINED = `
  select c.kind, c.subject, c.details from payments.cases c where c.closed_at is null and not (c.kind = 'state' and (
    c.details ->> 'failure' = 'refund_refused' or
    (c.details ->> 'failure' = 'refund_disputed' and exists (select 1 from payments.disputes d where d.payment_id = c.payment_id)) or
    (c.details ->> 'failure' = 'refund_too_much' and exists (select 1 from payments.refunds r where r.payment_id = c.payment_id and r.reason = 'made at the provider'))))`;
/** Each of these finds nothing. `$1` are the payments of the run. */
const NEVER: Readonly<Record<string, string>> = {
  'refunds ≤ captured ≤ authorised, and what is counted is there': `
    select p.id from payments.payments p left join payments.refunds r on r.payment_id = p.id where p.id = any($1::uuid[]) group by p.id
    having p.captured > p.amount or p.refunding > p.captured or p.refunded > p.refunding
      or p.refunding <> coalesce(sum(r.amount) filter (where r.state <> 'failed'), 0) or p.refunded <> coalesce(sum(r.amount) filter (where r.state = 'succeeded'), 0)`,
  'postings that do not sum to zero': `
    select p.id from payments.postings p join payments.entries e on e.posting_id = p.id where p.payment_id = any($1::uuid[]) group by p.id, e.currency having sum(e.amount) <> 0`,
  'accounts that do not say what the payment says': `
    select y.id, y.captured, y.refunded, array_agg(a.account || ' ' || a.sum) as sums from payments.payments y
    left join (select p.payment_id, e.account, sum(e.amount) as sum from payments.postings p join payments.entries e on e.posting_id = p.id group by 1, 2) a on a.payment_id = y.id
    where y.id = any($1::uuid[]) group by y.id
    having coalesce(sum(a.sum), 0) <> 0 or coalesce(sum(a.sum) filter (where a.account = 'customer'), 0) <> 0
      or coalesce(-sum(a.sum) filter (where a.account = 'revenue'), 0) <> y.captured or coalesce(sum(a.sum) filter (where a.account = 'refunds'), 0) <> y.refunded`,
  'steps that do not follow each other': `
    select t.payment_id, t.number from payments.transitions t left join payments.transitions b on b.payment_id = t.payment_id and b.number = t.number - 1
    where t.payment_id = any($1::uuid[]) and t.from_state is distinct from b.to_state`,
  'facts of captures that are not one': `
    select p.id from payments.payments p left join (select name, subject_id from log.outbox union all select name, subject_id from log.events) f
      on f.name = 'payments.captured' and f.subject_id = p.id::text
    where p.id = any($1::uuid[]) group by p.id having count(f.name) <> (p.captured > 0)::int`,
  'what was settled and is not any more': 'select * from public.flips where payment_id = any($1::uuid[])',
  'cases that nobody can explain': `${UNEXPLAINED} and c.payment_id = any($1::uuid[])`,
};
const RESERVATIONS = `
  select o.id, o.state, h.quantity as held, l.quantity as ordered
  from orders.orders o join orders.order_lines l on l.order_id = o.id
  left join products.reservations h on h.holder_type = 'order' and h.holder_id = o.id and h.product_id = l.product_id
  where l.product_id = any($1::uuid[]) and coalesce(h.quantity, 0) <> case
    when o.state in ('awaiting_payment', 'payment_failed') or (o.state in ('paid', 'partially_refunded') and o.fulfilled_at is null) then l.quantity else 0 end`;

export async function checkBooks(run: Run): Promise<void> {
  const { world, model, ids } = run;
  for (const [what, text] of Object.entries(NEVER)) expect(await world.sql(text, [ids]), what).toEqual([]);
  const rows = await world.sql<PaymentRow>(
    `select id, state, reference, amount::int, captured::int, refunding::int, refunded::int, disputed::int,
       (select coalesce(sum(d.amount), 0)::int from payments.disputes d where d.payment_id = p.id and d.state = 'lost') as lost
     from payments.payments p where id = any($1::uuid[])`,
    [ids],
  );
  const refunds = await world.sql<RefundRow>(
    'select id, payment_id as payment, reference, amount::int, state, reason from payments.refunds where payment_id = any($1::uuid[])',
    [ids],
  );
  const moved = await movementsOf(run);
  for (const pay of model.pays) {
    const row = rows.find(({ id }) => id === pay.id)!;
    const said = await run.snapshot(pay);
    const own = refunds.filter(({ payment }) => payment === pay.id);
    await againstTheSandbox(
      run,
      row,
      said,
      own,
      moved.filter(({ paymentId }) => paymentId === pay.id),
    );
    againstTheModel(pay, row, said, own);
  }
  for (const order of model.orders) await checkOrder(run, order, rows, refunds);
  await checkStock(run);
}

async function movementsOf({ world, startedAt }: Run): Promise<Movement[]> {
  const all: Movement[] = [];
  const range = `from=${startedAt.toISOString()}&to=${new Date(Date.now() + 3_600_000).toISOString()}&limit=500`;
  for (let after: string | null = ''; after !== null;) {
    const page: { movements: Movement[]; next: string | null } = await world.atSandbox(
      'GET',
      `/v1/report?${range}${after && `&after=${after}`}`,
    );
    all.push(...page.movements);
    after = page.next;
  }
  return all;
}

/** Our books are the provider's. */
async function againstTheSandbox(
  { world }: Run,
  row: PaymentRow,
  said: Snapshot | null,
  refunds: readonly RefundRow[],
  moved: readonly Movement[],
) {
  const booked = await world.sql<{ kind: string; reference: string; amount: number }>(
    `select p.kind, p.reference, sum(e.amount)::int as amount from payments.postings p join payments.entries e on e.posting_id = p.id and e.account = 'clearing'
     where p.payment_id = $1 group by p.id`,
    [row.id],
  );
  const lines = (all: readonly { kind: string; reference: string; amount: number }[]) =>
    all.map(({ kind, reference, amount }) => `${kind} ${reference} ${amount}`).sort();
  expect(lines(booked), 'ledger and book').toEqual(
    lines(moved.map((each) => ({ ...each, kind: each.kind === 'refund' ? 'payout' : each.kind }))),
  );
  expect(moved.filter(({ kind }) => kind === 'capture').length, 'charges').toBeLessThanOrEqual(1);
  if (said === null) {
    expect([row.reference, row.captured]).toEqual([null, 0]);
    expect(['created', 'canceled']).toContain(row.state);
    return;
  }
  const given = said.refunds.filter(({ state }) => state === 'succeeded');
  const refunded = given.reduce((sum, { amount }) => sum + amount, 0);
  expect([row.reference, row.amount, row.captured, row.refunded]).toEqual([said.reference, said.amount, said.captured, refunded]);
  expect(new Set(refunds.filter(({ state }) => state === 'succeeded').map(({ reference }) => reference))).toEqual(
    new Set(given.map(({ reference }) => reference)),
  );
  const disputes = await world.sql<{ reference: string; amount: number; state: string }>(
    'select reference, amount::int, state from payments.disputes where payment_id = $1 order by reference',
    [row.id],
  );
  expect(disputes).toEqual(
    said.disputes
      .map(({ reference, amount, state }) => ({ reference, amount, state }))
      .toSorted((a, b) => (a.reference < b.reference ? -1 : 1)),
  );
  // Of several disputes the last one to be closed is not known from their list: `disputes.test.ts` looks at those.
  if (said.disputes.length < 2) expect(row.state, 'state').toBe(stateOf({ ...said, refunded }));
}

/** What was granted has happened, once, and nothing else. */
function againstTheModel(pay: Pay, row: PaymentRow, said: Snapshot | null, refunds: readonly RefundRow[]): void {
  const { states, captured } = expected(pay);
  expect(states, `state of a payment ${JSON.stringify({ ...pay, order: pay.order?.end, refunds: [...pay.refunds] })}`).toContain(
    said?.state ?? null,
  );
  expect(captured, 'captured').toContain(row.captured);
  const granted = refunds.filter(({ id }) => pay.refunds.has(id));
  expect(new Map(granted.map(({ id, amount }) => [id, amount]))).toEqual(pay.refunds);
  // The provider may say no: for its own reasons, or since somebody gave it back there, or a bank took it.
  const mayFail = pay.token === 'tok_refund_refused' || pay.byHand.length > 0 || (said?.disputes.length ?? 0) > 0;
  for (const { state } of granted) expect(['succeeded', ...(mayFail ? ['failed'] : [])]).toContain(state);
  expect((said?.refunds ?? []).filter(({ refundId }) => refundId === null).map(({ amount }) => amount)).toEqual(pay.byHand);
  const others = refunds.filter(({ id, reason }) => !pay.refunds.has(id) && reason !== 'made at the provider');
  // Once, and once more when a dispute was won.
  expect(others.length, 'given back unasked').toBeLessThanOrEqual(pay.order ? 1 + (said?.disputes.length ?? 0) : 0);
}

async function checkOrder({ world }: Run, order: Ord, rows: readonly PaymentRow[], refunds: readonly RefundRow[]): Promise<void> {
  const [row] = await world.sql<{ state: string; total: number; refunded: number; payment: string; fulfilled: boolean; told: number }>(
    `select state, total::int, refunded::int, payment_id as payment, fulfilled_at is not null as fulfilled,
       (select count(*)::int from (select name, subject_id from log.outbox union all select name, subject_id from log.events) f where f.name = 'orders.paid' and f.subject_id = o.id::text) as told
     from orders.orders o where id = $1`,
    [order.id],
  );
  const own = order.pays.map(({ id }) => rows.find((each) => each.id === id)!);
  const [paid, ...more] = own.filter(({ captured, id }) => captured > 0 && order.end === null && id === row!.payment);
  expect(more).toEqual([]);
  // Whatever else was taken for it went back, unless the provider would not.
  for (const { id, captured, refunded, disputed } of own.filter((each) => each.captured > 0 && each !== paid)) {
    const refused = refunds.some(({ payment, state }) => payment === id && state === 'failed');
    const left = Math.max(0, captured - refunded - disputed);
    if (!refused) expect([id, left], `paid in vain, for an order that is ${row!.state}`).toEqual([id, 0]);
  }
  expect(row!.state, 'state of an order').toBe(orderState(order, paid ?? null, own.at(-1)!.state));
  expect([row!.total, row!.refunded, row!.fulfilled, row!.told]).toEqual([order.total, paid?.refunded ?? 0, order.fulfilled, paid ? 1 : 0]);
}

async function checkStock({ world, model }: Run): Promise<void> {
  const ids = model.products.map(({ id }) => id);
  expect(
    await world.sql('select * from products.reserved_differences where id = any($1::uuid[])', [ids]),
    'reserved = sum of reservations',
  ).toEqual([]);
  expect(await world.sql(RESERVATIONS, [ids]), 'reservations of orders').toEqual([]);
  for (const [i, { id, stock }] of model.products.entries()) {
    const sold = model.orders
      .filter(({ product, fulfilled }) => product === i && fulfilled)
      .reduce((sum, { quantity }) => sum + quantity, 0);
    const [row] = await world.sql<{ stock: number; reserved: number }>('select stock, reserved from products.products where id = $1', [id]);
    expect(row!.stock, 'stock = what there was − what was sold').toBe(stock - sold);
    expect(row!.reserved).toBeLessThanOrEqual(row!.stock);
  }
}
