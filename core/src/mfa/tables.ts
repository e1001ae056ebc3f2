// Generated from the migrated database by `npm run generate`. Do not edit.
import type { Generated } from 'kysely';

export interface Tables {
  'mfa.enrolments': {
    user_id: string;
    secret: string;
    created_at: Generated<string>;
    expires_at: Generated<string>;
  };
  'mfa.recovery_codes': {
    user_id: string;
    code_hash: Buffer;
    created_at: Generated<string>;
  };
  'mfa.totp': {
    factor_id: string;
    user_id: string;
    secret: string;
    last_step: number;
    last_used_at: Generated<string>;
  };
}

export const enrolmentsColumns = ['user_id as userId', 'secret', 'created_at as createdAt', 'expires_at as expiresAt'] as const;
export const recoveryCodesColumns = ['user_id as userId', 'code_hash as codeHash', 'created_at as createdAt'] as const;
export const totpColumns = ['factor_id as factorId', 'user_id as userId', 'secret', 'last_step as lastStep', 'last_used_at as lastUsedAt'] as const;
