import type { Database } from '../database/database.ts';
import type { LogStatistics } from './log.ts';

const STATISTICS = `
select c.position, (select count(*) from (select 1 from log.outbox limit 10000) w) as waiting,
  coalesce((select extract(epoch from clock_timestamp() - o.occurred_at)::float8 from log.outbox o order by o.seq limit 1), 0) as "waitingSeconds",
  c.position - coalesce((select max(h.position) from log.heads h), 0) as unsealed
from log.cursor c`;

export async function readStatistics(db: Database, followed: number, anonymousRefusals: number): Promise<LogStatistics> {
  const { rows } = await db.run<{ waiting: number; waitingSeconds: number; position: number; unsealed: number }>({
    text: STATISTICS,
    values: [],
  });
  const { position, waiting, waitingSeconds, unsealed } = rows[0]!;
  return { waiting, waitingSeconds, position, unsealed, behind: Math.max(0, position - followed), anonymousRefusals };
}
