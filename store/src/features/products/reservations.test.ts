import { coreApp, type CoreApp } from '@plinth/core/testing';
import { system, uuidv7 } from '@plinth/kit';
import { race, tally, type Actor } from '@plinth/kit/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { features } from '../../features.ts';
import { products } from './index.ts';
import { makeProduct } from './products.fixtures.ts';

// Units that are held: what every feature that sells relies on, called directly and not through an order.

let app: CoreApp;
let admin: Actor;
beforeAll(async () => {
  app = await coreApp(features);
  admin = await app.as('admin');
});
afterAll(() => app?.stop());

const caller = system('test.reservations', null, uuidv7());
const api = () => app.api(products);
type Line = { productId: string; quantity: number };
const holderOf = (id: string) => ({ type: 'order', id });
const reserve = (lines: Line[], id: string = uuidv7()) =>
  app.kit.db.transaction(async (tx) => {
    await api().reserve(caller, tx, holderOf(id), lines);
    return id;
  });
const release = (...ids: string[]) => app.kit.db.transaction((tx) => api().release(caller, tx, 'order', ids));
const sell = (id: string) => app.kit.db.transaction((tx) => api().sell(caller, tx, holderOf(id)));
const row = async (id: string) =>
  (await app.owner.query<{ stock: number; reserved: number }>('select stock, reserved from products.products where id = $1', [id])).rows[0];
const differences = async () => (await app.owner.query('select * from products.reserved_differences')).rows;
const codes = (replies: readonly PromiseSettledResult<unknown>[]) =>
  tally(replies.map((reply) => (reply.status === 'fulfilled' ? 'done' : (reply.reason as { code: string }).code)));

describe('holding', () => {
  test('S35: a hundred direct calls for the last unit: one holds it', async () => {
    const { id: productId } = await makeProduct(app, admin, { stock: 1 });
    const replies = await race(100, () => reserve([{ productId, quantity: 1 }]));
    expect(codes(replies)).toEqual({ done: 1, OUT_OF_STOCK: 99 });
    expect(await row(productId)).toEqual({ stock: 1, reserved: 1 });
  });

  test('S36: the same product on several lines is summed before it is checked; each line is named', async () => {
    const { id: productId, sku } = await makeProduct(app, admin, { stock: 5 });
    const other = await makeProduct(app, admin, { stock: 5 });
    const lines = [
      { productId, quantity: 3 },
      { productId: other.id, quantity: 1 },
      { productId, quantity: 3 },
    ];
    const refused = await reserve(lines).catch((error: unknown) => error as { code: string; fields: Record<string, string> });
    const said = `Of ${sku} there are 5, and 6 were asked for`;
    expect(refused).toMatchObject({ code: 'OUT_OF_STOCK', fields: { 'lines.0.quantity': said, 'lines.2.quantity': said } });
    expect(await row(other.id)).toMatchObject({ reserved: 0 });
    const id = await reserve([...lines.slice(0, 2), { productId, quantity: 2 }]);
    expect(await row(productId)).toEqual({ stock: 5, reserved: 5 });
    await release(id);
    expect(await row(productId)).toEqual({ stock: 5, reserved: 0 });
  });

  test('a product that does not exist is named, and nothing is held', async () => {
    const { id: productId } = await makeProduct(app, admin);
    const lines = [
      { productId, quantity: 1 },
      { productId: uuidv7(), quantity: 1 },
    ];
    await expect(reserve(lines)).rejects.toMatchObject({ code: 'PRODUCT_NOT_FOUND', fields: { 'lines.1.productId': expect.any(String) } });
    expect(await row(productId)).toMatchObject({ reserved: 0 });
  });

  test('carts with the same products in opposite order do not wait for each other for ever', async () => {
    const made = await Promise.all(Array.from({ length: 4 }, () => makeProduct(app, admin, { stock: 1000 })));
    const lines = made.map(({ id: productId }) => ({ productId, quantity: 1 }));
    const replies = await race(32, (i) => reserve(i % 2 === 0 ? lines : lines.toReversed()));
    expect(codes(replies)).toEqual({ done: 32 });
    const ids = replies.map((reply) => (reply as PromiseFulfilledResult<string>).value);
    const half = ids.slice(0, 16);
    const mixed = await race<unknown>(16, (i) => (i % 2 === 0 ? release(...half.slice(i, i + 2)) : reserve(lines.toReversed())));
    expect(codes(mixed)).toEqual({ done: 16 });
    for (const { id } of made) expect(await row(id)).toMatchObject({ reserved: 24 });
    expect(await differences()).toEqual([]);
  });

  test('what can be had is told with the product, on the next look', async () => {
    const product = await makeProduct(app, admin, { stock: 5 });
    const available = async () => (await app.call('GET', `/api/v1/products/${product.id}`)).json.data.available as number;
    await vi.waitFor(async () => expect(await app.kit.log.statistics()).toMatchObject({ waiting: 0, behind: 0 }), 5000);
    expect(await available()).toBe(5);
    const id = await reserve([{ productId: product.id, quantity: 2 }]);
    expect(await available()).toBe(3);
    await release(id);
    expect(await available()).toBe(5);
  });
});

describe('what others hold', () => {
  test('S38: is not taken by who takes stock, deletes the product, or writes to the table', async () => {
    const product = await makeProduct(app, admin, { stock: 5 });
    const id = await reserve([{ productId: product.id, quantity: 3 }]);
    const take = (delta: number) =>
      app.call('POST', `/api/v1/products/${product.id}/stock`, { token: admin.token, body: { delta, reason: 'Broken' } });
    expect((await take(-3)).json.error.code).toBe('OUT_OF_STOCK');
    expect((await take(-2)).json.data).toMatchObject({ stock: 3, available: 0 });
    const deleted = await app.call('DELETE', `/api/v1/products/${product.id}`, { token: admin.token });
    expect([deleted.status, deleted.json.error.code]).toEqual([409, 'PRODUCT_RESERVED']);
    for (const statement of [
      'update products.products set stock = 2 where id = $1',
      'update products.products set reserved = 0 where id = $1',
      'update products.products set reserved = 0, stock = 0 where id = $1',
      'update products.reservations set quantity = 1 where product_id = $1',
    ])
      await expect(app.owner.query(statement, [product.id]), statement).rejects.toThrow(/products_reserved_within_stock|counted|ended/);
    expect(await row(product.id)).toEqual({ stock: 3, reserved: 3 });
    await release(id);
    expect((await app.call('DELETE', `/api/v1/products/${product.id}`, { token: admin.token })).status).toBe(204);
  });

  test('S37: ends once, sold or let go, however many try at once', async () => {
    const { id: productId } = await makeProduct(app, admin, { stock: 5 });
    const id = await reserve([{ productId, quantity: 3 }]);
    const replies = await race(16, (i) => (i % 2 === 0 ? sell(id) : release(id).then(() => false)));
    const sold = replies.filter((reply) => reply.status === 'fulfilled' && reply.value).length;
    expect(codes(replies)).toEqual({ done: 16 });
    expect(sold).toBeLessThanOrEqual(1);
    expect(await row(productId)).toEqual({ stock: 5 - 3 * sold, reserved: 0 });
  });

  test('S37: after any operations at once, what is reserved is the sum of the reservations, and stock what was not sold', async () => {
    const operation = fc.record({
      kind: fc.constantFrom('reserve', 'reserve', 'release', 'sell', 'change', 'batch'),
      quantity: fc.integer({ min: 1, max: 4 }),
      which: fc.nat({ max: 7 }),
      also: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(operation, { minLength: 2, maxLength: 8 }), { minLength: 1, maxLength: 4 }), async (rounds) => {
        const [one, two] = [await makeProduct(app, admin, { stock: 12 }), await makeProduct(app, admin, { stock: 12 })];
        const expected = new Map([one, two].map(({ id }) => [id, 12]));
        const holders = new Map<string, Line[]>();
        for (const round of rounds) {
          const known = [...holders.keys()];
          await race(round.length, async (i) => {
            const { kind, quantity, which, also } = round[i]!;
            const lines = [{ productId: (which % 2 === 0 ? one : two).id, quantity }];
            if (also) lines.push({ productId: (which % 2 === 0 ? two : one).id, quantity: 1 });
            const holder = known[which % Math.max(known.length, 1)];
            if (kind === 'reserve') holders.set(await reserve(lines), lines);
            else if (kind === 'change')
              await app.kit.db
                .transaction(async (tx) => {
                  await tx.run({
                    text: 'update products.products set stock = stock - $2 where id = $1',
                    values: [lines[0]!.productId, quantity],
                  });
                })
                .then(() => expected.set(lines[0]!.productId, expected.get(lines[0]!.productId)! - quantity));
            else if (kind === 'batch') await release(...known.slice(0, 3));
            else if (holder === undefined) return;
            else if (kind === 'release') await release(holder);
            else if (await sell(holder))
              for (const line of holders.get(holder)!) expected.set(line.productId, expected.get(line.productId)! - line.quantity);
          });
          const { rows } = await app.owner.query<{ product_id: string; held: string }>(
            'select product_id, sum(quantity) as held from products.reservations where product_id = any($1) group by 1',
            [[one.id, two.id]],
          );
          for (const { id } of [one, two]) {
            const held = Number(rows.find(({ product_id }) => product_id === id)?.held ?? 0);
            expect(await row(id)).toEqual({ stock: expected.get(id), reserved: held });
            expect(held).toBeLessThanOrEqual(expected.get(id)!);
          }
        }
        expect(await differences()).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});
