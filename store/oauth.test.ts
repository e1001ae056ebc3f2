import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { configured, coreApp, type CoreApp, startProvider, withTotp } from '@plinth/core/testing';
import { users } from '@plinth/core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { features } from './src/features.ts';

vi.setConfig({ testTimeout: 60_000 });
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const found = existsSync(executablePath);

const listening = async (server: Server): Promise<number> => {
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
};

/** What the guide shows, as a page runs it. */
const SNIPPET = `
window.begin = async (provider, returnTo) => {
  const reply = await fetch('/api/v1/auth/oauth/' + provider, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ returnTo }) });
  return (await reply.json()).data.url;
};
window.signInWith = async (provider, returnTo) => location.assign(await begin(provider, returnTo));`;

// Signing in with a provider, in a real browser: its pages, ours, and the cookies between two sites (localhost and 127.0.0.1).
describe.skipIf(!found)(`OAuth, with the browser at ${executablePath} (CHROMIUM)`, () => {
  let provider: Awaited<ReturnType<typeof startProvider>>;
  let app: CoreApp;
  let browser: Browser;
  let origin: string;
  beforeAll(async () => {
    const free = createServer();
    const port = await listening(free);
    await new Promise((resolve) => free.close(resolve));
    origin = `http://localhost:${port}`;
    const accounts = {
      ada: { email: 'ada@example.com', email_verified: true, name: 'Ada Lovelace' },
      bob: { email: 'bob@example.com', email_verified: true },
      eve: { email: 'eve@example.com', email_verified: false },
    };
    provider = await startProvider(accounts, [`${origin}/auth/oauth/acme/callback`]);
    app = await coreApp(features, { env: { PORT: String(port), BASE_URL: origin, OIDC_PROVIDERS: configured(['acme', provider.issuer]) } });
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await provider?.stop();
  });

  /** From a page of this server to the provider, through its forms, and back. */
  async function signIn(page: Page, login: string, returnTo = '/auth/reset?signed=in'): Promise<void> {
    await page.goto(`${origin}/auth/reset`);
    await page.evaluate(SNIPPET);
    await page.evaluate(`signInWith('acme', ${JSON.stringify(returnTo)})`);
    await page.waitForSelector('input[name=login]');
    await page.fill('input[name=login]', login);
    await page.fill('input[name=password]', 'any');
    await Promise.all([page.waitForNavigation(), page.click('button[type=submit]')]);
    await page.click('button[type=submit]');
  }
  /** Where it is sent with a fragment; the page there, which is ours, takes that out of the address bar at once. */
  const arrival = (page: Page): Promise<string> =>
    new Promise((resolve) => page.on('framenavigated', (frame) => frame.url().includes('signed=in#') && resolve(frame.url())));
  const me = (page: Page) =>
    page.evaluate<{ email: string } | undefined>(`fetch('/api/v1/users/me').then((reply) => reply.json()).then(({ data }) => data)`);

  test('signs in with a provider of another site, and ends where it was going', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await signIn(page, 'ada');
    await page.waitForURL(`${origin}/auth/reset?signed=in`);
    expect(await me(page)).toMatchObject({ email: 'ada@example.com' });
    const names = (await context.cookies()).filter(({ httpOnly }) => httpOnly).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['plinth_access', 'plinth_refresh']));
    // Going back finds nothing to finish, and the answer is no longer in the history.
    await page.goto(`${origin}/auth/oauth/acme/callback`);
    await page.getByText('begin again').waitFor();
    await context.close();
  });
  test('hands the second factor over to the page it was going to, in the fragment', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await signIn(page, 'bob');
    await page.waitForURL(`${origin}/auth/reset?signed=in`);
    const { id } = (await app.api(users).findByEmail(app.kit.db, 'bob@example.com'))!;
    await withTotp(app, id);
    await context.clearCookies();
    const arrived = arrival(page);
    await signIn(page, 'bob');
    const fragment = Object.fromEntries(new URLSearchParams(new URL(await arrived).hash.slice(1)));
    expect(fragment).toMatchObject({
      status: 'second-factor-required',
      challenge: expect.any(String),
      factors: expect.stringContaining('totp'),
    });
    expect(await me(page)).toBeUndefined();
    await context.close();
  });
  test('says what went wrong, and leaves no code in the address bar', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 700 } });
    const page = await context.newPage();
    await signIn(page, 'eve');
    await page.getByText('has not verified your e-mail address').waitFor();
    expect(page.url()).toBe(`${origin}/auth/oauth/acme/callback`);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    if (process.env['SCREENSHOTS']) await page.screenshot({ path: `${process.env['SCREENSHOTS']}/oauth-phone.png` });
    await context.close();
  });
  test('takes an answer that another site posts, as Apple does, with the cookie that only our own pages send', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${origin}/auth/reset`);
    await page.evaluate(SNIPPET);
    const url = await page.evaluate<string>(`begin('acme', '/auth/reset?signed=in')`);
    const state = new URL(url).searchParams.get('state')!;
    const form = createServer((_request, reply) =>
      reply
        .writeHead(200, { 'content-type': 'text/html' })
        .end(
          `<form method="post" action="${origin}/auth/oauth/acme/callback"><input name="state" value="${state}"><input name="error" value="access_denied"><input name="iss" value="${provider.issuer}"><button>Go</button></form>`,
        ),
    );
    await page.goto(`http://127.0.0.1:${await listening(form)}/`);
    const arrived = arrival(page);
    await page.click('button');
    expect(await arrived).toBe(`${origin}/auth/reset?signed=in#status=denied`);
    form.close();
    await context.close();
  });
});
