import { type AccessApi, userChannel, type UsersApi } from '@plinth/core';
import {
  type Caller,
  type Clock,
  type Compose,
  type Config,
  type Database,
  type EventLog,
  type JobOutput,
  type JobRun,
  type Jobs,
  type Mail,
  type Realtime,
} from '@plinth/kit';
import { manageOrders } from '../orders/index.ts';
import {
  ATTEMPTS,
  createReports,
  failedMail,
  type Failure,
  FAILURES,
  type Kind,
  MOST_BYTES,
  MOST_ROWS,
  readyMail,
  reportDone,
  reportFailed,
  tellOwner,
  type ToldOfReport,
} from './contract.ts';
import type { ReportFiles } from './files.repository.ts';
import type { Progress, ReportRow, ReportsRepository } from './repository.ts';
import type { Source } from './rows.ts';

interface Deps {
  readonly config: Pick<Config, 'baseUrl'>;
  readonly clock: Clock;
  readonly db: Database;
  readonly log: EventLog;
  readonly jobs: Jobs;
  readonly mail: Mail;
  readonly compose: Compose;
  readonly realtime: Pick<Realtime, 'say'>;
  readonly users: UsersApi;
  readonly access: AccessApi;
  readonly reports: ReportsRepository;
  readonly files: ReportFiles;
  readonly sources: Readonly<Record<Kind, Source>>;
}

/** No attempt can make this report. */
class Refused extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(FAILURES[failure]);
    this.failure = failure;
  }
}
/** It was cancelled or deleted, or another run has it: what this one writes counts for nothing. */
class Overtaken extends Error {}

/** Spreadsheets read UTF-8 only where the file says that it is. */
const BYTE_ORDER_MARK = '\uFEFF';
/** Bytes; a line is far shorter. */
const PIECE = 128 * 1024;
const SAY_MS = 1000;

/** Makes the files. */
export class Building {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Begins anew with each run; the fence of the run keeps one that was taken for dead from writing beside it (S52). */
  async build(reportId: string, run: JobRun): Promise<JobOutput> {
    const { db, reports, files } = this.#deps;
    const report = await db.transaction(async (tx) => {
      const begun = await reports.begin(tx, reportId);
      if (begun) files.drop(tx, [reportId]);
      return begun;
    });
    if (!report) return { skipped: 'it has ended' };
    try {
      if (!(await this.#mayStill(report))) throw new Refused('NOT_PERMITTED');
      const made = await this.#write(report, run);
      await this.#finish(run.caller, report);
      return made;
    } catch (error) {
      if (error instanceof Overtaken) return { skipped: 'it has ended meanwhile' };
      if (error instanceof Refused) {
        await this.fail(run.caller, reportId, error.failure);
        return { failure: error.failure };
      }
      // Of a run that was stopped its job knows better whether there is another; the sweep asks it.
      if (run.attempt >= ATTEMPTS && !run.signal.aborted) await this.fail(run.caller, reportId, 'BROKEN');
      throw error;
    }
  }

  /** Also for reports whose job is gone. One that has ended stays as it is. */
  async fail(caller: Caller, reportId: string, failure: Failure): Promise<void> {
    const { db, log, jobs, reports, files } = this.#deps;
    await db.transaction(async (tx) => {
      const failed = await reports.fail(tx, reportId, failure);
      if (!failed) return;
      files.drop(tx, [reportId]);
      await log.publish(tx, caller, reportFailed, { ...told(failed), failure });
      await jobs.enqueue(tx, tellOwner, { reportId });
    });
  }

  /** A run that is repeated sends the same Message-ID: it shows once. */
  async tell(reportId: string, { id }: JobRun): Promise<void> {
    const { config, db, mail, compose, users, reports } = this.#deps;
    const report = await reports.find(db, reportId);
    const user = report && (await users.find(db, report.ownerId));
    if (!report || user?.status !== 'active' || user.kind !== 'person') return;
    const { kind, rowCount: rows, failure } = report;
    const link = `${config.baseUrl}/api/v1/reports/${reportId}/file`;
    if (report.state === 'done')
      await mail.send({ id, to: user.email, ...compose(readyMail, { kind, rows, link, until: `${report.expiresAt!.slice(0, 16)}Z` }) });
    else if (failure !== null)
      await mail.send({ id, to: user.email, ...compose(failedMail, { kind, id: reportId, reason: FAILURES[failure] }) });
  }

  /** What they may has changed since they asked, perhaps. */
  async #mayStill({ ownerId, kind, everybody }: ReportRow): Promise<boolean> {
    const { db, users, access } = this.#deps;
    if ((await users.find(db, ownerId))?.status !== 'active') return false;
    if (!(await access.holds(ownerId, createReports))) return false;
    return kind === 'inventory' || !everybody || access.holds(ownerId, manageOrders);
  }

  /** All of it from one snapshot: what is sold meanwhile is in no row of it. */
  #write(report: ReportRow, { signal, progress: show }: JobRun): Promise<{ rows: number; bytes: number }> {
    const { clock, db, realtime, sources } = this.#deps;
    const source = sources[report.kind];
    return db.snapshot(async (on) => {
      const total = await source.count(on, report, MOST_ROWS + 1);
      if (total > MOST_ROWS) throw new Refused('TOO_MANY_ROWS');
      let [rows, things, percent, saidAt] = [0, 0, 0, clock.monotonic()];
      let written = { byteCount: 0, pieceCount: 0 };
      // One piece in memory, filled line by line: texts as long as it would be garbage that is collected late.
      const piece = Buffer.allocUnsafe(PIECE);
      let filled = piece.write(BYTE_ORDER_MARK + source.header);
      const flush = async (): Promise<void> => {
        signal.throwIfAborted();
        written = await this.#append(report, { ...written, rowCount: rows, percent }, piece.subarray(0, filled));
        filled = 0;
        show({ percent, rows });
        if (clock.monotonic() - saidAt < SAY_MS) return;
        saidAt = clock.monotonic();
        realtime.say(userChannel({ userId: report.ownerId }), { reportId: report.id, state: 'running', percent, rows });
      };
      for await (const page of source.pages(on, report)) {
        for (const line of page.lines) {
          if (filled + 4 * line.length > PIECE) await flush(); // a character has at most four bytes
          filled += piece.write(line, filled);
          if (++rows > MOST_ROWS) throw new Refused('TOO_MANY_ROWS');
        }
        things += page.things;
        percent = total === 0 ? 99 : Math.min(99, Math.floor((100 * things) / total));
      }
      await flush();
      return { rows, bytes: written.byteCount };
    });
  }
  async #append(report: ReportRow, before: Progress, bytes: Buffer): Promise<Progress> {
    const { db, reports, files } = this.#deps;
    const number = before.pieceCount;
    const after = { ...before, byteCount: before.byteCount + bytes.length, pieceCount: number + 1 };
    if (after.byteCount > MOST_BYTES) throw new Refused('TOO_LARGE');
    await db.transaction(async (tx) => {
      if (!(await reports.advance(tx, report, after))) throw new Overtaken();
      files.append(tx, report.id, number, bytes);
    });
    return after;
  }
  async #finish(caller: Caller, report: ReportRow): Promise<void> {
    const { db, log, jobs, reports } = this.#deps;
    await db.transaction(async (tx) => {
      const done = await reports.finish(tx, report);
      if (!done) throw new Overtaken();
      await log.publish(tx, caller, reportDone, { ...told(done), rows: done.rowCount, bytes: done.byteCount });
      await jobs.enqueue(tx, tellOwner, { reportId: report.id });
    });
  }
}

export const told = ({ id, ownerId, kind, state }: ReportRow): ToldOfReport => ({ reportId: id, userId: ownerId, kind, state });
