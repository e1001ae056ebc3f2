import { prepare, queryBuilder, type Database, type Runner, type Tx } from '@plinth/kit';
import { sql } from 'kysely';
import type { HeldRow, RolePermissionRow, RoleRow, ScopeRow } from './rows.ts';
import { rolesColumns, type Tables } from './tables.ts';

const query = queryBuilder<Tables>();

const permissions = sql<string[]>`array(select permission from access.role_permissions p where p.role = roles.name order by permission)`.as(
  'permissions',
);
export const selectRoles = query.selectFrom('access.roles as roles').select([...rolesColumns, permissions]);

/** Asked at every sign-in and refresh. */
const roleNames = prepare<{ userId: string }>()((bind) =>
  query
    .selectFrom('access.assignments')
    .select('role')
    .where('user_id', '=', bind('userId'))
    .where('scope_type', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', sql<string>`now()`)]))
    .orderBy('role'),
);

const SCOPES = `case when count(scope_id) between 1 and $2::int then string_agg(scope_id::text, ',') end`;
const REMAINING = `(extract(epoch from min(expires_at) - now()) * 1000)::float8`;
/** One statement, so one snapshot (B101): roles, what they and direct grants give, where (of at most $2 scopes), and how long. @param where which of it. */
const held = (where: string): string => `
  select h.role, h.scope_type as "scopeType", h.scopes, h.remaining,
         array(select permission from access.role_permissions p where p.role = h.role) as permissions
  from (
    select 'guest' collate "C" as role, null::text as scope_type, null::text as scopes, null::float8 as remaining
    union all
    select role, scope_type, ${SCOPES}, ${REMAINING}
    from access.assignments
    where user_id = $1 and (expires_at is null or expires_at > now()) and ${where}
    group by role, scope_type
  ) h
  union all
  select null, scope_type, ${SCOPES}, ${REMAINING}, array[permission]
  from access.grants
  where user_id = $1 and (expires_at is null or expires_at > now()) and ${where}
  group by scope_type, permission`;
const HELD = held('true');
const HELD_INSIDE = held('(scope_type is null or (scope_type = $3 and scope_id = $4))');
/** Everywhere and in one scope ($2, $3), lasting until $4 at least: what ends sooner is not theirs to give for longer. */
const HELD_GRANTS = `
  select distinct p.permission
  from access.role_permissions p
  where p.role = 'guest' or p.role in (
    select role from access.assignments
    where user_id = $1 and (expires_at is null or (expires_at > now() and expires_at >= $4))
      and (scope_type is null or (scope_type = $2 and scope_id = $3))
  )
  union
  select permission from access.grants
  where user_id = $1 and (expires_at is null or (expires_at > now() and expires_at >= $4))
    and (scope_type is null or (scope_type = $2 and scope_id = $3))`;
/** Also inside scopes. */
const EVER_GRANTS = `
  select distinct p.permission
  from access.role_permissions p
  where p.role = 'guest' or p.role in (select role from access.assignments where user_id = $1 and (expires_at is null or expires_at > now()))
  union
  select permission from access.grants where user_id = $1 and (expires_at is null or expires_at > now())`;
/** A pair already in the journal was handed out once: it is not handed out again. */
const SEED = `
  with fresh as (
    insert into access.seeded (permission, role) select * from unnest($1::text[], $2::text[]) on conflict do nothing returning permission, role
  )
  insert into access.role_permissions (role, permission)
  select fresh.role, fresh.permission from fresh join access.roles on roles.name = fresh.role
  on conflict do nothing returning role, permission`;

/** Roles, and what someone holds. */
export class AccessRepository {
  readonly #db: Database;
  constructor(db: Database) {
    this.#db = db;
  }

  // ---- What someone holds

  /** @param userId null: what everybody holds. @param mostScopes of one role or permission: more are not named. */
  async held(userId: string | null, mostScopes = 0): Promise<HeldRow[]> {
    return (await this.#db.run<HeldRow>({ text: HELD, values: [userId, mostScopes] })).rows;
  }
  /** What someone holds everywhere and inside one scope alone. */
  async heldInside(userId: string, { type, id }: ScopeRow, on: Runner = this.#db): Promise<HeldRow[]> {
    return (await on.run<HeldRow>({ text: HELD_INSIDE, values: [userId, 0, type, id] })).rows;
  }
  /** @param until a time, or `infinity`: only what lasts until then. Absent: what is held now. */
  async grantsHeld(on: Runner, userId: string | null, scope: ScopeRow | null, until = '-infinity'): Promise<string[]> {
    const { rows } = await on.run<RolePermissionRow>({
      text: HELD_GRANTS,
      values: [userId, scope?.type ?? null, scope?.id ?? null, until],
    });
    return rows.map(({ permission }) => permission);
  }
  async grantsEver(on: Runner, userId: string): Promise<string[]> {
    const { rows } = await on.run<RolePermissionRow>({ text: EVER_GRANTS, values: [userId] });
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
  /** Every permission of every role, for the check at start. */
  rolePermissions(): Promise<RolePermissionRow[]> {
    return this.#db.all(query.selectFrom('access.role_permissions').select(['role', 'permission']).orderBy('role').orderBy('permission'));
  }
  /** Gives permissions seen for the first time to their roles. @returns what was given. */
  async seed(tx: Tx, pairs: readonly RolePermissionRow[]): Promise<RolePermissionRow[]> {
    const values = [pairs.map(({ permission }) => permission), pairs.map(({ role }) => role)];
    return (await tx.run<RolePermissionRow>({ text: SEED, values })).rows;
  }
}
