import type { Controller } from '@plinth/kit';
import type { operations } from './contract.ts';
import type { Invitations } from './invitations.ts';
import type { Members } from './members.ts';
import type { ProjectsService } from './service.ts';

export const projectsController = (
  service: ProjectsService,
  members: Members,
  invitations: Invitations,
): Controller<typeof operations> => ({
  list: ({ caller, query, paging }) => service.list(caller, query, paging),
  create: ({ caller, tx, body }) => service.create(caller, tx, body),
  getBySlug: ({ caller, params }) => service.getBySlug(caller, params.slug),
  get: ({ caller, params }) => service.get(caller, params.projectId),
  update: ({ caller, tx, params, body, ifMatch }) => service.update(caller, tx, params.projectId, body, ifMatch),
  archive: ({ caller, tx, params, ifMatch }) => service.setArchived(caller, tx, params.projectId, true, ifMatch),
  restore: ({ caller, tx, params, ifMatch }) => service.setArchived(caller, tx, params.projectId, false, ifMatch),
  delete: ({ caller, tx, params, ifMatch }) => service.delete(caller, tx, params.projectId, ifMatch),
  members: ({ caller, params, query }) => members.list(caller, params.projectId, query),
  addMember: ({ caller, tx, params, body }) => members.add(caller, tx, params.projectId, body),
  setRole: ({ caller, tx, params, body }) => members.setRole(caller, tx, params.projectId, params.userId, body.role),
  removeMember: ({ caller, tx, params }) => members.remove(caller, tx, params.projectId, params.userId),
  leave: ({ caller, tx, params }) => members.leave(caller, tx, params.projectId),
  invite: ({ caller, tx, params, body }) => invitations.invite(caller, tx, params.projectId, body),
  invitations: ({ caller }) => invitations.of(caller),
  join: ({ caller, tx, params }) => invitations.join(caller, tx, params.projectId),
});
