import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { features } from '../../store/src/features.ts';
import type { Order } from '../../store/src/features/orders/contract.ts';
import { connect, isWhole, type Outside, paidOrder, receipts, startOutside } from '../../store/src/timeline.testing.ts';
import { executablePath, found, studio, type Studio } from './console.testing.ts';

describe.skipIf(!found)(`the timeline, with the browser at ${executablePath} (CHROMIUM)`, () => {
  let at: Studio;
  let outside: Outside;
  let order: Order;
  let started: string;
  beforeAll(async () => {
    outside = await startOutside();
    at = await studio([...features, receipts], { env: outside.env });
    const [admin, buyer] = await Promise.all([at.app.as('admin'), at.app.as('member')]);
    await connect(at.app, admin, outside);
    ({ order, started } = await paidOrder(at.app, admin, buyer));
    const path = `/api/v1/timeline?id=${order.id}`;
    await vi.waitUntil(async () => isWhole((await at.app.call('GET', path, { token: admin.token })).json.data?.steps ?? []), {
      timeout: 20_000,
      interval: 250,
    });
  });
  afterAll(async () => {
    await at?.stop();
    await outside?.stop();
  });

  test('from any id: the chain as a tree, each step leads to its thing', async () => {
    const { page, context } = await at.signedIn('admin');
    await page.goto(`${at.origin}/console/r/timeline`);
    await page.getByText('Begin with an id').waitFor();
    await at.look(page, 'timeline-empty');
    await page.getByLabel('Id', { exact: true }).fill(` ${order.id} `);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    const steps = page.getByRole('list', { name: 'Steps' });
    await steps.getByText('Thanks for an order').waitFor();
    expect(page.url()).toContain(`?id=${order.id}`);
    await at.look(page, 'timeline-order');
    await page.evaluate('window.scrollTo(0, document.body.scrollHeight)');
    const titles = await steps.getByRole('listitem').allTextContents();
    const place = (text: string): number => titles.findIndex((title) => title.startsWith(text));
    expect([place('Place an order'), place('Order placed'), place('Order paid'), place('Thanks for an order')]).toEqual(
      [place('Place an order'), place('Order placed'), place('Order paid'), place('Thanks for an order')].toSorted((a, b) => a - b),
    );
    // The way of a step to its thing, and back.
    await steps.getByRole('link', { name: 'Thank for an order' }).click();
    await page.getByText('receipts.thank').first().waitFor();
    expect(page.url()).toMatch(/\/console\/r\/jobs\/[0-9a-f-]{36}$/);
    await page.goBack();
    await steps.getByRole('link', { name: 'Begin to pay' }).click();
    await expect.poll(() => page.url()).toContain(`/console/r/audit/events?requestId=${started}`);
    await page.goBack();
    await page.getByLabel('Id', { exact: true }).fill(started);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'request', exact: true }).waitFor();
    await expect.poll(() => steps.locator('[aria-current=true]').textContent()).toContain('Begin to pay');
    await at.look(page, 'timeline-request');
    await context.close();
  });

  test('what is not known, and who may not', async () => {
    const { page, context } = await at.signedIn('admin', 390);
    await page.goto(`${at.origin}/console/r/timeline?requestId=never-was`);
    await page.getByText('Nothing is known of it').waitFor();
    await at.look(page, 'timeline-nothing');
    await context.close();
    const member = await at.signedIn('member');
    await member.page.goto(`${at.origin}/console/r/timeline?id=${order.id}`);
    await member.page.getByText('You lack the permission for this.').waitFor();
    await member.context.close();
  });

  test('nothing broke, and axe found nothing serious', () => {
    expect([at.complaints, at.faults]).toEqual([[], []]);
  });
});
