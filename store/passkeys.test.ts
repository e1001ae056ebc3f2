import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { coreApp, type CoreApp } from '@plinth/core/testing';
import { users } from '@plinth/core';
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { features } from './src/features.ts';

vi.setConfig({ testTimeout: 60_000 });
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const found = existsSync(executablePath);
const PASSWORD = 'quiet harbour under a tin moon';

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
};
/** What the guide shows, as a page runs it. */
const SNIPPET = `
window.post = async (path, body, token) => {
  const reply = await fetch('/api/v1' + path, { method: 'POST', headers: { 'content-type': 'application/json', ...(token && { authorization: 'Bearer ' + token }) }, body: JSON.stringify(body ?? {}) });
  const { data, error } = await reply.json();
  if (error) throw new Error(error.code);
  return data;
};
window.register = async (token, label) => {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await (await fetch('/api/v1/passkeys/options', { method: 'POST', headers: { authorization: 'Bearer ' + token } })).json().then(({ data }) => data));
  const credential = await navigator.credentials.create({ publicKey });
  return post('/passkeys', { label, credential: credential.toJSON() }, token);
};
window.signIn = async (challenge) => {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await post('/auth/passkey/options', challenge ? { challenge } : {}));
  const credential = await navigator.credentials.get({ publicKey });
  return post('/auth/passkey', { credential: credential.toJSON(), ...(challenge && { challenge }) });
};`;

// The ceremonies in a real browser, with the virtual authenticator of its debugging protocol.
describe.skipIf(!found)(`passkeys, with the browser at ${executablePath} (CHROMIUM)`, () => {
  let app: CoreApp;
  let browser: Browser;
  let origin: string;
  beforeAll(async () => {
    const port = await freePort();
    origin = `http://localhost:${port}`;
    app = await coreApp(features, { env: { PORT: String(port), BASE_URL: origin } });
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });

  async function openPage(verifies = true, at = origin): Promise<{ page: Page; cdp: CDPSession; authenticatorId: string }> {
    const page = await browser.newPage();
    await page.goto(`${at}/auth/reset`);
    await page.evaluate(SNIPPET);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: verifies },
    });
    return { page, cdp, authenticatorId };
  }
  const emailOf = async (userId: string): Promise<string> => (await app.api(users).find(app.kit.db, userId))!.email;

  test('registers, signs in by itself, and stands as the second factor', async () => {
    const { userId, token } = await app.as('member');
    const { page, cdp, authenticatorId } = await openPage();
    const registered = await page.evaluate<{ recoveryCodes: string[]; session: { accessToken: string } }>(
      `register(${JSON.stringify(token)}, 'Laptop')`,
    );
    expect(registered.recoveryCodes).toHaveLength(10);
    const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
    expect(credentials).toMatchObject([{ isResidentCredential: true, rpId: 'localhost' }]);

    expect(await page.evaluate('signIn()')).toMatchObject({ status: 'signed-in', userId });

    const half = await app.call('POST', '/api/v1/auth/sign-in', { body: { email: await emailOf(userId), password: PASSWORD } });
    expect(half.json.data.status).toBe('second-factor-required');
    expect(await page.evaluate(`signIn(${JSON.stringify(half.json.data.challenge)})`)).toMatchObject({ status: 'signed-in', userId });
    await page.close();
  });
  test('the browser itself refuses another origin; one that did not verify its user is refused', async () => {
    const { token } = await app.as('member');
    const { page } = await openPage(true, origin.replace('localhost', '127.0.0.1'));
    await expect(page.evaluate(`register(${JSON.stringify(token)}, 'x')`)).rejects.toThrow(
      /SecurityError|not a registrable domain|invalid domain|Failed to fetch|ORIGIN/i,
    );
    await page.close();
    const { page: other } = await openPage(false);
    await expect(other.evaluate(`register(${JSON.stringify(token)}, 'x')`)).rejects.toThrow(
      /NotAllowedError|ConstraintError|PASSKEY_REFUSED/,
    );
    await other.close();
  });
});
