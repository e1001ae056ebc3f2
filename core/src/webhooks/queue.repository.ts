import { prepare, queryBuilder, type Runner, type Tx } from '@plinth/kit';
import { sql } from 'kysely';
import { BREAKER } from './retries.ts';
import type { Tables } from './tables.ts';

const q = queryBuilder<Tables>();
/** Deliveries that one endpoint is sent at the same time. */
const AT_ONCE = 5;
const ENDPOINTS_AT_ONCE = 50;
/** Longer than an attempt takes: who holds it so long has died. */
const LEASE_SECONDS = 60;

export interface Published {
  readonly messageId: string;
  readonly event: string;
  readonly position: number;
  readonly occurredAt: string;
  readonly organizationId: string | null;
  /** What an endpoint may list to get it. */
  readonly patterns: readonly string[];
}
export interface Claimed {
  readonly id: string;
  readonly endpointId: string;
  readonly messageId: string;
  readonly event: string;
  readonly position: number | null;
  /** Number of this attempt: only who made the last may say how it ended. */
  readonly attempts: number;
  readonly tries: number;
  readonly createdAt: string;
  readonly url: string;
  readonly organizationId: string | null;
  readonly secret: string;
  /** While it counts. */
  readonly previousSecret: string | null;
}
export interface Attempted {
  readonly milliseconds: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly response: string | null;
}

// One node reads the log at a time; the others look again later.
const CURSOR = `select position from webhooks.cursor for update skip locked`;
const move = prepare<{ position: number }>()((bind) => q.updateTable('webhooks.cursor').set({ position: bind('position') }));

// Disabled ones get nothing, nor new ones what was published before: that is replayed from the log. Held until their deliveries
// are there, so that none of them is disabled or deleted in between; every endpoint is locked before its deliveries.
const WANTED = `
with held as (
  select id, organization_id, events, created_at from webhooks.endpoints e
  where disabled_at is null and events && $2::text[] and (organization_id is null or organization_id = any($3::uuid[]))
  order by id for no key update
)
select e.id as "endpointId", f."messageId", f.event, f.position
from jsonb_to_recordset($1::jsonb) as f("messageId" uuid, event text, position bigint, "occurredAt" timestamptz, "organizationId" uuid, patterns text[])
join held e on e.organization_id is null or e.organization_id = f."organizationId"
where e.events && f.patterns and f."occurredAt" >= e.created_at`;

// The endpoint is what is scheduled: one that is dead, or has a million waiting, stands in nobody's way (S47). Each gets its
// first place before any gets its second.
const CLAIM = `
with ready as (
  select id, url, organization_id, secret, previous_secret, previous_until, failures from webhooks.endpoints
  where wake_at <= now() and disabled_at is null
  order by wake_at limit least($1::int, ${ENDPOINTS_AT_ONCE}) for no key update skip locked
), free as (
  -- While it fails, one at a time.
  select r.id, (case when r.failures >= ${BREAKER} then 1 else ${AT_ONCE} end)
    - (select count(*) from webhooks.deliveries d where d.endpoint_id = r.id and d.leased_until > now()) as places
  from ready r
), chosen as (
  select d.id, f.id as endpoint_id from free f cross join lateral (
    select w.id, w.next_at, row_number() over (order by w.next_at) as place from (
      select d.id, d.next_at from webhooks.deliveries d
      where d.endpoint_id = f.id and d.state = 'pending' and d.next_at <= now() and (d.leased_until is null or d.leased_until <= now())
      order by d.next_at limit greatest(f.places, 0)
    ) w
  ) d order by d.place, d.next_at limit $1
), claimed as (
  update webhooks.deliveries d set leased_until = now() + interval '${LEASE_SECONDS} seconds', attempts = attempts + 1, tries = tries + 1
  from chosen c where d.id = c.id returning d.*
), woken as (
  -- When the next is due that has a place; and when a lease ends, since who holds it may have died.
  update webhooks.endpoints e set wake_at = least(
    case when f.places > (select count(*) from chosen c where c.endpoint_id = e.id) then (
      select d.next_at from webhooks.deliveries d
      where d.endpoint_id = e.id and d.state = 'pending' and (d.leased_until is null or d.leased_until <= now())
        and d.id not in (select id from chosen)
      order by d.next_at limit 1
    ) end,
    (select min(d.leased_until) from webhooks.deliveries d where d.endpoint_id = e.id and d.leased_until > now()),
    case when exists (select 1 from chosen c where c.endpoint_id = e.id) then now() + interval '${LEASE_SECONDS} seconds' end)
  from free f where e.id = f.id
)
select c.id, c.endpoint_id as "endpointId", c.message_id as "messageId", c.event, c.position, c.attempts, c.tries, c.created_at as "createdAt",
  r.url, r.organization_id as "organizationId", r.secret, case when r.previous_until > now() then r.previous_secret end as "previousSecret"
from claimed c join ready r on r.id = c.endpoint_id`;

// Every endpoint is locked before its deliveries.
const hold = prepare<{ id: string }>()((bind) =>
  q.selectFrom('webhooks.endpoints').select('id').where('id', '=', bind('id')).forNoKeyUpdate(),
);
// A `Retry-After` is waited for, also when what was under way beside it succeeds.
const afterPause = sql<string>`greatest(now(), paused_until)`;
const wake = prepare<{ id: string }>()((bind) =>
  q.updateTable('webhooks.endpoints').set({ wake_at: afterPause }).where('id', '=', bind('id')),
);
const succeed = prepare<{ id: string }>()((bind) =>
  q.updateTable('webhooks.endpoints').set({ failures: 0, wake_at: afterPause }).where('id', '=', bind('id')),
);
const fail = prepare<{ id: string }>()((bind) =>
  q
    .updateTable('webhooks.endpoints')
    .set({ failures: sql<number>`failures + 1` })
    .where('id', '=', bind('id'))
    .returning(['failures', sql<boolean>`disabled_at is not null`.as('disabled')]),
);
const pause = prepare<{ id: string; seconds: number }>()((bind) =>
  q
    .updateTable('webhooks.endpoints')
    .set({
      paused_until: sql<string>`greatest(paused_until, now() + make_interval(secs => ${bind('seconds')}::float8))`,
      wake_at: sql<string>`greatest(paused_until, now() + make_interval(secs => ${bind('seconds')}::float8))`,
    })
    .where('id', '=', bind('id')),
);
const record = prepare<{ id: string; number: number } & Attempted>()((bind) =>
  q.insertInto('webhooks.attempts').values({
    delivery_id: bind('id'),
    number: bind('number'),
    milliseconds: bind('milliseconds'),
    status: bind('status'),
    error: bind('error'),
    response: bind('response'),
  }),
);
const ended = { next_at: null, leased_until: null, ended_at: sql<string>`now()` };
const settle = prepare<{ id: string; attempts: number; state: string }>()((bind) =>
  q
    .updateTable('webhooks.deliveries')
    .set({ state: bind('state'), ...ended })
    .where('id', '=', bind('id'))
    .where('attempts', '=', bind('attempts'))
    .where('state', '=', 'pending')
    .returning('id'),
);
const retry = prepare<{ id: string; attempts: number; seconds: number }>()((bind) =>
  q
    .updateTable('webhooks.deliveries')
    .set({ next_at: sql<string>`now() + make_interval(secs => ${bind('seconds')}::float8)`, leased_until: null })
    .where('id', '=', bind('id'))
    .where('attempts', '=', bind('attempts'))
    .where('state', '=', 'pending')
    .returning('id'),
);
const release = prepare<{ id: string; attempts: number }>()((bind) =>
  q
    .updateTable('webhooks.deliveries')
    .set({ leased_until: null, attempts: sql<number>`attempts - 1`, tries: sql<number>`tries - 1` })
    .where('id', '=', bind('id'))
    .where('attempts', '=', bind('attempts'))
    .where('state', '=', 'pending')
    .where('leased_until', 'is not', null),
);

/** The SQL by which deliveries come to be, and are made. Whoever holds an endpoint's row decides; deliveries are locked after it. */
export class QueueRepository {
  /** How far the log was read, held; null at first. Undefined: another node reads. */
  async cursor(tx: Tx): Promise<number | null | undefined> {
    const { rows } = await tx.run<{ position: number | null }>({ text: CURSOR, values: [] });
    return rows[0] && rows[0].position;
  }
  move(tx: Tx, position: number): void {
    tx.write(move.with({ position }));
  }
  /** Which endpoints get which of these. */
  async wanted(tx: Tx, facts: readonly Published[]) {
    if (facts.length === 0) return [];
    const { rows } = await tx.run<{ endpointId: string; messageId: string; event: string; position: number }>({
      text: WANTED,
      values: [
        JSON.stringify(facts),
        distinct(facts.flatMap(({ patterns }) => patterns)),
        distinct(facts.map((fact) => fact.organizationId)),
      ],
    });
    return rows;
  }
  /** What is due, for this node alone to attempt. */
  async claim(on: Runner, most: number): Promise<Claimed[]> {
    return (await on.run<Claimed>({ text: CLAIM, values: [most] })).rows;
  }
  /** Only while the attempt is still the caller's (S52): whoever was too slow changes nothing. */
  async delivered(tx: Tx, claimed: Claimed, attempted: Attempted): Promise<void> {
    if (!(await this.#settled(tx, claimed, 'delivered'))) return;
    tx.write(succeed.with({ id: claimed.endpointId }));
    this.#record(tx, claimed, attempted);
  }
  /** @param seconds until the next try; null: there is none. @returns failures of the endpoint in a row; undefined: not the caller's any more. */
  async failed(tx: Tx, claimed: Claimed, attempted: Attempted, seconds: number | null) {
    if (!(await this.#settled(tx, claimed, seconds ?? 'dead'))) return undefined;
    this.#record(tx, claimed, attempted);
    return fail.first(tx, { id: claimed.endpointId });
  }
  /** It cannot be delivered, and that is no fault of the endpoint. */
  async abandoned(tx: Tx, claimed: Claimed, attempted: Attempted): Promise<void> {
    if (!(await this.#settled(tx, claimed, 'dead'))) return;
    tx.write(wake.with({ id: claimed.endpointId }));
    this.#record(tx, claimed, attempted);
  }
  pause(tx: Tx, endpointId: string, seconds: number): void {
    tx.write(pause.with({ id: endpointId, seconds }));
  }
  /** Given back untried: it costs no try. */
  async release(tx: Tx, { id, endpointId, attempts }: Claimed): Promise<void> {
    await hold.first(tx, { id: endpointId });
    tx.write(release.with({ id, attempts }));
    tx.write(wake.with({ id: endpointId }));
  }

  /** @param state or the seconds until the next try. @returns false when it is not the caller's any more. */
  async #settled(tx: Tx, { id, endpointId, attempts }: Claimed, state: 'delivered' | 'dead' | number): Promise<boolean> {
    const held = hold.first(tx, { id: endpointId });
    const mine = typeof state === 'number' ? retry.first(tx, { id, attempts, seconds: state }) : settle.first(tx, { id, attempts, state });
    const [, settled] = await Promise.all([held, mine]);
    return settled !== undefined;
  }
  #record(tx: Tx, { id, attempts }: Claimed, attempted: Attempted): void {
    tx.write(record.with({ id, number: attempts, ...attempted }));
  }
}
const distinct = <T>(values: readonly T[]): NonNullable<T>[] =>
  [...new Set(values)].filter((value) => value !== null && value !== undefined);
