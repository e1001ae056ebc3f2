import type { Database } from './database/database.ts';
import { FORGET_CLAIMS } from './http/idempotency.ts';
import { FORGET_SUSPECTS } from './jobs/held.ts';

const PAGE = 5000;
const old = (table: string, column: string, age: string): string =>
  `delete from ${table} where ctid = any (array(select ctid from ${table} where ${column} < now() - interval '${age}' limit $1))`;

/**
 * What the kit itself keeps for a while, by what it is. Channel entries answer sockets that resume; a run of a handler that was done
 * and not settled comes back within hours, so its mark may go after weeks; a trace is wanted until its fact has its place; what led to a
 * fact is told as long as dead letters are.
 */
const OLD: Readonly<Record<string, string>> = {
  channelEntries: old('log.channel_entries', 'written_at', '24 hours'),
  handledMarks: old('log.handled', 'handled_at', '30 days'),
  traces: old('log.traces', 'written_at', '24 hours'),
  causes: old('log.causes', 'written_at', '365 days'),
  idempotencyRecords: FORGET_CLAIMS,
  suspectedJobs: FORGET_SUSPECTS,
};

/** How many rows went, by what they were. */
export type Housekeeping = () => Promise<Readonly<Record<string, number>>>;

/** A page a statement, until nothing is left. @param text deletes at most $1 rows. @returns how many went. */
export async function deleteAll(db: Pick<Database, 'run'>, text: string): Promise<number> {
  for (let total = 0; ;) {
    const { rowCount } = await db.run({ text, values: [PAGE] });
    total += rowCount;
    if (rowCount < PAGE) return total;
  }
}

/** Deletes what is past its time. Whoever calls it sees to it that one node does. */
export const createHousekeeping =
  (db: Database): Housekeeping =>
  async () => {
    const deleted: Record<string, number> = {};
    for (const [what, text] of Object.entries(OLD)) deleted[what] = await deleteAll(db, text);
    return deleted;
  };
