import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authApp, cookiesOf, PASSWORD, valueOf, type AuthApp } from './auth.testing.ts';

let app: AuthApp;
beforeAll(async () => {
  app = await authApp();
});
afterAll(() => app?.stop());

const failure = ({ status, json }: { status: number; json: { error: object } }): unknown => ({
  status,
  error: { ...json.error, requestId: null },
});
const suspend = (userId: string, token: string) =>
  app.call('POST', `/api/v1/users/${userId}/suspend`, { token, body: { reason: 'for the test' } });

describe('signing in', () => {
  it('answers tokens and publishes one fact', async () => {
    const person = await app.person();
    const reply = await app.signIn(person);
    expect(reply.status).toBe(200);
    expect(reply.json.data).toMatchObject({ userId: person.id, delivery: 'body', tokenType: 'Bearer', expiresIn: 900 });
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(await app.facts(reply.requestId)).toEqual(['auth.signed-in']);
    expect(await app.me(reply.json.data.accessToken)).toBe(200);
  });

  it('B20: unknown, wrong, suspended, deleted and without a password answer the same', async () => {
    const { token } = await app.signedIn('admin');
    const [wrong, suspended, deleted, bare] = await Promise.all([app.person(), app.person(), app.person(), app.person('member', null)]);
    expect((await suspend(suspended.id, token)).status).toBe(200);
    expect((await app.call('DELETE', `/api/v1/users/${deleted.id}`, { token })).status).toBe(204);
    const replies = [
      await app.signIn({ ...wrong, password: 'not the right one at all' }),
      await app.signIn({ ...wrong, email: 'nobody@example.com' }),
      await app.signIn({ ...wrong, email: 'no address' }),
      await app.signIn(suspended),
      await app.signIn(deleted),
      await app.signIn({ ...bare, password: PASSWORD }),
    ];
    for (const reply of replies) expect(failure(reply)).toEqual(failure(replies[0]!));
    expect(failure(replies[0]!)).toMatchObject({ status: 401, error: { code: 'INVALID_CREDENTIALS' } });
    expect((await app.signIn(wrong)).status).toBe(200);
  });

  it('B20: an unknown address takes as long as a wrong password', async () => {
    const person = await app.person();
    const times: Record<'wrong' | 'unknown', number[]> = { wrong: [], unknown: [] };
    for (let i = 0; i < 25; i++) {
      await app.owner.query('delete from auth.attempts'); // a locked account answers at once
      for (const [kind, email] of [
        ['wrong', person.email],
        ['unknown', `u${i}@example.com`],
      ] as const) {
        const start = performance.now();
        await app.signIn({ ...person, email, password: 'not the right one at all' });
        times[kind].push(performance.now() - start);
      }
    }
    const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
    // Without the decoy hash this ratio is about 0.2; the deep test measures it closely.
    expect(median(times.unknown) / median(times.wrong)).toBeGreaterThan(0.6);
    expect(median(times.unknown) / median(times.wrong)).toBeLessThan(1.6);
  });

  it('B69: the whole password counts, and one that is too long is refused, not cut', async () => {
    const head = 'abcdefghi '.repeat(9);
    const person = await app.person('member', `${head}one end`.padEnd(100, 'x'));
    expect((await app.signIn({ ...person, password: `${head}two end`.padEnd(100, 'x') })).status).toBe(401);
    expect((await app.signIn(person)).status).toBe(200);
    expect((await app.signIn({ ...person, password: person.password + 'x'.repeat(1000) })).status).toBe(422);
    expect((await app.signIn({ ...person, password: 'short' })).status).toBe(401);
  });

  it('B68: a password is the same however its characters are composed', async () => {
    const person = await app.person('member', 'zwölf Boxkämpfer jagen Viktor'.normalize('NFD'));
    expect((await app.signIn({ ...person, password: 'zwölf Boxkämpfer jagen Viktor'.normalize('NFC') })).status).toBe(200);
  });

  it('B9: every sign-in is a new session, and one brought along is not adopted', async () => {
    const person = await app.signedIn();
    const again = await app.signIn(person, {}, { cookie: `plinth_access=${person.token}`, origin: 'http://localhost:3000' });
    expect(again.status).toBe(200);
    expect(again.json.data.sessionId).not.toBe(person.sessionId);
    const planted = await app.signIn(
      person,
      {},
      { cookie: 'plinth_access=planted; plinth_refresh=planted', origin: 'http://localhost:3000' },
    );
    expect(planted.status).toBe(200);
    expect(JSON.stringify(planted.json)).not.toContain('planted');
  });
});

describe('cookies', () => {
  it('B14: every answer that carries tokens is no-store', async () => {
    const person = await app.person();
    const body = await app.signIn(person);
    const cookie = await app.signIn(person, { delivery: 'cookie' });
    const refreshed = await app.refresh(body.json.data.refreshToken);
    const changed = await app.call('POST', '/api/v1/auth/password', {
      token: refreshed.json.data.accessToken,
      body: { currentPassword: PASSWORD, newPassword: 'seven slow trains to Lisbon' },
    });
    for (const reply of [body, cookie, refreshed, changed])
      expect([reply.status, reply.headers.get('cache-control')]).toEqual([200, 'no-store']);
  });

  it('B15: tokens stand in HttpOnly cookies and nowhere in the body; with https they are Secure and bound to the host', async () => {
    const https = await authApp({ env: { BASE_URL: 'https://shop.example.com' } });
    try {
      const person = await https.person();
      const reply = await https.signIn(person, { delivery: 'cookie' });
      const cookies = cookiesOf(reply);
      expect(Object.keys(cookies).sort()).toEqual(['__Host-plinth_access', '__Secure-plinth_refresh']);
      expect(cookies['__Host-plinth_access']).toMatch(/; Path=\/(;|$)/);
      expect(cookies['__Secure-plinth_refresh']).toMatch(/; Path=\/api\/v1\/auth(;|$)/);
      for (const line of Object.values(cookies)) expect(line).toMatch(/HttpOnly.*Secure.*SameSite=(Lax|Strict)/);
      expect(cookies['__Host-plinth_access']).not.toMatch(/Domain/);
      for (const line of Object.values(cookies)) expect(reply.text).not.toContain(valueOf(line));
      expect(reply.json.data).not.toHaveProperty('accessToken');
      expect(reply.text + Object.values(cookies).join()).not.toContain(person.email);
      const me = await https.call('GET', '/api/v1/users/me', {
        headers: { cookie: `__Host-plinth_access=${valueOf(cookies['__Host-plinth_access']!)}` },
      });
      expect([me.status, me.json.data.id]).toEqual([200, person.id]);
      const { status, text } = await https.call('POST', '/api/v1/auth/register', {
        body: { email: 'x@example.com', displayName: 'x' },
      });
      expect(status).toBe(202);
      expect(text).not.toContain('token');
    } finally {
      await https.stop();
    }
  });

  it('are refreshed and cleared with the Origin of the app only', async () => {
    const person = await app.person();
    const signed = cookiesOf(await app.signIn(person, { delivery: 'cookie' }));
    const cookie = `plinth_access=${valueOf(signed['plinth_access']!)}; plinth_refresh=${valueOf(signed['plinth_refresh']!)}`;
    const foreign = await app.call('POST', '/api/v1/auth/refresh', { headers: { cookie, origin: 'https://evil.example' } });
    expect(foreign.json.error.code).toBe('ORIGIN_REFUSED');
    const refreshed = await app.call('POST', '/api/v1/auth/refresh', { headers: { cookie, origin: 'http://localhost:3000' } });
    expect(refreshed.status).toBe(200);
    const next = cookiesOf(refreshed);
    expect(valueOf(next['plinth_refresh']!)).not.toBe(valueOf(signed['plinth_refresh']!));
    // The access token has expired in the browser: the refresh cookie alone signs out.
    const out = await app.call('POST', '/api/v1/auth/sign-out', {
      headers: { cookie: `plinth_refresh=${valueOf(next['plinth_refresh']!)}`, origin: 'http://localhost:3000' },
    });
    expect([out.status, await app.facts(out.requestId)]).toEqual([204, ['auth.signed-out']]);
    expect(Object.values(cookiesOf(out)).every((line) => /Max-Age=0/.test(line))).toBe(true);
    expect(Object.keys(cookiesOf(out))).toHaveLength(2);
    expect(await app.me(valueOf(next['plinth_access']!))).toBe(401);
  });
});

describe('the first administrator', () => {
  it('is made once, with a password that is told once', async () => {
    const [line, ...rest] = (await app.seed()).filter((text) => text.startsWith('administrator'));
    expect(rest).toEqual([]);
    const [, email, password] = /^administrator (\S+), password (\S+) /.exec(line!)!;
    const { status, json } = await app.signIn({ id: '', email: email!, password: password! });
    expect(status).toBe(200);
    expect((await app.call('GET', '/api/v1/users', { token: json.data.accessToken })).status).toBe(200);
    expect(await app.seed()).toEqual([]);
  });
});
