import type { AccessApi, UsersApi } from '@plinth/core';
import {
  type Allow,
  type Caller,
  type Database,
  type Event,
  type EventLog,
  Forbidden,
  isUuid,
  NotFound,
  type Page,
  type PageRequest,
  PreconditionFailed,
  type Tx,
  uuidv7,
} from '@plinth/kit';
import {
  named,
  type NewProject,
  PROJECT,
  type Project,
  type ProjectChanges,
  projectArchived,
  projectCreated,
  projectDeleted,
  type ProjectFilter,
  ProjectIsArchived,
  projectRestored,
  projectUpdated,
  type Role,
  ROLES,
  rules,
  SlugTaken,
} from './contract.ts';
import type { ProjectRow, ProjectsRepository } from './repository.ts';
import { isReserved, salted, slugOf } from './slug.ts';

interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly users: UsersApi;
  readonly access: AccessApi;
  readonly projects: ProjectsRepository;
}
export const scopeOf = (id: string) => ({ type: PROJECT, id }) as const;
/** The most that these roles are of ours. */
export const roleOf = (held: readonly string[]): Role | null => ROLES.findLast((role) => held.includes(named(role))) ?? null;
const told = ({ id, slug, version }: ProjectRow) => ({ projectId: id, slug, version });

export class ProjectsService {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async list(caller: Caller, filter: ProjectFilter, paging: PageRequest): Promise<Page<Project>> {
    const { db, access, projects } = this.#deps;
    const held = caller.userId === null ? [] : await access.inside.scopesOf(db, caller.userId, PROJECT);
    const mine = filter.member === undefined ? undefined : held.map(({ id }) => id);
    const { items, ...rest } = await projects.page(caller.visible(rules.read), filter, paging, mine);
    const roles = new Map(held.map((each) => [each.id, roleOf(each.roles)]));
    return { items: items.map((row) => asProject(row, roles.get(row.id) ?? null)), ...rest };
  }
  /** @throws NotFound: also for one that the caller may not see */
  async get(caller: Caller, projectId: string): Promise<Project> {
    return this.#shown(caller, await this.#deps.projects.findShown(caller.visible(rules.read), projectId));
  }
  /** @throws NotFound: also for one that the caller may not see */
  async getBySlug(caller: Caller, slug: string): Promise<Project> {
    return this.#shown(caller, await this.#deps.projects.findShownBySlug(caller.visible(rules.read), slug));
  }
  /** @throws SlugTaken for a slug that was asked for, however many ask at once; one made from the name gives way. */
  async create(caller: Caller, tx: Tx, { slug, ...rest }: NewProject): Promise<Project> {
    const { users, access, projects, log } = this.#deps;
    const { userId } = caller;
    // Held: whoever deletes them meanwhile finds the project.
    if (userId === null || !(await users.holdActive(tx, userId))) throw new Forbidden({ reason: 'no-user' });
    const id = uuidv7();
    const wanted = slug ?? slugOf(rest.name);
    const other = salted(wanted, id.slice(-8));
    const usable = wanted !== '' && !isReserved(wanted);
    let row = usable ? await projects.insert(tx, { id, slug: wanted, ...rest }) : undefined;
    if (!row && slug === undefined) row = await projects.insert(tx, { id, slug: other, ...rest });
    if (!row) throw new SlugTaken({ slug: wanted });
    await log.publish(tx, caller, projectCreated, told(row), { before: {}, after: { ...row } });
    await access.inside.assign(caller, tx, { userId, roles: [named('owner')], scope: scopeOf(id) });
    return asProject(row, 'owner');
  }
  /** @param version what the change was made from; null changes whatever is there. @throws SlugTaken, ProjectIsArchived */
  async update(caller: Caller, tx: Tx, projectId: string, changes: ProjectChanges, version: number | null): Promise<Project> {
    const before = await this.locked(caller, tx, projectId, rules.write, { version });
    if (before.archivedAt !== null) throw new ProjectIsArchived({ projectId });
    const after = await this.#deps.projects.update(tx, { ...before, ...changes });
    return this.#changed(caller, tx, projectUpdated, before, after);
  }
  /** Once more changes nothing, and tells nothing. */
  async setArchived(caller: Caller, tx: Tx, projectId: string, archived: boolean, version: number | null): Promise<Project> {
    const before = await this.locked(caller, tx, projectId, rules.manage, { version });
    if ((before.archivedAt !== null) === archived) return asProject(before, await this.#roleIn(tx, caller.userId, projectId));
    const after = await this.#deps.projects.setArchived(tx, projectId, archived);
    return this.#changed(caller, tx, archived ? projectArchived : projectRestored, before, after);
  }
  async delete(caller: Caller, tx: Tx, projectId: string, version: number | null): Promise<void> {
    await this.end(caller, tx, await this.locked(caller, tx, projectId, rules.manage, { version }));
  }
  /** The row goes first: the rules on its members end with it. */
  async end(caller: Caller, tx: Tx, project: ProjectRow): Promise<void> {
    const { access, projects, log } = this.#deps;
    await projects.delete(tx, project.id);
    await log.publish(tx, caller, projectDeleted, told(project), { before: { ...project }, after: {} });
    await access.inside.end(caller, tx, scopeOf(project.id));
  }

  // ---- For this feature

  /**
   * Held until the transaction ends, and the rule asked again: whoever lost the right while this waited has lost it.
   * @param people whose rows the call needs too: they are held first, as whoever deletes them does. @throws NotFound, PreconditionFailed
   */
  async locked(
    caller: Caller,
    tx: Tx,
    projectId: string,
    rule: Allow,
    { version = null, people = [] }: { readonly version?: number | null; readonly people?: readonly string[] } = {},
  ): Promise<ProjectRow> {
    const { users, projects } = this.#deps;
    for (const userId of people) await users.hold(tx, userId);
    const held = await projects.lock(tx, projectId);
    const row = held && (await projects.findWithin(tx, caller.visible(rule), projectId));
    if (!row) throw new NotFound({ projectId });
    if (version !== null && version !== row.version) throw new PreconditionFailed({ projectId, expected: version, actual: row.version });
    return row;
  }
  /** For explain and AuthZEN: a project is its own scope. Undefined: there is none. */
  async place(id: string) {
    const there = isUuid(id) && (await this.#deps.projects.find(this.#deps.db, id));
    return there ? { owner: null, scopes: { [PROJECT]: there.id } } : undefined;
  }
  async #changed(caller: Caller, tx: Tx, event: Event<ReturnType<typeof told>>, before: ProjectRow, after: ProjectRow): Promise<Project> {
    await this.#deps.log.publish(tx, caller, event, told(after), { before: { ...before }, after: { ...after } });
    return asProject(after, await this.#roleIn(tx, caller.userId, after.id));
  }
  async #shown(caller: Caller, row: ProjectRow | undefined): Promise<Project> {
    if (!row) throw new NotFound();
    return asProject(row, await this.#roleIn(this.#deps.db, caller.userId, row.id));
  }
  async #roleIn(on: Database | Tx, userId: string | null, projectId: string): Promise<Role | null> {
    return userId === null ? null : roleOf(await this.#deps.access.inside.rolesIn(on, userId, scopeOf(projectId)));
  }
}

/** Field by field: rows of lists carry their total too. */
const asProject = (row: ProjectRow, role: Role | null): Project => ({
  id: row.id,
  slug: row.slug,
  name: row.name,
  description: row.description,
  visibility: row.visibility,
  role,
  archivedAt: row.archivedAt,
  version: row.version,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});
