// Generated from the migrated database by `npm run generate`. Do not edit.
import type { Generated } from 'kysely';

export interface Tables {
  'reports.pieces': {
    report_id: string;
    number: number;
    bytes: Buffer;
  };
  'reports.reports': {
    id: string;
    owner_id: string;
    kind: string;
    format: string;
    from_at: string | null;
    to_at: string | null;
    everybody: boolean;
    state: Generated<string>;
    job_id: string;
    run: Generated<number>;
    percent: Generated<number>;
    row_count: Generated<number>;
    byte_count: Generated<number>;
    piece_count: Generated<number>;
    failure: string | null;
    created_at: Generated<string>;
    started_at: string | null;
    finished_at: string | null;
    expires_at: string | null;
  };
}

export const piecesColumns = ['report_id as reportId', 'number', 'bytes'] as const;
export const reportsColumns = ['id', 'owner_id as ownerId', 'kind', 'format', 'from_at as fromAt', 'to_at as toAt', 'everybody', 'state', 'job_id as jobId', 'run', 'percent', 'row_count as rowCount', 'byte_count as byteCount', 'piece_count as pieceCount', 'failure', 'created_at as createdAt', 'started_at as startedAt', 'finished_at as finishedAt', 'expires_at as expiresAt'] as const;
