import { type Caller, type Database, type EventLog, Forbidden, type SignedIn } from '@plinth/kit';
import type { User, UsersApi } from '../users/index.ts';
import { normalizeEmail, UserNotFound } from '../users/index.ts';
import {
  type Delivery,
  InvalidCredentials,
  NewPassword,
  passwordChanged,
  type PasswordChange,
  type SigningIn,
  WrongPassword,
} from './contract.ts';
import type { Hashing } from './hashing.ts';
import { assertGoodPassword } from './password-policy.ts';
import type { AuthRepository } from './repository.ts';
import type { IssuedSession, Sessions } from './sessions.ts';
import type { SessionsRepository } from './sessions.repository.ts';

interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly users: UsersApi;
  readonly hashing: Hashing;
  readonly repository: AuthRepository;
  readonly sessions: Sessions;
  readonly sessionRows: SessionsRepository;
}
/** Whose credential is asked for when nobody has the address: the query takes the same time. */
const NO_USER = '00000000-0000-0000-0000-000000000000';

/** The password as a factor: proving it, changing it. Hashing is done between transactions, never in one. */
export class Passwords {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws InvalidCredentials, the same in answer and time for an unknown address, a wrong password and a user who may not sign in. */
  async signIn(caller: Caller, { email, password, delivery }: SigningIn): Promise<IssuedSession> {
    const { db, log, users, hashing, repository, sessions } = this.#deps;
    const user = await users.findByEmail(db.lane, email);
    const credential = await repository.credential(db.lane, user?.id ?? NO_USER);
    const matches = await hashing.verify(password, credential?.passwordHash ?? null);
    if (!user) throw new InvalidCredentials({ reason: 'unknown' });
    const refuse = (reason: string): Error => {
      log.refused(caller, { code: InvalidCredentials.code, reason, account: user.id });
      return new InvalidCredentials({ reason });
    };
    if (!credential || !matches) throw refuse('wrong-password');
    if (user.status !== 'active') throw refuse(user.status);
    const opened = await db.transaction(async (tx) => {
      const [held, session] = await Promise.all([
        repository.holdCredential(tx, user.id, credential.version),
        sessions.open(caller, tx, { userId: user.id, factors: ['password'], delivery }),
      ]);
      // Changed while we hashed: what was proved is no longer the password.
      if (!held) throw refuse('password-changed');
      return session;
    });
    return sessions.issue(opened);
  }

  /** Ends all sessions and pending links of the user; the caller goes on in a new session (B9, B18). */
  async change(caller: SignedIn, { currentPassword, newPassword }: PasswordChange): Promise<IssuedSession> {
    const { db, log, hashing, repository, sessions, sessionRows } = this.#deps;
    if (caller.principal.impersonator) throw new Forbidden({ reason: 'impersonated' });
    const user = await this.#existing(caller.userId);
    assertGoodPassword(newPassword, [user.email, user.displayName]);
    const credential = await repository.credential(db, user.id);
    if (!credential || !(await hashing.verify(currentPassword, credential.passwordHash))) {
      log.refused(caller, { code: WrongPassword.code, reason: 'wrong-password' });
      throw new WrongPassword();
    }
    const passwordHash = await hashing.hash(newPassword);
    const state = caller.sessionId === null ? undefined : await sessionRows.state(db, caller.sessionId);
    const opened = await db.transaction(async (tx) => {
      if (!(await repository.replaceCredential(tx, user.id, credential.version, passwordHash)))
        throw new WrongPassword({ reason: 'changed meanwhile' });
      repository.deleteRegistrations(tx, normalizeEmail(user.email));
      return sessions.renew(caller, tx, {
        userId: user.id,
        factors: ['password'],
        delivery: (state?.delivery as Delivery | undefined) ?? 'body',
      });
    });
    return sessions.issue(opened);
  }

  /** Sets a password without the old one, for operators; ends all sessions. @throws PasswordRefused, ZodError when too short or too long */
  async set(caller: Caller, userId: string, password: string): Promise<void> {
    const { db, log, hashing, repository, sessions } = this.#deps;
    const user = await this.#existing(userId);
    const normalized = NewPassword.parse(password);
    assertGoodPassword(normalized, [user.email, user.displayName]);
    const passwordHash = await hashing.hash(normalized);
    await db.transaction(async (tx) => {
      repository.setCredential(tx, userId, passwordHash);
      repository.deleteRegistrations(tx, normalizeEmail(user.email));
      await sessions.endAll(tx, userId, 'password-changed');
      await log.publish(tx, caller, passwordChanged, { userId }, { about: userId });
    });
  }

  async #existing(userId: string): Promise<User> {
    const user = await this.#deps.users.find(this.#deps.db, userId);
    if (!user) throw new UserNotFound({ userId });
    return user;
  }
}
