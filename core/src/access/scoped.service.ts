import { uuidv7, type Caller, type EventLog, type Page, type Runner, type Tx } from '@plinth/kit';
import type { AssignmentsRepository } from './assignments.repository.ts';
import type { AssignmentsService } from './assignments.service.ts';
import { permissionRevoked, roleAssigned, roleUnassigned, UnknownRole } from './contract.ts';
import { assignmentFact, grantFact, tenantOf } from './facts.ts';
import { beyond } from './grammar.ts';
import type { AccessRepository } from './repository.ts';
import type { AssignmentRow, DirectGrantRow, RoleRow, ScopeRow } from './rows.ts';
import type { AccessRules } from './rules.ts';
import type { MemberRow, ScopedRepository, ScopedRole } from './scoped.repository.ts';

interface Deps {
  readonly log: EventLog;
  readonly rules: AccessRules;
  readonly access: AccessRepository;
  readonly assigned: AssignmentsRepository;
  readonly assignments: Pick<AssignmentsService, 'expire'>;
  readonly scoped: ScopedRepository;
}
interface Given {
  readonly userId: string;
  readonly roles: readonly string[];
  readonly scope: ScopeRow;
}

/**
 * Roles inside one scope, for the feature that the scope belongs to: an organization's members are those who hold a role inside it,
 * and nothing else says so. That feature answers for who may change them, and asks `checkGive` and `checkChange` for B88.
 */
export class ScopedRoles {
  readonly #deps: Deps;
  readonly #declared: ScopedRole[] = [];
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  // ---- In `setup`

  /** Scopes of this type are rows of the feature's own: whoever gives or takes inside one holds it first, like this. */
  keep(type: string, hold: (tx: Tx, id: string) => Promise<unknown>): void {
    this.#deps.rules.keepScopes(type, hold);
  }

  /** A role that counts only inside scopes of one type. Made at start, before permissions are given to it. */
  declare(role: ScopedRole): void {
    this.#declared.push(role);
  }
  async start(): Promise<void> {
    const { scoped } = this.#deps;
    for (const role of this.#declared) await scoped.declare(role);
  }

  // ---- Roles

  /**
   * Roles that can be given inside scopes of this type: those made for it, and roles of administrators' own.
   * @throws UnknownRole when one of the names is none of them: nothing of a mixed list counts (B85).
   */
  async roles(on: Runner, names: readonly string[], type: string): Promise<RoleRow[]> {
    const found = await this.#deps.scoped.roles(on, names);
    const fits = found.filter(({ system, scopeType }) => (scopeType === null ? !system : scopeType === type));
    const wrong = names.filter((name) => !fits.some((role) => role.name === name));
    if (wrong.length > 0)
      throw new UnknownRole({ roles: wrong }, { fields: { roles: `There are no such roles here: ${wrong.join(', ')}` } });
    return fits;
  }
  /** Grants of the one role that the other does not hold: whoever holds only the other cannot hand the first on. */
  async lacking(on: Runner, role: string, other: string): Promise<string[]> {
    const rows = await this.#deps.scoped.roles(on, [role, other]);
    const of = (name: string): string[] => rows.find((row) => row.name === name)?.permissions ?? [];
    return beyond(of(other), of(role));
  }
  async #grantsOf(on: Runner, roles: readonly string[]): Promise<string[]> {
    return [...new Set((await this.#deps.scoped.roles(on, roles)).flatMap(({ permissions }) => permissions))];
  }

  // ---- Who holds them

  members(on: Runner, scope: ScopeRow, page: { readonly page: number; readonly limit: number }): Promise<Page<MemberRow>> {
    return this.#deps.scoped.members(on, scope, page);
  }
  count(on: Runner, scope: ScopeRow): Promise<number> {
    return this.#deps.scoped.count(on, scope);
  }
  /** Who holds the role there without end. */
  holders(on: Runner, scope: ScopeRow, role: string): Promise<string[]> {
    return this.#deps.scoped.holders(on, scope, role);
  }
  /** What someone holds in scopes of this type, by scope. */
  scopesOf(on: Runner, userId: string, type: string): Promise<{ id: string; roles: string[]; since: string }[]> {
    return this.#deps.scoped.rolesOf(on, userId, type);
  }
  rolesIn(on: Runner, userId: string, scope: ScopeRow): Promise<string[]> {
    return this.#deps.scoped.rolesIn(on, userId, scope);
  }

  // ---- Who may change them

  /** @throws GrantExceedsOwn when the caller does not hold inside the scope, and for good, all that these roles grant (B88). */
  async checkGive(caller: Caller, tx: Tx, roles: readonly string[], scope: ScopeRow): Promise<void> {
    await this.#deps.rules.checkOwn(caller, tx, await this.#grantsOf(tx, roles), scope, 'infinity');
  }
  /** @throws GrantExceedsOwn when someone holds there, by a role or directly, what the caller does not (B88). */
  async checkChange(caller: Caller, tx: Tx, userId: string, scope: ScopeRow): Promise<void> {
    const held = (await this.#deps.access.heldInside(userId, scope, tx)).filter(({ scopeType }) => scopeType !== null);
    const grants = held.flatMap(({ permissions }) => permissions);
    await this.#deps.rules.checkOwn(caller, tx, grants, scope);
  }
  /** Whether this user, who need not be the caller, holds the permission there, and could give these roles, now. No for a role that is none any more. */
  async covers(on: Runner, { userId, roles, scope }: Given, permission: string): Promise<boolean> {
    const { access, scoped } = this.#deps;
    const found = await scoped.roles(on, roles);
    if (found.length < roles.length) return false;
    const [now, forGood] = [await access.grantsHeld(on, userId, scope), await access.grantsHeld(on, userId, scope, 'infinity')];
    const grants = found.flatMap(({ permissions }) => permissions);
    return beyond(now, [permission]).length === 0 && beyond(forGood, grants).length === 0;
  }

  // ---- Giving and taking

  /** Gives them without asking what the caller holds: `checkGive` comes before, and the user is held before the scope. @param grantedBy default: the caller. */
  async assign(caller: Caller, tx: Tx, { userId, roles, scope }: Given, grantedBy: string | null = caller.userId): Promise<void> {
    const { assigned, assignments, log } = this.#deps;
    for (const role of roles) {
      await assignments.expire(caller, tx, { userId, role, scope });
      const row = await assigned.insert(tx, { id: uuidv7(), userId, role, scope, expiresAt: null, grantedBy, reason: null });
      await log.publish(tx, caller, roleAssigned, assignmentFact(row), { before: {}, after: assignmentFact(row), ...tenantOf(row) });
    }
  }
  /** Takes these roles away; what is not held is passed over. */
  async unassign(caller: Caller, tx: Tx, { userId, roles, scope }: Given): Promise<void> {
    for (const row of await this.#deps.scoped.held(tx, userId, scope)) if (roles.includes(row.role)) await this.#take(caller, tx, row);
  }
  /** Takes away all that someone holds there, also what they were given directly. */
  async remove(caller: Caller, tx: Tx, userId: string, scope: ScopeRow): Promise<void> {
    const { scoped } = this.#deps;
    for (const row of await scoped.held(tx, userId, scope)) await this.#take(caller, tx, row);
    for (const row of await scoped.removeGrants(tx, scope, userId)) await this.#revoked(caller, tx, row);
  }
  /** The scope ends: nobody holds anything there any more. */
  async end(caller: Caller, tx: Tx, scope: ScopeRow): Promise<void> {
    const { scoped } = this.#deps;
    for (const row of await scoped.removeAssignments(tx, scope)) await this.#unassigned(caller, tx, row);
    for (const row of await scoped.removeGrants(tx, scope, null)) await this.#revoked(caller, tx, row);
  }
  async #take(caller: Caller, tx: Tx, row: AssignmentRow): Promise<void> {
    this.#deps.assigned.delete(tx, row.id);
    await this.#unassigned(caller, tx, row);
  }
  #unassigned(caller: Caller, tx: Tx, row: AssignmentRow): Promise<void> {
    const fact = assignmentFact(row);
    return this.#deps.log.publish(tx, caller, roleUnassigned, fact, { before: fact, after: {}, ...tenantOf(row) });
  }
  #revoked(caller: Caller, tx: Tx, row: DirectGrantRow): Promise<void> {
    const fact = grantFact(row);
    return this.#deps.log.publish(tx, caller, permissionRevoked, fact, { before: fact, after: {}, ...tenantOf(row) });
  }
}
