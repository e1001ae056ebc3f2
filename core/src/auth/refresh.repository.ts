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
    .returning(standingColumns),
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
  rotate(
    on: Runner,
    args: { readonly id: string; readonly counter: number; idleSeconds: number; address: string | null; userAgent: string | null },
  ): Promise<Standing | undefined> {
    return rotate.first(on, args);
  }
}
