import { type Clock, type Database, type Logger, nobody, type Principal } from '@plinth/kit';
import { LRUCache } from 'lru-cache';
import type { AuthApi } from '../auth/index.ts';
import type { UsersApi } from '../users/index.ts';
import type { KeysRepository } from './repository.ts';
import { hashOf, read, sameHash } from './token.ts';

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly users: UsersApi;
  readonly revocations: AuthApi['revocations'];
  readonly keys: KeysRepository;
}
interface Known {
  readonly principal: Principal;
  /** Monotonic milliseconds: when it was asked for, and until when it holds. */
  readonly asked: number;
  readonly until: number;
}
const REMEMBERED = 20_000;
/** What is remembered is asked for again after this long, whatever happens. */
const TRUST_MS = 300_000;
const TOUCH_MS = 60_000;

/**
 * Who holds an API key. Asked of the database once per key and node; after that one look into a map, keyed by the whole key
 * (B74), until it expires by the database's clock, it or its owner ends, or this node no longer hears of ends.
 */
export class KeyVerifier {
  readonly #deps: Deps;
  readonly #known = new LRUCache<string, Known>({ max: REMEMBERED });
  readonly #asking = new Map<string, Promise<Principal | null>>();
  /** Key id → monotonic time of its last use, until it is written down. */
  #used = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  start(): void {
    this.#timer = setInterval(() => void this.flush(), TOUCH_MS).unref();
  }
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  verify(token: string): Principal | null | Promise<Principal | null> {
    const known = this.#known.get(token);
    if (known !== undefined && this.#holds(known)) return this.#touched(known.principal);
    let asking = this.#asking.get(token);
    if (asking === undefined) {
      asking = this.#ask(token).finally(() => this.#asking.delete(token));
      this.#asking.set(token, asking);
    }
    return asking;
  }

  /** Writes down when keys were last used, all in one statement. */
  async flush(): Promise<void> {
    if (this.#used.size === 0) return;
    const now = this.#deps.clock.monotonic();
    const used = new Map([...this.#used].map(([id, at]) => [id, (now - at) / 1000]));
    this.#used = new Map();
    await this.#deps.keys
      .touch(this.#deps.db, used)
      .catch((err: unknown) => this.#deps.logger.warn({ err }, 'the last use of API keys could not be written down'));
  }

  #holds({ principal, asked, until }: Known): boolean {
    const { clock, revocations } = this.#deps;
    const now = clock.monotonic();
    return (
      now < until &&
      revocations.trusted(now) &&
      !revocations.endedSince(principal.key!.id, asked) &&
      !revocations.endedSince(principal.user!.id, asked)
    );
  }
  /** Asks the database; again when an end was heard of meanwhile, since the answer may be from before it. */
  async #ask(token: string): Promise<Principal | null> {
    const { db, clock, users, revocations, keys } = this.#deps;
    const presented = read(token);
    this.#known.delete(token);
    if (!presented) return null;
    for (;;) {
      const asked = clock.monotonic();
      const found = await keys.find(db, presented.id);
      if (!found) return null;
      const hash = hashOf(presented.secret);
      const current = sameHash(hash, found.secretHash);
      const previous = found.previousHash !== null && found.previousRemaining > 0 && sameHash(hash, found.previousHash);
      if (!current && !previous) return null;
      if ((await users.find(db, found.userId))?.status !== 'active') return null;
      if (revocations.endedSince(found.id, asked) || revocations.endedSince(found.userId, asked)) continue;
      const remaining = Math.min(found.remaining ?? Number.POSITIVE_INFINITY, current ? Number.POSITIVE_INFINITY : found.previousRemaining);
      const principal: Principal = Object.freeze({
        ...nobody,
        user: Object.freeze({ id: found.userId }),
        key: Object.freeze({ id: found.id, scopes: new Set(found.scopes) }),
      });
      this.#known.set(token, { principal, asked, until: asked + Math.min(remaining * 1000, TRUST_MS) });
      return this.#touched(principal);
    }
  }
  #touched(principal: Principal): Principal {
    if (this.#used.size < REMEMBERED) this.#used.set(principal.key!.id, this.#deps.clock.monotonic());
    return principal;
  }
}
