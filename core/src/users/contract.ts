import { allow, CursorPaging, defineError, defineEvent, defineJob, defineOperations, definePermission, paged, personal } from '@plinth/kit';
import { z } from 'zod';
import { BEFORE, DisplayName, Locale, TimeZone } from './fields.ts';

// ---- Shapes -------------------------------------------------------------------------------------

export const UserStatus = z.enum(['active', 'suspended', 'deleted']);
/** A service account has keys and roles, and no way to sign in. */
export const UserKind = z.enum(['person', 'service']);
export const User = z.object({
  id: z.uuid(),
  kind: UserKind,
  email: z.string(),
  displayName: z.string(),
  status: UserStatus,
  locale: z.string().nullable(),
  timeZone: z.string().nullable(),
  emailVerifiedAt: z.string().nullable(),
  version: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
  deletedAt: z.string().nullable(),
});
export type User = z.output<typeof User>;

export interface NewUser {
  readonly email: string;
  readonly displayName: string;
  /** The address is known to be theirs. */
  readonly verified?: boolean;
  /** Default: a person. */
  readonly kind?: z.output<typeof UserKind>;
}
export const ProfileChange = z
  .strictObject({ displayName: DisplayName.optional(), locale: Locale.nullable().optional(), timeZone: TimeZone.nullable().optional() })
  .refine((change) => Object.keys(change).length > 0, 'Name at least one field to change');
export type ProfileChange = z.output<typeof ProfileChange>;

export const UserQuery = CursorPaging.extend({
  q: z.string().max(1000, BEFORE).trim().normalize('NFKC').min(1).max(100).optional().describe('Part of the address or the name'),
  status: UserStatus.optional(),
  kind: UserKind.optional(),
  sort: z
    .enum(['createdAt', '-createdAt', 'email', '-email', 'displayName', '-displayName'])
    .default('-createdAt')
    .describe('Field to sort by; `-` sorts downwards'),
});
export type UserQuery = z.output<typeof UserQuery>;
export type UserFilter = Pick<UserQuery, 'q' | 'status' | 'kind' | 'sort'>;

export const UserStatistics = z.object({
  total: z.int(),
  byStatus: z.object({ active: z.int(), suspended: z.int(), deleted: z.int() }),
  registered: z.object({ lastDay: z.int(), last7Days: z.int(), last30Days: z.int() }),
});
const UserId = z.object({ userId: z.uuid() });
const Reason = z.strictObject({ reason: z.string().trim().min(3, 'Say why, for the audit').max(500) });

// ---- Permissions and errors ---------------------------------------------------------------------

export const readUsers = definePermission('users:read', 'See every user', ['admin']);
export const manageUsers = definePermission('users:manage', 'Suspend, restore and delete users', ['admin']);

export const UserNotFound = defineError('USER_NOT_FOUND', 404, 'There is no such user');
export const EmailTaken = defineError('EMAIL_TAKEN', 409, 'Another user has this e-mail address', { constraint: 'users_email_live' });
export const UserNotActive = defineError('USER_NOT_ACTIVE', 409, 'The user is not active');
export const UserNotSuspended = defineError('USER_NOT_SUSPENDED', 409, 'The user is neither suspended nor deleted');
export const UserAlreadyDeleted = defineError('USER_ALREADY_DELETED', 409, 'The user was deleted before');
export const UserErased = defineError('USER_ERASED', 409, 'The data of this user were erased: there is nothing to restore');
// What `access` and `organizations` refuse in the transaction of an operation here, so it is declared here.
export const GrantExceedsOwn = defineError('GRANT_EXCEEDS_OWN', 403, 'You can give or take away only what you hold yourself');
export const LastAdministrator = defineError('LAST_ADMINISTRATOR', 409, 'This is the last administrator: make someone else one first');
export const LastOwner = defineError('LAST_OWNER', 409, 'This is the last owner: make someone else one first, or delete what they own');

// ---- Facts --------------------------------------------------------------------------------------

const about = {
  subject: ({ userId }: { userId: string }) => ['user', userId] as const,
  tags: ({ userId }: { userId: string }) => [`user:${userId}`],
  public: true,
};
const Profile = { displayName: personal(z.string()), locale: z.string().nullable(), timeZone: z.string().nullable() };

export const userCreated = defineEvent('users.created', UserId, {
  ...about,
  title: 'User created',
  changes: z.object({ email: personal(z.string()), displayName: personal(z.string()), status: UserStatus }),
});
export const userProfileChanged = defineEvent('users.profile-changed', UserId, {
  ...about,
  title: 'User changed their profile',
  changes: z.object(Profile),
});
export const userEmailVerified = defineEvent('users.email-verified', UserId, {
  ...about,
  title: 'User proved their address',
  changes: z.object({ emailVerifiedAt: z.string().nullable() }),
});
export const userEmailChanged = defineEvent('users.email-changed', UserId, {
  ...about,
  title: 'User has another address',
  changes: z.object({ email: personal(z.string()) }),
});
export const userErased = defineEvent('users.erased', UserId, { ...about, title: 'User erased' });
export const userSuspended = defineEvent('users.suspended', UserId, {
  ...about,
  title: 'User suspended',
  changes: z.object({ status: UserStatus }),
});
export const userRestored = defineEvent('users.restored', UserId, {
  ...about,
  title: 'User restored',
  changes: z.object({ status: UserStatus }),
});
export const userDeleted = defineEvent('users.deleted', UserId, {
  ...about,
  title: 'User deleted',
  changes: z.object({ status: UserStatus }),
});

// ---- Jobs ---------------------------------------------------------------------------------------

export const eraseDeleted = defineJob('users.erase-deleted', z.object({}), {
  title: 'Erase users deleted long enough ago',
  concurrency: 1,
});

// ---- Operations ---------------------------------------------------------------------------------

export const operations = defineOperations({
  me: { method: 'GET', path: '/users/me', summary: 'Your own profile', access: 'signed-in', reply: User, errors: [UserNotFound] },
  changeMe: {
    method: 'PATCH',
    path: '/users/me',
    summary: 'Change your own profile',
    access: 'signed-in',
    ifMatch: true,
    body: ProfileChange,
    reply: User,
    publishes: [userProfileChanged],
    errors: [UserNotFound],
    example: { body: { displayName: 'Ada Lovelace', timeZone: 'Europe/London' } },
  },
  list: {
    method: 'GET',
    path: '/users',
    summary: 'Find users',
    description: 'By page with a total, or by cursor (`?cursor=` for the first page) without one, as fast among millions.',
    access: allow(readUsers),
    query: UserQuery,
    reply: paged(User, { cursor: true }),
    example: { query: { q: 'ada', status: 'active' } },
  },
  statistics: {
    method: 'GET',
    path: '/users/statistics',
    summary: 'How many users there are',
    access: allow(readUsers),
    reply: UserStatistics,
  },
  get: {
    method: 'GET',
    path: '/users/:userId',
    summary: 'One user',
    access: allow(readUsers),
    params: UserId,
    reply: User,
    errors: [UserNotFound],
  },
  suspend: {
    method: 'POST',
    path: '/users/:userId/suspend',
    summary: 'Suspend a user',
    description: 'Ends all their sessions at once.',
    access: allow(manageUsers),
    params: UserId,
    body: Reason,
    reply: User,
    publishes: [userSuspended],
    errors: [UserNotFound, UserNotActive, GrantExceedsOwn, LastAdministrator],
    example: { body: { reason: 'Reported for spam' } },
  },
  restore: {
    method: 'POST',
    path: '/users/:userId/restore',
    summary: 'Restore a suspended or deleted user',
    access: allow(manageUsers),
    params: UserId,
    reply: User,
    publishes: [userRestored],
    errors: [UserNotFound, UserNotSuspended, UserErased, EmailTaken, GrantExceedsOwn],
  },
  delete: {
    method: 'DELETE',
    path: '/users/:userId',
    summary: 'Delete a user',
    description: 'Their address is free again; their data stay until erased.',
    access: allow(manageUsers),
    params: UserId,
    status: 204,
    publishes: [userDeleted],
    errors: [UserNotFound, UserAlreadyDeleted, GrantExceedsOwn, LastAdministrator, LastOwner],
  },
});
