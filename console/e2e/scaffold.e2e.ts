import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { AnyFeature } from '@plinth/kit';
import { openApiJson } from '@plinth/kit/tools';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT, scaffoldedCopy } from '../../store/src/scaffold.testing.ts';
import { clientTypes } from '../../tools/client-types.ts';
import type { consoleApp } from '../app.ts';
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

interface Styles {
  getComputedStyle(element: unknown): { readonly maxWidth: string };
}
// The guide's own words, in a copy of the whole: what it says to write is checked, built and opened.
describe.skipIf(!found)(`pages of docs/guides/console-pages.md, with the browser at ${executablePath} (CHROMIUM)`, () => {
  let at: Studio;
  let copy: Awaited<ReturnType<typeof scaffoldedCopy>>;
  beforeAll(async () => {
    copy = await scaffoldedCopy('invoices');
    const here = (...path: string[]): string => join(copy.directory, ...path);
    const parts = ['src', 'app.ts', 'build.ts', 'index.html', 'package.json', 'tsconfig.json', 'vite.config.ts'];
    await Promise.all(parts.map((part) => cp(join(ROOT, 'console', part), here('console', part), { recursive: true })));
    await Promise.all(['src', 'package.json'].map((part) => cp(join(ROOT, 'client', part), here('client', part), { recursive: true })));
    await cp(join(ROOT, 'package-lock.json'), here('package-lock.json'));
    // As npm links workspaces: pages mean the console and the client of their own repository.
    await mkdir(here('node_modules/@plinth'), { recursive: true });
    for (const name of ['console', 'client']) await symlink(here(name), here('node_modules/@plinth', name));
    const { features } = (await import(pathToFileURL(here('store/src/features.ts')).href)) as { features: readonly AnyFeature[] };
    await writeFile(here('client/src/generated/api.ts'), await clientTypes(await openApiJson(features)));
    const guide = await readFile(join(ROOT, 'docs/guides/console-pages.md'), 'utf8');
    const files = [...guide.matchAll(/^`(store\/\S+)`\n\n```tsx?\n([\s\S]*?)```/gm)];
    if (files.length !== 3) throw new Error(`the guide has ${files.length} files, not three`);
    for (const [, path, text] of files) {
      await mkdir(dirname(here(path!)), { recursive: true });
      await writeFile(here(path!), text!);
    }
    const app = (await import(pathToFileURL(here('console/app.ts')).href)) as { consoleApp: typeof consoleApp };
    at = await studio(features, { served: app.consoleApp });
  });
  afterAll(async () => {
    await at?.stop();
    await copy?.remove();
  });

  test('fit the contract', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(ROOT, 'node_modules/typescript/bin/tsc'),
      '--noEmit',
      '-p',
      join(copy.directory, 'console'),
    ]).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  });

  test('stand in place of those that the contract makes, in their own colours and measures', async () => {
    const { page, context } = await at.signedIn('admin');
    await page.getByRole('navigation', { name: 'Resources' }).getByRole('link', { name: 'Invoices', exact: true }).click();
    await page.getByRole('button', { name: 'Create an invoice' }).first().click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Name').fill('2026-001');
    await form.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: 'Invoice 2026-001' }).waitFor();
    await page.getByRole('button', { name: 'Change' }).click();
    await form.getByLabel('Note').fill('Paid by hand');
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Paid by hand').waitFor();
    const figure = page.locator('div', { has: page.getByText('Changed so often') }).last();
    await expect.poll(() => figure.textContent()).toContain('1');
    // A class that nothing else uses: the styles of a feature's pages are built too.
    expect(await figure.evaluate((element) => (globalThis as unknown as Styles).getComputedStyle(element).maxWidth)).toBe('272px');
    await at.look(page, 'guide-detail');
    await page.getByRole('link', { name: 'Invoices' }).last().click();
    await page.getByRole('columnheader', { name: 'Invoice', exact: true }).waitFor();
    await at.look(page, 'guide-list');
    await context.close();
    expect([at.complaints, at.faults]).toEqual([[], []]);
  });
});
