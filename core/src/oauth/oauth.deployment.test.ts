import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { access } from '../access/index.ts';
import { auth } from '../auth/index.ts';
import { mfa } from '../mfa/index.ts';
import { coreApp, type CoreApp } from '../testing/index.ts';
import { users } from '../users/index.ts';
import { oauth } from './index.ts';
import { configured, type Liar, setOut, startLiar } from './oauth.testing.ts';

// Behind TLS and below a path, as a proxy serves it that takes the path off; and where a second factor is asked of everybody.
const ORIGIN = 'https://x.example';
const BASE = `${ORIGIN}/base`;
let liar: Liar;
let app: CoreApp;
beforeAll(async () => {
  liar = await startLiar();
  app = await coreApp([users, access, auth, mfa, oauth], {
    env: { OIDC_PROVIDERS: configured(['liar', liar.issuer]), BASE_URL: `${BASE}/`, MFA_REQUIRED: 'everyone' },
  });
});
afterAll(async () => {
  await app?.stop();
  await liar?.stop();
});

describe('https://x.example/base', () => {
  it('B81: the cookie of a flow is for this very host, over TLS only, and gone once the flow is', async () => {
    const { reply, url, cookie } = await setOut(app, { begin: { returnTo: '/welcome' } });
    expect(url!.searchParams.get('redirect_uri')).toBe(`${BASE}/auth/oauth/liar/callback`);
    expect(reply.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-plinth_oauth_[\w-]{12}=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Strict$/),
    ]);
    const answer = { state: url!.searchParams.get('state'), code: liar.issue(url!.searchParams.get('nonce')), iss: liar.issuer };
    const finish = (origin: string) =>
      app.call('POST', '/api/v1/auth/oauth/liar/callback', { body: { ...answer, delivery: 'cookie' }, headers: { cookie, origin } });
    for (const origin of ['http://x.example', 'https://base.x.example', 'null'])
      expect((await finish(origin)).json.error.code).toBe('ORIGIN_REFUSED');
    const done = await finish(ORIGIN);
    // MFA_REQUIRED: an account elsewhere is one factor, also for an account that was just made.
    expect(done.json.data, done.text).toEqual({
      status: 'enrolment-required',
      challenge: expect.any(String),
      factors: ['totp', 'passkey'],
      expiresIn: expect.any(Number),
      returnTo: `${ORIGIN}/welcome`,
    });
    expect(done.headers.getSetCookie()).toEqual([`${cookie.split('=')[0]!}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Strict`]);
    expect((await app.owner.query('select 1 from auth.sessions')).rowCount).toBe(0);
  });
  it('a posted answer is led to the page below the path, whose script finds the API from there', async () => {
    const reply = await app.call('POST', '/auth/oauth/liar/callback', {
      body: 'state=x&code=c',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(reply.headers.get('location')).toBe(`${BASE}/auth/oauth/liar/callback?state=x&code=c`);
    const page = (await app.call('GET', '/auth/oauth/liar/callback')).text;
    const api = /fetch\('([^']+)' \+ provider \+ '([^']+)'/.exec(page)!;
    expect(new URL(`${api[1]!}liar${api[2]!}`, reply.headers.get('location')!).href).toBe(`${BASE}/api/v1/auth/oauth/liar/callback`);
  });
});
