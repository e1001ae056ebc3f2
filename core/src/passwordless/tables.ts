// Generated from the migrated database by `npm run generate`. Do not edit.
import type { Generated } from 'kysely';

export interface Tables {
  'passwordless.codes': {
    id: string;
    flow_hash: Buffer;
    user_id: string | null;
    guesses: Generated<number>;
    created_at: Generated<string>;
    expires_at: Generated<string>;
    network: string | null;
  };
}

export const codesColumns = ['id', 'flow_hash as flowHash', 'user_id as userId', 'guesses', 'created_at as createdAt', 'expires_at as expiresAt', 'network'] as const;
