import { prepare, queryBuilder, type Runner, type Tx } from '@plinth/kit';
import { sql } from 'kysely';
import type { Tables } from './tables.ts';

const q = queryBuilder<Tables>();
const now = sql<string>`now()`;
/** What a provider gets to answer in. */
export const CALL_SECONDS = 10;
/** Longer than a look and a call; begun anew before a call that follows a look. */
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
  /** Seconds since the last call can have reached the provider. */
  readonly quiet: number;
}

interface Settled {
  readonly state: 'done' | 'refused' | 'unknown';
  /** A machine's word: the payer reads it. */
  readonly error: string | null;
  /** Seconds until it is asked again. */
  readonly askIn: number;
}

// The key is made of the payment and the action, so that whoever asks, on whichever node, after whatever crash, asks the same (S8).
// What a provider refused for good may be asked for again, as another action.
const insert = prepare<{ id: string; paymentId: string; action: string; request: string; afterSeconds: number }>()((bind) =>
  q
    .insertInto('payments.attempts')
    .columns(['id', 'payment_id', 'action', 'number', 'key', 'request', 'next_at'])
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
          sql<string>`now() + make_interval(secs => ${bind('afterSeconds')}::int)`.as('next_at'),
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
  next_at = now() + make_interval(secs => $2), asked_at = coalesce(a.asked_at, now()),
  called_until = case when b.state = 'pending' then now() + make_interval(secs => $3) else a.called_until end
from before b where a.id = b.id
returning a.id, a.payment_id as "paymentId", a.action, a.key, a.request, a.fence, b.state <> 'pending' as asked,
  floor(extract(epoch from now() - a.asked_at))::int as age, floor(extract(epoch from now() - a.called_until))::int as quiet`;
// Said before it is done: whoever takes over must know that a call may be on its way.
const CALLING = `
update payments.attempts set leased_until = now() + make_interval(secs => $3), next_at = now() + make_interval(secs => $3),
  called_until = now() + make_interval(secs => $4)
where id = $1 and fence = $2 and state = 'calling'`;
const settle = prepare<Settled & { id: string; fence: number }>()((bind) =>
  q
    .updateTable('payments.attempts')
    .set({
      state: bind('state'),
      leased_until: null,
      error: bind('error'),
      next_at: sql<string>`now() + make_interval(secs => ${bind('askIn')}::int)`,
      // The answer is here, or will not come: less than might have been.
      called_until: sql<string>`least(called_until, now())`,
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
/** Whose job should have asked long ago. */
const overdue = prepare<{ seconds: number; limit: number }>()((bind) =>
  q
    .selectFrom('payments.attempts')
    .select('id')
    .where('state', 'in', ['pending', 'calling', 'unknown'])
    .where('next_at', '<', sql<string>`now() - make_interval(secs => ${bind('seconds')}::int)`)
    .orderBy('next_at')
    .limit(bind('limit'))
    .forUpdate()
    .skipLocked(),
);
const askedSoon = prepare<{ ids: string[] }>()((bind) =>
  q
    .updateTable('payments.attempts')
    .set({ next_at: now })
    .where('id', '=', sql<string>`any(${bind('ids')}::uuid[])`),
);

/** The SQL on what is asked of providers. */
export class AttemptsRepository {
  /** @returns false where the same was asked for before and not refused. */
  async insert(tx: Tx, { request, ...rest }: NewAttempt, afterSeconds: number): Promise<boolean> {
    return (await insert.first(tx, { ...rest, request: JSON.stringify(request), afterSeconds })) !== undefined;
  }
  current(on: Runner, paymentId: string, action: Action) {
    return current.first(on, { paymentId, action });
  }
  /** @returns undefined where it is settled, or somebody is at it. */
  async take(tx: Tx, id: string): Promise<Held | undefined> {
    return (await tx.run<Held>({ text: TAKE, values: [id, LEASE_SECONDS, CALL_SECONDS] })).rows[0];
  }
  /** Before a call that follows a look. @returns false where the lease passed to another. */
  async calling(on: Runner, { id, fence }: Held): Promise<boolean> {
    return (await on.run({ text: CALLING, values: [id, fence, LEASE_SECONDS, CALL_SECONDS] })).rowCount > 0;
  }
  /** @returns false where the lease passed to another: what stands beside it in the transaction must not commit. */
  async settle(tx: Tx, { id, fence }: Pick<Held, 'id' | 'fence'>, settled: Settled): Promise<boolean> {
    return (await settle.count(tx, { id, fence, ...settled })) > 0;
  }
  async stateOf(on: Runner, id: string): Promise<string | undefined> {
    return (await stateOf.first(on, { id }))?.state;
  }
  openOf(on: Runner, paymentId: string) {
    return openOf.all(on, { paymentId });
  }
  /** Taken by whoever is told: of two nodes one. */
  async overdue(tx: Tx, seconds: number, limit: number): Promise<string[]> {
    const ids = (await overdue.all(tx, { seconds, limit })).map(({ id }) => id);
    if (ids.length > 0) tx.write(askedSoon.with({ ids }));
    return ids;
  }
  /** A start that nobody has begun with. */
  withdraw(tx: Tx, paymentId: string): void {
    tx.write(withdraw.with({ paymentId }));
  }
}
