import { userChannel } from '@plinth/core';
import { allow, defineChannel, defineEvent, definePermission } from '@plinth/kit';
import { z } from 'zod';

// Who may inside a project, what happens to it, and who hears of it. Part of the contract.

/** Type of the scope. Operations below `/projects/:projectId` say `allow(permission, { scope: PROJECT })`. */
export const PROJECT = 'project';
export const ROLES = ['viewer', 'editor', 'owner'] as const;
export const Role = z.enum(ROLES).describe('`viewer` sees, `editor` changes too, `owner` does everything');
export type Role = z.output<typeof Role>;
/** The name of the role that access knows. */
export const named = (role: Role): string => `${PROJECT}-${role}`;
export const VISIBILITIES = ['private', 'internal', 'public'] as const;
export const Visibility = z
  .enum(VISIBILITIES)
  .describe('Who sees it beside its members: `private` nobody, `internal` whoever is signed in, `public` everybody');
export type Visibility = z.output<typeof Visibility>;

// ---- Permissions and rules ------------------------------------------------------------------------

export const createProjects = definePermission('projects:create', 'Create projects', ['member']);
export const browseProjects = definePermission('projects:browse', 'Look for projects that one may see', ['guest', 'member']);
// Held inside one project. Nobody is given them everywhere but administrators; the owner holds everything inside.
export const readProject = definePermission('projects:read', 'See a project and its members', [named('viewer'), named('editor')]);
export const writeProject = definePermission('projects:write', 'Change a project', [named('editor')]);
export const manageMembers = definePermission('projects:manage-members', 'Add and remove members, change their roles', []);
export const manageProject = definePermission('projects:manage', 'Archive, restore and delete a project', []);

export const rules = {
  browse: allow(browseProjects),
  read: allow(readProject, { scope: PROJECT }),
  write: allow(writeProject, { scope: PROJECT }),
  members: allow(manageMembers, { scope: PROJECT }),
  manage: allow(manageProject, { scope: PROJECT }),
};

/** What happens to one project, live, for its members. */
export const projectChannel = defineChannel('project:{projectId}', rules.read, { presence: true });

// ---- Facts ----------------------------------------------------------------------------------------

export const InProject = z.strictObject({ projectId: z.uuid() });
export const OfMember = InProject.extend({ userId: z.uuid() });
/** What everybody may know who may see the project: webhooks carry it, and the channels. */
const Told = InProject.extend({ slug: z.string(), version: z.int() });
const ToldOfMember = OfMember.extend({ slug: z.string() });
const ToldOfInvitation = ToldOfMember.extend({ userId: z.uuid().nullable().describe('Null: nobody has this address, or is a member') });
const ToldOfRole = ToldOfMember.extend({ role: Role.nullable().describe('Null: a role that an administrator made') });

const about = {
  public: true,
  subject: ({ projectId }: { projectId: string }) => [PROJECT, projectId] as const,
  channels: ({ projectId }: { projectId: string }) => [projectChannel({ projectId })],
  changes: z.object({
    slug: z.string(),
    name: z.string(),
    description: z.string(),
    visibility: Visibility,
    archivedAt: z.string().nullable(),
  }),
};
/** To those who follow the project, and to whom it is about, wherever they are. */
const aboutMember = {
  ...about,
  channels: ({ projectId, userId }: { projectId: string; userId: string }) => [projectChannel({ projectId }), userChannel({ userId })],
  changes: z.object({ role: z.string() }),
};

export const projectCreated = defineEvent('projects.created', Told, { ...about, title: 'Project created' });
export const projectUpdated = defineEvent('projects.updated', Told, { ...about, title: 'Project updated' });
export const projectArchived = defineEvent('projects.archived', Told, { ...about, title: 'Project archived' });
export const projectRestored = defineEvent('projects.restored', Told, { ...about, title: 'Project restored' });
export const projectDeleted = defineEvent('projects.deleted', Told, { ...about, title: 'Project deleted' });
export const memberAdded = defineEvent('projects.member-added', ToldOfRole, { ...aboutMember, title: 'Member added' });
export const memberChanged = defineEvent('projects.member-changed', ToldOfRole, { ...aboutMember, title: 'Member has another role' });
export const memberRemoved = defineEvent('projects.member-removed', ToldOfMember, { ...aboutMember, title: 'Member left or was removed' });
/** To whom was invited alone: who manages the project is not told whether there is anybody. */
export const memberInvited = defineEvent('projects.member-invited', ToldOfInvitation, {
  ...about,
  title: 'Someone invited',
  channels: ({ userId }) => (userId === null ? [] : [userChannel({ userId })]),
  changes: z.object({ role: z.string() }),
});
