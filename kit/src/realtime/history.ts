import type { Database } from '../database/database.ts';
import type { Fact } from '../log/fact.ts';
import { EVENT_COLUMNS, type EventRow, factOf } from '../log/rows.ts';
import { type Offset, WHOLE } from './offsets.ts';

export interface Missed {
  readonly told: readonly { readonly fact: Fact<unknown>; readonly channel: string; readonly index: number }[];
  /** Where to read on; null: this was all. */
  readonly next: Offset | null;
}
/** Facts that are read at a time. */
const PAGE = 100;

/**
 * One statement, so one snapshot: whether all that follows the offset is still there, and a page of it. It is, when the fact at the
 * offset is the one that was told, and the fact behind it happened less than 24 hours ago: entries are swept by the time at which
 * they were written, which is later.
 */
const MISSED = `
  with known as (
    select ($2::bigint = 0 or exists (select from log.events e where e.position = $2::bigint and e.id::text = $3::text))
      and coalesce((select e.occurred_at from log.events e where e.position > $2::bigint order by e.position limit 1) > now() - interval '24 hours', true) as complete
  ), missed as (
    select c.position, array_agg(c.channel) as followed
    from log.channel_entries c
    where c.channel = any ($1::text[]) and c.position >= $2::bigint and c.position <= $4::bigint and (c.position > $2::bigint or not $6::boolean)
    group by c.position order by c.position limit $5::int
  )
  select k.complete, m.followed, ${EVENT_COLUMNS}
  from known k left join missed m on k.complete left join log.events e on e.position = m.position
  order by e.position`;

/**
 * A page of what was missed, in the order in which it would have been told.
 * @param to the last position that is asked for.
 * @returns null: nobody can say any more.
 */
export async function readMissed(db: Database, channels: readonly string[], from: Offset, to: number): Promise<Missed | null> {
  const { position, index, id } = from;
  const { rows } = await db.run<EventRow & { readonly complete: boolean; readonly followed: string[] | null }>({
    text: MISSED,
    values: [channels, position, id, to, PAGE, index === WHOLE],
  });
  if (!rows[0]?.complete) return null;
  const found = rows.filter(({ followed }) => followed !== null);
  const told = found.flatMap((row) => {
    const fact = factOf(row);
    const channels = row.channels ?? [];
    return [...new Set(channels)]
      .map((channel) => ({ fact, channel, index: channels.indexOf(channel) }))
      .filter((each) => row.followed!.includes(each.channel) && (fact.position > position || each.index > index));
  });
  const last = found.at(-1);
  return { told, next: last && found.length === PAGE ? { position: last.position, index: WHOLE, id: last.id } : null };
}
