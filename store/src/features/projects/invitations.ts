import type { AccessApi, UsersApi } from '@plinth/core';
import {
  type Caller,
  type Compose,
  type Database,
  type EventLog,
  Forbidden,
  type JobRun,
  type Jobs,
  type Mail,
  NotFound,
  type SignedIn,
  type Tx,
} from '@plinth/kit';
import type { z } from 'zod';
import {
  addedMail,
  type Invitation,
  invitedMail,
  manageMembers,
  memberInvited,
  named,
  type NewInvitation,
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
  readonly mail: Mail;
  readonly compose: Compose;
  readonly users: UsersApi;
  readonly access: AccessApi;
  readonly projects: ProjectsRepository;
  readonly invitations: InvitationsRepository;
  readonly service: ProjectsService;
}

/** From an address to a member, without telling who has an account. */
export class Invitations {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** The same is done, and answered, whether there is anybody or not (B21). @throws NotFound, GrantExceedsOwn */
  async invite(caller: Caller, tx: Tx, projectId: string, { email, role }: NewInvitation): Promise<void> {
    const { users, access, jobs, log, invitations, service } = this.#deps;
    const { userId: by } = caller;
    if (by === null) throw new Forbidden({ reason: 'no-user' });
    const nobody = projectId; // an id that no user has
    const found = await users.findByEmail(tx, email);
    // The user before the project: whoever deletes them takes the locks in this order too. Invitations to one person are made one after the other, to be counted.
    const user = await users.lockActive(tx, found?.id ?? nobody);
    const { slug } = await service.locked(caller, tx, projectId, rules.members);
    const scope = scopeOf(projectId);
    await access.inside.checkGive(caller, tx, [named(role)], scope);
    const held = await access.inside.rolesIn(tx, user?.id ?? nobody, scope);
    // An address counts once it was proved, or whoever registered somebody else's would be let in.
    const wanted = user && user.emailVerifiedAt !== null && user.kind === 'person' && held.length === 0 ? user.id : null;
    const userId = (await invitations.insert(tx, projectId, wanted, role, by)) ? wanted : null;
    const detail = { before: {}, after: { role }, ...(userId !== null && { about: userId }) };
    await log.publish(tx, caller, memberInvited, { projectId, slug, userId }, detail);
    await jobs.enqueue(tx, tellPerson, { what: 'invited', projectId, userId, by });
  }
  of(caller: SignedIn): Promise<Invitation[]> {
    return this.#deps.invitations.of(this.#deps.db, caller.userId);
  }
  /** @throws NotFound: no invitation, or whoever gave it may not give this any more */
  async join(caller: SignedIn, tx: Tx, projectId: string): Promise<void> {
    const { users, access, projects, invitations } = this.#deps;
    if (caller.principal.impersonator) throw new Forbidden({ reason: 'impersonated' });
    const user = await users.holdActive(tx, caller.userId);
    const project = await projects.lock(tx, projectId);
    const invitation = user && project && (await invitations.find(tx, projectId, user.id));
    if (!invitation) throw new NotFound({ projectId });
    const { role, invitedBy } = invitation;
    const given = { roles: [named(role)], scope: scopeOf(projectId) };
    const inviter = await users.find(tx, invitedBy);
    const vouched = inviter?.status === 'active' && (await access.inside.covers(tx, { userId: invitedBy, ...given }, manageMembers.name));
    if (!vouched) throw new NotFound({ projectId, reason: 'inviter' });
    await access.inside.assign(caller, tx, { userId: user.id, ...given }, invitedBy); // which ends the invitation: see `admit`
  }

  /** What holds no more is not told: of who was removed, or joined, meanwhile. A run that is repeated sends the same Message-ID: it shows once. */
  async tell({ what, projectId, userId, by }: z.output<typeof tellPerson.payload>, { id }: JobRun): Promise<void> {
    const { db, mail, compose, users, access, projects, invitations } = this.#deps;
    if (userId === null) return;
    const project = await projects.find(db, projectId);
    const user = await users.find(db, userId);
    if (!project || user?.status !== 'active' || user.kind !== 'person') return;
    const roles = await access.inside.rolesIn(db, userId, scopeOf(projectId));
    const invitation = (await invitations.of(db, userId)).find((each) => each.projectId === projectId);
    const role = what === 'invited' ? invitation?.role : (roleOf(roles) ?? roles[0]);
    if (role === undefined) return;
    const giver = by === null ? undefined : await users.find(db, by);
    const said = { project: project.name, role, by: giver?.displayName ?? 'An administrator' };
    await mail.send({ id, to: user.email, ...compose(what === 'added' ? addedMail : invitedMail, said) });
  }
  sweep(): Promise<void> {
    return this.#deps.invitations.sweep(this.#deps.db);
  }
}
