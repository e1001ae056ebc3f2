import { type Page, type PageRequest, prepare, prepareVisibleList, queryBuilder, type Runner, type Tx, type Visible } from '@plinth/kit';
import { sql } from 'kysely';
import type { Tables } from './tables.ts';

const q = queryBuilder<Tables>();
const columns = ['id', 'name', 'seats', 'version', 'created_at as createdAt', 'updated_at as updatedAt'] as const;

export interface OrganizationRow {
  readonly id: string;
  readonly name: string;
  readonly seats: number;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}
const seen = (visible: Pick<Visible, 'where'>) => visible.where({ scope: 'organizations.organizations.id' });
const live = q.selectFrom('organizations.organizations').select(columns).where('deleted_at', 'is', null);

const find = prepare<{ id: string }>()((bind) => live.where('id', '=', bind('id')));
const lock = prepare<{ id: string }>()((bind) => live.where('id', '=', bind('id')).forNoKeyUpdate());
const keep = prepare<{ id: string }>()((bind) => live.where('id', '=', bind('id')).forShare());
const insert = prepare<{ id: string; name: string }>()((bind) =>
  q
    .insertInto('organizations.organizations')
    .values({ id: bind('id'), name: bind('name') })
    .returning(columns),
);
const update = prepare<{ id: string; name: string | null; seats: number | null }>()((bind) =>
  q
    .updateTable('organizations.organizations')
    .set({
      name: sql<string>`coalesce(${bind('name')}::text, name)`,
      seats: sql<number>`coalesce(${bind('seats')}::int, seats)`,
      version: sql<number>`version + 1`,
      updated_at: sql<string>`now()`,
    })
    .where('id', '=', bind('id'))
    .returning(columns),
);
const remove = prepare<{ id: string }>()((bind) =>
  q
    .updateTable('organizations.organizations')
    .set({ deleted_at: sql<string>`now()`, updated_at: sql<string>`now()`, version: sql<number>`version + 1` })
    .where('id', '=', bind('id')),
);

const list = prepareVisibleList<object>()({
  rows: (_shape, _bind, visible) => live.where(seen(visible)),
  order: () => ({ by: ['id'], direction: 'desc', key: ({ id }) => [id] }),
});

/** The SQL on organizations themselves. What was deleted is not found. */
export class OrganizationsRepository {
  find(on: Runner, id: string): Promise<OrganizationRow | undefined> {
    return find.first(on, { id });
  }
  /** The same under a rule. */
  findVisible(on: Runner, id: string, visible: Visible): Promise<OrganizationRow | undefined> {
    return on.first(live.where('id', '=', id).where(seen(visible)));
  }
  findMany(on: Runner, ids: readonly string[]): Promise<OrganizationRow[]> {
    return on.all(live.where('id', '=', sql<string>`any(${ids})`).orderBy('id'));
  }
  /** Held until the transaction ends: whatever changes its members does so one after the other. */
  lock(tx: Tx, id: string): Promise<OrganizationRow | undefined> {
    return lock.first(tx, { id });
  }
  /** Held against being deleted or changed, by many at once. */
  keep(tx: Tx, id: string): Promise<OrganizationRow | undefined> {
    return keep.first(tx, { id });
  }
  list(on: Runner, visible: Visible, paging: PageRequest): Promise<Page<OrganizationRow>> {
    return list.page(on, visible, {}, paging);
  }
  async insert(tx: Tx, row: { id: string; name: string }): Promise<OrganizationRow> {
    return (await insert.first(tx, row))!;
  }
  async update(tx: Tx, id: string, { name, seats }: { name?: string; seats?: number }): Promise<OrganizationRow> {
    return (await update.first(tx, { id, name: name ?? null, seats: seats ?? null }))!;
  }
  async delete(tx: Tx, id: string): Promise<void> {
    await remove.count(tx, { id });
  }
}
