import { prepare, queryBuilder, type Runner, type Tx } from '@plinth/kit';
import { sql } from 'kysely';
import type { Tables } from './tables.ts';

const q = queryBuilder<Tables>();
const now = sql<string>`now()`;
/** Guesses at one code. */
const GUESSES = 5;

export interface AskedCode {
  readonly id: string;
  readonly flowHash: Buffer;
  /** Who asked, by `attempts.network`. */
  readonly network: string;
}
export interface MailedCode {
  readonly id: string;
  /** Null while, or where, it was mailed to nobody. */
  readonly userId: string | null;
}

const insert = prepare<AskedCode>()((bind) =>
  q.insertInto('passwordless.codes').values({ id: bind('id'), flow_hash: bind('flowHash'), network: bind('network') }),
);
const assign = prepare<{ id: string; userId: string }>()((bind) =>
  q
    .updateTable('passwordless.codes')
    .set({ user_id: bind('userId') })
    .where('id', '=', bind('id'))
    .where('expires_at', '>', now),
);
const sentLately = prepare<{ userId: string; except: string }>()((bind) =>
  q
    .selectFrom('passwordless.codes')
    .select([
      sql<number>`count(*)::int`.as('all'),
      sql<number>`(count(*) filter (where network = (select network from passwordless.codes where id = ${bind('except')})))::int`.as(
        'alike',
      ),
    ])
    .where('user_id', '=', bind('userId'))
    .where('id', '<>', bind('except'))
    .where('created_at', '>', sql<string>`now() - interval '1 hour'`),
);
const guess = prepare<{ flowHash: Buffer }>()((bind) =>
  q
    .updateTable('passwordless.codes')
    .set({ guesses: sql<number>`guesses + 1` })
    .where('flow_hash', '=', bind('flowHash'))
    .where('guesses', '<', GUESSES)
    .where('expires_at', '>', now)
    .returning(['id', 'user_id as userId']),
);
const take = prepare<{ id: string }>()((bind) =>
  q.deleteFrom('passwordless.codes').where('id', '=', bind('id')).where('expires_at', '>', now),
);
const deleteOf = prepare<{ userId: string }>()((bind) => q.deleteFrom('passwordless.codes').where('user_id', '=', bind('userId')));
const deleteExpired = prepare<object>()(() =>
  q.deleteFrom('passwordless.codes').where('expires_at', '<', sql<string>`now() - interval '1 hour'`),
);

export class PasswordlessRepository {
  insert(tx: Tx, code: AskedCode): void {
    tx.write(insert.with(code));
  }
  /** Whose code it is, before it is mailed. False when it is too old, was used, or died with a change of the password. */
  async assign(tx: Tx, id: string, userId: string): Promise<boolean> {
    return (await assign.count(tx, { id, userId })) === 1;
  }
  /** Those that this user was mailed in the last hour, and how many of them the network asked for that asked for this one. */
  async sentLately(on: Runner, userId: string, except: string): Promise<{ all: number; alike: number }> {
    return (await sentLately.first(on, { userId, except }))!;
  }
  /** Uses a guess up, before it is looked at: many at once have five together (B35). Undefined when there is none left. */
  guess(on: Runner, flowHash: Buffer): Promise<MailedCode | undefined> {
    return guess.first(on, { flowHash });
  }
  /** Of many with the right code, one gets true. */
  async take(tx: Tx, id: string): Promise<boolean> {
    return (await take.count(tx, { id })) === 1;
  }
  deleteOf(tx: Tx, userId: string): void {
    tx.write(deleteOf.with({ userId }));
  }
  deleteExpired(tx: Tx): void {
    tx.write(deleteExpired.with({}));
  }
}
