import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyFeature } from '@plinth/kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scaffoldedCopy } from '../../store/src/scaffold.testing.ts';
import { executablePath, found, studio, type Studio } from './console.testing.ts';

// A feature of one's own has pages without a line: what `npm run feature -- invoices` writes is all there is.
describe.skipIf(!found)(`a scaffolded feature, with the browser at ${executablePath} (CHROMIUM)`, () => {
  let at: Studio;
  let copy: Awaited<ReturnType<typeof scaffoldedCopy>>;
  beforeAll(async () => {
    copy = await scaffoldedCopy('invoices');
    const { features } = (await import(pathToFileURL(join(copy.directory, 'store/src/features.ts')).href)) as {
      features: readonly AnyFeature[];
    };
    at = await studio(features);
  });
  afterAll(async () => {
    await at?.stop();
    await copy?.remove();
  });

  test('is found, listed, made, changed and deleted; each act is a fact of whoever acted', async () => {
    const { page, context, userId, token } = await at.signedIn('admin');
    await page.keyboard.press('/');
    await page.keyboard.type('invoi');
    await page.keyboard.press('Enter');
    await page.getByText('There are no invoices yet').waitFor();
    await page.getByRole('button', { name: 'Create an invoice' }).first().click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Name').fill('First');
    await form.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: 'First' }).waitFor();
    await page.getByRole('button', { name: 'Change' }).click();
    await form.getByLabel('Note').fill('Checked');
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Checked', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Invoices' }).last().click();
    await page.getByRole('link', { name: 'First' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await form.getByLabel('Type First').fill('First');
    await form.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('There are no invoices yet').waitFor();

    await expect
      .poll(async () => {
        const { json } = await at.app.call('GET', '/api/v1/audit/events?name=invoices.*&cursor=', { token });
        return (json.data as { what: { name: string }; who: { actor: string } }[]).map(({ what, who }) => [what.name, who.actor]);
      })
      .toEqual([
        ['invoices.deleted', userId],
        ['invoices.changed', userId],
        ['invoices.created', userId],
      ]);
    await context.close();
  });
});
