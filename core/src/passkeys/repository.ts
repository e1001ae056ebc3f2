import { prepare, queryBuilder, type Runner, type Tx } from '@plinth/kit';
import { sql } from 'kysely';
import type { Tables } from './tables.ts';

const q = queryBuilder<Tables>();
const now = sql<string>`now()`;

export type CeremonyKind = 'register' | 'enrol' | 'sign-in' | 'second' | 'step-up';
export interface Ceremony {
  readonly challengeHash: Buffer;
  readonly kind: CeremonyKind;
  readonly boundTo: string;
}
export interface Credential {
  readonly factorId: string;
  readonly userId: string;
  readonly credentialId: string;
  readonly publicKey: Buffer;
  readonly counter: number;
  readonly transports: string[];
}
export interface NewCredential extends Credential {
  readonly aaguid: string;
  readonly backedUp: boolean;
  readonly label: string;
}
const shown = [
  'factor_id as id',
  'label',
  'aaguid',
  'backed_up as backedUp',
  'created_at as createdAt',
  'last_used_at as lastUsedAt',
] as const;

const begin = prepare<Ceremony>()((bind) =>
  q.insertInto('passkeys.ceremonies').values({ challenge_hash: bind('challengeHash'), kind: bind('kind'), bound_to: bind('boundTo') }),
);
const take = prepare<Ceremony>()((bind) =>
  q
    .deleteFrom('passkeys.ceremonies')
    .where('challenge_hash', '=', bind('challengeHash'))
    .where('kind', '=', bind('kind'))
    .where('bound_to', '=', bind('boundTo'))
    .where('expires_at', '>', now),
);
const find = prepare<{ credentialId: string }>()((bind) =>
  q
    .selectFrom('passkeys.credentials')
    .select([
      'factor_id as factorId',
      'user_id as userId',
      'credential_id as credentialId',
      'public_key as publicKey',
      'counter',
      'transports',
    ])
    .where('credential_id', '=', bind('credentialId')),
);
const ofUser = prepare<{ userId: string }>()((bind) =>
  q
    .selectFrom('passkeys.credentials')
    .select([...shown, 'credential_id as credentialId', 'transports'])
    .where('user_id', '=', bind('userId'))
    .orderBy('created_at')
    .limit(100),
);
const insert = prepare<NewCredential>()((bind) =>
  q
    .insertInto('passkeys.credentials')
    .values({
      factor_id: bind('factorId'),
      user_id: bind('userId'),
      credential_id: bind('credentialId'),
      public_key: bind('publicKey'),
      counter: bind('counter'),
      transports: bind('transports'),
      aaguid: bind('aaguid'),
      backed_up: bind('backedUp'),
      label: bind('label'),
    })
    .returning(shown),
);
// Only forwards: two answers at once with one count cannot both be right. Where it does not count, 0 stays 0.
const use = prepare<{ factorId: string; counter: number; backedUp: boolean }>()((bind) =>
  q
    .updateTable('passkeys.credentials')
    .set({ counter: bind('counter'), backed_up: bind('backedUp'), last_used_at: now })
    .where('factor_id', '=', bind('factorId'))
    .where(sql<boolean>`(counter < ${bind('counter')}::bigint or (counter = 0 and ${bind('counter')}::bigint = 0))`),
);
const rename = prepare<{ userId: string; id: string; label: string }>()((bind) =>
  q
    .updateTable('passkeys.credentials')
    .set({ label: bind('label') })
    .where('factor_id', '=', bind('id'))
    .where('user_id', '=', bind('userId'))
    .returning(shown),
);
const deleteExpired = prepare<object>()(() => q.deleteFrom('passkeys.ceremonies').where('expires_at', '<', now));

export class PasskeysRepository {
  async begin(on: Runner, ceremony: Ceremony): Promise<void> {
    await begin.count(on, ceremony);
  }
  /** Uses the challenge up: of many who answer it, one gets true; nor is it good for another kind, session or sign-in (B45). */
  async take(on: Runner, ceremony: Ceremony): Promise<boolean> {
    return (await take.count(on, ceremony)) === 1;
  }
  find(on: Runner, credentialId: string): Promise<Credential | undefined> {
    return find.first(on, { credentialId });
  }
  ofUser(on: Runner, userId: string) {
    return ofUser.all(on, { userId });
  }
  async insert(tx: Tx, credential: NewCredential) {
    return (await insert.first(tx, credential))!;
  }
  /** False when it counted backwards. */
  async use(tx: Tx, factorId: string, counter: number, backedUp: boolean): Promise<boolean> {
    return (await use.count(tx, { factorId, counter, backedUp })) === 1;
  }
  rename(tx: Tx, userId: string, id: string, label: string) {
    return rename.first(tx, { userId, id, label });
  }
  deleteExpired(tx: Tx): void {
    tx.write(deleteExpired.with({}));
  }
}
