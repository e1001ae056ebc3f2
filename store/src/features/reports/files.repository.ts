import { type Database, prepare, queryBuilder, type Tx } from '@plinth/kit';
import { sql } from 'kysely';
import type { Tables } from './tables.ts';

/** Where files of reports lie. What a service for files has to do to take them over. */
export interface ReportFiles {
  /** The next piece; it is there when the transaction commits. */
  append(tx: Tx, reportId: string, number: number, bytes: Buffer): void;
  /** Piece by piece, as they are taken. @throws where one is missing: the file was dropped meanwhile. */
  read(reportId: string, pieces: number): AsyncGenerator<Buffer>;
  drop(tx: Tx, reportIds: readonly string[]): void;
}

const build = queryBuilder<Tables>();
const insert = prepare<{ reportId: string; number: number; bytes: Buffer }>()((bind) =>
  build.insertInto('reports.pieces').values({ report_id: bind('reportId'), number: bind('number'), bytes: bind('bytes') }),
);
const find = prepare<{ reportId: string; number: number }>()((bind) =>
  build.selectFrom('reports.pieces').select('bytes').where('report_id', '=', bind('reportId')).where('number', '=', bind('number')),
);
const remove = prepare<{ reportIds: string[] }>()((bind) =>
  build.deleteFrom('reports.pieces').where('report_id', '=', sql<string>`any (${bind('reportIds')}::uuid[])`),
);

/** In the database, in pieces: they commit with how far the report is, and need no disk that all nodes share. */
export class FilesRepository implements ReportFiles {
  readonly #db: Database;
  constructor(db: Database) {
    this.#db = db;
  }
  append(tx: Tx, reportId: string, number: number, bytes: Buffer): void {
    tx.write(insert.with({ reportId, number, bytes }));
  }
  async *read(reportId: string, pieces: number): AsyncGenerator<Buffer> {
    for (let number = 0; number < pieces; number++) {
      const piece = await find.first(this.#db, { reportId, number });
      if (!piece) throw new Error(`piece ${number} of report ${reportId} is gone`);
      yield piece.bytes;
    }
  }
  drop(tx: Tx, reportIds: readonly string[]): void {
    tx.write(remove.with({ reportIds: [...reportIds] }));
  }
}
