import { prepare, queryBuilder, type Runner, type Tx } from '@plinth/kit';
import { sql } from 'kysely';
import type { Tables } from './tables.ts';

const q = queryBuilder<Tables>();
const now = sql<string>`now()`;
/** Guesses at one code. */
const GUESSES = 5;

export interface MailedCode {
  readonly id: string;
  readonly userId: string;
}

const insert = prepare<MailedCode & { flowHash: Buffer }>()((bind) =>
  q
    .insertInto('passwordless.codes')
    .values({ id: bind('id'), user_id: bind('userId'), flow_hash: bind('flowHash') })
    .onConflict((conflict) => conflict.column('id').doNothing()),
);
const sentLately = prepare<{ userId: string; except: string }>()((bind) =>
  q
    .selectFrom('passwordless.codes')
    .select((eb) => eb.fn.countAll<number>().as('n'))
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
  async insert(tx: Tx, code: MailedCode & { flowHash: Buffer }): Promise<void> {
    await insert.count(tx, code);
  }
  async sentLately(on: Runner, userId: string, except: string): Promise<number> {
    return (await sentLately.first(on, { userId, except }))!.n;
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
