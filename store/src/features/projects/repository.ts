import {
  type Database,
  type Page,
  type PageRequest,
  prepare,
  prepareVisible,
  prepareVisibleList,
  queryBuilder,
  type Runner,
  type Tx,
  type Visible,
} from '@plinth/kit';
import { type Generated, type RawBuilder, sql, type SqlBool } from 'kysely';
import type { ProjectFilter, Visibility } from './contract.ts';
import { projectsColumns, type Tables } from './tables.ts';

type Row = Tables['projects.projects'];
/** What the check constraint allows, said to the compiler. */
const build = queryBuilder<{ 'projects.projects': Omit<Row, 'visibility'> & { visibility: Generated<Visibility> } }>();

export interface ProjectRow {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly visibility: Visibility;
  readonly archivedAt: string | null;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}
type Editable = Pick<ProjectRow, 'id' | 'slug' | 'name' | 'description' | 'visibility'>;
type Filter = Pick<Visible, 'where'>;

// ---- Who sees what: one rule, for one row and for lists ---------------------------------------------

/** Inside a project where the caller holds the rule's permission. */
const within = (visible: Filter, single?: true): RawBuilder<SqlBool> =>
  visible.where({ scope: 'projects.projects.id', ...(single && { single }) });
/** The same, or open to them by its visibility. @param open what is: bound, so that one statement serves guests and users. */
const shown = (open: unknown, visible: Filter, single?: true): RawBuilder<SqlBool> =>
  sql<SqlBool>`(visibility = any (${open}::text[]) or ${within(visible, single)})`;
const openTo = ({ caller }: Visible): Visibility[] => (caller.userId === null ? ['public'] : ['public', 'internal']);

// ---- One project ------------------------------------------------------------------------------------

const all = build.selectFrom('projects.projects').select(projectsColumns);

const find = prepare<{ id: string }>()((bind) => all.where('id', '=', bind('id')));
const findShown = prepareVisible<{ id: string; open: Visibility[] }>()((bind, visible) =>
  all.where('id', '=', bind('id')).where(shown(bind('open'), visible, true)),
);
const findShownBySlug = prepareVisible<{ slug: string; open: Visibility[] }>()((bind, visible) =>
  all.where('slug', '=', bind('slug')).where(shown(bind('open'), visible, true)),
);
const findWithin = prepareVisible<{ id: string }>()((bind, visible) => all.where('id', '=', bind('id')).where(within(visible, true)));
const findMany = prepare<{ ids: readonly string[] }>()((bind) =>
  all.where('id', '=', sql<string>`any (${bind('ids')}::uuid[])`).orderBy('id'),
);
const lock = prepare<{ id: string }>()((bind) => all.where('id', '=', bind('id')).forUpdate());
const insert = prepare<Editable>()((bind) =>
  build
    .insertInto('projects.projects')
    .values({
      id: bind('id'),
      slug: bind('slug'),
      name: bind('name'),
      description: bind('description'),
      visibility: bind('visibility'),
    })
    .onConflict((conflict) => conflict.constraint('projects_slug_key').doNothing())
    .returning(projectsColumns),
);
const update = prepare<Editable>()((bind) =>
  build
    .updateTable('projects.projects')
    .set({
      slug: bind('slug'),
      name: bind('name'),
      description: bind('description'),
      visibility: bind('visibility'),
      version: sql`version + 1`,
      updated_at: sql`now()`,
    })
    .where('id', '=', bind('id'))
    .returning(projectsColumns),
);
const setArchived = prepare<{ id: string; archived: boolean }>()((bind) =>
  build
    .updateTable('projects.projects')
    .set({
      archived_at: sql`case when ${bind('archived')}::boolean then now() end`,
      version: sql`version + 1`,
      updated_at: sql`now()`,
    })
    .where('id', '=', bind('id'))
    .returning(projectsColumns),
);
const remove = prepare<{ id: string }>()((bind) => build.deleteFrom('projects.projects').where('id', '=', bind('id')));

// ---- Lists ------------------------------------------------------------------------------------------

const ORDERS = {
  newest: { by: ['created_at', 'id'], direction: 'desc', key: ({ createdAt, id }: ProjectRow) => [createdAt, id] },
  updated: { by: ['updated_at', 'id'], direction: 'desc', key: ({ updatedAt, id }: ProjectRow) => [updatedAt, id] },
  name: { by: ['name', 'id'], direction: 'asc', key: ({ name, id }: ProjectRow) => [name, id] },
} as const;
interface Listed extends Pick<ProjectFilter, 'q' | 'state' | 'sort'> {
  open: Visibility[];
  /** Ids of those that the caller is a member of, where only these are asked for. */
  mine: readonly string[] | undefined;
}
const list = prepareVisibleList<Listed>()({
  shape: ({ q, state, sort, mine }) => ({ q: q !== undefined, state, sort, mine: mine !== undefined }),
  rows({ q, state, mine }, bind, visible) {
    let rows = all.where(shown(bind('open'), visible));
    if (state !== 'all') rows = rows.where('archived_at', state === 'active' ? 'is' : 'is not', null);
    if (mine) rows = rows.where('id', '=', sql<string>`any (${bind('mine')}::uuid[])`);
    if (q) rows = rows.where(sql<SqlBool>`search @@ websearch_to_tsquery('simple', ${bind('q')})`);
    return rows;
  },
  order: ({ sort }) => ORDERS[sort],
});

/** The only file that speaks SQL to the `projects` schema. */
export class ProjectsRepository {
  readonly #db: Database;
  constructor(db: Database) {
    this.#db = db;
  }

  /** Whoever asks. */
  find(on: Runner, id: string): Promise<ProjectRow | undefined> {
    return find.first(on, { id });
  }
  /** By id, where the caller may see it: by its visibility, or under the rule. */
  findShown(visible: Visible, id: string): Promise<ProjectRow | undefined> {
    return findShown.first(this.#db, visible, { id, open: openTo(visible) });
  }
  findShownBySlug(visible: Visible, slug: string): Promise<ProjectRow | undefined> {
    return findShownBySlug.first(this.#db, visible, { slug, open: openTo(visible) });
  }
  /** Under the rule alone: what its visibility opens is not enough. */
  findWithin(on: Runner, visible: Visible, id: string): Promise<ProjectRow | undefined> {
    return findWithin.first(on, visible, { id });
  }
  findMany(on: Runner, ids: readonly string[]): Promise<ProjectRow[]> {
    return findMany.all(on, { ids });
  }
  /** Held until the transaction ends: whatever changes it or its members does so one after the other. */
  lock(tx: Tx, id: string): Promise<ProjectRow | undefined> {
    return lock.first(tx, { id });
  }

  /** @param mine ids, where only those are asked for that the caller is a member of. */
  page(visible: Visible, filter: ProjectFilter, paging: PageRequest, mine: readonly string[] | undefined): Promise<Page<ProjectRow>> {
    const { q, state, sort } = filter;
    return list.page(this.#db, visible, { q, state, sort, mine, open: openTo(visible) }, paging);
  }

  /** Undefined: another has the slug, also one whose transaction was still open when this began. */
  insert(tx: Tx, project: Editable): Promise<ProjectRow | undefined> {
    return insert.first(tx, project);
  }
  async update(tx: Tx, { id, slug, name, description, visibility }: Editable): Promise<ProjectRow> {
    return (await update.first(tx, { id, slug, name, description, visibility }))!;
  }
  async setArchived(tx: Tx, id: string, archived: boolean): Promise<ProjectRow> {
    return (await setArchived.first(tx, { id, archived }))!;
  }
  async delete(tx: Tx, id: string): Promise<void> {
    await remove.count(tx, { id });
  }
}
