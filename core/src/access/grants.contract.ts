import { allow, defineEvent, defineOperations, Instant, paged, Paging } from '@plinth/kit';
import { z } from 'zod';
import {
  AlreadyGranted,
  ExpiresInThePast,
  GrantExceedsOwn,
  manageAccess,
  readAccess,
  Scope,
  UnknownPermission,
  UnknownScope,
  UnknownUser,
  userTag,
} from './terms.contract.ts';

// Permissions given to one person without a role.

const Permission = z.string().min(1).max(200).describe('A permission, or a pattern: `orders:read`, `orders:*`');
export const GrantFact = z.object({
  grantId: z.uuid(),
  userId: z.uuid(),
  permission: z.string(),
  scope: z.object({ type: z.string(), id: z.uuid() }).nullable(),
  expiresAt: z.string().nullable(),
});
export type GrantFact = z.output<typeof GrantFact>;
export const DirectGrant = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  permission: z.string(),
  scope: z.object({ type: z.string(), id: z.uuid() }).nullable().describe('Null: everywhere'),
  expiresAt: z.string().nullable(),
  grantedBy: z.uuid().nullable(),
  reason: z.string().nullable(),
  createdAt: z.string(),
});
/** In a list: with the name of whom it is about. */
export const ListedGrant = DirectGrant.extend({
  userName: z.string().nullable().describe('What the user is called'),
  grantedByName: z.string().nullable(),
});
export const NewDirectGrant = z.strictObject({
  userId: z.uuid(),
  permission: Permission,
  scope: Scope.optional().describe('Absent: everywhere'),
  expiresAt: Instant.optional().describe('From this instant it grants nothing'),
  reason: z.string().trim().min(1).max(500).optional(),
});

const ofGrant = {
  subject: ({ userId }: { userId: string }) => ['user', userId] as const,
  tags: ({ userId }: { userId: string }) => [userTag(userId)],
  changes: GrantFact.pick({ permission: true, scope: true, expiresAt: true }),
};
export const permissionGranted = defineEvent('access.permission-granted', GrantFact, { title: 'Permission given to a user', ...ofGrant });
export const permissionRevoked = defineEvent('access.permission-revoked', GrantFact, {
  title: 'Permission taken away from a user',
  ...ofGrant,
});
export const permissionExpired = defineEvent('access.permission-expired', GrantFact, { title: 'Permission of a user expired', ...ofGrant });

export const grantOperations = defineOperations({
  listGrants: {
    method: 'GET',
    path: '/access/grants',
    summary: 'List who was given which permission without a role',
    access: allow(readAccess),
    query: Paging.extend({
      userId: z.uuid().optional(),
      permission: Permission.optional(),
      scopeType: z.string().min(1).max(64).optional(),
      scopeId: z.uuid().optional(),
    }),
    reply: paged(ListedGrant),
  },
  grant: {
    method: 'POST',
    path: '/access/grants',
    summary: 'Give a user a permission',
    access: allow(manageAccess),
    body: NewDirectGrant,
    status: 201,
    reply: DirectGrant,
    publishes: [permissionGranted, permissionExpired],
    errors: [UnknownPermission, UnknownUser, UnknownScope, AlreadyGranted, ExpiresInThePast, GrantExceedsOwn],
  },
  revokeGrant: {
    method: 'DELETE',
    path: '/access/grants/:grantId',
    summary: 'Take a permission away from a user',
    access: allow(manageAccess),
    params: z.object({ grantId: z.uuid() }),
    status: 204,
    publishes: [permissionRevoked],
    errors: [GrantExceedsOwn],
  },
});
