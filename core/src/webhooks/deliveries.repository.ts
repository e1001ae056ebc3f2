import { type Page, type PageRequest, prepare, queryBuilder, type Runner, type Tx } from '@plinth/kit';
import { sql } from 'kysely';
import type { Delivery, DeliveryWithAttempts } from './contract.ts';
import type { Tables } from './tables.ts';

const q = queryBuilder<Tables>();
const now = sql<string>`now()`;
const shown = [
  'id',
  'event',
  sql<string>`'msg_' || message_id`.as('messageId'),
  sql<Delivery['state']>`state`.as('state'),
  'attempts',
  sql<Delivery['last']>`(select jsonb_build_object('status', a.status, 'error', a.error) from webhooks.attempts a
    where a.delivery_id = deliveries.id order by a.number desc limit 1)`.as('last'),
  'next_at as nextAt',
  'created_at as createdAt',
  'ended_at as endedAt',
] as const;
export interface NewDelivery {
  readonly id: string;
  readonly endpointId: string;
  readonly messageId: string;
  readonly event: string;
  /** null: a test. */
  readonly position: number | null;
}
const ADD = `
with added as (
  insert into webhooks.deliveries as d (id, endpoint_id, message_id, event, position)
  select id, "endpointId", "messageId", event, position
  from jsonb_to_recordset($1::jsonb) as r(id uuid, "endpointId" uuid, "messageId" uuid, event text, position bigint)
  on conflict (endpoint_id, message_id) do update set state = 'pending', tries = 0, next_at = now(), ended_at = null
  where d.state in ('dead', 'cancelled') or ($2::boolean and d.state = 'delivered')
  returning endpoint_id
), woken as (
  update webhooks.endpoints e set wake_at = least(e.wake_at, greatest(now(), e.paused_until))
  from (select distinct endpoint_id from added) a where e.id = a.endpoint_id
)
select 1 from added`;
const deliveries = q.selectFrom('webhooks.deliveries');
const find = prepare<{ endpointId: string; id: string }>()((bind) =>
  deliveries
    .select([...shown, 'position'])
    .where('id', '=', bind('id'))
    .where('endpoint_id', '=', bind('endpointId')),
);
const attempts = prepare<{ id: string }>()((bind) =>
  q
    .selectFrom('webhooks.attempts')
    .select(['number', 'at', 'milliseconds', 'status', 'error', 'response'])
    .where('delivery_id', '=', bind('id'))
    .orderBy('number', 'desc')
    .limit(50),
);
const again = prepare<{ endpointId: string; id: string }>()((bind) =>
  q
    .updateTable('webhooks.deliveries')
    .set({ state: 'pending', tries: 0, next_at: now, ended_at: null })
    .where('id', '=', bind('id'))
    .where('endpoint_id', '=', bind('endpointId'))
    .returning(shown),
);
// Not before the breaker lets it.
const wake = prepare<{ endpointId: string }>()((bind) =>
  q
    .updateTable('webhooks.endpoints')
    .set({ wake_at: sql<string>`least(wake_at, greatest(now(), paused_until))` })
    .where('id', '=', bind('endpointId')),
);
const sweep = prepare<{ days: number; limit: number }>()((bind) =>
  q.deleteFrom('webhooks.deliveries').where('id', 'in', (eb) =>
    eb
      .selectFrom('webhooks.deliveries')
      .select('id')
      .where('state', '<>', 'pending')
      .where('ended_at', '<', sql<string>`now() - make_interval(days => ${bind('days')}::int)`)
      .orderBy('ended_at')
      .limit(bind('limit'))
      .forUpdate()
      .skipLocked(),
  ),
);

/** The SQL on deliveries, as their endpoint's owner sees them; whoever calls has found the endpoint. */
export class DeliveriesRepository {
  async list(on: Runner, endpointId: string, state: Delivery['state'] | undefined, page: PageRequest): Promise<Page<Delivery>> {
    const after = page.by === 'cursor' && page.after ? String(page.after[0]) : null;
    let query = deliveries.select(shown).where('endpoint_id', '=', endpointId);
    if (state) query = query.where('state', '=', state);
    if (after !== null) query = query.where('id', '<', after);
    const rows = await on.all(query.orderBy('id', 'desc').limit(page.limit + 1));
    const items = rows.slice(0, page.limit);
    return { items, next: rows.length > page.limit ? [items.at(-1)!.id] : null };
  }
  async find(on: Runner, endpointId: string, id: string): Promise<Omit<DeliveryWithAttempts, 'request' | 'masked'> | undefined> {
    const found = await find.first(on, { endpointId, id });
    return found && { ...found, log: await attempts.all(on, { id }) };
  }
  /**
   * Whatever is there already and waits, stays as it is. @param again also those that were delivered.
   * @returns how many wait now and did not before.
   */
  async add(tx: Tx, rows: readonly NewDelivery[], again = false): Promise<number> {
    if (rows.length === 0) return 0;
    const { rowCount } = await tx.run({ text: ADD, values: [JSON.stringify(rows), again] });
    return rowCount;
  }
  /** Whatever became of it; one that waits is tried now. */
  async replay(tx: Tx, endpointId: string, id: string): Promise<Delivery | undefined> {
    const delivery = await again.first(tx, { endpointId, id });
    if (delivery) tx.write(wake.with({ endpointId }));
    return delivery;
  }
  /** Deletes ended ones. @returns how many */
  sweep(tx: Tx, days: number, limit: number): Promise<number> {
    return sweep.count(tx, { days, limit });
  }
}
