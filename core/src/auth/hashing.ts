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
 * What other systems made with bcrypt, as it is written canonically: nothing else would ever match. The cost is bounded, since
 * every failure pays for the dearest that is kept (B70): 12 takes about a quarter of a second.
 */
const BCRYPT = /^\$2[aby]\$(0[4-9]|1[0-2])\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26]$/;
/** What bcrypt reads of a password; of the rest it takes no notice (B69). */
const BCRYPT_BYTES = 72;

/** Whether it is a bcrypt hash of cost 4 to 12. */
export const isBcrypt = (text: string): boolean => BCRYPT.test(text);
const bcryptCost = (text: string): number => Number(text.slice(4, 6));
/** Costs as much to compare with as any of its cost, and nothing matches it. */
const bcryptDecoy = (cost: number): string => `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`;

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
   * Where it fails, the same work was done, whosever password it was: one argon2id, and, while hashes of other systems are
   * kept, as much bcrypt as the dearest of them takes (B20). All of it in one turn: were it queued again after its verdict, a
   * full queue would swallow wrong guesses before they are counted (B35).
   * @param against null where there is no account or no password.
   * @param dearest the highest cost of the bcrypt hashes that are kept, null when there is none; asked only after a failure.
   */
  async verify(password: string, against: string | null, dearest: () => Promise<number | null> = async () => null): Promise<boolean> {
    const decoy = await this.decoy();
    return this.#bounded(async () => {
      const imported = against !== null && isBcrypt(against) ? against : null;
      if (imported !== null && (await matchesBcrypt(password, imported))) return true;
      const own = imported === null ? against : null;
      if ((await verify(own ?? decoy, password.normalize('NFKC'))) && own !== null) return true;
      const most = await dearest();
      if (most === null) return false;
      if (imported === null) await matchesBcrypt(password, bcryptDecoy(most));
      // 2^c for its own, and as much again, twice, four times …: 2^most together.
      else for (let cost = bcryptCost(imported); cost < most; cost++) await matchesBcrypt(password, bcryptDecoy(cost));
      return false;
    });
  }
  /** Whether a stored hash is weaker than what is made now, as all of bcrypt are: to be replaced when its password is next proved. */
  isOutdated(stored: string): boolean {
    const [, memory, passes] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$/.exec(stored) ?? [];
    return Number(memory ?? 0) * Number(passes ?? 0) < COST.memoryCost * COST.timeCost;
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

/**
 * As typed, not normalised: the other system did not either. What bcrypt would not read to the end never matches, though the
 * work is done: whoever had such a password takes a new one by mail, instead of any that begins alike (B69).
 */
async function matchesBcrypt(password: string, against: string): Promise<boolean> {
  const bcrypt = await import('@node-rs/bcrypt'); // loaded where such hashes are kept, and nowhere else
  const matches = await bcrypt.verify(password, against);
  return matches && Buffer.byteLength(password) <= BCRYPT_BYTES && !password.includes('\0');
}
