import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testServer, type Asking, type TestServer } from './server.fixtures.ts';
import { things } from './things.fixtures.ts';

/** The same server in front of a door that answers at once, and of one that must ask the database. */
describe.each([
  ['at once', false],
  ['later', true],
])('a door that answers %s', (_name, slowDoor) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await testServer([things], { slowDoor });
  });
  afterAll(() => server.stop());
  const COOKIE = '__Host-plinth_access';
  const code = async (method: string, path: string, asking: Asking = {}): Promise<string> => {
    const { status, json } = await server.call(method, path, asking);
    return `${status} ${(json?.error?.code as string | undefined) ?? JSON.stringify(json?.data ?? null)}`;
  };

  test('a token is read from Authorization, X-Access-Token, X-API-Key and the cookie, and from no query', async () => {
    const mine = (headers: Record<string, string>, query = '') => code('GET', `/api/v1/mine${query}`, { headers });
    expect(await mine({ authorization: 'Bearer ada' })).toBe('200 {"userId":"ada"}');
    expect(await mine({ authorization: 'bearer ada' })).toBe('200 {"userId":"ada"}');
    expect(await mine({ 'x-access-token': 'bob' })).toBe('200 {"userId":"bob"}');
    expect(await code('GET', '/api/v1/open', { headers: { 'x-api-key': 'robot' } })).toBe('200 {"userId":"ada"}');
    expect(await mine({ 'x-api-key': 'robot' })).toBe('403 FORBIDDEN'); // what needs no permission is for people
    expect(await mine({ cookie: `other=1; ${COOKIE}=ada; more=2` })).toBe('200 {"userId":"ada"}');
    expect(await mine({ cookie: `x${COOKIE}=ada; plinth_access=ada` })).toBe('401 SIGN_IN_REQUIRED');
    expect(await mine({}, '?access_token=ada&token=ada')).toBe('401 SIGN_IN_REQUIRED');
    expect(await mine({ authorization: 'Bearer ada', cookie: `${COOKIE}=bob` })).toBe('200 {"userId":"ada"}');
  });
  test('a bad cookie is nobody where strangers may come, and 401 where not; a bad header is 401 everywhere', async () => {
    const cookie = { headers: { cookie: `${COOKIE}=stale` } };
    expect(await code('GET', '/api/v1/open', cookie)).toBe('200 {"userId":null}');
    expect(await code('GET', '/api/v1/things/1', cookie)).toMatch(/^200/);
    expect(await code('GET', '/api/v1/mine', cookie)).toBe('401 INVALID_TOKEN');
    for (const header of ['authorization', 'x-access-token', 'x-api-key']) {
      const headers = { [header]: header === 'authorization' ? 'Bearer stale' : 'stale' };
      expect([header, await code('GET', '/api/v1/open', { headers })]).toEqual([header, '401 INVALID_TOKEN']);
    }
    expect(await code('GET', '/api/v1/open', { headers: { 'x-api-key': ['robot', 'robot'] } })).toBe('401 INVALID_TOKEN');
  });
  test('401 where guests may not, 403 where the caller may not; decided before the body is read', async () => {
    expect(await code('POST', '/api/v1/forbidden')).toBe('401 SIGN_IN_REQUIRED');
    expect(await code('POST', '/api/v1/things', { body: '{"malformed' })).toBe('401 SIGN_IN_REQUIRED');
    expect(await code('POST', '/api/v1/forbidden', { token: 'ada', body: '{"malformed' })).toBe('403 FORBIDDEN');
    const { headers } = await server.call('POST', '/api/v1/forbidden');
    expect(headers['www-authenticate']).toBe('Bearer');
  });
  test('the refusal of a known caller is told to the log of facts, with the decision in reply and line; that of a stranger is not', async () => {
    const before = server.refused.length;
    await server.call('POST', '/api/v1/forbidden');
    expect(server.refused).toHaveLength(before);
    const { headers } = await server.call('POST', '/api/v1/forbidden', {
      token: 'ada',
      headers: { 'x-request-id': `refused-${slowDoor}`, 'user-agent': 'test/1' },
    });
    expect(headers['x-decision-id']).toBe('d-1');
    expect(server.refused).toHaveLength(before + 1);
    expect(server.refused.at(-1)).toMatchObject({
      refusal: { code: 'FORBIDDEN', reason: 'test' },
      caller: {
        userId: 'ada',
        decisionId: 'd-1',
        origin: { address: '127.0.0.1', userAgent: 'test/1', requestId: `refused-${slowDoor}`, operation: 'things.forbid', traceId: null },
      },
    });
    await expect
      .poll(() => server.logged.find(({ requestId, msg }) => requestId === `refused-${slowDoor}` && msg === 'request'))
      .toMatchObject({ decisionId: 'd-1', failure: 'FORBIDDEN', status: 403 });
  });
  test('a proof that is too old is answered as RFC 9470 says; a key never passes', async () => {
    expect(await code('POST', '/api/v1/secure', { token: 'fresh' })).toBe('200 {"ok":true}');
    const old = await server.call('POST', '/api/v1/secure', { token: 'ada' });
    expect([old.status, old.headers['www-authenticate']]).toEqual([
      401,
      'Bearer error="insufficient_user_authentication", error_description="A more recent sign-in is required", max_age="600"',
    ]);
    expect(await code('POST', '/api/v1/secure', { headers: { 'x-api-key': 'robot' } })).toBe('401 INSUFFICIENT_USER_AUTHENTICATION');
  });
  test('B81: with a cookie, unsafe methods need an allowed origin; with a token, they need none', async () => {
    const post = (headers: Record<string, string>) =>
      code('POST', '/api/v1/things', { headers: { cookie: `${COOKIE}=ada`, ...headers }, body: { name: 'x', price: { amount: 1 } } }).then(
        (text) => text.slice(0, 18),
      );
    const refused = '403 ORIGIN_REFUSED';
    expect(await post({ origin: 'https://api.example.com' })).toMatch(/^201/);
    expect(await post({ origin: 'https://app.example.com' })).toMatch(/^201/);
    expect(await post({ 'sec-fetch-site': 'same-origin' })).toMatch(/^201/);
    expect(await post({})).toBe(refused);
    expect(await post({ origin: 'null' })).toBe(refused);
    expect(await post({ origin: 'https://evil.example' })).toBe(refused);
    expect(await post({ origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' })).toBe(refused);
    expect(await post({ origin: 'https://api.example.com.evil.example' })).toBe(refused);
    expect(await post({ 'sec-fetch-site': 'cross-site' })).toBe(refused);
    expect(await post({ 'sec-fetch-site': 'same-site' })).toBe(refused);
    expect(await post({ origin: 'https://evil.example', authorization: 'Bearer ada' })).toMatch(/^201/);
    expect(await code('GET', '/api/v1/mine', { headers: { cookie: `${COOKIE}=ada`, origin: 'https://evil.example' } })).toBe(
      '200 {"userId":"ada"}',
    );
    // A refresh cookie acts without an access cookie beside it.
    expect(await code('POST', '/api/v1/session', { headers: { cookie: 'plinth_refresh=x', origin: 'https://evil.example' } })).toBe(
      refused,
    );
  });
  test('B14, B15: what sets a session is never stored, whatever the operation says; its cookie is closed to scripts', async () => {
    const { headers } = await server.call('POST', '/api/v1/session');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['set-cookie']).toEqual([
      `${COOKIE}=ada; Max-Age=900; Path=/; HttpOnly; Secure; SameSite=Lax`,
      'plinth_old=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax',
    ]);
    expect((await server.call('GET', '/api/v1/mine', { token: 'ada' })).headers['cache-control']).toBe('no-store');
  });
});

describe('origins', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await testServer([things], {
      config: { production: true, limits: { unsafe: 1, safe: 1000, caller: 1000, bodyBytes: 1_048_576 } },
    });
  });
  afterAll(() => server.stop());
  const seen = async (origin: string, path = '/api/v1/open', method = 'GET') => {
    const { headers } = await server.call(method, path, { headers: { origin } });
    expect(headers['vary']).toContain('Origin');
    return [headers['access-control-allow-origin'], headers['access-control-allow-credentials']];
  };

  test('B120: exact origins and one label of a wildcard, never null, never a look-alike', async () => {
    expect(await seen('https://app.example.com')).toEqual(['https://app.example.com', 'true']);
    expect(await seen('https://one.pages.example')).toEqual(['https://one.pages.example', 'true']);
    for (const origin of [
      'null',
      'https://evil.example',
      'http://app.example.com',
      'https://app.example.com:8443',
      'https://app.example.com.evil.example',
      'https://pages.example',
      'https://a.b.pages.example',
      'https://evil-pages.example',
      'https://x.pages.example.evil.example',
      'https://.pages.example',
      '*',
    ]) {
      expect([origin, await seen(origin)]).toEqual([origin, [undefined, undefined]]);
    }
  });
  test('B120: errors carry it too, 404, 405, 401, malformed addresses and 429 alike', async () => {
    const allowed = ['https://app.example.com', 'true'];
    for (const [method, path] of [
      ['GET', '/nowhere'],
      ['PUT', '/api/v1/open'],
      ['GET', '/api/v1/mine'],
      ['GET', '/api/v1/things/%zz'],
      ['GET', '/a//b'],
    ] as const) {
      expect([path, await seen('https://app.example.com', path, method)]).toEqual([path, allowed]);
    }
    await server.call('POST', '/api/v1/search', { body: { q: 'x' } });
    const limited = await server.call('POST', '/api/v1/search', { body: { q: 'x' }, headers: { origin: 'https://app.example.com' } });
    expect([limited.status, limited.headers['access-control-allow-origin']]).toEqual([429, 'https://app.example.com']);
  });
  test('a preflight is answered for any address, allowed origins get leave, and nothing is counted', async () => {
    const ask = (origin: string, path: string) =>
      server.call('OPTIONS', path, {
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
      });
    for (const path of ['/api/v1/things', '/nowhere']) {
      const { status, headers, text } = await ask('https://app.example.com', path);
      expect([status, text, headers['access-control-allow-origin'], headers['access-control-allow-methods'], headers['ratelimit']]).toEqual(
        [204, '', 'https://app.example.com', 'GET, HEAD, POST, PUT, PATCH, DELETE', undefined],
      );
      expect(headers['access-control-allow-headers']).toContain('idempotency-key');
    }
    const evil = await ask('https://evil.example', '/api/v1/things');
    expect([evil.status, evil.headers['access-control-allow-origin'], evil.headers['access-control-allow-methods']]).toEqual([
      204,
      undefined,
      undefined,
    ]);
  });
});
