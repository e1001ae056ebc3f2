import type { Database, Runner, Tx } from '@plinth/kit';
import { createHash, createHmac } from 'node:crypto';
import type { User, UsersApi } from '../users/index.ts';
import { InvalidLink } from './contract.ts';
import type { Link, LinksRepository } from './links.repository.ts';

interface Deps {
  readonly db: Database;
  /** Without a trailing slash: the only thing that links are built from (B24). */
  readonly baseUrl: string;
  readonly users: Pick<UsersApi, 'lockActive'>;
  readonly repository: LinksRepository;
  /** Makes tokens: a dump of the database holds nothing that opens anything (B19). */
  readonly key: Buffer;
}
export interface NewLink {
  /** The token is derived from it: a job that runs again mails the same link. */
  readonly id: string;
  /** `feature.verb-noun`: a link of one purpose is worth nothing for another (B27). */
  readonly purpose: string;
  /** Of the page that it opens, such as `/auth/reset`. */
  readonly path: string;
  readonly seconds: number;
  /** Who asked, by `attempts.network`; absent where only the user can ask. */
  readonly network?: string | undefined;
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
  /**
   * What a mail to this user carries; the same id again makes the same. Null, and then there is nothing to mail, where their
   * address changed meanwhile, and where they were sent enough of this purpose in the last hour and have not used it: three that
   * one network asked for, or ten in all (B28). So nobody uses up another's from one network (B38).
   */
  create({ id: userId, email }: User, { id, purpose, path, seconds, data = {}, ...asked }: NewLink): Promise<string | null> {
    const { db, baseUrl, users, repository, key } = this.#deps;
    const network = asked.network ?? null;
    const token = createHmac('sha256', key).update(`${purpose} ${id}`).digest('base64url');
    return db.transaction(async (tx) => {
      // Held, so that jobs that start at once do not all see none; and what was found by its address is still that address's.
      if ((await users.lockActive(tx, userId))?.email !== email) return null;
      if (isEnoughMail(await repository.sentLately(tx, { purpose, userId, except: id, network }))) return null;
      await repository.insert(tx, { id, purpose, userId, seconds, network, data: JSON.stringify(data), tokenHash: hashOf(token) });
      // A fragment is never sent to a server: the token stays out of access logs, proxies and Referer headers.
      return `${baseUrl}${path}#token=${token}`;
    });
  }
  /** Looks, and uses nothing up: before work that costs. @throws InvalidLink */
  async find(on: Runner, purpose: string, token: string): Promise<Link> {
    const found = await this.#deps.repository.find(on, purpose, hashOf(token));
    if (!found) throw new InvalidLink();
    return found;
  }
  /**
   * Of many who use it at once, one gets it (B1), with its user, held. The user is held before the link: whatever ends all links
   * of a user, such as a new password, comes before or after this, and neither waits for the other while it waits.
   * @throws InvalidLink, also when the user is not active
   */
  async take(tx: Tx, purpose: string, token: string): Promise<Link & { readonly user: User }> {
    const { users, repository } = this.#deps;
    const { userId } = await this.find(tx, purpose, token);
    const user = await users.lockActive(tx, userId);
    if (!user) throw new InvalidLink({ reason: 'not active' });
    const taken = await repository.take(tx, purpose, hashOf(token));
    if (!taken) throw new InvalidLink();
    return { ...taken, user };
  }
  /** Whatever this user was sent opens nothing any more. */
  drop(tx: Tx, userId: string): void {
    this.#deps.repository.drop(tx, userId);
  }
}

/** What a user was sent in the last hour, and how much of it the same network asked for. */
export interface SentLately {
  readonly all: number;
  readonly alike: number;
}
export const isEnoughMail = ({ all, alike }: SentLately): boolean => alike >= 3 || all >= 10;

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
