import { PreconditionFailed, type Caller, type EventLog, type Tx } from '@plinth/kit';
import { roleChanged, roleCreated, roleDeleted, SystemRole } from './contract.ts';
import type { AccessRepository } from './repository.ts';
import type { RoleRow } from './rows.ts';
import { existing, type AccessRules } from './rules.ts';

interface Deps {
  readonly log: EventLog;
  readonly rules: AccessRules;
  readonly access: AccessRepository;
}
interface NewRole {
  readonly name: string;
  readonly title: string;
  readonly permissions: readonly string[];
}
const unique = (texts: readonly string[]): string[] => [...new Set(texts)].sort();

/** What roles there are, and what they grant. */
export class RolesService {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  list(_caller: Caller): Promise<RoleRow[]> {
    return this.#deps.access.roles();
  }
  async get(_caller: Caller, name: string): Promise<RoleRow> {
    return existing(await this.#deps.access.role(name));
  }

  async create(caller: Caller, tx: Tx, { name, title, permissions }: NewRole): Promise<RoleRow> {
    const { rules, access, log } = this.#deps;
    const grants = unique(permissions);
    rules.checkKnown(grants);
    await rules.checkOwn(caller, tx, grants);
    const role = await access.insertRole(tx, { name, title, permissions: grants });
    await log.publish(tx, caller, roleCreated, { role: name }, { before: {}, after: { title, permissions: grants } });
    return role;
  }

  async changeTitle(caller: Caller, tx: Tx, name: string, title: string, version: number | null): Promise<RoleRow> {
    const { rules, access, log } = this.#deps;
    const role = await this.#locked(tx, name, version);
    await rules.checkOwn(caller, tx, role.permissions); // titles are what people choose roles by
    access.changeTitle(tx, name, title);
    await log.publish(tx, caller, roleChanged, { role: name }, { before: { title: role.title }, after: { title } });
    return { ...role, title, version: role.version + 1 };
  }

  /** What is added and what is removed must both be held by the caller (B88). @throws SystemRole for `admin`, and where a role of a scope would begin or cease to hold everything there. */
  async setPermissions(caller: Caller, tx: Tx, name: string, permissions: readonly string[], version: number | null): Promise<RoleRow> {
    const { rules, access, log } = this.#deps;
    const role = await this.#locked(tx, name, version);
    const after = unique(permissions);
    const turns = role.permissions.includes('*') !== after.includes('*');
    if (name === 'admin' || (role.system && role.scopeType !== null && turns)) throw new SystemRole({ name });
    const added = after.filter((grant) => !role.permissions.includes(grant));
    const removed = role.permissions.filter((grant) => !after.includes(grant));
    rules.checkKnown(added);
    await rules.checkOwn(caller, tx, [...added, ...removed]);
    await rules.checkOwn(caller, tx, added, null, 'infinity'); // who has the role has them for good
    access.changePermissions(tx, name, added, removed);
    const changes = { before: { permissions: role.permissions }, after: { permissions: after } };
    await log.publish(tx, caller, roleChanged, { role: name }, changes);
    return { ...role, permissions: after, version: role.version + 1 };
  }

  async delete(caller: Caller, tx: Tx, name: string, version: number | null): Promise<void> {
    const { rules, access, log } = this.#deps;
    const role = await this.#locked(tx, name, version);
    if (role.system) throw new SystemRole({ name });
    await rules.checkOwn(caller, tx, role.permissions);
    access.deleteRole(tx, name);
    const changes = { before: { title: role.title, permissions: role.permissions }, after: {} };
    await log.publish(tx, caller, roleDeleted, { role: name }, changes);
  }

  async #locked(tx: Tx, name: string, version: number | null): Promise<RoleRow> {
    const role = existing(await this.#deps.access.lockedRole(tx, name));
    if (version !== null && version !== role.version) throw new PreconditionFailed({ name, version: role.version });
    return role;
  }
}
