import type { Database } from '../database/database.ts';
import type { LogStatistics } from './log.ts';

const STATISTICS = `
select c.position, (select count(*) from (select 1 from log.outbox limit 10000) w) as waiting,
  coalesce((select extract(epoch from clock_timestamp() - o.occurred_at)::float8 from log.outbox o order by o.seq limit 1), 0) as "waitingSeconds",
  c.position - h.head as unsealed,
  coalesce((select extract(epoch from clock_timestamp() - b.sealed_at)::float8 from log.batches b where b.last_position > h.head
    order by b.last_position limit 1), 0) as "unsealedSeconds"
from log.cursor c, (select coalesce(max(position), 0) as head from log.heads) h`;

export async function readStatistics(db: Database, followed: number, anonymousRefusals: number): Promise<LogStatistics> {
  const { rows } = await db.run<{ waiting: number; waitingSeconds: number; position: number; unsealed: number; unsealedSeconds: number }>({
    text: STATISTICS,
    values: [],
  });
  const { position, waiting, waitingSeconds, unsealed, unsealedSeconds } = rows[0]!;
  return { waiting, waitingSeconds, position, unsealed, unsealedSeconds, behind: Math.max(0, position - followed), anonymousRefusals };
}
