import { prepare, queryBuilder, type Runner, type Tx } from '@plinth/kit';
import { sql } from 'kysely';
import type { Delivery } from './contract.ts';
import type { Tables } from './tables.ts';

const q = queryBuilder<Tables>();
const now = sql<string>`now()`;
/** By the database's clock only (B16). */
export const live = sql<boolean>`(ended_at is null and now() < idle_expires_at and now() < absolute_expires_at)`;
export const epoch = sql<number>`extract(epoch from now())::float8`;
export const remaining = sql<number>`extract(epoch from least(idle_expires_at, absolute_expires_at) - now())::float8`;

export interface NewSession {
  readonly id: string;
  readonly userId: string;
  readonly factors: readonly string[];
  readonly delivery: Delivery;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly familySecret: Buffer;
  readonly idleSeconds: number;
  readonly absoluteSeconds: number;
  readonly impersonatorId: string | null;
  readonly impersonationReason: string | null;
  /** Unix seconds of the last proof; null: now. */
  readonly provedAt: number | null;
  /** Without it no session is made for a user who has enrolled a second factor. */
  readonly passed: boolean;
}
/** A live session that another one is about to follow. */
export interface Standing {
  /** Unix seconds of the last proof. */
  readonly provedAt: number;
  readonly factors: string[];
  readonly delivery: Delivery;
  /** Seconds until it ends, whatever happens. */
  readonly absoluteSeconds: number;
}
/** Seconds are of the database's clock. */
export interface Moment {
  /** Unix seconds now. */
  readonly now: number;
  /** Seconds this session may still live unless it is used. */
  readonly remaining: number;
}
/** An end is told for this long (seconds). */
export const TOLD_SECONDS = 60;
/** What ended lately: sessions, users all of whose sessions ended, and what else is remembered by id. */
export interface RevokedLately {
  /** Unix seconds of the database's clock. */
  readonly now: number;
  readonly ends: readonly { readonly id: number; readonly ended: string }[];
}
const insert = prepare<Omit<NewSession, 'factors'> & { factors: string[] }>()((bind) =>
  q
    .insertInto('auth.sessions')
    .columns([
      'id',
      'user_id',
      'factors',
      'delivery',
      'address',
      'user_agent',
      'family_secret',
      'idle_expires_at',
      'absolute_expires_at',
      'impersonator_id',
      'impersonation_reason',
      'proved_at',
    ])
    .expression(
      q
        .selectNoFrom([
          sql<string>`${bind('id')}::uuid`.as('id'),
          sql<string>`${bind('userId')}::uuid`.as('user_id'),
          sql<string[]>`${bind('factors')}::text[]`.as('factors'),
          sql<string>`${bind('delivery')}::text`.as('delivery'),
          sql<string>`${bind('address')}::text`.as('address'),
          sql<string>`${bind('userAgent')}::text`.as('user_agent'),
          sql<Buffer>`${bind('familySecret')}::bytea`.as('family_secret'),
          sql<string>`now() + make_interval(secs => least(${bind('idleSeconds')}::float8, ${bind('absoluteSeconds')}::float8))`.as('idle'),
          sql<string>`now() + make_interval(secs => ${bind('absoluteSeconds')}::float8)`.as('absolute'),
          sql<string>`${bind('impersonatorId')}::uuid`.as('impersonator_id'),
          sql<string>`${bind('impersonationReason')}::text`.as('impersonation_reason'),
          sql<string>`coalesce(to_timestamp(${bind('provedAt')}::float8), now())`.as('proved_at'),
        ])
        .where(
          sql<boolean>`${bind('passed')}::boolean or not exists (select from auth.factors where user_id = ${bind('userId')}::uuid and kind in ('totp', 'passkey'))`,
        ),
    )
    .returning([epoch.as('now'), remaining.as('remaining')]),
);
const state = prepare<{ id: string }>()((bind) =>
  q
    .selectFrom('auth.sessions')
    .select([
      'user_id as userId',
      'impersonator_id as impersonatorId',
      sql<number>`floor(extract(epoch from proved_at))::float8`.as('provedAt'),
      epoch.as('now'),
      remaining.as('remaining'),
    ])
    .where('id', '=', bind('id'))
    .where(live),
);
const hold = prepare<{ id: string; userId: string }>()((bind) =>
  q
    .selectFrom('auth.sessions')
    .select([
      'factors',
      sql<Delivery>`delivery`.as('delivery'),
      sql<number>`floor(extract(epoch from proved_at))::float8`.as('provedAt'),
      sql<number>`extract(epoch from absolute_expires_at - now())::float8`.as('absoluteSeconds'),
    ])
    .where('id', '=', bind('id'))
    .where('user_id', '=', bind('userId'))
    .where('impersonator_id', 'is', null)
    .where(live)
    .forUpdate(),
);
const lower = prepare<{ userId: string; factor: string }>()((bind) =>
  q
    .updateTable('auth.sessions')
    .set({ factors: sql<string[]>`array_remove(factors, ${bind('factor')}::text)` })
    .where('user_id', '=', bind('userId'))
    .where('ended_at', 'is', null)
    .where(sql<boolean>`${bind('factor')}::text = any (factors)`),
);
const list = prepare<{ userId: string }>()((bind) =>
  q
    .selectFrom('auth.sessions')
    .select([
      'id',
      'factors',
      'delivery',
      'address',
      'user_agent as userAgent',
      'impersonator_id as impersonatedBy',
      'created_at as createdAt',
      'last_used_at as lastUsedAt',
      'idle_expires_at as expiresAt',
      'absolute_expires_at as endsAt',
    ])
    .where('user_id', '=', bind('userId'))
    .where(live)
    .orderBy('last_used_at', 'desc')
    .limit(1000),
);
// Rows that someone else holds are passed over: they are being refreshed or ended at this moment, and nobody waits for whom.
const touch = prepare<{ ids: string[]; ages: number[] }>()((bind) =>
  q
    .with('used', (w) =>
      w
        .selectFrom('auth.sessions as s')
        .innerJoin(
          sql<{ id: string; age: number }>`unnest(${bind('ids')}::uuid[], ${bind('ages')}::float8[])`.as<'u'>(sql`u(id, age)`),
          'u.id',
          's.id',
        )
        .select(['s.id', sql<string>`now() - make_interval(secs => u.age)`.as('at')])
        .where('s.ended_at', 'is', null)
        .where(sql<boolean>`s.last_used_at < now() - make_interval(secs => u.age)`)
        .forNoKeyUpdate('s')
        .skipLocked(),
    )
    .updateTable('auth.sessions as target')
    .from('used')
    .set((eb) => ({ last_used_at: eb.ref('used.at') }))
    .whereRef('target.id', '=', 'used.id'),
);
const end = prepare<{ id: string; userId: string; because: string }>()((bind) =>
  q
    .updateTable('auth.sessions')
    .set({ ended_at: now, ended_because: bind('because') })
    .where('id', '=', bind('id'))
    .where('user_id', '=', bind('userId'))
    .where('ended_at', 'is', null)
    .returning('impersonator_id as impersonatorId'),
);
const endAll = prepare<{ userId: string; except: string | null; because: string }>()((bind) =>
  q
    .updateTable('auth.sessions')
    .set({ ended_at: now, ended_because: bind('because') })
    .where('user_id', '=', bind('userId'))
    .where(sql<boolean>`id is distinct from ${bind('except')}::uuid`)
    .where('ended_at', 'is', null)
    .returning('id'),
);
const endOpenedBy = prepare<{ impersonatorId: string }>()((bind) =>
  q
    .updateTable('auth.sessions')
    .set({ ended_at: now, ended_because: 'impersonator-ended' })
    .where('impersonator_id', '=', bind('impersonatorId'))
    .where('ended_at', 'is', null)
    .returning('id'),
);
/** So many are ended in one transaction. */
export const EXPIRED_AT_ONCE = 1000;
// The idle end is never behind the absolute one.
const endExpired = prepare<object>()(() =>
  q
    .updateTable('auth.sessions')
    .set({ ended_at: sql`idle_expires_at`, ended_because: 'expired' })
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('auth.sessions')
        .select('id')
        .where('ended_at', 'is', null)
        .where('idle_expires_at', '<=', now)
        .limit(EXPIRED_AT_ONCE)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['id as sessionId', 'user_id as userId', 'ended_at as endedAt']),
);
const revokeSession = prepare<{ sessionId: string }>()((bind) => q.insertInto('auth.revoked').values({ session_id: bind('sessionId') }));
const revokeUser = prepare<{ userId: string }>()((bind) => q.insertInto('auth.revoked').values({ user_id: bind('userId') }));
const revokedLately = prepare<object>()(() =>
  q.selectNoFrom([
    epoch.as('now'),
    sql<RevokedLately['ends']>`coalesce(
      (select json_agg(json_build_object('id', id, 'ended', coalesce(session_id, user_id)))
       from auth.revoked where at > now() - make_interval(secs => ${sql.lit(TOLD_SECONDS)})), '[]')`.as('ends'),
  ]),
);

/** The SQL on sessions and on what every node reads about ended ones. */
export class SessionsRepository {
  /** Undefined when the user has a second factor and the session would be without. */
  insert(tx: Tx, { factors, ...session }: NewSession): Promise<Moment | undefined> {
    return insert.first(tx, { ...session, factors: [...factors] });
  }
  /** The user's session while it lives, held until the transaction ends; never one of an impersonator. */
  hold(tx: Tx, id: string, userId: string): Promise<Standing | undefined> {
    return hold.first(tx, { id, userId });
  }
  async lower(tx: Tx, userId: string, factor: string): Promise<void> {
    await lower.count(tx, { userId, factor });
  }
  /** Undefined when it has ended, by whatever cause. */
  state(on: Runner, id: string): Promise<({ userId: string; impersonatorId: string | null; provedAt: number } & Moment) | undefined> {
    return state.first(on, { id });
  }
  list(on: Runner, userId: string) {
    return list.all(on, { userId });
  }
  /** Moves the last use forward, never back. @param used seconds since each session was last used. */
  async touch(on: Runner, used: ReadonlyMap<string, number>): Promise<void> {
    await touch.count(on, { ids: [...used.keys()], ages: [...used.values()] });
  }
  /** Ends it if it is this user's and goes on, and says who acted in it. Nodes learn of it with the commit. */
  async end(tx: Tx, id: string, userId: string, because: string): Promise<{ impersonatorId: string | null } | undefined> {
    const ended = await end.first(tx, { id, userId, because });
    if (ended) this.revoke(tx, id);
    return ended;
  }
  async endAll(tx: Tx, userId: string, because: string, except: string | null = null): Promise<string[]> {
    const ended = await endAll.all(tx, { userId, because, except });
    // Also where none went on: API keys are remembered by their owner, and a service account has no sessions at all.
    if (except === null) tx.write(revokeUser.with({ userId }));
    else for (const { id } of ended) tx.write(revokeSession.with({ sessionId: id }));
    return ended.map(({ id }) => id);
  }
  async endOpenedBy(tx: Tx, impersonatorId: string): Promise<string[]> {
    const ended = await endOpenedBy.all(tx, { impersonatorId });
    for (const { id } of ended) tx.write(revokeSession.with({ sessionId: id }));
    return ended.map(({ id }) => id);
  }
  /** Ends what nobody used for too long, `EXPIRED_AT_ONCE` at most. Nodes know it by the time, and are told nothing. */
  endExpired(tx: Tx) {
    return endExpired.all(tx, {});
  }
  /** Tells every node that this has ended: a session, or another thing that nodes remember by id. */
  revoke(tx: Tx, id: string): void {
    tx.write(revokeSession.with({ sessionId: id }));
  }
  async revokedLately(on: Runner): Promise<RevokedLately> {
    return (await revokedLately.first(on, {}))!;
  }
}
