import type { Clock, Logger } from '@plinth/kit';

interface Deps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of what, for the log: `sessions`. */
  readonly what: string;
  /** Writes it down, forward only. @param used seconds since each was last used. */
  readonly touch: (used: ReadonlyMap<string, number>) => Promise<void>;
}
const FLUSH_MS = 60_000;
/** What is remembered between two flushes. Of a node with more, the others are a minute behind. */
const REMEMBERED = 20_000;

/**
 * When sessions, or keys, were last used, in memory until a statement a minute writes it down. It is shown to their users and
 * decides nothing: the idle timeout counts from the last refresh, which the database saw itself, so a node that dies takes a
 * minute of news with it and no session lives longer or shorter for it (B16).
 */
export class LastUses {
  readonly #deps: Deps;
  /** Id → monotonic milliseconds of its last request here. */
  #used = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  start(): void {
    this.#timer = setInterval(() => void this.flush(), FLUSH_MS).unref();
  }
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  /** On the path of every request: nothing here may wait. @param now monotonic milliseconds. */
  note(id: string, now: number): void {
    if (this.#used.size < REMEMBERED || this.#used.has(id)) this.#used.set(id, now);
  }

  /** Writes all of it down. What could not be written is tried again with what came since. */
  async flush(): Promise<void> {
    if (this.#used.size === 0) return;
    const used = this.#used;
    this.#used = new Map();
    const { clock, logger, what, touch } = this.#deps;
    const now = clock.monotonic();
    try {
      await touch(new Map([...used].map(([id, at]) => [id, (now - at) / 1000])));
    } catch (err) {
      logger.warn({ err }, `the last use of ${what} could not be written down: tried again in a minute`);
      for (const [id, at] of used) if (!this.#used.has(id)) this.note(id, at);
    }
  }
}
