import { prepare, queryBuilder, type Runner, type Tx } from '@plinth/kit';
import { sql } from 'kysely';
import type { Tables } from './tables.ts';

const q = queryBuilder<Tables>();
const now = sql<string>`now()`;
const epoch = sql<number>`extract(epoch from now())::float8`;

/** Seconds of the database's clock go along: its time decides about codes. */
export interface StoredTotp {
  readonly factorId: string;
  readonly secret: string;
  readonly lastStep: number;
  readonly now: number;
}

const startEnrolment = prepare<{ userId: string; secret: string }>()((bind) =>
  q
    .insertInto('mfa.enrolments')
    .values({ user_id: bind('userId'), secret: bind('secret') })
    .onConflict((conflict) =>
      conflict.column('user_id').doUpdateSet({
        secret: sql<string>`excluded.secret`,
        created_at: now,
        expires_at: sql<string>`now() + interval '15 minutes'`,
      }),
    )
    .returning(sql<number>`extract(epoch from expires_at - now())::float8`.as('remaining')),
);
const enrolment = prepare<{ userId: string }>()((bind) =>
  q
    .selectFrom('mfa.enrolments')
    .select(['secret', epoch.as('now')])
    .where('user_id', '=', bind('userId'))
    .where('expires_at', '>', now),
);
const takeEnrolment = prepare<{ userId: string; secret: string }>()((bind) =>
  q.deleteFrom('mfa.enrolments').where('user_id', '=', bind('userId')).where('secret', '=', bind('secret')),
);
const totp = prepare<{ userId: string }>()((bind) =>
  q
    .selectFrom('mfa.totp')
    .select(['factor_id as factorId', 'secret', 'last_step as lastStep', epoch.as('now')])
    .where('user_id', '=', bind('userId')),
);
const insertTotp = prepare<{ factorId: string; userId: string; secret: string; step: number }>()((bind) =>
  q
    .insertInto('mfa.totp')
    .values({ factor_id: bind('factorId'), user_id: bind('userId'), secret: bind('secret'), last_step: bind('step') }),
);
const useStep = prepare<{ factorId: string; step: number }>()((bind) =>
  q
    .updateTable('mfa.totp')
    .set({ last_step: bind('step'), last_used_at: now })
    .where('factor_id', '=', bind('factorId'))
    .where('last_step', '<', bind('step')),
);
const insertCodes = prepare<{ userId: string; hashes: Buffer[] }>()((bind) =>
  q
    .insertInto('mfa.recovery_codes')
    .columns(['user_id', 'code_hash'])
    .expression(
      q.selectNoFrom([sql<string>`${bind('userId')}::uuid`.as('user_id'), sql<Buffer>`unnest(${bind('hashes')}::bytea[])`.as('code_hash')]),
    ),
);
const useCode = prepare<{ userId: string; hash: Buffer }>()((bind) =>
  q.deleteFrom('mfa.recovery_codes').where('user_id', '=', bind('userId')).where('code_hash', '=', bind('hash')),
);
const deleteCodes = prepare<{ userId: string }>()((bind) => q.deleteFrom('mfa.recovery_codes').where('user_id', '=', bind('userId')));
const countCodes = prepare<{ userId: string }>()((bind) =>
  q
    .selectFrom('mfa.recovery_codes')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('user_id', '=', bind('userId')),
);
const deleteExpired = prepare<object>()(() => q.deleteFrom('mfa.enrolments').where('expires_at', '<', now));
const deleteEnrolment = prepare<{ userId: string }>()((bind) => q.deleteFrom('mfa.enrolments').where('user_id', '=', bind('userId')));

export class MfaRepository {
  /** Replaces what was begun before. @returns seconds to confirm it. */
  async startEnrolment(tx: Tx, userId: string, secret: string): Promise<number> {
    return (await startEnrolment.first(tx, { userId, secret }))!.remaining;
  }
  enrolment(on: Runner, userId: string): Promise<{ secret: string; now: number } | undefined> {
    return enrolment.first(on, { userId });
  }
  /** Of many who confirm at once, one takes it; false also when another was begun meanwhile. */
  async takeEnrolment(tx: Tx, userId: string, secret: string): Promise<boolean> {
    return (await takeEnrolment.count(tx, { userId, secret })) === 1;
  }
  totp(on: Runner, userId: string): Promise<StoredTotp | undefined> {
    return totp.first(on, { userId });
  }
  insertTotp(tx: Tx, row: { factorId: string; userId: string; secret: string; step: number }): void {
    tx.write(insertTotp.with(row));
  }
  /** The one compare-and-set (B29): of many with one code, one gets true. */
  async useStep(tx: Tx, factorId: string, step: number): Promise<boolean> {
    return (await useStep.count(tx, { factorId, step })) === 1;
  }

  replaceCodes(tx: Tx, userId: string, hashes: Buffer[]): void {
    tx.write(deleteCodes.with({ userId }));
    tx.write(insertCodes.with({ userId, hashes }));
  }
  deleteCodes(tx: Tx, userId: string): void {
    tx.write(deleteCodes.with({ userId }));
  }
  /** Of many who use one code at once, one gets true. */
  async useCode(tx: Tx, userId: string, hash: Buffer): Promise<boolean> {
    return (await useCode.count(tx, { userId, hash })) === 1;
  }
  async countCodes(on: Runner, userId: string): Promise<number> {
    return (await countCodes.first(on, { userId }))!.n;
  }
  deleteEnrolment(tx: Tx, userId: string): void {
    tx.write(deleteEnrolment.with({ userId }));
  }
  deleteExpired(tx: Tx): void {
    tx.write(deleteExpired.with({}));
  }
}
