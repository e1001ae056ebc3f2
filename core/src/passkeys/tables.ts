// Generated from the migrated database by `npm run generate`. Do not edit.
import type { Generated } from 'kysely';

export interface Tables {
  'passkeys.ceremonies': {
    challenge_hash: Buffer;
    kind: string;
    bound_to: string;
    created_at: Generated<string>;
    expires_at: Generated<string>;
  };
  'passkeys.credentials': {
    factor_id: string;
    user_id: string;
    credential_id: string;
    public_key: Buffer;
    counter: number;
    transports: string[];
    aaguid: string;
    backed_up: boolean;
    label: string;
    created_at: Generated<string>;
    last_used_at: string | null;
  };
}

export const ceremoniesColumns = ['challenge_hash as challengeHash', 'kind', 'bound_to as boundTo', 'created_at as createdAt', 'expires_at as expiresAt'] as const;
export const credentialsColumns = ['factor_id as factorId', 'user_id as userId', 'credential_id as credentialId', 'public_key as publicKey', 'counter', 'transports', 'aaguid', 'backed_up as backedUp', 'label', 'created_at as createdAt', 'last_used_at as lastUsedAt'] as const;
