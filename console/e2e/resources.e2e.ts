import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executablePath, found, studio, type Studio } from './console.testing.ts';

// Lists, one of them, forms, acts: what all pages are made of, made ones and those that the contract makes by itself.
describe.skipIf(!found)(`resources, with the browser at ${executablePath} (CHROMIUM)`, () => {
  let at: Studio;
  beforeAll(async () => {
    at = await studio();
  });
  afterAll(() => at?.stop());
  const sku = (n: number): string => `MUG-${String(n).padStart(3, '0')}`;
  const makeProducts = async (token: string, from: number, count: number): Promise<void> => {
    for (let n = from; n < from + count; n++) {
      const body = {
        sku: sku(n),
        name: `Mug ${n}`,
        category: n % 2 ? 'odd' : 'even',
        price: { amount: 1000 + n, currency: 'EUR' },
        stock: n,
      };
      expect((await at.app.call('POST', '/api/v1/products', { token, body })).status).toBe(201);
    }
  };

  test('a list: pages by cursor, filters in the address, a sensible empty state', async () => {
    const { page, context, token } = await at.signedIn('admin');
    await at.look(page, 'overview');
    await page.getByRole('navigation', { name: 'Resources' }).getByRole('link', { name: 'Products', exact: true }).click();
    await page.getByText('There are no products yet').waitFor();
    await at.look(page, 'list-empty');
    await makeProducts(token, 0, 30);
    await page.reload();
    await expect.poll(() => page.getByRole('row').count()).toBe(26);
    await page.getByRole('button', { name: 'More' }).click();
    await expect.poll(() => page.getByRole('row').count()).toBe(31);
    await at.look(page, 'list');
    await page.getByLabel('Category').selectOption('odd');
    await expect.poll(() => page.getByRole('row').count()).toBe(16);
    expect(page.url()).toContain('category=odd');
    const linked = await at.open(context, new URL(page.url()).pathname.replace('/console', '') + new URL(page.url()).search);
    await expect.poll(() => linked.getByRole('row').count()).toBe(16);
    await linked.getByLabel('Sort').selectOption('-price');
    await linked.getByText('Mug 29').waitFor();
    await expect.poll(() => linked.getByRole('row').nth(1).textContent()).toContain('€10.29');
    await linked.getByRole('columnheader', { name: 'Price' }).getByRole('button').click();
    await expect.poll(() => linked.getByRole('row').nth(1).textContent()).toContain('€10.01');
    expect(await linked.getByRole('columnheader', { name: 'Price' }).getAttribute('aria-sort')).toBe('ascending');
    await linked.getByLabel('Search').fill('nothing like it');
    await linked.getByText('Nothing fits these filters').waitFor();
    await linked.getByRole('button', { name: 'Without filters' }).click();
    await expect.poll(() => linked.getByRole('row').count()).toBe(26);

    await linked.getByRole('button', { name: 'Columns' }).click();
    await linked.getByRole('menuitemcheckbox', { name: 'Category' }).click();
    await linked.keyboard.press('Escape');
    await linked.getByRole('columnheader', { name: 'Category' }).waitFor({ state: 'detached' });
    expect(linked.url()).toContain('columns=');
    const [download] = await Promise.all([linked.waitForEvent('download'), linked.getByRole('button', { name: 'CSV' }).click()]);
    const lines = (await readFile(await download.path(), 'utf8')).split('\r\n');
    expect([download.suggestedFilename(), lines.length, lines[0]?.includes('category')]).toEqual(['products.csv', 31, false]); // all, not what is shown
    await linked.getByRole('link', { name: 'Mug 29' }).focus();
    await linked.keyboard.press('ArrowDown');
    await linked.keyboard.press('Enter');
    await linked.getByRole('heading', { name: 'Mug 28' }).waitFor();
    await linked.keyboard.press('Control+k');
    await linked.keyboard.type('mug 07');
    await at.look(linked, 'palette');
    await linked.getByRole('option', { name: 'Products: mug 07' }).click();
    expect(linked.url()).toContain('/r/products?q=mug+07');
    await context.close();
  });

  test('one of them: made, refused by field, changed, lost to somebody faster, deleted by its name', async () => {
    const { page, context, token } = await at.signedIn('admin');
    await page.goto(`${at.origin}/console/r/products`);
    await page.getByRole('button', { name: 'Create a product' }).first().click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Sku').fill('CUP-1');
    await form.getByLabel('Name').fill('Cup');
    await form.getByLabel('Category').fill('No Such Form');
    await form.getByLabel('Amount').fill('12.50');
    await form.getByLabel('Currency').fill('EUR');
    await form.getByLabel('Stock').fill('3');
    await at.look(page, 'form');
    await form.getByRole('button', { name: 'Create' }).click();
    await form.getByRole('alert').first().waitFor();
    await at.look(page, 'form-refused');
    await form.getByLabel('Category').fill('cups');
    await form.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: 'Cup' }).waitFor();
    await page.getByText('€12.50').waitFor();
    await at.look(page, 'detail');

    await page.getByRole('button', { name: 'Change', exact: true }).click();
    const id = page.url().split('/').at(-1)!;
    await at.app.call('PATCH', `/api/v1/products/${id}`, { token, body: { description: 'Faster' } });
    await form.getByLabel('Name').fill('Bowl');
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByText('PRODUCT_CHANGED').waitFor();
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Bowl' }).waitFor();
    await page.getByText('Faster').waitFor(); // only the name was sent

    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    expect(await form.getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true);
    await at.look(page, 'delete');
    await form.getByLabel('Type Bowl').fill('Bowl');
    await form.getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL(/\/r\/products$/);
    expect((await at.app.call('GET', `/api/v1/products/${id}`)).status).toBe(404);
    await context.close();
  });

  test('acts on what has no page in the API: a queue is paused', async () => {
    const { page, context, token } = await at.signedIn('admin');
    await page.goto(`${at.origin}/console/r/jobs/queues/orders.expire`);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('dialog').getByRole('button').last().click();
    await page.getByText(': done').waitFor();
    await at.look(page, 'queue');
    const { json } = await at.app.call('GET', '/api/v1/jobs/queues', { token });
    expect((json.data as { job: string; paused: boolean }[]).find(({ job }) => job === 'orders.expire')?.paused).toBe(true);
    await context.close();
  });

  test('a member sees only what the permissions allow, and is told so where an address leads further', async () => {
    const { page, context } = await at.signedIn('member');
    const navigation = page.getByRole('navigation', { name: 'Resources' });
    await navigation.getByRole('link', { name: 'Products', exact: true }).waitFor();
    expect(await navigation.getByRole('link', { name: 'Users', exact: true }).count()).toBe(0);
    await page.goto(`${at.origin}/console/r/users`);
    await page.getByText('You lack the permission for this.').waitFor();
    await at.look(page, 'refused');
    await page.goto(`${at.origin}/console/r/products`);
    await page.getByRole('heading', { name: 'Products' }).waitFor();
    expect(await page.getByRole('button', { name: 'Create a product' }).count()).toBe(0);
    await context.close();
  });

  test('no page complained, and axe finds no serious fault', () => expect([at.complaints, at.faults]).toEqual([[], []]));
});
