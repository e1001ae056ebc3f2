import { queryBuilder, type Database, type Page, type PageRequest, prepareList, type Tx } from '@plinth/kit';
import { sql, type ExpressionBuilder } from 'kysely';
import { nested, type DirectGrantRow } from './rows.ts';
import { grantsColumns, type Tables } from './tables.ts';

const query = queryBuilder<Tables>();
type Grants = ExpressionBuilder<Tables, 'access.grants'>;

/** Not expired, by the database's clock: no branch may leave it out (B100). */
const live = (eb: Grants) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', sql<string>`now()`)]);

export interface GrantQuery {
  readonly userId?: string | undefined;
  readonly permission?: string | undefined;
  readonly scopeType?: string | undefined;
  readonly scopeId?: string | undefined;
}

const list = prepareList<GrantQuery>()({
  shape: ({ userId, permission, scopeType, scopeId }) => ({
    userId: userId !== undefined,
    permission: permission !== undefined,
    scopeType: scopeType !== undefined,
    scopeId: scopeId !== undefined,
  }),
  rows({ userId, permission, scopeType, scopeId }, bind) {
    let rows = query.selectFrom('access.grants').select(grantsColumns).where(live);
    if (userId) rows = rows.where('user_id', '=', bind('userId'));
    if (permission) rows = rows.where('permission', '=', bind('permission'));
    if (scopeType) rows = rows.where('scope_type', '=', bind('scopeType'));
    if (scopeId) rows = rows.where('scope_id', '=', bind('scopeId'));
    return rows;
  },
  order: () => ({ by: ['id'], direction: 'desc', key: ({ id }) => [id] }),
  as: (row) => nested<DirectGrantRow>(row),
});

/** Who was given which permission without a role. */
export class GrantsRepository {
  readonly #db: Database;
  constructor(db: Database) {
    this.#db = db;
  }

  list(filter: GrantQuery, paging: PageRequest): Promise<Page<DirectGrantRow>> {
    return list.page(this.#db, filter, paging);
  }
  /** What is given to anyone, for the check at start. */
  async permissions(): Promise<string[]> {
    return (await this.#db.all(query.selectFrom('access.grants').select('permission').distinct().orderBy('permission'))).map(
      ({ permission }) => permission,
    );
  }
  async insert(
    tx: Tx,
    { id, userId, permission, scope, expiresAt, grantedBy, reason }: Omit<DirectGrantRow, 'createdAt'>,
  ): Promise<DirectGrantRow> {
    const row = await tx.first(
      query
        .insertInto('access.grants')
        .values({
          id,
          user_id: userId,
          permission,
          scope_type: scope?.type ?? null,
          scope_id: scope?.id ?? null,
          expires_at: expiresAt,
          granted_by: grantedBy,
          reason,
        })
        .returning(grantsColumns),
    );
    return nested<DirectGrantRow>(row!);
  }
  async locked(tx: Tx, id: string): Promise<DirectGrantRow | undefined> {
    const row = await tx.first(query.selectFrom('access.grants').select(grantsColumns).where('id', '=', id).forUpdate());
    return row && nested<DirectGrantRow>(row);
  }
  delete(tx: Tx, id: string): void {
    tx.write(query.deleteFrom('access.grants').where('id', '=', id));
  }
  /** Removes what has expired: of one user and permission, or of anyone, at most 500. */
  async deleteExpired(tx: Tx, of: { readonly userId: string; readonly permission: string } | null): Promise<DirectGrantRow[]> {
    let expired = query
      .selectFrom('access.grants')
      .select('id')
      .where('expires_at', '<=', sql<string>`now()`);
    if (of) expired = expired.where('user_id', '=', of.userId).where('permission', '=', of.permission);
    const chosen = expired.orderBy('expires_at').limit(500).forUpdate().skipLocked();
    const rows = await tx.all(query.deleteFrom('access.grants').where('id', 'in', chosen).returning(grantsColumns));
    return rows.map((row) => nested<DirectGrantRow>(row));
  }
}
