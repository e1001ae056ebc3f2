import type { AssignmentFact, GrantFact } from './contract.ts';
import type { AssignmentRow, DirectGrantRow, ScopeRow } from './rows.ts';

// What facts say of rows.

export const assignmentFact = ({ id, userId, role, scope, expiresAt }: Omit<AssignmentRow, 'createdAt'>): AssignmentFact => ({
  assignmentId: id,
  userId,
  role,
  scope,
  expiresAt,
});
export const grantFact = ({ id, userId, permission, scope, expiresAt }: DirectGrantRow): GrantFact => ({
  grantId: id,
  userId,
  permission,
  scope,
  expiresAt,
});
/** The organization that facts of what is given carry: the one inside which it counts. */
export const tenantOf = ({ scope }: { readonly scope: ScopeRow | null }): { organization?: string } =>
  scope?.type === 'organization' ? { organization: scope.id } : {};
