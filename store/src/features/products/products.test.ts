import { coreApp, type CoreApp } from '@plinth/core/testing';
import { uuidv7 } from '@plinth/kit';
import { race, tally, type Actor } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { features } from '../../features.ts';
import type { Product } from './contract.ts';
import { makeProduct, newProduct } from './products.fixtures.ts';

let app: CoreApp;
let admin: Actor;
beforeAll(async () => {
  app = await coreApp(features);
  admin = await app.as('admin');
});
afterAll(() => app.stop());

const at = (product: Pick<Product, 'id'>): string => `/api/v1/products/${product.id}`;
const statuses = (replies: readonly PromiseSettledResult<{ status: number }>[]) =>
  tally(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 'failed')));

describe('creating', () => {
  test('201 with the product, and one fact that tells what was made', async () => {
    const body = newProduct({ name: '  Teapot ', category: 'Kitchen' });
    const reply = await app.call('POST', '/api/v1/products', { token: admin.token, body });
    expect(reply.status).toBe(201);
    expect(reply.json.data).toMatchObject({ ...body, name: 'Teapot', category: 'kitchen', version: 1 });
    expect(reply.headers.get('etag')).toBe('"1"');
    expect(await app.facts(reply.requestId)).toEqual(['products.created']);
    const read = await app.call('GET', at(reply.json.data));
    expect(read.json.data).toEqual(reply.json.data);
  });

  test('a SKU is taken once, however many ask at once', async () => {
    const body = newProduct();
    const replies = await race(16, (i) =>
      app.call('POST', '/api/v1/products', { token: admin.token, body: { ...body, name: `Kettle ${i}` } }),
    );
    expect(statuses(replies)).toEqual({ 201: 1, 409: 15 });
    const late = await app.call('POST', '/api/v1/products', { token: admin.token, body });
    expect([late.status, late.json.error.code]).toEqual([409, 'SKU_TAKEN']);
    expect(await app.facts(late.requestId)).not.toContain('products.created');
  });

  test.each([
    ['a negative price', { price: { amount: -1, currency: 'EUR' } }, 'price.amount'],
    ['a fraction of a cent', { price: { amount: 10.5, currency: 'EUR' } }, 'price.amount'],
    ['a currency that no country has', { price: { amount: 100, currency: 'ABC' } }, 'price.currency'],
    ['a currency that is none', { price: { amount: 100, currency: 'euro' } }, 'price.currency'],
    ['an empty name', { name: '  ' }, 'name'],
    ['a SKU with a blank', { sku: 'A B' }, 'sku'],
    ['negative stock', { stock: -1 }, 'stock'],
  ])('422 for %s', async (_what, over, field) => {
    const reply = await app.call('POST', '/api/v1/products', { token: admin.token, body: { ...newProduct(), ...over } });
    expect([reply.status, Object.keys(reply.json.error.fields)]).toEqual([422, [field]]);
  });

  test('guests read but do not write; members neither', async () => {
    const member = await app.as('member');
    const product = await makeProduct(app, admin);
    const body = newProduct();
    expect((await app.call('GET', '/api/v1/products')).status).toBe(200);
    expect((await app.call('GET', at(product))).status).toBe(200);
    expect((await app.call('GET', at(product), { token: member.token })).status).toBe(200);
    expect((await app.call('POST', '/api/v1/products', { body })).status).toBe(401);
    expect((await app.call('POST', '/api/v1/products', { token: member.token, body })).status).toBe(403);
    expect((await app.call('PATCH', at(product), { token: member.token, body: { name: 'Mine' } })).status).toBe(403);
    expect((await app.call('DELETE', at(product), { token: member.token })).status).toBe(403);
    expect((await app.call('GET', at(product))).json.data).toEqual(product);
  });
});

describe('changing', () => {
  test('a fact with what was before and after, and only of what differs', async () => {
    const product = await makeProduct(app, admin);
    const reply = await app.call('PATCH', at(product), {
      token: admin.token,
      body: { name: 'Kettle, blue', price: { amount: 5100, currency: 'EUR' } },
    });
    expect(reply.json.data).toMatchObject({
      id: product.id,
      sku: product.sku,
      name: 'Kettle, blue',
      price: { amount: 5100, currency: 'EUR' },
      version: 2,
    });
    expect(await app.facts(reply.requestId)).toEqual(['products.changed']);
    const { rows } = await app.owner.query(
      'select payload, changes, actor, subject_id from (select request_id, payload, changes, actor, subject_id from log.outbox union all select request_id, payload, changes, actor, subject_id from log.events) f where request_id = $1',
      [reply.requestId],
    );
    expect(rows).toEqual([
      {
        payload: { productId: product.id, version: 2 },
        changes: {
          name: { before: 'Kettle', after: 'Kettle, blue' },
          price: { before: { amount: 4900, currency: 'EUR' }, after: { amount: 5100, currency: 'EUR' } },
        },
        actor: admin.userId,
        subject_id: product.id,
      },
    ]);
  });

  test('412 from an old version, one winner among 16 from the same version', async () => {
    const product = await makeProduct(app, admin);
    const replies = await race(16, (i) =>
      app.call('PATCH', at(product), { token: admin.token, body: { name: `Name ${i}` }, headers: { 'if-match': '"1"' } }),
    );
    expect(statuses(replies)).toEqual({ 200: 1, 412: 15 });
    const stale = await app.call('DELETE', at(product), { token: admin.token, headers: { 'if-match': '"1"' } });
    expect([stale.status, stale.json.error.code]).toEqual([412, 'PRODUCT_CHANGED']);
    expect((await app.call('GET', at(product))).json.data.version).toBe(2);
  });

  test('409 for the SKU of another product', async () => {
    const [one, two] = [await makeProduct(app, admin), await makeProduct(app, admin)];
    const reply = await app.call('PATCH', at(two), { token: admin.token, body: { sku: one.sku } });
    expect([reply.status, reply.json.error.code]).toEqual([409, 'SKU_TAKEN']);
  });

  test('the cached product is dropped by its fact', async () => {
    const product = await makeProduct(app, admin);
    // This node drops what it cached once more when it follows the fact of the creation.
    await vi.waitFor(async () => expect(await app.kit.log.statistics()).toMatchObject({ waiting: 0, behind: 0 }), 5000);
    expect((await app.call('GET', at(product))).json.data.name).toBe('Kettle');
    // Behind the app's back: as long as the old name is answered, the cache is what answers.
    await app.owner.query(`update products.products set name = 'Unseen' where id = $1`, [product.id]);
    expect((await app.call('GET', at(product))).json.data.name).toBe('Kettle');
    expect((await app.call('GET', at(product), { headers: { 'cache-control': 'no-cache' } })).json.data.name).toBe('Unseen');
    await app.call('PATCH', at(product), { token: admin.token, body: { description: 'Seen.' } });
    expect((await app.call('GET', at(product))).json.data).toMatchObject({ name: 'Unseen', description: 'Seen.' });
  });

  test('deleting: 204 once, then 404 for all', async () => {
    const product = await makeProduct(app, admin);
    await app.call('GET', at(product));
    const deleted = await app.call('DELETE', at(product), { token: admin.token });
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect(await app.facts(deleted.requestId)).toEqual(['products.deleted']);
    for (const [method, body] of [['GET'], ['DELETE'], ['PATCH', { name: 'Gone' }]] as const) {
      const reply = await app.call(method, at(product), { token: admin.token, body });
      expect([reply.status, reply.json.error.code]).toEqual([404, 'PRODUCT_NOT_FOUND']);
    }
  });
});

describe('stock', () => {
  const take = (product: Product, delta: number) =>
    app.call('POST', `${at(product)}/stock`, { token: admin.token, body: { delta, reason: 'Sold' } });

  test('16 take one of 5 units at once: exactly 5 succeed, each with its fact', async () => {
    const product = await makeProduct(app, admin, { stock: 5 });
    const replies = await race(16, () => take(product, -1));
    expect(statuses(replies)).toEqual({ 200: 5, 409: 11 });
    const read = await app.call('GET', at(product));
    expect(read.json.data).toMatchObject({ stock: 0, version: 6 });
    const { rows } = await app.owner.query(
      `select name from (select name, subject_id from log.outbox union all select name, subject_id from log.events) f where subject_id = $1 and name = 'products.stock-changed'`,
      [product.id],
    );
    expect(rows).toHaveLength(5);
  });

  test('409 names the rule, and zero is no change', async () => {
    const product = await makeProduct(app, admin, { stock: 2 });
    const reply = await take(product, -3);
    expect([reply.status, reply.json.error.code]).toEqual([409, 'OUT_OF_STOCK']);
    expect((await take(product, 0)).status).toBe(422);
    expect((await take({ ...product, id: uuidv7() }, 1)).status).toBe(404);
    expect((await take(product, 3)).json.data.stock).toBe(5);
  });
  test('more than a billion is refused, and nothing overflows', async () => {
    const product = await makeProduct(app, admin, { stock: 999_999_999 });
    expect((await take(product, 1)).json.data.stock).toBe(1_000_000_000);
    for (const delta of [1, 1_000_000]) expect((await take(product, delta)).json.error.code).toBe('TOO_MUCH_STOCK');
  });
});

describe('lists', () => {
  const category = 'listed';
  let made: Product[];
  beforeAll(async () => {
    // Ties in name and price, so that an order that is not total would lose or repeat some.
    made = [];
    for (let i = 0; i < 23; i++)
      made.push(
        await makeProduct(app, admin, {
          category,
          name: `Item ${i % 4}`,
          price: { amount: 100 + (i % 3), currency: 'EUR' },
          description: i === 7 ? 'Zanzibar cloves' : '',
        }),
      );
  });
  const list = async (query: string) => {
    const reply = await app.call('GET', `/api/v1/products?${query}`);
    expect(reply.status, reply.text).toBe(200);
    return reply.json as { data: Product[]; meta: { pagination: Record<string, unknown> & { nextCursor?: string | null } } };
  };
  const ids = (products: readonly Product[]) => products.map(({ id }) => id);
  const ORDERS: Record<string, (a: Product, b: Product) => number> = {
    newest: (a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : a.id < b.id ? 1 : -1),
    name: (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1),
    price: (a, b) => a.price.amount - b.price.amount || (a.id < b.id ? -1 : 1),
    '-price': (a, b) => b.price.amount - a.price.amount || (a.id < b.id ? 1 : -1),
  };

  test.each(Object.keys(ORDERS))('sorted by %s, pages and cursors hold every product exactly once', async (sort) => {
    const expected = ids(made.toSorted(ORDERS[sort]));
    const byPage: string[] = [];
    for (let page = 1; page <= 5; page++) {
      const { data, meta } = await list(`category=${category}&sort=${sort}&limit=5&page=${page}`);
      expect(meta.pagination).toMatchObject({ page, limit: 5, total: 23, totalPages: 5, hasMore: page < 5 });
      byPage.push(...ids(data));
    }
    expect(byPage).toEqual(expected);
    const byCursor: string[] = [];
    for (let cursor: string | null | undefined = ''; cursor !== null && cursor !== undefined;) {
      const { data, meta } = await list(`category=${category}&sort=${sort}&limit=5&cursor=${encodeURIComponent(cursor)}`);
      byCursor.push(...ids(data));
      cursor = meta.pagination.nextCursor;
      if (byCursor.length > 23) break;
    }
    expect(byCursor).toEqual(expected);
  });

  test('a page beyond the end is empty and still knows the total', async () => {
    const { data, meta } = await list(`category=${category}&limit=5&page=9`);
    expect([data, meta.pagination['total'], meta.pagination['hasMore']]).toEqual([[], 23, false]);
  });

  test('a cursor is refused with other filters', async () => {
    const { meta } = await list(`category=${category}&sort=name&limit=5&cursor=`);
    const reply = await app.call(
      'GET',
      `/api/v1/products?category=${category}&sort=price&limit=5&cursor=${encodeURIComponent(meta.pagination.nextCursor!)}`,
    );
    expect(reply.status).toBe(422);
  });

  test('search finds words of name, SKU, category and description', async () => {
    expect(ids((await list('q=zanzibar')).data)).toEqual([made[7]!.id]);
    expect(ids((await list(`q=${made[3]!.sku}`)).data)).toEqual([made[3]!.id]);
    expect((await list(`q=${category}&limit=100`)).data).toHaveLength(23);
    expect((await list(`q=item+-zanzibar&category=${category}&limit=100`)).data).toHaveLength(22);
    expect((await list(`q=${encodeURIComponent(`" & | ! ( '`)}`)).data).toEqual([]);
  });

  test('categories are counted, and counted anew after a change', async () => {
    const count = async () =>
      (await app.call('GET', '/api/v1/products/categories')).json.data.find((entry: { category: string }) => entry.category === category)
        .products as number;
    expect(await count()).toBe(23);
    const more = await makeProduct(app, admin, { category });
    expect(await count()).toBe(24);
    await app.call('DELETE', at(more), { token: admin.token });
    expect(await count()).toBe(23);
  });
});
