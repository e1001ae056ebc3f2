import { prepare, queryBuilder, type Runner } from '@plinth/kit';
import { sql } from 'kysely';
import type { Delivery } from './contract.ts';
import { epoch, live, type Moment, remaining } from './sessions.repository.ts';
import type { Tables } from './tables.ts';

const q = queryBuilder<Tables>();

/** What of a session never changes. */
export interface Family {
  readonly userId: string;
  readonly delivery: Delivery;
  readonly impersonatorId: string | null;
  readonly familySecret: Buffer;
}
/** Where a session stands now. */
export interface Standing extends Moment {
  /** Of the active token. */
  readonly counter: number;
  readonly factors: string[];
  /** Unix seconds of the last proof. */
  readonly provedAt: number;
}

const provedAt = sql<number>`floor(extract(epoch from proved_at))::float8`.as('provedAt');
const standingColumns = ['refresh_counter as counter', 'factors', provedAt, epoch.as('now'), remaining.as('remaining')] as const;
const family = prepare<{ id: string }>()((bind) =>
  q
    .selectFrom('auth.sessions')
    .select([
      'user_id as userId',
      sql<Delivery>`delivery`.as('delivery'),
      'impersonator_id as impersonatorId',
      'family_secret as familySecret',
    ])
    .where('id', '=', bind('id')),
);
const standing = prepare<{ id: string; presented: number }>()((bind) =>
  q
    .selectFrom('auth.sessions')
    .select([
      ...standingColumns,
      live.as('live'),
      sql<boolean>`coalesce(rotated_at[refresh_counter - ${bind('presented')}::int] > now() - interval '10 seconds', false)`.as(
        'justRotated',
      ),
    ])
    .where('id', '=', bind('id')),
);
/** Redeeming one token. */
export interface Rotation {
  readonly id: string;
  /** Of the token: it must be the active one. */
  readonly counter: number;
  readonly idleSeconds: number;
  readonly address: string | null;
  readonly userAgent: string | null;
}
const rotated = (idleSeconds: number) => ({
  refresh_counter: sql<number>`refresh_counter + 1`,
  rotated_at: sql<string[]>`(array_prepend(now(), rotated_at))[1:8]`,
  last_used_at: sql<string>`now()`,
  idle_expires_at: sql<string>`least(absolute_expires_at, now() + make_interval(secs => ${idleSeconds}::float8))`,
});
const rotate = prepare<Rotation>()((bind) =>
  q
    .updateTable('auth.sessions')
    .set({ ...rotated(bind('idleSeconds')), address: bind('address'), user_agent: bind('userAgent') })
    .where('id', '=', bind('id'))
    .where('refresh_counter', '=', bind('counter'))
    .where(live)
    .returning(standingColumns),
);
// Rows that someone else holds are passed over: one of many must not make the others wait.
const rotateAll = prepare<{
  ids: string[];
  counters: number[];
  addresses: (string | null)[];
  userAgents: (string | null)[];
  idleSeconds: number;
}>()((bind) =>
  q
    .with('asked', (w) =>
      w
        .selectFrom('auth.sessions as s')
        .innerJoin(
          sql<{
            id: string;
            counter: number;
            address: string | null;
            user_agent: string | null;
          }>`unnest(${bind('ids')}::uuid[], ${bind('counters')}::int[], ${bind('addresses')}::text[], ${bind('userAgents')}::text[])`.as<'u'>(
            sql`u(id, counter, address, user_agent)`,
          ),
          (join) => join.onRef('u.id', '=', 's.id').onRef('u.counter', '=', 's.refresh_counter'),
        )
        .select(['s.id as asked_id', 'u.address as asked_address', 'u.user_agent as asked_agent'])
        .where(live)
        .forNoKeyUpdate('s')
        .skipLocked(),
    )
    .updateTable('auth.sessions')
    .from('asked')
    .set((eb) => ({ ...rotated(bind('idleSeconds')), address: eb.ref('asked_address'), user_agent: eb.ref('asked_agent') }))
    .whereRef('id', '=', 'asked_id')
    .returning(['id', ...standingColumns]),
);

/** The SQL of refreshing: a session is one family of refresh tokens. */
export class RefreshRepository {
  family(on: Runner, id: string): Promise<Family | undefined> {
    return family.first(on, { id });
  }
  /** @param presented counter of the token that asks; `justRotated`: it was the active one less than ten seconds ago. */
  standing(on: Runner, id: string, presented: number): Promise<(Standing & { live: boolean; justRotated: boolean }) | undefined> {
    return standing.first(on, { id, presented });
  }
  /** The one compare-and-set (B2): of many with the same counter, one gets a row. */
  rotate(on: Runner, rotation: Rotation): Promise<Standing | undefined> {
    return rotate.first(on, rotation);
  }
  /** The same for several at once, by session: those that are missing lost, or someone holds their row. */
  async rotateAll(on: Runner, rotations: readonly Rotation[]): Promise<ReadonlyMap<string, Standing>> {
    const rows = await rotateAll.all(on, {
      ids: rotations.map(({ id }) => id),
      counters: rotations.map(({ counter }) => counter),
      addresses: rotations.map(({ address }) => address),
      userAgents: rotations.map(({ userAgent }) => userAgent),
      idleSeconds: rotations[0]!.idleSeconds,
    });
    return new Map(rows.map(({ id, ...standing }) => [id, standing]));
  }
}
