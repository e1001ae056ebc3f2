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
    await app.call('POST', '/api/v1/auth/register', {
      body: { email, password: 'seven slow trains to Lisbon', displayName: 'Grace Hopper' },
    });
    const link = new URL(/https?:\S+/.exec((await app.mailbox.newest(email)).text)![0]);
    await (await open(link.pathname + link.hash)).close();
    const page = await open(link.pathname + link.hash);
    expect(page.url()).not.toContain('token');
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('You can sign in now').waitFor();
    const signedIn = await app.call('POST', '/api/v1/auth/sign-in', { body: { email, password: 'seven slow trains to Lisbon' } });
    expect(signedIn.status).toBe(200);
    const again = await open(link.pathname + link.hash);
    await again.getByRole('button', { name: 'Confirm' }).click();
    await again.getByText(/link/i).waitFor();
    expect(complaints.splice(0).filter((text) => !/status of 4\d\d/.test(text))).toEqual([]);
  });

  test.each(WIDTHS)('the reference page lists every operation and fits %i pixels', async (width) => {
    const page = await open('/api-docs', width);
    await page.getByText('Create a product').first().waitFor();
    for (const summary of ['Sign in', 'List products', 'Your own profile'])
      expect(await page.getByText(summary).count(), summary).toBeGreaterThan(0);
    expect(await fits(page)).toBe(true);
    expect(complaints.splice(0)).toEqual([]);
  });

  test('an operation can be tried from the reference page', async () => {
    const page = await open('/api-docs');
    const operation = page.locator('.opblock', { hasText: 'Count products by category' });
    await operation.locator('.opblock-summary-control').click();
    await operation.getByRole('button', { name: 'Try it out' }).click();
    await operation.getByRole('button', { name: 'Execute' }).click();
    await operation.locator('.live-responses-table', { hasText: 'success' }).waitFor();
    expect(complaints.splice(0)).toEqual([]);
  });

  test.each(WIDTHS)('the confirm page fits %i pixels', async (width) => {
    expect(await fits(await open('/auth/confirm', width))).toBe(true);
    expect(complaints.splice(0)).toEqual([]);
  });
});
