import { race } from '@plinth/kit/testing';
import { SignJWT, UnsecuredJWT } from 'jose';
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { access } from '../access/index.ts';
import { auth } from '../auth/index.ts';
import { coreApp, type CoreApp } from '../testing/index.ts';
import { users } from '../users/index.ts';
import { oauth } from './index.ts';
import { CLIENT, comeBack, configured, type Liar, type Lies, setOut, startLiar } from './oauth.testing.ts';

const ORIGIN = 'http://localhost:3000';
let liar: Liar;
let other: Liar;
let app: CoreApp;
beforeAll(async () => {
  [liar, other] = await Promise.all([startLiar(), startLiar()]);
  app = await coreApp([users, access, auth, oauth], {
    env: {
      OIDC_PROVIDERS: configured(['liar', liar.issuer], ['other', other.issuer], ['gone', 'http://127.0.0.1:9']),
      CORS_ORIGINS: 'https://app.example.com',
      OAUTH_REDIRECT_URIS: 'http://localhost:5173/signed-in',
    },
  });
});
afterAll(async () => {
  await app?.stop();
  await Promise.all([liar?.stop(), other?.stop()]);
});
afterEach(() => liar.lie({}));

const call = (provider: string, body: object, cookie = '') =>
  app.call('POST', `/api/v1/auth/oauth/${provider}/callback`, { body, headers: cookie === '' ? {} : { cookie, origin: ORIGIN } });
const begun = async () => {
  const { url, cookie, flow } = await setOut(app);
  const state = url!.searchParams.get('state')!;
  return { url: url!, cookie, flow, state, answer: { state, code: liar.issue(url!.searchParams.get('nonce')), iss: liar.issuer } };
};

describe('setting out', () => {
  it('B53: asks for a code with PKCE, a state, a nonce, and the exact redirect URI', async () => {
    const { url, reply } = await setOut(app);
    expect(Object.fromEntries(url!.searchParams)).toEqual({
      response_type: 'code',
      client_id: CLIENT.id,
      redirect_uri: `${ORIGIN}/auth/oauth/liar/callback`,
      scope: 'openid email profile',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    expect(reply.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^plinth_oauth_[\w-]{12}=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; SameSite=Strict$/),
    ]);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    // What a dump of the database holds opens nothing.
    const { rows } = await app.owner.query('select * from oauth.flows');
    const [, cookie] = /=([^;]*)/.exec(reply.headers.getSetCookie()[0]!)!;
    for (const secret of [cookie!, ...['state', 'nonce', 'code_challenge'].map((name) => url!.searchParams.get(name)!)])
      expect(JSON.stringify(rows)).not.toContain(secret);
  });
  it('B57: returns to nowhere else', async () => {
    const { reply } = await setOut(app, { begin: { returnTo: 'https://evil.example/' } });
    expect([reply.status, reply.json.error.code, Object.keys(reply.json.error.fields as object)]).toEqual([
      422,
      'REDIRECT_REFUSED',
      ['returnTo'],
    ]);
  });
  it('B56: hands its answer to no page but the registered ones', async () => {
    const { reply } = await setOut(app, { begin: { redirectUri: 'http://localhost:5173/signed-in/../evil' } });
    expect([reply.status, Object.keys(reply.json.error.fields as object)]).toEqual([422, ['redirectUri']]);
    const { url, flow, cookie } = await setOut(app, {
      begin: { redirectUri: 'http://localhost:5173/signed-in', returnTo: 'https://app.example.com/x' },
    });
    expect([url!.searchParams.get('redirect_uri'), cookie, flow]).toEqual([
      'http://localhost:5173/signed-in',
      '',
      expect.stringMatching(/^[\w-]{43}$/),
    ]);
    liar.lie({ claims: { sub: 'own-page', email: 'own-page@example.com' } });
    const done = await comeBack(app, liar, {
      begin: { redirectUri: 'http://localhost:5173/signed-in', returnTo: 'https://app.example.com/x' },
    });
    expect(done.json.data).toMatchObject({ status: 'signed-in', accessToken: expect.any(String), returnTo: 'https://app.example.com/x' });
    expect(liar.received.get('redirect_uri')).toBe('http://localhost:5173/signed-in');
  });
  it('B52: a provider that is not configured is not there, wherever it is asked for', async () => {
    const { token } = await app.as('member');
    const asked = await Promise.all([
      app.call('POST', '/api/v1/auth/oauth/google', { body: {} }),
      app.call('POST', '/api/v1/oauth/identities/google', { body: {}, token }),
      call('google', { state: 'x', code: 'x' }),
      app.call('POST', '/auth/oauth/google/callback', {
        body: 'state=x',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
    ]);
    expect(asked.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect((await app.call('GET', '/api/v1/auth/oauth')).json.data).toEqual([
      { id: 'liar', name: 'liar' },
      { id: 'other', name: 'other' },
      { id: 'gone', name: 'gone' },
    ]);
  });
  it('is counted, by network or by who links: each setting out is a row', async () => {
    const { token } = await app.as('member');
    for (const [way, name] of [
      [{}, 'oauth.begin'],
      [{ link: true, token }, 'oauth.link'],
    ] as const)
      expect((await setOut(app, way)).reply.headers.get('ratelimit-policy')).toContain(`"${name}";q=3000;w=60`);
  });
  it('says so when the provider cannot be asked, and asks again the next time', async () => {
    const { reply } = await setOut(app, { provider: 'gone' });
    expect([reply.status, reply.json.error.code]).toEqual([502, 'OAUTH_PROVIDER_FAILED']);
    expect(reply.text).not.toContain('ECONNREFUSED');
  });
});

describe('coming back', () => {
  it('B53: another browser, another provider, no cookie, an unknown or old state: one answer', async () => {
    const refused = async (reply: Awaited<ReturnType<typeof call>>) =>
      expect([reply.status, reply.json.error.code]).toEqual([401, 'OAUTH_FLOW_REFUSED']);
    const [mine, theirs] = [await begun(), await begun()];
    await refused(await call('liar', mine.answer));
    await refused(await call('liar', mine.answer, theirs.cookie));
    await refused(await call('liar', { ...mine.answer, flow: 'x'.repeat(43) }, mine.cookie));
    await refused(await call('liar', mine.answer, theirs.cookie.replace(/^[^=]+/, mine.cookie.split('=')[0]!)));
    await refused(await call('other', { ...mine.answer, iss: other.issuer }, mine.cookie));
    await refused(await call('liar', { ...mine.answer, state: 'x'.repeat(43) }, mine.cookie));
    await app.owner.query(`update oauth.flows set expires_at = now() - interval '1 second'`);
    await refused(await call('liar', mine.answer, mine.cookie));
    // None of the tries on another's flow used it up for its owner.
    const again = await begun();
    await refused(await call('liar', again.answer));
    expect((await call('liar', again.answer, again.cookie)).status).toBe(200);
  });
  it('B81: a page of another site cannot finish with the cookie', async () => {
    const { answer, cookie } = await begun();
    const reply = await app.call('POST', '/api/v1/auth/oauth/liar/callback', {
      body: answer,
      headers: { cookie, origin: 'https://evil.example' },
    });
    expect([reply.status, reply.json.error.code]).toEqual([403, 'ORIGIN_REFUSED']);
  });
  it('B53: of 16 at once, one reaches the provider', async () => {
    liar.lie({ claims: { sub: 'once', email: 'once@example.com' } });
    const { answer, cookie } = await begun();
    const replies = await race(16, () => call('liar', answer, cookie));
    const statuses = replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 0)).toSorted((a, b) => a - b);
    expect(statuses).toEqual([200, ...Array.from({ length: 15 }, () => 401)]);
  });
  it('B58: an answer of another issuer, or of none, is refused', async () => {
    for (const iss of [other.issuer, `${liar.issuer}/`, undefined]) {
      const { answer, cookie } = await begun();
      const reply = await call('liar', { ...answer, iss }, cookie);
      expect([reply.status, reply.json.error.code]).toEqual([401, 'OAUTH_ANSWER_REFUSED']);
    }
  });
  it('sends the verifier with the code, and the secret in the body only', async () => {
    liar.lie({ claims: { sub: 'pkce', email: 'pkce@example.com' } });
    const { answer, cookie, url } = await begun();
    await call('liar', answer, cookie);
    const verifier = liar.received.get('code_verifier')!;
    expect(createHash('sha256').update(verifier).digest('base64url')).toBe(url.searchParams.get('code_challenge'));
    expect(liar.received.get('client_secret')).toBe(CLIENT.secret);
  });
  it.each(['interaction_required', 'login_required', 'consent_required', 'user_cancelled_authorize'])('%s is a no', async (error) => {
    const { state, cookie } = await begun();
    expect((await call('liar', { state, error, iss: liar.issuer }, cookie)).json.data.status).toBe('denied');
  });
  it.each(['server_error', 'temporarily_unavailable', 'invalid_scope', 'x'])('%s is a failure of the provider', async (error) => {
    const { state, cookie } = await begun();
    expect((await call('liar', { state, error, iss: liar.issuer }, cookie)).status).toBe(502);
  });
  it.each([
    ['no state', { code: 'x' }, 422],
    ['an empty state', { state: '', code: 'x' }, 422],
    ['a list as state', { state: ['x'], code: 'x' }, 422],
    ['a huge code', { state: 'x', code: 'x'.repeat(9000) }, 422],
    ['what nobody asked for', { state: 'x', code: 'x', role: 'admin' }, 422],
  ])('%s is answered by the contract', async (_title, body, status) => {
    expect((await call('liar', body)).status).toBe(status);
  });
  it('neither code nor error is refused', async () => {
    const { state, cookie } = await begun();
    expect((await call('liar', { state, iss: liar.issuer }, cookie)).json.error.code).toBe('OAUTH_ANSWER_REFUSED');
  });
});

const now = Math.floor(Date.now() / 1000);
const UNSIGNED = new UnsecuredJWT({ nonce: 'x', email: 'ada@example.com', email_verified: true })
  .setIssuer('x')
  .setSubject('liar')
  .setAudience(CLIENT.id)
  .setIssuedAt()
  .setExpirationTime('1m')
  .encode();
const HMAC = await new SignJWT({ nonce: 'x' })
  .setProtectedHeader({ alg: 'HS256', kid: 'k' })
  .setSubject('liar')
  .setAudience(CLIENT.id)
  .setIssuedAt()
  .setExpirationTime('1m')
  .sign(Buffer.from(CLIENT.secret));
const LIES: readonly (readonly [string, Lies])[] = [
  ['another nonce', { claims: { nonce: 'x' } }],
  ['no nonce', { claims: { nonce: undefined } }],
  ['another issuer', { claims: { iss: 'https://evil.example' } }],
  ['no issuer', { claims: { iss: undefined } }],
  ['another audience', { claims: { aud: 'someone-else' } }],
  ['more audiences, for another party', { claims: { aud: [CLIENT.id, 'someone-else'], azp: 'someone-else' } }],
  ['no audience', { claims: { aud: undefined } }],
  ['no subject', { claims: { sub: undefined } }],
  ['an empty subject', { claims: { sub: '' } }],
  ['a number as subject', { claims: { sub: 1 } }],
  ['a time that is over', { claims: { exp: now - 120, iat: now - 240 } }],
  ['no end', { claims: { exp: undefined } }],
  ['a beginning that is to come', { claims: { nbf: now + 600 } }],
  ['another key', { forged: true }],
  ['a key that is not published', { header: { kid: 'unknown' } }],
  ['no signature', { idToken: UNSIGNED }],
  ['an HMAC with the client secret', { idToken: HMAC }],
  ['no ID token', { idToken: null }],
  ['an ID token that is none', { idToken: 'x.y.z' }],
  ['a critical header', { header: { crit: ['x'], x: 1 } }],
  ['a code that was used', { status: 400, body: { error: 'invalid_grant' } }],
];
describe('a provider that lies', () => {
  it.each(LIES)('B58: %s opens nothing', async (_title, lies) => {
    liar.lie(lies);
    const reply = await comeBack(app, liar);
    expect([reply.status, reply.json.error.code]).toEqual([401, 'OAUTH_ANSWER_REFUSED']);
    expect(reply.headers.getSetCookie()).toEqual([]);
  });
  it.each<readonly [string, Lies]>([
    ['refuses our registration', { status: 401, body: { error: 'invalid_client' } }],
    ['breaks', { status: 500, body: {} }],
    ['redirects', { redirects: true }],
    ['answers more than a megabyte', { body: { access_token: 'x'.repeat(1_100_000), token_type: 'bearer' } }],
  ])('B59: one that %s has failed', async (_title, lies) => {
    liar.lie(lies);
    const reply = await comeBack(app, liar);
    expect([reply.status, reply.json.error.code]).toEqual([502, 'OAUTH_PROVIDER_FAILED']);
  });
});

describe('the page behind the callback', () => {
  it('loads nothing, tells nobody its address, and is the same for every provider', async () => {
    const page = await app.call('GET', '/auth/oauth/liar/callback?code=x&state=%3Cscript%3E');
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.text).not.toContain('<script>%');
    expect(page.text).toBe((await app.call('GET', '/auth/oauth/other/callback')).text);
  });
  it('B53: a posted answer is handed on to it, without anything else the form held', async () => {
    const reply = await app.call('POST', '/auth/oauth/liar/callback', {
      body: 'state=s%26x&code=c&evil=1&user=%7B%22name%22%3A%7B%7D%7D',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://appleid.apple.com' },
    });
    expect([reply.status, reply.headers.get('location')]).toEqual([
      303,
      `${ORIGIN}/auth/oauth/liar/callback?state=s%26x&code=c&user=%7B%22name%22%3A%7B%7D%7D`,
    ]);
  });
});
