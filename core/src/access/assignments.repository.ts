import { queryBuilder, type Database, type Page, type PageRequest, prepareList, type Tx } from '@plinth/kit';
import { sql, type ExpressionBuilder } from 'kysely';
import { nested, type AssignmentRow, type ScopeRow } from './rows.ts';
import { assignmentsColumns, type Tables } from './tables.ts';

const query = queryBuilder<Tables>();

/** Not expired, by the database's clock: no branch may leave it out (B100). */
const live = (eb: ExpressionBuilder<Tables, 'access.assignments'>) =>
  eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', sql<string>`now()`)]);

const expired = query.selectFrom('access.assignments').where('expires_at', '<=', sql<string>`now()`);
/** What has expired is removed in one transaction. */
const AT_ONCE = 500;

export interface AssignmentQuery {
  readonly userId?: string | undefined;
  readonly role?: string | undefined;
}
const list = prepareList<AssignmentQuery>()({
  shape: ({ userId, role }) => ({ userId: userId !== undefined, role: role !== undefined }),
  rows({ userId, role }, bind) {
    let rows = query.selectFrom('access.assignments').select(assignmentsColumns).where(live);
    if (userId) rows = rows.where('user_id', '=', bind('userId'));
    if (role) rows = rows.where('role', '=', bind('role'));
    return rows;
  },
  order: () => ({ by: ['id'], direction: 'desc', key: ({ id }) => [id] }),
  as: (row) => nested<AssignmentRow>(row),
});

/** Who has which role. */
export class AssignmentsRepository {
  readonly #db: Database;
  constructor(db: Database) {
    this.#db = db;
  }

  list(filter: AssignmentQuery, paging: PageRequest): Promise<Page<AssignmentRow>> {
    return list.page(this.#db, filter, paging);
  }
  async insert(tx: Tx, row: Omit<AssignmentRow, 'createdAt'>): Promise<AssignmentRow> {
    return nested<AssignmentRow>((await tx.first(inserted(row).returning(assignmentsColumns)))!);
  }
  /** As `insert`, travelling with COMMIT: its failure is the transaction's. */
  write(tx: Tx, row: Omit<AssignmentRow, 'createdAt'>): void {
    tx.write(inserted(row));
  }
  async find(tx: Tx, id: string): Promise<AssignmentRow | undefined> {
    const row = await tx.first(query.selectFrom('access.assignments').select(assignmentsColumns).where('id', '=', id));
    return row && nested<AssignmentRow>(row);
  }
  async locked(tx: Tx, id: string): Promise<AssignmentRow | undefined> {
    const row = await tx.first(query.selectFrom('access.assignments').select(assignmentsColumns).where('id', '=', id).forUpdate());
    return row && nested<AssignmentRow>(row);
  }
  delete(tx: Tx, id: string): void {
    tx.write(query.deleteFrom('access.assignments').where('id', '=', id));
  }
  /** Where something has expired, in one order for everyone. */
  async expiredScopes(tx: Tx): Promise<ScopeRow[]> {
    const rows = await tx.all(
      query
        .selectFrom(
          expired.select(['scope_type', 'scope_id']).where('scope_type', 'is not', null).orderBy('expires_at').limit(AT_ONCE).as('e'),
        )
        .select(['e.scope_type as type', 'e.scope_id as id'])
        .distinct()
        .orderBy('type')
        .orderBy('id'),
    );
    return rows.map(({ type, id }) => ({ type: type!, id: id! }));
  }
  /** Removes what has expired: the one of this user, role and scope, or anyone's, so many at most. */
  async deleteExpired(tx: Tx, of: Pick<AssignmentRow, 'userId' | 'role' | 'scope'> | null): Promise<AssignmentRow[]> {
    let found = expired.select('id');
    if (of)
      found = found
        .where('user_id', '=', of.userId)
        .where('role', '=', of.role)
        .where('scope_type', 'is not distinct from', of.scope?.type ?? null)
        .where('scope_id', 'is not distinct from', of.scope?.id ?? null);
    const chosen = found.orderBy('expires_at').limit(AT_ONCE).forUpdate().skipLocked();
    const rows = await tx.all(query.deleteFrom('access.assignments').where('id', 'in', chosen).returning(assignmentsColumns));
    return rows.map((row) => nested<AssignmentRow>(row));
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

const inserted = ({ id, userId, role, scope, expiresAt, grantedBy, reason }: Omit<AssignmentRow, 'createdAt'>) =>
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
