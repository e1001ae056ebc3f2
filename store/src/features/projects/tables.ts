// Generated from the migrated database by `npm run generate`. Do not edit.
import type { Generated } from 'kysely';

export interface Tables {
  'projects.invitations': {
    project_id: string;
    user_id: string;
    role: string;
    invited_by: string;
    created_at: Generated<string>;
  };
  'projects.projects': {
    id: string;
    slug: string;
    name: string;
    description: Generated<string>;
    visibility: Generated<string>;
    archived_at: string | null;
    version: Generated<number>;
    created_at: Generated<string>;
    updated_at: Generated<string>;
  };
}

export const invitationsColumns = ['project_id as projectId', 'user_id as userId', 'role', 'invited_by as invitedBy', 'created_at as createdAt'] as const;
export const projectsColumns = ['id', 'slug', 'name', 'description', 'visibility', 'archived_at as archivedAt', 'version', 'created_at as createdAt', 'updated_at as updatedAt'] as const;
