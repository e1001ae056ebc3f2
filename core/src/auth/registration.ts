import { type Caller, type Compose, type Database, type EventLog, type Jobs, type Mail, type Tx, uuidv7 } from '@plinth/kit';
import { createHash, createHmac } from 'node:crypto';
import type { AccessApi } from '../access/index.ts';
import { normalizeEmail, type User, type UsersApi } from '../users/index.ts';
import {
  accountClaimed,
  accountExists,
  confirmAddress,
  type Confirming,
  InvalidCredentials,
  InvalidLink,
  type Registering,
  sendRegistration,
} from './contract.ts';
import type { NewPasswords } from './new-passwords.ts';
import type { AuthRepository } from './repository.ts';
import type { Sessions } from './sessions.ts';

interface Deps {
  readonly db: Database;
  readonly jobs: Jobs;
  readonly mail: Mail;
  readonly compose: Compose;
  readonly users: UsersApi;
  readonly access: AccessApi;
  readonly log: EventLog;
  readonly sessions: Sessions;
  readonly newPasswords: NewPasswords;
  readonly repository: AuthRepository;
  /** Without a trailing slash: the only thing that links are built from (B24). */
  readonly baseUrl: string;
  /** Makes link tokens. */
  readonly linkKey: Buffer;
}
/** One address gets at most so many mails an hour, whoever asks (B28). */
const MAILS_AN_HOUR = 3;

/** From asking for an account to having one. */
export class Registration {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Does the same work for every address, and never looks whether it is known: only the mail tells, to its owner (B22). */
  async register(_caller: Caller, { email, displayName }: Registering): Promise<{ message: string }> {
    const { db, jobs, repository } = this.#deps;
    const id = uuidv7();
    await db.transaction(async (tx) => {
      repository.insertRegistration(tx, { id, email, emailNormalized: normalizeEmail(email), displayName });
      await jobs.enqueue(tx, sendRegistration, { registrationId: id });
    });
    return { message: 'We have sent a mail to this address: open its link to go on' };
  }

  /**
   * The mail. The token is derived from the registration, so that a second attempt of this job mails the same link;
   * it is stored hashed only, and gone once used.
   */
  async send(registrationId: string): Promise<void> {
    const { db, mail, compose, users, repository, baseUrl } = this.#deps;
    const token = createHmac('sha256', this.#deps.linkKey).update(registrationId).digest('base64url');
    // Counted and marked as sent in one transaction that holds the address: mails that start at once do not all see none.
    const found = await db.transaction(async (tx) => {
      const registration = await repository.registrationToSend(tx, registrationId);
      if (!registration || registration.sentLately >= MAILS_AN_HOUR) return null;
      const known = (await users.findByEmail(tx, registration.email)) !== undefined;
      await repository.armRegistration(tx, registrationId, known ? null : hashOf(token));
      return { email: registration.email, known };
    });
    if (!found) return;
    const { email, known } = found;
    if (known) {
      await mail.send({ id: registrationId, to: email, ...compose(accountExists, { baseUrl }) });
      return;
    }
    // A fragment is never sent to a server: the token stays out of access logs, proxies and Referer headers.
    const link = `${baseUrl}/auth/confirm#token=${token}`;
    await mail.send({ id: registrationId, to: email, ...compose(confirmAddress, { link }) });
  }

  /**
   * The password comes from the one who proves the address, never from the one who asked: anybody may have asked (B22).
   * A refused password leaves the link as it was.
   * @throws InvalidLink when the token was used, is too old or never was; PasswordRefused
   */
  async confirm(caller: Caller, { token, password }: Confirming): Promise<User> {
    const { db, users, access, newPasswords, repository } = this.#deps;
    const tokenHash = hashOf(token);
    // Before any hashing: whoever has no link costs one read.
    const pending = await repository.pendingRegistration(db, tokenHash);
    if (!pending) throw new InvalidLink();
    const passwordHash = await newPasswords.hash(password, [pending.email, pending.displayName]);
    return db.transaction(async (tx) => {
      const registration = await repository.takeRegistration(tx, tokenHash);
      if (!registration) throw new InvalidLink({ reason: 'used while the password was hashed' });
      const user = await users.create(caller, tx, { email: registration.email, displayName: registration.displayName, verified: true });
      repository.insertCredential(tx, user.id, passwordHash);
      await access.assign(caller, tx, { userId: user.id, role: 'member' });
      return user;
    });
  }

  /**
   * The user's address was just proved. If nobody had proved it before, whoever set the account up may be someone else: its
   * password, sessions, factors and links go first (B48).
   * @throws InvalidCredentials when the user is not active
   */
  async claim(caller: Caller, tx: Tx, userId: string): Promise<void> {
    const { log, users, sessions, repository } = this.#deps;
    const user = await users.lockActive(tx, userId);
    if (!user) throw new InvalidCredentials({ reason: 'not-active' });
    if (user.emailVerifiedAt !== null) return;
    await sessions.endAll(tx, userId, 'claimed');
    repository.eraseUser(tx, userId);
    await users.markVerified(caller, tx, userId);
    await log.publish(tx, caller, accountClaimed, { userId }, { about: userId });
  }
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
