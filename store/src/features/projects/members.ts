import { type AccessApi, type AssignmentFact, type GrantFact, LastOwner, type User, type UsersApi } from '@plinth/core';
import {
  type Caller,
  type Database,
  type DuringFact,
  type EventLog,
  Forbidden,
  type Jobs,
  NotFound,
  type Page,
  type SignedIn,
  type Tx,
} from '@plinth/kit';
import {
  AlreadyInProject,
  type Member,
  memberAdded,
  memberChanged,
  memberRemoved,
  named,
  type NewMember,
  PersonNotFound,
  PROJECT,
  ProjectMemberNotFound,
  type Role,
  ROLES,
  rules,
  tellPerson,
} from './contract.ts';
import type { InvitationsRepository } from './invitations.repository.ts';
import type { ProjectsRepository } from './repository.ts';
import { type ProjectsService, roleOf, scopeOf } from './service.ts';

interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly jobs: Jobs;
  readonly users: UsersApi;
  readonly access: AccessApi;
  readonly projects: ProjectsRepository;
  readonly invitations: InvitationsRepository;
  readonly service: ProjectsService;
}
type Told = DuringFact<AssignmentFact>;

/** Members are those who hold a role inside the project: there is no second list of them. */
export class Members {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws NotFound */
  async list(caller: Caller, projectId: string, page: { readonly page: number; readonly limit: number }): Promise<Page<Member>> {
    const { db, users, access, projects } = this.#deps;
    if (!(await projects.findWithin(db, caller.visible(rules.read), projectId))) throw new NotFound({ projectId });
    const { items, ...rest } = await access.inside.members(db, scopeOf(projectId), page);
    const found = await users.findMany(db, items.map(({ userId }) => userId)); // prettier-ignore
    const people = new Map(found.map((user) => [user.id, user]));
    return { items: items.map(({ userId, roles, since }) => asMember(people.get(userId)!, roles, since)), ...rest };
  }
  /** @throws PersonNotFound: whoever is unknown, a program, or not active; AlreadyInProject, GrantExceedsOwn */
  async add(caller: Caller, tx: Tx, projectId: string, { userId, role }: NewMember): Promise<Member> {
    const { users, access, service } = this.#deps;
    // The user before the project: whoever deletes them takes the locks in this order too.
    const user = await users.holdActive(tx, userId);
    await service.locked(caller, tx, projectId, rules.members);
    const scope = scopeOf(projectId);
    await access.inside.checkGive(caller, tx, [named(role)], scope);
    if (user?.kind !== 'person') throw new PersonNotFound({ userId });
    if ((await access.inside.rolesIn(tx, userId, scope)).length > 0) throw new AlreadyInProject({ userId });
    await access.inside.assign(caller, tx, { userId, roles: [named(role)], scope });
    return this.#member(tx, user, projectId);
  }
  /** Their roles that administrators made stay. @throws ProjectMemberNotFound, GrantExceedsOwn, LastOwner */
  async setRole(caller: Caller, tx: Tx, projectId: string, userId: string, role: Role): Promise<Member> {
    const { users, access, log, service } = this.#deps;
    refuseActing(caller, userId);
    const { slug } = await service.locked(caller, tx, projectId, rules.members, { people: [userId] });
    const scope = scopeOf(projectId);
    const held = await access.inside.rolesIn(tx, userId, scope);
    if (held.length === 0) throw new ProjectMemberNotFound({ userId });
    await access.inside.checkChange(caller, tx, userId, scope);
    const given = [named(role)].filter((name) => !held.includes(name));
    await access.inside.checkGive(caller, tx, given, scope);
    const before = roleOf(held);
    // Given first: they do not leave in between.
    await access.inside.assign(caller, tx, { userId, roles: given, scope });
    await access.inside.unassign(caller, tx, { userId, roles: ROLES.filter((other) => other !== role).map(named), scope });
    if (before !== role)
      await log.publish(tx, caller, memberChanged, { projectId, slug, userId, role }, { before: { role: before }, after: { role } });
    return this.#member(tx, (await users.find(tx, userId))!, projectId);
  }
  /** @throws ProjectMemberNotFound, GrantExceedsOwn, LastOwner */
  async remove(caller: Caller, tx: Tx, projectId: string, userId: string): Promise<void> {
    const { access, service } = this.#deps;
    refuseActing(caller, userId);
    await service.locked(caller, tx, projectId, rules.members, { people: [userId] });
    const scope = scopeOf(projectId);
    if ((await access.inside.rolesIn(tx, userId, scope)).length === 0) throw new ProjectMemberNotFound({ userId });
    await access.inside.checkChange(caller, tx, userId, scope);
    await access.inside.remove(caller, tx, userId, scope);
  }
  /** Every member may, whatever their roles grant. @throws LastOwner */
  async leave(caller: SignedIn, tx: Tx, projectId: string): Promise<void> {
    const { users, access, projects } = this.#deps;
    refuseActing(caller, caller.userId);
    await users.hold(tx, caller.userId);
    const scope = scopeOf(projectId);
    const isMember = (await projects.lock(tx, projectId)) && (await access.inside.rolesIn(tx, caller.userId, scope)).length > 0;
    if (!isMember) throw new NotFound({ projectId });
    await access.inside.remove(caller, tx, caller.userId, scope);
  }

  // ---- Inside the transaction of whatever gives or takes a role, also that of an administrator at `/access/assignments`

  /** A role was given. @throws NotFound when there is no such project */
  async admit(caller: Caller, tx: Tx, { payload: { scope, userId, role } }: Told): Promise<void> {
    if (scope?.type !== PROJECT) return;
    const { jobs, log, access, invitations } = this.#deps;
    const { id: projectId, slug } = await this.#existing(tx, scope.id);
    if ((await access.inside.rolesIn(tx, userId, scope)).length > 1) return;
    invitations.delete(tx, projectId, userId);
    const fact = { projectId, slug, userId, role: roleOf([role]) };
    await log.publish(tx, caller, memberAdded, fact, { before: {}, after: { role }, about: userId });
    if (userId === caller.userId) return;
    // One waits for each member: who is removed and added again before it runs gets one mail.
    await jobs.enqueue(tx, tellPerson, { what: 'added', projectId, userId, by: caller.userId }, { key: `${projectId} ${userId}` });
  }
  /** A permission was given directly: that makes nobody a member. @throws NotFound when there is no such project */
  async allow(tx: Tx, { payload: { scope } }: DuringFact<GrantFact>): Promise<void> {
    if (scope?.type === PROJECT) await this.#existing(tx, scope.id);
  }
  /** A role was taken away, or ended; one for a while was none of the owners that stay. @throws LastOwner when nobody active would own the project */
  async release(caller: Caller, tx: Tx, { payload: { scope, userId, role, expiresAt } }: Told): Promise<void> {
    if (scope?.type !== PROJECT) return;
    const { access, projects, log } = this.#deps;
    const project = await projects.lock(tx, scope.id);
    if (!project) return; // it ends with all its members
    if (role === named('owner') && expiresAt === null && !(await this.#hasOwner(tx, scope.id))) {
      log.refused(caller, { code: LastOwner.code, reason: 'last-owner' });
      throw new LastOwner({ projectId: scope.id });
    }
    if ((await access.inside.rolesIn(tx, userId, scope)).length > 0) return;
    const detail = { before: { role }, after: {}, about: userId };
    await log.publish(tx, caller, memberRemoved, { projectId: scope.id, slug: project.slug, userId }, detail);
  }
  /** A user is deleted, and so are projects that are theirs alone. @throws LastOwner when others would be left without an owner */
  async forget(caller: Caller, tx: Tx, userId: string): Promise<void> {
    const { access, projects, invitations, service } = this.#deps;
    invitations.deleteOf(tx, userId);
    for (const { id } of await access.inside.scopesOf(tx, userId, PROJECT)) {
      const project = await projects.lock(tx, id);
      if (project && (await access.inside.count(tx, scopeOf(id))) === 1) await service.end(caller, tx, project);
      else await access.inside.remove(caller, tx, userId, scopeOf(id));
    }
  }

  /** What a user is a member of, for them to take along. */
  async of(userId: string) {
    const { db, access, projects } = this.#deps;
    const held = await access.inside.scopesOf(db, userId, PROJECT);
    const rows = new Map((await projects.findMany(db, held.map(({ id }) => id))).map((row) => [row.id, row])); // prettier-ignore
    return held.map(({ id, roles, since }) => ({ id, name: rows.get(id)?.name, roles, since }));
  }

  async #existing(tx: Tx, id: string) {
    const project = await this.#deps.projects.lock(tx, id);
    if (!project) throw new NotFound({ projectId: id });
    return project;
  }
  /** A person: programs cannot sign in. Under the lock of the project: whoever takes another owner away waits there, and then sees this. */
  async #hasOwner(tx: Tx, projectId: string): Promise<boolean> {
    const owners = await this.#deps.access.inside.holders(tx, scopeOf(projectId), named('owner'));
    return (await this.#deps.users.findMany(tx, owners)).some(({ status, kind }) => status === 'active' && kind === 'person');
  }
  async #member(tx: Tx, user: User, projectId: string): Promise<Member> {
    const { inside } = this.#deps.access;
    const { roles, since } = (await inside.scopesOf(tx, user.id, PROJECT)).find(({ id }) => id === projectId)!;
    return asMember(user, roles, since);
  }
}

/** B90: whoever acts as a user does not end or change that user's own membership: there may be no way back in for them. */
const refuseActing = (caller: Caller, userId: string): void => {
  if (caller.principal.impersonator && caller.userId === userId) throw new Forbidden({ reason: 'impersonated' });
};
// No address: whoever knows an id learns none by adding it.
const asMember = ({ id, displayName }: User, roles: readonly string[], since: string): Member => ({
  userId: id,
  displayName,
  role: roleOf(roles),
  since,
});
