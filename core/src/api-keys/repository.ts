import { prepare, queryBuilder, type Runner, type Tx } from '@plinth/kit';
import { sql } from 'kysely';
import type { Tables } from './tables.ts';

const q = queryBuilder<Tables>();
const now = sql<string>`now()`;
const live = sql<boolean>`(revoked_at is null and (expires_at is null or expires_at > now()))`;

export interface KeyRow {
  readonly id: string;
  readonly label: string;
  readonly scopes: string[];
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
}
export interface NewKey {
  readonly id: string;
  readonly userId: string;
  readonly label: string;
  readonly scopes: readonly string[];
  readonly secretHash: Buffer;
  /** null: 90 days from now. */
  readonly expiresAt: string | null;
}
const shown = ['id', 'label', 'scopes', 'created_at as createdAt', 'expires_at as expiresAt', 'last_used_at as lastUsedAt'] as const;

const list = prepare<{ userId: string }>()((bind) =>
  q.selectFrom('api_keys.keys').select(shown).where('user_id', '=', bind('userId')).where(live).orderBy('created_at').limit(200),
);
const insert = prepare<Omit<NewKey, 'scopes'> & { scopes: string[] }>()((bind) =>
  q
    .insertInto('api_keys.keys')
    .values({
      id: bind('id'),
      user_id: bind('userId'),
      label: bind('label'),
      scopes: bind('scopes'),
      secret_hash: bind('secretHash'),
      expires_at: sql<string>`coalesce(${bind('expiresAt')}::timestamptz, now() + interval '90 days')`,
    })
    .returning([...shown, sql<boolean>`expires_at > now() and expires_at <= now() + interval '366 days'`.as('inTime')]),
);
const rotate = prepare<{ id: string; userId: string; secretHash: Buffer; graceSeconds: number }>()((bind) =>
  q
    .updateTable('api_keys.keys')
    .set({
      previous_hash: sql<Buffer | null>`case when ${bind('graceSeconds')}::int > 0 then secret_hash end`,
      previous_until: sql<
        string | null
      >`case when ${bind('graceSeconds')}::int > 0 then now() + make_interval(secs => ${bind('graceSeconds')}::int) end`,
      secret_hash: bind('secretHash'),
    })
    .where('id', '=', bind('id'))
    .where('user_id', '=', bind('userId'))
    .where(live)
    .returning(shown),
);
const revoke = prepare<{ id: string; userId: string }>()((bind) =>
  q
    .updateTable('api_keys.keys')
    .set({ revoked_at: now })
    .where('id', '=', bind('id'))
    .where('user_id', '=', bind('userId'))
    .where(live)
    .returning(shown),
);
const find = prepare<{ id: string }>()((bind) =>
  q
    .selectFrom('api_keys.keys')
    .select([
      ...shown,
      'user_id as userId',
      'secret_hash as secretHash',
      'previous_hash as previousHash',
      sql<number | null>`extract(epoch from expires_at - now())::float8`.as('remaining'),
      sql<number>`coalesce(extract(epoch from previous_until - now()), 0)::float8`.as('previousRemaining'),
    ])
    .where('id', '=', bind('id'))
    .where(live),
);
const touch = prepare<{ ids: string[]; ages: number[] }>()((bind) =>
  // Rows that someone else holds are passed over: another node writes the same down, and nobody waits for whom.
  q
    .with('used', (w) =>
      w
        .selectFrom('api_keys.keys as k')
        .innerJoin(
          sql<{ id: string; age: number }>`unnest(${bind('ids')}::uuid[], ${bind('ages')}::float8[])`.as<'u'>(sql`u(id, age)`),
          'u.id',
          'k.id',
        )
        .select(['k.id', sql<string>`now() - make_interval(secs => u.age)`.as('at')])
        .where(sql<boolean>`coalesce(k.last_used_at < now() - make_interval(secs => u.age), true)`)
        .forNoKeyUpdate('k')
        .skipLocked(),
    )
    .updateTable('api_keys.keys as target')
    .from('used')
    .set((eb) => ({ last_used_at: eb.ref('used.at') }))
    .whereRef('target.id', '=', 'used.id'),
);
const erase = prepare<{ userId: string }>()((bind) => q.deleteFrom('api_keys.keys').where('user_id', '=', bind('userId')));

export class KeysRepository {
  list(on: Runner, userId: string): Promise<KeyRow[]> {
    return list.all(on, { userId });
  }
  async insert(tx: Tx, { scopes, ...key }: NewKey): Promise<KeyRow & { inTime: boolean }> {
    return (await insert.first(tx, { ...key, scopes: [...scopes] }))!;
  }
  rotate(tx: Tx, id: string, userId: string, secretHash: Buffer, graceSeconds: number): Promise<KeyRow | undefined> {
    return rotate.first(tx, { id, userId, secretHash, graceSeconds });
  }
  revoke(tx: Tx, id: string, userId: string): Promise<KeyRow | undefined> {
    return revoke.first(tx, { id, userId });
  }
  /** While it lives; seconds are of the database's clock. */
  find(on: Runner, id: string) {
    return find.first(on, { id });
  }
  /** @param used seconds since each key was last used. */
  async touch(on: Runner, used: ReadonlyMap<string, number>): Promise<void> {
    await touch.count(on, { ids: [...used.keys()], ages: [...used.values()] });
  }
  erase(tx: Tx, userId: string): void {
    tx.write(erase.with({ userId }));
  }
}
