import { system, uuidv7 } from '@plinth/kit';
import { readConfig } from '@plinth/kit/tools';
import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { account } from '../account/index.ts';
import { authApp, PASSWORD, type AuthApp } from './auth.testing.ts';
import { auth } from './index.ts';

const BREACHED = 'seven slow trains to Lisbon';
const GOOD = 'nine grey herons on the pier';
const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex').toUpperCase();
const padding = Array.from({ length: 800 }, (_, i) => `${sha1(`padding ${i}`).slice(5)}:${i % 2 ? 0 : i}`);

/** The endpoint as it is described at haveibeenpwned.com/API/v3: it knows BREACHED, and lists GOOD as padding. */
const asked: { url: string; headers: IncomingHttpHeaders; body: string }[] = [];
const range = (prefix: string, response: ServerResponse): void => {
  const known = [
    [BREACHED, 4711],
    [GOOD, 0],
  ] as const;
  const own = known.flatMap(([text, times]) => (sha1(text).startsWith(prefix) ? [`${sha1(text).slice(5)}:${times}`] : []));
  response.end([...padding.slice(0, 400), ...own, ...padding.slice(400)].join('\r\n'));
};
let answer: (prefix: string, response: ServerResponse) => void = range;
const endpoint = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    const { url = '', headers } = request;
    asked.push({ url, headers, body });
    answer(url.slice(url.lastIndexOf('/') + 1), response);
  });
});

let app: AuthApp;
beforeAll(async () => {
  await new Promise<void>((listening) => endpoint.listen(0, '127.0.0.1', listening));
  const { port } = endpoint.address() as AddressInfo;
  app = await authApp({ env: { BREACH_CHECK_URL: `http://127.0.0.1:${port}/range/` } }, [auth, account]);
});
afterAll(async () => {
  await app?.stop();
  endpoint.closeAllConnections();
  endpoint.close();
});
afterEach(() => {
  answer = range;
  asked.length = 0;
});

const post = (path: string, body: object, token?: string) => app.call('POST', `/api/v1${path}`, { body, token });
const mailed = async (email: string, subject: string): Promise<string> =>
  /#token=(\S+)/.exec((await app.mailbox.newest(email, (mail) => mail.subject === subject)).text)![1]!;
const set = (userId: string, password: string) => app.api(auth).setPassword(system('test', null, uuidv7()), userId, password);
/** How often each outcome was counted. */
async function outcomes(): Promise<Record<string, number>> {
  const text = await (await fetch(`${app.url}/metrics`)).text();
  const found = text.matchAll(/^auth_breach_checks_total\{outcome="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...found].map(([, outcome, n]) => [outcome!, Number(n)]));
}

describe('a new password that was in a breach', () => {
  it('B68: is refused, naming the field, wherever one is set, and leaves the link as it was', async () => {
    const email = `r-${uuidv7()}@example.com`;
    await post('/auth/register', { email, displayName: 'Grace Hopper' });
    const confirming = await mailed(email, 'Confirm your address');
    const [person, forgetful] = [await app.signedIn(), await app.person()];
    await post('/account/forgot-password', { email: forgetful.email });
    const resetting = await mailed(forgetful.email, 'Choose a new password');
    const ways = (password: string) =>
      [
        ['password', () => post('/auth/register/confirm', { token: confirming, password })],
        ['password', () => post('/account/reset-password', { token: resetting, password })],
        ['newPassword', () => post('/auth/password', { currentPassword: PASSWORD, newPassword: password }, person.token)],
      ] as const;
    for (const [field, way] of ways(BREACHED)) {
      const { status, json } = await way();
      expect([status, json.error.code, json.error.fields]).toEqual([
        422,
        'PASSWORD_REFUSED',
        { [field]: 'It has appeared in a data breach: whoever guesses tries it' },
      ]);
    }
    await expect(set(person.id, BREACHED)).rejects.toMatchObject({ code: 'PASSWORD_REFUSED' });
    const done = [];
    for (const [, way] of ways(GOOD)) done.push((await way()).status);
    expect(done).toEqual([201, 204, 200]);
    await set(person.id, GOOD);
    expect((await app.signIn({ ...person, password: GOOD })).status).toBe(200);
  });
  it('B72: five digits of its hash leave the server, and nothing else', async () => {
    const { id } = await app.person('member', null);
    await set(id, GOOD);
    expect(asked.map(({ url, body }) => [url, body])).toEqual([[`/range/${sha1(GOOD).slice(0, 5)}`, '']]);
    const { host: _host, connection: _connection, ...headers } = asked[0]!.headers;
    expect(headers).toEqual({
      'add-padding': 'true',
      'user-agent': 'plinth',
    });
  });
  it('is not asked about where none is set: signing in, a wrong present password, a dead link, one refused anyway', async () => {
    const person = await app.signedIn();
    asked.length = 0;
    expect((await app.signIn(person)).status).toBe(200);
    expect((await post('/auth/step-up', { password: 'not the right one at all' }, person.token)).status).toBe(403);
    const wrong = { currentPassword: 'not the right one at all', newPassword: GOOD };
    expect((await post('/auth/password', wrong, person.token)).status).toBe(403);
    expect((await post('/auth/register/confirm', { token: 'x'.repeat(43), password: GOOD })).status).toBe(400);
    expect((await post('/account/reset-password', { token: 'x'.repeat(43), password: GOOD })).status).toBe(400);
    expect((await post('/auth/password', { currentPassword: PASSWORD, newPassword: 'passwordpassword' }, person.token)).status).toBe(422);
    expect(asked).toEqual([]);
  });
});

describe('an endpoint that gives no verdict', () => {
  const elsewhere: string[] = [];
  const FAILURES: Record<string, [answer: typeof answer, reason: RegExp]> = {
    'an error': [(_prefix, response) => void response.writeHead(503).end('busy'), /^status 503$/],
    silence: [() => undefined, /^TimeoutError$/],
    'a body that never ends, slowly': [(_prefix, response) => void response.write(`${padding.join('\r\n')}\r\n`), /^TimeoutError$/],
    'a body without bound': [
      (_prefix, response) => {
        const chunk = `${padding.join('\r\n')}\r\n`.repeat(4);
        const more = (): void => {
          while (!response.destroyed && response.write(chunk));
          if (!response.destroyed) response.once('drain', more);
        };
        more();
      },
      /answers more than 524288 bytes$/,
    ],
    'a redirect': [
      (prefix, response) => {
        if (asked.at(-1)!.url.startsWith('/elsewhere')) {
          elsewhere.push(prefix);
          range(prefix, response);
        } else response.writeHead(302, { location: `/elsewhere/${prefix}` }).end();
      },
      /redirects, which is not followed$/,
    ],
    'a page': [(_prefix, response) => void response.end('<html>Sign in to the hotel</html>'), /^the answer is no range$/],
    nothing: [(_prefix, response) => void response.end(), /^the answer is no range$/],
    'a broken connection': [(_prefix, response) => void response.destroy(), /^ECONNRESET$/],
  };
  it.each(Object.keys(FAILURES))('B72: %s: the password is taken in bounded time, which is logged and counted', async (kind) => {
    const [fails, reason] = FAILURES[kind]!;
    answer = fails;
    const { id } = await app.person('member', null);
    const [warned, before, start] = [vi.spyOn(app.kit.logger, 'warn'), await outcomes(), performance.now()];
    try {
      await set(id, BREACHED);
      expect(performance.now() - start).toBeLessThan(6000);
      expect(warned.mock.calls).toEqual([
        [{ reason: expect.stringMatching(reason) }, 'breached passwords cannot be looked up: let through'],
      ]);
      expect(await outcomes()).toEqual({ ...before, unavailable: before['unavailable']! + 1 });
      expect(elsewhere).toEqual([]);
    } finally {
      warned.mockRestore();
    }
  });
  it('B72: nobody there: the same', async () => {
    const unused = createServer();
    await new Promise<void>((listening) => unused.listen(0, '127.0.0.1', listening));
    const { port } = unused.address() as AddressInfo;
    await new Promise((closed) => unused.close(closed));
    const other = await authApp({ env: { BREACH_CHECK_URL: `http://localhost:${port}` }, database: app.database });
    try {
      const warned = vi.spyOn(other.kit.logger, 'warn');
      const { id } = await app.person('member', null);
      await other.api(auth).setPassword(system('test', null, uuidv7()), id, BREACHED);
      expect(warned.mock.calls[0]![0]).toEqual({ reason: 'ECONNREFUSED' });
    } finally {
      await other.stop();
    }
  });
});

it('B72: the endpoint is spoken to over https, or on this machine, and its address carries nothing secret', () => {
  const given = (url: string) => () => readConfig({ NODE_ENV: 'test', BREACH_CHECK_URL: url }, false).breachCheckUrl;
  expect(given('https://api.pwnedpasswords.com/range/')()).toBe('https://api.pwnedpasswords.com/range');
  expect(given('http://[::1]:8080/range')()).toBe('http://[::1]:8080/range');
  for (const url of ['http://pwned.example/range', 'https://a:b@pwned.example', 'https://pwned.example/?key=1', 'ftp://localhost', 'range'])
    expect(given(url)).toThrow(/BREACH_CHECK_URL/);
  expect(readConfig({ NODE_ENV: 'test' }, false).breachCheckUrl).toBeNull();
});
