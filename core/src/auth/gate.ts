import { type Caller, type Config, type EventLog, type Runner, type Tx, uuidv7 } from '@plinth/kit';
import { createHash, randomBytes } from 'node:crypto';
import type { AccessApi } from '../access/index.ts';
import type { UsersApi } from '../users/index.ts';
import { type ChallengeReply, factorAdded, factorRemoved, InvalidChallenge, InvalidCredentials, LastWayIn } from './contract.ts';
import type { Delivery } from './fields.ts';
import type { Factor, FactorKind, GateRepository, PendingChallenge } from './gate.repository.ts';
import type { OpenedSession, Sessions } from './sessions.ts';

/** What can stand second. `recovery-code` stands in for a lost one. */
const SECOND: ReadonlySet<string> = new Set(['totp', 'passkey', 'recovery-code']);
const SECOND_KINDS: ReadonlySet<FactorKind> = new Set(['totp', 'passkey']);
export type FirstFactor = 'password' | 'magic-link' | 'email-code' | 'oauth' | 'passkey';
export type SecondFactor = 'totp' | 'passkey' | 'recovery-code';

interface Deps {
  readonly log: EventLog;
  readonly users: UsersApi;
  readonly access: AccessApi;
  readonly repository: GateRepository;
  readonly sessions: Sessions;
  /** Whose sign-in needs a second factor even if they have set up none. */
  readonly mfaRequired: Config['mfaRequired'];
}
/** One factor that somebody has just proved. */
export interface Proof {
  readonly userId: string;
  readonly factor: FirstFactor | SecondFactor;
  readonly delivery: Delivery;
  /** The session that is proved anew: the new one takes its place and its delivery. */
  readonly replaces?: string | null;
}
export type Proved = { readonly session: OpenedSession } | { readonly challenge: ChallengeReply };
export type Challenge = PendingChallenge;

/** The one gate between a proved factor and a session: every way in ends here, so none can forget the second factor (B46). */
export class Gate {
  readonly #deps: Deps;
  #recoverable: ((on: Runner, userId: string) => Promise<boolean>) | undefined;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @param recoverable whether the user has a recovery code left. */
  acceptRecoveryCodes(recoverable: (on: Runner, userId: string) => Promise<boolean>): void {
    if (this.#recoverable) throw new Error('two features keep recovery codes');
    this.#recoverable = recoverable;
  }

  /**
   * Opens a session, or answers with a challenge where the user has set up a second factor, or must (B41). What is enrolled is
   * read by the statement that opens the session.
   * @throws InvalidCredentials when the user is not active.
   */
  async prove(caller: Caller, tx: Tx, proof: Proof): Promise<Proved> {
    const { repository, sessions, access, mfaRequired } = this.#deps;
    const { userId, factor } = proof;
    const passed = SECOND.has(factor);
    if (!passed && mfaRequired !== 'off' && !hasSecond(await repository.factors(tx, userId))) {
      const roles = mfaRequired === 'everyone' ? [] : await access.rolesOf(tx, userId);
      if (mfaRequired === 'everyone' || roles.includes('admin')) return { challenge: await this.#challenge(tx, proof, 'enrol') };
    }
    const session = await sessions.open(caller, tx, {
      userId,
      factors: [factor],
      delivery: proof.delivery,
      replaces: proof.replaces ?? null,
      passed,
    });
    return session ? { session } : { challenge: await this.#challenge(tx, proof, 'verify') };
  }

  /** A challenge that still stands and waits for this. @throws InvalidChallenge */
  async challenge(on: Runner, token: string, purpose: Challenge['purpose'] = 'verify'): Promise<Challenge> {
    const found = await this.#deps.repository.findChallenge(on, hashOf(token));
    if (found?.purpose !== purpose) throw new InvalidChallenge();
    return found;
  }
  /**
   * Uses a challenge up and opens the session, after `factor` was verified for the challenge's user, in the same transaction.
   * @throws InvalidChallenge when another was faster, it is too old, or it waits for something else; InvalidCredentials
   */
  async pass(caller: Caller, tx: Tx, token: string, factor: SecondFactor, purpose: Challenge['purpose'] = 'verify'): Promise<Proved> {
    const { users, repository, sessions } = this.#deps;
    const taken = await repository.takeChallenge(tx, hashOf(token));
    if (taken?.purpose !== purpose) throw new InvalidChallenge();
    const { userId, factors, delivery, replaces } = taken;
    // Whoever was to set up the first one may find that there is one by now: then a second factor has to be proved, not made.
    if (purpose === 'enrol' && (await users.lockActive(tx, userId)) && hasSecond(await repository.factors(tx, userId)))
      throw new InvalidChallenge({ reason: 'enrolled meanwhile' });
    const session = await sessions.open(caller, tx, {
      userId,
      factors: [...factors, factor],
      delivery,
      replaces,
      passed: true,
    });
    return { session: session! };
  }

  /** Also of the kinds that cannot stand second. */
  factors(on: Runner, userId: string): Promise<Factor[]> {
    return this.#deps.repository.factors(on, userId);
  }
  /**
   * Records a factor that was verified. A second factor ends the user's sessions, which were opened without it (B8), but for
   * the one that was just opened with it: by `prove` with `replaces`, or by `pass`.
   */
  async enrol(caller: Caller, tx: Tx, factor: Factor & { readonly userId: string; readonly keep: string | null }): Promise<void> {
    const { users, repository, sessions, log } = this.#deps;
    const { id: factorId, kind, userId, keep } = factor;
    // Held against a sign-in at the same moment: it either sees the factor, or its session ends here.
    if (!(await users.lockActive(tx, userId))) throw new InvalidCredentials({ reason: 'not-active' });
    repository.insertFactor(tx, { id: factorId, kind, userId });
    if (SECOND_KINDS.has(kind)) {
      repository.deleteChallenges(tx, userId);
      await sessions.endAllBut(tx, userId, keep, 'factor-added');
    }
    await log.publish(tx, caller, factorAdded, { userId, factorId, kind }, { about: userId });
  }
  /**
   * Forgets a factor: sessions that it raised count as opened without it (B42).
   * @returns false when the user has no such factor. @throws LastWayIn when nothing would be left to sign in with; not for someone
   * deleted, who cannot anyway.
   */
  async unenrol(caller: Caller, tx: Tx, { userId, id }: { readonly userId: string; readonly id: string }): Promise<boolean> {
    const { users, repository, sessions, log } = this.#deps;
    await users.lockActive(tx, userId);
    const kind = await repository.deleteFactor(tx, userId, id);
    if (kind === undefined) return false;
    const left = await repository.factors(tx, userId);
    if (kind !== 'totp' && !left.some((other) => other.kind !== 'totp') && !(await repository.hasPassword(tx, userId))) {
      if ((await users.find(tx, userId))?.status !== 'deleted') throw new LastWayIn({ factorId: id });
    }
    if (!left.some((other) => other.kind === kind)) await sessions.lower(tx, userId, kind);
    if (!hasSecond(left)) await sessions.lower(tx, userId, 'recovery-code'); // it stood in for one of them
    await log.publish(tx, caller, factorRemoved, { userId, factorId: id, kind }, { about: userId });
    return true;
  }

  async #challenge(tx: Tx, { userId, factor, delivery, replaces = null }: Proof, purpose: 'verify' | 'enrol'): Promise<ChallengeReply> {
    const { repository } = this.#deps;
    const token = randomBytes(32).toString('base64url');
    const [enrolled, recoverable] = await Promise.all([repository.factors(tx, userId), this.#recoverable?.(tx, userId)]);
    const expiresIn = await repository.insertChallenge(tx, {
      id: uuidv7(),
      tokenHash: hashOf(token),
      userId,
      purpose,
      factors: [factor],
      delivery,
      replaces,
    });
    const kinds = enrolled.map(({ kind }) => kind).filter((kind) => SECOND_KINDS.has(kind));
    return {
      status: purpose === 'verify' ? 'second-factor-required' : 'enrolment-required',
      challenge: token,
      factors: purpose === 'verify' ? [...new Set(kinds), ...(recoverable ? ['recovery-code'] : [])] : [...SECOND_KINDS],
      expiresIn: Math.floor(expiresIn),
    };
  }
}

const hasSecond = (factors: readonly Factor[]): boolean => factors.some(({ kind }) => SECOND_KINDS.has(kind));
const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
