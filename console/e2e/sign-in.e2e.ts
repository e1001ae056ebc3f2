import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { withTotp } from '@plinth/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { consoleApp } from '../app.ts';
import { executablePath, found, PASSWORD, studio, type Studio } from './console.testing.ts';

describe.skipIf(!found)(`signing in, with the browser at ${executablePath} (CHROMIUM)`, () => {
  let at: Studio;
  beforeAll(async () => {
    at = await studio();
  });
  afterAll(() => at?.stop());

  test('wrong, right, out: back to where one wanted to go', async () => {
    const { userId } = await at.app.as('admin');
    const context = await at.browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await at.open(context, '/r/users?status=active');
    await page.getByLabel('E-mail').fill(await at.emailOf(userId));
    await page.getByLabel('Password').fill('wrong');
    await at.look(page, 'sign-in');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect.poll(() => page.getByRole('alert').textContent()).toMatch(/password/i);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { name: /^Users/ }).waitFor();
    expect(page.url()).toContain('/console/r/users?status=active');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Password').waitFor();
    await page.goto(`${at.origin}/console/r/users`);
    await page.getByLabel('Password').waitFor();
    await context.close();
  });

  test('a second factor is asked for, and a wrong code told', async () => {
    const { userId } = await at.app.as('admin');
    const device = await withTotp(at.app, userId);
    const context = await at.browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await at.open(context, '/');
    await page.getByLabel('E-mail').fill(await at.emailOf(userId));
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByLabel('Code of your authenticator app').fill('000000');
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect.poll(() => page.getByRole('alert').textContent()).not.toBe('');
    await page.getByLabel('Code of your authenticator app').fill(await device.next());
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await context.close();
  });

  test('a passkey signs in by itself', async () => {
    const { userId, token } = await at.app.as('admin');
    const context = await at.browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await at.open(context, '/');
    const cdp = await context.newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
    });
    await page.getByLabel('E-mail').waitFor();
    await page.evaluate(`(async () => {
      const post = (path, body) => fetch('/api/v1' + path, { method: 'POST', headers: { 'content-type': 'application/json', authorization: ${JSON.stringify(`Bearer ${token}`)} }, body: JSON.stringify(body) }).then((reply) => reply.json());
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON((await post('/passkeys/options')).data);
      const credential = await navigator.credentials.create({ publicKey });
      await post('/passkeys', { label: 'Laptop', credential: credential.toJSON() });
    })()`);
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    const { rows } = await at.app.owner.query('select 1 from auth.sessions where user_id = $1', [userId]);
    expect(rows.length).toBeGreaterThan(1);
    await context.close();
  });

  test('the first page is at most 200 KB of script, compressed', async () => {
    const context = await at.browser.newContext();
    const page = await at.open(context, '/');
    await page.getByLabel('E-mail').waitFor();
    const scripts = await page.evaluate<string[]>(
      `performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname).filter((path) => path.endsWith('.js'))`,
    );
    expect(scripts.length).toBeGreaterThan(0);
    const sizes = await Promise.all(
      scripts.map(async (path) => gzipSync(await readFile(join(consoleApp.folder, path.replace('/console/', '')))).length),
    );
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    process.stdout.write(`first page of the console: ${bytes} bytes of script, compressed\n`);
    expect(bytes).toBeLessThanOrEqual(200 * 1024);
    await context.close();
  });

  test('no page complained, and axe finds no serious fault', () => expect([at.complaints, at.faults]).toEqual([[], []]));
});
