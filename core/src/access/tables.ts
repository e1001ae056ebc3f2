// Generated from the migrated database by `npm run generate`. Do not edit.
import type { Generated } from 'kysely';

export interface Tables {
  'access.assignments': {
    id: string;
    user_id: string;
    role: string;
    scope_type: string | null;
    scope_id: string | null;
    expires_at: string | null;
    granted_by: string | null;
    reason: string | null;
    created_at: Generated<string>;
  };
  'access.grants': {
    id: string;
    user_id: string;
    permission: string;
    scope_type: string | null;
    scope_id: string | null;
    expires_at: string | null;
    granted_by: string | null;
    reason: string | null;
    created_at: Generated<string>;
  };
  'access.role_permissions': {
    role: string;
    permission: string;
  };
  'access.roles': {
    name: string;
    title: string;
    system: Generated<boolean>;
    version: Generated<number>;
    created_at: Generated<string>;
    scope_type: string | null;
  };
  'access.seeded': {
    permission: string;
    role: string;
  };
}

export const assignmentsColumns = ['id', 'user_id as userId', 'role', 'scope_type as scopeType', 'scope_id as scopeId', 'expires_at as expiresAt', 'granted_by as grantedBy', 'reason', 'created_at as createdAt'] as const;
export const grantsColumns = ['id', 'user_id as userId', 'permission', 'scope_type as scopeType', 'scope_id as scopeId', 'expires_at as expiresAt', 'granted_by as grantedBy', 'reason', 'created_at as createdAt'] as const;
export const rolePermissionsColumns = ['role', 'permission'] as const;
export const rolesColumns = ['name', 'title', 'system', 'version', 'created_at as createdAt', 'scope_type as scopeType'] as const;
export const seededColumns = ['permission', 'role'] as const;
