import type { Controller } from '@plinth/kit';
import type { operations } from './contract.ts';
import type { AccessService } from './service.ts';

export const accessController = (service: AccessService): Controller<typeof operations> => ({
  listPermissions: ({ caller }) => service.permissions(caller),
  listRoles: ({ caller }) => service.roles(caller),
  getRole: ({ caller, params }) => service.role(caller, params.role),
  createRole: ({ caller, tx, body }) => service.createRole(caller, tx, body),
  changeRole: ({ caller, tx, params, body, ifMatch }) => service.changeRole(caller, tx, params.role, body.title, ifMatch),
  setPermissions: ({ caller, tx, params, body, ifMatch }) => service.setPermissions(caller, tx, params.role, body.permissions, ifMatch),
  deleteRole: ({ caller, tx, params, ifMatch }) => service.deleteRole(caller, tx, params.role, ifMatch),
  listAssignments: ({ caller, query, paging }) => service.assignments(caller, query, paging),
  assign: ({ caller, tx, body }) => service.grant(caller, tx, body),
  unassign: ({ caller, tx, params }) => service.revoke(caller, tx, params.assignmentId),
  mine: ({ caller }) => service.mine(caller),
});
