import type { Caller, Database, EventLog, Runner, Tx } from '@plinth/kit';
import { LRUCache } from 'lru-cache';
import type { AccessApi } from '../access/index.ts';
import type { ImpersonationCheck } from './authenticator.ts';
import { type Delivery, InvalidRefreshToken, refreshReuseDetected } from './contract.ts';
import type { PresentedToken, RefreshTokens } from './refresh-tokens.ts';
import { Rotations } from './rotations.ts';
import type { IssuedSession, Sessions } from './sessions.ts';
import type { Family, RefreshRepository, Standing } from './refresh.repository.ts';

interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly access: AccessApi;
  readonly repository: RefreshRepository;
  readonly sessions: Sessions;
  readonly refreshTokens: RefreshTokens;
  readonly impersonation: ImpersonationCheck;
  readonly refreshSeconds: number;
}
/** Refresh tokens as they arrive: which one, and how. */
export interface Redemption {
  readonly token: string | undefined;
  readonly delivery: Delivery;
}
/** Sessions whose secret is remembered; asking for one costs a read that travels with others'. */
const REMEMBERED = 20_000;

/**
 * Rotation of refresh tokens (RFC 9700 §4.14.2). A family has one counter; the token that bears it is the active one.
 * Redeeming it is one compare-and-set, so many who try at once make one descendant (B2). Others find out that they came late:
 * the parent of the active token, and whatever was rotated in the last ten seconds, get the current pair again, because a
 * lost reply or a second tab is no theft (B3). Anything older is: the session ends (B4).
 */
export class Refresh {
  readonly #deps: Deps;
  /** What of a session never changes, so that its token can be proved without asking. Whether it lives is not among it. */
  readonly #families = new LRUCache<string, Family>({ max: REMEMBERED });
  readonly #rotations: Rotations;
  constructor(deps: Deps) {
    this.#deps = deps;
    this.#rotations = new Rotations(deps.db, deps.repository);
  }

  /**
   * Nothing is written for a token that is not ours. One that is costs one round trip: the compare-and-set, a transaction by itself.
   * @throws InvalidRefreshToken, whatever is wrong with it.
   */
  async redeem(caller: Caller, { token, delivery }: Redemption): Promise<IssuedSession> {
    const { db, repository, access, impersonation } = this.#deps;
    const presented = token === undefined ? undefined : this.#deps.refreshTokens.read(token);
    if (!presented) throw new InvalidRefreshToken({ reason: 'malformed' });
    const { sessionId, counter } = presented;
    const family = await this.#proved(db.lane, presented, delivery);
    if (!family) throw new InvalidRefreshToken({ reason: 'refused' });
    if (family.impersonatorId !== null && !(await impersonation.ask(family.impersonatorId, family.userId)))
      throw new InvalidRefreshToken({ reason: 'out-of-reach' });
    const { address, userAgent } = caller.origin;
    const rotated = await this.#rotations.rotate({
      id: sessionId,
      counter,
      idleSeconds: this.#deps.refreshSeconds,
      address,
      userAgent: userAgent?.slice(0, 500) ?? null,
    });
    const roles = (): Promise<readonly string[]> => access.rolesNow(family.userId);
    if (rotated) return this.#issue(sessionId, family, rotated, await roles());
    // Late, perhaps only since a moment ago: what stands there now decides. It only ever moves on, so it needs not be held.
    const current = await repository.standing(db.lane, sessionId, counter);
    if (!current?.live || counter >= current.counter) throw new InvalidRefreshToken({ reason: 'refused' });
    if (counter === current.counter - 1 || current.justRotated) return this.#issue(sessionId, family, current, await roles());
    await db.transaction((tx) => this.#endStolen(caller, tx, sessionId, family.userId));
    throw new InvalidRefreshToken({ reason: 'stolen' });
  }

  /** Ends the session of the caller, or else that of the refresh token: one with an expired access token may sign out too. */
  async signOut(caller: Caller, tx: Tx, { token, delivery }: Redemption): Promise<void> {
    const { userId, sessionId } = caller;
    if (userId !== null && sessionId !== null) return this.#deps.sessions.signOut(caller, tx, userId, sessionId);
    const presented = token === undefined ? undefined : this.#deps.refreshTokens.read(token);
    const family = presented && (await this.#proved(tx, presented, delivery));
    if (family) await this.#deps.sessions.signOut(caller, tx, family.userId, presented.sessionId);
  }

  /** Ends the session of a refresh token, however it was handed out; whoever holds it may (RFC 7009). */
  async end(caller: Caller, tx: Tx, token: string): Promise<void> {
    const presented = this.#deps.refreshTokens.read(token);
    const family = presented && (await this.#proved(tx, presented, null));
    if (family) await this.#deps.sessions.signOut(caller, tx, family.userId, presented.sessionId);
  }

  async #endStolen(caller: Caller, tx: Tx, sessionId: string, userId: string): Promise<void> {
    if (await this.#deps.sessions.endStolen(tx, userId, sessionId))
      await this.#deps.log.publish(tx, caller, refreshReuseDetected, { userId, sessionId }, { outcome: 'refused', about: userId });
  }
  /**
   * Only for a token that this server made; and only the way it was handed out, which does not use it up (B7).
   * @param delivery null: either way.
   */
  async #proved(on: Runner, presented: PresentedToken, delivery: Delivery | null): Promise<Family | undefined> {
    const { sessionId } = presented;
    const known = this.#families.get(sessionId);
    const family = known ?? (await this.#deps.repository.family(on, sessionId));
    if (!family || !this.#deps.refreshTokens.proves(presented, family.familySecret)) return undefined;
    if (known === undefined) this.#families.set(sessionId, family);
    return delivery === null || family.delivery === delivery ? family : undefined;
  }
  #issue(sessionId: string, family: Family, { counter, ...standing }: Standing, roles: readonly string[]): IssuedSession {
    const { userId, delivery, impersonatorId, familySecret } = family;
    const refreshToken = this.#deps.refreshTokens.make(sessionId, familySecret, counter);
    return this.#deps.sessions.issue({ ...standing, userId, sessionId, delivery, impersonatorId, roles, refreshToken });
  }
}
