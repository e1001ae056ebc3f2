import { type Caller, networkOf, type Runner, type Tx } from '@plinth/kit';
import { createHmac } from 'node:crypto';
import { normalizeEmail } from '../users/index.ts';
import { TooManyAttempts } from './contract.ts';
import type { GateRepository, Policy } from './gate.repository.ts';

const DAY = 86_400;
const POLICIES = {
  /** Guesses at the password of one account. */
  password: { limit: 10, window: DAY, since: 'pause', lock: 60, longest: 3600 },
  /** Second factors of one account: all kinds and all challenges together (B34). */
  mfa: { limit: 5, window: DAY, since: 'pause', lock: 60, longest: 3600 },
  /** Mailed codes of one account. */
  code: { limit: 10, window: DAY, since: 'pause', lock: 60, longest: 3600 },
  /** Failures of any kind from one network, whatever the account (B111). */
  network: { limit: 100, window: 900, since: 'first failure', lock: 900, longest: 900 },
} as const satisfies Record<string, Policy>;
export type Guarded = Exclude<keyof typeof POLICIES, 'network'>;

interface Deps {
  readonly db: Runner;
  readonly repository: GateRepository;
  /** Outside production a network is let fail a hundred times as often. */
  readonly production: boolean;
  readonly key: Buffer;
}
/** What is counted for one proof: the account's counter, and the network's. */
export interface Counted {
  readonly account: string;
  readonly network: string;
  readonly guarded: Guarded;
}

/**
 * Counts failed proofs in the database (B34–B38). Only failures count, never success, and nothing is counted while locked, so
 * nobody can keep a lock alive. A verdict counts before it is told: of many guesses at once, at most `limit` learn theirs (B35).
 */
export class Attempts {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @param account whose secret is proved: a user's id, or an address as typed, known or not. */
  of(caller: Caller, guarded: Guarded, account: string): Counted {
    return {
      guarded,
      account: this.#key(guarded, normalizeEmail(account)),
      network: this.network(caller),
    };
  }
  /** Where the caller is: the same for one network, and else it tells nothing. */
  network(caller: Caller): string {
    return this.#key('network', networkOf(caller.origin.address));
  }
  /**
   * Before the work, and again in the transaction that would tell success.
   * @returns whether the account has failures, to be forgotten with a success.
   * @throws TooManyAttempts while the account or the network is locked
   */
  async check(on: Runner, { account, network }: Counted): Promise<boolean> {
    const found = await this.#deps.repository.failures(on, [account, network]);
    const locked = Math.max(0, ...found.map((row) => row.locked));
    if (locked > 0) throw tooMany(locked);
    return found.some(({ key }) => key === account);
  }
  /** Counts a failure, in a transaction of its own. @throws TooManyAttempts when others were counted first: then this verdict is not told. */
  async failed(counted: Counted): Promise<void> {
    const { account, network, guarded } = counted;
    const { db, repository, production } = this.#deps;
    const perNetwork = { ...POLICIES.network, limit: POLICIES.network.limit * (production ? 1 : 100) };
    const first = await repository.countFailure(db, account, POLICIES[guarded]);
    const second = await repository.countFailure(db, network, perNetwork);
    if (first && second) return;
    await this.check(db, counted);
    throw tooMany(1); // the lock has ended since
  }
  /** Forgets the account's failures, with the success. */
  clear(tx: Tx, { account }: Counted): void {
    this.#deps.repository.forgetFailures(tx, account);
  }

  #key(kind: string, of: string): string {
    return `${kind}:${createHmac('sha256', this.#deps.key).update(of).digest('base64url')}`;
  }
}

const tooMany = (seconds: number): Error => {
  const wait = Math.max(1, Math.ceil(seconds));
  return new TooManyAttempts({ seconds: wait }, { headers: { 'retry-after': String(wait) } });
};
