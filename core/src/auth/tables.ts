// Generated from the migrated database by `npm run generate`. Do not edit.
import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

export interface Tables {
  'auth.attempts': {
    key: string;
    failures: Generated<number>;
    failed_at: Generated<string>;
    locked_until: string | null;
    began_at: Generated<string>;
  };
  'auth.challenges': {
    id: string;
    token_hash: Buffer;
    user_id: string;
    purpose: string;
    factors: string[];
    delivery: string;
    replaces: string | null;
    created_at: Generated<string>;
    expires_at: Generated<string>;
  };
  'auth.credentials': {
    user_id: string;
    password_hash: string;
    version: Generated<number>;
    changed_at: Generated<string>;
  };
  'auth.factors': {
    id: string;
    user_id: string;
    kind: string;
    created_at: Generated<string>;
  };
  'auth.links': {
    id: string;
    purpose: string;
    user_id: string;
    token_hash: Buffer;
    credential_version: number;
    data: ColumnType<unknown, string | null | undefined, string>;
    guesses: Generated<number>;
    created_at: Generated<string>;
    expires_at: string;
    network: string | null;
  };
  'auth.registrations': {
    id: string;
    email: string;
    email_normalized: string;
    display_name: string;
    token_hash: Buffer | null;
    created_at: Generated<string>;
    expires_at: Generated<string>;
    sent_at: string | null;
  };
  'auth.revoked': {
    id: GeneratedAlways<number>;
    session_id: string | null;
    user_id: string | null;
    at: Generated<string>;
  };
  'auth.sessions': {
    id: string;
    user_id: string;
    factors: string[];
    delivery: string;
    address: string | null;
    user_agent: string | null;
    family_secret: Buffer;
    refresh_counter: Generated<number>;
    rotated_at: Generated<string[]>;
    created_at: Generated<string>;
    last_used_at: Generated<string>;
    proved_at: Generated<string>;
    idle_expires_at: string;
    absolute_expires_at: string;
    ended_at: string | null;
    ended_because: string | null;
    impersonator_id: string | null;
    impersonation_reason: string | null;
  };
  'auth.signing_keys': {
    kid: string;
    algorithm: Generated<string>;
    public_key: ColumnType<unknown, string, string>;
    private_key: string;
    signs_from: Generated<string>;
    verifies_until: string | null;
    created_at: Generated<string>;
  };
}

export const attemptsColumns = ['key', 'failures', 'failed_at as failedAt', 'locked_until as lockedUntil', 'began_at as beganAt'] as const;
export const challengesColumns = ['id', 'token_hash as tokenHash', 'user_id as userId', 'purpose', 'factors', 'delivery', 'replaces', 'created_at as createdAt', 'expires_at as expiresAt'] as const;
export const credentialsColumns = ['user_id as userId', 'password_hash as passwordHash', 'version', 'changed_at as changedAt'] as const;
export const factorsColumns = ['id', 'user_id as userId', 'kind', 'created_at as createdAt'] as const;
export const linksColumns = ['id', 'purpose', 'user_id as userId', 'token_hash as tokenHash', 'credential_version as credentialVersion', 'data', 'guesses', 'created_at as createdAt', 'expires_at as expiresAt', 'network'] as const;
export const registrationsColumns = ['id', 'email', 'email_normalized as emailNormalized', 'display_name as displayName', 'token_hash as tokenHash', 'created_at as createdAt', 'expires_at as expiresAt', 'sent_at as sentAt'] as const;
export const revokedColumns = ['id', 'session_id as sessionId', 'user_id as userId', 'at'] as const;
export const sessionsColumns = ['id', 'user_id as userId', 'factors', 'delivery', 'address', 'user_agent as userAgent', 'family_secret as familySecret', 'refresh_counter as refreshCounter', 'rotated_at as rotatedAt', 'created_at as createdAt', 'last_used_at as lastUsedAt', 'proved_at as provedAt', 'idle_expires_at as idleExpiresAt', 'absolute_expires_at as absoluteExpiresAt', 'ended_at as endedAt', 'ended_because as endedBecause', 'impersonator_id as impersonatorId', 'impersonation_reason as impersonationReason'] as const;
export const signingKeysColumns = ['kid', 'algorithm', 'public_key as publicKey', 'private_key as privateKey', 'signs_from as signsFrom', 'verifies_until as verifiesUntil', 'created_at as createdAt'] as const;
