import { prepare, prepareVisible, queryBuilder, type Runner, type Visible } from '@plinth/kit';
import { sql } from 'kysely';
import type { Delivery } from './contract.ts';
import type { Tables } from './tables.ts';

const q = queryBuilder<Tables>();

/** A delivery and the fact that it tells of. */
export interface LinkedDelivery {
  readonly id: string;
  readonly endpointId: string;
  /** Whose endpoint it is; null: the server's own. */
  readonly organizationId: string | null;
  /** The fact; for a test delivery the id of no fact. */
  readonly messageId: string;
  /** Null: a test. */
  readonly position: number | null;
  readonly event: string;
  readonly state: Delivery['state'];
  readonly createdAt: string;
  readonly endedAt: string | null;
}
export interface LinkedAttempt {
  readonly deliveryId: string;
  readonly number: number;
  /** When it began. */
  readonly at: string;
  readonly milliseconds: number;
  readonly status: number | null;
  readonly error: string | null;
}
/** What somebody sent us, and the request that brought it. */
export interface LinkedReceipt {
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly state: 'done' | 'early' | 'dead';
  readonly at: string;
  readonly requestId: string;
}

// Of the server's own endpoints, and of those of organizations that the caller may see.
const deliveries = prepareVisible<{ ids: string[]; messageIds: string[]; own: boolean; limit: number }>()((bind, visible) =>
  q
    .selectFrom('webhooks.deliveries as d')
    .innerJoin('webhooks.endpoints', 'webhooks.endpoints.id', 'd.endpoint_id')
    .select([
      'd.id',
      'd.endpoint_id as endpointId',
      'webhooks.endpoints.organization_id as organizationId',
      'd.message_id as messageId',
      'd.position',
      'd.event',
      sql<Delivery['state']>`d.state`.as('state'),
      'd.created_at as createdAt',
      'd.ended_at as endedAt',
    ])
    .where((eb) =>
      eb.or([
        eb('d.id', '=', sql<string>`any(${bind('ids')}::uuid[])`),
        eb('d.message_id', '=', sql<string>`any(${bind('messageIds')}::uuid[])`),
      ]),
    )
    .where('webhooks.endpoints.deleted_at', 'is', null)
    .where((eb) =>
      eb.or([
        eb.and([eb('webhooks.endpoints.organization_id', 'is', null), sql<boolean>`${bind('own')}::boolean`]),
        eb.and([eb('webhooks.endpoints.organization_id', 'is not', null), visible.where({ scope: 'webhooks.endpoints.organization_id' })]),
      ]),
    )
    .limit(bind('limit')),
);
// The newest of each: the primary key reads them in this order.
const attempts = prepare<{ ids: string[]; each: number }>()((bind) =>
  q
    .selectFrom(sql<{ id: string }>`unnest(${bind('ids')}::uuid[])`.as<'w'>(sql`w(id)`))
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('webhooks.attempts as a')
          .select(['a.delivery_id', 'a.number', 'a.at', 'a.milliseconds', 'a.status', 'a.error'])
          .whereRef('a.delivery_id', '=', 'w.id')
          .orderBy('a.number', 'desc')
          .limit(bind('each'))
          .as('t'),
      (join) => join.onTrue(),
    )
    .select([
      't.delivery_id as deliveryId',
      't.number',
      sql<string>`t.at - t.milliseconds * interval '1 millisecond'`.as('at'),
      't.milliseconds',
      't.status',
      't.error',
    ]),
);
const receipts = prepare<{ requestIds: string[]; limit: number }>()((bind) =>
  q
    .selectFrom('webhooks.received')
    .select([
      'source',
      'external_id as id',
      'type',
      sql<LinkedReceipt['state']>`state`.as('state'),
      'received_at as at',
      sql<string>`request_id`.as('requestId'),
    ])
    .where('request_id', '=', sql<string>`any(${bind('requestIds')}::text[])`)
    .limit(bind('limit')),
);

export interface DeliveryLinks {
  readonly ids?: readonly string[];
  /** Facts that they tell of. */
  readonly messageIds?: readonly string[];
  /** Also those of the server's own endpoints. */
  readonly own: boolean;
  /** Of organizations' endpoints those that it shows. */
  readonly visible: Visible;
}
/** The SQL that finds what belongs together. */
export class LinksRepository {
  deliveries(on: Runner, { ids = [], messageIds = [], own, visible }: DeliveryLinks, limit: number): Promise<LinkedDelivery[]> {
    return deliveries.all(on, visible, { ids: [...ids], messageIds: [...messageIds], own, limit });
  }
  /** Of each delivery the last so many; whoever calls has found the delivery. */
  attempts(on: Runner, deliveryIds: readonly string[], each: number): Promise<LinkedAttempt[]> {
    return attempts.all(on, { ids: [...deliveryIds], each });
  }
  /** Of what others sent. */
  receipts(on: Runner, requestIds: readonly string[], limit: number): Promise<LinkedReceipt[]> {
    return receipts.all(on, { requestIds: [...requestIds], limit });
  }
}
