import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { coreApp, type CoreApp } from '@plinth/core/testing';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { features } from '../../../store/src/features.ts';
import { PASSWORD, type Person, person } from '../client.testing.ts';
import { unwrap } from '../index.ts';

vi.setConfig({ testTimeout: 60_000 });
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
};
async function script(): Promise<string> {
  const result = (await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: ['plinth-source'] },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: { write: false, minify: false, lib: { entry: join(import.meta.dirname, 'page.fixtures.ts'), formats: ['es'] } },
  })) as unknown as { output: { code?: string }[] }[];
  return result.flatMap(({ output }) => output.map(({ code = '' }) => code)).join('\n');
}

// The client and its hooks in pages of the server's own origin, with cookies that no script sees.
describe.skipIf(!existsSync(executablePath))(`with the browser at ${executablePath} (CHROMIUM)`, () => {
  let app: CoreApp;
  let browser: Browser;
  let code: string;
  let ada: Person;
  beforeAll(async () => {
    const port = await freePort();
    app = await coreApp(features, { env: { PORT: String(port), BASE_URL: `http://localhost:${port}` } });
    [browser, code, ada] = await Promise.all([
      chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] }),
      script(),
      person(app, 'admin'),
    ]);
  });
  afterAll(async () => {
    ada?.client.close();
    await browser?.close();
    await app?.stop();
  });
  const open = async (context: BrowserContext): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(`http://localhost:${new URL(app.url).port}/auth/reset`);
    await page.addScriptTag({ content: code, type: 'module' });
    await page.waitForFunction('globalThis.client');
    return page;
  };
  const signedIn = async (): Promise<{ context: BrowserContext; page: Page; refreshes: string[] }> => {
    const context = await browser.newContext({ bypassCSP: true });
    const refreshes: string[] = [];
    context.on('request', (request) => request.url().endsWith('/auth/refresh') && refreshes.push(request.url()));
    const page = await open(context);
    const credentials = JSON.stringify({ email: ada.email, password: PASSWORD });
    expect(await page.evaluate(`client.signIn(${credentials}).then(({ data }) => data.data)`)).toMatchObject({ status: 'signed-in' });
    return { context, page, refreshes };
  };
  const FIVE = `Promise.all(Array.from({ length: 5 }, () => client.GET('/api/v1/users/me'))).then((all) => all.map(({ response }) => response.status))`;

  test('B3: two tabs whose token ended renew it once, and a sign-out in one is known in the other', async () => {
    const { context, page, refreshes } = await signedIn();
    const other = await open(context);
    expect(await other.evaluate('client.session.restore()')).toMatchObject({ userId: ada.userId });
    expect(refreshes).toHaveLength(1); // a page that was loaded finds out who is signed in
    await context.clearCookies({ name: /plinth_access/ });
    const statuses = await Promise.all([page.evaluate(FIVE), other.evaluate(FIVE)]);
    expect(statuses).toEqual([
      [200, 200, 200, 200, 200],
      [200, 200, 200, 200, 200],
    ]);
    expect(refreshes).toHaveLength(2);

    expect(await page.evaluate('client.session.signOut()')).toBe(true);
    await other.waitForFunction('client.session.current === null');
    expect(await other.evaluate(`client.GET('/api/v1/users/me').then(({ error }) => error.code)`)).toBe('SIGN_IN_REQUIRED');
    expect(refreshes).toHaveLength(2);
    await context.close();
  });

  test('hooks: a query that lives, a mutation with its codes, who is signed in', async () => {
    const { context, page } = await signedIn();
    const project = unwrap(await ada.client.POST('/api/v1/projects', { body: { name: 'Apollo' } }));
    await page.evaluate(`showProject(${JSON.stringify(project.id)})`);
    await page.getByRole('heading', { name: 'Apollo' }).waitFor();
    await page.getByText('open').waitFor();
    expect(await page.locator('#who').textContent()).toBe(ada.userId);
    const params = { path: { projectId: project.id } };
    unwrap(await ada.client.PATCH('/api/v1/projects/{projectId}', { params, body: { name: 'Artemis' } }));
    await page.getByRole('heading', { name: 'Artemis' }).waitFor();
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('heading', { name: 'Gemini' }).waitFor();
    await page.getByRole('button', { name: 'Blank' }).click();
    await page.getByText('INVALID_INPUT').waitFor();
    await context.close();
  });

  test('S116: the key of a mutation is that of the act, however often it is tried', async () => {
    const { context, page } = await signedIn();
    const project = unwrap(await ada.client.POST('/api/v1/projects', { body: { name: 'Apollo' } }));
    const keys: (string | undefined)[] = [];
    await page.route('**/api/v1/projects/*', async (route) => {
      if (route.request().method() !== 'PATCH') return route.continue();
      keys.push(route.request().headers()['idempotency-key']);
      return keys.length < 3 ? route.abort('connectionreset') : route.continue();
    });
    await page.evaluate(`showProject(${JSON.stringify(project.id)})`);
    await page.getByRole('heading', { name: 'Apollo' }).waitFor();
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('heading', { name: 'Gemini' }).waitFor();
    expect([keys.length, new Set(keys).size]).toEqual([3, 1]);
    await context.close();
  });

  test('S103: with a cookie, the connection is renewed with it, and goes on where it was', async () => {
    const { context, page } = await signedIn();
    const project = unwrap(await ada.client.POST('/api/v1/projects', { body: { name: 'Apollo' } }));
    await context.clearCookies({ name: /plinth_access/ });
    await page.evaluate(`showProject(${JSON.stringify(project.id)})`);
    await page.getByRole('heading', { name: 'Apollo' }).waitFor();
    await page.getByText('open').waitFor({ timeout: 20_000 });
    await context.close();
  });

  test('a list by cursor, as far as one looks', async () => {
    for (const sku of ['R-1', 'R-2', 'R-3'])
      unwrap(
        await ada.client.POST('/api/v1/products', {
          body: { sku, name: 'Mug', category: 'react', price: { amount: 1, currency: 'EUR' }, stock: 1 },
        }),
      );
    const { context, page } = await signedIn();
    await page.evaluate('showProducts()');
    await expect.poll(() => page.getByRole('listitem').count()).toBe(2);
    await page.getByRole('button', { name: 'More' }).click();
    await expect.poll(() => page.getByRole('listitem').count()).toBe(3);
    await expect.poll(() => page.getByRole('button', { name: 'More' }).count()).toBe(0);
    await context.close();
  });
});
