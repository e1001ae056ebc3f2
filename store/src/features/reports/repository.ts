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
import { type Generated, sql } from 'kysely';
import { type Failure, FILE_DAYS, type Kind, REPORT_DAYS, type ReportFilter, type State } from './contract.ts';
import { reportsColumns, type Tables } from './tables.ts';

type Row = Tables['reports.reports'];
/** What the check constraints allow, said to the compiler. */
const build = queryBuilder<{
  'reports.reports': Omit<Row, 'state' | 'kind' | 'failure'> & { state: Generated<State>; kind: Kind; failure: Failure | null };
}>();

export interface ReportRow {
  readonly id: string;
  readonly ownerId: string;
  readonly kind: Kind;
  readonly format: string;
  readonly fromAt: string | null;
  readonly toAt: string | null;
  readonly everybody: boolean;
  readonly state: State;
  readonly jobId: string;
  readonly run: number;
  readonly percent: number;
  readonly rowCount: number;
  readonly byteCount: number;
  readonly pieceCount: number;
  readonly failure: Failure | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly expiresAt: string | null;
}
export type NewRow = Pick<ReportRow, 'id' | 'ownerId' | 'kind' | 'format' | 'fromAt' | 'toAt' | 'everybody' | 'jobId'>;
/** How far a run is, and what it has written. */
export interface Progress {
  readonly rowCount: number;
  readonly byteCount: number;
  readonly pieceCount: number;
  readonly percent: number;
}

const owned = { owner: 'reports.reports.owner_id' };
const all = build.selectFrom('reports.reports').select(reportsColumns);
const now = sql<string>`now()`;
const unfinished = sql<State>`('waiting', 'running')`;
type Id = { id: string };
type OfRun = Id & { run: number };

// ---- One report -------------------------------------------------------------------------------------

const find = prepare<Id>()((bind) => all.where('id', '=', bind('id')));
const findVisible = prepareVisible<Id>()((bind, visible) => all.where('id', '=', bind('id')).where(visible.where(owned)));
const lockVisible = prepareVisible<Id>()((bind, visible) => all.where('id', '=', bind('id')).where(visible.where(owned)).forUpdate());
/** A row where the rule shows what is nobody's: that is where it shows everybody's. */
const seesAll = prepareVisible<object>()((_bind, visible) =>
  build
    .selectFrom(sql<{ owner_id: string }>`(values ('00000000-0000-0000-0000-000000000000'::uuid))`.as<'nobody'>(sql`nobody(owner_id)`))
    .select(sql<number>`1`.as('one'))
    .where(visible.where({ owner: 'nobody.owner_id' })),
);
const lockOwner = prepare<{ ownerId: string }>()((bind) =>
  build.selectNoFrom(sql<null>`pg_advisory_xact_lock(hashtextextended('reports.of ' || ${bind('ownerId')}::text, 0))`.as('lock')),
);
const countKept = prepare<{ ownerId: string }>()((bind) =>
  build
    .selectFrom('reports.reports')
    .select(sql<number>`count(*)`.as('kept'))
    .where('owner_id', '=', bind('ownerId'))
    .where('state', 'in', sql<State>`('waiting', 'running', 'done')`),
);
const insert = prepare<NewRow>()((bind) =>
  build
    .insertInto('reports.reports')
    .values({
      id: bind('id'),
      owner_id: bind('ownerId'),
      kind: bind('kind'),
      format: bind('format'),
      from_at: bind('fromAt'),
      to_at: bind('toAt'),
      everybody: bind('everybody'),
      job_id: bind('jobId'),
    })
    .returning(reportsColumns),
);
/** A new run, which begins anew. */
const begin = prepare<Id>()((bind) =>
  build
    .updateTable('reports.reports')
    .set({ state: 'running', run: sql`run + 1`, started_at: now, percent: 0, row_count: 0, byte_count: 0, piece_count: 0 })
    .where('id', '=', bind('id'))
    .where('state', 'in', unfinished)
    .returning(reportsColumns),
);
const advance = prepare<OfRun & Progress>()((bind) =>
  build
    .updateTable('reports.reports')
    .set({ percent: bind('percent'), row_count: bind('rowCount'), byte_count: bind('byteCount'), piece_count: bind('pieceCount') })
    .where('id', '=', bind('id'))
    .where('run', '=', bind('run'))
    .where('state', '=', 'running'),
);
const finish = prepare<OfRun>()((bind) =>
  build
    .updateTable('reports.reports')
    .set({ state: 'done', percent: 100, finished_at: now, expires_at: sql<string>`now() + make_interval(days => ${FILE_DAYS})` })
    .where('id', '=', bind('id'))
    .where('run', '=', bind('run'))
    .where('state', '=', 'running')
    .returning(reportsColumns),
);
const fail = prepare<Id & { failure: Failure }>()((bind) =>
  build
    .updateTable('reports.reports')
    .set({ state: 'failed', failure: bind('failure'), finished_at: now })
    .where('id', '=', bind('id'))
    .where('state', 'in', unfinished)
    .returning(reportsColumns),
);
const cancel = prepare<Id>()((bind) =>
  build
    .updateTable('reports.reports')
    .set({ state: 'cancelled', finished_at: now })
    .where('id', '=', bind('id'))
    .where('state', 'in', unfinished)
    .returning(reportsColumns),
);
const remove = prepare<Id>()((bind) => build.deleteFrom('reports.reports').where('id', '=', bind('id')));

// ---- Many -------------------------------------------------------------------------------------------

const ofOwner = prepare<{ ownerId: string; limit: number }>()((bind) =>
  all.where('owner_id', '=', bind('ownerId')).orderBy('created_at', 'desc').orderBy('id', 'desc').limit(bind('limit')),
);
/** Of one person: what is unfinished ends, and the sweep drops what is there. */
const end = prepare<{ ownerId: string }>()((bind) =>
  build
    .updateTable('reports.reports')
    .set({
      state: sql<State>`case state when 'done' then state else 'cancelled' end`,
      finished_at: sql`coalesce(finished_at, now())`,
      expires_at: sql`case state when 'done' then now() end`,
    })
    .where('owner_id', '=', bind('ownerId'))
    .where('state', 'in', sql<State>`('waiting', 'running', 'done')`)
    .returning(reportsColumns),
);
/** Those that somebody holds come next time. */
const expire = prepare<{ limit: number }>()((bind) =>
  build
    .updateTable('reports.reports')
    .set({ state: 'expired' })
    .where('id', 'in', (query) =>
      query
        .selectFrom('reports.reports')
        .select('id')
        .where('state', '=', 'done')
        .where('expires_at', '<=', now)
        .orderBy('expires_at')
        .limit(bind('limit'))
        .forUpdate()
        .skipLocked(),
    )
    .returning(reportsColumns),
);
/** A minute old: what was just asked for has its job in the same commit. */
const unfinishedOnes = prepare<{ after: string; limit: number }>()((bind) =>
  all
    .where('state', 'in', unfinished)
    .where('created_at', '<', sql<string>`now() - interval '1 minute'`)
    .where('id', '>', bind('after'))
    .orderBy('id')
    .limit(bind('limit')),
);
const forget = prepare<{ limit: number }>()((bind) =>
  build.deleteFrom('reports.reports').where('id', 'in', (query) =>
    query
      .selectFrom('reports.reports')
      .select('id')
      .where('finished_at', '<', sql<string>`now() - make_interval(days => ${REPORT_DAYS})`)
      .where('state', '<>', 'done')
      .limit(bind('limit')),
  ),
);

const list = prepareVisibleList<Pick<ReportFilter, 'state' | 'userId'>>()({
  shape: ({ state, userId }) => ({ state: state !== undefined, userId: userId !== undefined }),
  rows({ state, userId }, bind, visible) {
    let rows = all.where(visible.where(owned));
    if (state) rows = rows.where('state', '=', bind('state'));
    if (userId) rows = rows.where('owner_id', '=', bind('userId'));
    return rows;
  },
  order: () => ({ by: ['created_at', 'id'], direction: 'desc', key: ({ createdAt, id }) => [createdAt, id] }),
});

/** What is known of reports. Their files lie elsewhere (`files.repository.ts`). */
export class ReportsRepository {
  readonly #db: Database;
  constructor(db: Database) {
    this.#db = db;
  }

  find(on: Runner, id: string): Promise<ReportRow | undefined> {
    return find.first(on, { id });
  }
  findVisible(visible: Visible, id: string): Promise<ReportRow | undefined> {
    return findVisible.first(this.#db, visible, { id });
  }
  lockVisible(tx: Tx, visible: Visible, id: string): Promise<ReportRow | undefined> {
    return lockVisible.first(tx, visible, { id });
  }
  /** Whether the rule shows everybody's rows, as the database knows it now. */
  async seesAll(tx: Tx, visible: Visible): Promise<boolean> {
    return (await seesAll.first(tx, visible, {})) !== undefined;
  }
  /** Until the transaction ends nobody else counts or adds theirs. */
  async countKept(tx: Tx, ownerId: string): Promise<number> {
    await lockOwner.first(tx, { ownerId });
    return (await countKept.first(tx, { ownerId }))!.kept;
  }
  async insert(tx: Tx, row: NewRow): Promise<ReportRow> {
    return (await insert.first(tx, row))!;
  }
  /** @returns undefined: it has ended, or is gone. */
  begin(tx: Tx, id: string): Promise<ReportRow | undefined> {
    return begin.first(tx, { id });
  }
  /** @returns false: it ended, or another run has it. */
  async advance(tx: Tx, { id, run }: OfRun, progress: Progress): Promise<boolean> {
    return (await advance.count(tx, { id, run, ...progress })) > 0;
  }
  finish(tx: Tx, { id, run }: OfRun): Promise<ReportRow | undefined> {
    return finish.first(tx, { id, run });
  }
  fail(tx: Tx, id: string, failure: Failure): Promise<ReportRow | undefined> {
    return fail.first(tx, { id, failure });
  }
  cancel(tx: Tx, id: string): Promise<ReportRow | undefined> {
    return cancel.first(tx, { id });
  }
  /** Travels with COMMIT. */
  remove(tx: Tx, id: string): void {
    tx.write(remove.with({ id }));
  }
  end(tx: Tx, ownerId: string): Promise<ReportRow[]> {
    return end.all(tx, { ownerId });
  }
  expire(tx: Tx, limit: number): Promise<ReportRow[]> {
    return expire.all(tx, { limit });
  }
  unfinished(after: string, limit: number): Promise<ReportRow[]> {
    return unfinishedOnes.all(this.#db, { after, limit });
  }
  /** @returns how many went. */
  forget(limit: number): Promise<number> {
    return forget.count(this.#db, { limit });
  }
  of(on: Runner, ownerId: string, limit: number): Promise<ReportRow[]> {
    return ofOwner.all(on, { ownerId, limit });
  }
  page(visible: Visible, filter: ReportFilter, paging: PageRequest): Promise<Page<ReportRow>> {
    return list.page(this.#db, visible, filter, paging);
  }
}
