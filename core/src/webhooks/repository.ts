import { prepare, queryBuilder, type Runner, type Tx, type Visible } from '@plinth/kit';
import { sql } from 'kysely';
import type { Endpoint, EndpointChange } from './contract.ts';
import type { Tables } from './tables.ts';

const q = queryBuilder<Tables>();
const now = sql<string>`now()`;
const shown = [
  'id',
  'url',
  'description',
  'events',
  sql<Endpoint['status']>`case when disabled_at is null then 'enabled' else 'disabled' end`.as('status'),
  sql<Endpoint['disabledBecause']>`disabled_because`.as('disabledBecause'),
  'disabled_at as disabledAt',
  'failures',
  'version',
  'created_at as createdAt',
  'updated_at as updatedAt',
] as const;
/** Whose endpoints: an organization's, or the server's own. */
export interface Place {
  readonly organizationId: string | null;
  readonly visible: Visible | null;
}
interface NewRow {
  readonly id: string;
  readonly organizationId: string | null;
  readonly url: string;
  readonly description: string;
  readonly events: readonly string[];
  readonly secret: string;
  readonly createdBy: string | null;
}
export type Because = NonNullable<Endpoint['disabledBecause']>;

const endpoints = q.selectFrom('webhooks.endpoints');
/** Only those of the place, and only while the caller may: no id of another organization's finds anything. */
const at = ({ organizationId, visible }: Place) => {
  const within = organizationId === null ? sql<boolean>`organization_id is null` : sql<boolean>`organization_id = ${organizationId}`;
  const allowed = visible ? visible.where({ scope: 'webhooks.endpoints.organization_id' }) : sql<boolean>`true`;
  return sql<boolean>`deleted_at is null and ${within} and ${allowed}`;
};
const insert = prepare<Omit<NewRow, 'events'> & { events: string[] }>()((bind) =>
  q
    .insertInto('webhooks.endpoints')
    .values({
      id: bind('id'),
      organization_id: bind('organizationId'),
      url: bind('url'),
      description: bind('description'),
      events: bind('events'),
      secret: bind('secret'),
      created_by: bind('createdBy'),
    })
    .returning(shown),
);
const update = prepare<{ id: string; url: string | null; description: string | null; events: string[] | null }>()((bind) =>
  q
    .updateTable('webhooks.endpoints')
    .set({
      url: sql<string>`coalesce(${bind('url')}::text, url)`,
      description: sql<string>`coalesce(${bind('description')}::text, description)`,
      events: sql<string[]>`coalesce(${bind('events')}::text[], events)`,
      version: sql<number>`version + 1`,
      updated_at: now,
    })
    .where('id', '=', bind('id'))
    .returning(shown),
);
const rotate = prepare<{ id: string; secret: string; graceSeconds: number }>()((bind) =>
  q
    .updateTable('webhooks.endpoints')
    .set({
      previous_secret: sql<string | null>`case when ${bind('graceSeconds')}::int > 0 then secret end`,
      previous_until: sql<
        string | null
      >`case when ${bind('graceSeconds')}::int > 0 then now() + make_interval(secs => ${bind('graceSeconds')}::int) end`,
      secret: bind('secret'),
      version: sql<number>`version + 1`,
      updated_at: now,
    })
    .where('id', '=', bind('id'))
    .returning(shown),
);
const disable = prepare<{ id: string; because: Because }>()((bind) =>
  q
    .updateTable('webhooks.endpoints')
    .set({ disabled_because: bind('because'), disabled_at: now, wake_at: null, version: sql<number>`version + 1`, updated_at: now })
    .where('id', '=', bind('id'))
    .where('disabled_at', 'is', null)
    .returning(shown),
);
/** Deliveries that one transaction cancels or removes: of a million, more would take longer than a statement may. */
const CLEARED_AT_ONCE = 1000;
const waiting = (id: string, most: number) =>
  q.selectFrom('webhooks.deliveries').select('id').where('endpoint_id', '=', id).where('state', '=', 'pending').limit(most);
const cancel = prepare<{ id: string; most: number }>()((bind) =>
  q
    .updateTable('webhooks.deliveries')
    .set({ state: 'cancelled', next_at: null, leased_until: null, ended_at: now })
    .where('id', 'in', waiting(bind('id'), bind('most'))),
);
// Half open: one at a time until one succeeds. Who did not fail before does not begin anew with it (S48).
const enable = prepare<{ id: string; failures: number }>()((bind) =>
  q
    .updateTable('webhooks.endpoints')
    .set({
      disabled_because: null,
      disabled_at: null,
      // Whoever enables it says that it works: it need not wait for what the breaker, or it itself, asked for.
      paused_until: null,
      failures: sql<number>`least(failures, ${bind('failures')}::int)`,
      version: sql<number>`version + 1`,
      updated_at: now,
    })
    .where('id', '=', bind('id'))
    .where('disabled_at', 'is not', null)
    .returning(shown),
);
// It is nobody's any more, and signs nothing; its deliveries are cleared away first, then its row.
const gone = {
  deleted_at: now,
  disabled_because: 'owner',
  disabled_at: now,
  wake_at: null,
  secret: '',
  previous_secret: null,
  previous_until: null,
};
const remove = prepare<{ id: string }>()((bind) => q.updateTable('webhooks.endpoints').set(gone).where('id', '=', bind('id')));
const removeAll = prepare<{ organizationId: string }>()((bind) =>
  q.updateTable('webhooks.endpoints').set(gone).where('organization_id', '=', bind('organizationId')).where('deleted_at', 'is', null),
);
const uncleared = `
select id, deleted_at is not null as deleted from webhooks.endpoints e
where deleted_at is not null
  or (disabled_at is not null and exists (select 1 from webhooks.deliveries d where d.endpoint_id = e.id and d.state = 'pending'))
limit 1 for update skip locked`;
const empty = prepare<{ id: string; most: number }>()((bind) =>
  q
    .deleteFrom('webhooks.deliveries')
    .where('id', 'in', q.selectFrom('webhooks.deliveries').select('id').where('endpoint_id', '=', bind('id')).limit(bind('most'))),
);
const drop = prepare<{ id: string }>()((bind) => q.deleteFrom('webhooks.endpoints').where('id', '=', bind('id')));
const owner = prepare<{ id: string }>()((bind) =>
  endpoints
    .select(['url', 'created_by as createdBy', 'organization_id as organizationId'])
    .where('id', '=', bind('id'))
    .where('deleted_at', 'is', null),
);
const lockPlace = `select pg_advisory_xact_lock(hashtextextended('webhooks.endpoints ' || $1, 0))`;

/** The SQL on endpoints. */
export class EndpointsRepository {
  list(on: Runner, place: Place): Promise<Endpoint[]> {
    return on.all(endpoints.select(shown).where(at(place)).orderBy('id').limit(100));
  }
  find(on: Runner, place: Place, id: string): Promise<Endpoint | undefined> {
    return on.first(endpoints.select(shown).where('id', '=', id).where(at(place)));
  }
  /** Held until the transaction ends; senders wait for it, too. */
  lock(tx: Tx, place: Place, id: string) {
    return tx.first(
      endpoints
        .select(shown)
        .select([
          sql<boolean>`disabled_at > now() - interval '1 minute'`.as('disabledNow'),
          sql<boolean>`exists (select 1 from webhooks.deliveries where endpoint_id = endpoints.id and state = 'pending')`.as('waiting'),
        ])
        .where('id', '=', id)
        .where(at(place))
        .forNoKeyUpdate(),
    );
  }
  /** How many there are; many at once count one after the other. */
  async count(tx: Tx, organizationId: string | null): Promise<number> {
    await tx.run({ text: lockPlace, values: [organizationId ?? ''] });
    const count = await tx.first(endpoints.select((eb) => eb.fn.countAll<number>().as('n')).where(at({ organizationId, visible: null })));
    return count!.n;
  }
  async insert(tx: Tx, { events, ...row }: NewRow): Promise<Endpoint> {
    return (await insert.first(tx, { ...row, events: [...events] }))!;
  }
  async update(tx: Tx, id: string, change: EndpointChange): Promise<Endpoint> {
    const { url = null, description = null, events = null } = change;
    return (await update.first(tx, { id, url, description, events: events && [...events] }))!;
  }
  async rotate(tx: Tx, id: string, secret: string, graceSeconds: number): Promise<Endpoint> {
    return (await rotate.first(tx, { id, secret, graceSeconds }))!;
  }
  /** With what is waiting for it (S49): `left` when that is too much for one transaction. Undefined: it was disabled before. */
  async disable(tx: Tx, id: string, because: Because): Promise<{ endpoint: Endpoint; left: boolean } | undefined> {
    const endpoint = await disable.first(tx, { id, because });
    return endpoint && { endpoint, left: (await cancel.count(tx, { id, most: CLEARED_AT_ONCE })) === CLEARED_AT_ONCE };
  }
  enable(tx: Tx, id: string, failures: number): Promise<Endpoint | undefined> {
    return enable.first(tx, { id, failures });
  }
  remove(tx: Tx, id: string): void {
    tx.write(remove.with({ id }));
  }
  removeAll(tx: Tx, organizationId: string): void {
    tx.write(removeAll.with({ organizationId }));
  }
  /** Some of what is left of one that was deleted, or waits for one that is disabled. @returns whether there may be more. */
  async clear(tx: Tx): Promise<boolean> {
    const [found] = (await tx.run<{ id: string; deleted: boolean }>({ text: uncleared, values: [] })).rows;
    if (!found) return false;
    const { id, deleted } = found;
    const cleared = await (deleted ? empty : cancel).count(tx, { id, most: CLEARED_AT_ONCE });
    if (deleted && cleared < CLEARED_AT_ONCE) tx.write(drop.with({ id }));
    return true;
  }
  owner(on: Runner, id: string): Promise<{ url: string; createdBy: string | null; organizationId: string | null } | undefined> {
    return owner.first(on, { id });
  }
}
