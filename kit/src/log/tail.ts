import type { Logger } from 'pino';
import type { Cache } from '../cache/cache.ts';
import type { Database } from '../database/database.ts';
import { type Loop, startLoop } from '../loop.ts';
import type { FollowedFact } from './fact.ts';
import { EVENT_COLUMNS, type EventRow, followedOf } from './rows.ts';

const POLL_MS = 250;
const PAGE = 500;

/** A cache that is told when the log was last followed: `fresh()` is false 2 s after the last time. */
export type FollowingCache = Cache & {
  /** @param at `performance.now()` when the read began that found nothing more. */
  followed(at: number): void;
};
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

  const tell = (row: EventRow): void => {
    if (row.tags) cache.drop(row.tags);
    if (listeners.size === 0) return;
    const fact = followedOf(row);
    for (const listener of listeners) {
      try {
        listener(fact);
      } catch (error) {
        logger.error({ err: error, position: row.position }, 'a follower of the log failed');
      }
    }
  };
  const follow = async (): Promise<boolean> => {
    const startedAt = performance.now();
    const { rows } = await db.run<EventRow>({
      text: `select ${EVENT_COLUMNS} from log.events e where e.position > $1 order by e.position limit ${PAGE}`,
      values: [position],
    });
    for (const row of rows) {
      tell(row);
      position = row.position;
    }
    if (rows.length === PAGE) return true;
    cache.followed(startedAt);
    return false;
  };

  return {
    onFact(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async start() {
      // What happened before this node began is in no cache of its memory.
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
