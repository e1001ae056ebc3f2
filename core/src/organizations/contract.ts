import { allow, defineError, defineJob, defineMail, defineOperations, definePermission, file, paged, Paging } from '@plinth/kit';
import { z } from 'zod';
import { permissionRevoked, roleAssigned, roleExpired, roleUnassigned, UnknownRole } from '../access/index.ts';
import { DisplayName, Email, GrantExceedsOwn, LastOwner, UserStatus } from '../users/index.ts';
import {
  InOrganization,
  invitationAccepted,
  invitationRevoked,
  memberInvited,
  memberJoined,
  memberLeft,
  OfInvitation,
  OfMember,
  ORGANIZATION,
  organizationCreated,
  organizationDeleted,
  organizationRenamed,
  ownerChanged,
} from './facts.ts';

export * from './facts.ts';

// ---- Roles and permissions inside an organization -------------------------------------------------

export const OWNER = 'organization-owner';
export const ADMIN = 'organization-admin';
export const MEMBER = 'organization-member';

export const createOrganizations = definePermission('organizations:create', 'Create organizations', ['member']);
export const listOrganizations = definePermission('organizations:list', 'List the organizations that one may see', ['member']);
export const readOrganization = definePermission('organizations:read', 'See an organization and its members', [MEMBER, ADMIN]);
export const changeOrganization = definePermission('organizations:change', 'Rename an organization', [ADMIN]);
export const manageMembers = definePermission('organizations:manage-members', 'Invite and remove members, change their roles', [ADMIN]);
// The owner's alone, who holds everything inside.
export const transferOrganization = definePermission('organizations:transfer', 'Make someone else the owner of an organization', []);
export const deleteOrganization = definePermission('organizations:delete', 'Delete an organization', []);

export const rules = {
  read: allow(readOrganization, { scope: ORGANIZATION }),
  change: allow(changeOrganization, { scope: ORGANIZATION }),
  manage: allow(manageMembers, { scope: ORGANIZATION }),
  transfer: allow(transferOrganization, { scope: ORGANIZATION, fresh: '10m' }),
  delete: allow(deleteOrganization, { scope: ORGANIZATION, fresh: '10m' }),
};

// ---- Shapes -------------------------------------------------------------------------------------

const Name = DisplayName.meta({ description: 'Name of the organization', examples: ['Lovelace & Co.'] });
const Roles = z
  .array(z.string().min(1).max(64))
  .min(1, 'At least one role')
  .max(10)
  .refine((roles) => new Set(roles).size === roles.length, 'Each role once')
  .describe('Roles inside the organization, all of them: `organization-owner`, `organization-admin`, `organization-member`, and your own');
export const Organization = z.object({
  id: z.uuid(),
  name: z.string(),
  seats: z.int().describe('Members at most'),
  roles: z.array(z.string()).describe('Your own roles inside it'),
  version: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Organization = z.output<typeof Organization>;
export const Member = z.object({
  userId: z.uuid(),
  displayName: z.string(),
  email: z.string(),
  status: UserStatus,
  roles: z.array(z.string()),
  since: z.string().describe('When they got the oldest of these roles'),
});
export type Member = z.output<typeof Member>;
export const Invitation = z.object({
  id: z.uuid(),
  email: z.string(),
  roles: z.array(z.string()),
  invitedBy: z.uuid(),
  createdAt: z.string(),
  expiresAt: z.string(),
});
export type Invitation = z.output<typeof Invitation>;
export const NewInvitation = z.strictObject({ email: Email, roles: Roles.default([MEMBER]) });
export type NewInvitation = z.output<typeof NewInvitation>;

// ---- Errors -------------------------------------------------------------------------------------

export const MemberNotFound = defineError('MEMBER_NOT_FOUND', 404, 'There is no such member');
export const InvitationNotFound = defineError('INVITATION_NOT_FOUND', 404, 'There is no such invitation');
export const AlreadyMember = defineError('ALREADY_MEMBER', 409, 'Whoever has this address is a member already');
export const SeatsTaken = defineError('SEATS_TAKEN', 409, 'Every seat of the organization is taken, by members or invitations');
export const TooManyInvitations = defineError('TOO_MANY_INVITATIONS', 409, 'Too many invitations are pending: revoke some first');
export const TooManyOrganizations = defineError('TOO_MANY_ORGANIZATIONS', 409, 'You own as many organizations as one user may');
export const InvalidInvitation = defineError(
  'INVALID_INVITATION',
  400,
  'This invitation is not valid any more: it was used, revoked, replaced, or is too old',
);
export const InvitedAnother = defineError(
  'INVITED_ANOTHER',
  403,
  'The invitation is for another address: sign in as whoever has it, and prove that it is yours',
);

// ---- Mail and jobs ------------------------------------------------------------------------------

export const invitationMail = defineMail(
  'organizations.invitation',
  z.object({ link: z.url(), organization: z.string(), inviter: z.string() }),
  {
    title: 'Invitation to an organization',
    render: ({ link, organization, inviter }) => ({
      subject: 'You are invited',
      text: `${inviter} invites you to the organization "${organization}". To join, sign in with this address and open this link within seven days:\n\n${link}\n\nIf you do not know them, there is nothing to do.\n`,
    }),
  },
);
export const sendInvitation = defineJob('organizations.send-invitation', z.object({ invitationId: z.uuid() }), {
  title: 'Mail an invitation',
});
export const sweepInvitations = defineJob('organizations.sweep-invitations', z.object({}), {
  title: 'Remove invitations that expired',
  concurrency: 1,
});

// ---- Operations ---------------------------------------------------------------------------------

const one = '/organizations/:organizationId';

export const operations = defineOperations({
  list: {
    method: 'GET',
    path: '/organizations',
    summary: 'The organizations that you may see',
    description: 'Your own; with `organizations:read` everywhere, all.',
    access: allow(listOrganizations),
    query: Paging,
    reply: paged(Organization),
  },
  create: {
    method: 'POST',
    path: '/organizations',
    summary: 'Create an organization',
    description: 'You are its owner.',
    access: allow(createOrganizations),
    body: z.strictObject({ name: Name }),
    status: 201,
    reply: Organization,
    publishes: [organizationCreated, roleAssigned, memberJoined],
    errors: [TooManyOrganizations],
    example: { body: { name: 'Lovelace & Co.' } },
  },
  get: { method: 'GET', path: one, summary: 'One organization', access: rules.read, params: InOrganization, reply: Organization },
  rename: {
    method: 'PATCH',
    path: one,
    summary: 'Rename an organization',
    access: rules.change,
    ifMatch: true,
    params: InOrganization,
    body: z.strictObject({ name: Name }),
    reply: Organization,
    publishes: [organizationRenamed],
    example: { body: { name: 'Lovelace & Daughters' } },
  },
  delete: {
    method: 'DELETE',
    path: one,
    summary: 'Delete an organization',
    description: 'Its members lose access at once.',
    access: rules.delete,
    params: InOrganization,
    status: 204,
    publishes: [organizationDeleted, roleUnassigned, permissionRevoked, invitationRevoked],
  },
  transfer: {
    method: 'POST',
    path: `${one}/transfer`,
    summary: 'Make another member the owner',
    description: 'You stay, as an administrator of it.',
    access: rules.transfer,
    params: InOrganization,
    body: z.strictObject({ userId: z.uuid() }),
    status: 204,
    publishes: [ownerChanged, roleAssigned, roleUnassigned, roleExpired],
    errors: [MemberNotFound, GrantExceedsOwn, LastOwner],
  },
  leave: {
    method: 'POST',
    path: `${one}/leave`,
    summary: 'Leave an organization',
    access: 'signed-in',
    params: InOrganization,
    status: 204,
    publishes: [roleUnassigned, permissionRevoked, memberLeft],
    errors: [LastOwner],
  },
  members: {
    method: 'GET',
    path: `${one}/members`,
    summary: 'Members of an organization',
    access: rules.read,
    params: InOrganization,
    query: Paging,
    reply: paged(Member),
  },
  setRoles: {
    method: 'PUT',
    path: `${one}/members/:userId`,
    summary: 'Set the roles of a member',
    description: 'You must hold, inside the organization, all that their present and their new roles grant.',
    access: rules.manage,
    params: OfMember,
    body: z.strictObject({ roles: Roles }),
    reply: Member,
    publishes: [roleAssigned, roleUnassigned, roleExpired],
    errors: [MemberNotFound, UnknownRole, GrantExceedsOwn, LastOwner],
    example: { body: { roles: [ADMIN] } },
  },
  remove: {
    method: 'DELETE',
    path: `${one}/members/:userId`,
    summary: 'Remove a member',
    access: rules.manage,
    params: OfMember,
    status: 204,
    publishes: [roleUnassigned, permissionRevoked, memberLeft],
    errors: [MemberNotFound, GrantExceedsOwn, LastOwner],
  },
  invitations: {
    method: 'GET',
    path: `${one}/invitations`,
    summary: 'Pending invitations',
    access: rules.manage,
    params: InOrganization,
    query: Paging,
    reply: paged(Invitation),
  },
  invite: {
    method: 'POST',
    path: `${one}/invitations`,
    summary: 'Invite someone by mail',
    description: 'Once more replaces the invitation before. The link lives seven days and works once, for the owner of this address.',
    access: rules.manage,
    params: InOrganization,
    body: NewInvitation,
    status: 201,
    reply: Invitation,
    publishes: [memberInvited, invitationRevoked],
    errors: [UnknownRole, GrantExceedsOwn, AlreadyMember, SeatsTaken, TooManyInvitations],
    limit: { requests: 100, seconds: 3600, by: 'caller' },
    example: { body: { email: 'ada@example.com', roles: [MEMBER] } },
  },
  revoke: {
    method: 'DELETE',
    path: `${one}/invitations/:invitationId`,
    summary: 'Revoke an invitation',
    access: rules.manage,
    params: OfInvitation,
    status: 204,
    publishes: [invitationRevoked],
    errors: [InvitationNotFound],
  },
  accept: {
    method: 'POST',
    path: '/organizations/invitations/accept',
    summary: 'Join with the link of an invitation',
    description: 'For the user whose proved address was invited. The organization and the roles are those of the invitation.',
    access: 'signed-in',
    body: z.strictObject({ token: z.string().min(1).max(200).describe('What stands behind `#token=` in the mailed link') }),
    reply: Organization,
    publishes: [invitationAccepted, roleAssigned, memberJoined],
    errors: [InvalidInvitation, InvitedAnother, AlreadyMember, SeatsTaken, UnknownRole],
    limit: { requests: 30, seconds: 60, by: 'caller' },
    example: { body: { token: 'N0pV3n2mJm4l6Jq8cWm0Yx1bq5oJt7kq2sXr9uZt4wE' } },
  },
  joinPage: {
    method: 'GET',
    path: '/organizations/join',
    at: 'root',
    summary: 'The page behind the link of an invitation',
    access: 'public',
    reply: file('text/html; charset=utf-8'),
  },
});
