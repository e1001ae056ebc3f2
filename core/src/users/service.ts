import {
  PreconditionFailed,
  uuidv7,
  type Caller,
  type Database,
  type EventLog,
  type Page,
  type PageRequest,
  type Runner,
  type SignedIn,
  type Tx,
} from '@plinth/kit';
import {
  UserAlreadyDeleted,
  userCreated,
  userDeleted,
  userEmailChanged,
  UserErased,
  userErased,
  userEmailVerified,
  UserNotActive,
  UserNotFound,
  UserNotSuspended,
  userProfileChanged,
  userRestored,
  userSuspended,
  type NewUser,
  type ProfileChange,
  type User,
  type UserFilter,
} from './contract.ts';
import { normalizeEmail } from './fields.ts';
import type { UsersListRepository } from './list.repository.ts';
import type { UsersRepository } from './repository.ts';

interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly users: UsersRepository;
  readonly lists: UsersListRepository;
}

export class UsersService {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  // ---- For operations -----------------------------------------------------------------------------

  me(caller: SignedIn): Promise<User> {
    return this.#existing(this.#deps.db, caller.userId);
  }
  get(_caller: Caller, userId: string): Promise<User> {
    return this.#existing(this.#deps.db, userId);
  }
  list(_caller: Caller, filter: UserFilter, paging: PageRequest): Promise<Page<User>> {
    return this.#deps.lists.list(this.#deps.db, filter, paging);
  }
  async statistics(_caller: Caller) {
    const { total, active, suspended, deleted, ...registered } = await this.#deps.users.statistics(this.#deps.db);
    return { total, byStatus: { active, suspended, deleted }, registered };
  }

  /** @param version what the change was made from; null changes whatever is there. */
  async changeProfile(caller: SignedIn, tx: Tx, change: ProfileChange, version: number | null): Promise<User> {
    const before = await this.#deps.users.findForUpdate(tx, caller.userId);
    if (!before) throw new UserNotFound({ userId: caller.userId });
    if (version !== null && before.version !== version) throw new PreconditionFailed({ expected: version, actual: before.version });
    const after = await this.#deps.users.changeProfile(tx, before.id, change);
    await this.#deps.log.publish(tx, caller, userProfileChanged, { userId: before.id }, { before, after, about: before.id });
    return after;
  }

  /** Ends the user's sessions in the same transaction: whoever holds sessions reacts to the fact while it is open. */
  async suspend(caller: Caller, tx: Tx, userId: string, reason: string): Promise<User> {
    const before = await this.#held(tx, userId);
    if (before.status !== 'active') throw new UserNotActive({ userId, status: before.status });
    const after = await this.#deps.users.setStatus(tx, userId, 'suspended');
    await this.#deps.log.publish(tx, caller, userSuspended, { userId }, { before, after, reason });
    return after;
  }

  async restore(caller: Caller, tx: Tx, userId: string): Promise<User> {
    const before = await this.#held(tx, userId);
    if (before.status === 'active') throw new UserNotSuspended({ userId });
    if (await this.#deps.users.isErased(tx, userId)) throw new UserErased({ userId });
    const after = await this.#deps.users.setStatus(tx, userId, 'active');
    await this.#deps.log.publish(tx, caller, userRestored, { userId }, { before, after });
    return after;
  }

  async delete(caller: Caller, tx: Tx, userId: string): Promise<void> {
    const before = await this.#held(tx, userId);
    if (before.status === 'deleted') throw new UserAlreadyDeleted({ userId });
    const after = await this.#deps.users.setStatus(tx, userId, 'deleted');
    await this.#deps.log.publish(tx, caller, userDeleted, { userId }, { before, after });
  }

  // ---- For other features -------------------------------------------------------------------------

  /** @throws EmailTaken (by the constraint) when a live user has the address. */
  async create(caller: Caller, tx: Tx, { email, displayName, verified = false, kind = 'person' }: NewUser): Promise<User> {
    const user = await this.#deps.users.insert(tx, {
      id: uuidv7(),
      kind,
      email: email.normalize('NFKC').trim(),
      emailNormalized: normalizeEmail(email),
      displayName,
      verified,
    });
    await this.#deps.log.publish(tx, caller, userCreated, { userId: user.id }, { before: {}, after: user, about: user.id });
    return user;
  }

  /** Records that the address was proved; a second proof changes nothing. */
  async markVerified(caller: Caller, tx: Tx, userId: string): Promise<void> {
    const after = await this.#deps.users.verify(tx, userId);
    if (after)
      await this.#deps.log.publish(tx, caller, userEmailVerified, { userId }, { before: { emailVerifiedAt: null }, after, about: userId });
  }

  /** Makes another address theirs; whoever calls has seen it proved. @throws EmailTaken (by the constraint), UserNotFound */
  async changeEmail(caller: Caller, tx: Tx, userId: string, email: string): Promise<User> {
    const before = await this.#held(tx, userId);
    const after = await this.#deps.users.changeEmail(tx, userId, email.normalize('NFKC').trim(), normalizeEmail(email));
    await this.#deps.log.publish(tx, caller, userEmailChanged, { userId }, { before, after, about: userId });
    return after;
  }
  /**
   * Erases users who were deleted at least so many days ago: their row is blanked, their personal data leave the log (the seal
   * holds), and whoever keeps something of them reacts in the same transaction (B11).
   * @returns how many; fewer than `limit` when there are no more.
   */
  async eraseDeleted(caller: Caller, days: number, limit: number): Promise<number> {
    const { db, users, log } = this.#deps;
    return db.transaction(async (tx) => {
      const ids = await users.toErase(tx, days, limit);
      for (const userId of ids) {
        await users.erase(tx, userId);
        await log.publish(tx, caller, userErased, { userId });
        await log.erasePersonal(tx, userId);
      }
      return ids.length;
    });
  }

  find(on: Runner, userId: string): Promise<User | undefined> {
    return this.#deps.users.find(on, userId);
  }
  /** In no order; who never was is missing. */
  findMany(on: Runner, userIds: readonly string[]): Promise<User[]> {
    return this.#deps.users.findMany(on, userIds);
  }
  /** The live person with this address, whatever its spelling. */
  findByEmail(on: Runner, email: string): Promise<User | undefined> {
    return this.#deps.users.findLive(on, normalizeEmail(email));
  }
  /** The user if active, and held so until the transaction ends: what is made for them cannot miss a suspension. */
  async holdActive(tx: Tx, userId: string): Promise<User | undefined> {
    const user = await this.#deps.users.findForShare(tx, userId);
    return user?.status === 'active' ? user : undefined;
  }

  /** The row, whatever its status, held against deletion and suspension until the transaction ends. */
  hold(tx: Tx, userId: string): Promise<User | undefined> {
    return this.#deps.users.findForShare(tx, userId);
  }
  /** The same, against every other holder: for what must not happen beside a sign-in of this user. */
  async lockActive(tx: Tx, userId: string): Promise<User | undefined> {
    const user = await this.#deps.users.findForUpdate(tx, userId);
    return user?.status === 'active' ? user : undefined;
  }

  async #existing(on: Runner, userId: string): Promise<User> {
    const user = await this.#deps.users.find(on, userId);
    if (!user) throw new UserNotFound({ userId });
    return user;
  }
  async #held(tx: Tx, userId: string): Promise<User> {
    const user = await this.#deps.users.findForUpdate(tx, userId);
    if (!user) throw new UserNotFound({ userId });
    return user;
  }
}
