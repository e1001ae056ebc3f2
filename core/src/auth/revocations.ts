import type { Clock, Database, Kit } from '@plinth/kit';
import { type SessionsRepository, TOLD_SECONDS } from './sessions.repository.ts';

const POLL_MS = 400;
/**
 * A node that has not heard for this long no longer trusts what it remembers. So whatever becomes of its connection, no node lets
 * anybody in a second after their session ended (B10); between the two numbers is the time that a poll may take.
 */
const TRUST_MS = 1000;
/**
 * Between two readings further apart than this an end may have gone by unheard. Half of how long it is told: it is told from when
 * it was written, and seen from when that was committed.
 */
const GAP_SECONDS = TOLD_SECONDS / 2;

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly logger: Kit['logger'];
  readonly sessions: SessionsRepository;
  /** Milliseconds that anything remembered about a token may live: an end is remembered longer. */
  readonly rememberMs: number;
}

/** What has ended lately, on every node: read from the database all the time, and at once on the node that ended it. */
export class Revocations {
  readonly #deps: Deps;
  /** Session or user id → monotonic time of learning that it ended. Oldest first. */
  readonly #ended = new Map<string, number>();
  #seen: ReadonlySet<number> = new Set();
  #heardAt = Number.NEGATIVE_INFINITY;
  /** The same by the database's clock, in Unix seconds: ours stands still where the whole machine does. */
  #toldAt: number | undefined;
  /** Monotonic time before which we may have missed, or forgotten, an end. */
  #completeSince = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    await this.poll();
    this.#next();
  }
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Ends it on this node now. Others hear of it through the table. */
  learn(id: string): void {
    this.#ended.delete(id);
    this.#ended.set(id, this.#deps.clock.monotonic());
  }
  /** Whether we heard of an end at or after `since`, or would not know of one: what was read of it then must be read again. */
  endedSince(id: string, since: number): boolean {
    if (since < this.#completeSince) return true;
    if (this.#ended.size === 0) return false;
    const at = this.#ended.get(id);
    return at !== undefined && at >= since;
  }
  /** @param now monotonic milliseconds. */
  trusted(now: number): boolean {
    return now - this.#heardAt <= TRUST_MS;
  }

  /** Reads the last minute again and again: rows appear in commit order, not in the order of their ids. */
  async poll(): Promise<void> {
    const asked = this.#deps.clock.monotonic();
    const { now, ends } = await this.#deps.sessions.revokedLately(this.#deps.db);
    for (const { id, ended } of ends) if (!this.#seen.has(id)) this.learn(ended);
    this.#seen = new Set(ends.map(({ id }) => id));
    const silence = now - (this.#toldAt ?? now);
    const forgotten = asked - this.#deps.rememberMs;
    this.#completeSince = silence < 0 || silence > GAP_SECONDS ? asked : Math.max(this.#completeSince, forgotten);
    this.#toldAt = now;
    this.#heardAt = asked;
    for (const [id, at] of this.#ended) {
      if (at >= forgotten) break;
      this.#ended.delete(id);
    }
  }

  #next(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.poll()
        .catch((err: unknown) =>
          this.#deps.logger.warn({ err }, 'revocations could not be read: tokens are checked one by one until they can'),
        )
        .finally(() => this.#next());
    }, POLL_MS).unref();
  }
}
