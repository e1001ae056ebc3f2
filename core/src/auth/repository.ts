import { prepare, queryBuilder, type Runner, type Tx } from '@plinth/kit';
import { sql } from 'kysely';
import type { Tables } from './tables.ts';

// Credentials, registrations and signing keys; sessions have a file of their own.
const q = queryBuilder<Tables>();
const now = sql<string>`now()`;

export interface Credential {
  readonly passwordHash: string;
  readonly version: number;
}
export interface Registration {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
}
export interface StoredKey {
  readonly kid: string;
  readonly publicKey: unknown;
  readonly privateKey: string;
  /** Seconds until it signs, by the database's clock; negative when it does. */
  readonly signsIn: number;
  /** Seconds until it verifies no more; null while none follows. */
  readonly verifiesIn: number | null;
}

const credential = prepare<{ userId: string }>()((bind) =>
  q.selectFrom('auth.credentials').select(['password_hash as passwordHash', 'version']).where('user_id', '=', bind('userId')),
);
const holdCredential = prepare<{ userId: string; version: number }>()((bind) =>
  q
    .selectFrom('auth.credentials')
    .select('version')
    .where('user_id', '=', bind('userId'))
    .where('version', '=', bind('version'))
    .forShare(),
);
const insertCredential = prepare<{ userId: string; passwordHash: string }>()((bind) =>
  q.insertInto('auth.credentials').values({ user_id: bind('userId'), password_hash: bind('passwordHash') }),
);
const importCredential = prepare<{ userId: string; passwordHash: string }>()((bind) =>
  q
    .insertInto('auth.credentials')
    .values({ user_id: bind('userId'), password_hash: bind('passwordHash') })
    .onConflict((conflict) => conflict.column('user_id').doNothing()),
);
// The same password, hashed anew: what is bound to its version stays good.
const rehashCredential = prepare<{ userId: string; version: number; from: string; to: string }>()((bind) =>
  q
    .updateTable('auth.credentials')
    .set({ password_hash: bind('to') })
    .where('user_id', '=', bind('userId'))
    .where('version', '=', bind('version'))
    .where('password_hash', '=', bind('from')),
);
const dearestImported = prepare<object>()(
  () =>
    q
      .selectFrom('auth.credentials')
      .select(sql<number | null>`max(substr(password_hash, 5, 2))::int`.as('cost'))
      .where(sql<boolean>`password_hash like '$2%'`), // written out: the partial index is chosen by it
);
const replaceCredential = prepare<{ userId: string; version: number; passwordHash: string }>()((bind) =>
  q
    .updateTable('auth.credentials')
    .set({ password_hash: bind('passwordHash'), version: sql<number>`version + 1`, changed_at: now })
    .where('user_id', '=', bind('userId'))
    .where('version', '=', bind('version')),
);
const setCredential = prepare<{ userId: string; passwordHash: string }>()((bind) =>
  q
    .insertInto('auth.credentials')
    .values({ user_id: bind('userId'), password_hash: bind('passwordHash') })
    .onConflict((conflict) =>
      conflict.column('user_id').doUpdateSet({
        password_hash: sql<string>`excluded.password_hash`,
        version: sql<number>`auth.credentials.version + 1`,
        changed_at: now,
      }),
    ),
);

const insertRegistration = prepare<Registration & { emailNormalized: string }>()((bind) =>
  q.insertInto('auth.registrations').values({
    id: bind('id'),
    email: bind('email'),
    email_normalized: bind('emailNormalized'),
    display_name: bind('displayName'),
  }),
);
const registrationToSend = prepare<{ id: string }>()((bind) =>
  q
    .selectFrom('auth.registrations as r')
    .select((eb) => [
      'r.email',
      eb
        .selectFrom('auth.registrations as other')
        .select(eb.fn.countAll<number>().as('n'))
        .whereRef('other.email_normalized', '=', 'r.email_normalized')
        .whereRef('other.id', '<>', 'r.id')
        .where('other.sent_at', '>', sql<string>`now() - interval '1 hour'`)
        .as('sentLately'),
    ])
    .where('r.id', '=', bind('id'))
    .where('r.expires_at', '>', now),
);
const lockAddress = `select pg_advisory_xact_lock(hashtextextended('auth.registration ' || email_normalized, 0)) from auth.registrations where id = $1`;
const armRegistration = prepare<{ id: string; tokenHash: Buffer | null }>()((bind) =>
  q
    .updateTable('auth.registrations')
    .set({ token_hash: bind('tokenHash'), sent_at: now })
    .where('id', '=', bind('id')),
);
const pendingRegistration = prepare<{ tokenHash: Buffer }>()((bind) =>
  q
    .selectFrom('auth.registrations')
    .select(['id', 'email', 'display_name as displayName'])
    .where('token_hash', '=', bind('tokenHash'))
    .where('expires_at', '>', now),
);
// All pending ones of the address go with the one that is taken, in one statement: two links used at once cannot both win,
// and since both delete the same rows, neither can wait for the other while it waits.
const takeRegistration = prepare<{ tokenHash: Buffer }>()((bind) =>
  q
    .deleteFrom('auth.registrations')
    .where('email_normalized', '=', (eb) =>
      eb
        .selectFrom('auth.registrations')
        .select('email_normalized')
        .where('token_hash', '=', bind('tokenHash'))
        .where('expires_at', '>', now),
    )
    .returning([
      'id',
      'email',
      'display_name as displayName',
      sql<boolean>`token_hash is not distinct from ${bind('tokenHash')}`.as('taken'),
    ]),
);
const deleteRegistrations = prepare<{ emailNormalized: string }>()((bind) =>
  q.deleteFrom('auth.registrations').where('email_normalized', '=', bind('emailNormalized')),
);

const lockKeys = { text: `select pg_advisory_xact_lock(hashtext('auth.signing_keys'))`, values: [] };
const keys = prepare<object>()(() =>
  q
    .selectFrom('auth.signing_keys')
    .select([
      'kid',
      'public_key as publicKey',
      'private_key as privateKey',
      sql<number>`extract(epoch from signs_from - now())::float8`.as('signsIn'),
      sql<number | null>`extract(epoch from verifies_until - now())::float8`.as('verifiesIn'),
    ])
    .where((eb) => eb.or([eb('verifies_until', 'is', null), eb('verifies_until', '>', now)]))
    // Of those that may sign, the one that verifies the longest does: one that was retired while it waited never comes to it.
    .orderBy('verifies_until', (order) => order.desc().nullsFirst()),
);
const insertKey = prepare<{ kid: string; publicKey: string; privateKey: string; leadSeconds: number }>()((bind) =>
  q
    .insertInto('auth.signing_keys')
    .values({
      kid: bind('kid'),
      public_key: bind('publicKey'),
      private_key: bind('privateKey'),
      signs_from: sql<string>`now() + make_interval(secs => ${bind('leadSeconds')})`,
    })
    .returning('signs_from as signsFrom'),
);
const retireKeys = prepare<{ except: string; afterSeconds: number }>()((bind) =>
  q
    .updateTable('auth.signing_keys')
    .set({ verifies_until: sql<string>`now() + make_interval(secs => ${bind('afterSeconds')})` })
    .where('kid', '<>', bind('except'))
    .where('verifies_until', 'is', null),
);
const deleteExpired = [
  { text: 'delete from auth.registrations where expires_at < now()', values: [] },
  { text: 'delete from auth.challenges where expires_at < now()', values: [] },
  { text: `delete from auth.links where expires_at < now() - interval '1 hour'`, values: [] },
  { text: `delete from auth.attempts where failed_at < now() - interval '2 days'`, values: [] },
  { text: `delete from auth.revoked where at < now() - interval '10 minutes'`, values: [] },
  { text: `delete from auth.sessions where least(idle_expires_at, ended_at) < now() - interval '30 days'`, values: [] },
  { text: 'delete from auth.signing_keys where verifies_until < now()', values: [] },
];

const ERASED_WITH_USER = ['sessions', 'challenges', 'links', 'factors', 'credentials'] as const;

/** The SQL on schema `auth`, but for sessions. */
export class AuthRepository {
  credential(on: Runner, userId: string): Promise<Credential | undefined> {
    return credential.first(on, { userId });
  }
  /** Whether the credential is still this one; held so until the transaction ends. */
  async holdCredential(tx: Tx, userId: string, version: number): Promise<boolean> {
    return (await holdCredential.first(tx, { userId, version })) !== undefined;
  }
  insertCredential(tx: Tx, userId: string, passwordHash: string): void {
    tx.write(insertCredential.with({ userId, passwordHash }));
  }
  /** False when there is one. */
  async importCredential(tx: Tx, userId: string, passwordHash: string): Promise<boolean> {
    return (await importCredential.count(tx, { userId, passwordHash })) === 1;
  }
  /** Like `holdCredential`; another sign-in may have stored a hash of the same password first. */
  async rehashCredential(tx: Tx, userId: string, { version, passwordHash }: Credential, to: string): Promise<boolean> {
    if ((await rehashCredential.count(tx, { userId, version, from: passwordHash, to })) === 1) return true;
    return this.holdCredential(tx, userId, version);
  }
  /** The highest cost of the bcrypt hashes that wait for their users; null without any. */
  async dearestImported(on: Runner): Promise<number | null> {
    return (await dearestImported.first(on, {}))!.cost;
  }
  /** False when another change came first. */
  async replaceCredential(tx: Tx, userId: string, version: number, passwordHash: string): Promise<boolean> {
    return (await replaceCredential.count(tx, { userId, version, passwordHash })) === 1;
  }
  setCredential(tx: Tx, userId: string, passwordHash: string): void {
    tx.write(setCredential.with({ userId, passwordHash }));
  }

  insertRegistration(tx: Tx, registration: Registration & { emailNormalized: string }): void {
    tx.write(insertRegistration.with(registration));
  }
  /** Holds the address until the transaction ends. @returns also how many mails it got in the last hour. */
  async registrationToSend(tx: Tx, id: string): Promise<{ email: string; sentLately: number } | undefined> {
    await tx.run({ text: lockAddress, values: [id] });
    const row = await registrationToSend.first(tx, { id }); // a statement of its own: it sees what the lock waited for
    return row && { email: row.email, sentLately: row.sentLately ?? 0 };
  }
  /** Gives the registration its token, or none when the address has an account. */
  async armRegistration(tx: Tx, id: string, tokenHash: Buffer | null): Promise<void> {
    await armRegistration.count(tx, { id, tokenHash });
  }
  /** Whose link this is, while it can be used. */
  pendingRegistration(on: Runner, tokenHash: Buffer): Promise<Registration | undefined> {
    return pendingRegistration.first(on, { tokenHash });
  }
  /** Reads and deletes in one statement: of many who ask, one gets it (B1). Other pending ones of the address are gone too. */
  async takeRegistration(tx: Tx, tokenHash: Buffer): Promise<Registration | undefined> {
    return (await takeRegistration.all(tx, { tokenHash })).find(({ taken }) => taken);
  }
  deleteRegistrations(tx: Tx, emailNormalized: string): void {
    tx.write(deleteRegistrations.with({ emailNormalized }));
  }

  /** Makes nodes that rotate at the same time do so one after the other. */
  async lockKeys(tx: Tx): Promise<void> {
    await tx.run(lockKeys);
  }
  /** Those that still verify, the one that does so the longest first. */
  keys(on: Runner): Promise<StoredKey[]> {
    return keys.all(on, {});
  }
  async insertKey(tx: Tx, key: { kid: string; publicKey: string; privateKey: string; leadSeconds: number }): Promise<string> {
    return (await insertKey.first(tx, key))!.signsFrom;
  }
  retireKeys(tx: Tx, except: string, afterSeconds: number): void {
    tx.write(retireKeys.with({ except, afterSeconds }));
  }
  /** Everything that is the user's. Sessions of others that they impersonated keep only the id. */
  eraseUser(tx: Tx, userId: string): void {
    for (const table of ERASED_WITH_USER) tx.write({ text: `delete from auth.${table} where user_id = $1`, values: [userId] });
  }
  deleteExpired(tx: Tx): void {
    for (const statement of deleteExpired) tx.write(statement);
  }
}
