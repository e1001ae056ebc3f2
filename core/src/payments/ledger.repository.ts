import { type Page, type PageRequest, prepare, prepareList, queryBuilder, type Runner, type Tx, uuidv7 } from '@plinth/kit';
import { sql } from 'kysely';
import type { Balance, Posting } from './contract.ts';
import type { NewPosting } from './ledger.ts';
import type { Tables } from './tables.ts';

const q = queryBuilder<Tables>();
// Head and entries in one statement: neither is there without the other.
const POST = `
with posting as (
  insert into payments.postings (id, payment_id, kind, reference, occurred_at) values ($1, $2, $3, $4, $5) returning id
)
insert into payments.entries (posting_id, account, party, currency, amount)
select $1, e.account, e.party, $6, e.amount from posting, jsonb_to_recordset($7::jsonb) as e(account text, party text, amount bigint)`;
const shown = [
  'id',
  'payment_id as paymentId',
  'kind',
  'reference',
  'occurred_at as occurredAt',
  'posted_at as postedAt',
  sql<Posting['entries']>`(
    select jsonb_agg(jsonb_build_object('account', e.account, 'party', e.party, 'amount', e.amount, 'currency', e.currency) order by e.id)
    from payments.entries e where e.posting_id = payments.postings.id)`.as('entries'),
] as const;
const balances = prepare<object>()(() =>
  q
    .selectFrom('payments.entries')
    .select([
      sql<Balance['account']>`account`.as('account'),
      'currency',
      sql<number>`sum(amount)::bigint`.as('balance'),
      sql<number>`count(*)`.as('entries'),
    ])
    .groupBy(['account', 'currency'])
    .orderBy('account')
    .orderBy('currency'),
);

const feeOf = prepare<{ paymentId: string }>()((bind) =>
  q
    .selectFrom('payments.postings as p')
    .innerJoin('payments.entries as e', 'e.posting_id', 'p.id')
    .select(sql<number>`coalesce(sum(e.amount), 0)::bigint`.as('fee'))
    .where('p.payment_id', '=', bind('paymentId'))
    .where('p.kind', '=', 'fee')
    .where('e.account', '=', 'fees'),
);

const list = prepareList<{ paymentId: string | undefined }>()({
  shape: ({ paymentId }) => ({ paymentId: paymentId !== undefined }),
  rows({ paymentId }, bind) {
    const rows = q.selectFrom('payments.postings').select(shown);
    return paymentId ? rows.where('payment_id', '=', bind('paymentId')) : rows;
  },
  order: () => ({ by: ['id'], direction: 'desc', key: ({ id }) => [id] }),
});

/** The SQL on the ledger: it is only ever added to. */
export class LedgerRepository {
  /** The database refuses what does not sum to zero, and what was posted before. */
  post(tx: Tx, paymentId: string, currency: string, { kind, reference, occurredAt, entries }: NewPosting): void {
    tx.write({ text: POST, values: [uuidv7(), paymentId, kind, reference, occurredAt, currency, JSON.stringify(entries)] });
  }
  list(on: Runner, paymentId: string | undefined, paging: PageRequest): Promise<Page<Posting>> {
    return list.page(on, { paymentId }, paging);
  }
  /** Booked of a capture; 0: none yet. */
  async feeOf(tx: Tx, paymentId: string): Promise<number> {
    return (await feeOf.first(tx, { paymentId }))!.fee;
  }
  balances(on: Runner): Promise<Balance[]> {
    return balances.all(on, {});
  }
}
