import { type Page, type PageRequest, prepare, prepareList, queryBuilder, type Runner, type Tx } from '@plinth/kit';
import { sql } from 'kysely';
import type { Case, Reconciliation } from './contract.ts';
import type { Tables } from './tables.ts';

const q = queryBuilder<Tables>();
const now = sql<string>`now()`;
const shown = [
  'id',
  sql<Case['kind']>`kind`.as('kind'),
  'subject',
  'payment_id as paymentId',
  sql<Case['details']>`details`.as('details'),
  'opened_at as openedAt',
  'seen_at as seenAt',
  'closed_at as closedAt',
  'reason',
] as const;
export type Difference = Pick<Case, 'kind' | 'subject' | 'paymentId' | 'details'>;

const OPEN = `
insert into payments.cases as c (id, kind, subject, payment_id, details) values ($1, $2, $3, $4, $5::jsonb)
on conflict (kind, subject) where closed_at is null do update set seen_at = now(), details = excluded.details
returning c.id, (xmax = 0) as opened`;
const find = prepare<{ id: string }>()((bind) => q.selectFrom('payments.cases').select(shown).where('id', '=', bind('id')).forUpdate());
const close = prepare<{ id: string; reason: string; by: string | null }>()((bind) =>
  q
    .updateTable('payments.cases')
    .set({ closed_at: now, reason: bind('reason'), closed_by: bind('by') })
    .where('id', '=', bind('id'))
    .returning(shown),
);
const closeOf = prepare<{ kind: string; subject: string; reason: string }>()((bind) =>
  q
    .updateTable('payments.cases')
    .set({ closed_at: now, reason: bind('reason') })
    .where('kind', '=', bind('kind'))
    .where('subject', '=', bind('subject'))
    .where('closed_at', 'is', null)
    .returning(['id', 'payment_id as paymentId']),
);
const countOpen = prepare<object>()(() =>
  q
    .selectFrom('payments.cases')
    .select(sql<number>`count(*)`.as('open'))
    .where('closed_at', 'is', null),
);
const run = ['id', 'provider', 'from_at as from', 'to_at as to', 'movements', 'payments', 'differences', 'ran_at as ranAt'] as const;
const latest = prepare<object>()(() => q.selectFrom('payments.reconciliations').select(run).orderBy('id', 'desc').limit(1));
const insertRun = prepare<Omit<Reconciliation, 'ranAt'>>()((bind) =>
  q
    .insertInto('payments.reconciliations')
    .values({
      id: bind('id'),
      provider: bind('provider'),
      from_at: bind('from'),
      to_at: bind('to'),
      movements: bind('movements'),
      payments: bind('payments'),
      differences: bind('differences'),
    })
    .returning(run),
);

/** What the provider says has moved, in all, beside what is booked: rows that differ. It may name payments that are not ours. */
const AGAINST_LEDGER = `
with told as (
  select kind, reference, amount, currency, "paymentId"
  from jsonb_to_recordset($1::jsonb) as m(kind text, reference text, amount bigint, currency text, "paymentId" text)
), booked as (
  select p.kind, p.reference, p.payment_id, e.currency, sum(e.amount)::bigint as amount
  from payments.postings p join payments.entries e on e.posting_id = p.id and e.account = 'clearing'
  where (p.kind, p.reference) in (select kind, reference from told)
    and p.payment_id in (select id from payments.payments where provider = $2)
  group by p.kind, p.reference, p.payment_id, e.currency
)
select t.kind, t.reference, t.amount as told, t.currency, 
  (select y.id from payments.payments y where y.provider = $2
    and y.id = case when t."paymentId" ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then t."paymentId"::uuid else b.payment_id end) as "paymentId",
  b.amount as booked, b.currency as "bookedCurrency"
from told t left join booked b on b.reference = t.reference and b.kind = t.kind
where b.amount is distinct from t.amount or b.currency is distinct from t.currency`;
/** All that was told of one thing that moved, as it is booked. */
export interface Told {
  readonly kind: string;
  readonly reference: string;
  readonly amount: number;
  readonly currency: string;
  readonly paymentId: string | null;
}
export interface Unlike {
  readonly kind: string;
  readonly reference: string;
  readonly told: number;
  readonly currency: string;
  readonly paymentId: string | null;
  readonly booked: number | null;
  readonly bookedCurrency: string | null;
}
/** Booked in the range, by the provider's clock, in order: what the provider should have told of. */
const booked = prepare<{ provider: string; from: string; to: string; after: string; limit: number }>()((bind) =>
  q
    .selectFrom('payments.postings as p')
    .innerJoin('payments.payments as y', 'y.id', 'p.payment_id')
    .select(['p.id', 'p.kind', 'p.reference', 'p.payment_id as paymentId'])
    .where('y.provider', '=', bind('provider'))
    .where('p.kind', '<>', 'sale')
    .where('p.kind', '<>', 'refund')
    .where('p.kind', '<>', 'refund-failed')
    .where('p.occurred_at', '>=', bind('from'))
    .where('p.occurred_at', '<', bind('to'))
    .where('p.id', '>', bind('after'))
    .orderBy('p.id')
    .limit(bind('limit')),
);
/** Payments whose amounts, or whose refunds, are not what their entries say. */
const OWN = `
with changed as (
  select id, captured, refunding, refunded, currency, updated_at from payments.payments
  where provider = $1 and captured > 0 and (updated_at, id) > ($2::timestamptz, $3::uuid) order by updated_at, id limit $4
), booked as (
  select p.payment_id, e.currency,
    coalesce(-sum(e.amount) filter (where e.account = 'revenue'), 0)::bigint as captured,
    coalesce(sum(e.amount) filter (where e.account = 'refunds'), 0)::bigint as refunded
  from payments.postings p join payments.entries e on e.posting_id = p.id where p.payment_id in (select id from changed) group by p.payment_id, e.currency
), given as (
  select payment_id, coalesce(sum(amount) filter (where state <> 'failed'), 0)::bigint as refunding, coalesce(sum(amount) filter (where state = 'succeeded'), 0)::bigint as refunded
  from payments.refunds where payment_id in (select id from changed) group by payment_id
)
select c.id, c.updated_at::text as "updatedAt", c.captured, c.refunded, coalesce(b.captured, 0)::bigint as "bookedCaptured", coalesce(b.refunded, 0)::bigint as "bookedRefunded",
  (c.captured <> coalesce(b.captured, 0) or c.refunded <> coalesce(b.refunded, 0) or c.refunding <> coalesce(g.refunding, 0) or c.refunded <> coalesce(g.refunded, 0)) as differs
from changed c left join booked b on b.payment_id = c.id and b.currency = c.currency left join given g on g.payment_id = c.id order by c.updated_at, c.id`;
export interface OwnSums {
  readonly id: string;
  /** To the microsecond: the next page begins behind it. */
  readonly updatedAt: string;
  readonly captured: number;
  readonly refunded: number;
  readonly bookedCaptured: number;
  readonly bookedRefunded: number;
  readonly differs: boolean;
}

const openOf = prepare<{ provider: string; prefix: string; after: string; limit: number }>()((bind) =>
  q
    .selectFrom('payments.cases as c')
    .leftJoin('payments.payments as p', 'p.id', 'c.payment_id')
    .select(['c.id', sql<Case['kind']>`c.kind`.as('kind'), 'c.subject'])
    .where('c.closed_at', 'is', null)
    .where('c.id', '>', bind('after'))
    .where((eb) =>
      eb.or([
        eb.and([eb('c.kind', '=', 'ledger'), eb('p.provider', '=', bind('provider'))]),
        eb.and([
          eb('c.kind', 'in', ['provider-only', 'ledger-only', 'amount']),
          eb(sql`starts_with(c.subject, ${bind('prefix')})`, '=', sql.lit(true)),
        ]),
      ]),
    )
    .orderBy('c.id')
    .limit(bind('limit')),
);

const list = prepareList<{ state: 'open' | 'closed' | undefined }>()({
  shape: ({ state }) => ({ state }),
  rows({ state }) {
    const rows = q.selectFrom('payments.cases').select(shown);
    return state === undefined ? rows : rows.where('closed_at', state === 'open' ? 'is' : 'is not', null);
  },
  order: () => ({ by: ['id'], direction: 'desc', key: ({ id }) => [id] }),
});

/** The SQL on what does not agree. */
export class CasesRepository {
  /** @returns whether it is new; one that is open is seen again. */
  async open(tx: Tx, id: string, { kind, subject, paymentId, details }: Difference): Promise<{ id: string; opened: boolean }> {
    const { rows } = await tx.run<{ id: string; opened: boolean }>({
      text: OPEN,
      values: [id, kind, subject, paymentId, JSON.stringify(details)],
    });
    return rows[0]!;
  }
  lock(tx: Tx, id: string): Promise<Case | undefined> {
    return find.first(tx, { id });
  }
  async close(tx: Tx, id: string, reason: string, by: string | null): Promise<Case> {
    return (await close.first(tx, { id, reason, by }))!;
  }
  closeOf(tx: Tx, kind: string, subject: string, reason: string): Promise<Pick<Case, 'id' | 'paymentId'> | undefined> {
    return closeOf.first(tx, { kind, subject, reason });
  }
  async countOpen(on: Runner): Promise<number> {
    return (await countOpen.first(on, {}))!.open;
  }
  latest(on: Runner): Promise<Reconciliation | undefined> {
    return latest.first(on, {});
  }
  async insertRun(tx: Tx, row: Omit<Reconciliation, 'ranAt'>): Promise<Reconciliation> {
    return (await insertRun.first(tx, row))!;
  }
  async unlike(on: Runner, provider: string, told: readonly Told[]): Promise<Unlike[]> {
    return (await on.run<Unlike>({ text: AGAINST_LEDGER, values: [JSON.stringify(told), provider] })).rows;
  }
  booked(on: Runner, provider: string, range: { from: string; to: string }, after: string, limit: number) {
    return booked.all(on, { provider, ...range, after, limit });
  }
  /** @param after the last of the page before: when it changed, and which. */
  async own(on: Runner, provider: string, after: readonly [string, string], limit: number): Promise<OwnSums[]> {
    return (await on.run<OwnSums>({ text: OWN, values: [provider, ...after, limit] })).rows;
  }
  /** Open ones of reconciliation, in order. */
  openOf(on: Runner, provider: string, after: string, limit: number) {
    return openOf.all(on, { provider, prefix: `${provider}:`, after, limit });
  }
  list(on: Runner, state: 'open' | 'closed' | undefined, paging: PageRequest): Promise<Page<Case>> {
    return list.page(on, { state }, paging);
  }
}
