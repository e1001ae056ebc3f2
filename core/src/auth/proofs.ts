import type { Clock, Principal } from '@plinth/kit';
import { LRUCache } from 'lru-cache';
import type { Revocations } from './revocations.ts';

/** What a proof was found to be worth. */
export interface Found {
  readonly principal: Principal;
  /** Monotonic milliseconds until when it holds, whatever is not heard of. */
  readonly until: number;
}
export type Known<F extends Found> = F & {
  /** Monotonic milliseconds at which it was asked for. */
  readonly asked: number;
};
interface Deps {
  readonly clock: Clock;
  readonly revocations: Pick<Revocations, 'trusted' | 'endedSince'>;
}
const REMEMBERED = 20_000;

/**
 * Whose proof this is, a token or a key, asked of the database once per proof and node. After that the answer is one look into a
 * map, keyed by the whole proof (B74), for as long as it holds by the database's clock, neither it nor its user has ended, and
 * this node hears of ends.
 */
export class Proofs<F extends Found> {
  readonly #deps: Deps;
  readonly #known = new LRUCache<string, Known<F>>({ max: REMEMBERED });
  readonly #asking = new Map<string, Promise<F | null>>();
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** What is remembered of it, which may hold no more. */
  recall(proof: string): Known<F> | undefined {
    return this.#known.get(proof);
  }
  /** @param now monotonic milliseconds. */
  holds(known: Known<F>, now: number): boolean {
    return now < known.until && this.#deps.revocations.trusted(now) && !this.#ended(known, known.asked);
  }
  /**
   * Asks, once for all who want to know at the same time.
   * @param ask what the database says now; null: nobody's. Asked again when an end was heard of meanwhile, since the answer may be
   * from before it.
   */
  ask(proof: string, ask: (asked: number) => Promise<F | null>): Promise<F | null> {
    let asking = this.#asking.get(proof);
    if (asking === undefined) {
      asking = this.#find(proof, ask).finally(() => this.#asking.delete(proof));
      this.#asking.set(proof, asking);
    }
    return asking;
  }

  async #find(proof: string, ask: (asked: number) => Promise<F | null>): Promise<F | null> {
    for (;;) {
      const asked = this.#deps.clock.monotonic();
      const found = await ask(asked);
      if (found === null) {
        this.#known.delete(proof);
        return null;
      }
      if (this.#ended(found, asked)) continue;
      this.#known.set(proof, { ...found, asked });
      return found;
    }
  }
  #ended({ principal: { user, session, key } }: Found, since: number): boolean {
    const { revocations } = this.#deps;
    return revocations.endedSince((session ?? key)!.id, since) || revocations.endedSince(user!.id, since);
  }
}
