import { type Page, type PageRequest, prepare, prepareList, queryBuilder, type Runner, type Tx } from '@plinth/kit';
import { sql } from 'kysely';
import type { Dispute, Refund } from './contract.ts';
import type { Tables } from './tables.ts';

const q = queryBuilder<Tables>();
const now = sql<string>`now()`;
const refund = [
  'id',
  'payment_id as paymentId',
  'reference',
  'amount',
  'reason',
  sql<Refund['state']>`state`.as('state'),
  'failure',
  'created_at as createdAt',
  'settled_at as settledAt',
] as const;
const dispute = [
  'id',
  'payment_id as paymentId',
  'reference',
  'amount',
  'fee',
  sql<string>`(select p.currency from payments.payments p where p.id = payment_id)`.as('currency'),
  'reason',
  sql<Dispute['state']>`state`.as('state'),
  'opened_at as openedAt',
  'closed_at as closedAt',
] as const;

type NewRefund = Pick<Refund, 'id' | 'paymentId' | 'reference' | 'amount' | 'reason'>;
const insertRefund = prepare<NewRefund>()((bind) =>
  q
    .insertInto('payments.refunds')
    .values({ id: bind('id'), payment_id: bind('paymentId'), reference: bind('reference'), amount: bind('amount'), reason: bind('reason') })
    .returning(refund),
);
const refundsOf = prepare<{ paymentId: string }>()((bind) =>
  q.selectFrom('payments.refunds').select(refund).where('payment_id', '=', bind('paymentId')).orderBy('id').limit(1000),
);
type Settled = Pick<Refund, 'id' | 'reference' | 'state' | 'failure'> & { readonly from: Refund['state'] };
const settleRefund = prepare<Settled>()((bind) =>
  q
    .updateTable('payments.refunds')
    .set({
      state: bind('state'),
      reference: sql<string | null>`coalesce(${bind('reference')}::text, reference)`,
      failure: bind('failure'),
      settled_at: sql<string | null>`case when ${bind('state')}::text <> 'pending' then now() end`,
    })
    .where('id', '=', bind('id'))
    .where('state', '=', bind('from')),
);
type NewDispute = Pick<Dispute, 'id' | 'paymentId' | 'reference' | 'amount' | 'fee' | 'reason' | 'openedAt'>;
const insertDispute = prepare<NewDispute>()((bind) =>
  q
    .insertInto('payments.disputes')
    .values({
      id: bind('id'),
      payment_id: bind('paymentId'),
      reference: bind('reference'),
      amount: bind('amount'),
      fee: bind('fee'),
      reason: bind('reason'),
      opened_at: bind('openedAt'),
    })
    .returning(dispute),
);
const disputesOf = prepare<{ paymentId: string }>()((bind) =>
  q.selectFrom('payments.disputes').select(dispute).where('payment_id', '=', bind('paymentId')).orderBy('id').limit(1000),
);
const closeDispute = prepare<{ id: string; state: string; at: string | null }>()((bind) =>
  q
    .updateTable('payments.disputes')
    .set({ state: bind('state'), closed_at: sql<string>`coalesce(${bind('at')}::timestamptz, ${now})` })
    .where('id', '=', bind('id'))
    .where('state', '=', 'open'),
);

const disputes = prepareList<{ state: Dispute['state'] | undefined }>()({
  shape: ({ state }) => ({ state: state !== undefined }),
  rows({ state }, bind) {
    const rows = q.selectFrom('payments.disputes').select(dispute);
    return state ? rows.where('state', '=', bind('state')) : rows;
  },
  order: () => ({ by: ['id'], direction: 'desc', key: ({ id }) => [id] }),
});

/** The SQL on what follows a capture. */
export class RefundsRepository {
  /** The payment's row is locked by whoever calls. */
  async insert(tx: Tx, row: NewRefund): Promise<Refund> {
    return (await insertRefund.first(tx, row))!;
  }
  list(on: Runner, paymentId: string): Promise<Refund[]> {
    return refundsOf.all(on, { paymentId });
  }
  /** @param row.from as it is now; one that has moved meanwhile is let be. */
  settle(tx: Tx, row: Settled): Promise<number> {
    return settleRefund.count(tx, row);
  }
  async insertDispute(tx: Tx, row: NewDispute): Promise<Dispute> {
    return (await insertDispute.first(tx, row))!;
  }
  disputesOf(on: Runner, paymentId: string): Promise<Dispute[]> {
    return disputesOf.all(on, { paymentId });
  }
  closeDispute(tx: Tx, id: string, state: 'won' | 'lost', at: string | null): Promise<number> {
    return closeDispute.count(tx, { id, state, at });
  }
  disputes(on: Runner, state: Dispute['state'] | undefined, paging: PageRequest): Promise<Page<Dispute>> {
    return disputes.page(on, { state }, paging);
  }
}
