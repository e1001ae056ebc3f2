import {
  type Allow,
  type Caller,
  type Database,
  type EventLog,
  Forbidden,
  isUuid,
  NotFound,
  type Page,
  type PageRequest,
  PreconditionFailed,
  type Runner,
  type SignedIn,
  type Tx,
  uuidv7,
} from '@plinth/kit';
import type { AccessApi } from '../access/index.ts';
import { type User, type UsersApi } from '../users/index.ts';
import {
  ADMIN,
  type Member,
  MemberNotFound,
  ORGANIZATION,
  type Organization,
  organizationCreated,
  organizationRenamed,
  OWNER,
  ownerChanged,
  rules,
  seatsChanged,
  TooManyOrganizations,
} from './contract.ts';
import { type Members, scopeOf } from './members.ts';
import type { OrganizationRow, OrganizationsRepository } from './repository.ts';

interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly users: UsersApi;
  readonly access: AccessApi;
  readonly organizations: OrganizationsRepository;
  readonly members: Members;
}
interface Paged {
  readonly page: number;
  readonly limit: number;
}
/** Organizations that one user may own. */
const MOST_OWNED = 50;

export class OrganizationsService {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  // ---- Organizations

  async list(caller: Caller, paging: PageRequest): Promise<Page<Organization>> {
    const { db, organizations } = this.#deps;
    const { items, ...rest } = await organizations.list(db, caller.visible(rules.read), paging);
    return { items: await this.#withRoles(db, caller.userId, items), ...rest };
  }
  async get(caller: Caller, organizationId: string): Promise<Organization> {
    return this.shown(this.#deps.db, caller.userId, await this.seen(caller, organizationId, rules.read));
  }
  /** @throws TooManyOrganizations, for many at once too */
  async create(caller: Caller, tx: Tx, name: string): Promise<Organization> {
    const { users, access, organizations, log } = this.#deps;
    const { userId } = caller;
    // Held against being deleted meanwhile, and so that many at once are counted one after the other.
    if (userId === null || !(await users.lockActive(tx, userId))) throw new Forbidden({ reason: 'no-user' });
    const owned = (await access.inside.scopesOf(tx, userId, ORGANIZATION)).filter(({ roles }) => roles.includes(OWNER));
    if (owned.length >= MOST_OWNED) throw new TooManyOrganizations({ owned: owned.length });
    const row = await organizations.insert(tx, { id: uuidv7(), name });
    await log.publish(tx, caller, organizationCreated, { organizationId: row.id }, { before: {}, after: { name }, organization: row.id });
    await access.inside.assign(caller, tx, { userId, roles: [OWNER], scope: scopeOf(row.id) });
    return { ...row, roles: [OWNER] };
  }
  /** @param version what the change was made from; null changes whatever is there. */
  async rename(caller: Caller, tx: Tx, organizationId: string, name: string, version: number | null): Promise<Organization> {
    const before = await this.locked(caller, tx, organizationId, rules.change);
    if (version !== null && version !== before.version) throw new PreconditionFailed({ expected: version, actual: before.version });
    const after = await this.#deps.organizations.update(tx, organizationId, { name });
    await this.#deps.log.publish(
      tx,
      caller,
      organizationRenamed,
      { organizationId },
      { before: { ...before }, after: { ...after }, organization: organizationId },
    );
    return this.shown(tx, caller.userId, after);
  }
  async delete(caller: Caller, tx: Tx, organizationId: string): Promise<void> {
    await this.#deps.members.end(caller, tx, await this.locked(caller, tx, organizationId, rules.delete));
  }
  /**
   * The member becomes an owner; a caller who is one is an administrator from now on.
   * @throws MemberNotFound; GrantExceedsOwn for a caller who does not hold everything inside
   */
  async transfer(caller: Caller, tx: Tx, organizationId: string, userId: string): Promise<void> {
    const { users, access, log } = this.#deps;
    await this.locked(caller, tx, organizationId, rules.transfer, [userId, caller.userId]);
    const scope = scopeOf(organizationId);
    const held = await access.inside.rolesIn(tx, userId, scope);
    if (held.length === 0 || !(await users.holdActive(tx, userId))) throw new MemberNotFound({ userId });
    await access.inside.checkGive(caller, tx, [OWNER], scope);
    const owners = await access.inside.holders(tx, scope, OWNER);
    if (!owners.includes(userId)) {
      await access.inside.unassign(caller, tx, { userId, roles: [OWNER], scope }); // one that would have expired
      await access.inside.assign(caller, tx, { userId, roles: [OWNER], scope });
    }
    const from = caller.userId !== null && caller.userId !== userId && owners.includes(caller.userId) ? caller.userId : null;
    if (from !== null) {
      if (!(await access.inside.rolesIn(tx, from, scope)).includes(ADMIN))
        await access.inside.assign(caller, tx, { userId: from, roles: [ADMIN], scope });
      await access.inside.unassign(caller, tx, { userId: from, roles: [OWNER], scope });
    }
    await log.publish(tx, caller, ownerChanged, { organizationId, userId, from }, { organization: organizationId });
  }

  // ---- Members

  async members(caller: Caller, organizationId: string, page: Paged): Promise<Page<Member>> {
    const { db, users, access } = this.#deps;
    await this.seen(caller, organizationId, rules.read);
    const { items, ...rest } = await access.inside.members(db, scopeOf(organizationId), page);
    const people = new Map((await users.findMany(db, items.map(({ userId }) => userId))).map((user) => [user.id, user])); // prettier-ignore
    return { items: items.map(({ userId, roles, since }) => asMember(people.get(userId)!, roles, since)), ...rest };
  }
  /** @throws MemberNotFound, UnknownRole, GrantExceedsOwn, LastOwner */
  async setRoles(caller: Caller, tx: Tx, organizationId: string, userId: string, roles: readonly string[]): Promise<Member> {
    const { users, access } = this.#deps;
    refuseActing(caller, userId);
    await this.locked(caller, tx, organizationId, rules.manage, [userId]);
    const scope = scopeOf(organizationId);
    const held = await this.#heldBy(tx, userId, organizationId);
    await access.inside.roles(tx, roles, ORGANIZATION);
    const given = roles.filter((role) => !held.includes(role));
    await access.inside.checkChange(caller, tx, userId, scope);
    await access.inside.checkGive(caller, tx, given, scope);
    // Given first: someone whose every role changes does not leave in between.
    await access.inside.assign(caller, tx, { userId, roles: given, scope });
    await access.inside.unassign(caller, tx, { userId, roles: held.filter((role) => !roles.includes(role)), scope });
    const since = (await access.inside.scopesOf(tx, userId, ORGANIZATION)).find(({ id }) => id === organizationId)!.since;
    return asMember((await users.find(tx, userId))!, [...roles].sort(), since);
  }
  /** @throws MemberNotFound, GrantExceedsOwn, LastOwner */
  async remove(caller: Caller, tx: Tx, organizationId: string, userId: string): Promise<void> {
    const { access } = this.#deps;
    refuseActing(caller, userId);
    await this.locked(caller, tx, organizationId, rules.manage);
    await this.#heldBy(tx, userId, organizationId);
    await access.inside.checkChange(caller, tx, userId, scopeOf(organizationId));
    await access.inside.remove(caller, tx, userId, scopeOf(organizationId));
  }
  /** Every member may, whatever their roles grant. @throws LastOwner */
  async leave(caller: SignedIn, tx: Tx, organizationId: string): Promise<void> {
    refuseActing(caller, caller.userId);
    const { access, organizations } = this.#deps;
    const scope = scopeOf(organizationId);
    const member = (await organizations.lock(tx, organizationId)) && (await access.inside.rolesIn(tx, caller.userId, scope)).length > 0;
    if (!member) throw new NotFound({ organizationId });
    await access.inside.remove(caller, tx, caller.userId, scope);
  }

  // ---- For other features

  find(on: Runner, organizationId: string): Promise<OrganizationRow | undefined> {
    return this.#deps.organizations.find(on, organizationId);
  }
  /**
   * Before something of an organization is written: it is not deleted until the transaction ends, so nothing is left behind of one
   * that was. @throws NotFound
   */
  async keep(tx: Tx, organizationId: string): Promise<void> {
    if (!(await this.#deps.organizations.keep(tx, organizationId))) throw new NotFound({ organizationId });
  }
  /** For explain and AuthZEN: an organization is its own scope. Undefined: there is none. */
  async place(id: string) {
    const there = isUuid(id) && (await this.find(this.#deps.db, id));
    return there ? { owner: null, scopes: { [ORGANIZATION]: there.id } } : undefined;
  }
  /** By a feature that sells them; members beyond the new number stay. @throws NotFound */
  async setSeats(caller: Caller, tx: Tx, organizationId: string, seats: number): Promise<void> {
    const before = await this.#deps.organizations.lock(tx, organizationId);
    if (!before) throw new NotFound({ organizationId });
    const after = await this.#deps.organizations.update(tx, organizationId, { seats });
    const detail = { before: { seats: before.seats }, after: { seats: after.seats }, organization: organizationId };
    await this.#deps.log.publish(tx, caller, seatsChanged, { organizationId }, detail);
  }
  /** What a user is a member of. */
  async of(userId: string) {
    const { db, access, organizations } = this.#deps;
    const held = await access.inside.scopesOf(db, userId, ORGANIZATION);
    const rows = await organizations.findMany(db, held.map(({ id }) => id)); // prettier-ignore
    return rows.map(({ id, name }) => ({
      id,
      name,
      roles: held.find((each) => each.id === id)?.roles,
      since: held.find((each) => each.id === id)?.since,
    }));
  }

  /** Under a rule inside it. @throws NotFound for who may not, as for an unknown one. */
  async seen(caller: Caller, organizationId: string, rule: Allow): Promise<OrganizationRow> {
    const row = await this.#deps.organizations.findVisible(this.#deps.db, organizationId, caller.visible(rule));
    if (!row) throw new NotFound({ organizationId });
    return row;
  }

  // ---- For this feature

  hold(tx: Tx, organizationId: string): Promise<OrganizationRow | undefined> {
    return this.#deps.organizations.lock(tx, organizationId);
  }
  /**
   * Held until the transaction ends, and the rule asked again: whoever lost the right while this waited has lost it.
   * @param people whose rows the call needs too: they are held first, as whoever deletes them does.
   */
  async locked(
    caller: Caller,
    tx: Tx,
    organizationId: string,
    rule: Allow,
    people: readonly (string | null)[] = [],
  ): Promise<OrganizationRow> {
    const { users, organizations } = this.#deps;
    for (const userId of people) if (userId !== null) await users.hold(tx, userId);
    const held = await organizations.lock(tx, organizationId);
    const row = held && (await organizations.findVisible(tx, organizationId, caller.visible(rule)));
    if (!row) throw new NotFound({ organizationId });
    return row;
  }
  async shown(on: Runner, userId: string | null, row: OrganizationRow): Promise<Organization> {
    return { ...row, roles: userId === null ? [] : await this.#deps.access.inside.rolesIn(on, userId, scopeOf(row.id)) };
  }
  async #withRoles(on: Runner, userId: string | null, rows: readonly OrganizationRow[]): Promise<Organization[]> {
    const held = userId === null || rows.length === 0 ? [] : await this.#deps.access.inside.scopesOf(on, userId, ORGANIZATION);
    const roles = new Map(held.map((each) => [each.id, each.roles]));
    return rows.map(({ id, name, seats, version, createdAt, updatedAt }) => ({
      id,
      name,
      seats,
      roles: roles.get(id) ?? [],
      version,
      createdAt,
      updatedAt,
    }));
  }
  async #heldBy(tx: Tx, userId: string, organizationId: string): Promise<string[]> {
    const held = await this.#deps.access.inside.rolesIn(tx, userId, scopeOf(organizationId));
    if (held.length === 0) throw new MemberNotFound({ userId });
    return held;
  }
}

/** B90: whoever acts as a user does not end or change that user's own membership: there may be no way back in for them. */
const refuseActing = (caller: Caller, userId: string): void => {
  if (caller.principal.impersonator && caller.userId === userId) throw new Forbidden({ reason: 'impersonated' });
};
const asMember = ({ id, displayName, email, status }: User, roles: string[], since: string): Member => ({
  userId: id,
  displayName,
  email,
  status,
  roles,
  since,
});
