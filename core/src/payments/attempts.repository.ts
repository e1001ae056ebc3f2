import { prepare, queryBuilder, type Runner, type Tx } from '@plinth/kit';
import { sql } from 'kysely';
import type { Tables } from './tables.ts';

const q = queryBuilder<Tables>();
const now = sql<string>`now()`;
/** Longer than a call may take (10 seconds), so that it needs no renewing. */
export const LEASE_SECONDS = 30;

export type Action = 'start' | 'capture' | 'cancel' | `refund:${string}`;
export interface NewAttempt {
  readonly id: string;
  readonly paymentId: string;
  readonly action: Action;
  /** What to ask for, as JSON. */
  readonly request: Readonly<Record<string, unknown>>;
}
/** One that this process holds. */
export interface Held {
  readonly id: string;
  readonly paymentId: string;
  readonly action: Action;
  readonly key: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly fence: number;
  /** The provider may have been asked before: ask it what it did first. */
  readonly asked: boolean;
  /** Seconds since it was asked for first; 0 now. */
  readonly age: number;
}

// The key is made of the payment and the action, so that whoever asks, on whichever node, after whatever crash, asks the same (S8).
// What a provider refused for good may be asked for again, as another action.
const insert = prepare<{ id: string; paymentId: string; action: string; request: string }>()((bind) =>
  q
    .insertInto('payments.attempts')
    .columns(['id', 'payment_id', 'action', 'number', 'key', 'request'])
    .expression((eb) =>
      eb
        .selectFrom('payments.attempts')
        .select([
          sql<string>`${bind('id')}::uuid`.as('id'),
          sql<string>`${bind('paymentId')}::uuid`.as('payment_id'),
          sql<string>`${bind('action')}::text`.as('action'),
          sql<number>`count(*)::int + 1`.as('number'),
          sql<string>`${bind('paymentId')}::text || ':' || ${bind('action')}::text || case when count(*) > 0 then ':' || count(*) + 1 else '' end`.as(
            'key',
          ),
          sql<string>`${bind('request')}::jsonb`.as('request'),
        ])
        .where('payment_id', '=', sql<string>`${bind('paymentId')}::uuid`)
        .where('action', '=', sql<string>`${bind('action')}::text`),
    )
    .onConflict((conflict) => conflict.columns(['payment_id', 'action']).where('state', '<>', sql.lit('refused')).doNothing())
    .returning('id'),
);
const current = prepare<{ paymentId: string; action: string }>()((bind) =>
  q
    .selectFrom('payments.attempts')
    .select(['id', 'state'])
    .where('payment_id', '=', bind('paymentId'))
    .where('action', '=', bind('action'))
    .where('state', '<>', sql.lit('refused')),
);
// One at a time: whoever finds it leased gets nothing. The state before tells whether the provider may know of it already.
const TAKE = `
with before as (
  select id, state from payments.attempts
  where id = $1 and (state in ('pending', 'unknown') or (state = 'calling' and leased_until < now()))
  for update skip locked
)
update payments.attempts a set state = 'calling', fence = a.fence + 1, leased_until = now() + make_interval(secs => $2),
  asked_at = coalesce(a.asked_at, now())
from before b where a.id = b.id
returning a.id, a.payment_id as "paymentId", a.action, a.key, a.request, a.fence, b.state <> 'pending' as asked,
  extract(epoch from now() - a.asked_at)::int as age`;
const settle = prepare<{ id: string; fence: number; state: string; error: string | null }>()((bind) =>
  q
    .updateTable('payments.attempts')
    .set({
      state: bind('state'),
      leased_until: null,
      error: bind('error'),
      settled_at: sql<string | null>`case when ${bind('state')}::text in ('done', 'refused') then now() end`,
    })
    .where('id', '=', bind('id'))
    .where('fence', '=', bind('fence'))
    .where('state', '=', 'calling'),
);
const stateOf = prepare<{ id: string }>()((bind) => q.selectFrom('payments.attempts').select('state').where('id', '=', bind('id')));
const openOf = prepare<{ paymentId: string }>()((bind) =>
  q
    .selectFrom('payments.attempts')
    .select(['id', 'action', 'state'])
    .where('payment_id', '=', bind('paymentId'))
    .where('state', 'in', ['pending', 'calling', 'unknown'])
    .orderBy('id')
    .limit(1000),
);
const withdraw = prepare<{ paymentId: string }>()((bind) =>
  q
    .updateTable('payments.attempts')
    .set({ state: 'refused', error: 'canceled', settled_at: now })
    .where('payment_id', '=', bind('paymentId'))
    .where('action', '=', 'start')
    .where('state', '=', 'pending'),
);

/** The SQL on what is asked of providers. */
export class AttemptsRepository {
  /** @returns false where the same was asked for before and not refused. */
  async insert(tx: Tx, { request, ...rest }: NewAttempt): Promise<boolean> {
    return (await insert.first(tx, { ...rest, request: JSON.stringify(request) })) !== undefined;
  }
  current(on: Runner, paymentId: string, action: Action) {
    return current.first(on, { paymentId, action });
  }
  /** @returns undefined where it is settled, or somebody is at it. */
  async take(tx: Tx, id: string): Promise<Held | undefined> {
    return (await tx.run<Held>({ text: TAKE, values: [id, LEASE_SECONDS] })).rows[0];
  }
  /** @returns false where the lease passed to another: what stands beside it in the transaction must not commit. */
  async settle(tx: Tx, { id, fence }: Held, state: 'done' | 'refused' | 'unknown', error: string | null): Promise<boolean> {
    return (await settle.count(tx, { id, fence, state, error })) > 0;
  }
  async stateOf(on: Runner, id: string): Promise<string | undefined> {
    return (await stateOf.first(on, { id }))?.state;
  }
  openOf(on: Runner, paymentId: string) {
    return openOf.all(on, { paymentId });
  }
  /** A start that nobody has begun with. */
  withdraw(tx: Tx, paymentId: string): void {
    tx.write(withdraw.with({ paymentId }));
  }
}
