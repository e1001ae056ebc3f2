/** Where something counts: inside one project, one organization, one document. */
export interface ScopeRow {
  readonly type: string;
  readonly id: string;
}
export interface RoleRow {
  readonly name: string;
  readonly title: string;
  readonly system: boolean;
  /** Type of the scopes inside which alone it counts; null: everywhere, and inside any. */
  readonly scopeType: string | null;
  readonly permissions: string[];
  readonly version: number;
  readonly createdAt: string;
}
interface Given {
  readonly id: string;
  readonly userId: string;
  /** Null: everywhere. */
  readonly scope: ScopeRow | null;
  readonly expiresAt: string | null;
  readonly grantedBy: string | null;
  readonly reason: string | null;
  readonly createdAt: string;
}
/** A role that someone has. */
export interface AssignmentRow extends Given {
  readonly role: string;
}
/** A permission, or a pattern, that someone was given without a role. */
export interface DirectGrantRow extends Given {
  readonly permission: string;
}
/** What one role, or a permission given directly, gives someone: everywhere or in scopes of one type. */
export interface HeldRow {
  /** Null: given directly. */
  readonly role: string | null;
  readonly scopeType: string | null;
  /** Ids of these scopes, with commas; null: everywhere, or they are too many to keep. */
  readonly scopes: string | null;
  readonly permissions: string[];
  /** Milliseconds by the database's clock until the first of these expires. */
  readonly remaining: number | null;
}
export interface RolePermissionRow {
  readonly role: string;
  readonly permission: string;
}

type Flat<T extends Given> = Omit<T, 'scope'> & { readonly scopeType: string | null; readonly scopeId: string | null };
export const nested = <T extends Given>({ scopeType, scopeId, ...row }: Flat<T>): T =>
  ({ ...row, scope: scopeType === null || scopeId === null ? null : { type: scopeType, id: scopeId } }) as unknown as T;

/** One thing that gives a permission to someone. */
export interface SourceRow {
  readonly by: 'guest' | 'role' | 'grant';
  readonly id: string | null;
  readonly role: string | null;
  readonly scopeType: string | null;
  readonly scopeId: string | null;
  readonly expiresAt: string | null;
  readonly expired: boolean;
  /** Those of its grants that match. */
  readonly grants: string[];
}
