import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { type Loop, startLoop } from '../loop.ts';

const EVERY_MS = 600_000;
const PAGE = 5000;
/** Channel entries answer sockets that resume; a job that was done and not settled comes back within hours, so its mark may go after weeks. */
const OLD = [
  `delete from log.channel_entries where ctid = any (array(select ctid from log.channel_entries where written_at < now() - interval '24 hours' limit ${PAGE}))`,
  `delete from log.handled where ctid = any (array(select ctid from log.handled where handled_at < now() - interval '30 days' limit ${PAGE}))`,
  `delete from log.traces where ctid = any (array(select ctid from log.traces where written_at < now() - interval '24 hours' limit ${PAGE}))`,
];

/** Deletes what is no longer needed, a page at a time, on any node. */
export const startSweep = (db: Database, logger: Logger): Loop =>
  startLoop({
    name: 'sweep',
    everyMs: EVERY_MS,
    logger,
    async run() {
      const deleted = [];
      for (const text of OLD) deleted.push((await db.run({ text, values: [] })).rowCount);
      return deleted.includes(PAGE);
    },
  });
