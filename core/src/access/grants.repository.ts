import { queryBuilder, type Database, type PageRequest, type Tx } from '@plinth/kit';
import { sql, type ExpressionBuilder, type SqlBool } from 'kysely';
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

/** Who was given which permission without a role. */
export class GrantsRepository {
  readonly #db: Database;
  constructor(db: Database) {
    this.#db = db;
  }

  async list(
    { userId, permission, scopeType, scopeId }: GrantQuery,
    page: PageRequest,
  ): Promise<{ items: DirectGrantRow[]; total: number }> {
    const matches = (eb: Grants) =>
      eb.and([
        ...(userId === undefined ? [] : [eb('user_id', '=', userId)]),
        ...(permission === undefined ? [] : [eb('permission', '=', permission)]),
        ...(scopeType === undefined ? [] : [eb('scope_type', '=', scopeType)]),
        ...(scopeId === undefined ? [] : [eb('scope_id', '=', scopeId)]),
        sql<SqlBool>`true`,
      ]);
    const from = query.selectFrom('access.grants').where(matches).where(live);
    const items = await this.#db.all(
      from
        .select(grantsColumns)
        .orderBy('id', 'desc')
        .limit(page.limit)
        .offset(page.by === 'page' ? (page.page - 1) * page.limit : 0),
    );
    const counted = await this.#db.first(from.select((eb) => eb.fn.countAll<number>().as('total')));
    return { items: items.map((row) => nested<DirectGrantRow>(row)), total: counted!.total };
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
