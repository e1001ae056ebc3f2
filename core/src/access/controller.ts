import { respond, type Controller } from '@plinth/kit';
import type { AuthzenService } from './authzen.service.ts';
import type { AssignmentsService } from './assignments.service.ts';
import type { operations } from './contract.ts';
import type { ExplainService } from './explain.service.ts';
import type { GrantsService } from './grants.service.ts';
import type { RolesService } from './roles.service.ts';
import type { AccessService } from './service.ts';

interface Services {
  readonly access: AccessService;
  readonly roles: RolesService;
  readonly assignments: AssignmentsService;
  readonly directGrants: GrantsService;
  readonly explain: ExplainService;
  readonly authzen: AuthzenService;
}

/** AuthZEN wants back whatever id was sent; ours come back by themselves. */
const echo = ({ 'x-request-id': id }: Readonly<Record<string, string | string[] | undefined>>) => ({
  headers: typeof id === 'string' && /^[\x20-\x7e]{1,255}$/.test(id) ? { 'x-request-id': id } : {},
});

export const accessController = ({
  access,
  roles,
  assignments,
  directGrants,
  explain,
  authzen,
}: Services): Controller<typeof operations> => ({
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
  explain: ({ caller, query }) => explain.explain(caller, query),
  evaluate: async ({ caller, body, headers }) => respond(await authzen.evaluate(caller, body), echo(headers)),
  evaluateAll: async ({ caller, body, headers }) => respond(await authzen.evaluateAll(caller, body), echo(headers)),
  decisionPoint: () => authzen.metadata(),
  mine: ({ caller }) => access.mine(caller),
});
