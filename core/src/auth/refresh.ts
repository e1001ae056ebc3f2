import type { Caller, Database, EventLog, Tx } from '@plinth/kit';
import type { AccessApi } from '../access/index.ts';
import { type Delivery, InvalidRefreshToken, refreshReuseDetected } from './contract.ts';
import type { PresentedToken, RefreshTokens } from './refresh-tokens.ts';
import { type IssuedSession, type OpenedSession, type Sessions } from './sessions.ts';
import type { Family, RefreshRepository } from './refresh.repository.ts';

interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly access: AccessApi;
  readonly repository: RefreshRepository;
  readonly sessions: Sessions;
  readonly refreshTokens: RefreshTokens;
  readonly refreshSeconds: number;
}
/** Refresh tokens as they arrive: which one, and how. */
export interface Redemption {
  readonly token: string | undefined;
  readonly delivery: Delivery;
}
type Outcome = OpenedSession | 'refused' | 'stolen';

/**
 * Rotation of refresh tokens (RFC 9700 §4.14.2). A family has one counter; the token that bears it is the active one.
 * Redeeming it is one compare-and-set, so many who try at once make one descendant (B2). Others find out that they came late:
 * the parent of the active token, and whatever was rotated in the last ten seconds, get the current pair again, because a
 * lost reply or a second tab is no theft (B3). Anything older is: the session ends (B4).
 */
export class Refresh {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws InvalidRefreshToken, whatever is wrong with it. */
  async redeem(caller: Caller, { token, delivery }: Redemption): Promise<IssuedSession> {
    const presented = token === undefined ? undefined : this.#deps.refreshTokens.read(token);
    if (!presented) throw new InvalidRefreshToken({ reason: 'malformed' });
    const outcome = await this.#deps.db.transaction((tx) => this.#redeem(caller, tx, presented, delivery));
    // Thrown after the commit: what ended the session must stay.
    if (typeof outcome === 'string') throw new InvalidRefreshToken({ reason: outcome });
    return this.#deps.sessions.issue(outcome);
  }

  /** Ends the session of the caller, or else that of the refresh token: one with an expired access token may sign out too. */
  async signOut(caller: Caller, tx: Tx, { token, delivery }: Redemption): Promise<void> {
    const { userId, sessionId } = caller;
    if (userId !== null && sessionId !== null) return this.#deps.sessions.signOut(caller, tx, userId, sessionId);
    const presented = token === undefined ? undefined : this.#deps.refreshTokens.read(token);
    const family = presented && (await this.#family(tx, presented, delivery));
    if (family) await this.#deps.sessions.signOut(caller, tx, family.userId, presented.sessionId);
  }

  /** Ends the session of a refresh token, however it was handed out; whoever holds it may (RFC 7009). */
  async end(caller: Caller, tx: Tx, token: string): Promise<void> {
    const presented = this.#deps.refreshTokens.read(token);
    const family = presented && (await this.#deps.repository.family(tx, presented.sessionId, presented.counter));
    if (family && this.#deps.refreshTokens.proves(presented, family.familySecret))
      await this.#deps.sessions.signOut(caller, tx, family.userId, presented.sessionId);
  }

  async #redeem(caller: Caller, tx: Tx, presented: PresentedToken, delivery: Delivery): Promise<Outcome> {
    const family = await this.#family(tx, presented, delivery);
    if (!family?.live) return 'refused';
    const { sessionId, counter } = presented;
    if (family.counter === counter) {
      const { address, userAgent } = caller.origin;
      const rotated = await this.#deps.repository.rotate(tx, {
        id: sessionId,
        counter,
        idleSeconds: this.#deps.refreshSeconds,
        address,
        userAgent: userAgent?.slice(0, 500) ?? null,
      });
      if (rotated) return this.#current(tx, sessionId, { ...family, ...rotated });
    }
    // Late, perhaps only since a moment ago: what stands there now decides.
    const current = await this.#deps.repository.family(tx, sessionId, counter);
    if (!current?.live || counter >= current.counter) return 'refused';
    if (counter === current.counter - 1 || current.justRotated) return this.#current(tx, sessionId, current);
    if (await this.#deps.sessions.endStolen(tx, current.userId, sessionId)) {
      const { userId } = current;
      await this.#deps.log.publish(tx, caller, refreshReuseDetected, { userId, sessionId }, { outcome: 'refused', about: userId });
    }
    return 'stolen';
  }

  /** Only for a token that this server made; and only the way it was handed out, which does not use it up (B7). */
  async #family(tx: Tx, presented: PresentedToken, delivery: Delivery): Promise<Family | undefined> {
    const family = await this.#deps.repository.family(tx, presented.sessionId, presented.counter);
    return family && this.#deps.refreshTokens.proves(presented, family.familySecret) && family.delivery === delivery ? family : undefined;
  }
  async #current(tx: Tx, sessionId: string, family: Family): Promise<OpenedSession> {
    const { userId, delivery, factors, impersonatorId, provedAt, familySecret, counter, now, remaining } = family;
    const roles = await this.#deps.access.rolesOf(tx, userId);
    return {
      userId,
      sessionId,
      delivery: delivery as Delivery,
      roles,
      factors,
      impersonatorId,
      provedAt,
      refreshToken: this.#deps.refreshTokens.make(sessionId, familySecret, counter),
      now,
      remaining,
    };
  }
}
