import { system, uuidv7 } from '@plinth/kit';
import { decodeJwt, decodeProtectedHeader, jwtVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { createHmac, createPublicKey } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authApp, forge, movableClock, type AuthApp, type SignedInPerson } from './auth.testing.ts';
import { auth } from './index.ts';

let app: AuthApp;
let person: SignedInPerson;
beforeAll(async () => {
  app = await authApp();
  person = await app.signedIn();
});
afterAll(() => app?.stop());

const seconds = (): number => Math.floor(Date.now() / 1000);
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwks = async (): Promise<JSONWebKeySet> => (await app.call('GET', '/.well-known/jwks.json')).json as JSONWebKeySet;

describe('access tokens', () => {
  it('carry the claims of RFC 9068 and verify with the published keys', async () => {
    const reply = await app.call('GET', '/.well-known/jwks.json');
    expect(reply.headers.get('cache-control')).toBe('public, max-age=300');
    expect(reply.text).not.toContain('"d"');
    const { payload, protectedHeader } = await jwtVerify(person.token, createLocalJWKSet(reply.json as JSONWebKeySet));
    expect(protectedHeader).toMatchObject({ alg: 'EdDSA', typ: 'at+jwt' });
    expect(payload).toMatchObject({
      sub: person.id,
      sid: person.sessionId,
      iss: 'http://localhost:3000',
      aud: 'http://localhost:3000/api',
      roles: ['member'],
      acr: 'aal1',
    });
    expect(payload.exp! - payload.iat!).toBe(900);
    expect(Object.keys(payload).sort()).toEqual([
      'acr',
      'amr',
      'aud',
      'auth_time',
      'exp',
      'iat',
      'iss',
      'jti',
      'nbf',
      'roles',
      'sid',
      'sub',
    ]);
  });

  it('is taken whatever roles there are: too many to carry are left out', async () => {
    const many = Array.from({ length: 100 }, (_, i) => `a-role-with-quite-a-long-name-${i}`);
    for (const name of many) await app.owner.query(`insert into access.roles (name, title) values ($1, $1)`, [name]);
    const busy = await app.person();
    for (const name of many)
      await app.owner.query(`insert into access.assignments (id, user_id, role) values (gen_random_uuid(), $1, $2)`, [busy.id, name]);
    const { token } = await app.again(busy);
    expect([token.length < 4096, decodeJwt(token)['roles'], await app.me(token)]).toEqual([true, undefined, 200]);
  });

  it('B73: the algorithm is the one of the key, whatever the header says', async () => {
    const payload = encode(decodeJwt(person.token));
    const { kid } = decodeProtectedHeader(person.token);
    const { publicJwk } = await app.signingKey();
    const pem = createPublicKey({ key: publicJwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    const secrets = [
      pem,
      `\n${pem}`,
      ` ${pem}`,
      pem.trim(),
      JSON.stringify(publicJwk),
      publicJwk.x!,
      Buffer.from(publicJwk.x!, 'base64url'),
    ];
    const forged = secrets.flatMap((secret) =>
      (['HS256', 'HS512', 'EdDSA'] as const).map((alg) => {
        const head = `${encode({ alg, typ: 'at+jwt', kid })}.${payload}`;
        return `${head}.${createHmac(alg === 'HS512' ? 'sha512' : 'sha256', secret)
          .update(head)
          .digest('base64url')}`;
      }),
    );
    for (const alg of ['none', 'None', 'NONE', '']) forged.push(`${encode({ alg, typ: 'at+jwt', kid })}.${payload}.`);
    for (const token of forged) expect([token.slice(0, 60), await app.me(token)]).toEqual([token.slice(0, 60), 401]);
    expect(await app.me(person.token)).toBe(200);
    expect(await app.me(await forge(app, person))).toBe(200); // the test's own key is the right one
  });

  it('B74: one changed character is another token, also when the right one was just taken', async () => {
    expect(await app.me(person.token)).toBe(200);
    const [head, payload, signature] = person.token.split('.') as [string, string, string];
    const claims = decodeJwt(person.token);
    const flipped = (text: string): string =>
      text[10] === 'A' ? `${text.slice(0, 10)}B${text.slice(11)}` : `${text.slice(0, 10)}A${text.slice(11)}`;
    const changed = [
      `${head}.${encode({ ...claims, sub: uuidv7() })}.${signature}`,
      `${head}.${payload}.${flipped(signature)}`,
      `${head}.${payload}.`,
      `${head}.${payload}`,
      `${person.token}A`,
      person.token.slice(0, -1),
    ];
    for (const token of changed) expect(await app.me(token)).toBe(401);
    expect(await app.me(person.token)).toBe(200);
  });

  it('B74: a token taken before is refused once its time is over', async () => {
    const token = await forge(app, person, { exp: seconds() + 3 });
    expect(await app.me(token)).toBe(200);
    expect(await app.me(token)).toBe(200);
    await sleep(3100);
    expect(await app.me(token)).toBe(401);
  });

  it('B75: an unknown kid is refused, and looked for at most once in 30 s', async () => {
    let reads = 0;
    const run = app.kit.db.run.bind(app.kit.db);
    Object.assign(app.kit.db, { run: (query: { text: string }) => (query.text.includes('signing_keys') && reads++, run(query as never)) });
    for (const kid of ['unknown', '../../etc/passwd', "' or 1=1 --", 'http://evil.example/key', '', '__proto__', 'constructor']) {
      for (let i = 0; i < 3; i++) expect([kid, await app.me(await forge(app, person, {}, { kid }))]).toEqual([kid, 401]);
    }
    expect(await app.me(await forge(app, person, {}, { kid: undefined }))).toBe(401);
    Object.assign(app.kit.db, { run });
    expect(reads).toBeLessThanOrEqual(1);
  });

  it('B75: a header that brings a key along is none of ours, with the right kid too', async () => {
    const { kid } = await app.signingKey();
    const extra = { jku: 'http://evil.example/jwks', x5u: 'http://evil.example/x', jwk: { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' } };
    expect(await app.me(await forge(app, person, {}, { kid }))).toBe(200);
    expect(await app.me(await forge(app, person, {}, extra))).toBe(401);
    expect(await app.me(await forge(app, person, {}, { ...extra, kid: `${kid}x` }))).toBe(401);
  });

  it.each([
    ['another issuer', { iss: 'http://localhost:3001' }, {}],
    ['no issuer', { iss: undefined }, {}],
    ['another audience', { aud: 'http://localhost:3000' }, {}],
    ['no audience', { aud: undefined }, {}],
    ['over since two seconds', { exp: seconds() - 2 }, {}],
    ['no end', { exp: undefined }, {}],
    ['good in half a minute', { nbf: seconds() + 40 }, {}],
    ['no beginning', { nbf: undefined }, {}],
    ['no subject', { sub: undefined }, {}],
    ['a subject that is no id', { sub: 'admin' }, {}],
    ['another subject', { sub: uuidv7() }, {}],
    ['no session', { sid: undefined }, {}],
    ['an unknown session', { sid: uuidv7() }, {}],
    ['no id', { jti: undefined }, {}],
    ['the type of an ID token', {}, { typ: 'JWT' }],
    ['no type', {}, { typ: undefined }],
  ])('B76: %s is refused', async (_what, payload, header) => {
    expect(await app.me(await forge(app, person, payload, header))).toBe(401);
  });

  it('B77: a node whose clock is off by up to a minute decides as the database does', async () => {
    const clock = movableClock();
    const ahead = await authApp({ database: app.database, clock });
    try {
      const [short, early] = [await forge(app, person, { exp: seconds() + 20 }), await forge(app, person, { nbf: seconds() + 40 })];
      clock.forward(50);
      expect([await ahead.me(short), await ahead.me(early)]).toEqual([200, 401]);
      clock.forward(40);
      expect(await ahead.me(await forge(app, person, { exp: seconds() + 20 }))).toBe(401);
    } finally {
      await ahead.stop();
    }
  });

  it('B76: no issuer, no start', async () => {
    await expect(authApp({ env: { BASE_URL: '' } })).rejects.toThrow('BASE_URL');
  });

  it('B79: a refresh token is no access token, and the other way round', async () => {
    expect(await app.me(person.refreshToken)).toBe(401);
    const reply = await app.call('POST', '/api/v1/auth/refresh', { body: { refreshToken: person.token.slice(0, 200) } });
    expect(reply.status).toBe(401);
    expect((await app.call('GET', '/api/v1/users/me', { headers: { 'x-api-key': person.token } })).status).toBe(401);
  });

  it.each([
    ['no scheme', 'token'],
    ['no token', 'Bearer'],
    ['a blank token', 'Bearer '],
    ['two tokens', 'Bearer a b'],
    ['another scheme', 'Basic YTpi'],
    ['bad base64', 'Bearer %%%'],
    ['three bad parts', 'Bearer a.b.c'],
    ['JSON that is none', `Bearer ${Buffer.from('{').toString('base64url')}.e30.x`],
    ['an array for a header', `Bearer ${encode([])}.${encode({})}.AAAA`],
    ['null for claims', `Bearer ${encode({ alg: 'EdDSA' })}.${encode(null)}.AAAA`],
    ['8 KB', `Bearer ${'a'.repeat(8000)}`],
  ])('B80: %s in Authorization is a 401 in the error form', async (_what, authorization) => {
    const reply = await app.call('GET', '/api/v1/users/me', { headers: { authorization } });
    expect([reply.status, reply.json.error.code]).toEqual([401, 'INVALID_TOKEN']);
  });
});

describe('keys', () => {
  it('B78: rotation publishes before it signs and keeps the old key for its tokens: no request is refused on any node', async () => {
    const clock = movableClock();
    const first = await authApp({ clock });
    const second = await authApp({ database: first.database, clock });
    try {
      const who = await first.signedIn();
      const kidOf = (token: string): string => decodeProtectedHeader(token).kid!;
      const old = kidOf(who.token);
      const statuses: number[] = [];
      const load = { running: true };
      const tokens = [who.token];
      let refreshToken = who.refreshToken;
      const requests = (async () => {
        while (load.running) {
          const { json } = await first.refresh(refreshToken);
          refreshToken = json.data.refreshToken;
          tokens.push(json.data.accessToken);
          for (const token of [tokens[0]!, tokens.at(-1)!]) statuses.push(await first.me(token), await second.me(token));
        }
      })();
      const kid = await first.api(auth).rotateKeys(system('test', null, uuidv7()));
      const published = (await first.call('GET', '/.well-known/jwks.json')).json as JSONWebKeySet;
      expect(new Set(published.keys.map((key) => key.kid))).toEqual(new Set([kid, old]));
      const more = async (): Promise<void> => {
        const until = statuses.length + 16;
        while (statuses.length < until) await sleep(10);
      };
      await more();
      expect(kidOf(tokens.at(-1)!)).toBe(old);
      clock.forward(601);
      await more();
      load.running = false;
      await requests;
      expect(kidOf(tokens.at(-1)!)).toBe(kid);
      expect(statuses.length).toBeGreaterThan(20);
      expect(new Set(statuses)).toEqual(new Set([200]));
      const { rows } = await first.owner.query(
        `select extract(epoch from verifies_until - now()) > 600 + 900 as long from auth.signing_keys where kid = $1`,
        [old],
      );
      expect(rows).toEqual([{ long: true }]);
    } finally {
      await second.stop();
      await first.stop();
    }
  });

  it('are one for all nodes that start together, private parts encrypted', async () => {
    const { rows } = await app.owner.query<{ row: string }>('select k::text as row from auth.signing_keys k');
    expect(rows).toHaveLength(1);
    const { jwk } = await app.signingKey();
    expect(jwk.d).toBeTruthy();
    expect(rows[0]!.row).not.toContain(jwk.d!);
    expect((await jwks()).keys).toHaveLength(1);
  });
});
