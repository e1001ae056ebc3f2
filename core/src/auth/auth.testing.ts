import { system, uuidv7, type AnyFeature, type Clock } from '@plinth/kit';
import { testApp, type CallReply, type TestApp, type TestAppOptions } from '@plinth/kit/testing';
import { importJWK, SignJWT, type JWK } from 'jose';
import { access } from '../access/index.ts';
import { users } from '../users/index.ts';
import { auth } from './index.ts';

export const PASSWORD = 'quiet harbour under a tin moon';

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly password: string;
}
export interface SignedInPerson extends Person {
  readonly token: string;
  readonly refreshToken: string;
  readonly sessionId: string;
}
export interface AuthApp extends TestApp {
  /** A user with a password and this role, made behind HTTP. */
  person(role?: string, password?: string | null): Promise<Person>;
  signIn(person: Person, body?: object, headers?: Readonly<Record<string, string>>): Promise<CallReply>;
  /** A new user, signed in. */
  signedIn(role?: string): Promise<SignedInPerson>;
  /** One more session of the same user. */
  again(person: Person): Promise<SignedInPerson>;
  refresh(refreshToken: string): Promise<CallReply>;
  /** Status of an operation for signed-in callers. */
  me(token: string): Promise<number>;
  /** The newest key that signs, private part included. */
  signingKey(): Promise<{ kid: string; jwk: JWK; publicJwk: JWK }>;
}

/** A clock whose hands tests move. */
export function movableClock(): Clock & { forward(seconds: number): void } {
  let offset = 0;
  return {
    now: () => new Date(Date.now() + offset),
    monotonic: () => performance.now() + offset,
    forward: (seconds) => void (offset += seconds * 1000),
  };
}

export async function authApp(options: TestAppOptions = {}, features: readonly AnyFeature[] = [auth]): Promise<AuthApp> {
  const app = await testApp(features, options);
  const caller = system('test', null, uuidv7());
  const person: AuthApp['person'] = async (role = 'member', password = PASSWORD) => {
    const email = `p-${uuidv7()}@example.com`;
    const { id } = await app.kit.db.transaction(async (tx) => {
      const user = await app.api(users).create(caller, tx, { email, displayName: 'Ada Lovelace', verified: true });
      await app.api(access).assign(caller, tx, { userId: user.id, role });
      return user;
    });
    if (password !== null) await app.api(auth).setPassword(caller, id, password);
    return { id, email, password: password ?? '' };
  };
  const signIn: AuthApp['signIn'] = ({ email, password }, body = {}, headers = {}) =>
    app.call('POST', '/api/v1/auth/sign-in', { body: { email, password, ...body }, headers });
  const again: AuthApp['again'] = async (who) => {
    const { json, status, text } = await signIn(who);
    if (status !== 200) throw new Error(`sign-in answered ${status}: ${text}`);
    return { ...who, token: json.data.accessToken, refreshToken: json.data.refreshToken, sessionId: json.data.sessionId };
  };
  return {
    ...app,
    person,
    signIn,
    again,
    signedIn: async (role) => again(await person(role)),
    refresh: (refreshToken) => app.call('POST', '/api/v1/auth/refresh', { body: { refreshToken } }),
    me: async (token) => (await app.call('GET', '/api/v1/users/me', { token })).status,
    async signingKey() {
      const { rows } = await app.owner.query<{ kid: string; private_key: string; public_key: JWK }>(
        'select kid, private_key, public_key from auth.signing_keys where signs_from <= now() order by signs_from desc limit 1',
      );
      const { kid, private_key, public_key } = rows[0]!;
      return { kid, jwk: app.kit.seal.open(private_key, `auth.signing-key:${kid}`) as JWK, publicJwk: public_key };
    },
  };
}

const seconds = (): number => Math.floor(Date.now() / 1000);
/** A token signed with the server's own key, saying what the test wants. */
export async function forge(
  app: AuthApp,
  who: SignedInPerson,
  payload: Readonly<Record<string, unknown>> = {},
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const { kid, jwk } = await app.signingKey();
  const claims = {
    iss: 'http://localhost:3000',
    aud: 'http://localhost:3000/api',
    sub: who.id,
    sid: who.sessionId,
    jti: uuidv7(),
    iat: seconds(),
    nbf: seconds(),
    exp: seconds() + 600,
    roles: [],
  };
  const all = Object.fromEntries(Object.entries({ ...claims, ...payload }).filter(([, value]) => value !== undefined));
  return new SignJWT(all).setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid, ...header }).sign(await importJWK(jwk, 'EdDSA'));
}

/** Set-Cookie lines by name. */
export const cookiesOf = (reply: CallReply): Record<string, string> =>
  Object.fromEntries(reply.headers.getSetCookie().map((line) => [line.slice(0, line.indexOf('=')), line]));
export const valueOf = (line: string): string => line.slice(line.indexOf('=') + 1, line.indexOf(';'));
