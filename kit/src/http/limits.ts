import type { FastifyReply } from 'fastify';
import type { Clock } from '../clock.ts';
import { TooManyRequests } from '../errors.ts';

/** So many requests in so many seconds. The name scopes its keys: no two policies share a counter (B110). */
export interface Policy {
  readonly name: string;
  readonly requests: number;
  readonly seconds: number;
}
export interface Taken {
  readonly used: number;
  /** Seconds until the window ends. */
  readonly reset: number;
}
/** Where volume is counted: in memory, or in Redis for several nodes. Security counters are rows in Postgres, not here. */
export interface Counter {
  /** One atomic step (B110). A window begins with its first request; refused ones do not extend it. */
  take(key: string): Taken | Promise<Taken>;
}
export interface Counters {
  create(policy: Policy): Counter;
  close(): Promise<void>;
}

const MOST_KEYS = 100_000;

/** A fixed window, swapped whole: no timer and no clean-up per key. */
class Window implements Counter {
  readonly #milliseconds: number;
  readonly #clock: Clock;
  #counts = new Map<string, number>();
  #endsAt = 0;
  constructor(policy: Policy, clock: Clock) {
    this.#milliseconds = policy.seconds * 1000;
    this.#clock = clock;
  }
  take(key: string): Taken {
    const now = this.#clock.monotonic();
    if (now >= this.#endsAt) {
      this.#counts = new Map();
      this.#endsAt = now + this.#milliseconds;
    }
    const before = this.#counts.get(key);
    if (before === undefined && this.#counts.size >= MOST_KEYS) {
      // Full: the oldest goes. Whoever holds 100,000 networks is not stopped by a counter, and strangers must not be locked out.
      const oldest = this.#counts.keys().next();
      if (!oldest.done) this.#counts.delete(oldest.value);
    }
    const used = (before ?? 0) + 1;
    this.#counts.set(key, used);
    return { used, reset: Math.ceil((this.#endsAt - now) / 1000) };
  }
}

export const memoryCounters = (clock: Clock): Counters => ({ create: (policy) => new Window(policy, clock), close: async () => {} });

/** A policy with its counter, and what it says in headers (draft-ietf-httpapi-ratelimit-headers). */
export class Limit {
  readonly #requests: number;
  readonly #name: string;
  readonly #policy: string;
  readonly #counter: Counter;
  constructor(policy: Policy, counters: Counters) {
    this.#requests = policy.requests;
    this.#name = `"${policy.name}"`;
    this.#policy = `${this.#name};q=${policy.requests};w=${policy.seconds}`;
    this.#counter = counters.create(policy);
  }
  /** Counts one request. @throws TooManyRequests, in the promise when the counter is elsewhere. */
  take(key: string, reply: FastifyReply): void | Promise<void> {
    const taken = this.#counter.take(key);
    if ('then' in taken) return taken.then((later) => this.#judge(later, reply));
    this.#judge(taken, reply);
  }
  #judge({ used, reset }: Taken, reply: FastifyReply): void {
    const before = reply.getHeader('ratelimit') as string | undefined;
    const left = `${this.#name};r=${used < this.#requests ? this.#requests - used : 0};t=${reset}`;
    if (before === undefined) {
      reply.header('ratelimit-policy', this.#policy);
      reply.header('ratelimit', left);
    } else {
      reply.header('ratelimit-policy', `${String(reply.getHeader('ratelimit-policy'))}, ${this.#policy}`);
      reply.header('ratelimit', `${before}, ${left}`);
    }
    if (used > this.#requests) throw new TooManyRequests({ limit: this.#name }, { headers: { 'retry-after': String(reset) } });
  }
}
