import { system, uuidv7, type Caller, type Kit, type Permission, type Runner, type SignedIn } from '@plinth/kit';
import type { AssignmentsService } from './assignments.service.ts';
import { permissionsSeeded } from './contract.ts';
import type { GrantsRepository } from './grants.repository.ts';
import type { GrantsService } from './grants.service.ts';
import type { Grants } from './grants.ts';
import type { AccessRepository } from './repository.ts';
import type { AccessRules } from './rules.ts';

interface Deps extends Pick<Kit, 'db' | 'log' | 'logger' | 'catalog'> {
  readonly rules: AccessRules;
  readonly assignments: AssignmentsService;
  readonly directGrants: GrantsService;
  readonly grants: Grants;
  readonly access: AccessRepository;
  readonly direct: GrantsRepository;
}

/** What people hold, and what happens at start and by the clock. */
export class AccessService {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  permissions(_caller: Caller) {
    return [...this.#deps.catalog.permissions.values()]
      .map(({ name, title, roles }) => ({ name, title, roles: [...roles] }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
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

  /** Expiry works without this, by the clock; this removes the rows and says so in the log (B149). @returns how many. */
  async sweepExpired(caller: Caller): Promise<number> {
    const { db, assignments, directGrants } = this.#deps;
    return db.transaction(async (tx) => (await assignments.expire(caller, tx, null)) + (await directGrants.expire(caller, tx, null)));
  }

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
    await this.#nameIdle();
  }
  async #nameIdle(): Promise<void> {
    const { access, direct, rules, logger } = this.#deps;
    const grants = (await access.rolePermissions()).filter(({ permission }) => rules.isIdle(permission));
    if (grants.length > 0) logger.warn({ grants }, 'roles hold grants that match no permission: they grant nothing');
    const permissions = (await direct.permissions()).filter((permission) => rules.isIdle(permission));
    if (permissions.length > 0) logger.warn({ permissions }, 'users were given what matches no permission: it grants nothing');
  }
}
