import { accessCookie } from '@plinth/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey } from '../api-keys/api-keys.fixtures.ts';
import { apiKeys } from '../api-keys/index.ts';
import { impersonation } from '../impersonation/index.ts';
import { tokens } from '../tokens/index.ts';
import { authApp, type AuthApp } from './auth.testing.ts';
import { hostileTokens, ISSUER, keyOf, ours, retire, type Workshop } from './hostile-tokens.testing.ts';

let app: AuthApp;
let workshop: Workshop;
let service: string;
beforeAll(async () => {
  app = await authApp({}, [tokens, apiKeys, impersonation]);
  const [same, foreign] = [await authApp(), await authApp({ env: { BASE_URL: 'https://foreign.example' } })];
  const [admin, person, other, gone, suspended] = [
    await app.signedIn('admin'),
    await app.signedIn(),
    await app.signedIn(),
    await app.signedIn(),
    await app.signedIn(),
  ];
  service = (await createKey({ app }, { userId: admin.id, token: admin.token }, { scopes: ['tokens:introspect'] })).key;
  await app.call('POST', '/api/v1/auth/sign-out', { token: gone.token, body: {} });
  // Behind the app's back, so that the session itself lives on.
  await app.owner.query(`update users.users set status = 'suspended' where id = $1`, [suspended.id]);
  const begun = await app.call('POST', '/api/v1/impersonation', {
    token: admin.token,
    body: { userId: person.id, reason: 'for the test' },
  });
  const { kid, jwk, publicJwk } = await app.signingKey();
  workshop = {
    person,
    other,
    gone,
    suspended,
    kid,
    publicJwk,
    impersonated: { token: begun.json.data.accessToken, sessionId: begun.json.data.sessionId, by: admin.id },
    elsewhere: await same.signedIn(),
    foreign: await foreign.signedIn(),
    apiKey: service,
    key: keyOf(jwk),
    retired: await retire(app),
  };
  await Promise.all([same.stop(), foreign.stop()]);
});
afterAll(() => app?.stop());

const introspect = (token: string) =>
  app.call('POST', '/api/v1/oauth/introspect', {
    headers: { 'x-api-key': service, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token }).toString(),
  });
const ask = (headers: Record<string, string>) => app.call('GET', '/api/v1/users/me', { headers });
const cookie = accessCookie({ baseUrl: ISSUER });

describe('hostile tokens', () => {
  it('the workshop is sound: what it signs is taken when nothing is wrong with it', async () => {
    const { impersonated } = workshop;
    const good = [workshop.person.token, ours(workshop), ours(workshop, { sid: impersonated.sessionId, act: { sub: impersonated.by } })];
    for (const token of good) {
      const statuses = [{ authorization: `Bearer ${token}` }, { 'x-access-token': token }, { cookie: `${cookie}=${token}` }].map(
        async (headers) => (await ask(headers as Record<string, string>)).status,
      );
      expect([await Promise.all(statuses), (await introspect(token)).json.active]).toEqual([[200, 200, 200], true]);
    }
    expect(new Set(hostileTokens.map(([name]) => name)).size).toBe(hostileTokens.length);
    expect(hostileTokens.length).toBeGreaterThan(150);
  });

  it.each(hostileTokens)('B73–B76, B79, B80: %s', async (_name, make) => {
    const token = await make(workshop);
    for (const [name, value] of [
      ['authorization', `Bearer ${token}`],
      ['x-access-token', token],
      ['cookie', `${cookie}=${token}`],
    ] as const) {
      const { status, json, requestId } = await ask({ [name]: value });
      const { code } = json.error as { code: string };
      // A cookie that cannot be any token is none.
      expect([name, status, code]).toEqual([name, 401, name === 'cookie' && code === 'SIGN_IN_REQUIRED' ? code : 'INVALID_TOKEN']);
      expect(json).toEqual({ success: false, error: { code, message: expect.any(String), requestId } });
    }
    const reply = await introspect(token);
    expect([reply.status, reply.json]).toEqual([200, { active: false }]);
  });

  it('B74: a blank or line break around a token makes another one', async () => {
    const token = ours(workshop);
    for (const around of [`${token}\n`, `\n${token}`, ` ${token}`, `${token} `, `${token}\t`, token.replace('.', '\n.')])
      expect([around.length, (await introspect(around)).json]).toEqual([around.length, { active: false }]);
    expect((await introspect(token)).json.active).toBe(true);
  });

  it('what a token says about roles, factors and the time of the proof gives nothing: the database knows', async () => {
    await app.owner.query(`update auth.sessions set proved_at = now() - interval '1 hour' where id = $1`, [workshop.other.sessionId]);
    const { id, sessionId } = workshop.other;
    const boasting = { sub: id, sid: sessionId, roles: ['admin'], amr: ['pwd', 'otp', 'pop'], auth_time: Math.floor(Date.now() / 1000) };
    const token = ours(workshop, boasting);
    const reply = await app.call('POST', '/api/v1/api-keys', { token, body: { label: 'x', scopes: ['users:read'] } });
    expect([reply.status, reply.json.error.code]).toEqual([401, 'INSUFFICIENT_USER_AUTHENTICATION']);
    expect((await app.call('GET', '/api/v1/users/statistics', { token })).status).toBe(403);
  });
});
