import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testServer, type TestServer } from './server.fixtures.ts';
import { things } from './things.fixtures.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer([things]);
});
afterAll(() => server.stop());

describe('replies', () => {
  test('a schema is answered in the envelope, and cut to what it names', async () => {
    const { status, headers, json } = await server.call('GET', '/api/v1/things/7', { token: 'ada' });
    expect(status).toBe(200);
    expect(json).toEqual({ success: true, data: { id: '7', name: 'Thing 7', version: 3, price: { amount: 5 } }, meta: { timestamp: expect.stringMatching(/^\d{4}-.*Z$/) } });
    expect(headers).toMatchObject({ etag: '"3"', 'cache-control': 'no-store', 'content-type': 'application/json; charset=utf-8', 'x-content-type-options': 'nosniff', vary: 'Origin' });
  });
  test('create', async () => {
    const { status, json } = await server.call('POST', '/api/v1/things', { token: 'ada', body: { name: 'x', price: { amount: 1 } } });
    expect([status, json.data.name]).toEqual([201, 'x']);
  });
});
