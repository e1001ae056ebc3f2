import { defineError, definePermission } from '@plinth/kit';
import { z } from 'zod';
import { GrantExceedsOwn, LastAdministrator, LastOwner } from '../users/index.ts';

// What all operations of this feature speak of.

export const readAccess = definePermission('access:read', 'See roles, permissions and who holds them');
export const manageAccess = definePermission('access:manage', 'Change roles; give and take away roles and permissions');

export const RoleNameTaken = defineError('ROLE_NAME_TAKEN', 409, 'A role with this name already exists', { constraint: 'roles_pkey' });
export const RoleInUse = defineError('ROLE_IN_USE', 409, 'Someone still has this role: take it away from them first', {
  constraint: 'assignments_role_fkey',
});
export const SystemRole = defineError('SYSTEM_ROLE', 409, 'This role belongs to the system and cannot be changed that way');
export const UnknownRole = defineError('UNKNOWN_ROLE', 422, 'There is no role of this name', { constraint: 'assignments_role_fkey' });
export const UnknownUser = defineError('UNKNOWN_USER', 422, 'There is no user of this id', {
  constraint: ['assignments_user_id_fkey', 'grants_user_id_fkey'],
});
export const UnknownPermission = defineError('UNKNOWN_PERMISSION', 422, 'A grant matches no permission: see GET /access/permissions');
export const UnknownScope = defineError('UNKNOWN_SCOPE', 422, 'No operation knows scopes of this type');
export const RoleOfScope = defineError('ROLE_OF_SCOPE', 422, 'This role counts only inside a scope of its own type', {
  constraint: 'assignments_role_scope',
});
export const AlreadyAssigned = defineError('ALREADY_ASSIGNED', 409, 'The user has this role already', { constraint: 'assignments_once' });
export const ExpiresInThePast = defineError('EXPIRES_IN_THE_PAST', 422, 'expiresAt must lie in the future', {
  constraint: ['assignments_expires_later', 'grants_expires_later'],
});
export const AlreadyGranted = defineError('ALREADY_GRANTED', 409, 'The user was given this already', { constraint: 'grants_once' });
export { GrantExceedsOwn, LastAdministrator, LastOwner };

export const RoleName = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and hyphens')
  .describe('Name of a role');
export const Title = z.string().trim().min(1).max(200).describe('What people read');
export const Grants = z.array(z.string().min(1).max(200)).max(500).describe('Permissions, also by pattern: `orders:read`, `orders:*`, `*`');
export const Scope = z.strictObject({ type: z.string().min(1).max(64), id: z.uuid() }).describe('Where it counts');

/** What a node holds of roles, and of one user's roles, in memory. */
export const rolesTag = 'access:roles';
export const userTag = (userId: string): string => `access:user:${userId}`;
