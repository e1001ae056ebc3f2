import { Email, GrantExceedsOwn, LastOwner, permissionRevoked, roleAssigned, roleExpired, roleUnassigned } from '@plinth/core';
import { defineError, defineJob, defineMail, defineOperations, paged, Paging } from '@plinth/kit';
import { z } from 'zod';
import { InProject, memberAdded, memberChanged, memberInvited, memberRemoved, OfMember, Role, rules } from './facts.ts';

// The people in a project. Part of the contract.

// ---- Shapes ---------------------------------------------------------------------------------------

export const Member = z
  .strictObject({
    userId: z.uuid(),
    displayName: z.string(),
    role: Role.nullable().describe('Null: a role that an administrator made'),
    since: z.string(),
  })
  .meta({ id: 'ProjectMember' });
export type Member = z.output<typeof Member>;
export const NewMember = z.strictObject({ userId: z.uuid(), role: Role.default('viewer') });
export type NewMember = z.output<typeof NewMember>;
export const NewInvitation = z.strictObject({ email: Email, role: Role.default('viewer') });
export type NewInvitation = z.output<typeof NewInvitation>;
export const Invitation = z
  .strictObject({ projectId: z.uuid(), name: z.string(), role: Role, expiresAt: z.string() })
  .meta({ id: 'ProjectInvitation' });
export type Invitation = z.output<typeof Invitation>;

// ---- Errors ---------------------------------------------------------------------------------------

export const PersonNotFound = defineError('PERSON_NOT_FOUND', 404, 'There is nobody of this id whom you could add');
export const ProjectMemberNotFound = defineError('PROJECT_MEMBER_NOT_FOUND', 404, 'There is no such member');
export const AlreadyInProject = defineError('ALREADY_IN_PROJECT', 409, 'They are a member already');

// ---- Mails and jobs -------------------------------------------------------------------------------

const About = z.object({ project: z.string(), role: z.string(), by: z.string() });
export const addedMail = defineMail('projects.added', About, {
  title: 'Added to a project',
  render: ({ project, role, by }) => ({
    subject: 'You were added to a project',
    text: `${by} added you to the project "${project}" as ${role}.\n\nIf you do not want to be in it, leave it: nobody else needs to agree.\n`,
  }),
});
export const invitedMail = defineMail('projects.invited', About, {
  title: 'Invited to a project',
  render: ({ project, role, by }) => ({
    subject: 'You are invited to a project',
    text: `${by} invites you to the project "${project}" as ${role}. You find the invitation where you are signed in, for seven days.\n\nIf you do not know them, there is nothing to do.\n`,
  }),
});
/** Nobody: nothing is sent. The job is there all the same, so that an answer takes as long for an address that nobody has. */
export const tellPerson = defineJob(
  'projects.tell-person',
  z.strictObject({ what: z.enum(['added', 'invited']), projectId: z.uuid(), userId: z.uuid().nullable(), by: z.uuid().nullable() }),
  { title: 'Mail to whom was added or invited', attempts: 8, backoffSeconds: 10 },
);
export const sweepInvitations = defineJob('projects.sweep-invitations', z.object({}), {
  title: 'Remove invitations that nobody took up',
  concurrency: 1,
});

// ---- Operations -----------------------------------------------------------------------------------

const one = '/projects/:projectId';
const often = { requests: 60, seconds: 3600, by: 'caller' } as const;

export const memberOperations = defineOperations({
  members: {
    method: 'GET',
    path: `${one}/members`,
    summary: 'Members of a project',
    access: rules.read,
    params: InProject,
    query: Paging,
    reply: paged(Member),
  },
  addMember: {
    method: 'POST',
    path: `${one}/members`,
    summary: 'Add a member',
    description: 'Someone whose id you know. They are told.',
    access: rules.members,
    params: InProject,
    body: NewMember,
    status: 201,
    reply: Member,
    publishes: [roleAssigned, memberAdded, roleExpired, memberRemoved],
    errors: [PersonNotFound, AlreadyInProject, GrantExceedsOwn],
    limit: often,
    example: { body: { userId: '0199c0de-0000-7000-8000-000000000000', role: 'editor' } },
  },
  setRole: {
    method: 'PUT',
    path: `${one}/members/:userId`,
    summary: 'Give a member another role',
    access: rules.members,
    params: OfMember,
    body: z.strictObject({ role: Role }),
    reply: Member,
    publishes: [roleAssigned, roleUnassigned, roleExpired, memberChanged],
    errors: [ProjectMemberNotFound, GrantExceedsOwn, LastOwner],
    example: { body: { role: 'editor' } },
  },
  removeMember: {
    method: 'DELETE',
    path: `${one}/members/:userId`,
    summary: 'Remove a member',
    access: rules.members,
    params: OfMember,
    status: 204,
    publishes: [roleUnassigned, permissionRevoked, memberRemoved],
    errors: [ProjectMemberNotFound, GrantExceedsOwn, LastOwner],
  },
  leave: {
    method: 'POST',
    path: `${one}/leave`,
    summary: 'Leave a project',
    access: 'signed-in',
    params: InProject,
    status: 204,
    publishes: [roleUnassigned, permissionRevoked, memberRemoved],
    errors: [LastOwner],
  },
  invite: {
    method: 'POST',
    path: `${one}/invitations`,
    summary: 'Invite whoever has this address',
    description: 'Whoever proved the address here is told, and may join for seven days. The answer does not say whether there is anybody.',
    access: rules.members,
    params: InProject,
    body: NewInvitation,
    status: 202,
    publishes: [memberInvited],
    errors: [GrantExceedsOwn],
    limit: often,
    example: { body: { email: 'ada@example.com', role: 'editor' } },
  },
  invitations: {
    method: 'GET',
    path: '/projects/invitations',
    summary: 'Projects that you are invited to',
    description: 'The newest hundred.',
    access: 'signed-in',
    reply: z.array(Invitation),
  },
  join: {
    method: 'POST',
    path: `${one}/join`,
    summary: 'Join a project that you are invited to',
    description: 'Worth what whoever invited you may still give.',
    access: 'signed-in',
    params: InProject,
    status: 204,
    publishes: [roleAssigned, memberAdded, roleExpired, memberRemoved],
  },
});
