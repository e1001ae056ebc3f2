import { allow, defineEvent, defineJob, defineOperations, Instant, paged, Paging } from '@plinth/kit';
import { z } from 'zod';
import { decisionOperations } from './decisions.contract.ts';
import { grantOperations } from './grants.contract.ts';
import {
  AlreadyAssigned,
  ExpiresInThePast,
  GrantExceedsOwn,
  Grants,
  LastAdministrator,
  LastOwner,
  manageAccess,
  readAccess,
  RoleInUse,
  RoleName,
  RoleNameTaken,
  RoleOfScope,
  rolesTag,
  Scope,
  SystemRole,
  Title,
  UnknownPermission,
  UnknownRole,
  UnknownScope,
  UnknownUser,
  userTag,
} from './terms.contract.ts';

export * from './decisions.contract.ts';
export * from './grants.contract.ts';
export * from './terms.contract.ts';

export const PermissionEntry = z.object({
  name: z.string(),
  title: z.string(),
  roles: z.array(z.string()).describe('Roles it was first given to'),
});
export const Role = z.object({
  name: z.string(),
  title: z.string(),
  system: z.boolean(),
  scopeType: z.string().nullable().describe('Type of the scopes inside which alone it counts; null: everywhere, and inside any'),
  permissions: z.array(z.string()),
  version: z.int(),
  createdAt: z.string(),
});
export const NewRole = z.strictObject({ name: RoleName, title: Title, permissions: Grants });
export const Assignment = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  role: z.string(),
  scope: z.object({ type: z.string(), id: z.uuid() }).nullable().describe('Null: everywhere'),
  expiresAt: z.string().nullable(),
  grantedBy: z.uuid().nullable(),
  reason: z.string().nullable(),
  createdAt: z.string(),
});
/** In a list: with the name of whom it is about. */
export const ListedAssignment = Assignment.extend({
  userName: z.string().nullable().describe('What the user is called'),
  grantedByName: z.string().nullable(),
});
export const NewAssignment = z.strictObject({
  userId: z.uuid(),
  role: z.string().min(1).max(64).describe('Name of a role'),
  scope: Scope.optional().describe('Absent: everywhere'),
  expiresAt: Instant.optional().describe('From this instant it grants nothing'),
  reason: z.string().trim().min(1).max(500).optional(),
});
export const Mine = z.object({
  roles: z.array(z.string()),
  permissions: z.array(z.string()).describe('Held everywhere'),
  scoped: z.array(z.object({ type: z.string(), permissions: z.array(z.string()) })).describe('Held inside at least one scope of the type'),
});

const RoleFact = z.object({ role: z.string() });
export const AssignmentFact = z.object({
  assignmentId: z.uuid(),
  userId: z.uuid(),
  role: z.string(),
  scope: z.object({ type: z.string(), id: z.uuid() }).nullable(),
  expiresAt: z.string().nullable(),
});
export type AssignmentFact = z.output<typeof AssignmentFact>;
const roleChanges = z.object({ title: z.string(), permissions: z.array(z.string()) });
const ofRole = { subject: ({ role }: { role: string }) => ['role', role] as const, tags: () => [rolesTag], changes: roleChanges };
const assignmentChanges = z.object({ role: z.string(), scope: AssignmentFact.shape.scope, expiresAt: AssignmentFact.shape.expiresAt });
const ofAssignment = {
  subject: ({ userId }: { userId: string }) => ['user', userId] as const,
  tags: ({ userId }: { userId: string }) => [userTag(userId)],
  changes: assignmentChanges,
};

export const roleCreated = defineEvent('access.role-created', RoleFact, { title: 'Role created', ...ofRole });
export const roleChanged = defineEvent('access.role-changed', RoleFact, { title: 'Role changed', ...ofRole });
export const roleDeleted = defineEvent('access.role-deleted', RoleFact, { title: 'Role deleted', ...ofRole });
export const roleAssigned = defineEvent('access.role-assigned', AssignmentFact, { title: 'Role assigned', ...ofAssignment });
export const roleUnassigned = defineEvent('access.role-unassigned', AssignmentFact, { title: 'Role taken away', ...ofAssignment });
export const roleExpired = defineEvent('access.role-expired', AssignmentFact, { title: 'Assignment of a role expired', ...ofAssignment });
export const permissionsSeeded = defineEvent(
  'access.permissions-seeded',
  z.object({ grants: z.array(z.object({ role: z.string(), permission: z.string() })) }),
  { title: 'New permissions given to their roles', tags: () => [rolesTag] },
);

export const sweepExpired = defineJob('access.sweep-expired', z.object({}), { title: 'Remove assignments and grants that expired' });

const oneRole = z.object({ role: z.string().min(1).max(64) });
const read = allow(readAccess);
const manage = allow(manageAccess);

export const operations = defineOperations({
  listPermissions: {
    method: 'GET',
    path: '/access/permissions',
    summary: 'List every permission',
    access: read,
    reply: z.array(PermissionEntry),
  },
  listRoles: { method: 'GET', path: '/access/roles', summary: 'List roles and what they grant', access: read, reply: z.array(Role) },
  getRole: { method: 'GET', path: '/access/roles/:role', summary: 'Read a role', access: read, params: oneRole, reply: Role },
  createRole: {
    method: 'POST',
    path: '/access/roles',
    summary: 'Create a role',
    access: manage,
    body: NewRole,
    status: 201,
    reply: Role,
    publishes: [roleCreated],
    errors: [RoleNameTaken, UnknownPermission, GrantExceedsOwn],
  },
  changeRole: {
    method: 'PATCH',
    path: '/access/roles/:role',
    summary: 'Change the title of a role',
    access: manage,
    ifMatch: true,
    params: oneRole,
    body: z.strictObject({ title: Title }),
    reply: Role,
    publishes: [roleChanged],
    errors: [GrantExceedsOwn],
  },
  setPermissions: {
    method: 'PUT',
    path: '/access/roles/:role/permissions',
    summary: 'Set what a role grants',
    access: manage,
    ifMatch: true,
    params: oneRole,
    body: z.strictObject({ permissions: Grants }),
    reply: Role,
    publishes: [roleChanged],
    errors: [SystemRole, UnknownPermission, GrantExceedsOwn],
  },
  deleteRole: {
    method: 'DELETE',
    path: '/access/roles/:role',
    summary: 'Delete a role nobody has',
    access: manage,
    ifMatch: true,
    params: oneRole,
    status: 204,
    publishes: [roleDeleted],
    errors: [SystemRole, RoleInUse, GrantExceedsOwn],
  },
  listAssignments: {
    method: 'GET',
    path: '/access/assignments',
    summary: 'List who has which role',
    access: read,
    query: Paging.extend({ userId: z.uuid().optional(), role: z.string().max(64).optional() }),
    reply: paged(ListedAssignment),
  },
  assign: {
    method: 'POST',
    path: '/access/assignments',
    summary: 'Assign a role to a user',
    access: manage,
    body: NewAssignment,
    status: 201,
    reply: Assignment,
    publishes: [roleAssigned, roleExpired],
    errors: [UnknownRole, UnknownUser, UnknownScope, RoleOfScope, AlreadyAssigned, ExpiresInThePast, GrantExceedsOwn],
  },
  unassign: {
    method: 'DELETE',
    path: '/access/assignments/:assignmentId',
    summary: 'Take a role away from a user',
    access: manage,
    params: z.object({ assignmentId: z.uuid() }),
    status: 204,
    publishes: [roleUnassigned],
    errors: [LastAdministrator, LastOwner, GrantExceedsOwn],
  },
  ...grantOperations,
  ...decisionOperations,
  mine: { method: 'GET', path: '/access/me', summary: 'See your own roles and permissions', access: 'signed-in', reply: Mine },
});
