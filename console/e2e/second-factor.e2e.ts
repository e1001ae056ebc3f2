import { withTotp } from '@plinth/core/testing';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executablePath, found, PASSWORD, studio, type Studio } from './console.testing.ts';

// The second factor, by every way that it can be given: where one signs in, and where an operation wants a fresh proof.
describe.skipIf(!found)(`second factors, with the browser at ${executablePath} (CHROMIUM)`, () => {
  let at: Studio;
  beforeAll(async () => {
    at = await studio();
  });
  afterAll(() => at?.stop());

  const withPassword = async (context: BrowserContext, userId: string): Promise<Page> => {
    const page = await at.open(context, '/');
    await page.getByLabel('E-mail').fill(await at.emailOf(userId));
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    return page;
  };
  const isIn = (page: Page) => page.getByRole('heading', { name: 'Overview' }).waitFor();
  const grow = async (page: Page, userId: string): Promise<void> => {
    await at.app.owner.query(`update auth.sessions set proved_at = now() - interval '11 minutes' where user_id = $1 and ended_at is null`, [
      userId,
    ]);
    await page.reload(); // the token says when the proof was
  };
  /** Wants a fresh proof: nothing is changed before it was given. */
  const wanting = async (page: Page, somebody: string): Promise<ReturnType<Page['getByRole']>> => {
    await page.goto(`${at.origin}/console/r/users/${somebody}?tab=factors`);
    await page.getByRole('button', { name: 'Reset', exact: true }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('Lost phone');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    const proof = page.getByRole('dialog', { name: 'Confirm who you are' });
    await proof.waitFor();
    return proof;
  };
  const somebodyWithFactor = async (): Promise<string> => {
    const { userId } = await at.app.as('member');
    await withTotp(at.app, userId);
    return userId;
  };

  test('with an authenticator app: its code, and the password and a code for a fresh proof', async () => {
    const { userId } = await at.app.as('admin');
    const device = await withTotp(at.app, userId);
    const context = await at.browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await withPassword(context, userId);
    await page.getByLabel('Code of your authenticator app').fill(await device.next());
    await page.getByRole('button', { name: 'Continue' }).click();
    await isIn(page);
    await grow(page, userId);
    const proof = await wanting(page, await somebodyWithFactor());
    await proof.getByLabel('Password').fill('wrong');
    await proof.getByRole('button', { name: 'Confirm' }).click();
    await expect.poll(() => proof.getByRole('alert').textContent()).toMatch(/password/i);
    await proof.getByLabel('Password').fill(PASSWORD);
    await proof.getByRole('button', { name: 'Confirm' }).click();
    await proof.getByLabel('Code of your authenticator app').fill(await device.next());
    await at.look(page, 'step-up-code');
    await proof.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('No second factor').waitFor();
    await context.close();
  });

  test('a recovery code stands in for it, where one signs in and for a fresh proof, each once', async () => {
    const { userId, token } = await at.app.as('admin');
    await withTotp(at.app, userId);
    const made = await at.app.call('POST', '/api/v1/mfa/recovery-codes', { token });
    const { recoveryCodes } = made.json.data as { recoveryCodes: string[] };
    const context = await at.browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await withPassword(context, userId);
    await page.getByRole('button', { name: 'Use a recovery code' }).click();
    await page.getByLabel('Recovery code').fill(recoveryCodes[0]!);
    await at.look(page, 'sign-in-recovery');
    await page.getByRole('button', { name: 'Continue' }).click();
    await isIn(page);
    await grow(page, userId);
    const proof = await wanting(page, await somebodyWithFactor());
    await proof.getByLabel('Password').fill(PASSWORD);
    await proof.getByRole('button', { name: 'Confirm' }).click();
    await proof.getByRole('button', { name: 'Use a recovery code' }).click();
    await proof.getByLabel('Recovery code').fill(recoveryCodes[0]!);
    await proof.getByRole('button', { name: 'Continue' }).click();
    await expect.poll(() => proof.getByRole('alert').textContent()).toMatch(/used before/i);
    await proof.getByLabel('Recovery code').fill(recoveryCodes[1]!);
    await proof.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('No second factor').waitFor();
    await context.close();
  });

  test('a passkey: after the password where one signs in, after it and instead of it for a fresh proof', async () => {
    const { userId, token } = await at.app.as('admin');
    const context = await at.browser.newContext({ viewport: { width: 1440, height: 900 } });
    const registering = await at.open(context, '/');
    const cdp = await context.newCDPSession(registering);
    await cdp.send('WebAuthn.enable');
    await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
    });
    await registering.getByLabel('E-mail').waitFor();
    await registering.evaluate(`(async () => {
      const post = (path, body) => fetch('/api/v1' + path, { method: 'POST', headers: { 'content-type': 'application/json', authorization: ${JSON.stringify(`Bearer ${token}`)} }, body: JSON.stringify(body) }).then((reply) => reply.json());
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON((await post('/passkeys/options')).data);
      const credential = await navigator.credentials.create({ publicKey });
      await post('/passkeys', { label: 'Laptop', credential: credential.toJSON() });
    })()`);
    const page = registering; // the authenticator belongs to this one
    await page.getByLabel('E-mail').fill(await at.emailOf(userId));
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('One more factor.').waitFor();
    expect(await page.getByLabel('Code of your authenticator app').count()).toBe(0); // they have none
    await at.look(page, 'sign-in-passkey');
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await isIn(page);

    await grow(page, userId);
    const after = await wanting(page, await somebodyWithFactor());
    await after.getByLabel('Password').fill(PASSWORD);
    await after.getByRole('button', { name: 'Confirm' }).click();
    await after.getByLabel('Password').waitFor({ state: 'detached' });
    await after.getByRole('button', { name: 'Use a passkey' }).click();
    await page.getByText('No second factor').waitFor();

    await grow(page, userId);
    const instead = await wanting(page, await somebodyWithFactor());
    await instead.getByRole('button', { name: 'Use a passkey' }).click();
    await page.getByText('No second factor').waitFor();
    await context.close();
  });

  test('no page complained, and axe finds no serious fault', () => expect([at.complaints, at.faults]).toEqual([[], []]));
});
