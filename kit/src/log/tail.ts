import type { Logger } from 'pino';
import type { Cache } from '../cache/cache.ts';
import type { Database } from '../database/database.ts';
import { type Loop, startLoop } from '../loop.ts';
import type { FollowedFact } from './fact.ts';

const POLL_MS = 250;
const PAGE = 500;

/** A cache that is told when the log was last followed: `fresh()` is false 2 s after the last time. */
export type FollowingCache = Cache & {
  /**
   * @param at `performance.now()` when the read began that found nothing more.
   * @param waitingMs how long the oldest fact with tags has been waiting for its place, at that time.
   */
  followed(at: number, waitingMs?: number): void;
};
/** One statement, so one snapshot: a fact is still waiting or already has its place, never neither. At least one row. */
const FOLLOW = `
  select e.position, e.id, e.name, array_to_json(e.tags) as tags, w.waiting,
    case when e.channels is not null then json_build_object(
      'occurredAt', to_char(e.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'payload', e.payload, 'channels', e.channels
    ) end as told
  from (
    select (
      select (extract(epoch from clock_timestamp() - o.occurred_at) * 1000)::float8 from log.outbox o where o.tags is not null order by o.seq limit 1
    ) as waiting
  ) w
  left join log.events e on e.position > $1
  order by e.position limit ${PAGE}`;
type FactRow = FollowedFact & { readonly tags: readonly string[] | null };
type FollowRow = { readonly waiting: number | null } & (FactRow | { readonly position: null });

export interface Tail {
  onFact(listener: (fact: FollowedFact) => void): () => void;
  start(): Promise<void>;
  stop(): Promise<void>;
  wake(): void;
  readonly position: number;
}

/** Follows the log on this node: the one reader that feeds caches and sockets. */
export function createTail({
  db,
  logger,
  cache,
}: {
  readonly db: Database;
  readonly logger: Logger;
  readonly cache: FollowingCache;
}): Tail {
  const listeners = new Set<(fact: FollowedFact) => void>();
  let position = 0;
  let loop: Loop | undefined;

  const tell = ({ tags, id, position, name, told }: FactRow): void => {
    if (tags) cache.drop(tags);
    const fact = { id, position, name, told };
    for (const listener of listeners) {
      try {
        listener(fact);
      } catch (error) {
        logger.error({ err: error, position }, 'a follower of the log failed');
      }
    }
  };
  const follow = async (): Promise<boolean> => {
    const startedAt = performance.now();
    const { rows } = await db.run<FollowRow>({ text: FOLLOW, values: [position] });
    for (const row of rows) {
      if (row.position === null) break;
      tell(row);
      position = row.position;
    }
    if (rows.length === PAGE) return true;
    cache.followed(startedAt, Math.max(0, rows[0]?.waiting ?? 0));
    return false;
  };

  return {
    onFact(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async start() {
      // What happened before this node began is in no cache of its memory; from here on memory counts for as long as this node hears.
      cache.followed(performance.now());
      const [cursor] = (await db.run<{ position: number }>({ text: 'select position from log.cursor', values: [] })).rows;
      position = cursor?.position ?? 0;
      loop = startLoop({ name: 'tail', everyMs: POLL_MS, run: follow, logger });
    },
    stop: async () => loop?.stop(),
    wake: () => loop?.wake(),
    get position() {
      return position;
    },
  };
}
