import { existsSync } from 'node:fs';
import { coreApp, type CoreApp } from '@plinth/core/testing';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { features } from './src/features.ts';

// A browser on a busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 60_000 });

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const found = existsSync(executablePath);
const WIDTHS = [1280, 390];

// The pages of this server in a real browser, at desktop and phone width.
describe.skipIf(!found)(`pages, with the browser at ${executablePath} (CHROMIUM)`, () => {
  let app: CoreApp;
  let browser: Browser;
  const complaints: string[] = [];
  const open = async (path: string, width = WIDTHS[0]!): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    page.on('console', (message) => message.type() === 'error' && complaints.push(`${path}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(`${path}: ${error.message}`));
    await page.goto(app.url + path);
    return page;
  };
  const fits = (page: Page): Promise<boolean> => page.evaluate('document.documentElement.scrollWidth <= window.innerWidth');

  beforeAll(async () => {
    app = await coreApp(features);
    browser = await chromium.launch({
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    });
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
  });

  test('B25: the page behind a mailed link consumes nothing until its button is pressed, and keeps the token out of the address', async () => {
    const email = 'grace@example.com';
    const password = 'seven slow trains to Lisbon';
    await app.call('POST', '/api/v1/auth/register', { body: { email, displayName: 'Grace Hopper' } });
    const link = new URL(/https?:\S+/.exec((await app.mailbox.newest(email)).text)![0]);
    await (await open(link.pathname + link.hash)).close();
    const page = await open(link.pathname + link.hash);
    expect(page.url()).not.toContain('token');
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('You can sign in now').waitFor();
    const signedIn = await app.call('POST', '/api/v1/auth/sign-in', { body: { email, password } });
    expect(signedIn.status).toBe(200);
    const again = await open(link.pathname + link.hash);
    await again.getByLabel('Password', { exact: true }).fill(password);
    await again.getByRole('button', { name: 'Confirm' }).click();
    await again.getByText(/link is not valid/i).waitFor();
    expect(await again.getByRole('button').count()).toBe(0);
    expect(complaints.splice(0).filter((text) => !/status of 4\d\d/.test(text))).toEqual([]);
  });

  test.each(WIDTHS)('the reference page lists every operation and fits %i pixels', async (width) => {
    const page = await open('/api-docs', width);
    await page.getByText('Your own profile').first().waitFor();
    // A list this long holds only what is in sight: the filter brings it there.
    for (const [tag, summary] of [
      ['products', 'Create a product'],
      ['auth', 'Sign in'],
      ['audit', 'Search the audit log'],
    ] as const) {
      await page.getByPlaceholder('Filter by tag').fill(tag);
      await page.getByText(summary).first().waitFor();
      expect(await fits(page)).toBe(true);
    }
    expect(complaints.splice(0)).toEqual([]);
  });

  test('an operation can be tried from the reference page', async () => {
    const page = await open('/api-docs');
    await page.getByPlaceholder('Filter by tag').fill('products');
    const operation = page.locator('.opblock', { hasText: 'Count products by category' });
    await operation.locator('.opblock-summary-control').click();
    await operation.getByRole('button', { name: 'Try it out' }).click();
    await operation.getByRole('button', { name: 'Execute' }).click();
    await operation.locator('.live-responses-table', { hasText: 'success' }).waitFor();
    expect(complaints.splice(0)).toEqual([]);
  });

  test.each(WIDTHS)('the confirm page fits %i pixels, with a form and without', async (width) => {
    const bare = await open('/auth/confirm', width);
    expect([await fits(bare), await bare.getByRole('button').count()]).toEqual([true, 0]);
    const page = await open('/auth/confirm#token=x', width);
    await page.getByText('At least 15 characters').waitFor();
    expect(await fits(page)).toBe(true);
    expect(complaints.splice(0)).toEqual([]);
  });

  test('the confirm page works by keyboard, tells what is wrong with a password and takes another', async () => {
    const email = 'hedy@example.com';
    await app.call('POST', '/api/v1/auth/register', { body: { email, displayName: 'Hedy Lamarr' } });
    const link = new URL(/https?:\S+/.exec((await app.mailbox.newest(email)).text)![0]);
    const page = await open(link.pathname + link.hash, WIDTHS[1]);
    const password = page.getByLabel('Password', { exact: true });
    const posts: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
    await password.fill('fourteen chars');
    await password.press('Enter'); // the browser's own rule
    expect(posts).toEqual([]);
    await password.fill('passwordpassword');
    await password.press('Enter');
    await page.getByRole('alert').getByText('guessed first').waitFor();
    expect(await password.getAttribute('aria-invalid')).toBe('true');
    expect(await fits(page)).toBe(true);
    await page.getByLabel('Show the password').press('Space');
    expect(await password.getAttribute('type')).toBe('text');
    await password.fill('two blue lamps above the quay');
    await password.press('Enter');
    await page.getByText('You can sign in now').waitFor();
    expect(posts).toHaveLength(2);
    expect(page.url()).toMatch(/\/auth\/confirm$/);
    const signedIn = await app.call('POST', '/api/v1/auth/sign-in', { body: { email, password: 'two blue lamps above the quay' } });
    expect(signedIn.status).toBe(200);
    expect(complaints.splice(0).filter((text) => !/status of 422/.test(text))).toEqual([]);
  });
});
