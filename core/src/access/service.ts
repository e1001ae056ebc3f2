import {
  NotFound,
  PreconditionFailed,
  ruleOf,
  system,
  uuidv7,
  type Caller,
  type Kit,
  type Page,
  type PageRequest,
  type Permission,
  type Runner,
  type SignedIn,
  type Tx,
} from '@plinth/kit';
import type { UsersApi } from '../users/index.ts';
import {
  GrantExceedsOwn,
  LastAdministrator,
  permissionsSeeded,
  roleAssigned,
  roleChanged,
  roleCreated,
  roleDeleted,
  roleExpired,
  roleUnassigned,
  SystemRole,
  UnknownPermission,
  UnknownRole,
  UnknownScope,
} from './contract.ts';
import { beyond, grantsOf, wellFormed } from './grammar.ts';
import type { Grants } from './grants.ts';
import type { AccessRepository, AssignmentRow, RoleRow, ScopeRow } from './repository.ts';

interface Deps extends Pick<Kit, 'db' | 'log' | 'logger' | 'catalog'> {
  readonly users: UsersApi;
  readonly grants: Grants;
  readonly access: AccessRepository;
}
interface NewRole {
  readonly name: string;
  readonly title: string;
  readonly permissions: readonly string[];
}
interface NewAssignment {
  readonly userId: string;
  readonly role: string;
  readonly scope?: ScopeRow | undefined;
  readonly expiresAt?: string | undefined;
  readonly reason?: string | undefined;
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)].sort();
const isAdministrator = ({ role, scope, expiresAt }: AssignmentRow): boolean => role === 'admin' && scope === null && expiresAt === null;
const factOf = ({ id, userId, role, scope, expiresAt }: Omit<AssignmentRow, 'createdAt'>) => ({
  assignmentId: id,
  userId,
  role,
  scope,
  expiresAt,
});

export class AccessService {
  readonly #deps: Deps;
  readonly #scopeTypes: ReadonlySet<string>;
  constructor(deps: Deps) {
    this.#deps = deps;
    const rules = [
      ...deps.catalog.operations.map(({ operation }) => operation.access),
      ...[...deps.catalog.channels.values()].map(({ access }) => access),
    ];
    this.#scopeTypes = new Set(rules.map((access) => ruleOf(access)?.scope).filter((scope) => scope !== undefined));
  }

  // ---- Seeing

  permissions(_caller: Caller) {
    return [...this.#deps.catalog.permissions.values()]
      .map(({ name, title, roles }) => ({ name, title, roles: [...roles] }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }
  roles(_caller: Caller): Promise<RoleRow[]> {
    return this.#deps.access.roles();
  }
  async role(_caller: Caller, name: string): Promise<RoleRow> {
    return existing(await this.#deps.access.role(name));
  }
  assignments(
    _caller: Caller,
    filter: { readonly userId?: string | undefined; readonly role?: string | undefined },
    page: PageRequest,
  ): Promise<Page<AssignmentRow>> {
    return this.#deps.access.assignments(filter, page);
  }
  async mine(caller: SignedIn) {
    const { roles, everywhere, within } = await this.#deps.grants.of(caller.userId);
    const scoped = [...within].map(([type, names]) => ({ type, permissions: [...names].sort() }));
    return { roles: [...roles].sort(), permissions: [...everywhere].sort(), scoped };
  }
  /** Whether someone holds this permission everywhere, now. */
  async holds(userId: string, { name }: Permission): Promise<boolean> {
    return (await this.#deps.grants.of(userId)).everywhere.has(name);
  }
  /** Live roles that count everywhere, by name. */
  rolesOf(on: Runner, userId: string): Promise<readonly string[]> {
    return this.#deps.access.rolesOf(on, userId);
  }

  /** The same from the memory that decides on this node, read when it is not current; never inside a transaction. */
  async rolesNow(userId: string): Promise<readonly string[]> {
    const { roles } = this.#deps.grants.current(userId) ?? (await this.#deps.grants.of(userId));
    return roles.toSorted();
  }

  // ---- Changing roles

  async createRole(caller: Caller, tx: Tx, { name, title, permissions }: NewRole): Promise<RoleRow> {
    const grants = unique(permissions);
    this.#checkKnown(grants);
    await this.#checkOwn(caller, tx, grants);
    const role = await this.#deps.access.insertRole(tx, { name, title, permissions: grants });
    await this.#deps.log.publish(tx, caller, roleCreated, { role: name }, { before: {}, after: { title, permissions: grants } });
    return role;
  }

  async changeRole(caller: Caller, tx: Tx, name: string, title: string, version: number | null): Promise<RoleRow> {
    const role = await this.#lockedRole(tx, name, version);
    await this.#checkOwn(caller, tx, role.permissions); // titles are what people choose roles by
    this.#deps.access.changeTitle(tx, name, title);
    await this.#deps.log.publish(tx, caller, roleChanged, { role: name }, { before: { title: role.title }, after: { title } });
    return { ...role, title, version: role.version + 1 };
  }

  /** What is added and what is removed must both be held by the caller (B88). @throws SystemRole for `admin`, which holds everything. */
  async setPermissions(caller: Caller, tx: Tx, name: string, permissions: readonly string[], version: number | null): Promise<RoleRow> {
    const role = await this.#lockedRole(tx, name, version);
    if (name === 'admin') throw new SystemRole({ name });
    const after = unique(permissions);
    const added = after.filter((grant) => !role.permissions.includes(grant));
    const removed = role.permissions.filter((grant) => !after.includes(grant));
    this.#checkKnown(added);
    await this.#checkOwn(caller, tx, [...added, ...removed]);
    this.#deps.access.changePermissions(tx, name, added, removed);
    await this.#deps.log.publish(
      tx,
      caller,
      roleChanged,
      { role: name },
      { before: { permissions: role.permissions }, after: { permissions: after } },
    );
    return { ...role, permissions: after, version: role.version + 1 };
  }

  async deleteRole(caller: Caller, tx: Tx, name: string, version: number | null): Promise<void> {
    const role = await this.#lockedRole(tx, name, version);
    if (role.system) throw new SystemRole({ name });
    await this.#checkOwn(caller, tx, role.permissions);
    this.#deps.access.deleteRole(tx, name);
    await this.#deps.log.publish(
      tx,
      caller,
      roleDeleted,
      { role: name },
      { before: { title: role.title, permissions: role.permissions }, after: {} },
    );
  }

  // ---- Assigning

  async grant(caller: Caller, tx: Tx, { userId, role, scope, expiresAt, reason }: NewAssignment): Promise<AssignmentRow> {
    if (scope && !this.#scopeTypes.has(scope.type)) throw new UnknownScope({ type: scope.type });
    const granted = await this.#deps.access.role(role, tx);
    if (!granted) throw new UnknownRole({ role });
    await this.#checkOwn(caller, tx, granted.permissions, scope ?? null);
    await this.#expire(caller, tx, { userId, role });
    const row = {
      id: uuidv7(),
      userId,
      role,
      scope: scope ?? null,
      expiresAt: expiresAt ?? null,
      grantedBy: caller.userId,
      reason: reason ?? null,
    };
    const assignment = await this.#deps.access.insertAssignment(tx, row);
    await this.#deps.log.publish(tx, caller, roleAssigned, factOf(assignment), {
      before: {},
      after: factOf(assignment),
      ...(reason && { reason }),
    });
    return assignment;
  }

  /**
   * Gives someone a role everywhere, as another feature's own rule (a new user becomes a member): that feature answers for
   * it, what the caller holds is not asked. Travels with COMMIT: an unknown role or one held already fails the transaction.
   */
  async assign(caller: Caller, tx: Tx, { userId, role }: { readonly userId: string; readonly role: string }): Promise<void> {
    const row = { id: uuidv7(), userId, role, scope: null, expiresAt: null, grantedBy: caller.userId, reason: null };
    this.#deps.access.writeAssignment(tx, row);
    await this.#deps.log.publish(tx, caller, roleAssigned, factOf(row), { before: {}, after: factOf(row) });
  }

  async revoke(caller: Caller, tx: Tx, assignmentId: string): Promise<void> {
    const assignment = await this.#deps.access.lockedAssignment(tx, assignmentId);
    if (!assignment) throw new NotFound({ assignmentId });
    const role = existing(await this.#deps.access.role(assignment.role, tx));
    await this.#checkOwn(caller, tx, role.permissions, assignment.scope); // before the delete: it may be the caller's own
    this.#deps.access.deleteAssignment(tx, assignmentId);
    if (isAdministrator(assignment)) await this.#keepAdministrator(caller, tx, null);
    await this.#deps.log.publish(tx, caller, roleUnassigned, factOf(assignment), { before: factOf(assignment), after: {} });
  }

  /** Grants that the caller wants to hand on. @throws UnknownPermission, GrantExceedsOwn (B88) */
  async checkGrants(caller: Caller, tx: Tx, grants: readonly string[]): Promise<void> {
    this.#checkKnown(grants);
    await this.#checkOwn(caller, tx, grants);
  }
  /** Whether the one holds everything that the other does, and more; everywhere, whatever either holds inside scopes. */
  async outranks(on: Runner, userId: string, otherId: string): Promise<boolean> {
    const [own, others] = [await this.#deps.access.grantsHeld(on, userId, null), await this.#deps.access.grantsEver(on, otherId)];
    return beyond(own, others).length === 0 && beyond(others, own).length > 0;
  }
  /**
   * Someone is suspended, restored or deleted, or their key changes hands.
   * @param scopes what the key may ever do: a role for it may come later, or count inside scopes only.
   * @throws GrantExceedsOwn when they hold, or the key could use, what the caller does not (B88).
   */
  async outrank(caller: Caller, tx: Tx, userId: string, scopes: readonly string[] = []): Promise<void> {
    if (caller.userId === userId) return;
    await this.#checkOwn(caller, tx, [...(await this.#deps.access.grantsHeld(tx, userId, null)), ...scopes]);
  }
  /** Someone stops being active. @throws LastAdministrator when nobody active would administer (B89). */
  async release(caller: Caller, tx: Tx, userId: string): Promise<void> {
    await this.outrank(caller, tx, userId);
    await this.#keepAdministrator(caller, tx, userId);
  }

  /** Expiry works without this, by the clock; this removes the rows and says so in the log (B149). @returns how many. */
  async sweepExpired(caller: Caller): Promise<number> {
    return this.#deps.db.transaction((tx) => this.#expire(caller, tx, null));
  }

  // ---- Starting

  /** Gives permissions seen for the first time to the roles that their declaration names, and names what grants nothing. */
  async start(): Promise<void> {
    const { catalog, access, db, log, logger } = this.#deps;
    const pairs = [...catalog.permissions.values()].flatMap(({ name, roles }) => roles.map((role) => ({ role, permission: name })));
    await db.transaction(async (tx) => {
      const grants = await access.seed(
        tx,
        pairs.filter(({ role }) => role !== 'admin'),
      );
      if (grants.length > 0) await log.publish(tx, system('access.seed', null, uuidv7()), permissionsSeeded, { grants });
    });
    const existingRoles = new Set((await access.roles()).map(({ name }) => name));
    const declared = pairs.filter(({ role }) => !existingRoles.has(role));
    if (declared.length > 0)
      logger.warn({ permissions: declared }, 'permissions are declared for roles that do not exist: nobody was given them');
    const idle = (await access.grants()).filter(({ permission }) => this.#isIdle(permission));
    if (idle.length > 0) logger.warn({ grants: idle }, 'roles hold grants that match no permission: they grant nothing');
  }

  // ---- Rules

  #isIdle(grant: string): boolean {
    return (
      !wellFormed(grant) || (grant !== '*' && ![...this.#deps.catalog.permissions.keys()].some((name) => grantsOf(name).includes(grant)))
    );
  }
  #checkKnown(grants: readonly string[]): void {
    const idle = grants.filter((grant) => this.#isIdle(grant));
    if (idle.length > 0)
      throw new UnknownPermission({ grants: idle }, { fields: { permissions: `These match no permission: ${idle.join(', ')}` } });
  }
  /** B88: nobody gives or takes what they do not hold, compared by pattern, so also for permissions still to come. */
  async #checkOwn(caller: Caller, tx: Tx, grants: readonly string[], scope: ScopeRow | null = null): Promise<void> {
    if (caller.principal.job !== null && caller.userId === null) return;
    const held = await this.#deps.access.grantsHeld(tx, caller.userId, scope);
    const { key } = caller.principal;
    // A key gives away no more than it was given itself.
    const missing = [...new Set([...beyond(held, grants), ...(key ? beyond([...key.scopes], grants) : [])])];
    if (missing.length === 0) return;
    this.#deps.log.refused(caller, { code: GrantExceedsOwn.code, reason: 'grant-exceeds-own' });
    throw new GrantExceedsOwn({ missing });
  }
  /**
   * B89, under the lock of the role's row: a second demotion waits here, and then sees the first. Only people administer: a
   * service account cannot sign in, so it could not give the role back to anyone who has lost it.
   * @param leaving someone about to be inactive; null when an assignment was just removed.
   */
  async #keepAdministrator(caller: Caller, tx: Tx, leaving: string | null): Promise<void> {
    const administrators = await this.#deps.access.lockedAdministrators(tx);
    if (leaving !== null && !administrators.includes(leaving)) return;
    for (const userId of administrators) {
      const user = await this.#deps.users.find(tx, userId);
      if (userId !== leaving && user?.status === 'active' && user.kind === 'person') return;
    }
    this.#deps.log.refused(caller, { code: LastAdministrator.code, reason: 'last-administrator' });
    throw new LastAdministrator();
  }
  async #lockedRole(tx: Tx, name: string, version: number | null): Promise<RoleRow> {
    const role = existing(await this.#deps.access.lockedRole(tx, name));
    if (version !== null && version !== role.version) throw new PreconditionFailed({ name, version: role.version });
    return role;
  }
  async #expire(caller: Caller, tx: Tx, of: { readonly userId: string; readonly role: string } | null): Promise<number> {
    const expired = await this.#deps.access.deleteExpired(tx, of);
    for (const row of expired)
      await this.#deps.log.publish(tx, caller, roleExpired, factOf(row), { before: factOf(row), after: {}, reason: 'expired' });
    return expired.length;
  }
}

function existing(role: RoleRow | undefined): RoleRow {
  if (!role) throw new NotFound();
  return role;
}
