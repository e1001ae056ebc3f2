// Generated from the migrated database by `npm run generate`. Do not edit.
import type { Generated } from 'kysely';

export interface Tables {
  'organizations.invitations': {
    id: string;
    organization_id: string;
    email: string;
    email_normalized: string;
    roles: string[];
    token_hash: Buffer;
    invited_by: string;
    created_at: Generated<string>;
    expires_at: Generated<string>;
    ended_at: string | null;
    sent_at: string | null;
  };
  'organizations.organizations': {
    id: string;
    name: string;
    seats: Generated<number>;
    version: Generated<number>;
    created_at: Generated<string>;
    updated_at: Generated<string>;
    deleted_at: string | null;
  };
}

export const invitationsColumns = ['id', 'organization_id as organizationId', 'email', 'email_normalized as emailNormalized', 'roles', 'token_hash as tokenHash', 'invited_by as invitedBy', 'created_at as createdAt', 'expires_at as expiresAt', 'ended_at as endedAt', 'sent_at as sentAt'] as const;
export const organizationsColumns = ['id', 'name', 'seats', 'version', 'created_at as createdAt', 'updated_at as updatedAt', 'deleted_at as deletedAt'] as const;
