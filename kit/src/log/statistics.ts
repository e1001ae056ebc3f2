import type { Database } from '../database/database.ts';
import type { LogStatistics } from './log.ts';

const STATISTICS = `
select c.position, (select count(*) from (select 1 from log.outbox limit 10000) w) as waiting,
  coalesce((select extract(epoch from clock_timestamp() - o.occurred_at)::float8 from log.outbox o order by o.seq limit 1), 0) as "waitingSeconds"
from log.cursor c`;

export async function readStatistics(db: Database, followed: number, anonymousRefusals: number): Promise<LogStatistics> {
  const { rows } = await db.run<{ position: number; waiting: number; waitingSeconds: number }>({ text: STATISTICS, values: [] });
  const { position, waiting, waitingSeconds } = rows[0]!;
  return { waiting, waitingSeconds, position, behind: Math.max(0, position - followed), anonymousRefusals };
}
