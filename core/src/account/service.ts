import {
  type Caller,
  type Compose,
  type Database,
  type EventLog,
  type Jobs,
  type Mail,
  type Seal,
  type SignedIn,
  type Tx,
  uuidv7,
} from '@plinth/kit';
import type { AccessApi } from '../access/index.ts';
import { type AuthApi, InvalidLink, type Session, SessionNotFound } from '../auth/index.ts';
import { normalizeEmail, type User, UserNotFound, type UsersApi } from '../users/index.ts';
import {
  addressTakenMail,
  newAddressMail,
  oldAddressMail,
  passwordChangedMail,
  resetMail,
  SameEmail,
  sendChange,
  sendReset,
  sendVerification,
  sessionEnded,
  sessionsEnded,
  tellOldAddress,
  verifyMail,
} from './contract.ts';

interface Deps {
  readonly db: Database;
  readonly jobs: Jobs;
  readonly mail: Mail;
  readonly compose: Compose;
  readonly seal: Seal;
  readonly log: EventLog;
  readonly users: UsersApi;
  readonly access: AccessApi;
  readonly auth: AuthApi;
}
const MINUTE = 60;
const RESET = 'account.reset-password';
const VERIFY = 'account.verify-email';
const CHANGE = 'account.change-email';
const SENT = { message: 'If there is an account with this address, we have sent it a mail' };

/** The life of an account beside signing in: everything that a mailed link proves. */
export class AccountService {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  // ---- A new password without the old one

  /** Looks nothing up: only the mail tells (B21). */
  async forgotPassword(caller: Caller, tx: Tx, email: string): Promise<typeof SENT> {
    const { jobs, auth } = this.#deps;
    await jobs.enqueue(tx, sendReset, { requestId: uuidv7(), email: this.#sealed(email), network: auth.attempts.network(caller) });
    return SENT;
  }
  async sendReset(requestId: string, sealed: string, network?: string): Promise<void> {
    const { db, mail, compose, users, auth } = this.#deps;
    const user = await users.findByEmail(db, this.#opened(sealed));
    if (user?.status !== 'active') return;
    const link = await auth.links.create(user, { id: requestId, purpose: RESET, path: '/auth/reset', seconds: 30 * MINUTE, network });
    if (link !== null) await mail.send({ id: requestId, to: user.email, ...compose(resetMail, { link }) });
  }
  /** Opens no session (B26). @throws InvalidLink, PasswordRefused */
  async resetPassword(caller: Caller, token: string, password: string): Promise<void> {
    const { db, users, auth } = this.#deps;
    // Before any hashing: whoever has no link costs one read.
    const { userId } = await auth.links.find(db, RESET, token);
    const user = await users.find(db, userId);
    if (!user) throw new InvalidLink();
    const passwordHash = await auth.hashPassword(password, user);
    await db.transaction(async (tx) => {
      const { user: held } = await auth.links.take(tx, RESET, token);
      await auth.claim(caller, tx, userId); // whoever has the mail has the address
      await auth.putPassword(caller, tx, held, passwordHash);
      auth.links.drop(tx, userId);
    });
  }

  // ---- The address

  async askVerification(caller: SignedIn, tx: Tx): Promise<{ message: string }> {
    const user = await this.#existing(tx, caller.userId);
    if (user.emailVerifiedAt === null) await this.#deps.jobs.enqueue(tx, sendVerification, { requestId: uuidv7(), userId: user.id });
    return { message: user.emailVerifiedAt === null ? 'We have sent a mail to your address' : 'Your address is proved already' };
  }
  async sendVerification(requestId: string, userId: string): Promise<void> {
    const { db, mail, compose, users, auth } = this.#deps;
    const user = await users.find(db, userId);
    if (user?.status !== 'active' || user.emailVerifiedAt !== null) return;
    const link = await auth.links.create(user, {
      id: requestId,
      purpose: VERIFY,
      path: '/auth/verify',
      seconds: 24 * 60 * MINUTE,
      data: { email: normalizeEmail(user.email) },
    });
    if (link !== null) await mail.send({ id: requestId, to: user.email, ...compose(verifyMail, { link }) });
  }
  async verifyEmail(caller: Caller, tx: Tx, token: string): Promise<void> {
    const { users, auth } = this.#deps;
    const { user, data } = await auth.links.take(tx, VERIFY, token);
    if (normalizeEmail(user.email) !== data['email']) throw new InvalidLink();
    await users.markVerified(caller, tx, user.id);
  }

  /** Looks not whether the address is taken: only the mail tells, to its owner (B22). */
  async changeEmail(caller: SignedIn, tx: Tx, email: string): Promise<{ message: string }> {
    const { jobs } = this.#deps;
    const user = await this.#existing(tx, caller.userId);
    if (normalizeEmail(user.email) === normalizeEmail(email)) throw new SameEmail();
    await jobs.enqueue(tx, sendChange, { requestId: uuidv7(), userId: user.id, email: this.#sealed(email) });
    await jobs.enqueue(tx, tellOldAddress, { email: this.#sealed(user.email), changed: false });
    return { message: 'We have sent a mail to the new address: open its link to go on' };
  }
  async sendChange(requestId: string, userId: string, sealed: string): Promise<void> {
    const { db, mail, compose, users, auth } = this.#deps;
    const email = this.#opened(sealed);
    const user = await users.find(db, userId);
    if (user?.status !== 'active') return;
    const taken = (await users.findByEmail(db, email)) !== undefined;
    const link = await auth.links.create(user, {
      id: requestId,
      purpose: CHANGE,
      path: '/auth/change-email',
      seconds: 60 * MINUTE,
      data: { email },
    });
    if (link !== null)
      await mail.send({ id: requestId, to: email, ...(taken ? compose(addressTakenMail, {}) : compose(newAddressMail, { link })) });
  }
  /** @throws InvalidLink; EmailTaken (by the constraint) when someone was faster */
  async confirmEmail(caller: Caller, tx: Tx, token: string): Promise<void> {
    const { users, auth, jobs } = this.#deps;
    const { userId, data, user: before } = await auth.links.take(tx, CHANGE, token);
    await users.changeEmail(caller, tx, userId, data['email'] as string);
    auth.links.drop(tx, userId); // what the old address was sent opens nothing any more (B18)
    await jobs.enqueue(tx, tellOldAddress, { email: this.#sealed(before.email), changed: true });
  }
  async tellOldAddress(id: string, sealed: string, changed: boolean): Promise<void> {
    await this.#deps.mail.send({ id, to: this.#opened(sealed), ...this.#deps.compose(oldAddressMail, { changed }) });
  }
  async tellPasswordChanged(id: string, userId: string): Promise<void> {
    const user = await this.#deps.users.find(this.#deps.db, userId);
    if (user?.status === 'active') await this.#deps.mail.send({ id, to: user.email, ...this.#deps.compose(passwordChangedMail, {}) });
  }

  // ---- Sessions

  async signOutEverywhere(caller: SignedIn, tx: Tx): Promise<void> {
    await this.#endSessions(caller, tx, caller.userId);
  }
  /** @throws GrantExceedsOwn toward someone of more privilege (B88) */
  async endSessionsOf(caller: Caller, tx: Tx, userId: string, reason: string): Promise<void> {
    if (!(await this.#deps.users.find(tx, userId))) throw new UserNotFound({ userId });
    await this.#deps.access.outrank(caller, tx, userId);
    await this.#endSessions(caller, tx, userId, reason);
  }

  /** @throws UserNotFound */
  async sessionsOf(caller: Caller, userId: string): Promise<Session[]> {
    if (!(await this.#deps.users.find(this.#deps.db, userId))) throw new UserNotFound({ userId });
    return this.#deps.auth.sessionsOf(caller, userId);
  }
  /** @throws GrantExceedsOwn toward someone of more privilege (B88), SessionNotFound also when it is another's (B12) */
  async endSessionOf(caller: Caller, tx: Tx, userId: string, sessionId: string, reason: string): Promise<void> {
    const { users, access, auth, log } = this.#deps;
    if (!(await users.find(tx, userId))) throw new UserNotFound({ userId });
    await access.outrank(caller, tx, userId);
    if (!(await auth.endSession(tx, userId, sessionId, 'ended-by-administrator'))) throw new SessionNotFound({ sessionId });
    await log.publish(tx, caller, sessionEnded, { userId, sessionId }, { about: userId, reason });
  }

  // ---- Leaving

  async delete(caller: SignedIn, tx: Tx): Promise<void> {
    await this.#deps.users.delete(caller, tx, caller.userId);
  }

  async #endSessions(caller: Caller, tx: Tx, userId: string, reason?: string): Promise<void> {
    await this.#deps.auth.endAll(tx, userId, 'ended-everywhere');
    await this.#deps.log.publish(tx, caller, sessionsEnded, { userId }, { about: userId, ...(reason !== undefined && { reason }) });
  }
  #sealed(email: string): string {
    return this.#deps.seal.seal(email, 'account.email');
  }
  #opened(sealed: string): string {
    return this.#deps.seal.open(sealed, 'account.email') as string;
  }
  async #existing(tx: Tx, userId: string): Promise<User> {
    const user = await this.#deps.users.lockActive(tx, userId);
    if (!user) throw new UserNotFound({ userId });
    return user;
  }
}
