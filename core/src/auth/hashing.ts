import { ServiceUnavailable } from '@plinth/kit';
import { hash, verify, type Algorithm } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';

// The package's enum is `const`: it has no value at run time.
const ARGON2ID = 2 as Algorithm.Argon2id;
/** OWASP Password Storage: argon2id with 19 MiB, two passes, one lane. */
const COST = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** At ~5 ms each: nobody waits longer than about a second, and 100 waiting take no memory to speak of. */
const WAITING = 100;

/**
 * Hashes and verifies passwords on threads of their own: at most cores − 1 at a time, so that requests that do not hash
 * are served meanwhile, and with a bounded queue before it, so that a flood of sign-ins is refused instead of hoarded.
 */
export class Hashing {
  #free: number;
  readonly #waiting: (() => void)[] = [];
  readonly #capacity: number;
  #decoy: Promise<string> | undefined;
  constructor({ concurrency = Math.max(1, availableParallelism() - 1), waiting = WAITING } = {}) {
    this.#free = concurrency;
    this.#capacity = waiting;
  }

  hash(password: string): Promise<string> {
    return this.#bounded(() => hash(password.normalize('NFKC'), COST));
  }
  /**
   * @param against null where there is no account or no password: the same work is done on a hash that nothing matches, so
   *   that the time of the answer tells nothing (B20).
   */
  async verify(password: string, against: string | null): Promise<boolean> {
    const expected = against ?? (await this.decoy());
    const matches = await this.#bounded(() => verify(expected, password.normalize('NFKC')));
    return matches && against !== null;
  }
  /** Made once, of the current cost. */
  decoy(): Promise<string> {
    return (this.#decoy ??= hash(randomBytes(32), COST));
  }

  async #bounded<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else {
      if (this.#waiting.length >= this.#capacity)
        throw new ServiceUnavailable({ waiting: this.#waiting.length }, { headers: { 'retry-after': '1' } });
      await new Promise<void>((go) => this.#waiting.push(go));
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}
