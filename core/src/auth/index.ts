import { type Caller, defineFeature, during, perform, type Principal, schedule, type Tx } from '@plinth/kit';
import { access } from '../access/index.ts';
import { userDeleted, userErased, users, userSuspended } from '../users/index.ts';
import { Attempts, type Counted } from './attempts.ts';
import { Authenticator, type ImpersonationCheck, type KeyVerification, Question } from './authenticator.ts';
import { Breaches } from './breaches.ts';
import * as contract from './contract.ts';
import { authController } from './controller.ts';
import { createSessionCookies } from './cookies.ts';
import { endExpired } from './expired-sessions.ts';
import { createFinish, type Finish } from './finish.ts';
import type { Delivery } from './fields.ts';
import { type Challenge, type FirstFactor, Gate, type Proof, type Proved, type SecondFactor } from './gate.ts';
import { type Factor, GateRepository } from './gate.repository.ts';
import { Hashing } from './hashing.ts';
import { SigningKeys, SKEW_SECONDS } from './keys.ts';
import { LastUses } from './last-uses.ts';
import { Links, type NewLink } from './links.ts';
import { type Link, LinksRepository } from './links.repository.ts';
import { NewPasswords } from './new-passwords.ts';
import { Passwords } from './passwords.ts';
import { Places } from './places.ts';
import { RefreshTokens } from './refresh-tokens.ts';
import { Refresh } from './refresh.ts';
import { RefreshRepository } from './refresh.repository.ts';
import { Registration } from './registration.ts';
import { AuthRepository } from './repository.ts';
import { Revocations } from './revocations.ts';
import { seedAdministrator } from './seed.ts';
import { SessionList } from './session-list.ts';
import { type IssuedSession, Sessions } from './sessions.ts';
import { SessionsRepository } from './sessions.repository.ts';
import { AccessTokens, type Claims } from './tokens.ts';

export {
  accountClaimed,
  accountExists,
  confirmAddress,
  Delivery as DeliveryField,
  factorAdded,
  factorRemoved,
  InvalidChallenge,
  InvalidCredentials,
  InvalidLink,
  keyRotated,
  LastWayIn,
  NewPassword,
  passwordChanged,
  passwordImported,
  PasswordRefused,
  refreshReuseDetected,
  Session,
  SessionNotFound,
  sessionRevoked,
  signedIn,
  SignInReply,
  signedOut,
  steppedUp,
  TooManyAttempts,
} from './contract.ts';
export { NEW_PASSWORD } from './page.ts';
export { LastUses } from './last-uses.ts';
export { isEnoughMail } from './links.ts';
export { type Found, Proofs } from './proofs.ts';
export type { PasswordImport } from './passwords.ts';
export type { Challenge, Counted, Delivery, Factor, Finish, FirstFactor, IssuedSession, Link, NewLink, Proof, Proved, SecondFactor };

/** What factors (mfa, oauth, api-keys) and operators may call. A factor verifies, then opens the session here and nowhere else. */
export interface AuthApi
  extends
    Pick<Gate, 'prove' | 'challenge' | 'pass' | 'factors' | 'enrol' | 'unenrol' | 'acceptRecoveryCodes'>,
    Pick<Sessions, 'endAll' | 'endAllOpenedBy' | 'endSession' | 'holdSession' | 'openAs'> {
  /** Makes the answer of what `prove` or `pass` gave, once its transaction has committed. */
  readonly finish: Finish;
  readonly claim: Registration['claim'];
  /** The live sessions of anyone; whoever calls has asked whether they may be seen. */
  readonly sessionsOf: SessionList['of'];
  /** Failed proofs, counted per account and network. */
  readonly attempts: Pick<Attempts, 'of' | 'network' | 'check' | 'failed' | 'clear'>;
  /** Secrets that mails carry. */
  readonly links: Pick<Links, 'create' | 'find' | 'take' | 'drop'>;
  /** Whose access token this is, while its session lives; null for anything else. */
  readonly inspect: (token: string) => Promise<{ readonly principal: Principal; readonly claims: Claims } | null>;
  /** Ends the session of an access or refresh token; nothing happens for anything else. */
  readonly revokeToken: (caller: Caller, tx: Tx, token: string) => Promise<void>;
  /** The one feature that knows API keys says how they are verified. */
  readonly acceptKeys: KeyVerification['answerWith'];
  /** The one feature that opens sessions of others says whether they may still be used. */
  readonly allowImpersonation: ImpersonationCheck['answerWith'];
  /** What has ended lately, on every node: sessions, users, and whatever else is remembered by id. */
  readonly revocations: Pick<Revocations, 'trusted' | 'endedSince'> & {
    /** Ends it with the transaction: at once here, within a second on every node. */
    end(tx: Tx, id: string): void;
  };
  /** Sets a password without the old one and ends all sessions of the user. */
  readonly setPassword: Passwords['set'];
  /** What a new password is stored as, and storing it: hashing is done before the transaction. */
  readonly hashPassword: Passwords['hashed'];
  readonly putPassword: Passwords['put'];
  /** Takes over the bcrypt hash of another system. */
  readonly importPassword: Passwords['import'];
  readonly rotateKeys: SigningKeys['rotate'];
}

export const auth = defineFeature({
  name: 'auth',
  needs: { users, access },
  contract,
  migrations: `${import.meta.dirname}/migrations`,
  setup(kit, needs) {
    const { db, clock, config, seal } = kit;
    const deps = { ...kit, ...needs, ...config.tokens };
    const { accessSeconds } = config.tokens;

    const repository = new AuthRepository();
    const sessionRows = new SessionsRepository();
    const hashing = new Hashing();
    const newPasswords = new NewPasswords({
      hashing,
      words: config.passwordWords,
      breaches: new Breaches({ ...kit, url: config.breachCheckUrl }),
    });
    const keys = new SigningKeys({ ...deps, keys: repository, tokenSeconds: accessSeconds });
    const accessTokens = new AccessTokens({ keys, clock, issuer: config.baseUrl });
    const gateRows = new GateRepository();
    const refreshTokens = new RefreshTokens(seal.derive('auth.refresh-tokens', 32));
    const revocations = new Revocations({ ...deps, sessions: sessionRows, rememberMs: (accessSeconds + 2 * SKEW_SECONDS) * 1000 });
    const keyVerification: KeyVerification = new Question('who holds an API key', null);
    const impersonation: ImpersonationCheck = new Question('who may act as someone else', Promise.resolve(false));
    const lastUses = new LastUses({ ...deps, what: 'sessions', touch: (used) => sessionRows.touch(db, used) });
    const authenticator = new Authenticator({
      ...deps,
      sessions: sessionRows,
      tokens: accessTokens,
      revocations,
      lastUses,
      keys: keyVerification,
      impersonation,
    });
    const places = new Places({ ...deps, file: config.roles.includes('api') ? config.geoipDatabase : null });

    const sessions = new Sessions({
      ...deps,
      sessions: sessionRows,
      accessTokens,
      refreshTokens,
      revocations,
      gate: gateRows,
    });
    const sessionList = new SessionList({ db, sessions: sessionRows, places });
    const refresh = new Refresh({ ...deps, repository: new RefreshRepository(), sessions, refreshTokens, impersonation });
    const gate = new Gate({ ...deps, repository: gateRows, sessions, mfaRequired: config.mfaRequired });
    const attempts = new Attempts({ db, repository: gateRows, production: config.production, key: seal.derive('auth.attempts', 32) });
    const links = new Links({ ...deps, baseUrl: config.baseUrl, repository: new LinksRepository(), key: seal.derive('auth.links', 32) });
    const passwords = new Passwords({ ...deps, hashing, newPasswords, repository, sessions, gate, attempts });
    const cookies = createSessionCookies(config);
    const finish = createFinish(sessions, cookies);
    const registration = new Registration({
      ...deps,
      sessions,
      newPasswords,
      repository,
      baseUrl: config.baseUrl,
      linkKey: seal.derive('auth.registration-links', 32),
    });

    const api: AuthApi = {
      prove: (caller, tx, proof) => gate.prove(caller, tx, proof),
      challenge: (on, token, purpose) => gate.challenge(on, token, purpose),
      pass: (caller, tx, token, factor, purpose) => gate.pass(caller, tx, token, factor, purpose),
      factors: (on, userId) => gate.factors(on, userId),
      enrol: (caller, tx, factor) => gate.enrol(caller, tx, factor),
      unenrol: (caller, tx, factor) => gate.unenrol(caller, tx, factor),
      acceptRecoveryCodes: (recoverable) => gate.acceptRecoveryCodes(recoverable),
      claim: (caller, tx, userId) => registration.claim(caller, tx, userId),
      finish,
      attempts,
      links,
      async inspect(token) {
        const principal = await authenticator.authenticate({ from: 'authorization', token });
        const claims = principal && (await accessTokens.verify(token));
        return principal && claims ? { principal, claims } : null;
      },
      async revokeToken(caller, tx, token) {
        const claims = await accessTokens.verify(token);
        if (claims) await sessions.signOut(caller, tx, claims.userId, claims.sessionId);
        else await refresh.end(caller, tx, token);
      },
      revocations: {
        trusted: (now) => revocations.trusted(now),
        endedSince: (id, since) => revocations.endedSince(id, since),
        end(tx, id) {
          sessionRows.revoke(tx, id);
          tx.onCommit(() => revocations.learn(id));
        },
      },
      acceptKeys: (verify) => keyVerification.answerWith(verify),
      allowImpersonation: (may) => impersonation.answerWith(may),
      endAllOpenedBy: (tx, impersonatorId) => sessions.endAllOpenedBy(tx, impersonatorId),
      endSession: (tx, userId, sessionId, because) => sessions.endSession(tx, userId, sessionId, because),
      holdSession: (tx, userId, sessionId) => sessions.holdSession(tx, userId, sessionId),
      openAs: (caller, tx, opening) => sessions.openAs(caller, tx, opening),
      sessionsOf: (caller, userId) => sessionList.of(caller, userId),
      endAll: (tx, userId, because) => sessions.endAll(tx, userId, because),
      setPassword: (caller, userId, password) => passwords.set(caller, userId, password),
      hashPassword: (password, user) => passwords.hashed(password, user),
      putPassword: (caller, tx, user, hash) => passwords.put(caller, tx, user, hash),
      importPassword: (caller, tx, userId, hash) => passwords.import(caller, tx, userId, hash),
      rotateKeys: (caller, leadSeconds) => keys.rotate(caller, leadSeconds),
    };
    return {
      api,
      controller: authController({ registration, passwords, refresh, sessions, sessionList, keys, cookies, finish }),
      door: { authenticate: (credentials) => authenticator.authenticate(credentials), standing: authenticator.standing },
      personalData: async (userId) => ({ sessions: await sessionRows.list(db, userId), factors: await gate.factors(db, userId) }),
      handlers: [
        during(userSuspended, 'auth.end-sessions', (tx, { payload }) => sessions.endAll(tx, payload.userId, 'suspended')),
        during(userDeleted, 'auth.end-sessions-on-delete', (tx, { payload }) => sessions.endAll(tx, payload.userId, 'deleted')),
        during(userErased, 'auth.erase', async (tx, { payload }) => repository.eraseUser(tx, payload.userId)),
        perform(contract.sendRegistration, ({ registrationId }) => registration.send(registrationId)),
        perform(contract.rotateKey, async (_payload, { caller }) => void (await keys.rotate(caller))),
        schedule(contract.rotateKey, '0 4 1 * *', {}),
        perform(contract.cleanUp, async (_payload, { caller }) => {
          await endExpired(kit, sessionRows, caller);
          await db.transaction(async (tx) => repository.deleteExpired(tx));
        }),
        schedule(contract.cleanUp, '17 * * * *', {}),
      ],
      seed: () => seedAdministrator({ ...deps, hashing, repository, adminEmail: config.adminEmail }),
      async start() {
        await Promise.all([keys.start(), revocations.start(), places.start(), hashing.decoy()]);
        lastUses.start();
      },
      async stop() {
        keys.stop();
        revocations.stop();
        await lastUses.stop();
      },
    };
  },
});
