import { Caller, type Database, type EventLog, nobody, type SignedIn, type Tx, uuidv7 } from '@plinth/kit';
import { randomBytes } from 'node:crypto';
import type { AccessApi } from '../access/index.ts';
import type { UsersApi } from '../users/index.ts';
import {
  type Delivery,
  InvalidCredentials,
  passwordChanged,
  type Session,
  SessionNotFound,
  sessionRevoked,
  signedIn,
  signedOut,
  type SignedInReply,
} from './contract.ts';
import type { RefreshTokens } from './refresh-tokens.ts';
import type { Revocations } from './revocations.ts';
import type { Moment, SessionsRepository } from './sessions.repository.ts';
import type { AccessTokens } from './tokens.ts';

/** However often it is refreshed, a session ends after this long (B16). */
export const ABSOLUTE_SECONDS = 90 * 86_400;

interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly users: UsersApi;
  readonly access: AccessApi;
  readonly sessions: SessionsRepository;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: RefreshTokens;
  readonly revocations: Revocations;
  /** Life of an access token, and of a refresh token that nobody uses, in seconds. */
  readonly accessSeconds: number;
  readonly refreshSeconds: number;
}
export interface Proof {
  readonly userId: string;
  /** What was proved in this sign-in: `password`, later `totp`, `passkey`. */
  readonly factors: readonly string[];
  readonly delivery: Delivery;
}
/** A session that stands in a transaction still open; its tokens are made once that has committed. */
export interface OpenedSession extends Moment {
  readonly userId: string;
  readonly sessionId: string;
  readonly delivery: Delivery;
  readonly roles: readonly string[];
  readonly refreshToken: string;
}
/** Both tokens, and how they reach the client. */
export interface IssuedSession extends SignedInReply {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds until the refresh token is dead unless used. */
  readonly refreshExpiresIn: number;
}

/** Sessions: the only place that opens one, so no factor can forget what opening needs. */
export class Sessions {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Opens a session for someone whose factors were proved. @throws InvalidCredentials when the user is not active. */
  async open(caller: Caller, tx: Tx, proof: Proof): Promise<OpenedSession> {
    const opened = await this.#insert(caller, tx, proof);
    const { userId, sessionId } = opened;
    await this.#deps.log.publish(tx, acting(caller, opened), signedIn, { userId, sessionId, factors: [...proof.factors] });
    return opened;
  }

  /** Ends every session of a user whose password changed; the one that changed it goes on under a new id (B9, B18). */
  async renew(caller: Caller, tx: Tx, proof: Proof): Promise<OpenedSession> {
    await this.endAll(tx, proof.userId, 'password-changed');
    const opened = await this.#insert(caller, tx, proof);
    await this.#deps.log.publish(tx, caller, passwordChanged, { userId: proof.userId });
    return opened;
  }

  /** Signs the access token of an opened or refreshed session. */
  async issue({ userId, sessionId, delivery, roles, refreshToken, now, remaining }: OpenedSession): Promise<IssuedSession> {
    const expiresIn = Math.max(1, Math.floor(Math.min(this.#deps.accessSeconds, remaining)));
    const accessToken = await this.#deps.accessTokens.sign({ userId, sessionId, roles }, now, expiresIn);
    return {
      userId,
      sessionId,
      delivery,
      tokenType: 'Bearer',
      accessToken,
      refreshToken,
      expiresIn,
      refreshExpiresIn: Math.floor(remaining),
    };
  }

  async list(caller: SignedIn): Promise<Session[]> {
    const rows = await this.#deps.sessions.list(this.#deps.db, caller.userId);
    return rows.map((row) => Object.assign(row, { delivery: row.delivery as Delivery, current: row.id === caller.sessionId }));
  }

  /** @throws SessionNotFound also when the session is someone else's (B12). */
  async end(caller: SignedIn, tx: Tx, sessionId: string): Promise<void> {
    if (!(await this.#end(tx, sessionId, caller.userId, 'revoked'))) throw new SessionNotFound({ sessionId });
    await this.#deps.log.publish(tx, caller, sessionRevoked, { userId: caller.userId, sessionId });
  }

  async endOthers(caller: SignedIn, tx: Tx): Promise<{ ended: number }> {
    const ended = await this.#deps.sessions.endAll(tx, caller.userId, 'revoked', caller.sessionId);
    this.#learn(tx, ended);
    for (const sessionId of ended) await this.#deps.log.publish(tx, caller, sessionRevoked, { userId: caller.userId, sessionId });
    return { ended: ended.length };
  }

  /** Nothing happens when it ended before: signing out twice is no error. */
  async signOut(caller: Caller, tx: Tx, userId: string, sessionId: string): Promise<void> {
    if (!(await this.#end(tx, sessionId, userId, 'signed-out'))) return;
    await this.#deps.log.publish(tx, caller.userId === null ? acting(caller, { userId, sessionId, now: 0 }) : caller, signedOut, {
      userId,
      sessionId,
    });
  }

  /** Ends all sessions of a user, with the transaction that has the cause. */
  async endAll(tx: Tx, userId: string, because: string): Promise<void> {
    await this.#deps.sessions.endAll(tx, userId, because);
    this.#learn(tx, [userId]);
  }

  /** Ends one because its refresh token was stolen. */
  async endStolen(tx: Tx, userId: string, sessionId: string): Promise<boolean> {
    return this.#end(tx, sessionId, userId, 'refresh-reuse');
  }

  async #insert(caller: Caller, tx: Tx, { userId, factors, delivery }: Proof): Promise<OpenedSession> {
    const sessionId = uuidv7();
    const familySecret = randomBytes(32);
    const { address, userAgent } = caller.origin;
    const { users, sessions, access, refreshSeconds } = this.#deps;
    const [active, moment, roles] = await Promise.all([
      // Held, not only read: a suspension at the same moment waits for this session and then ends it.
      users.holdActive(tx, userId),
      sessions.insert(tx, {
        id: sessionId,
        userId,
        factors,
        delivery,
        address,
        userAgent: userAgent?.slice(0, 500) ?? null,
        familySecret,
        idleSeconds: refreshSeconds,
        absoluteSeconds: ABSOLUTE_SECONDS,
      }),
      access.rolesOf(tx, userId),
    ]);
    if (!active) throw new InvalidCredentials({ reason: 'not-active' });
    return { ...moment, userId, sessionId, delivery, roles, refreshToken: this.#deps.refreshTokens.make(sessionId, familySecret, 0) };
  }
  async #end(tx: Tx, sessionId: string, userId: string, because: string): Promise<boolean> {
    const ended = await this.#deps.sessions.end(tx, sessionId, userId, because);
    if (ended) this.#learn(tx, [sessionId]);
    return ended;
  }
  #learn(tx: Tx, ids: readonly string[]): void {
    tx.onCommit(() => ids.forEach((id) => this.#deps.revocations.learn(id)));
  }
}

/** The caller as whom they have just proved to be: facts of a sign-in name the user, not nobody. */
export const acting = (
  caller: Caller,
  { userId, sessionId, now }: { readonly userId: string; readonly sessionId: string; readonly now: number },
): Caller =>
  new Caller(
    { ...nobody, user: { id: userId }, session: { id: sessionId, provedAt: Math.floor(now) } },
    caller.origin,
    null,
    caller.decisionId,
  );
