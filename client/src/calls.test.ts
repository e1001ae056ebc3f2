import { coreApp, type CoreApp } from '@plinth/core/testing';
import { race, tally } from '@plinth/kit/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { features } from '../../store/src/features.ts';
import { PASSWORD, type Person, person, Wire } from './client.testing.ts';
import { ApiError, changing, createClient, ifMatch, unwrap } from './index.ts';

// Calls against a server that runs, with a hand on the wire between.

let app: CoreApp;
let admin: Person;
beforeAll(async () => {
  app = await coreApp(features);
  admin = await person(app, 'admin');
});
afterAll(() => app?.stop());

let numbers = 0;
const NEW = (): { sku: string; name: string; category: string; price: { amount: number; currency: string }; stock: number } => ({
  sku: `CLIENT-${++numbers}`,
  name: 'Mug',
  category: 'client',
  price: { amount: 1250, currency: 'EUR' },
  stock: 10,
});
const make = async ({ client } = admin) => unwrap(await client.POST('/api/v1/products', { body: NEW() }));
const refusal = (status: number, headers: Record<string, string> = {}): Response => new Response('<h1>busy</h1>', { status, headers });

test('data, errors by code, and what no server said', async () => {
  const { client } = admin;
  const product = await make();
  const { data } = await client.GET('/api/v1/products/{productId}', { params: { path: { productId: product.id } } });
  expect(data).toMatchObject({ success: true, data: { sku: product.sku, version: 1 } });

  const taken = await client.POST('/api/v1/products', { body: { ...NEW(), sku: product.sku } });
  expect(taken.error).toMatchObject({ code: 'SKU_TAKEN', status: 409, title: 'A product with this SKU already exists' });
  expect(taken.error?.requestId).toBe(taken.response.headers.get('x-request-id'));
  const wrong = await client.POST('/api/v1/products', { body: { ...NEW(), price: { amount: -1, currency: 'EUR' } } });
  expect(wrong.error).toMatchObject({ code: 'INVALID_INPUT', fields: { 'price.amount': expect.any(String) as string } });
  expect(() => unwrap(wrong)).toThrow(ApiError);
  expect(() => unwrap(wrong)).toThrow('INVALID_INPUT');

  const wire = new Wire();
  const guest = createClient({ baseUrl: app.url, fetch: wire.fetch, retries: 0 });
  expect((await guest.GET('/api/v1/users/me')).error).toMatchObject({ code: 'SIGN_IN_REQUIRED', status: 401 });
  wire.meddle = () => 'cut';
  expect((await guest.GET('/api/v1/users/me')).error).toMatchObject({ code: 'UNREACHABLE', status: 0 });
  wire.meddle = () => refusal(502);
  expect((await guest.GET('/api/v1/users/me')).error).toMatchObject({ code: 'UNEXPECTED_REPLY', status: 502 });
});

test('S1: what was done and whose answer was lost is sent again with its key, and done once', async () => {
  const { client, wire } = admin;
  const body = NEW();
  wire.sent.length = 0;
  wire.meddle = (_request, nth) => (nth < 3 ? 'lose' : 'pass');
  const { data, response } = await client.POST('/api/v1/products', { body });
  wire.meddle = () => 'pass';
  expect(data?.data.sku).toBe(body.sku);
  expect(response.headers.get('idempotent-replayed')).toBe('true');
  expect(wire.sent).toHaveLength(3);
  expect(new Set(wire.keys()).size).toBe(1);
  expect(wire.keys()[0]).toMatch(/^[0-9a-f-]{36}$/);
  const { rows } = await app.owner.query('select 1 from products.products where sku = $1', [body.sku]);
  expect(rows).toHaveLength(1);
});

test('S116: a key that the caller gave is the one that is sent, each time', async () => {
  const { client, wire } = admin;
  const init = { params: { header: { 'Idempotency-Key': 'row-4711' } }, body: NEW() };
  wire.sent.length = 0;
  const first = await client.POST('/api/v1/products', init);
  const second = await client.POST('/api/v1/products', init);
  expect(wire.keys()).toEqual(['row-4711', 'row-4711']);
  expect(second.data).toEqual(first.data);
});

test('what a stranger asks for is not repeated unless it only reads; what was counted and turned away is', async () => {
  const wire = new Wire();
  const guest = createClient({ baseUrl: app.url, fetch: wire.fetch });
  wire.meddle = () => 'cut';
  const signIn = (): Promise<unknown> => guest.signIn({ email: 'nobody@example.com', password: 'x' });
  await signIn();
  expect(wire.sent).toHaveLength(1);
  await guest.GET('/api/v1/products/categories');
  expect(wire.sent).toHaveLength(4);

  wire.sent.length = 0;
  wire.meddle = (_request, nth) => (nth === 1 ? refusal(429, { 'retry-after': '1' }) : 'pass');
  const startedAt = performance.now();
  await signIn();
  expect(wire.count('/auth/sign-in')).toBe(2);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990);

  wire.sent.length = 0;
  wire.meddle = () => refusal(429, { 'retry-after': '900' });
  await signIn();
  expect(wire.sent).toHaveLength(1);
});

test('500 is an answer; 503 is asked again, with a key that the server knows', async () => {
  const { client, wire } = admin;
  wire.sent.length = 0;
  wire.meddle = (_request, nth) => (nth === 1 ? refusal(503, { 'retry-after': '0' }) : 'pass');
  expect((await client.POST('/api/v1/products', { body: NEW() })).response.status).toBe(201);
  expect(wire.sent).toHaveLength(2);
  wire.sent.length = 0;
  wire.meddle = () => refusal(500);
  expect((await client.POST('/api/v1/products', { body: NEW() })).error?.code).toBe('UNEXPECTED_REPLY');
  expect(wire.sent).toHaveLength(1);
  wire.meddle = () => 'pass';
});

test('who aborts hears so at once, also between two attempts; silence is not waited for', async () => {
  const { client, wire } = admin;
  wire.sent.length = 0;
  wire.meddle = () => refusal(503, { 'retry-after': '20' });
  const leaving = new AbortController();
  setTimeout(() => leaving.abort(), 100);
  await expect(client.GET('/api/v1/users/me', { signal: leaving.signal })).rejects.toThrow('abort');
  expect(wire.sent).toHaveLength(1);
  wire.meddle = () => 'pass';

  const silent = createClient({
    baseUrl: app.url,
    timeoutMs: 50,
    retries: 1,
    fetch: (_input, init) => new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(new Error('aborted')))),
  });
  expect((await silent.GET('/api/v1/products/categories')).error?.code).toBe('UNREACHABLE');
});

test('a change goes through only if nobody was faster, and is made anew where somebody was', async () => {
  const { client } = admin;
  const product = await make();
  const path = { productId: product.id };
  const rename = (of: { version: number }, name: string) =>
    client.PATCH('/api/v1/products/{productId}', { params: { path, header: ifMatch(of) }, body: { name } });
  expect(unwrap(await rename(product, 'Cup')).version).toBe(2);
  expect((await rename(product, 'Bowl')).error?.code).toBe('PRODUCT_CHANGED');

  const results = await race(8, (n) =>
    changing(
      async () => unwrap(await client.GET('/api/v1/products/{productId}', { params: { path }, headers: { 'cache-control': 'no-cache' } })),
      (current) => rename(current, `${current.name}${n}`),
      50,
    ),
  );
  expect(tally(results.map((result) => (result.status === 'fulfilled' ? result.value.response.status : 'thrown')))).toEqual({ 200: 8 });
  const last = unwrap(await client.GET('/api/v1/products/{productId}', { params: { path } }));
  expect([last.version, last.name.slice(3).split('').sort().join('')]).toEqual([10, '01234567']); // each change stands on the one before
});

test('all of a list, page after page, each once', async () => {
  const { client, wire } = admin;
  const category = 'pages';
  for (let n = 0; n < 25; n++) unwrap(await client.POST('/api/v1/products', { body: { ...NEW(), category } }));
  wire.sent.length = 0;
  const seen: string[] = [];
  for await (const { sku } of client.pages('/api/v1/products', { params: { query: { category, limit: 10 } } })) {
    seen.push(sku);
    if (seen.length === 5) unwrap(await client.POST('/api/v1/products', { body: { ...NEW(), category } })); // nobody is moved by what is added
  }
  expect([seen.length, new Set(seen).size]).toEqual([25, 25]);
  expect(wire.count('/api/v1/products')).toBe(4); // three pages, and the one that was added
  let users = 0;
  for await (const { id } of client.numberedPages('/api/v1/users', { params: { query: { limit: 2 } } })) users += id ? 1 : 0;
  expect(users).toBeGreaterThan(0);
  const member = await person(app, 'member');
  await expect(member.client.numberedPages('/api/v1/users').next()).rejects.toThrow('FORBIDDEN');
});

test('a key calls without any session', async () => {
  const { client } = admin;
  client.session.start(unwrap(await client.POST('/api/v1/auth/step-up', { body: { password: PASSWORD } })));
  const made = await client.POST('/api/v1/api-keys', { body: { label: 'client', scopes: ['products:write'] } });
  const { key } = unwrap(made);
  const program = createClient({ baseUrl: app.url, apiKey: key });
  expect((await program.POST('/api/v1/products', { body: NEW() })).response.status).toBe(201);
});
