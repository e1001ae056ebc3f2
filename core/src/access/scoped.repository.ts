import { prepare, queryBuilder, type Database, type Page, type Runner, type Tx } from '@plinth/kit';
import { sql } from 'kysely';
import { selectRoles } from './repository.ts';
import { nested, type AssignmentRow, type DirectGrantRow, type RoleRow, type ScopeRow } from './rows.ts';
import { assignmentsColumns, grantsColumns, type Tables } from './tables.ts';

const q = queryBuilder<Tables>();
const live = sql<boolean>`(expires_at is null or expires_at > now())`;

/** One user inside one scope. */
export interface MemberRow {
  readonly userId: string;
  readonly roles: string[];
  readonly since: string;
}
export interface ScopedRole {
  readonly name: string;
  readonly title: string;
  /** Type of the scopes inside which it counts. */
  readonly scopeType: string;
  readonly permissions: readonly string[];
}
type Inside = { type: string; id: string };

const members = prepare<Inside & { limit: number; offset: number }>()((bind) =>
  q
    .selectFrom('access.assignments')
    .select([
      'user_id as userId',
      sql<string[]>`array_agg(role order by role)`.as('roles'),
      sql<string>`min(created_at)`.as('since'),
      sql<number>`(count(*) over ())::int`.as('total'),
    ])
    .where('scope_type', '=', bind('type'))
    .where('scope_id', '=', bind('id'))
    .where(live)
    .groupBy('user_id')
    .orderBy(sql`min(created_at)`)
    .orderBy('user_id')
    .limit(bind('limit'))
    .offset(bind('offset')),
);
const countMembers = prepare<Inside>()((bind) =>
  q
    .selectFrom('access.assignments')
    .select(sql<number>`count(distinct user_id)::int`.as('members'))
    .where('scope_type', '=', bind('type'))
    .where('scope_id', '=', bind('id'))
    .where(live),
);
const holders = prepare<Inside & { role: string }>()((bind) =>
  q
    .selectFrom('access.assignments')
    .select('user_id as userId')
    .where('scope_type', '=', bind('type'))
    .where('scope_id', '=', bind('id'))
    .where('role', '=', bind('role'))
    .where('expires_at', 'is', null),
);
const rolesOf = prepare<{ userId: string; type: string }>()((bind) =>
  q
    .selectFrom('access.assignments')
    .select(['scope_id as id', sql<string[]>`array_agg(role order by role)`.as('roles'), sql<string>`min(created_at)`.as('since')])
    .where('user_id', '=', bind('userId'))
    .where('scope_type', '=', bind('type'))
    .where(live)
    .groupBy('scope_id')
    .orderBy('scope_id'),
);
const rolesIn = prepare<Inside & { userId: string }>()((bind) =>
  q
    .selectFrom('access.assignments')
    .select('role')
    .where('user_id', '=', bind('userId'))
    .where('scope_type', '=', bind('type'))
    .where('scope_id', '=', bind('id'))
    .where(live)
    .orderBy('role'),
);
const held = prepare<Inside & { userId: string }>()((bind) =>
  q
    .selectFrom('access.assignments')
    .select(assignmentsColumns)
    .where('user_id', '=', bind('userId'))
    .where('scope_type', '=', bind('type'))
    .where('scope_id', '=', bind('id'))
    .forUpdate(),
);
const removeAssignments = prepare<Inside>()((bind) =>
  q
    .deleteFrom('access.assignments')
    .where('scope_type', '=', bind('type'))
    .where('scope_id', '=', bind('id'))
    .returning(assignmentsColumns),
);
/** @param userId null: anyone's. */
const removeGrants = prepare<Inside & { userId: string | null }>()((bind) =>
  q
    .deleteFrom('access.grants')
    .where('scope_type', '=', bind('type'))
    .where('scope_id', '=', bind('id'))
    .where(sql<boolean>`user_id = coalesce(${bind('userId')}::uuid, user_id)`)
    .returning(grantsColumns),
);
/** A role that exists is left as it is: what administrators changed stays changed. */
const DECLARE = `
  with made as (
    insert into access.roles (name, title, system, scope_type) values ($1, $2, true, $3) on conflict (name) do nothing returning name
  )
  insert into access.role_permissions (role, permission) select made.name, given from made, unnest($4::text[]) as given`;

/** Who holds what inside one scope. */
export class ScopedRepository {
  readonly #db: Database;
  constructor(db: Database) {
    this.#db = db;
  }
  async declare({ name, title, scopeType, permissions }: ScopedRole): Promise<void> {
    await this.#db.run({ text: DECLARE, values: [name, title, scopeType, permissions] });
  }
  roles(on: Runner, names: readonly string[]): Promise<RoleRow[]> {
    return on.all(selectRoles.where('name', '=', sql<string>`any(${names})`).orderBy('name'));
  }

  async members(on: Runner, { type, id }: ScopeRow, { page, limit }: { readonly page: number; readonly limit: number }) {
    const offset = (page - 1) * limit;
    const rows = await members.all(on, { type, id, limit, offset });
    const total = rows[0]?.total ?? (offset === 0 ? 0 : await this.count(on, { type, id }));
    return { items: rows.map(({ userId, roles, since }): MemberRow => ({ userId, roles, since })), total } satisfies Page<MemberRow>;
  }
  async count(on: Runner, { type, id }: ScopeRow): Promise<number> {
    return (await countMembers.first(on, { type, id }))!.members;
  }
  /** Who holds the role there without end. */
  async holders(on: Runner, { type, id }: ScopeRow, role: string): Promise<string[]> {
    return (await holders.all(on, { type, id, role })).map(({ userId }) => userId);
  }
  async rolesOf(on: Runner, userId: string, type: string): Promise<{ id: string; roles: string[]; since: string }[]> {
    return (await rolesOf.all(on, { userId, type })).map(({ id, roles, since }) => ({ id: id!, roles, since }));
  }
  async rolesIn(on: Runner, userId: string, { type, id }: ScopeRow): Promise<string[]> {
    return (await rolesIn.all(on, { userId, type, id })).map(({ role }) => role);
  }
  /** Every assignment of the user there, expired ones too, held until the transaction ends. */
  async held(tx: Tx, userId: string, { type, id }: ScopeRow): Promise<AssignmentRow[]> {
    return (await held.all(tx, { userId, type, id })).map((row) => nested<AssignmentRow>(row));
  }
  /** Nobody has a role there any more. @returns who had. */
  async removeAssignments(tx: Tx, { type, id }: ScopeRow): Promise<AssignmentRow[]> {
    return (await removeAssignments.all(tx, { type, id })).map((row) => nested<AssignmentRow>(row));
  }
  /** What was given directly there is taken away, from one user or from all. @returns what it was. */
  async removeGrants(tx: Tx, { type, id }: ScopeRow, userId: string | null): Promise<DirectGrantRow[]> {
    return (await removeGrants.all(tx, { type, id, userId })).map((row) => nested<DirectGrantRow>(row));
  }
}
