import type { UsersApi } from '@plinth/core';
import {
  type Caller,
  type Database,
  type EventLog,
  type FileContent,
  Forbidden,
  isUuid,
  type JobRun,
  type Jobs,
  type Page,
  type PageRequest,
  type Tx,
  uuidv7,
} from '@plinth/kit';
import { Readable } from 'node:stream';
import { manageOrders } from '../orders/index.ts';
import { type Building, told } from './building.ts';
import {
  buildReport,
  FAILURES,
  MOST_KEPT,
  type NewReport,
  type Report,
  reportCancelled,
  reportDeleted,
  reportDownloaded,
  ReportEnded,
  reportExpired,
  type ReportFilter,
  ReportGone,
  ReportNotFound,
  ReportNotReady,
  reportRequested,
  rules,
  TooManyReports,
} from './contract.ts';
import type { ReportFiles } from './files.repository.ts';
import type { ReportRow, ReportsRepository } from './repository.ts';

interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly jobs: Jobs;
  readonly users: UsersApi;
  readonly reports: ReportsRepository;
  readonly files: ReportFiles;
  readonly building: Building;
}
/** Of one person, for them to take along. */
const MOST_TAKEN_ALONG = 1000;
const LOOKED_AT_ONCE = 100;
const FORGOTTEN_AT_ONCE = 1000;
const isUnfinished = ({ state }: ReportRow): boolean => state === 'waiting' || state === 'running';

export class ReportsService {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** The row, its job and its fact are one commit. @throws TooManyReports */
  async request(caller: Caller, tx: Tx, { kind, format, from, to }: NewReport): Promise<Report> {
    const { users, jobs, log, reports } = this.#deps;
    const { userId: ownerId } = caller;
    if (ownerId === null || !(await users.holdActive(tx, ownerId))) throw new Forbidden({ reason: 'no-user' });
    if ((await reports.countKept(tx, ownerId)) >= MOST_KEPT) throw new TooManyReports({ ownerId });
    const everybody = kind === 'inventory' || (await reports.seesAll(tx, caller.visible(rules.sales)));
    const id = uuidv7();
    const jobId = await jobs.enqueue(tx, buildReport, { reportId: id }, { group: ownerId });
    const row = await reports.insert(tx, { id, ownerId, kind, format, fromAt: from ?? null, toAt: to ?? null, everybody, jobId });
    const report = asReport(row);
    await log.publish(tx, caller, reportRequested, { ...told(row), from: report.from, to: report.to, rowsOf: report.rowsOf });
    return report;
  }

  /** By its owner or who manages reports. Its run learns of it within a second, and with its next piece. @throws ReportNotFound, ReportEnded */
  async cancel(caller: Caller, tx: Tx, reportId: string): Promise<Report> {
    const { jobs, log, reports, files } = this.#deps;
    const row = await this.#lock(caller, tx, reportId);
    if (row.state === 'cancelled') return asReport(row);
    const cancelled = await reports.cancel(tx, reportId);
    if (!cancelled) throw new ReportEnded({ reportId, state: row.state });
    files.drop(tx, [reportId]);
    await jobs.admin.cancel(tx, row.jobId);
    await log.publish(tx, caller, reportCancelled, told(cancelled));
    return asReport(cancelled);
  }
  /** @throws ReportNotFound */
  async delete(caller: Caller, tx: Tx, reportId: string): Promise<void> {
    const { jobs, log, reports, files } = this.#deps;
    const row = await this.#lock(caller, tx, reportId);
    if (isUnfinished(row)) await jobs.admin.cancel(tx, row.jobId);
    files.drop(tx, [reportId]);
    reports.remove(tx, reportId);
    await log.publish(tx, caller, reportDeleted, told(row));
  }
  /** Of whoever is deleted: nothing is made for them any more, and the sweep drops what was. */
  async end(tx: Tx, ownerId: string): Promise<void> {
    const { jobs, reports } = this.#deps;
    for (const row of await reports.end(tx, ownerId)) if (row.state === 'cancelled') await jobs.admin.cancel(tx, row.jobId);
  }

  /** Who may not see these rows (any more) is not given them, whoever asked for them. Each download is a fact before its first byte. @throws ReportNotFound, ReportNotReady, ReportGone */
  async download(caller: Caller, reportId: string): Promise<FileContent> {
    const { db, log, files } = this.#deps;
    const row = await this.#find(caller, reportId);
    if (row.state === 'expired') throw new ReportGone({ reportId });
    if (row.state !== 'done') throw new ReportNotReady({ reportId, state: row.state });
    const ofOthers = row.kind === 'sales' && (row.everybody || row.ownerId !== caller.userId);
    if (ofOthers && !(await caller.can(manageOrders))) throw new Forbidden({ reason: 'rows', reportId });
    await db.transaction((tx) => log.publish(tx, caller, reportDownloaded, told(row)));
    return {
      content: Readable.from(files.read(reportId, row.pieceCount), { objectMode: false }),
      length: row.byteCount,
      filename: `${row.kind}-${row.createdAt.slice(0, 10)}.${row.format}`,
    };
  }
  async list(caller: Caller, filter: ReportFilter, paging: PageRequest): Promise<Page<Report>> {
    const page = await this.#deps.reports.page(caller.visible(rules.read), filter, paging);
    return { ...page, items: page.items.map(asReport) };
  }
  /** @throws ReportNotFound */
  async get(caller: Caller, reportId: string): Promise<Report> {
    return asReport(await this.#find(caller, reportId));
  }
  /** The newest of one person, without their files. */
  async of(userId: string): Promise<Report[]> {
    return (await this.#deps.reports.of(this.#deps.db, userId, MOST_TAKEN_ALONG)).map(asReport);
  }
  /** For explain and AuthZEN. Undefined: there is none. */
  async placeOf(id: string) {
    const row = isUuid(id) ? await this.#deps.reports.find(this.#deps.db, id) : undefined;
    return row && { owner: row.ownerId, scopes: {} };
  }

  // ---- What time does

  async sweep({ caller, signal }: JobRun): Promise<{ expired: number; stopped: number }> {
    const { reports } = this.#deps;
    let expired = 0;
    while (!signal.aborted && (await this.#expireOne(caller))) expired++;
    const stopped = await this.#endOrphans(caller);
    while (!signal.aborted && (await reports.forget(FORGOTTEN_AT_ONCE)) === FORGOTTEN_AT_ONCE);
    return { expired, stopped };
  }
  /** One a transaction: a file may be large. */
  #expireOne(caller: Caller): Promise<boolean> {
    const { db, log, reports, files } = this.#deps;
    return db.transaction(async (tx) => {
      const rows = await reports.expire(tx, 1);
      for (const row of rows) {
        files.drop(tx, [row.id]);
        await log.publish(tx, caller, reportExpired, told(row));
      }
      return rows.length > 0;
    });
  }
  /** A job that was cancelled or gave up by itself takes its report along. @returns how many. */
  async #endOrphans(caller: Caller): Promise<number> {
    const { jobs, reports, building } = this.#deps;
    let [stopped, after] = [0, '00000000-0000-0000-0000-000000000000'];
    for (;;) {
      const rows = await reports.unfinished(after, LOOKED_AT_ONCE);
      if (rows.length === 0) return stopped;
      const unfinished = await jobs.admin.unfinished(rows.map(({ jobId }) => jobId));
      for (const { id } of rows.filter(({ jobId }) => !unfinished.has(jobId))) {
        await building.fail(caller, id, 'STOPPED');
        stopped++;
      }
      if (rows.length < LOOKED_AT_ONCE) return stopped;
      after = rows.at(-1)!.id;
    }
  }

  async #find(caller: Caller, reportId: string): Promise<ReportRow> {
    const row = await this.#deps.reports.findVisible(caller.visible(rules.read), reportId);
    if (!row) throw new ReportNotFound({ reportId });
    return row;
  }
  async #lock(caller: Caller, tx: Tx, reportId: string): Promise<ReportRow> {
    const row = await this.#deps.reports.lockVisible(tx, caller.visible(rules.read), reportId);
    if (!row) throw new ReportNotFound({ reportId });
    return row;
  }
}

const asReport = (row: ReportRow): Report => ({
  id: row.id,
  userId: row.ownerId,
  kind: row.kind,
  format: 'csv',
  from: row.fromAt,
  to: row.toAt,
  rowsOf: row.everybody ? 'everybody' : 'owner',
  state: row.state,
  percent: row.percent,
  rows: row.rowCount,
  bytes: row.byteCount,
  failure: row.failure === null ? null : { code: row.failure, message: FAILURES[row.failure] },
  createdAt: row.createdAt,
  startedAt: row.startedAt,
  finishedAt: row.finishedAt,
  expiresAt: row.expiresAt,
});
