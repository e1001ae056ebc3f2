import type { Controller } from '@plinth/kit';
import type { operations } from './contract.ts';
import type { Invitations } from './invitations.ts';
import { joinPage } from './page.ts';
import type { OrganizationsService } from './service.ts';

export const organizationsController = (service: OrganizationsService, invitations: Invitations): Controller<typeof operations> => ({
  list: ({ caller, paging }) => service.list(caller, paging),
  create: ({ caller, tx, body }) => service.create(caller, tx, body.name),
  get: ({ caller, params }) => service.get(caller, params.organizationId),
  rename: ({ caller, tx, params, body, ifMatch }) => service.rename(caller, tx, params.organizationId, body.name, ifMatch),
  delete: ({ caller, tx, params }) => service.delete(caller, tx, params.organizationId),
  transfer: ({ caller, tx, params, body }) => service.transfer(caller, tx, params.organizationId, body.userId),
  leave: ({ caller, tx, params }) => service.leave(caller, tx, params.organizationId),
  members: ({ caller, params, query }) => service.members(caller, params.organizationId, query),
  setRoles: ({ caller, tx, params, body }) => service.setRoles(caller, tx, params.organizationId, params.userId, body.roles),
  remove: ({ caller, tx, params }) => service.remove(caller, tx, params.organizationId, params.userId),
  invitations: ({ caller, params, paging }) => invitations.list(caller, params.organizationId, paging),
  invite: ({ caller, tx, params, body }) => invitations.invite(caller, tx, params.organizationId, body),
  revoke: ({ caller, tx, params }) => invitations.revoke(caller, tx, params.organizationId, params.invitationId),
  accept: ({ caller, tx, body }) => invitations.accept(caller, tx, body.token),
  joinPage,
});
