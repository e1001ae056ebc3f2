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
/**
 * One statement, so one snapshot: a fact is still waiting or already has its place, never neither. All facts come as one value:
 * a row each costs this node ten times as much.
 */
const FOLLOW = `
  select (
      select (extract(epoch from clock_timestamp() - o.occurred_at) * 1000)::float8 from log.outbox o where o.tags is not null order by o.seq limit 1
    ) as waiting, (
      select json_agg(json_build_object('position', e.position, 'id', e.id, 'name', e.name, 'tags', e.tags, 'told',
        case when e.channels is not null then json_build_object(
          'occurredAt', to_char(e.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'payload', e.payload, 'channels', e.channels
        ) end) order by e.position)
      from (select * from log.events e where e.position > $1 order by e.position limit $2) e
    ) as facts`;
interface FollowRow {
  readonly waiting: number | null;
  readonly facts: readonly (FollowedFact & { readonly tags: readonly string[] | null })[] | null;
}

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

  const tell = (fact: FollowedFact): void => {
    for (const listener of listeners) {
      try {
        listener(fact);
      } catch (error) {
        logger.error({ err: error, position: fact.position }, 'a follower of the log failed');
      }
    }
  };
  let size = PAGE;
  const follow = async (): Promise<boolean> => {
    const startedAt = performance.now();
    const asked = size;
    // Heavy facts can be more than one value holds: it would fail in the same way for ever.
    size = Math.max(1, asked >> 2);
    const { rows } = await db.run<FollowRow>({ text: FOLLOW, values: [position, asked] });
    size = Math.min(PAGE, asked * 2);
    const [{ waiting, facts }] = rows as [FollowRow];
    for (const { tags, ...fact } of facts ?? []) {
      if (tags) cache.drop(tags);
      tell(fact);
      position = fact.position;
    }
    if (facts?.length === asked) return true;
    cache.followed(startedAt, Math.max(0, waiting ?? 0));
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
