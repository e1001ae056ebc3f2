import { type Runner, type Tx } from '@plinth/kit';
import { createHash, createHmac } from 'node:crypto';
import { InvalidLink } from './contract.ts';
import type { Link, LinksRepository } from './links.repository.ts';

interface Deps {
  readonly repository: LinksRepository;
  /** Makes tokens: a dump of the database holds nothing that opens anything (B19). */
  readonly key: Buffer;
}
export interface NewLink {
  /** The token is derived from it: a job that runs again mails the same link. */
  readonly id: string;
  /** `feature.verb-noun`: a link of one purpose is worth nothing for another (B27). */
  readonly purpose: string;
  readonly userId: string;
  readonly seconds: number;
  readonly data?: Readonly<Record<string, unknown>>;
}

/**
 * Secrets that mails carry: good once, for one purpose and one user, and only while the password they were made beside is still
 * the user's (B18, B27).
 */
export class Links {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }
  /** Stores it; the same id again changes nothing. @returns the token. */
  async create(tx: Tx, { data = {}, ...link }: NewLink): Promise<string> {
    const token = createHmac('sha256', this.#deps.key).update(`${link.purpose} ${link.id}`).digest('base64url');
    await this.#deps.repository.insert(tx, { ...link, data: JSON.stringify(data), tokenHash: hashOf(token) });
    return token;
  }
  /** How many of a purpose a user was sent in the last hour and has not used. @param except the one about to be sent, perhaps again. */
  sentLately(on: Runner, purpose: string, userId: string, except: string): Promise<number> {
    return this.#deps.repository.sentLately(on, purpose, userId, except);
  }
  /** Looks, and uses nothing up: before work that costs. @throws InvalidLink */
  async find(on: Runner, purpose: string, token: string): Promise<Link> {
    const found = await this.#deps.repository.find(on, purpose, hashOf(token));
    if (!found) throw new InvalidLink();
    return found;
  }
  /** Of many who use it at once, one gets it (B1). @throws InvalidLink */
  async take(tx: Tx, purpose: string, token: string): Promise<Link> {
    const taken = await this.#deps.repository.take(tx, purpose, hashOf(token));
    if (!taken) throw new InvalidLink();
    return taken;
  }
  /** Whatever this user was sent opens nothing any more. */
  drop(tx: Tx, userId: string): void {
    this.#deps.repository.drop(tx, userId);
  }
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
