import { type OutboundFetch, type ProviderSettings, systemClock } from '@plinth/kit';
import { createLocalJWKSet, exportJWK, exportPKCS8, generateKeyPair, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { access } from '../access/index.ts';
import { auth } from '../auth/index.ts';
import { coreApp } from '../testing/index.ts';
import { users } from '../users/index.ts';
import { oauth } from './index.ts';
import { CLIENT, comeBack, type Liar, setOut, startLiar } from './oauth.testing.ts';
import { createProviders } from './providers/create.ts';
import type { Provider } from './providers/provider.ts';

// The presets against a provider that stands where the real ones stand: their addresses lead to this machine.
const TENANT = '/11111111-2222-3333-4444-555555555555/v2.0';
let liar: Liar;
let tenant: Liar;
const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
beforeAll(async () => {
  [liar, tenant] = await Promise.all([startLiar(), startLiar(TENANT)]);
});
afterAll(() => Promise.all([liar.stop(), tenant.stop()]));
afterEach(() => liar.lie({}));

const checks = { state: 's'.repeat(43), nonce: 'n'.repeat(43), codeVerifier: 'v'.repeat(43) };
function preset(settings: Partial<ProviderSettings> & Pick<ProviderSettings, 'kind' | 'issuer'>, at: Liar = liar): Provider {
  const { origin } = new URL(settings.issuer);
  const fetch: OutboundFetch = (url, init) => globalThis.fetch(String(url).replace(origin, new URL(at.issuer).origin), init as RequestInit);
  const whole = { id: settings.kind, name: 'x', clientId: CLIENT.id, clientSecret: CLIENT.secret, scope: 'openid email', ...settings };
  return createProviders({ providers: [whole], redirectUris: [] }, fetch, systemClock).get(settings.kind)!;
}
/** Everything of the metadata under the address that the preset names. */
const standIn = (issuer: string, claims: Readonly<Record<string, unknown>> = {}, published = issuer) => ({
  metadata: {
    issuer: published,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    userinfo_endpoint: undefined,
    authorization_response_iss_parameter_supported: undefined,
  },
  claims: { iss: issuer, ...claims },
});
const identify = (provider: Provider, at: Liar = liar, user?: string) =>
  provider.identify(new URL(`http://localhost:3000/cb?code=${at.issue(checks.nonce)}&state=${checks.state}`), checks, user);

describe('Google', () => {
  const google = 'https://accounts.google.com';
  it.each([
    ['an address of its own', { email: 'ada@gmail.com' }, true],
    ['one of a Workspace', { email: 'ada@example.com', hd: 'example.com' }, true],
    ['one that it saw proved once', { email: 'ada@example.com' }, false],
    ['one that only looks like its own', { email: 'ada@gmail.com.evil.example' }, false],
  ])('B48: speaks for %s', async (_title, claims, authoritative) => {
    liar.lie(standIn(google, claims));
    expect(await identify(preset({ kind: 'google', issuer: google }))).toMatchObject({
      issuer: google,
      emailVerified: true,
      authoritative,
    });
  });
});

describe('Microsoft', () => {
  const host = 'https://login.microsoftonline.com';
  const common = `${host}/common/v2.0`;
  const tid = '11111111-2222-3333-4444-555555555555';
  const template = `${host}/{tenantid}/v2.0`;
  const lie = (claims: Readonly<Record<string, unknown>>) => {
    const { metadata } = standIn(host + TENANT);
    tenant.lie({ metadata: { ...metadata, issuer: template }, claims: { iss: host + TENANT, tid, ...claims } });
  };
  // The page of every tenant describes itself with a template: what a token names must be the tenant it is of.
  const microsoft = (issuer: string): Provider => {
    const fetch: OutboundFetch = (url, init) =>
      globalThis.fetch(
        String(url)
          .replace(host, new URL(tenant.issuer).origin)
          .replace(/\/[\w.-]+\/v2\.0/, TENANT),
        init as RequestInit,
      );
    const settings = {
      kind: 'microsoft',
      id: 'microsoft',
      name: 'x',
      issuer,
      clientId: CLIENT.id,
      clientSecret: CLIENT.secret,
      scope: 'openid',
    } as const;
    return createProviders({ providers: [settings], redirectUris: [] }, fetch, systemClock).get('microsoft')!;
  };
  it('B58: takes the issuer of the tenant that the token is of, and no other', async () => {
    lie({ sub: 'x' });
    expect(await identify(microsoft(common), tenant)).toMatchObject({ issuer: host + TENANT, subject: 'x' });
    lie({ sub: 'x', tid: '99999999-2222-3333-4444-555555555555' });
    await expect(identify(microsoft(common), tenant)).rejects.toMatchObject({ code: 'OAUTH_ANSWER_REFUSED' });
    lie({ sub: 'x', iss: 'https://evil.example/v2.0' });
    await expect(identify(microsoft(common), tenant)).rejects.toMatchObject({ code: 'OAUTH_ANSWER_REFUSED' });
  });
  it.each([
    ['nothing', {}, false],
    ['email_verified', { email_verified: true }, false],
    ['xms_edov: true', { xms_edov: true }, true],
    ['xms_edov: "1"', { xms_edov: '1' }, true],
    ['xms_edov: "0"', { xms_edov: '0' }, false],
    ['xms_edov: "true"', { xms_edov: 'true' }, false],
  ])('B50: of any tenant, %s proves an address: %o', async (_title, claims, verified) => {
    lie({ sub: 'x', email: 'ada@example.com', email_verified: undefined, ...claims });
    expect(await identify(microsoft(common), tenant)).toMatchObject({ emailVerified: verified });
  });
  // Microsoft goes by neither capitals nor which of a tenant's names is used: its metadata tell what they led to.
  it.each(['common', 'Common', 'ORGANIZATIONS', 'Consumers', 'contoso.example'])(
    'B50: the word of many tenants is not taken, whatever they are called: %s',
    async (name) => {
      lie({ sub: 'x', email: 'ada@example.com', email_verified: undefined });
      expect(await identify(microsoft(`${host}/${name}/v2.0`), tenant)).toMatchObject({ emailVerified: false });
    },
  );
  it('B50: nor is that of the tenant of all personal accounts', async () => {
    const personal = await startLiar('/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0');
    const issuer = host + new URL(personal.issuer).pathname;
    try {
      const { metadata } = standIn(issuer);
      personal.lie({ metadata, claims: { iss: issuer, email: 'ada@example.com', email_verified: undefined } });
      expect(await identify(preset({ kind: 'microsoft', issuer }, personal), personal)).toMatchObject({ emailVerified: false });
    } finally {
      await personal.stop();
    }
  });
  it('takes the word of the one tenant that is yours', async () => {
    const { metadata } = standIn(host + TENANT);
    tenant.lie({ metadata, claims: { iss: host + TENANT, tid, email: 'ada@example.com', email_verified: undefined } });
    expect(await identify(preset({ kind: 'microsoft', issuer: host + TENANT }, tenant), tenant)).toMatchObject({ emailVerified: true });
  });
});

describe('Apple', () => {
  const apple = 'https://appleid.apple.com';
  it('posts its answer, is shown a secret that we sign, and names people once', async () => {
    const settings = { teamId: 'TEAM', keyId: 'KEY', privateKey: await exportPKCS8(privateKey) };
    const provider = preset({ kind: 'apple', issuer: apple, clientSecret: settings });
    liar.lie(standIn(apple, { email_verified: 'true' }));
    expect(await provider.authorizationUrl('https://x.example/cb', checks)).toContain('response_mode=form_post');
    const identity = await identify(provider, liar, '{"name":{"firstName":"Ada","lastName":"Lovelace"},"email":"evil@example.com"}');
    expect(identity).toMatchObject({ email: 'ada@example.com', emailVerified: true, name: 'Ada Lovelace' });
    const jwks = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'KEY', alg: 'ES256' }] });
    const { payload } = await jwtVerify(liar.received.get('client_secret')!, jwks, { issuer: 'TEAM', audience: apple, subject: CLIENT.id });
    expect(payload.exp! - payload.iat!).toBe(300);
  });
  it.each(['', 'null', '[]', '{"name":1}', '{"name":{"firstName":{}}}', '{'])('takes %j for no name', async (user) => {
    liar.lie(standIn(apple));
    const provider = preset({ kind: 'apple', issuer: apple, clientSecret: CLIENT.secret });
    expect((await identify(provider, liar, user)).name).toBeNull();
  });
});

describe('any other issuer', () => {
  // OpenID Connect Discovery §3: which of the two it takes stands in the metadata.
  it.each([
    ['in the body where it may', ['client_secret_basic', 'client_secret_post'], CLIENT.secret, undefined],
    ['in the header where it must', ['private_key_jwt', 'client_secret_basic'], null, `${CLIENT.id}:${CLIENT.secret}`],
  ])('is shown the secret %s', async (_title, methods, body, header) => {
    const issuer = 'https://id.example.com';
    const { metadata, claims } = standIn(issuer);
    liar.lie({ metadata: { ...metadata, token_endpoint_auth_methods_supported: methods }, claims });
    await identify(preset({ kind: 'oidc', issuer }));
    const credentials = liar.authorization?.replace(/^Basic /, '');
    expect([liar.received.get('client_secret'), credentials && decodeURIComponent(atob(credentials))]).toEqual([body, header]);
  });
  it('B58: is named to the letter: some end in a slash', async () => {
    const slashed = await startLiar('/application/o/app');
    const { href } = new URL('https://auth.example.com/application/o/app/');
    try {
      slashed.lie(standIn(href.slice(0, -1), { iss: href }, href));
      expect(await identify(preset({ kind: 'oidc', issuer: href }, slashed), slashed)).toMatchObject({ issuer: href });
      await expect(identify(preset({ kind: 'oidc', issuer: href.slice(0, -1) }, slashed), slashed)).rejects.toMatchObject({
        code: 'OAUTH_PROVIDER_FAILED',
      });
    } finally {
      await slashed.stop();
    }
  });
});

describe('GitHub', () => {
  const emails = (verified: boolean) => [
    { email: 'old@example.com', primary: false, verified: true, visibility: null },
    { email: 'octo@example.com', primary: true, verified, visibility: 'private' },
  ];
  it('B49: goes by the number of the user, and takes the primary address where it is verified', async () => {
    const app = await coreApp([users, access, auth, oauth], {
      env: { GITHUB_CLIENT_ID: CLIENT.id, GITHUB_CLIENT_SECRET: CLIENT.secret, GITHUB_URL: liar.issuer },
    });
    try {
      const { url } = await setOut(app, { provider: 'github' });
      expect(url!.href).toMatch(/\/login\/oauth\/authorize\?.*scope=read%3Auser\+user%3Aemail.*code_challenge_method=S256/);
      const answer = { iss: undefined };
      liar.lie({ userInfo: { user: { id: 583_231, login: 'octocat', name: null }, emails: emails(true) } });
      const first = await comeBack(app, liar, { provider: 'github', answer });
      expect(first.json.data, first.text).toMatchObject({ status: 'signed-in' });
      expect((await app.api(users).find(app.kit.db, first.json.data.userId as string))!).toMatchObject({
        email: 'octo@example.com',
        displayName: 'octocat',
      });
      // Whoever takes a name that was given up is another.
      liar.lie({ userInfo: { user: { id: 583_231, login: 'renamed', name: null }, emails: emails(true) } });
      expect((await comeBack(app, liar, { provider: 'github', answer })).json.data.userId).toBe(first.json.data.userId);
      liar.lie({ userInfo: { user: { id: 2, login: 'octocat', name: null }, emails: emails(false) } });
      expect((await comeBack(app, liar, { provider: 'github', answer })).json.error.code).toBe('OAUTH_ADDRESS_UNPROVED');
      for (const user of [null, { login: 'x' }, { id: '583231', login: 'x' }, { id: 0, login: 'x' }]) {
        liar.lie({ userInfo: { user, emails: emails(true) } });
        expect((await comeBack(app, liar, { provider: 'github', answer })).json.error.code).toBe('OAUTH_ANSWER_REFUSED');
      }
      liar.lie({ body: { access_token: 'wrong', token_type: 'bearer' } });
      expect((await comeBack(app, liar, { provider: 'github', answer })).json.error.code).toBe('OAUTH_PROVIDER_FAILED');
    } finally {
      await app.stop();
    }
  });
});
