import {
  type Caller,
  type Config,
  type Database,
  type EventLog,
  Forbidden,
  type Runner,
  type Seal,
  type SignedIn,
  type Tx,
  uuidv7,
} from '@plinth/kit';
import type { AccessApi } from '../access/index.ts';
import { type AuthApi, type Counted, type Proved } from '../auth/index.ts';
import { type User, UserNotFound, type UsersApi } from '../users/index.ts';
import {
  CodeRefused,
  EmailNotVerified,
  FactorNotFound,
  type Factors,
  factorsReset,
  recoveryCodesMade,
  recoveryCodeUsed,
  type TotpEnrolment,
  TotpNotSetUp,
  TotpSetUpBefore,
} from './contract.ts';
import { hashOf, newCodes } from './recovery-codes.ts';
import type { MfaRepository } from './repository.ts';
import { enrolmentOf, matchingStep, newSecret } from './totp.ts';

interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly seal: Seal;
  readonly config: Pick<Config, 'baseUrl'>;
  readonly users: UsersApi;
  readonly access: AccessApi;
  readonly auth: AuthApi;
  readonly mfa: MfaRepository;
}
export interface Enrolling {
  readonly recoveryCodes: string[];
  readonly proved: Proved;
}

/** Authenticator apps and recovery codes: verifying them. Who may go on is the gate's business, in `auth`. */
export class MfaService {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  // ---- One's own factors

  factors(caller: SignedIn): Promise<Factors> {
    return this.#factors(caller.userId);
  }
  /** @throws EmailNotVerified (B47), TotpSetUpBefore */
  async start(tx: Tx, userId: string): Promise<TotpEnrolment> {
    const { auth, mfa, seal, config } = this.#deps;
    const user = await this.#verified(tx, userId);
    if ((await auth.factors(tx, userId)).some(({ kind }) => kind === 'totp')) throw new TotpSetUpBefore();
    const secret = await newSecret();
    const remaining = await mfa.startEnrolment(tx, userId, seal.seal(secret, boundTo(userId)));
    const enrolment = await enrolmentOf(secret, new URL(config.baseUrl || 'http://localhost').hostname, user.email);
    return { secret, ...enrolment, expiresIn: Math.floor(remaining) };
  }
  async startFor(_caller: Caller, tx: Tx, challenge: string): Promise<TotpEnrolment> {
    const { userId } = await this.#enrolling(tx, challenge);
    return this.start(tx, userId);
  }
  /** The session goes on under a new id (B8). */
  confirm(caller: SignedIn, code: string): Promise<Enrolling> {
    const { auth } = this.#deps;
    const { userId, sessionId } = caller;
    return this.#confirm(caller, userId, code, (tx) =>
      auth.prove(caller, tx, { userId, factor: 'totp', delivery: 'body', replaces: sessionId }),
    );
  }
  /** For a sign-in that may not go on without (MFA_REQUIRED). */
  async confirmFor(caller: Caller, challenge: string, code: string): Promise<Enrolling> {
    const { userId } = await this.#enrolling(this.#deps.db, challenge);
    return this.#confirm(caller, userId, code, (tx) => this.#deps.auth.pass(caller, tx, challenge, 'totp', 'enrol'));
  }
  async remove(caller: SignedIn, tx: Tx): Promise<void> {
    const { auth } = this.#deps;
    const factor = (await auth.factors(tx, caller.userId)).find(({ kind }) => kind === 'totp');
    if (!factor || !(await auth.unenrol(caller, tx, { userId: caller.userId, id: factor.id }))) throw new FactorNotFound();
    await this.dropCodes(tx, caller.userId);
  }
  async newRecoveryCodes(caller: SignedIn, tx: Tx): Promise<{ recoveryCodes: string[] }> {
    await this.#deps.users.lockActive(tx, caller.userId); // many at once replace one another's, instead of all adding theirs
    if (!(await this.#hasSecondFactor(tx, caller.userId))) throw new FactorNotFound({ reason: 'no second factor' });
    return { recoveryCodes: await this.issueCodes(caller, tx, caller.userId) };
  }
  /** Ten new ones in place of all old ones; for every feature that enrols a first second factor. */
  async issueCodes(caller: Caller, tx: Tx, userId: string): Promise<string[]> {
    const codes = newCodes();
    this.#deps.mfa.replaceCodes(tx, userId, codes.map(hashOf));
    await this.#deps.log.publish(tx, caller, recoveryCodesMade, { userId }, { about: userId });
    return codes;
  }

  // ---- Proving them

  /** @throws InvalidChallenge, CodeRefused, TooManyAttempts */
  async passTotp(caller: Caller, challenge: string, code: string): Promise<Proved> {
    const { db, auth } = this.#deps;
    const { userId } = await auth.challenge(db, challenge);
    return this.#useTotp(caller, userId, code, (tx) => auth.pass(caller, tx, challenge, 'totp'));
  }
  async stepUp(caller: SignedIn, code: string): Promise<Proved> {
    const { auth } = this.#deps;
    if (caller.principal.impersonator) throw new Forbidden({ reason: 'impersonated' }); // B90: nor may they guess
    const { userId, sessionId } = caller;
    return this.#useTotp(caller, userId, code, (tx) =>
      auth.prove(caller, tx, { userId, factor: 'totp', delivery: 'body', replaces: sessionId }),
    );
  }
  async passRecoveryCode(caller: Caller, challenge: string, code: string): Promise<Proved> {
    const { db, log, users, auth, mfa } = this.#deps;
    const { userId } = await auth.challenge(db, challenge);
    const counted = auth.attempts.of(caller, 'mfa', userId);
    await auth.attempts.check(db, counted);
    const proved = await db.transaction(async (tx) => {
      const [, used] = await Promise.all([users.holdActive(tx, userId), mfa.useCode(tx, userId, hashOf(code))]);
      if (!used) return null;
      await this.#forget(tx, counted);
      const passed = await auth.pass(caller, tx, challenge, 'recovery-code');
      await log.publish(tx, caller, recoveryCodeUsed, { userId, left: await mfa.countCodes(tx, userId) }, { about: userId });
      return passed;
    });
    return proved ?? this.#refuse(caller, userId, counted);
  }

  // ---- For administrators

  /** @throws UserNotFound */
  async factorsOf(_caller: Caller, userId: string): Promise<Factors> {
    if (!(await this.#deps.users.find(this.#deps.db, userId))) throw new UserNotFound({ userId });
    return this.#factors(userId);
  }
  /** @throws GrantExceedsOwn toward someone of more privilege (B88) */
  async reset(caller: Caller, tx: Tx, userId: string, reason: string): Promise<void> {
    const { users, access, auth, mfa, log } = this.#deps;
    if (!(await users.lockActive(tx, userId))) throw new UserNotFound({ userId });
    await access.outrank(caller, tx, userId);
    for (const { id, kind } of await auth.factors(tx, userId)) if (kind !== 'oauth') await auth.unenrol(caller, tx, { userId, id });
    mfa.deleteCodes(tx, userId);
    mfa.deleteEnrolment(tx, userId);
    await auth.endAll(tx, userId, 'factors-reset');
    await log.publish(tx, caller, factorsReset, { userId }, { about: userId, reason });
  }

  async #factors(userId: string): Promise<Factors> {
    const { db, auth, mfa } = this.#deps;
    const [factors, recoveryCodesLeft] = await Promise.all([auth.factors(db, userId), mfa.countCodes(db, userId)]);
    return { factors: factors.map(({ id, kind }) => ({ id, kind })), recoveryCodesLeft };
  }
  async #confirm(caller: Caller, userId: string, code: string, open: (tx: Tx) => Promise<Proved>): Promise<Enrolling> {
    const { db, users, auth, mfa, seal } = this.#deps;
    await this.#verified(db, userId);
    const counted = auth.attempts.of(caller, 'mfa', userId);
    await auth.attempts.check(db, counted);
    const begun = await mfa.enrolment(db, userId);
    const secret = begun && (seal.open(begun.secret, boundTo(userId)) as string | undefined);
    if (!begun || secret === undefined) throw new TotpNotSetUp();
    const step = await matchingStep(secret, code, begun.now);
    if (step === undefined) return this.#refuse(caller, userId, counted);
    const factorId = uuidv7();
    return db.transaction(async (tx) => {
      await users.lockActive(tx, userId); // not only from `open` on, and more than it holds: `enrol` wants all of it
      await this.#forget(tx, counted);
      if (!(await mfa.takeEnrolment(tx, userId, begun.secret))) throw new TotpNotSetUp({ reason: 'confirmed or begun anew meanwhile' });
      const first = !(await this.#hasSecondFactor(tx, userId));
      const proved = await open(tx);
      const keep = 'session' in proved ? proved.session.sessionId : null;
      await auth.enrol(caller, tx, { id: factorId, kind: 'totp', userId, keep });
      // The code that confirms counts as used: it cannot be the second factor of the first sign-in (B31).
      mfa.insertTotp(tx, { factorId, userId, secret: seal.seal(secret, boundTo(factorId)), step });
      return { recoveryCodes: first ? await this.issueCodes(caller, tx, userId) : [], proved };
    });
  }

  async #useTotp(caller: Caller, userId: string, code: string, open: (tx: Tx) => Promise<Proved>): Promise<Proved> {
    const { db, users, auth, mfa, seal } = this.#deps;
    const counted = auth.attempts.of(caller, 'mfa', userId);
    await auth.attempts.check(db, counted);
    const totp = await mfa.totp(db, userId);
    const secret = totp && (seal.open(totp.secret, boundTo(totp.factorId)) as string | undefined);
    const step = totp && secret !== undefined ? await matchingStep(secret, code, totp.now) : undefined;
    if (!totp || step === undefined) return this.#refuse(caller, userId, counted);
    return db.transaction(async (tx) => {
      await Promise.all([users.holdActive(tx, userId), this.#forget(tx, counted)]);
      // A code that was seen over a shoulder is worth nothing: its step is used up (B29).
      if (!(await mfa.useStep(tx, totp.factorId, step))) throw new CodeRefused({ reason: 'used' });
      return open(tx);
    });
  }

  async #refuse(caller: Caller, userId: string, counted: Counted): Promise<never> {
    this.#deps.log.refused(caller, { code: CodeRefused.code, reason: 'wrong-code', account: userId });
    await this.#deps.auth.attempts.failed(counted);
    throw new CodeRefused({ reason: 'wrong' });
  }
  /** In the transaction that tells success: others may have failed meanwhile (B35). */
  async #forget(tx: Tx, counted: Counted): Promise<void> {
    if (await this.#deps.auth.attempts.check(tx, counted)) this.#deps.auth.attempts.clear(tx, counted);
  }
  async #enrolling(on: Runner, challenge: string): Promise<{ userId: string }> {
    return this.#deps.auth.challenge(on, challenge, 'enrol');
  }
  async #verified(on: Runner, userId: string): Promise<User> {
    const user = await this.#deps.users.find(on, userId);
    if (!user) throw new UserNotFound({ userId });
    if (user.emailVerifiedAt === null) throw new EmailNotVerified();
    return user;
  }
  async #hasSecondFactor(tx: Tx, userId: string): Promise<boolean> {
    return (await this.#deps.auth.factors(tx, userId)).some(({ kind }) => kind !== 'oauth');
  }
  /** Recovery codes go with the last second factor. */
  async dropCodes(tx: Tx, userId: string): Promise<void> {
    if (!(await this.#hasSecondFactor(tx, userId))) this.#deps.mfa.deleteCodes(tx, userId);
  }
}

const boundTo = (id: string): string => `mfa.totp:${id}`;
