// Generated from the migrated database by `npm run generate`. Do not edit.
import type { Generated } from 'kysely';

export interface Tables {
  'users.users': {
    id: string;
    email: string;
    email_normalized: string;
    display_name: string;
    status: Generated<string>;
    locale: string | null;
    time_zone: string | null;
    email_verified_at: string | null;
    version: Generated<number>;
    created_at: Generated<string>;
    updated_at: Generated<string>;
    deleted_at: string | null;
    erased_at: string | null;
    kind: Generated<string>;
  };
}

export const usersColumns = ['id', 'email', 'email_normalized as emailNormalized', 'display_name as displayName', 'status', 'locale', 'time_zone as timeZone', 'email_verified_at as emailVerifiedAt', 'version', 'created_at as createdAt', 'updated_at as updatedAt', 'deleted_at as deletedAt', 'erased_at as erasedAt', 'kind'] as const;
