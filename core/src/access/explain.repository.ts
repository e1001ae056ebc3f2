import { queryBuilder, type Database } from '@plinth/kit';
import { sql, type RawBuilder, type SqlBool } from 'kysely';
import type { SourceRow } from './rows.ts';
import type { Tables } from './tables.ts';

const query = queryBuilder<Tables>();

/** All that gives one permission to one person, expired or not; what is everywhere, or in the scope asked about, first. */
const SOURCES = `
  select s.*, "expiresAt" is not null and "expiresAt" <= now() as expired
  from (
    select 'guest' as by, null::uuid as id, 'guest' as role, null::text as "scopeType", null::uuid as "scopeId", null::timestamptz as "expiresAt",
           array(select permission from access.role_permissions p where p.role = 'guest' and p.permission = any ($2) order by 1) as grants
    union all
    select 'role', a.id, a.role, a.scope_type, a.scope_id, a.expires_at,
           array(select permission from access.role_permissions p where p.role = a.role and p.permission = any ($2) order by 1)
    from access.assignments a
    where a.user_id = $1
    union all
    select 'grant', g.id, null, g.scope_type, g.scope_id, g.expires_at, array[g.permission]
    from access.grants g
    where g.user_id = $1 and g.permission = any ($2)
  ) s
  where cardinality(grants) > 0
  order by "scopeType" is not null and "scopeId" is distinct from $3::uuid, expired, id nulls first
  limit 50`;

/** What explaining and answering others needs beyond deciding. */
export class ExplainRepository {
  readonly #db: Database;
  constructor(db: Database) {
    this.#db = db;
  }

  /** Whether the one filter shows a row of this owner in this scope: the same that lists, updates and deletes carry. */
  async shows(
    filter: (columns: { owner: string; scope: string }) => RawBuilder<SqlBool>,
    owner: string | null,
    scope: string | null,
  ): Promise<boolean> {
    const row = await this.#db.first(
      query.selectNoFrom(
        sql<boolean>`exists (
          select from (values (${owner}::uuid, ${scope}::uuid)) as asked (owner, scope)
          where ${filter({ owner: 'asked.owner', scope: 'asked.scope' })}
        )`.as('shown'),
      ),
    );
    return row?.shown === true;
  }
  /** @param patterns all grants that match the permission. */
  async sources(userId: string, patterns: readonly string[], scopeId: string | null): Promise<SourceRow[]> {
    return (await this.#db.run<SourceRow>({ text: SOURCES, values: [userId, patterns, scopeId] })).rows;
  }
}
