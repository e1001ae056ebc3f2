import { type Clock, type Credentials, type Database, nobody, type Principal } from '@plinth/kit';
import { LRUCache } from 'lru-cache';
import type { UsersApi } from '../users/index.ts';
import type { LastUses } from './last-uses.ts';
import type { Revocations } from './revocations.ts';
import type { SessionsRepository } from './sessions.repository.ts';
import type { AccessTokens, Claims } from './tokens.ts';

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly users: UsersApi;
  readonly sessions: SessionsRepository;
  readonly tokens: AccessTokens;
  readonly revocations: Revocations;
  readonly keys: KeyVerification;
  readonly impersonation: ImpersonationCheck;
  readonly lastUses: LastUses;
}
/** A question that some other feature answers: `otherwise` is said until one does. */
export class Question<Asked extends readonly unknown[], Answer> {
  readonly #what: string;
  readonly #otherwise: Answer;
  #answer: ((...asked: Asked) => Answer) | undefined;
  constructor(what: string, otherwise: Answer) {
    this.#what = what;
    this.#otherwise = otherwise;
  }
  answerWith(answer: (...asked: Asked) => Answer): void {
    if (this.#answer) throw new Error(`two features say ${this.#what}`);
    this.#answer = answer;
  }
  ask(...asked: Asked): Answer {
    return this.#answer ? this.#answer(...asked) : this.#otherwise;
  }
}
/** Who holds an API key. */
export type KeyVerification = Question<[key: string], Principal | null | Promise<Principal | null>>;
/** Whether someone may, now, act as someone else. */
export type ImpersonationCheck = Question<[impersonatorId: string, userId: string], Promise<boolean>>;
interface Known {
  readonly principal: Principal;
  readonly claims: Claims;
  /** Monotonic milliseconds: when what we know was asked for, and until when it holds. */
  readonly asked: number;
  readonly until: number;
}
const REMEMBERED = 20_000;

/**
 * Who holds a token. A signature costs ~100 µs to verify and a session a query to look up, so both are done once per token
 * and node; after that the answer is one look into a map, keyed by the whole token (B74), for as long as the token lives by
 * the database's clock, its session has not ended, and this node hears of ends.
 */
export class Authenticator {
  readonly #deps: Deps;
  readonly #known = new LRUCache<string, Known>({ max: REMEMBERED });
  readonly #asking = new Map<string, Promise<Principal | null>>();
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  authenticate({ from, token }: Credentials): Principal | null | Promise<Principal | null> {
    if (from === 'key') return this.#deps.keys.ask(token);
    const known = this.#known.get(token);
    const now = this.#deps.clock.monotonic();
    if (known !== undefined && this.#holds(known, now)) {
      this.#deps.lastUses.note(known.claims.sessionId, now);
      return this.#unlessOutOfReach(known.principal);
    }
    let asking = this.#asking.get(token);
    if (asking === undefined) {
      asking = this.#ask(token, known)
        .then((found) => this.#unlessOutOfReach(found))
        .finally(() => this.#asking.delete(token));
      this.#asking.set(token, asking);
    }
    return asking;
  }

  /** An impersonator is asked about at each request: they may do less by now, or the user more (B90). */
  #unlessOutOfReach(principal: Principal | null): Principal | null | Promise<Principal | null> {
    if (principal === null || principal.impersonator === null) return principal;
    return this.#deps.impersonation.ask(principal.impersonator.id, principal.user!.id).then((may) => (may ? principal : null));
  }
  #holds({ asked, until, claims }: Known, now: number): boolean {
    const { revocations, tokens } = this.#deps;
    return (
      now < until &&
      tokens.stands(claims) &&
      revocations.trusted(now) &&
      !revocations.endedSince(claims.sessionId, asked) &&
      !revocations.endedSince(claims.userId, asked)
    );
  }

  async #ask(token: string, known: Known | undefined): Promise<Principal | null> {
    const { tokens } = this.#deps;
    const claims = known && tokens.stands(known.claims) ? known.claims : await tokens.verify(token);
    const found = claims && (await this.#lookUp(claims, known?.principal));
    if (found) {
      this.#known.set(token, found);
      this.#deps.lastUses.note(found.claims.sessionId, found.asked);
    } else this.#known.delete(token);
    return found?.principal ?? null;
  }

  /** Asks the database; again when an end was heard of meanwhile, since the answer may be from before it. */
  async #lookUp(claims: Claims, before: Principal | undefined): Promise<Known | null> {
    const { db, clock, users, sessions, revocations } = this.#deps;
    for (;;) {
      const asked = clock.monotonic();
      // When memory is not trusted everybody is asked for at once: the lane takes them together.
      const [session, user] = await Promise.all([sessions.state(db.lane, claims.sessionId), users.find(db.lane, claims.userId)]);
      if (session?.userId !== claims.userId || session.impersonatorId !== claims.impersonatorId) return null;
      if (user?.status !== 'active') return null;
      if (revocations.endedSince(claims.sessionId, asked) || revocations.endedSince(claims.userId, asked)) continue;
      const remaining = Math.min(claims.expires - session.now, session.remaining);
      if (remaining <= 0 || claims.notBefore > session.now + 1) return null;
      const principal = before?.session?.provedAt === session.provedAt ? before : principalOf(claims, session);
      return { principal, claims, asked, until: asked + remaining * 1000 };
    }
  }
}

const principalOf = (
  { userId, sessionId }: Claims,
  { provedAt, impersonatorId }: { readonly provedAt: number; readonly impersonatorId: string | null },
): Principal =>
  Object.freeze({
    ...nobody,
    user: Object.freeze({ id: userId }),
    session: Object.freeze({ id: sessionId, provedAt }),
    impersonator: impersonatorId === null ? null : Object.freeze({ id: impersonatorId }),
  });
