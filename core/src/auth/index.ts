import { defineFeature, during, perform, schedule } from '@plinth/kit';
import { access } from '../access/index.ts';
import { userDeleted, users, userSuspended } from '../users/index.ts';
import { Authenticator } from './authenticator.ts';
import * as contract from './contract.ts';
import { authController } from './controller.ts';
import { createSessionCookies } from './cookies.ts';
import { Hashing } from './hashing.ts';
import { SigningKeys, SKEW_SECONDS } from './keys.ts';
import { Passwords } from './passwords.ts';
import { RefreshTokens } from './refresh-tokens.ts';
import { Refresh } from './refresh.ts';
import { Registration } from './registration.ts';
import { AuthRepository } from './repository.ts';
import { Revocations } from './revocations.ts';
import { seedAdministrator } from './seed.ts';
import { Sessions, type IssuedSession, type OpenedSession, type Proof } from './sessions.ts';
import { SessionsRepository } from './sessions.repository.ts';
import { AccessTokens } from './tokens.ts';

export {
  InvalidCredentials,
  keyRotated,
  NewPassword,
  passwordChanged,
  refreshReuseDetected,
  sessionRevoked,
  signedIn,
  signedOut,
} from './contract.ts';
export type { IssuedSession, OpenedSession, Proof };

/** What factors (mfa, oauth, api-keys) and operators may call. A factor verifies, then opens the session here and nowhere else. */
export interface AuthApi extends Pick<Sessions, 'open' | 'issue' | 'endAll'> {
  /** Sets a password without the old one and ends all sessions of the user. */
  readonly setPassword: Passwords['set'];
  readonly rotateKeys: SigningKeys['rotate'];
}

export const auth = defineFeature({
  name: 'auth',
  needs: { users, access },
  contract,
  migrations: `${import.meta.dirname}/migrations`,
  setup(kit, needs) {
    const { db, clock, config, seal } = kit;
    const { accessSeconds, refreshSeconds } = config.tokens;
    const deps = { ...kit, ...needs };

    const repository = new AuthRepository();
    const sessionRows = new SessionsRepository();
    const hashing = new Hashing();
    const keys = new SigningKeys({ ...deps, keys: repository, tokenSeconds: accessSeconds });
    const accessTokens = new AccessTokens({ keys, clock, issuer: config.baseUrl });
    const refreshTokens = new RefreshTokens(seal.derive('auth.refresh-tokens', 32));
    const revocations = new Revocations({ ...deps, sessions: sessionRows, rememberMs: (accessSeconds + 2 * SKEW_SECONDS) * 1000 });
    const authenticator = new Authenticator({ ...deps, sessions: sessionRows, tokens: accessTokens, revocations });

    const sessions = new Sessions({
      ...deps,
      sessions: sessionRows,
      accessTokens,
      refreshTokens,
      revocations,
      accessSeconds,
      refreshSeconds,
    });
    const refresh = new Refresh({ ...deps, repository: sessionRows, sessions, refreshTokens, refreshSeconds });
    const passwords = new Passwords({ ...deps, hashing, repository, sessions, sessionRows });
    const registration = new Registration({
      ...deps,
      hashing,
      repository,
      baseUrl: config.baseUrl,
      linkKey: seal.derive('auth.registration-links', 32),
    });

    const api: AuthApi = {
      open: (caller, tx, proof) => sessions.open(caller, tx, proof),
      issue: (opened) => sessions.issue(opened),
      endAll: (tx, userId, because) => sessions.endAll(tx, userId, because),
      setPassword: (caller, userId, password) => passwords.set(caller, userId, password),
      rotateKeys: (caller, leadSeconds) => keys.rotate(caller, leadSeconds),
    };
    return {
      api,
      controller: authController({ registration, passwords, refresh, sessions, keys, cookies: createSessionCookies(config) }),
      door: { authenticate: (credentials) => authenticator.authenticate(credentials) },
      handlers: [
        during(userSuspended, 'auth.end-sessions', (tx, { payload }) => sessions.endAll(tx, payload.userId, 'suspended')),
        during(userDeleted, 'auth.end-sessions-on-delete', (tx, { payload }) => sessions.endAll(tx, payload.userId, 'deleted')),
        perform(contract.sendRegistration, ({ registrationId }) => registration.send(registrationId)),
        perform(contract.rotateKey, async (_payload, { caller }) => void (await keys.rotate(caller))),
        schedule(contract.rotateKey, '0 4 1 * *', {}),
        perform(contract.cleanUp, () => db.transaction(async (tx) => repository.deleteExpired(tx))),
        schedule(contract.cleanUp, '17 * * * *', {}),
      ],
      seed: () => seedAdministrator({ ...deps, hashing, repository, adminEmail: config.adminEmail }),
      async start() {
        await Promise.all([keys.start(), revocations.start(), hashing.decoy()]);
      },
      async stop() {
        keys.stop();
        revocations.stop();
      },
    };
  },
});
