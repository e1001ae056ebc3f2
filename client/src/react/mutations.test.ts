import { coreApp, type CoreApp } from '@plinth/core/testing';
import { dehydrate, hydrate, MutationObserver, onlineManager, QueryClient } from '@tanstack/react-query';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { features } from '../../../store/src/features.ts';
import { type Person, person } from '../client.testing.ts';
import { createHooks, keyed, queryDefaults } from './index.ts';

let app: CoreApp;
let admin: Person;
beforeAll(async () => {
  app = await coreApp(features);
  admin = await person(app, 'admin');
});
afterAll(() => app?.stop());
afterEach(() => onlineManager.setOnline(true));

const body = (sku: string) => ({ sku, name: 'Mug', category: 'offline', price: { amount: 1, currency: 'EUR' }, stock: 1 });
const made = async (): Promise<string[]> =>
  (await app.owner.query<{ sku: string }>(`select sku from products.products where category = 'offline' order by id`)).rows.map(
    ({ sku }) => sku,
  );

test('S117: mutations that waited while a page was closed are sent by the next one, in order, each once under its own key', async () => {
  onlineManager.setOnline(false);
  const closed = new QueryClient({ defaultOptions: queryDefaults });
  const mutationKey = ['post', '/api/v1/products'];
  for (const sku of ['OFF-1', 'OFF-2', 'OFF-3']) {
    const waiting = new MutationObserver(closed, {
      mutationKey,
      scope: { id: 'products' },
      mutationFn: () => Promise.reject(new Error('offline')),
    });
    void waiting.mutate(keyed({ body: body(sku) }) as never).catch(() => undefined);
  }
  await expect
    .poll(() =>
      closed
        .getMutationCache()
        .getAll()
        .filter(({ state }) => state.isPaused),
    )
    .toHaveLength(3);
  const stored = JSON.stringify(dehydrate(closed));
  closed.clear();

  // The next page: what was stored holds no functions.
  const opened = new QueryClient({ defaultOptions: queryDefaults });
  createHooks(admin.client).restoreMutations(opened);
  hydrate(opened, JSON.parse(stored));
  const keys = opened
    .getMutationCache()
    .getAll()
    .map(({ state }) => (state.variables as { params: { header: Record<string, string> } }).params.header['Idempotency-Key']);
  onlineManager.setOnline(true);
  // The first answer is lost: sent again, it is still the same act.
  admin.wire.sent.length = 0;
  admin.wire.meddle = (_request, nth) => (nth === 1 ? 'lose' : 'pass');
  await opened.resumePausedMutations();
  expect(await made()).toEqual(['OFF-1', 'OFF-2', 'OFF-3']);
  expect(admin.wire.keys()).toEqual([keys[0], ...keys]);
});

test('a mutation of somebody else is left alone', async () => {
  const queryClient = new QueryClient();
  createHooks(admin.client).restoreMutations(queryClient);
  const observer = new MutationObserver(queryClient, { mutationKey: ['something', 'else'] });
  await expect(observer.mutate()).rejects.toThrow('none of the client');
});
