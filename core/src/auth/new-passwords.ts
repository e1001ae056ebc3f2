import { PasswordRefused } from './contract.ts';
import type { Breaches } from './breaches.ts';
import type { Hashing } from './hashing.ts';
import { assertHardToGuess } from './password-policy.ts';

interface Deps {
  readonly hashing: Hashing;
  readonly breaches: Breaches;
  /** What the product is called: `PASSWORD_WORDS`. */
  readonly words: readonly string[];
}

/** The one way from a chosen password to what is stored: none gets past the policy (B68). */
export class NewPasswords {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Never in a transaction: it hashes, and may ask outside.
   * @param context what is known of the user and so of no worth in a password: address, name.
   * @param field whose value it is, for the message.
   * @throws PasswordRefused
   */
  async hash(password: string, context: readonly string[], field = 'password'): Promise<string> {
    await assertHardToGuess(password, [...context, ...this.#deps.words], field);
    if (await this.#deps.breaches.include(password))
      throw new PasswordRefused({}, { fields: { [field]: 'It has appeared in a data breach: whoever guesses tries it' } });
    return this.#deps.hashing.hash(password);
  }
}
