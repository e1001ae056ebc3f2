import type { Controller } from '@plinth/kit';
import type { AssignmentsService } from './assignments.service.ts';
import type { operations } from './contract.ts';
import type { GrantsService } from './grants.service.ts';
import type { RolesService } from './roles.service.ts';
import type { AccessService } from './service.ts';

interface Services {
  readonly access: AccessService;
  readonly roles: RolesService;
  readonly assignments: AssignmentsService;
  readonly directGrants: GrantsService;
}
export const accessController = ({ access, roles, assignments, directGrants }: Services): Controller<typeof operations> => ({
  listPermissions: ({ caller }) => access.permissions(caller),
  listRoles: ({ caller }) => roles.list(caller),
  getRole: ({ caller, params }) => roles.get(caller, params.role),
  createRole: ({ caller, tx, body }) => roles.create(caller, tx, body),
  changeRole: ({ caller, tx, params, body, ifMatch }) => roles.changeTitle(caller, tx, params.role, body.title, ifMatch),
  setPermissions: ({ caller, tx, params, body, ifMatch }) => roles.setPermissions(caller, tx, params.role, body.permissions, ifMatch),
  deleteRole: ({ caller, tx, params, ifMatch }) => roles.delete(caller, tx, params.role, ifMatch),
  listAssignments: ({ caller, query, paging }) => assignments.list(caller, query, paging),
  assign: ({ caller, tx, body }) => assignments.grant(caller, tx, body),
  unassign: ({ caller, tx, params }) => assignments.revoke(caller, tx, params.assignmentId),
  listGrants: ({ caller, query, paging }) => directGrants.list(caller, query, paging),
  grant: ({ caller, tx, body }) => directGrants.grant(caller, tx, body),
  revokeGrant: ({ caller, tx, params }) => directGrants.revoke(caller, tx, params.grantId),
  mine: ({ caller }) => access.mine(caller),
});
