import { type Clock, type Database, type Logger, nobody, type Principal } from '@plinth/kit';
import { type AuthApi, type Found, LastUses, Proofs } from '../auth/index.ts';
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
/** What is remembered is asked for again after this long, whatever happens. */
const TRUST_MS = 300_000;

/** Who holds an API key. */
export class KeyVerifier {
  readonly #deps: Deps;
  readonly #known: Proofs<Found>;
  readonly #lastUses: LastUses;
  constructor(deps: Deps) {
    this.#deps = deps;
    this.#known = new Proofs(deps);
    this.#lastUses = new LastUses({ ...deps, what: 'API keys', touch: (used) => deps.keys.touch(deps.db, used) });
  }
  start(): void {
    this.#lastUses.start();
  }
  stop(): Promise<void> {
    return this.#lastUses.stop();
  }

  verify(token: string): Principal | null | Promise<Principal | null> {
    const now = this.#deps.clock.monotonic();
    const known = this.#known.recall(token);
    if (known !== undefined && this.#known.holds(known, now)) return this.#used(known, now);
    return this.#known.ask(token, (asked) => this.#lookUp(token, asked)).then((found) => found && this.#used(found, now));
  }

  async #lookUp(token: string, asked: number): Promise<Found | null> {
    const { db, users, keys } = this.#deps;
    const presented = read(token);
    const found = presented && (await keys.find(db, presented.id));
    if (!found) return null;
    const hash = hashOf(presented.secret);
    const current = sameHash(hash, found.secretHash);
    const previous = found.previousHash !== null && found.previousRemaining > 0 && sameHash(hash, found.previousHash);
    if (!current && !previous) return null;
    if ((await users.find(db, found.userId))?.status !== 'active') return null;
    const remaining = Math.min(found.remaining ?? Number.POSITIVE_INFINITY, current ? Number.POSITIVE_INFINITY : found.previousRemaining);
    const principal: Principal = Object.freeze({
      ...nobody,
      user: Object.freeze({ id: found.userId }),
      key: Object.freeze({ id: found.id, scopes: new Set(found.scopes) }),
    });
    return { principal, until: asked + Math.min(remaining * 1000, TRUST_MS) };
  }
  #used({ principal }: Found, now: number): Principal {
    this.#lastUses.note(principal.key!.id, now);
    return principal;
  }
}
