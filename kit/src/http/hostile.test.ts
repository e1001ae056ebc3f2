import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testServer, type Answer, type TestServer } from './server.fixtures.ts';
import { things } from './things.fixtures.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer([things]);
});
afterAll(() => server.stop());

/** Every answer has the one form, whatever it answers. */
const inForm = (answer: Answer): number => {
  expect(answer.json).toEqual({
    success: false,
    error: {
      code: expect.stringMatching(/^[A-Z_]+$/),
      message: expect.any(String),
      requestId: answer.headers['x-request-id'],
      ...(answer.json?.error.fields && { fields: expect.any(Object) }),
    },
  });
  expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', vary: 'Origin' });
  return answer.status;
};
const create = (body: string | Uint8Array, type: string | null = 'application/json') =>
  server.call('POST', '/api/v1/things', { token: 'ada', body, headers: type === null ? {} : { 'content-type': type } });
const good = { name: 'x', price: { amount: 1 } };

describe('bodies', () => {
  test('the target takes a good one', async () => {
    expect((await create(JSON.stringify(good))).status).toBe(201);
  });
  test.each([
    ['malformed', '{"name":', 400],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 400],
    ['with a byte order mark of UTF-16', Buffer.from('\ufeff{"name":"x"}', 'utf16le'), 400],
    ['100,000 deep in arrays', '['.repeat(100_000) + ']'.repeat(100_000), 400],
    ['100,000 deep in objects', '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000), 400],
    ['__proto__', '{"name":"x","price":{"amount":1},"__proto__":{"admin":true}}', 400],
    ['__proto__ inside, escaped', '{"name":"x","price":{"amount":1,"__pr\\u006fto__":{"admin":true}}}', 400],
    ['constructor.prototype', '{"name":"x","constructor":{"prototype":{"admin":true}}}', 400],
    ['NUL', '{"name":"a\\u0000b","price":{"amount":1}}', 422],
    ['a lone surrogate', '{"name":"a\\ud800b","price":{"amount":1}}', 422],
    ['a lone surrogate as a key', '{"name":"x","price":{"amount":1},"\\udc00":1}', 422],
    ['a number', '5', 422],
    ['null', 'null', 422],
    ['an array', '[]', 422],
    ['empty', '', 422],
    ['1e999', '{"name":"x","price":{"amount":1e999}}', 422],
    ['beyond what an integer holds', '{"name":"x","price":{"amount":12345678901234567890}}', 422],
    ['11 MB', Buffer.alloc(11_000_000, 32), 413],
  ])('%s is refused in the one form', async (_name, body, status) => {
    expect(inForm(await create(body))).toBe(status);
    expect(Object.prototype).not.toHaveProperty('admin');
  });
  test('NUL and lone surrogates are named by field, in body, query and params', async () => {
    const fields = async (answer: Promise<Answer>) => Object.keys((await answer).json.error.fields as object);
    expect(await fields(create('{"name":"a\\u0000b","price":{"amount":1}}'))).toEqual(['name']);
    expect(await fields(server.call('GET', '/api/v1/things?q=a%00b'))).toEqual(['q']);
  });
  test('B119: chunked, beyond the limit, is cut off at the limit', async () => {
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
    const answer = await server.raw(
      `POST /api/v1/things HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ada\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(20)}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*"code":"PAYLOAD_TOO_LARGE"/s);
  });
  test('B118: only JSON is JSON, however its type is written', async () => {
    for (const type of [
      'application/json ',
      'Application/JSON',
      'application/json; charset=utf-8',
      'application/json;charset=UTF-8',
      'application/json\t;x=y',
      'application/vnd.api+json',
    ]) {
      expect([type, (await create(JSON.stringify(good), type)).status]).toEqual([type, 201]);
      expect([type, inForm(await create('{"name":5}', type))]).toEqual([type, 422]);
    }
  });
  test.each([
    'text/plain',
    'text/plain;application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    'application/xml',
    'json',
    ';application/json',
    'application/json; charset=utf-7',
    'application/json;charset="utf-16"',
    'application/x+json2',
  ])('B81, B118: %s is 415', async (type) => {
    expect(inForm(await create(JSON.stringify(good), type))).toBe(415);
  });
  test('a body without a type is 415', async () => {
    expect(
      await server.raw(
        'POST /api/v1/things HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ada\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}',
      ),
    ).toMatch(/^HTTP\/1\.1 415 .*"code":"UNSUPPORTED_MEDIA_TYPE"/s);
  });
});

describe('addresses', () => {
  test.each([
    '/api/v1/things/a%2fb',
    '/api/v1/things/a%5Cb',
    '/api/v1/things/a%00',
    '/api/v1/%2e%2e/things',
    '/api/v1/../things/1',
    '/api/v1/./things/1',
    '/api/v1//things',
    '/api/v1/things;x=1',
    '/api/v1/things/a%3fb',
    '/api/v1/things/a%23b',
    '/api/v1/things/\\x',
    '//evil.example/',
    '/api/v1/things/..',
    'http://evil.example/api/v1/open',
  ])('B115: %s is 400, before routing counts', async (path) => {
    expect(inForm(await server.call('GET', path, { token: 'ada' }))).toBe(400);
  });
  test('a malformed escape is 400; a long address 414; a long parameter 414', async () => {
    expect(inForm(await server.call('GET', '/api/v1/things/%zz'))).toBe(400);
    expect(inForm(await server.call('GET', '/api/v1/things/%e0%a4'))).toBe(400);
    expect(inForm(await server.call('GET', `/api/v1/open?${'x'.repeat(9000)}`))).toBe(414);
    expect(inForm(await server.call('GET', `/api/v1/things/${'x'.repeat(1100)}`))).toBe(414);
  });
  test('harmless dots and escapes pass', async () => {
    expect((await server.call('GET', '/api/v1/things/a.b', { token: 'ada' })).status).toBe(200);
    expect((await server.call('GET', '/api/v1/things/a%20b..c', { token: 'ada' })).json.data.id).toBe('a b..c');
    expect((await server.call('GET', '/.well-known/nothing')).status).toBe(404);
  });
});

describe('protocol', () => {
  test('B116: TRACE and h2c are refused, CONNECT gets no tunnel', async () => {
    expect(inForm(await server.call('TRACE', '/api/v1/open'))).toBe(405);
    expect(
      inForm(await server.call('GET', '/api/v1/open', { headers: { connection: 'upgrade', upgrade: 'h2c', 'http2-settings': 'AAAA' } })),
    ).toBe(400);
    expect(await server.raw('CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n')).not.toMatch(/ 200 /);
  });
  test.each([
    [
      'length and chunked',
      'POST /api/v1/search HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['two lengths', 'POST /api/v1/search HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd'],
    ['a bare line feed', 'GET /api/v1/open HTTP/1.1\nHost: x\nX-A: b\n\n'],
    ['a space before the colon', 'GET /api/v1/open HTTP/1.1\r\nHost : x\r\n\r\n'],
    ['no HTTP at all', 'hello\r\n\r\n'],
  ])('B117: %s is 400, in the one form, and the connection closes', async (_name, bytes) => {
    const answer = await server.raw(bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toMatch(/connection: close/i);
    expect(answer).toMatch(/\{"success":false,"error":\{"code":"MALFORMED_REQUEST"/);
  });
  test('headers beyond 16 KB are 431 in the one form', async () => {
    expect(await server.raw(`GET /api/v1/open HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 .*"code":"HEADERS_TOO_LARGE"/s,
    );
  });
  test('B80: credentials that cannot be are 401, on public operations too; a token of 1 MB does not get past the header limit', async () => {
    for (const authorization of [
      'Bearer',
      'Bearer ',
      'Bearerada',
      'ada',
      'Basic YWRhOnB3',
      'Bearer a b',
      'Bearer ümlaut',
      `Bearer ${'a'.repeat(12_000)}`,
    ]) {
      const encoded = Buffer.from(authorization).toString('latin1');
      const answer = await server.call('GET', '/api/v1/open', { headers: { authorization: encoded } });
      expect([authorization.slice(0, 20), inForm(answer), answer.headers['www-authenticate']]).toEqual([
        authorization.slice(0, 20),
        401,
        'Bearer error="invalid_token"',
      ]);
    }
    const twice = await server.raw(
      'GET /api/v1/open HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ada\r\nAuthorization: Bearer bob\r\nConnection: close\r\n\r\n',
    );
    expect(twice).toMatch(/^HTTP\/1\.1 401 .*"code":"INVALID_TOKEN"/s);
    expect(await server.raw(`GET /api/v1/open HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${'a'.repeat(1_000_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 .*"code":"HEADERS_TOO_LARGE"/s,
    );
  });
  test('B119: a request that does not arrive in time is 408', async () => {
    server.http.server.headersTimeout = 100;
    server.http.server.requestTimeout = 100; // looked at every 5 s
    const bytes = 'POST /api/v1/search HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"q"';
    expect(await server.raw(bytes)).toMatch(/^HTTP\/1\.1 408 .*"code":"REQUEST_TIMEOUT"/s);
    server.http.server.headersTimeout = 10_000;
    server.http.server.requestTimeout = 120_000;
  });
  test('B131: a malformed traceparent breaks nothing', async () => {
    for (const traceparent of ['', '00', 'x'.repeat(500), '00-00000000000000000000000000000000-0000000000000000-00']) {
      expect((await server.call('GET', '/api/v1/open', { headers: { traceparent } })).status).toBe(200);
    }
  });
  test('after all of this the server answers, and nothing was 5xx', async () => {
    expect((await server.call('GET', '/api/v1/open')).status).toBe(200);
    expect(server.observed.filter((line) => / 5\d\d$/.test(line))).toEqual([]);
  });
});
