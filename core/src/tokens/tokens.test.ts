import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey } from '../api-keys/api-keys.fixtures.ts';
import { apiKeys } from '../api-keys/index.ts';
import { authApp, forge, type AuthApp } from '../auth/auth.testing.ts';
import { tokens } from './index.ts';

let app: AuthApp;
let service: string;
beforeAll(async () => {
  app = await authApp({}, [tokens, apiKeys]);
  const { id, token } = await app.signedIn('admin');
  service = (await createKey({ app }, { userId: id, token }, { scopes: ['tokens:introspect'] })).key;
});
afterAll(() => app?.stop());

const form = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  app.call('POST', `/api/v1/oauth/${path}`, {
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
const introspect = (token: string) => form('introspect', { token }, { 'x-api-key': service });

describe('introspection (RFC 7662)', () => {
  it('tells a service whose live token it is, and of any other that it is not active, no more', async () => {
    const person = await app.signedIn();
    const reply = await introspect(person.token);
    expect([reply.status, reply.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(reply.json).toMatchObject({
      active: true,
      sub: person.id,
      sid: person.sessionId,
      iss: 'http://localhost:3000',
      aud: 'http://localhost:3000/api',
      token_type: 'Bearer',
    });
    const past = Math.floor(Date.now() / 1000) - 3600;
    const others = [
      person.refreshToken,
      service,
      'x',
      'x'.repeat(8000),
      `${person.token}x`,
      await forge(app, person, { exp: past + 60, iat: past, nbf: past }),
      await forge(app, person, { aud: 'somewhere else' }),
      await forge(app, person, {}, { typ: 'JWT' }),
    ];
    for (const token of others)
      expect([token.slice(0, 20), (await introspect(token)).json]).toEqual([token.slice(0, 20), { active: false }]);
    await app.call('POST', '/api/v1/auth/sign-out', { token: person.token, body: {} });
    expect((await introspect(person.token)).json).toEqual({ active: false });
  });
  it('is for whoever has the permission, and takes a form', async () => {
    const person = await app.signedIn();
    expect((await form('introspect', { token: person.token })).status).toBe(401);
    expect((await form('introspect', { token: person.token }, { authorization: `Bearer ${person.token}` })).status).toBe(403);
    expect((await app.call('POST', '/api/v1/oauth/introspect', { headers: { 'x-api-key': service }, body: { token: 'x' } })).status).toBe(
      415,
    );
    expect((await form('introspect', {}, { 'x-api-key': service })).status).toBe(422);
  });
});

describe('revocation (RFC 7009)', () => {
  it('ends the session of an access or a refresh token at once, and answers the same for any other', async () => {
    for (const which of ['token', 'refreshToken'] as const) {
      const person = await app.signedIn();
      const reply = await form('revoke', { token: person[which] });
      expect([reply.status, reply.json, await app.facts(reply.requestId)]).toEqual([200, {}, ['auth.signed-out']]);
      expect([await app.me(person.token), (await app.refresh(person.refreshToken)).status]).toEqual([401, 401]);
      const again = await form('revoke', { token: person[which] });
      expect([again.status, again.json, await app.facts(again.requestId)]).toEqual([200, {}, []]);
    }
    const person = await app.signedIn();
    for (const token of ['x', service, `${person.refreshToken}x`, await forge(app, person, { aud: 'somewhere else' })])
      expect((await form('revoke', { token })).status).toBe(200);
    expect(await app.me(person.token)).toBe(200);
  });
});

it('says where its keys and services are (RFC 8414)', async () => {
  const { status, json } = await app.call('GET', '/.well-known/openid-configuration');
  expect(status).toBe(200);
  expect(json).toMatchObject({ issuer: 'http://localhost:3000', jwks_uri: 'http://localhost:3000/.well-known/jwks.json' });
  expect(json).not.toHaveProperty('authorization_endpoint');
});
