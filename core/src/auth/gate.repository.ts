import { prepare, queryBuilder, type Runner, type Tx } from '@plinth/kit';
import { sql } from 'kysely';
import type { Delivery } from './fields.ts';
import type { Tables } from './tables.ts';

// What stands between a first factor and a session: factors, challenges, failed attempts.
const q = queryBuilder<Tables>();
const now = sql<string>`now()`;

export type FactorKind = 'totp' | 'passkey' | 'oauth';
export interface Factor {
  readonly id: string;
  readonly kind: FactorKind;
}
export interface NewChallenge {
  readonly id: string;
  readonly tokenHash: Buffer;
  readonly userId: string;
  readonly purpose: 'verify' | 'enrol';
  readonly factors: readonly string[];
  readonly delivery: Delivery;
  readonly replaces: string | null;
}
export interface PendingChallenge extends Omit<NewChallenge, 'tokenHash'> {
  /** Seconds until it ends. */
  readonly remaining: number;
}
/** Seconds. From the `limit`th failure on, each further one locks: `lock`, then twice as long, up to `longest`. */
export interface Policy {
  readonly limit: number;
  /** After so long failures are forgotten … */
  readonly window: number;
  /** … counted from the last one, or from the first. */
  readonly since: 'pause' | 'first failure';
  readonly lock: number;
  readonly longest: number;
}

const factors = prepare<{ userId: string }>()((bind) =>
  q
    .selectFrom('auth.factors')
    .select(['id', sql<FactorKind>`kind`.as('kind')])
    .where('user_id', '=', bind('userId'))
    .orderBy('created_at')
    .limit(200),
);
const insertFactor = prepare<{ id: string; userId: string; kind: string }>()((bind) =>
  q.insertInto('auth.factors').values({ id: bind('id'), user_id: bind('userId'), kind: bind('kind') }),
);
const deleteFactor = prepare<{ id: string; userId: string }>()((bind) =>
  q
    .deleteFrom('auth.factors')
    .where('id', '=', bind('id'))
    .where('user_id', '=', bind('userId'))
    .returning(sql<FactorKind>`kind`.as('kind')),
);
const hasPassword = prepare<{ userId: string }>()((bind) =>
  q.selectFrom('auth.credentials').select('version').where('user_id', '=', bind('userId')),
);

const insertChallenge = prepare<Omit<NewChallenge, 'factors'> & { factors: string[] }>()((bind) =>
  q
    .insertInto('auth.challenges')
    .values({
      id: bind('id'),
      token_hash: bind('tokenHash'),
      user_id: bind('userId'),
      purpose: bind('purpose'),
      factors: bind('factors'),
      delivery: bind('delivery'),
      replaces: bind('replaces'),
    })
    .returning(sql<number>`extract(epoch from expires_at - now())::float8`.as('remaining')),
);
const pending = [
  'id',
  'user_id as userId',
  sql<'verify' | 'enrol'>`purpose`.as('purpose'),
  'factors',
  sql<Delivery>`delivery`.as('delivery'),
  'replaces',
  sql<number>`extract(epoch from expires_at - now())::float8`.as('remaining'),
] as const;
const findChallenge = prepare<{ tokenHash: Buffer }>()((bind) =>
  q.selectFrom('auth.challenges').select(pending).where('token_hash', '=', bind('tokenHash')).where('expires_at', '>', now),
);
const takeChallenge = prepare<{ tokenHash: Buffer }>()((bind) =>
  q.deleteFrom('auth.challenges').where('token_hash', '=', bind('tokenHash')).where('expires_at', '>', now).returning(pending),
);
const deleteChallenges = prepare<{ userId: string }>()((bind) => q.deleteFrom('auth.challenges').where('user_id', '=', bind('userId')));

const failures = prepare<{ keys: string[] }>()((bind) =>
  q
    .selectFrom('auth.attempts')
    .select(['key', sql<number>`greatest(0, extract(epoch from locked_until - now()))::float8`.as('locked')])
    .where('key', '=', sql<string>`any(${bind('keys')}::text[])`),
);
// One statement, so that many at once are counted one after the other. While locked nothing changes, and no row comes back.
const countFailure = (since: 'began_at' | 'failed_at'): string => `insert into auth.attempts as a (key) values ($1)
on conflict (key) do update set
  failures = case when a.${since} < now() - make_interval(secs => $3::float8) then 1 else a.failures + 1 end,
  began_at = case when a.${since} < now() - make_interval(secs => $3::float8) then now() else a.began_at end,
  failed_at = now(),
  locked_until = case when a.${since} >= now() - make_interval(secs => $3::float8) and a.failures + 1 >= $2::int
    then now() + make_interval(secs => least($5::float8, $4::float8 * 2 ^ least(20, a.failures + 1 - $2::int))) end
where a.locked_until is null or a.locked_until <= now()
returning failures`;
const COUNT_FAILURE = { pause: countFailure('failed_at'), 'first failure': countFailure('began_at') };
const forgetFailures = prepare<{ key: string }>()((bind) => q.deleteFrom('auth.attempts').where('key', '=', bind('key')));

export class GateRepository {
  factors(on: Runner, userId: string): Promise<Factor[]> {
    return factors.all(on, { userId });
  }
  insertFactor(tx: Tx, factor: Factor & { readonly userId: string }): void {
    tx.write(insertFactor.with(factor));
  }
  /** Its kind; undefined when this user has no such factor. */
  async deleteFactor(tx: Tx, userId: string, id: string): Promise<FactorKind | undefined> {
    return (await deleteFactor.first(tx, { id, userId }))?.kind;
  }
  async hasPassword(on: Runner, userId: string): Promise<boolean> {
    return (await hasPassword.first(on, { userId })) !== undefined;
  }

  /** @returns seconds until it ends. */
  async insertChallenge(tx: Tx, challenge: NewChallenge): Promise<number> {
    return (await insertChallenge.first(tx, { ...challenge, factors: [...challenge.factors] }))!.remaining;
  }
  findChallenge(on: Runner, tokenHash: Buffer): Promise<PendingChallenge | undefined> {
    return findChallenge.first(on, { tokenHash });
  }
  /** Reads and deletes in one statement: of many who ask, one gets it (B39). */
  takeChallenge(tx: Tx, tokenHash: Buffer): Promise<PendingChallenge | undefined> {
    return takeChallenge.first(tx, { tokenHash });
  }
  deleteChallenges(tx: Tx, userId: string): void {
    tx.write(deleteChallenges.with({ userId }));
  }

  /** What has failures, and for how many seconds it is locked: 0 when it is not. */
  failures(on: Runner, keys: string[]): Promise<{ key: string; locked: number }[]> {
    return failures.all(on, { keys });
  }
  /** @returns false while it is locked: then nothing is counted. */
  async countFailure(on: Runner, key: string, { limit, window, since, lock, longest }: Policy): Promise<boolean> {
    return (await on.run({ text: COUNT_FAILURE[since], values: [key, limit, window, lock, longest] })).rows.length === 1;
  }
  forgetFailures(tx: Tx, key: string): void {
    tx.write(forgetFailures.with({ key }));
  }
}
