import { type Caller, type Database, type EventLog, Forbidden, type SignedIn, type Tx } from '@plinth/kit';
import type { User, UsersApi } from '../users/index.ts';
import { normalizeEmail, UserNotFound } from '../users/index.ts';
import {
  InvalidCredentials,
  NewPassword,
  passwordChanged,
  type PasswordChange,
  passwordImported,
  type SigningIn,
  WrongPassword,
} from './contract.ts';
import type { Attempts } from './attempts.ts';
import type { Gate, Proved } from './gate.ts';
import { type Hashing, isBcrypt } from './hashing.ts';
import type { NewPasswords } from './new-passwords.ts';
import type { AuthRepository, Credential } from './repository.ts';
import type { OpenedSession, Sessions } from './sessions.ts';

interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly users: UsersApi;
  readonly hashing: Hashing;
  readonly newPasswords: NewPasswords;
  readonly repository: AuthRepository;
  readonly sessions: Sessions;
  readonly gate: Gate;
  readonly attempts: Attempts;
}
/** What became of a hash; anything but `imported` has changed nothing. */
export type PasswordImport = 'imported' | 'has-password' | 'unsupported';
/** Whose credential is asked for when nobody has the address: the query takes the same time. */
const NO_USER = '00000000-0000-0000-0000-000000000000';

/** The password as a factor: proving it, changing it. Hashing is done between transactions, never in one. */
export class Passwords {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * @throws InvalidCredentials, the same in answer and time for an unknown address, a wrong password and a user who may not sign
   * in; TooManyAttempts, for unknown addresses too
   */
  async signIn(caller: Caller, { email, password, delivery }: SigningIn): Promise<Proved> {
    const { db, log, users, hashing, repository, gate, attempts } = this.#deps;
    const counted = attempts.of(caller, 'password', email);
    const [user] = await Promise.all([users.findByEmail(db.lane, email), attempts.check(db.lane, counted)]);
    const credential = await repository.credential(db.lane, user?.id ?? NO_USER);
    // Whoever may not sign in has no password that is right: one that were would be the only guess that neither counts nor takes as long.
    const usable = user?.status === 'active' ? credential : undefined;
    const matches = await this.#matches(password, usable);
    if (!user) {
      await attempts.failed(counted);
      throw new InvalidCredentials({ reason: 'unknown' });
    }
    const refuse = (reason: string): Error => {
      log.refused(caller, { code: InvalidCredentials.code, reason, account: user.id });
      return new InvalidCredentials({ reason });
    };
    if (!usable || !matches) {
      const refusal = refuse(user.status === 'active' ? 'wrong-password' : user.status);
      await attempts.failed(counted);
      throw refusal;
    }
    const stronger = hashing.isOutdated(usable.passwordHash) ? await hashing.hash(password) : null;
    return db.transaction(async (tx) => {
      const [, held, hadFailed, proved] = await Promise.all([
        users.holdActive(tx, user.id), // before the credential, as whoever replaces it does
        stronger === null
          ? repository.holdCredential(tx, user.id, usable.version)
          : repository.rehashCredential(tx, user.id, usable, stronger),
        attempts.check(tx, counted),
        gate.prove(caller, tx, { userId: user.id, factor: 'password', delivery }),
      ]);
      // Changed while we hashed: what was proved is no longer the password.
      if (!held) throw refuse('password-changed');
      if (hadFailed) attempts.clear(tx, counted);
      return proved;
    });
  }

  /** Proves the password of the session's own user again (RFC 9470). @throws WrongPassword, TooManyAttempts */
  async stepUp(caller: SignedIn, password: string): Promise<Proved> {
    const { db, users, repository, gate, attempts } = this.#deps;
    const { user, credential, counted } = await this.#proved(caller, password);
    return db.transaction(async (tx) => {
      const [, held, hadFailed] = await Promise.all([
        users.holdActive(tx, user.id),
        repository.holdCredential(tx, user.id, credential.version),
        attempts.check(tx, counted),
      ]);
      if (!held) throw new WrongPassword({ reason: 'changed' });
      if (hadFailed) attempts.clear(tx, counted);
      return gate.prove(caller, tx, { userId: user.id, factor: 'password', delivery: 'body', replaces: caller.sessionId });
    });
  }

  /** Ends all sessions and pending links of the user; the caller goes on in a new session (B9, B18). */
  async change(caller: SignedIn, { currentPassword, newPassword }: PasswordChange): Promise<OpenedSession> {
    const { db, users, newPasswords, repository, sessions, attempts } = this.#deps;
    const { user, credential, counted } = await this.#proved(caller, currentPassword);
    const passwordHash = await newPasswords.hash(newPassword, [user.email, user.displayName], 'newPassword');
    return db.transaction(async (tx) => {
      const [, hadFailed] = await Promise.all([users.holdActive(tx, user.id), attempts.check(tx, counted)]);
      if (hadFailed) attempts.clear(tx, counted);
      if (!(await repository.replaceCredential(tx, user.id, credential.version, passwordHash)))
        throw new WrongPassword({ reason: 'changed meanwhile' });
      repository.deleteRegistrations(tx, normalizeEmail(user.email));
      return sessions.renew(caller, tx, user.id, caller.sessionId!);
    });
  }

  /** Sets a password without the old one, for operators; ends all sessions. @throws PasswordRefused, ZodError when too short or too long */
  async set(caller: Caller, userId: string, password: string): Promise<void> {
    const user = await this.#existing(userId);
    const passwordHash = await this.hashed(NewPassword.parse(password), user);
    await this.#deps.db.transaction((tx) => this.put(caller, tx, user, passwordHash));
  }
  /** What is stored for a new password of this user. @throws PasswordRefused */
  async hashed(password: string, user: User): Promise<string> {
    return this.#deps.newPasswords.hash(password, [user.email, user.displayName]);
  }
  /** Stores it in place of the old one; ends all sessions, challenges and links of the user (B18). */
  async put(caller: Caller, tx: Tx, { id: userId, email }: User, passwordHash: string): Promise<void> {
    const { log, repository, sessions } = this.#deps;
    repository.setCredential(tx, userId, passwordHash);
    repository.deleteRegistrations(tx, normalizeEmail(email));
    await sessions.endAll(tx, userId, 'password-changed');
    await log.publish(tx, caller, passwordChanged, { userId }, { about: userId });
  }

  /**
   * Stores the bcrypt hash that another system made (`$2a$`, `$2b$`, `$2y$`, cost 4 to 12), for a user who has no password yet;
   * their first right sign-in replaces it by one of ours. So an import can run again: it undoes no change. Whose hash is of
   * another kind takes a new password by mail.
   * @throws UserNotFound when nobody active has this id
   */
  async import(caller: Caller, tx: Tx, userId: string, hash: string): Promise<PasswordImport> {
    const { users, repository, log } = this.#deps;
    if (!isBcrypt(hash)) return 'unsupported';
    if (!(await users.lockActive(tx, userId))) throw new UserNotFound({ userId });
    if (!(await repository.importCredential(tx, userId, hash))) return 'has-password';
    await log.publish(tx, caller, passwordImported, { userId }, { about: userId });
    return 'imported';
  }

  #matches(password: string, credential: Credential | undefined): Promise<boolean> {
    const { db, hashing, repository } = this.#deps;
    return hashing.verify(password, credential?.passwordHash ?? null, () => repository.dearestImported(db.lane));
  }
  /** Whose password this is: the caller's, in a session of their own. */
  async #proved(caller: SignedIn, password: string) {
    const { db, log, repository, attempts } = this.#deps;
    if (caller.principal.impersonator) throw new Forbidden({ reason: 'impersonated' });
    const user = await this.#existing(caller.userId);
    const counted = attempts.of(caller, 'password', user.email);
    await attempts.check(db, counted);
    const credential = await repository.credential(db, user.id);
    if (!(await this.#matches(password, credential)) || !credential) {
      log.refused(caller, { code: WrongPassword.code, reason: 'wrong-password' });
      await attempts.failed(counted);
      throw new WrongPassword();
    }
    return { user, credential, counted };
  }
  async #existing(userId: string): Promise<User> {
    const user = await this.#deps.users.find(this.#deps.db, userId);
    if (!user) throw new UserNotFound({ userId });
    return user;
  }
}
