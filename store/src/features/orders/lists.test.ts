import { coreApp, type CoreApp } from '@plinth/core/testing';
import { system, uuidv7 } from '@plinth/kit';
import { type Actor } from '@plinth/kit/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { features } from '../../features.ts';
import { makeProduct } from '../products/products.fixtures.ts';
import type { Order } from './contract.ts';
import { orders } from './index.ts';
import { placeOrder } from './orders.fixtures.ts';

let app: CoreApp;
let admin: Actor;
beforeAll(async () => {
  app = await coreApp(features, { env: { ORDERS_UNPAID_AT_MOST: '1000' } });
  admin = await app.as('admin');
});
afterAll(() => app?.stop());

const call = (who: Pick<Actor, 'token'>, method: string, path: string) => app.call(method, `/api/v1/orders${path}`, { token: who.token });
const product = (over: Parameters<typeof makeProduct>[2]) => makeProduct(app, admin, over);
const api = () => app.api(orders);
const pay = ({ id, total, paymentId }: Order) =>
  app.kit.db.transaction((tx) => api().paid(system('test.orders', null, uuidv7()), tx, id, { ...total, paymentId: paymentId! }));

test('filters and pages hold each order exactly once, newest first, by page and by cursor', async () => {
  const [ada, eve] = [await app.as('member'), await app.as('member')];
  const [one, two] = [await product({ stock: 100 }), await product({ stock: 100 })];
  const made: (Order & { products: string[] })[] = [];
  for (let i = 0; i < 17; i++) {
    const ids = i % 3 === 0 ? [one.id, two.id] : [i % 2 === 0 ? one.id : two.id];
    const lines = ids.map((productId) => ({ productId, quantity: 1 }));
    made.push({ ...(await placeOrder({ app }, i % 4 === 3 ? eve : ada, lines)), products: ids });
  }
  // Ties of time, so that an order that is not total would lose or repeat some.
  await app.owner.query('alter table orders.orders disable trigger ordered_stays');
  await app.owner.query(`update orders.orders set placed_at = date_trunc('second', placed_at) where owner_id = any($1)`, [
    [ada.userId, eve.userId],
  ]);
  await app.owner.query('alter table orders.orders enable trigger ordered_stays');
  for (const [i, order] of made.entries()) if (i % 5 === 0) await pay(order);
  const now: (Order & { products: string[] })[] = [];
  for (const { id, products } of made) now.push({ ...(await api().find(id))!, products });
  now.sort((a, b) => (a.placedAt < b.placedAt ? 1 : a.placedAt > b.placedAt ? -1 : a.id < b.id ? 1 : -1));
  const middle = now[8]!.placedAt;
  const filters: [string, (order: (typeof now)[number]) => boolean][] = [
    ['', () => true],
    ['state=paid&', ({ state }) => state === 'paid'],
    [`productId=${one.id}&`, ({ products }) => products.includes(one.id)],
    [`productId=${one.id}&state=awaiting_payment&`, ({ products, state }) => products.includes(one.id) && state === 'awaiting_payment'],
    [`from=${middle}&`, ({ placedAt }) => placedAt >= middle],
    [`to=${middle}&`, ({ placedAt }) => placedAt < middle],
  ];
  for (const [filter, matches] of filters)
    for (const [who, sees] of [
      [ada, ({ userId }: Order) => userId === ada.userId],
      [eve, ({ userId }: Order) => userId === eve.userId],
    ] as const) {
      const expected = now.filter((order) => matches(order) && sees(order)).map(({ id }) => id);
      const mine = filter + `userId=${who.userId}&`;
      for (const [viewer, query] of [
        [who, filter],
        [admin, mine],
      ] as const) {
        const byPage: string[] = [];
        for (let page = 1; page <= 7; page++) {
          const { json, status, text } = await call(viewer, 'GET', `?${query}limit=3&page=${page}`);
          expect(status, text).toBe(200);
          expect([query, json.meta.pagination.total]).toEqual([query, expected.length]);
          byPage.push(...json.data.map(({ id }: Order) => id));
        }
        expect(byPage).toEqual(expected);
        const byCursor: string[] = [];
        for (let cursor: string | null = ''; cursor !== null && byCursor.length < 20;) {
          const { json } = await call(viewer, 'GET', `?${query}limit=3&cursor=${encodeURIComponent(cursor)}`);
          byCursor.push(...json.data.map(({ id }: Order) => id));
          expect(json.data.every(({ lines }: Order) => lines.length > 0)).toBe(true);
          cursor = json.meta.pagination.nextCursor;
        }
        expect(byCursor).toEqual(expected);
      }
    }
});
