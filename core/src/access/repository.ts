import { prepare, queryBuilder, type Database, type PageRequest, type Runner, type Tx } from '@plinth/kit';
import { sql, type ExpressionBuilder, type SqlBool } from 'kysely';
import { assignmentsColumns, rolesColumns, type Tables } from './tables.ts';

const query = queryBuilder<Tables>();

export interface ScopeRow {
  readonly type: string;
  readonly id: string;
}
export interface RoleRow {
  readonly name: string;
  readonly title: string;
  readonly system: boolean;
  readonly permissions: string[];
  readonly version: number;
  readonly createdAt: string;
}
export interface AssignmentRow {
  readonly id: string;
  readonly userId: string;
  readonly role: string;
  readonly scope: ScopeRow | null;
  readonly expiresAt: string | null;
  readonly grantedBy: string | null;
  readonly reason: string | null;
  readonly createdAt: string;
}
/** What one role gives someone, everywhere or in scopes of one type. */
export interface HeldRow {
  readonly role: string;
  readonly scopeType: string | null;
  readonly permissions: string[];
  /** Milliseconds by the database's clock until the first of these assignments expires. */
  readonly remaining: number | null;
}
export interface GrantRow {
  readonly role: string;
  readonly permission: string;
}

type Flat = Omit<AssignmentRow, 'scope'> & { readonly scopeType: string | null; readonly scopeId: string | null };
const nested = ({ scopeType, scopeId, ...row }: Flat): AssignmentRow => ({
  ...row,
  scope: scopeType === null || scopeId === null ? null : { type: scopeType, id: scopeId },
});

/** Not expired, by the database's clock: no branch may leave it out (B100). */
const live = (eb: ExpressionBuilder<Tables, 'access.assignments'>) =>
  eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', sql<string>`now()`)]);
const permissions = sql<string[]>`array(select permission from access.role_permissions p where p.role = roles.name order by permission)`.as(
  'permissions',
);
const selectRoles = query.selectFrom('access.roles as roles').select([...rolesColumns, permissions]);

/** Asked at every sign-in and refresh. */
const roleNames = prepare<{ userId: string }>()((bind) =>
  query
    .selectFrom('access.assignments')
    .select('role')
    .where('user_id', '=', bind('userId'))
    .where('scope_type', 'is', null)
    .where(live)
    .orderBy('role'),
);

/** One statement, so one snapshot: roles, what they grant, and how long. */
const HELD = `
  select h.role, h.scope_type as "scopeType", h.remaining,
         array(select permission from access.role_permissions p where p.role = h.role) as permissions
  from (
    select 'guest' collate "C" as role, null::text as scope_type, null::float8 as remaining
    union all
    select role, scope_type, (extract(epoch from min(expires_at) - now()) * 1000)::float8
    from access.assignments
    where user_id = $1 and (expires_at is null or expires_at > now())
    group by role, scope_type
  ) h`;
const HELD_GRANTS = `
  select distinct p.permission
  from access.role_permissions p
  where p.role = 'guest' or p.role in (
    select role from access.assignments
    where user_id = $1 and (expires_at is null or expires_at > now()) and (scope_type is null or (scope_type = $2 and scope_id = $3))
  )`;
/** Also inside scopes. */
const EVER_GRANTS = `
  select distinct p.permission
  from access.role_permissions p
  where p.role = 'guest' or p.role in (select role from access.assignments where user_id = $1 and (expires_at is null or expires_at > now()))`;
/** A pair already in the journal was handed out once: it is not handed out again. */
const SEED = `
  with fresh as (
    insert into access.seeded (permission, role) select * from unnest($1::text[], $2::text[]) on conflict do nothing returning permission, role
  )
  insert into access.role_permissions (role, permission)
  select fresh.role, fresh.permission from fresh join access.roles on roles.name = fresh.role
  on conflict do nothing returning role, permission`;

/** The only file that speaks SQL to the schema `access`, besides its migrations and the filter in `door.ts`. */
export class AccessRepository {
  readonly #db: Database;
  constructor(db: Database) {
    this.#db = db;
  }

  // ---- What someone holds

  /** @param userId null: what everybody holds. */
  async held(userId: string | null): Promise<HeldRow[]> {
    return (await this.#db.run<HeldRow>({ text: HELD, values: [userId] })).rows;
  }
  async grantsHeld(on: Runner, userId: string | null, scope: ScopeRow | null): Promise<string[]> {
    const { rows } = await on.run<GrantRow>({ text: HELD_GRANTS, values: [userId, scope?.type ?? null, scope?.id ?? null] });
    return rows.map(({ permission }) => permission);
  }
  async grantsEver(on: Runner, userId: string): Promise<string[]> {
    const { rows } = await on.run<GrantRow>({ text: EVER_GRANTS, values: [userId] });
    return rows.map(({ permission }) => permission);
  }
  async rolesOf(on: Runner, userId: string): Promise<string[]> {
    const rows = await roleNames.all(on, { userId });
    return rows.map(({ role }) => role);
  }

  // ---- Roles

  roles(): Promise<RoleRow[]> {
    return this.#db.all(selectRoles.orderBy('name'));
  }
  role(name: string, on: Runner = this.#db): Promise<RoleRow | undefined> {
    return on.first(selectRoles.where('name', '=', name));
  }
  /** The role, locked until the transaction ends. */
  async lockedRole(tx: Tx, name: string): Promise<RoleRow | undefined> {
    await tx.all(query.selectFrom('access.roles').select('name').where('name', '=', name).forNoKeyUpdate());
    return this.role(name, tx); // a statement of its own: it sees what the lock waited for
  }
  async insertRole(
    tx: Tx,
    { name, title, permissions: grants }: { name: string; title: string; permissions: readonly string[] },
  ): Promise<RoleRow> {
    const row = await tx.first(query.insertInto('access.roles').values({ name, title }).returning(rolesColumns));
    this.#addPermissions(tx, name, grants);
    return { ...row!, permissions: [...grants] };
  }
  changeTitle(tx: Tx, name: string, title: string): void {
    tx.write(
      query
        .updateTable('access.roles')
        .set((eb) => ({ title, version: eb('version', '+', 1) }))
        .where('name', '=', name),
    );
  }
  changePermissions(tx: Tx, name: string, added: readonly string[], removed: readonly string[]): void {
    tx.write(
      query
        .deleteFrom('access.role_permissions')
        .where('role', '=', name)
        .where('permission', '=', sql<string>`any(${removed})`),
    );
    this.#addPermissions(tx, name, added);
    tx.write(
      query
        .updateTable('access.roles')
        .set((eb) => ({ version: eb('version', '+', 1) }))
        .where('name', '=', name),
    );
  }
  deleteRole(tx: Tx, name: string): void {
    tx.write(query.deleteFrom('access.roles').where('name', '=', name));
  }
  #addPermissions(tx: Tx, role: string, grants: readonly string[]): void {
    if (grants.length > 0) tx.write(query.insertInto('access.role_permissions').values(grants.map((permission) => ({ role, permission }))));
  }
  /** Every grant of every role, for the check at start. */
  grants(): Promise<GrantRow[]> {
    return this.#db.all(query.selectFrom('access.role_permissions').select(['role', 'permission']).orderBy('role').orderBy('permission'));
  }
  /** Gives permissions seen for the first time to their roles. @returns what was given. */
  async seed(tx: Tx, pairs: readonly GrantRow[]): Promise<GrantRow[]> {
    const values = [pairs.map(({ permission }) => permission), pairs.map(({ role }) => role)];
    return (await tx.run<GrantRow>({ text: SEED, values })).rows;
  }

  // ---- Assignments

  async assignments(
    filter: { userId?: string | undefined; role?: string | undefined },
    page: PageRequest,
  ): Promise<{ items: AssignmentRow[]; total: number }> {
    const matches = (eb: ExpressionBuilder<Tables, 'access.assignments'>) =>
      eb.and([
        ...(filter.userId === undefined ? [] : [eb('user_id', '=', filter.userId)]),
        ...(filter.role === undefined ? [] : [eb('role', '=', filter.role)]),
        sql<SqlBool>`true`,
      ]);
    const from = query.selectFrom('access.assignments').where(matches).where(live);
    const items = await this.#db.all(
      from
        .select(assignmentsColumns)
        .orderBy('id', 'desc')
        .limit(page.limit)
        .offset(page.by === 'page' ? (page.page - 1) * page.limit : 0),
    );
    const counted = await this.#db.first(from.select((eb) => eb.fn.countAll<number>().as('total')));
    return { items: items.map(nested), total: counted!.total };
  }
  async insertAssignment(tx: Tx, row: Omit<AssignmentRow, 'createdAt'>): Promise<AssignmentRow> {
    return nested((await tx.first(insertAssignment(row).returning(assignmentsColumns)))!);
  }
  /** As `insertAssignment`, travelling with COMMIT: its failure is the transaction's. */
  writeAssignment(tx: Tx, row: Omit<AssignmentRow, 'createdAt'>): void {
    tx.write(insertAssignment(row));
  }
  async lockedAssignment(tx: Tx, id: string): Promise<AssignmentRow | undefined> {
    const row = await tx.first(query.selectFrom('access.assignments').select(assignmentsColumns).where('id', '=', id).forUpdate());
    return row && nested(row);
  }
  deleteAssignment(tx: Tx, id: string): void {
    tx.write(query.deleteFrom('access.assignments').where('id', '=', id));
  }
  /** Removes what has expired: of one user and role, or of anyone, at most 500. */
  async deleteExpired(tx: Tx, of: { readonly userId: string; readonly role: string } | null): Promise<AssignmentRow[]> {
    let expired = query
      .selectFrom('access.assignments')
      .select('id')
      .where('expires_at', '<=', sql<string>`now()`);
    if (of) expired = expired.where('user_id', '=', of.userId).where('role', '=', of.role);
    const chosen = expired.orderBy('expires_at').limit(500).forUpdate().skipLocked();
    return (await tx.all(query.deleteFrom('access.assignments').where('id', 'in', chosen).returning(assignmentsColumns))).map(nested);
  }
  /** Who is administrator everywhere and without end. Until this transaction ends nobody else can change that answer. */
  async lockedAdministrators(tx: Tx): Promise<string[]> {
    await tx.all(query.selectFrom('access.roles').select('name').where('name', '=', 'admin').forNoKeyUpdate());
    const rows = await tx.all(
      query
        .selectFrom('access.assignments')
        .select('user_id as userId')
        .where('role', '=', 'admin')
        .where('scope_type', 'is', null)
        .where('expires_at', 'is', null),
    );
    return rows.map(({ userId }) => userId);
  }
}

const insertAssignment = ({ id, userId, role, scope, expiresAt, grantedBy, reason }: Omit<AssignmentRow, 'createdAt'>) =>
  query.insertInto('access.assignments').values({
    id,
    user_id: userId,
    role,
    scope_type: scope?.type ?? null,
    scope_id: scope?.id ?? null,
    expires_at: expiresAt,
    granted_by: grantedBy,
    reason,
  });
