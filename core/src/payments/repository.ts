import {
  type Page,
  type PageRequest,
  prepare,
  prepareVisible,
  prepareVisibleList,
  queryBuilder,
  type Runner,
  type Tx,
  type Visible,
} from '@plinth/kit';
import { sql } from 'kysely';
import type { Payment, PaymentQuery, Timeline } from './contract.ts';
import type { Tables } from './tables.ts';
import type { PaymentState } from './transitions.ts';

const q = queryBuilder<Tables>();
const now = sql<string>`now()`;
const shown = [
  'id',
  sql<Payment['purpose']>`jsonb_build_object('type', purpose_type, 'id', purpose_id)`.as('purpose'),
  'payer_id as payerId',
  'description',
  'provider',
  'reference',
  'amount',
  'currency',
  'captured',
  'refunding',
  'refunded',
  'disputed',
  sql<Payment['capture']>`capture`.as('capture'),
  sql<PaymentState>`state`.as('state'),
  'failure',
  'checkout_url as checkoutUrl',
  'created_at as createdAt',
  'updated_at as updatedAt',
] as const;
/** With what only we look at. */
const whole = [...shown, 'seen_at as seenAt', 'polls'] as const;
export type PaymentRow = Payment & { readonly seenAt: string | null; readonly polls: number };

export interface NewPayment {
  readonly id: string;
  readonly purposeType: string;
  readonly purposeId: string;
  readonly payerId: string | null;
  readonly description: string;
  readonly provider: string;
  readonly currency: string;
  readonly amount: number;
  readonly capture: Payment['capture'];
}
const insert = prepare<NewPayment>()((bind) =>
  q
    .insertInto('payments.payments')
    .values({
      id: bind('id'),
      purpose_type: bind('purposeType'),
      purpose_id: bind('purposeId'),
      payer_id: bind('payerId'),
      description: bind('description'),
      provider: bind('provider'),
      currency: bind('currency'),
      amount: bind('amount'),
      capture: bind('capture'),
    })
    .returning(shown),
);
const payments = q.selectFrom('payments.payments');
const find = prepare<{ id: string }>()((bind) => payments.select(shown).where('id', '=', bind('id')));
const findVisible = prepareVisible<{ id: string }>()((bind, visible) =>
  payments
    .select(shown)
    .where('id', '=', bind('id'))
    .where(visible.where({ owner: 'payments.payments.payer_id' })),
);
const lock = prepare<{ id: string }>()((bind) => payments.select(whole).where('id', '=', bind('id')).forUpdate());
const lockVisible = prepareVisible<{ id: string }>()((bind, visible) =>
  payments
    .select(whole)
    .where('id', '=', bind('id'))
    .where(visible.where({ owner: 'payments.payments.payer_id' }))
    .forUpdate(),
);
const ofPayer = prepare<{ payerId: string }>()((bind) =>
  payments.select(shown).where('payer_id', '=', bind('payerId')).orderBy('id', 'desc').limit(1000),
);
const ofPurpose = prepare<{ type: string; id: string }>()((bind) =>
  payments.select(shown).where('purpose_type', '=', bind('type')).where('purpose_id', '=', bind('id')).orderBy('id', 'desc').limit(100),
);

export interface Heard {
  readonly id: string;
  readonly state: PaymentState;
  readonly reference: string | null;
  readonly captured: number;
  readonly failure: string | null;
  readonly checkoutUrl: string | null;
  readonly seenAt: string | null;
  /** Seconds until the provider is asked again; null: it is not. */
  readonly pollIn: number | null;
}
const update = prepare<Heard>()((bind) =>
  q
    .updateTable('payments.payments')
    .set({
      state: bind('state'),
      reference: bind('reference'),
      captured: bind('captured'),
      failure: bind('failure'),
      checkout_url: bind('checkoutUrl'),
      seen_at: bind('seenAt'),
      poll_at: sql<string | null>`now() + make_interval(secs => ${bind('pollIn')}::int)`,
      updated_at: now,
    })
    .where('id', '=', bind('id'))
    .returning(shown),
);
/** About five days; then reconciliation asks each night. */
export const MOST_POLLS = 200;
/** Takes them for a while: two nodes do not ask twice. A minute, two, four … an hour. */
const due = prepare<{ limit: number }>()((bind) =>
  q
    .updateTable('payments.payments')
    .set({
      polls: sql<number>`polls + 1`,
      poll_at: sql<
        string | null
      >`case when polls < ${sql.lit(MOST_POLLS)} then now() + make_interval(secs => least(60 * 2 ^ least(polls, 6), 3600)) end`,
    })
    .where('id', 'in', payments.select('id').where('poll_at', '<=', now).orderBy('poll_at').limit(bind('limit')).forUpdate().skipLocked())
    .returning('id'),
);
/** Waited for, and asked about no more. */
const forgotten = prepare<{ provider: string; after: string; limit: number }>()((bind) =>
  payments
    .select('id')
    .where('provider', '=', bind('provider'))
    .where('poll_at', 'is', null)
    .where((eb) =>
      eb.or([
        eb('state', 'in', ['requires_action', 'processing', 'authorized']),
        eb('id', 'in', q.selectFrom('payments.refunds').select('payment_id').where('state', '=', sql.lit('pending'))),
        eb('id', 'in', q.selectFrom('payments.disputes').select('payment_id').where('state', '=', sql.lit('open'))),
      ]),
    )
    .where('id', '>', bind('after'))
    .orderBy('id')
    .limit(bind('limit')),
);
const transitions = prepare<{ id: string }>()((bind) =>
  q
    .selectFrom('payments.transitions')
    .select(['number', sql<PaymentState | null>`from_state`.as('from'), sql<PaymentState>`to_state`.as('to'), 'reference', 'at'])
    .where('payment_id', '=', bind('id'))
    .orderBy('number')
    .limit(1000),
);
const attempts = prepare<{ id: string }>()((bind) =>
  q
    .selectFrom('payments.attempts')
    .select([
      'id',
      'action',
      sql<Timeline['attempts'][number]['state']>`state`.as('state'),
      'error',
      'created_at as createdAt',
      'settled_at as settledAt',
    ])
    .where('payment_id', '=', bind('id'))
    .orderBy('id')
    .limit(1000),
);

const list = prepareVisibleList<PaymentQuery>()({
  shape: ({ state, purposeType, purposeId }) => ({
    state: state !== undefined,
    purposeType: purposeType !== undefined,
    purposeId: purposeId !== undefined,
  }),
  rows({ state, purposeType, purposeId }, bind, visible) {
    let rows = payments.select(shown).where(visible.where({ owner: 'payments.payments.payer_id' }));
    if (state) rows = rows.where('state', '=', bind('state'));
    if (purposeType) rows = rows.where('purpose_type', '=', bind('purposeType'));
    if (purposeId) rows = rows.where('purpose_id', '=', bind('purposeId'));
    return rows;
  },
  order: () => ({ by: ['id'], direction: 'desc', key: ({ id }) => [id] }),
});

/** The SQL on payments. */
export class PaymentsRepository {
  async insert(tx: Tx, payment: NewPayment): Promise<Payment> {
    return (await insert.first(tx, payment))!;
  }
  find(on: Runner, id: string): Promise<Payment | undefined> {
    return find.first(on, { id });
  }
  findVisible(on: Runner, visible: Visible, id: string): Promise<Payment | undefined> {
    return findVisible.first(on, visible, { id });
  }
  lock(tx: Tx, id: string): Promise<PaymentRow | undefined> {
    return lock.first(tx, { id });
  }
  lockVisible(tx: Tx, visible: Visible, id: string): Promise<PaymentRow | undefined> {
    return lockVisible.first(tx, visible, { id });
  }
  ofPurpose(on: Runner, type: string, id: string): Promise<Payment[]> {
    return ofPurpose.all(on, { type, id });
  }
  ofPayer(on: Runner, payerId: string): Promise<Payment[]> {
    return ofPayer.all(on, { payerId });
  }
  async update(tx: Tx, heard: Heard): Promise<Payment> {
    return (await update.first(tx, heard))!;
  }
  async due(on: Runner, limit: number): Promise<string[]> {
    return (await due.all(on, { limit })).map(({ id }) => id);
  }
  async forgotten(on: Runner, provider: string, after: string, limit: number): Promise<string[]> {
    return (await forgotten.all(on, { provider, after, limit })).map(({ id }) => id);
  }
  list(on: Runner, visible: Visible, filter: PaymentQuery, paging: PageRequest): Promise<Page<Payment>> {
    return list.page(on, visible, filter, paging);
  }
  async timeline(on: Runner, id: string): Promise<Timeline> {
    return { transitions: await transitions.all(on, { id }), attempts: await attempts.all(on, { id }) };
  }
}
