import { Caller, type EventLog, nobody, type SignedIn, type Tx, uuidv7 } from '@plinth/kit';
import { randomBytes } from 'node:crypto';
import type { AccessApi } from '../access/index.ts';
import type { UsersApi } from '../users/index.ts';
import {
  type Delivery,
  InvalidCredentials,
  passwordChanged,
  SessionNotFound,
  sessionRevoked,
  signedIn,
  signedOut,
  type SignedInReply,
  steppedUp,
} from './contract.ts';
import type { RefreshTokens } from './refresh-tokens.ts';
import type { Revocations } from './revocations.ts';
import type { GateRepository } from './gate.repository.ts';
import type { Moment, SessionsRepository, Standing } from './sessions.repository.ts';
import type { AccessTokens } from './tokens.ts';

interface Deps {
  readonly log: EventLog;
  readonly users: UsersApi;
  readonly access: AccessApi;
  readonly sessions: SessionsRepository;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: RefreshTokens;
  readonly revocations: Revocations;
  readonly gate: GateRepository;
  /** Life of an access token, of a session that is not refreshed, and of any session (B16). */
  readonly accessSeconds: number;
  readonly refreshSeconds: number;
  readonly absoluteSeconds: number;
}
/** A session to be opened: what was proved, and in whose place it stands. */
export interface Opening {
  readonly userId: string;
  /** What was proved in this sign-in: `password`, `totp`, `passkey`. */
  readonly factors: readonly string[];
  readonly delivery: Delivery;
  /** Ends with this one's beginning; its factors and delivery go over. */
  readonly replaces: string | null;
  /** The second factor is among the factors, or needs not be. */
  readonly passed: boolean;
}
/** What sets a session apart from one that a fresh proof opens. */
interface Apart {
  readonly impersonatorId?: string;
  readonly reason?: string;
  /** Until its absolute end: one that follows another ends when that one would have (B16). */
  readonly seconds?: number;
  readonly provedAt?: number;
}
/** A session that stands in a transaction still open; its tokens are made once that has committed. */
export interface OpenedSession extends Moment {
  readonly userId: string;
  readonly sessionId: string;
  readonly delivery: Delivery;
  readonly roles: readonly string[];
  readonly factors: readonly string[];
  readonly impersonatorId: string | null;
  /** Unix seconds of the last proof. */
  readonly provedAt: number;
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

  /**
   * Opens a session for someone whose factors were proved; for the gate only. Undefined when a second factor is enrolled and
   * was not proved.
   * @throws InvalidCredentials when the user is not active, or the session to replace has ended
   */
  async open(caller: Caller, tx: Tx, opening: Opening): Promise<OpenedSession | undefined> {
    const { log } = this.#deps;
    const { userId, replaces } = opening;
    const before = replaces === null ? null : await this.#hold(tx, replaces, userId);
    const opened =
      before === null
        ? await this.#insert(caller, tx, opening)
        : await this.#insert(caller, tx, succeeding(opening, before), { seconds: before.absoluteSeconds });
    if (opened === undefined) return undefined;
    const { sessionId } = opened;
    const factors = [...opened.factors];
    if (replaces === null) await log.publish(tx, acting(caller, opened), signedIn, { userId, sessionId, factors });
    else {
      await this.#end(tx, replaces, userId, 'renewed');
      await log.publish(tx, caller, steppedUp, { userId, sessionId, factors, replaced: replaces });
    }
    return opened;
  }

  /**
   * The one exception to the gate: a session of someone else's, for whoever may act as them and says why (B90). Nothing was
   * proved in it, so it is never fresh; it ends when it was to, whatever it does, and with any session of whoever acts.
   * @throws InvalidCredentials when the caller's own session has ended
   */
  async openAs(
    caller: SignedIn,
    tx: Tx,
    { userId, reason, seconds }: { readonly userId: string; readonly reason: string; readonly seconds: number },
  ): Promise<OpenedSession> {
    const impersonatorId = caller.userId;
    // Held: whatever ends it, or all of theirs, at this moment, comes before this one and refuses it, or after, and ends it too.
    await this.#hold(tx, caller.sessionId!, impersonatorId);
    const opening = { userId, factors: ['impersonation'], delivery: 'body', replaces: null, passed: true } as const;
    return (await this.#insert(caller, tx, opening, { impersonatorId, reason, seconds }))!;
  }
  /** Ends the sessions of others that this user acts in. */
  async endAllOpenedBy(tx: Tx, impersonatorId: string): Promise<void> {
    this.#learn(tx, await this.#deps.sessions.endOpenedBy(tx, impersonatorId));
  }
  /** Ends one of this user's. */
  async endSession(tx: Tx, userId: string, sessionId: string, because: string): Promise<boolean> {
    return (await this.#end(tx, sessionId, userId, because)) !== undefined;
  }
  /** Whether this user is active and their own session lives; both then do until the transaction ends. */
  async holdSession(tx: Tx, userId: string, sessionId: string): Promise<boolean> {
    return (await this.#standing(tx, userId, sessionId)) !== undefined;
  }

  /** Ends every session of a user whose password changed; the one that changed it goes on under a new id (B9, B18). */
  async renew(caller: Caller, tx: Tx, userId: string, sessionId: string): Promise<OpenedSession> {
    const before = await this.#hold(tx, sessionId, userId);
    await this.endAll(tx, userId, 'password-changed');
    const opening = succeeding({ userId, factors: ['password'], delivery: 'body', replaces: sessionId, passed: true }, before);
    // Not fresher than it was: a password alone is half a proof for someone with a second factor (B41).
    const opened = await this.#insert(caller, tx, opening, { provedAt: before.provedAt, seconds: before.absoluteSeconds });
    await this.#deps.log.publish(tx, caller, passwordChanged, { userId });
    return opened!;
  }

  /** Signs the access token of an opened or refreshed session. */
  issue({ userId, sessionId, delivery, refreshToken, now, remaining, ...opened }: OpenedSession): IssuedSession {
    const expiresIn = Math.max(1, Math.floor(Math.min(this.#deps.accessSeconds, remaining)));
    const accessToken = this.#deps.accessTokens.sign({ userId, sessionId, ...opened }, now, expiresIn);
    return {
      status: 'signed-in',
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

  /** @throws SessionNotFound also when the session is someone else's (B12). */
  async end(caller: SignedIn, tx: Tx, sessionId: string): Promise<void> {
    if (!(await this.endSession(tx, caller.userId, sessionId, 'revoked'))) throw new SessionNotFound({ sessionId });
    await this.#deps.log.publish(tx, caller, sessionRevoked, { userId: caller.userId, sessionId });
  }

  async endOthers(caller: SignedIn, tx: Tx): Promise<{ ended: number }> {
    const ended = await this.#deps.sessions.endAll(tx, caller.userId, 'revoked', caller.sessionId);
    this.#learn(tx, ended);
    await this.endAllOpenedBy(tx, caller.userId);
    for (const sessionId of ended) await this.#deps.log.publish(tx, caller, sessionRevoked, { userId: caller.userId, sessionId });
    return { ended: ended.length };
  }

  /** Nothing happens when it ended before: signing out twice is no error. */
  async signOut(caller: Caller, tx: Tx, userId: string, sessionId: string): Promise<void> {
    const ended = await this.#end(tx, sessionId, userId, 'signed-out');
    if (!ended) return;
    const who = caller.userId === null ? acting(caller, { userId, sessionId, now: 0, ...ended }) : caller;
    await this.#deps.log.publish(tx, who, signedOut, { userId, sessionId });
  }

  /** Ends all sessions of a user, with the transaction that has the cause. */
  async endAll(tx: Tx, userId: string, because: string): Promise<void> {
    await this.#deps.sessions.endAll(tx, userId, because);
    this.#deps.gate.deleteChallenges(tx, userId);
    await this.endAllOpenedBy(tx, userId);
    this.#learn(tx, [userId]);
  }
  /** @param keep goes on. */
  async endAllBut(tx: Tx, userId: string, keep: string | null, because: string): Promise<void> {
    this.#learn(tx, await this.#deps.sessions.endAll(tx, userId, because, keep));
  }
  /** Live sessions of the user no longer count as having proved this factor (B42). */
  lower(tx: Tx, userId: string, factor: string): Promise<void> {
    return this.#deps.sessions.lower(tx, userId, factor);
  }

  /** Ends one because its refresh token was stolen. */
  endStolen(tx: Tx, userId: string, sessionId: string): Promise<boolean> {
    return this.endSession(tx, userId, sessionId, 'refresh-reuse');
  }

  /**
   * Someone's own session, while it lives. The user is held first, here and wherever something of theirs is changed: two that
   * wait for each other are both late, and whoever is to be suspended could begin it on purpose.
   * @throws InvalidCredentials
   */
  async #hold(tx: Tx, sessionId: string, userId: string): Promise<Standing> {
    const standing = await this.#standing(tx, userId, sessionId);
    if (!standing) throw new InvalidCredentials({ reason: 'session-ended' });
    return standing;
  }
  async #standing(tx: Tx, userId: string, sessionId: string): Promise<Standing | undefined> {
    const { users, sessions } = this.#deps;
    const [active, standing] = await Promise.all([users.holdActive(tx, userId), sessions.hold(tx, sessionId, userId)]);
    return active ? standing : undefined;
  }
  async #insert(
    caller: Caller,
    tx: Tx,
    { userId, factors, delivery, passed }: Opening,
    as: Apart = {},
  ): Promise<OpenedSession | undefined> {
    const sessionId = uuidv7();
    const familySecret = randomBytes(32);
    const { address, userAgent } = caller.origin;
    const { users, sessions, access, refreshSeconds, absoluteSeconds } = this.#deps;
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
        absoluteSeconds: as.seconds ?? absoluteSeconds,
        impersonatorId: as.impersonatorId ?? null,
        impersonationReason: as.reason ?? null,
        provedAt: as.provedAt ?? null,
        passed,
      }),
      access.rolesOf(tx, userId),
    ]);
    if (active?.kind !== 'person') throw new InvalidCredentials({ reason: active ? 'service-account' : 'not-active' });
    if (!moment) return undefined;
    const refreshToken = this.#deps.refreshTokens.make(sessionId, familySecret, 0);
    return {
      ...moment,
      userId,
      sessionId,
      delivery,
      roles,
      factors,
      impersonatorId: as.impersonatorId ?? null,
      provedAt: Math.floor(moment.now),
      refreshToken,
    };
  }
  async #end(tx: Tx, sessionId: string, userId: string, because: string): Promise<{ impersonatorId: string | null } | undefined> {
    const ended = await this.#deps.sessions.end(tx, sessionId, userId, because);
    if (ended) this.#learn(tx, [sessionId]);
    // Whoever ends a session does not trust it, or is done: what was begun in it to act as others ends too.
    if (ended?.impersonatorId === null && because !== 'renewed') await this.endAllOpenedBy(tx, userId);
    return ended;
  }
  #learn(tx: Tx, ids: readonly string[]): void {
    tx.onCommit(() => ids.forEach((id) => this.#deps.revocations.learn(id)));
  }
}

/** The successor of a session: what that one had proved still counts, and it is handed out the same way. */
const succeeding = (opening: Opening, before: Standing): Opening => ({
  ...opening,
  factors: [...new Set([...before.factors, ...opening.factors])],
  delivery: before.delivery,
});

/** The caller as whom they have just proved to be: facts of a sign-in name the user, not nobody. */
export const acting = (
  caller: Caller,
  {
    userId,
    sessionId,
    now,
    impersonatorId,
  }: { readonly userId: string; readonly sessionId: string; readonly now: number; readonly impersonatorId: string | null },
): Caller =>
  new Caller(
    {
      ...nobody,
      user: { id: userId },
      session: { id: sessionId, provedAt: Math.floor(now) },
      impersonator: impersonatorId === null ? null : { id: impersonatorId },
    },
    caller.origin,
    null,
    caller.decisionId,
  );
