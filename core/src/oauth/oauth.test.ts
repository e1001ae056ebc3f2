import { system, uuidv7 } from '@plinth/kit';
import { race } from '@plinth/kit/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { access } from '../access/index.ts';
import { auth } from '../auth/index.ts';
import { mfa } from '../mfa/index.ts';
import { coreApp, type CoreApp, withTotp } from '../testing/index.ts';
import { users } from '../users/index.ts';
import { oauth } from './index.ts';
import { browse, comeBack, configured, type Liar, type Running, setOut, startLiar, startProvider } from './oauth.testing.ts';

const ORIGIN = 'http://localhost:3000';
const PASSWORD = 'quiet harbour under a tin moon';
let acme: Running;
let liar: Liar;
let app: CoreApp;
beforeAll(async () => {
  [acme, liar] = await Promise.all([
    startProvider({
      ada: { email: 'Ada@Example.com', email_verified: true, name: 'Ada Lovelace', role: 'admin' },
      bob: { email: 'bob@example.com', email_verified: false },
    }),
    startLiar(),
  ]);
  app = await coreApp([users, access, auth, mfa, oauth], {
    env: {
      OIDC_PROVIDERS: configured(['acme', acme.issuer], ['liar', liar.issuer]),
      CORS_ORIGINS: 'https://app.example.com',
      OAUTH_REDIRECT_URIS: 'http://localhost:5173/signed-in',
    },
  });
});
afterAll(async () => {
  await app?.stop();
  await Promise.all([acme?.stop(), liar?.stop()]);
});
afterEach(() => liar.lie({}));

let count = 0;
const address = (): string => `person-${++count}@example.com`;
/** Comes back as this person of the liar. */
const as = (sub: string, email: string | null, verified: unknown = true) =>
  liar.lie({ claims: { sub, email: email ?? undefined, email_verified: verified } });
const member = async (email: string, verified = true): Promise<string> => {
  const { id } = await app.kit.db.transaction((tx) => app.api(users).create(caller, tx, { email, displayName: 'Ada', verified }));
  await app.api(auth).setPassword(caller, id, PASSWORD);
  return id;
};
const caller = system('test.oauth', null, uuidv7());
const identitiesOf = async (userId: string): Promise<number> =>
  (await app.owner.query('select 1 from oauth.identities i join auth.factors f on f.id = i.factor_id where f.user_id = $1', [userId]))
    .rowCount!;

describe('signing in with a real provider', () => {
  const signIn = async (login: string, deny = false) => {
    const { url, cookie } = await setOut(app, { provider: 'acme', begin: { returnTo: '/welcome?a=1' } });
    const answer = await browse(url!.href, login, deny);
    const finish = () =>
      app.call('POST', '/api/v1/auth/oauth/acme/callback', {
        body: { ...pick(answer), delivery: 'cookie' },
        headers: { cookie, origin: ORIGIN },
      });
    return { answer, cookie, finish };
  };
  const pick = ({ state, code, iss, error }: Record<string, string>) => ({
    state,
    ...(code && { code }),
    ...(iss && { iss }),
    ...(error && { error }),
  });

  it('B48: makes an account of a verified address, and finds it again', async () => {
    const { finish } = await signIn('ada');
    const reply = await finish();
    expect(reply.status, reply.text).toBe(200);
    expect(reply.json.data).toMatchObject({ status: 'signed-in', delivery: 'cookie', returnTo: `${ORIGIN}/welcome?a=1` });
    expect(reply.text).not.toContain('accessToken');
    expect(await app.facts(reply.requestId)).toEqual(['users.created', 'access.role-assigned', 'auth.factor-added', 'auth.signed-in']);
    const { userId } = reply.json.data as { userId: string };
    const cookie = reply.headers
      .getSetCookie()
      .find((text) => text.includes('access'))!
      .split(';')[0]!;
    const me = await app.call('GET', '/api/v1/users/me', { headers: { cookie } });
    // B65: a provider names the address and a name, and nothing else.
    expect(me.json.data).toMatchObject({ email: 'Ada@Example.com', displayName: 'Ada Lovelace', emailVerifiedAt: expect.any(String) });
    expect((await app.owner.query('select role from access.assignments where user_id = $1', [userId])).rows).toEqual([{ role: 'member' }]);

    const again = await (await signIn('ada')).finish();
    expect(again.json.data).toMatchObject({ status: 'signed-in', userId });
    expect(await app.facts(again.requestId)).toEqual(['auth.signed-in']);
    expect(await identitiesOf(userId)).toBe(1);
  });
  it('B53: an answer is good once', async () => {
    const { finish } = await signIn('ada');
    expect((await finish()).status).toBe(200);
    const again = await finish();
    expect([again.status, again.json.error.code]).toEqual([401, 'OAUTH_FLOW_REFUSED']);
  });
  it('B53: of 16 that come back at once with one answer, one gets a session', async () => {
    const { finish } = await signIn('ada');
    const replies = await race(16, finish);
    const statuses = replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 0)).toSorted((a, b) => a - b);
    expect(statuses).toEqual([200, ...Array.from({ length: 15 }, () => 401)]);
  });
  it('B50: an address that the provider has not verified makes no account, and leads into none', async () => {
    const refused = await (await signIn('bob')).finish();
    expect([refused.status, refused.json.error.code]).toEqual([403, 'OAUTH_ADDRESS_UNPROVED']);
    await member('bob@example.com');
    const known = await (await signIn('bob')).finish();
    expect(known.json.error).toEqual({ ...refused.json.error, requestId: known.requestId });
  });
  it('leads back who says no at the provider', async () => {
    const { finish, answer } = await signIn('ada', true);
    expect(answer['error']).toBe('access_denied');
    const reply = await finish();
    expect(reply.json.data).toEqual({ status: 'denied', returnTo: `${ORIGIN}/welcome?a=1` });
  });
});

describe('whose account it is', () => {
  it('B48: both sides verified: linked, and told', async () => {
    const email = address();
    const userId = await member(email);
    as('linked', email.toUpperCase());
    const reply = await comeBack(app, liar);
    expect(reply.json.data).toMatchObject({ status: 'signed-in', userId });
    expect(await app.facts(reply.requestId)).toEqual(['auth.factor-added', 'auth.signed-in']);
    expect((await app.mailbox.newest(email)).text).toMatch(/sign-in with another provider was added/);
  });
  it('B48: an account that nobody proved is taken over clean', async () => {
    const email = address();
    const userId = await member(email, false);
    const squatter = await app.call('POST', '/api/v1/auth/sign-in', { body: { email, password: PASSWORD } });
    as('owner', email);
    const reply = await comeBack(app, liar);
    expect(reply.json.data).toMatchObject({ status: 'signed-in', userId });
    expect(await app.facts(reply.requestId)).toContain('auth.account-claimed');
    expect((await app.call('GET', '/api/v1/users/me', { token: squatter.json.data.accessToken as string })).status).toBe(401);
    expect((await app.call('POST', '/api/v1/auth/sign-in', { body: { email, password: PASSWORD } })).status).toBe(401);
  });
  it('B48: an account with a second factor is linked only from within', async () => {
    const email = address();
    const userId = await member(email);
    await withTotp(app, userId);
    as('guarded', email);
    const reply = await comeBack(app, liar);
    expect([reply.status, reply.json.error.code]).toEqual([409, 'OAUTH_LINK_NEEDED']);
    expect(await identitiesOf(userId)).toBe(0);
  });
  it('B49: the subject decides: another with the same address is another, one with another address the same', async () => {
    const email = address();
    as('first', email);
    const first = await comeBack(app, liar);
    as('first', address());
    const moved = await comeBack(app, liar);
    expect(moved.json.data.userId).toBe(first.json.data.userId);
    as('first', null);
    expect((await comeBack(app, liar)).json.data.userId).toBe(first.json.data.userId);
  });
  it('B49: one subject of two issuers is two people', async () => {
    as('ada', address()); // the real provider has an 'ada' too
    const reply = await comeBack(app, liar);
    expect(await app.facts(reply.requestId)).toContain('users.created');
  });
  it.each([
    ['"false"', 'false'],
    ['"true"', 'true'],
    ['1', 1],
    ['null', null],
    ['an empty list', []],
    ['an object', {}],
  ])('B50: email_verified %s is no yes', async (title, verified) => {
    as(`unverified-${title}`, address(), verified);
    const reply = await comeBack(app, liar);
    expect([reply.status, reply.json.error.code]).toEqual([403, 'OAUTH_ADDRESS_UNPROVED']);
  });
  it('B50: nor is silence', async () => {
    liar.lie({ claims: { sub: 'silent', email: address(), email_verified: undefined } });
    expect((await comeBack(app, liar)).json.error.code).toBe('OAUTH_ADDRESS_UNPROVED');
  });
  it.each([
    ['no address', null],
    ['no address at all', 'nobody'],
    ['invisible characters', 'a\u200bda@example.com'],
    ['two', 'a@example.com,b@example.com'],
    ['a long one', `${'a'.repeat(300)}@example.com`],
  ])('makes no account of %s', async (title, email) => {
    as(title, email);
    expect((await comeBack(app, liar)).json.error.code).toBe('OAUTH_ADDRESS_UNPROVED');
  });
  const NAMES = [
    ['none', undefined, /^person-/],
    ['a control character', 'A\u0007da', /^person-/],
    ['too long', 'x'.repeat(500), /^x{100}$/],
    ['no text', { a: 1 }, /^person-/],
  ] as const;
  it.each(NAMES)('B65: takes a name that is %s for what it is worth', async (title, name, expected) => {
    liar.lie({ claims: { sub: `name-${title}`, email: address(), email_verified: true, name } });
    const reply = await comeBack(app, liar);
    const user = await app.api(users).find(app.kit.db, reply.json.data.userId as string);
    expect(user!.displayName).toMatch(expected);
  });
  it('takes the address from the userinfo endpoint where the token has none, of the same subject only', async () => {
    const email = address();
    liar.lie({
      claims: { sub: 'asked', email: undefined, email_verified: undefined },
      userInfo: { sub: 'asked', email, email_verified: true },
    });
    expect((await comeBack(app, liar)).json.data.status).toBe('signed-in');
    liar.lie({
      claims: { sub: 'asked-2', email: undefined, email_verified: undefined },
      userInfo: { sub: 'other', email, email_verified: true },
    });
    expect((await comeBack(app, liar)).json.error.code).toBe('OAUTH_ANSWER_REFUSED');
  });
  it('B20: a suspended user gets in by no provider', async () => {
    const email = address();
    as('suspended', email);
    const { userId } = (await comeBack(app, liar)).json.data as { userId: string };
    await app.kit.db.transaction((tx) =>
      app.owner.query(`update users.users set status = 'suspended' where id = $1`, [userId]).then(() => tx),
    );
    expect((await comeBack(app, liar)).json.error.code).toBe('INVALID_CREDENTIALS');
    as('suspended-other', email);
    expect((await comeBack(app, liar)).json.error.code).toBe('INVALID_CREDENTIALS');
  });
  it('B48: 16 who come back at once with one identity that is new make one account', async () => {
    as('race', address());
    const replies = await race(16, () => comeBack(app, liar));
    const ids = replies.map((reply) => (reply.status === 'fulfilled' ? (reply.value.json.data.userId as string) : 'failed'));
    expect(new Set(ids).size).toBe(1);
    expect(await identitiesOf(ids[0]!)).toBe(1);
  });
});
