import { permissionRevoked, roleAssigned, roleUnassigned } from '@plinth/core';
import { allow, CursorPaging, defineError, defineOperations, paged } from '@plinth/kit';
import { z } from 'zod';
import {
  createProjects,
  InProject,
  memberAdded,
  projectArchived,
  projectCreated,
  projectDeleted,
  projectRestored,
  projectUpdated,
  Role,
  rules,
  Visibility,
} from './facts.ts';
import { memberOperations } from './members.contract.ts';
import { AnySlug, Slug } from './slug.ts';

export * from './facts.ts';
export * from './members.contract.ts';

// ---- Shapes ---------------------------------------------------------------------------------------

const Name = z.string().trim().min(1).max(100);
const Description = z.string().trim().max(5000);

export const Project = z
  .strictObject({
    id: z.uuid(),
    slug: z.string(),
    name: z.string(),
    description: z.string(),
    visibility: Visibility,
    role: Role.nullable().describe('Your own role in it; null: you are no member, or have a role that an administrator made'),
    archivedAt: z.string().nullable(),
    version: z.int().describe('Grows with each change; send it back as If-Match'),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .meta({ id: 'Project' });
export type Project = z.output<typeof Project>;

export const NewProject = z
  .strictObject({
    name: Name,
    slug: Slug.exactOptional().describe('Absent: made from the name'),
    description: Description.default(''),
    visibility: Visibility.default('private'),
  })
  .meta({ id: 'NewProject' });
export type NewProject = z.output<typeof NewProject>;

export const ProjectChanges = z
  .strictObject({
    name: Name.exactOptional(),
    slug: Slug.exactOptional(),
    description: Description.exactOptional(),
    visibility: Visibility.exactOptional(),
  })
  .refine((changes) => Object.keys(changes).length > 0, 'must name at least one field')
  .meta({ id: 'ProjectChanges' });
export type ProjectChanges = z.output<typeof ProjectChanges>;

export const SORTS = ['newest', 'updated', 'name'] as const;
export const ProjectFilter = CursorPaging.extend({
  q: z.string().trim().min(1).max(200).optional().describe('Full-text search over name, slug and description'),
  member: z.literal('me').optional().describe('Only those that you are a member of'),
  state: z.enum(['active', 'archived', 'all']).default('active'),
  sort: z.enum(SORTS).default('newest'),
});
export type ProjectFilter = z.output<typeof ProjectFilter>;

// ---- Errors ---------------------------------------------------------------------------------------

export const SlugTaken = defineError('SLUG_TAKEN', 409, 'Another project has this slug', { constraint: 'projects_slug_key' });
export const ProjectIsArchived = defineError('PROJECT_ARCHIVED', 409, 'The project is archived: restore it first');

// ---- Operations -----------------------------------------------------------------------------------

const one = '/projects/:projectId';
/** What is inside one project is decided there, and is a 404 to who is no part of it. */
const inside = { params: InProject };

export const operations = defineOperations({
  list: {
    method: 'GET',
    path: '/projects',
    summary: 'List projects',
    description: 'Public ones, internal ones for whoever is signed in, and those where you hold `projects:read`.',
    access: rules.browse,
    query: ProjectFilter,
    reply: paged(Project, { cursor: true }),
  },
  create: {
    method: 'POST',
    path: '/projects',
    summary: 'Create a project',
    description: 'You are its owner.',
    access: allow(createProjects),
    body: NewProject,
    status: 201,
    reply: Project,
    publishes: [projectCreated, roleAssigned, memberAdded],
    errors: [SlugTaken],
    limit: { requests: 100, seconds: 3600, by: 'caller' },
    example: { body: { name: 'Apollo', visibility: 'internal' } },
  },
  getBySlug: {
    method: 'GET',
    path: '/projects/by-slug/:slug',
    summary: 'Get a project by its slug',
    access: rules.browse,
    params: z.strictObject({ slug: AnySlug }),
    reply: Project,
  },
  get: { method: 'GET', path: one, summary: 'Get a project', access: rules.browse, ...inside, reply: Project },
  update: {
    method: 'PATCH',
    path: one,
    summary: 'Change a project',
    access: rules.write,
    ifMatch: true,
    ...inside,
    body: ProjectChanges,
    reply: Project,
    publishes: [projectUpdated],
    errors: [SlugTaken, ProjectIsArchived],
    example: { body: { name: 'Apollo 11' } },
  },
  archive: {
    method: 'POST',
    path: `${one}/archive`,
    summary: 'Archive a project',
    description: 'It stays as it is, and leaves the list. Once more changes nothing.',
    access: rules.manage,
    ifMatch: true,
    ...inside,
    reply: Project,
    publishes: [projectArchived],
  },
  restore: {
    method: 'POST',
    path: `${one}/restore`,
    summary: 'Take a project out of the archive',
    access: rules.manage,
    ifMatch: true,
    ...inside,
    reply: Project,
    publishes: [projectRestored],
  },
  delete: {
    method: 'DELETE',
    path: one,
    summary: 'Delete a project',
    description: 'For good; its slug is free again.',
    access: rules.manage,
    ifMatch: true,
    ...inside,
    status: 204,
    publishes: [projectDeleted, roleUnassigned, permissionRevoked],
  },
  ...memberOperations,
});
