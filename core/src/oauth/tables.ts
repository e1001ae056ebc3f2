// Generated from the migrated database by `npm run generate`. Do not edit.
import type { Generated } from 'kysely';

export interface Tables {
  'oauth.flows': {
    state_hash: Buffer;
    flow_hash: Buffer;
    provider: string;
    redirect_uri: string;
    return_to: string;
    user_id: string | null;
    session_id: string | null;
    created_at: Generated<string>;
    expires_at: Generated<string>;
  };
  'oauth.identities': {
    factor_id: string;
    user_id: string;
    provider: string;
    issuer: string;
    subject: string;
    email: string | null;
    created_at: Generated<string>;
    last_used_at: string | null;
  };
}

export const flowsColumns = ['state_hash as stateHash', 'flow_hash as flowHash', 'provider', 'redirect_uri as redirectUri', 'return_to as returnTo', 'user_id as userId', 'session_id as sessionId', 'created_at as createdAt', 'expires_at as expiresAt'] as const;
export const identitiesColumns = ['factor_id as factorId', 'user_id as userId', 'provider', 'issuer', 'subject', 'email', 'created_at as createdAt', 'last_used_at as lastUsedAt'] as const;
