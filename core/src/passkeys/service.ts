import { type Caller, type Database, type EventLog, Forbidden, type Runner, type SignedIn, type Tx, uuidv7 } from '@plinth/kit';
import { createHash } from 'node:crypto';
import type { AuthApi, Delivery, Proved } from '../auth/index.ts';
import { EmailNotVerified, type MfaApi } from '../mfa/index.ts';
import { type User, UserNotFound, type UsersApi } from '../users/index.ts';
import type { Assertion, Ceremonies } from './ceremonies.ts';
import { type Answer, PasskeyNotFound, PasskeyRefused, passkeySuspected, TooManyPasskeys } from './contract.ts';
import type { Credential, PasskeysRepository } from './repository.ts';

interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly users: UsersApi;
  readonly auth: AuthApi;
  readonly mfa: MfaApi;
  readonly passkeys: PasskeysRepository;
  readonly ceremonies: Ceremonies;
}
const MOST = 20;
const ANYBODY = '';

export class PasskeysService {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  // ---- One's own

  async list(caller: SignedIn) {
    return this.#deps.passkeys.ofUser(this.#deps.db, caller.userId);
  }
  async rename(caller: SignedIn, tx: Tx, passkeyId: string, label: string) {
    if (caller.principal.impersonator) throw new Forbidden({ reason: 'impersonated' }); // B90: no factors
    const renamed = await this.#deps.passkeys.rename(tx, caller.userId, passkeyId, label);
    if (!renamed) throw new PasskeyNotFound({ passkeyId });
    return renamed;
  }
  /** @throws LastWayIn */
  async remove(caller: SignedIn, tx: Tx, passkeyId: string): Promise<void> {
    const { auth, mfa } = this.#deps;
    const { userId } = caller;
    const own = (await auth.factors(tx, userId)).some(({ id, kind }) => id === passkeyId && kind === 'passkey');
    if (!own || !(await auth.unenrol(caller, tx, { userId, id: passkeyId }))) throw new PasskeyNotFound({ passkeyId });
    await mfa.dropCodes(tx, userId);
  }

  // ---- Registering

  async registrationOptions(caller: SignedIn, tx: Tx) {
    return this.#registrationOptions(tx, 'register', caller.sessionId!, caller.userId);
  }
  async enrolOptions(_caller: Caller, tx: Tx, challenge: string) {
    const { userId } = await this.#deps.auth.challenge(tx, challenge, 'enrol');
    return this.#registrationOptions(tx, 'enrol', bound(challenge), userId);
  }
  /** The session goes on under a new id (B8). */
  async register(caller: SignedIn, label: string, answer: Answer) {
    const { userId, sessionId } = caller;
    return this.#register(caller, userId, label, answer, ['register', sessionId!], (tx) =>
      this.#deps.auth.prove(caller, tx, { userId, factor: 'passkey', delivery: 'body', replaces: sessionId }),
    );
  }
  /** For a sign-in that may not go on without (MFA_REQUIRED). */
  async enrol(caller: Caller, challenge: string, label: string, answer: Answer) {
    const { db, auth } = this.#deps;
    const { userId } = await auth.challenge(db, challenge, 'enrol');
    return this.#register(caller, userId, label, answer, ['enrol', bound(challenge)], (tx) =>
      auth.pass(caller, tx, challenge, 'passkey', 'enrol'),
    );
  }

  // ---- Proving

  async signInOptions(_caller: Caller, tx: Tx, challenge: string | undefined) {
    const { auth, passkeys, ceremonies } = this.#deps;
    if (challenge === undefined) return ceremonies.requestOptions(tx, 'sign-in', ANYBODY, null);
    const { userId } = await auth.challenge(tx, challenge);
    return ceremonies.requestOptions(tx, 'second', bound(challenge), await passkeys.ofUser(tx, userId));
  }
  async stepUpOptions(caller: SignedIn, tx: Tx) {
    const { passkeys, ceremonies } = this.#deps;
    if (caller.principal.impersonator) throw new Forbidden({ reason: 'impersonated' });
    return ceremonies.requestOptions(tx, 'step-up', caller.sessionId!, await passkeys.ofUser(tx, caller.userId));
  }
  /** Alone: the authenticator says whose it is, and has verified the user, so it is both factors. @throws PasskeyRefused */
  async signIn(caller: Caller, answer: Answer, delivery: Delivery): Promise<Proved> {
    const { ceremonies, auth } = this.#deps;
    const challenge = await ceremonies.begunWith('sign-in', ANYBODY, answer);
    return this.#prove(caller, challenge, answer, null, (tx, { userId }) =>
      auth.prove(caller, tx, { userId, factor: 'passkey', delivery }),
    );
  }
  async passSecond(caller: Caller, challenge: string, answer: Answer): Promise<Proved> {
    const { db, ceremonies, auth } = this.#deps;
    const { userId } = await auth.challenge(db, challenge);
    const begun = await ceremonies.begunWith('second', bound(challenge), answer);
    return this.#prove(caller, begun, answer, userId, (tx) => auth.pass(caller, tx, challenge, 'passkey'));
  }
  async stepUp(caller: SignedIn, answer: Answer): Promise<Proved> {
    const { ceremonies, auth } = this.#deps;
    if (caller.principal.impersonator) throw new Forbidden({ reason: 'impersonated' });
    const { userId, sessionId } = caller;
    const begun = await ceremonies.begunWith('step-up', sessionId!, answer);
    return this.#prove(caller, begun, answer, userId, (tx) =>
      auth.prove(caller, tx, { userId, factor: 'passkey', delivery: 'body', replaces: sessionId }),
    );
  }

  async #registrationOptions(on: Runner, kind: 'register' | 'enrol', boundTo: string, userId: string) {
    const { passkeys, ceremonies } = this.#deps;
    const user = await this.#verified(on, userId);
    const present = await passkeys.ofUser(on, userId);
    if (present.length >= MOST) throw new TooManyPasskeys();
    return ceremonies.registrationOptions(on, kind, boundTo, user, present);
  }
  async #register(
    caller: Caller,
    userId: string,
    label: string,
    answer: Answer,
    [kind, boundTo]: ['register' | 'enrol', string],
    open: (tx: Tx) => Promise<Proved>,
  ) {
    const { db, users, auth, mfa, passkeys, ceremonies } = this.#deps;
    const { credential, aaguid, credentialBackedUp } = await ceremonies.verifyRegistration(kind, boundTo, answer);
    const factorId = uuidv7();
    return db.transaction(async (tx) => {
      await users.lockActive(tx, userId); // so that two at once count one after the other
      if ((await passkeys.ofUser(tx, userId)).length >= MOST) throw new TooManyPasskeys();
      const first = !(await auth.factors(tx, userId)).some((factor) => factor.kind !== 'oauth');
      const proved = await open(tx);
      const keep = 'session' in proved ? proved.session.sessionId : null;
      await auth.enrol(caller, tx, { id: factorId, kind: 'passkey', userId, keep });
      const passkey = await passkeys.insert(tx, {
        factorId,
        userId,
        credentialId: credential.id,
        publicKey: Buffer.from(credential.publicKey),
        counter: credential.counter,
        transports: [...(credential.transports ?? [])],
        aaguid,
        backedUp: credentialBackedUp,
        label,
      });
      return { passkey, recoveryCodes: first ? await mfa.issueCodes(caller, tx, userId) : [], proved };
    });
  }
  /** @param expected whose passkey it must be; null where the passkey says so. */
  async #prove(
    caller: Caller,
    challenge: string,
    answer: Answer,
    expected: string | null,
    open: (tx: Tx, credential: Credential) => Promise<Proved>,
  ): Promise<Proved> {
    const { db, users, auth, passkeys, ceremonies } = this.#deps;
    const credential = await passkeys.find(db, answer.id);
    const counted = auth.attempts.of(caller, 'mfa', expected ?? credential?.userId ?? answer.id);
    // Alone it is no guess at anything: only who stands before the second factor can be locked out by it (B38).
    if (expected !== null) await auth.attempts.check(db, counted);
    let assertion: Assertion;
    try {
      if (!credential || (expected !== null && credential.userId !== expected)) throw new PasskeyRefused({ reason: 'unknown' });
      assertion = await ceremonies.verifyAssertion(challenge, answer, credential);
    } catch (error) {
      if (expected !== null) await auth.attempts.failed(counted);
      throw error;
    }
    const proved = await db.transaction(async (tx) => {
      const [, used] = await Promise.all([
        users.holdActive(tx, credential.userId),
        passkeys.use(tx, credential.factorId, assertion.newCounter, assertion.credentialBackedUp),
      ]);
      if (!used) return null;
      return open(tx, credential);
    });
    return proved ?? this.#suspect(caller, credential);
  }
  /** There may be a copy of the key: refused, and told (B45). */
  async #suspect(caller: Caller, { userId, factorId: passkeyId }: Credential): Promise<never> {
    const { db, log } = this.#deps;
    await db.transaction((tx) => log.publish(tx, caller, passkeySuspected, { userId, passkeyId }, { outcome: 'refused', about: userId }));
    throw new PasskeyRefused({ reason: 'counter' });
  }
  async #verified(on: Runner, userId: string): Promise<User> {
    const user = await this.#deps.users.find(on, userId);
    if (!user) throw new UserNotFound({ userId });
    if (user.emailVerifiedAt === null) throw new EmailNotVerified();
    return user;
  }
}

/** What a ceremony of a sign-in is bound to: the sign-in's challenge, hashed. */
const bound = (challenge: string): string => createHash('sha256').update(challenge).digest('base64url');
