import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testServer, type TestServer } from './server.fixtures.ts';
import { aborted, eventsEnded, things } from './things.fixtures.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer([things]);
});
afterAll(() => server.stop());

const until = async (holds: () => boolean): Promise<void> => {
  const end = Date.now() + 3000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('waited 3 s in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

describe('replies', () => {
  test('a schema is answered in the envelope, and cut to what it names', async () => {
    const { status, headers, json } = await server.call('GET', '/api/v1/things/7', { token: 'ada' });
    expect(status).toBe(200);
    expect(json).toEqual({
      success: true,
      data: { id: '7', name: 'Thing 7', version: 3, price: { amount: 5 } },
      meta: { timestamp: expect.stringMatching(/^\d{4}-.*Z$/) },
    });
    expect(headers).toMatchObject({ etag: '"3"', 'content-type': 'application/json; charset=utf-8' });
  });
  test('by page: a total; by cursor: none, and the cursor carries on', async () => {
    const page = await server.call('GET', '/api/v1/things?page=2&limit=100');
    expect(page.json.meta.pagination).toEqual({ page: 2, limit: 100, total: 250, totalPages: 3, hasMore: true });
    expect(page.json.data).toHaveLength(100);
    const first = await server.call('GET', '/api/v1/things?cursor=&limit=100&q=x');
    expect(first.json.meta.pagination).toEqual({ limit: 100, nextCursor: expect.any(String), hasMore: true });
    const next = (cursor: string, limit: number) => server.call('GET', `/api/v1/things?cursor=${cursor}&limit=${limit}&q=x`);
    const second = await next(first.json.meta.pagination.nextCursor, 50);
    expect(second.json.data[0].id).toBe('100');
    const last = await next(second.json.meta.pagination.nextCursor, 100);
    expect(last.json.meta.pagination).toEqual({ limit: 100, nextCursor: null, hasMore: false });
  });
  test('B133: a cursor is refused for another caller, another filter, another list, and when it is made up', async () => {
    const { json } = await server.call('GET', '/api/v1/things?cursor=&q=x', { token: 'ada' });
    const cursor = json.meta.pagination.nextCursor as string;
    const ask = (query: string, token?: string) => server.call('GET', `/api/v1/things?${query}`, token === undefined ? {} : { token });
    expect((await ask(`cursor=${cursor}&q=x`, 'ada')).status).toBe(200);
    for (const refused of [
      await ask(`cursor=${cursor}&q=x`, 'bob'),
      await ask(`cursor=${cursor}&q=x`),
      await ask(`cursor=${cursor}&q=y`, 'ada'),
      await ask(`cursor=${cursor}`, 'ada'),
      await ask('cursor=bogus&q=x', 'ada'),
    ]) {
      expect([refused.status, Object.keys(refused.json.error.fields)]).toEqual([422, ['cursor']]);
    }
  });
  test('no reply: 204 without a body; bare: no envelope; redirect: Location', async () => {
    const gone = await server.call('DELETE', '/api/v1/things/1', { token: 'ada' });
    expect([gone.status, gone.text, gone.headers['content-type']]).toEqual([204, '', undefined]);
    const token = await server.call('POST', '/oauth/token', {
      body: 'grant_type=password',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect([token.status, token.json]).toEqual([200, { grant_type: 'password' }]);
    const away = await server.call('GET', '/api/v1/away');
    expect([away.status, away.headers['location']]).toEqual([303, 'https://elsewhere.example/']);
    expect([away.headers['deprecation'], away.headers['sunset']]).toEqual(['@1767225600', 'Fri, 01 Jan 2027 00:00:00 GMT']);
  });
  test('file: type, length, a name that survives quotes and umlauts', async () => {
    const { status, headers, text } = await server.call('GET', '/api/v1/download');
    expect([status, text, headers['content-type'], headers['content-length']]).toEqual([200, 'a,b\n1,2\n', 'text/csv', '8']);
    expect(headers['content-disposition']).toBe(`attachment; filename="_bersicht _1_.csv"; filename*=UTF-8''%C3%9Cbersicht%20%221%22.csv`);
  });
  test('stream: bytes as they come', async () => {
    const { text, headers } = await server.call('GET', '/api/v1/flow');
    expect([text, headers['content-type']]).toEqual(['one,two', 'text/plain']);
  });
  test('sse: messages cut to the schema; the source ends when the client goes away', async () => {
    const before = eventsEnded;
    const gone = new AbortController();
    const response = await fetch(`${server.url}/api/v1/events`, { signal: gone.signal });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const reader = response.body!.getReader();
    let text = '';
    while (!text.includes('"n":2')) text += new TextDecoder().decode((await reader.read()).value);
    expect(text).toBe('id: 1\nevent: tick\ndata: {"n":1}\n\ndata: {"n":2}\n\n');
    gone.abort();
    await until(() => eventsEnded === before + 1);
  });
  test('the signal of a call ends when the client goes away', async () => {
    const before = aborted;
    const gone = new AbortController();
    const asked = fetch(`${server.url}/api/v1/slow`, { signal: gone.signal }).catch(() => 'aborted');
    setTimeout(() => gone.abort(), 80);
    expect(await asked).toBe('aborted');
    await until(() => aborted === before + 1);
  });
  test('HEAD answers as GET would, without the body', async () => {
    const { status, text, headers } = await server.call('HEAD', '/api/v1/things/7', { token: 'ada' });
    expect([status, text, headers['etag']]).toEqual([200, '', '"3"']);
    expect(Number(headers['content-length'])).toBeGreaterThan(100);
    expect((await server.call('HEAD', '/api/v1/events')).status).toBe(405);
  });
  test('a long list is compressed for who asks; a short one is not, nor a long one for who does not', async () => {
    const list = async (limit: number, encoding: string) => {
      const { headers, json } = await server.call('GET', `/api/v1/things?limit=${limit}`, { headers: { 'accept-encoding': encoding } });
      return [headers['content-encoding'], json?.data.length as number | undefined];
    };
    expect(await list(5, 'gzip')).toEqual([undefined, 5]);
    expect(await list(100, 'identity')).toEqual([undefined, 100]);
    expect(await list(100, 'gzip')).toEqual(['gzip', undefined]);
    const unpacked = (await (await fetch(`${server.url}/api/v1/things?limit=100`)).json()) as { data: unknown[] };
    expect(unpacked.data).toHaveLength(100);
  });
  test('a reply that is not what the contract says fails outside production, and names the operation and the path', async () => {
    const { status, json } = await server.call('GET', '/api/v1/lie');
    expect([status, json.error.code]).toEqual([500, 'REPLY_MISMATCH']);
    expect(json.error.message).toMatch(/^things\.lie \(GET \/lie\) .*: name: /);
  });
});

describe('reading', () => {
  test('every wrong field is named, of params, query and body; unknown keys too, at any depth', async () => {
    const { status, json } = await server.call('POST', '/api/v1/things', {
      token: 'ada',
      body: { name: '', price: { amount: -1, tax: 1 }, colour: 'red' },
    });
    expect([status, json.error.code]).toEqual([422, 'INVALID_INPUT']);
    expect(Object.keys(json.error.fields).sort()).toEqual(['colour', 'name', 'price.amount', 'price.tax']);
    const list = await server.call('GET', '/api/v1/things?page=0&limit=1000&colour=red');
    expect([list.status, Object.keys(list.json.error.fields).sort()]).toEqual([422, ['colour', 'limit', 'page']]);
  });
  test('a body where none is taken is refused; an empty one is not', async () => {
    const remove = (body: unknown) => server.call('DELETE', '/api/v1/things/1', { token: 'ada', body });
    expect([(await remove({})).status, (await remove('')).status, (await remove({ a: 1 })).status]).toEqual([204, 204, 422]);
  });
  test('If-Match is read as RFC 9110 says', async () => {
    const change = async (ifMatch: string | undefined) => {
      const { status, json } = await server.call('PATCH', '/api/v1/things/1', {
        token: 'ada',
        body: {},
        headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
      });
      return status === 200 ? json.data.ifMatch : status;
    };
    expect(await change(undefined)).toBe(null);
    expect(await change('*')).toBe(null);
    expect(await change('"17"')).toBe(17);
    expect(await change('W/"17"')).toBe(412);
    expect(await change('"abc"')).toBe(412);
    expect(await change('"1", "2"')).toBe(412);
    expect(await change('17')).toBe(400);
    expect(await change('"17')).toBe(400);
  });
  test('raw: the bytes as they came; form: fields; upload: files, types and sizes held to', async () => {
    const hook = await server.call('POST', '/api/v1/hook', { body: '{ "a":  1 }' });
    expect(hook.json.data.bytes).toBe(11);
    expect((await server.call('POST', '/api/v1/hook', { body: Buffer.alloc(1001) })).status).toBe(413);
    const send = async (...files: [content: string, name: string, type: string][]) => {
      const form = new FormData();
      for (const [content, name, type] of files) form.append('file', new Blob([content], { type }), name);
      const response = await fetch(`${server.url}/api/v1/files`, { method: 'POST', body: form, headers: { authorization: 'Bearer ada' } });
      return { status: response.status, json: (await response.json()) as { data: unknown } };
    };
    expect((await send(['hello', 'a.txt', 'text/plain'], ['hi', 'b.txt', 'text/plain'])).json.data).toEqual([
      { filename: 'a.txt', bytes: 5 },
      { filename: 'b.txt', bytes: 2 },
    ]);
    expect((await send(['x'.repeat(1001), 'a.txt', 'text/plain'])).status).toBe(413);
    expect((await send(['x', 'a.exe', 'application/octet-stream'])).status).toBe(415);
    expect((await send(['x', 'a', 'text/plain'], ['x', 'b', 'text/plain'], ['x', 'c', 'text/plain'])).status).toBe(413);
  });
});

test('P6: a card number is refused in keys and values of forms, in fields, names and files of uploads, and in queries; nothing repeats it', async () => {
  const card = '4242 4242 4242 4242';
  const token = (body: string) =>
    server.call('POST', '/oauth/token', { body, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  const files = async (add: (form: FormData) => void) => {
    const form = new FormData();
    add(form);
    const response = await fetch(`${server.url}/api/v1/files`, { method: 'POST', body: form, headers: { authorization: 'Bearer ada' } });
    const text = await response.text();
    return { status: response.status, text, json: JSON.parse(text) };
  };
  const file = (content = 'hello') => new Blob([content], { type: 'text/plain' });
  const replies = [
    await token(new URLSearchParams({ grant_type: card }).toString()),
    await token(new URLSearchParams({ grant_type: 'a', [card]: 'x' }).toString()),
    await token('grant_type=a&grant_type=4242%20424242424242%204242'),
    await files((form) => form.append('file', file(), `${card}.txt`)),
    await files((form) => form.append('file', file(), '4242424242424242.txt')),
    await files((form) => form.append(card, file(), 'a.txt')),
    await files((form) => form.append('note', card)),
    await files((form) => (form.append('file', file(), 'a.txt'), form.append('note', card))),
    await files((form) => form.append(card, 'note')),
    await server.call('GET', `/api/v1/things?q=${encodeURIComponent(card)}`, { token: 'ada' }),
    await server.call('GET', '/api/v1/things?q=4242+4242+4242+4242+12/27', { token: 'ada' }),
    await server.call('GET', '/api/v1/things?4242424242424242=1', { token: 'ada' }),
  ];
  for (const [i, { status, json, text }] of replies.entries()) {
    expect([i, status, json.error.code]).toEqual([i, 422, 'CARD_NUMBER_REFUSED']);
    expect(text).not.toContain('4242');
  }
  expect((await files((form) => (form.append('note', 'hi'), form.append('file', file(), 'a.txt')))).json.data).toEqual([
    { filename: 'a.txt', bytes: 5 },
  ]);
});

describe('errors', () => {
  test('B127: unknown address 404, other method 405 with Allow, each in the one form', async () => {
    const unknown = await server.call('GET', '/nowhere');
    expect([unknown.status, unknown.json]).toEqual([
      404,
      { success: false, error: { code: 'NOT_FOUND', message: expect.any(String), requestId: unknown.headers['x-request-id'] } },
    ]);
    const other = await server.call('PUT', '/api/v1/things/1');
    expect([other.status, other.json.error.code, other.headers['allow']]).toEqual([405, 'METHOD_NOT_ALLOWED', 'GET, HEAD, PATCH, DELETE']);
    const options = await server.call('OPTIONS', '/api/v1/things');
    expect([options.status, options.headers['allow']]).toEqual([204, 'GET, HEAD, POST']);
  });
  test('B127: application/problem+json for who asks for it', async () => {
    const { status, headers, json } = await server.call('GET', '/api/v1/things?page=0', {
      headers: { accept: 'application/problem+json', 'x-request-id': 'my-request-1' },
    });
    expect([status, headers['content-type']]).toEqual([422, 'application/problem+json; charset=utf-8']);
    expect(json).toEqual({
      type: 'urn:plinth:error:invalid-input',
      title: expect.any(String),
      status: 422,
      instance: 'urn:plinth:request:my-request-1',
      code: 'INVALID_INPUT',
      fields: { page: expect.any(String) },
      requestId: 'my-request-1',
    });
  });
  test('B128: what breaks answers 500 without a word of why, and its request id finds the whole error in the log', async () => {
    for (const how of ['error', 'string', 'null', 'pg']) {
      const { status, text, headers } = await server.call('GET', `/api/v1/fail?how=${how}`);
      expect([how, status]).toEqual([how, 500]);
      expect(text).toBe(
        `{"success":false,"error":{"code":"INTERNAL_ERROR","message":"Something went wrong on our side","requestId":"${headers['x-request-id'] as string}"}}`,
      );
      const line = server.logged.find(({ msg, requestId }) => msg === 'request failed' && requestId === headers['x-request-id']);
      expect(line).toMatchObject({ operation: 'things.fail', err: { stack: expect.any(String) } });
    }
  });
  test('B134: a handler that throws what it should not does not take the server along', async () => {
    await server.call('GET', '/api/v1/fail?how=null');
    expect((await server.call('GET', '/api/v1/open')).status).toBe(200);
  });
  test('a busy server says 503 and when to come back; a declared outcome its own code, its details only to the log', async () => {
    expect((await server.call('GET', '/api/v1/fail?how=busy')).status).toBe(503);
    const { status, text, headers } = await server.call('GET', '/api/v1/things/teapot');
    expect([status, text.includes('TEAPOT'), text.includes('for the log'), headers['etag']]).toEqual([418, true, false, undefined]);
    await until(() =>
      server.logged.some((line) => line['requestId'] === headers['x-request-id'] && JSON.stringify(line).includes('for the log')),
    );
  });
  test('a constraint that an error names becomes that error, also when it fails with COMMIT', async () => {
    const effect = () => server.call('POST', '/api/v1/effects', { token: 'ada', body: { what: 'constrained' } });
    expect((await effect()).status).toBe(201);
    const again = await effect();
    expect([again.status, again.json.error.code]).toEqual([409, 'WHAT_TAKEN']);
    const elsewhere = await server.call('POST', '/api/v1/effects/here', { token: 'ada', body: { what: 'constrained' } });
    expect([elsewhere.status, elsewhere.text.includes('effects_what_key')]).toEqual([500, false]);
  });
  test('a reply that cannot be written undoes the operation', async () => {
    const { status } = await server.call('POST', '/api/v1/effects', { token: 'ada', body: { what: 'unwritable', mode: 'bad-reply' } });
    const { rowCount } = await server.owner.query('select 1 from public.effects where what = $1', ['unwritable']);
    expect([status, rowCount]).toEqual([500, 0]);
  });
});

describe('log and times', () => {
  test('one line a request: id, operation, status, time, user, network; no header, query or body', async () => {
    const { headers } = await server.call('GET', '/api/v1/things?q=private-words', {
      token: 'ada',
      headers: { 'x-request-id': 'log-line-1' },
    });
    expect(headers['x-request-id']).toBe('log-line-1');
    await until(() => server.logged.some(({ requestId }) => requestId === 'log-line-1'));
    const lines = server.logged.filter(({ requestId }) => requestId === 'log-line-1');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      method: 'GET',
      route: '/api/v1/things',
      operation: 'things.list',
      status: 200,
      ms: expect.any(Number),
      userId: 'ada',
      network: '127.0.0.1',
      decisionId: 'd-1',
    });
    expect(JSON.stringify(lines)).not.toContain('private-words');
    expect(server.observed).toContain('GET /api/v1/things 200');
  });
  test('a request id that could hurt a log is replaced', async () => {
    for (const given of ['short', 'x'.repeat(65), 'with space and more', 'semi;colon;id']) {
      const { headers } = await server.call('GET', '/api/v1/open', { headers: { 'x-request-id': given } });
      expect(headers['x-request-id']).toMatch(/^[\da-f]{8}-[\da-f]{4}-7/);
    }
  });
});
