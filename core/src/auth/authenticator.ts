import { type Clock, type Credentials, type Database, nobody, type Principal, type Standing } from '@plinth/kit';
import type { UsersApi } from '../users/index.ts';
import type { LastUses } from './last-uses.ts';
import { type Found, Proofs } from './proofs.ts';
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
interface Token extends Found {
  readonly claims: Claims;
}

/** Who holds an access token. Its signature costs ~100 µs to verify and its session a query to look up: both once per token and node. */
export class Authenticator {
  readonly #deps: Deps;
  readonly #tokens: Proofs<Token>;
  constructor(deps: Deps) {
    this.#deps = deps;
    this.#tokens = new Proofs(deps);
  }

  authenticate({ from, token }: Credentials): Principal | null | Promise<Principal | null> {
    const { clock, keys, tokens, lastUses } = this.#deps;
    if (from === 'key') return keys.ask(token);
    const known = this.#tokens.recall(token);
    const now = clock.monotonic();
    if (known !== undefined && tokens.stands(known.claims) && this.#tokens.holds(known, now)) {
      lastUses.note(known.claims.sessionId, now);
      return this.#unlessOutOfReach(known.principal);
    }
    return this.#ask(token, known);
  }

  /** A key says nothing of its end here: whoever watches one asks again now and then. */
  readonly standing: Standing = {
    until: ({ from, token }) => (from === 'key' ? undefined : this.#tokens.recall(token)?.until),
    endedSince: (principal, since) => {
      const { clock, revocations } = this.#deps;
      const { user, session, key, impersonator } = principal;
      if (impersonator !== null || !revocations.trusted(clock.monotonic())) return true;
      return revocations.endedSince((session ?? key)!.id, since) || revocations.endedSince(user!.id, since);
    },
  };

  /** An impersonator is asked about at each request: they may do less by now, or the user more (B90). */
  #unlessOutOfReach(principal: Principal): Principal | Promise<Principal | null> {
    if (principal.impersonator === null) return principal;
    return this.#deps.impersonation.ask(principal.impersonator.id, principal.user!.id).then((may) => (may ? principal : null));
  }
  async #ask(token: string, known: Token | undefined): Promise<Principal | null> {
    const { clock, tokens, lastUses } = this.#deps;
    const found = await this.#tokens.ask(token, async (asked) => {
      const claims = known && tokens.stands(known.claims) ? known.claims : await tokens.verify(token);
      return claims && this.#lookUp(claims, known?.principal, asked);
    });
    if (found === null) return null;
    lastUses.note(found.claims.sessionId, clock.monotonic());
    return this.#unlessOutOfReach(found.principal);
  }
  async #lookUp(claims: Claims, before: Principal | undefined, asked: number): Promise<Token | null> {
    const { db, users, sessions } = this.#deps;
    // When memory is not trusted everybody is asked for at once: the lane takes them together.
    const [session, user] = await Promise.all([sessions.state(db.lane, claims.sessionId), users.find(db.lane, claims.userId)]);
    if (session?.userId !== claims.userId || session.impersonatorId !== claims.impersonatorId) return null;
    if (user?.status !== 'active') return null;
    const remaining = Math.min(claims.expires - session.now, session.remaining);
    if (remaining <= 0 || claims.notBefore > session.now + 1) return null;
    const principal = before?.session?.provedAt === session.provedAt ? before : principalOf(claims, session);
    return { principal, claims, until: asked + remaining * 1000 };
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
