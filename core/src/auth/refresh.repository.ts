import { prepare, queryBuilder, type Tx } from '@plinth/kit';
import { sql } from 'kysely';
import { epoch, live, type Moment, remaining } from './sessions.repository.ts';
import type { Tables } from './tables.ts';

const q = queryBuilder<Tables>();

export interface Family {
  readonly userId: string;
  readonly delivery: string;
  readonly factors: string[];
  readonly impersonatorId: string | null;
  /** Unix seconds of the last proof. */
  readonly provedAt: number;
  readonly familySecret: Buffer;
  readonly counter: number;
  readonly live: boolean;
  /** The presented token was rotated less than ten seconds ago. */
  readonly justRotated: boolean;
  readonly now: number;
  readonly remaining: number;
}

const family = prepare<{ id: string; presented: number }>()((bind) =>
  q
    .selectFrom('auth.sessions')
    .select([
      'user_id as userId',
      'delivery',
      'factors',
      'impersonator_id as impersonatorId',
      sql<number>`floor(extract(epoch from proved_at))::float8`.as('provedAt'),
      'family_secret as familySecret',
      'refresh_counter as counter',
      live.as('live'),
      sql<boolean>`coalesce(rotated_at[refresh_counter - ${bind('presented')}::int] > now() - interval '10 seconds', false)`.as(
        'justRotated',
      ),
      epoch.as('now'),
      remaining.as('remaining'),
    ])
    .where('id', '=', bind('id')),
);
const rotate = prepare<{ id: string; counter: number; idleSeconds: number; address: string | null; userAgent: string | null }>()((bind) =>
  q
    .updateTable('auth.sessions')
    .set({
      refresh_counter: sql<number>`refresh_counter + 1`,
      rotated_at: sql<string[]>`(array_prepend(now(), rotated_at))[1:8]`,
      last_used_at: sql<string>`now()`,
      idle_expires_at: sql<string>`least(absolute_expires_at, now() + make_interval(secs => ${bind('idleSeconds')}::float8))`,
      address: bind('address'),
      user_agent: bind('userAgent'),
    })
    .where('id', '=', bind('id'))
    .where('refresh_counter', '=', bind('counter'))
    .where(live)
    .returning(['refresh_counter as counter', epoch.as('now'), remaining.as('remaining')]),
);

/** The SQL of refreshing: a session is one family of refresh tokens. */
export class RefreshRepository {
  /** @param presented counter of the refresh token that asks. */
  family(tx: Tx, id: string, presented: number): Promise<Family | undefined> {
    return family.first(tx, { id, presented });
  }
  /** The one compare-and-set (B2): of many with the same counter, one gets a row. */
  rotate(
    tx: Tx,
    args: { readonly id: string; readonly counter: number; idleSeconds: number; address: string | null; userAgent: string | null },
  ): Promise<({ counter: number } & Moment) | undefined> {
    return rotate.first(tx, args);
  }
}
