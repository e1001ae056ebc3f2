import { prepare, queryBuilder, type Runner, type Tx } from '@plinth/kit';
import { sql } from 'kysely';
import type { Tables } from './tables.ts';

const q = queryBuilder<Tables>();
const now = sql<string>`now()`;

export interface Link {
  readonly id: string;
  readonly userId: string;
  readonly data: Readonly<Record<string, unknown>>;
}
interface Stored {
  readonly id: string;
  readonly purpose: string;
  readonly userId: string;
  readonly seconds: number;
  readonly data: string;
  readonly tokenHash: Buffer;
  readonly network: string | null;
}
/** The version of the user's password; 0 without one. */
const version = (userId: unknown) => sql<number>`coalesce((select version from auth.credentials where user_id = ${userId}::uuid), 0)`;
const linked = sql<boolean>`credential_version = coalesce((select version from auth.credentials where user_id = links.user_id), 0)`;
const columns = ['id', 'user_id as userId', sql<Readonly<Record<string, unknown>>>`data`.as('data')] as const;

const insert = prepare<Stored>()((bind) =>
  q
    .insertInto('auth.links')
    .values({
      id: bind('id'),
      purpose: bind('purpose'),
      user_id: bind('userId'),
      token_hash: bind('tokenHash'),
      credential_version: version(bind('userId')),
      network: bind('network'),
      data: sql`${bind('data')}::jsonb`,
      expires_at: sql<string>`now() + make_interval(secs => ${bind('seconds')}::float8)`,
    })
    .onConflict((conflict) => conflict.column('id').doNothing()),
);
const sentLately = prepare<{ purpose: string; userId: string; except: string; network: string | null }>()((bind) =>
  q
    .selectFrom('auth.links')
    .select([
      sql<number>`count(*)::int`.as('all'),
      sql<number>`(count(*) filter (where network is not distinct from ${bind('network')}::text))::int`.as('alike'),
    ])
    .where('user_id', '=', bind('userId'))
    .where('purpose', '=', bind('purpose'))
    .where('created_at', '>', sql<string>`now() - interval '1 hour'`)
    .where('id', '<>', bind('except')),
);
const find = prepare<{ purpose: string; tokenHash: Buffer }>()((bind) =>
  q
    .selectFrom('auth.links')
    .select(columns)
    .where('purpose', '=', bind('purpose'))
    .where('token_hash', '=', bind('tokenHash'))
    .where('expires_at', '>', now)
    .where(linked),
);
const take = prepare<{ purpose: string; tokenHash: Buffer }>()((bind) =>
  q
    .deleteFrom('auth.links')
    .where('purpose', '=', bind('purpose'))
    .where('token_hash', '=', bind('tokenHash'))
    .where('expires_at', '>', now)
    .where(linked)
    .returning(columns),
);
const drop = prepare<{ userId: string }>()((bind) => q.deleteFrom('auth.links').where('user_id', '=', bind('userId')));

/** The SQL on mailed secrets. */
export class LinksRepository {
  async insert(tx: Tx, link: Stored): Promise<void> {
    await insert.count(tx, link);
  }
  /** Unused ones only. */
  async sentLately(
    on: Runner,
    given: { purpose: string; userId: string; except: string; network: string | null },
  ): Promise<{ all: number; alike: number }> {
    return (await sentLately.first(on, given))!;
  }
  find(on: Runner, purpose: string, tokenHash: Buffer): Promise<Link | undefined> {
    return find.first(on, { purpose, tokenHash });
  }
  /** Reads and deletes in one statement. */
  take(tx: Tx, purpose: string, tokenHash: Buffer): Promise<Link | undefined> {
    return take.first(tx, { purpose, tokenHash });
  }
  drop(tx: Tx, userId: string): void {
    tx.write(drop.with({ userId }));
  }
}
