import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { defineFeature, defineJob, giveUp, perform } from '@plinth/kit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { features } from '../../store/src/features.ts';
import { connect, isWhole, type Outside, paidOrder, receipts, startOutside } from '../../store/src/timeline.testing.ts';
import { studio, type Studio } from './console.testing.ts';

// Takes the ten pictures of docs/guides/console.md, of a shop on an ordinary day: npm run pictures.
const FOLDER = join(import.meta.dirname, '../../docs/guides/console');
const PEOPLE = ['Grace Hopper', 'Alan Turing', 'Edsger Dijkstra', 'Barbara Liskov', 'Tony Hoare', 'Frances Allen', 'Leslie Lamport'];
const THINGS = [
  ['Harbour lamp', 12_900],
  ['Tin mug', 1450],
  ['Moon kettle', 4999],
  ['Oak board', 3400],
] as const;

const label = defineJob('shipping.label', z.object({ order: z.string() }), { title: 'Print a shipping label', attempts: 1 });
const shipping = defineFeature({
  name: 'shipping',
  contract: { label },
  setup: () => ({
    api: {},
    handlers: [perform(label, async ({ order }) => Promise.reject(giveUp(`the printer of ${order} is out of paper`)))],
  }),
});

let at: Studio;
let outside: Outside;
let page: Page;
let token: string;
beforeAll(async () => {
  await mkdir(FOLDER, { recursive: true });
  outside = await startOutside();
  at = await studio([...features, receipts, shipping], { env: outside.env });
  ({ page, token } = await at.signedIn('admin'));
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
});
afterAll(async () => {
  await at?.stop();
  await outside?.stop();
});
const call = async <Data>(method: string, path: string, body?: object, as = token): Promise<Data> => {
  const { status, text, json } = await at.app.call(method, `/api/v1${path}`, { token: as, ...(body && { body }) });
  expect(status, text).toBeLessThan(300);
  return (json as { data: Data } | undefined)?.data as Data;
};
const goto = (path: string) => page.goto(`${at.origin}/console/r${path}`);
const take = async (name: string): Promise<void> => {
  await page.waitForTimeout(300);
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
};

test('ten pictures', { timeout: 240_000 }, async () => {
  const [admin, buyer] = await Promise.all([at.app.as('admin'), at.app.as('member')]);
  const people = [buyer, ...(await Promise.all(PEOPLE.slice(1).map(() => at.app.as('member'))))];
  for (const [n, { userId, token: own }] of people.entries()) {
    await call('PATCH', '/users/me', { displayName: PEOPLE[n] }, own);
    // Nobody's address but in the picture.
    const address = `${PEOPLE[n]!.split(' ')[0]!.toLowerCase()}@example.com`;
    await at.app.owner.query('update users.users set email = $2, email_normalized = $2 where id = $1', [userId, address]);
  }
  const things: string[] = [];
  for (const [name, amount] of THINGS) {
    const body = { sku: name.toUpperCase().replace(' ', '-'), name, category: 'home', price: { amount, currency: 'EUR' }, stock: 40 };
    things.push((await call<{ id: string }>('POST', '/products', body)).id);
  }
  await connect(at.app, admin, outside);
  const { order } = await paidOrder(at.app, admin, buyer);
  await vi.waitUntil(async () => isWhole((await call<{ steps: never[] }>('GET', `/timeline?id=${order.id}`)).steps), {
    timeout: 20_000,
    interval: 250,
  });
  await call('POST', `/payments/${order.paymentId!}/refunds`, { amount: 500, reason: 'The lid was broken' });
  for (const number of ['7F2K-0E5W', '2MNA-9Q1X'])
    await at.app.kit.db.transaction((tx) => at.app.kit.jobs.enqueue(tx, label, { order: number }));
  await call('PATCH', `/products/${things[1]!}`, { name: 'Tin mug, blue', price: { amount: 1550, currency: 'EUR' } });

  await page.goto(`${at.origin}/console/`);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('pay');
  await page.getByRole('option', { name: /Ledger/ }).waitFor();
  await take('01-search');
  await page.keyboard.press('Escape');

  await goto('/users');
  await page.getByRole('link', { name: 'Grace Hopper' }).waitFor();
  await take('02-users');
  await goto(`/users/${buyer.userId}?tab=explain`);
  await page.getByLabel('Does what').fill('orders.fulfil');
  await page.getByRole('button', { name: 'Explain' }).click();
  await page.getByText('Grace Hopper may not').waitFor();
  await take('03-explain');

  const [changed] = await vi.waitUntil(
    async () => {
      const found = await call<{ position: number }[]>('GET', '/audit/events?name=products.changed&cursor=');
      return found.length > 0 && found;
    },
    { timeout: 10_000 },
  );
  await goto(`/audit/events/${changed!.position}`);
  await page.getByText('Tin mug, blue').first().waitFor();
  await take('04-before-and-after');
  await goto('/audit/seal');
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByText('The log is whole').waitFor();
  await take('05-verified');

  await goto('/jobs/queues');
  await page.getByRole('row').filter({ hasText: 'shipping.label' }).getByRole('link', { name: '2', exact: true }).waitFor();
  await take('06-queues');
  await goto('/webhooks/endpoints');
  await page.getByRole('row').nth(1).getByRole('link').first().click();
  await page.getByRole('link', { name: 'orders.paid' }).first().click();
  await page.getByRole('heading', { name: 'Request', exact: true }).waitFor();
  await take('07-delivery');

  await goto(`/payments/${order.paymentId!}?tab=ledger`);
  await page.getByRole('row').filter({ hasText: 'refund' }).first().waitFor();
  await take('08-payment');
  await goto(`/timeline?id=${order.id}`);
  await page.getByRole('list', { name: 'Steps' }).getByText('Order paid').waitFor();
  await take('09-timeline');

  // Live charts want some time behind them, and somebody who asks.
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'dark' });
  await goto('/health');
  const until = Date.now() + 75_000;
  for (let n = 0; Date.now() < until; n++) {
    await call('GET', `/products?page=1&limit=${10 + (n % 10)}`);
    await new Promise((resolve) => setTimeout(resolve, 150 + 100 * Math.sin(n / 40)));
  }
  await take('10-health');
});
