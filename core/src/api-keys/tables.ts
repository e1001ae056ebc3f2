// Generated from the migrated database by `npm run generate`. Do not edit.
import type { Generated } from 'kysely';

export interface Tables {
  'api_keys.keys': {
    id: string;
    user_id: string;
    label: string;
    scopes: string[];
    secret_hash: Buffer;
    previous_hash: Buffer | null;
    previous_until: string | null;
    created_at: Generated<string>;
    expires_at: string | null;
    last_used_at: string | null;
    revoked_at: string | null;
  };
}

export const keysColumns = ['id', 'user_id as userId', 'label', 'scopes', 'secret_hash as secretHash', 'previous_hash as previousHash', 'previous_until as previousUntil', 'created_at as createdAt', 'expires_at as expiresAt', 'last_used_at as lastUsedAt', 'revoked_at as revokedAt'] as const;
