import { execFile } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { coreApp } from '@plinth/core/testing';
import type { AnyFeature } from '@plinth/kit';
import { openApiJson } from '@plinth/kit/tools';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT, scaffoldedCopy } from '../../store/src/scaffold.testing.ts';
import { clientTypes } from '../../tools/client-types.ts';
import { PASSWORD } from './client.testing.ts';

// A feature of one's own is in the client without a line: what `npm run feature -- invoices` and `npm run generate` write.

let copy: Awaited<ReturnType<typeof scaffoldedCopy>>;
let features: readonly AnyFeature[];
beforeAll(async () => {
  copy = await scaffoldedCopy('invoices');
  const source = join(copy.directory, 'store/src/features.ts');
  ({ features } = (await import(pathToFileURL(source).href)) as { features: readonly AnyFeature[] });
  await mkdir(join(copy.directory, 'client'));
  await cp(join(ROOT, 'client/src'), join(copy.directory, 'client/src'), {
    recursive: true,
    filter: (path) => !/\.(test|testing)\.ts$|fixtures/.test(path),
  });
  await writeFile(join(copy.directory, 'client/src/generated/api.ts'), await clientTypes(await openApiJson(features)));
  await writeFile(join(copy.directory, 'client/use.ts'), USE);
  await writeFile(
    join(copy.directory, 'tsconfig.json'),
    JSON.stringify({ extends: '../../tsconfig.json', include: ['client'], exclude: [] }),
  );
});
afterAll(() => copy?.remove());

const USE = `
import { createClient, type ErrorCode, ifMatch, unwrap } from './src/index.ts';

export async function use(baseUrl: string, email: string, password: string): Promise<string[]> {
  const client = createClient({ baseUrl });
  unwrap(await client.signIn({ email, password }));
  const invoice = unwrap(await client.POST('/api/v1/invoices', { body: { name: 'First' } }));
  const params = { path: { invoiceId: invoice.id }, header: ifMatch(invoice) };
  unwrap(await client.PATCH('/api/v1/invoices/{invoiceId}', { params, body: { note: 'Checked' } }));
  const { error } = await client.PATCH('/api/v1/invoices/{invoiceId}', { params, body: { note: 'Again' } });
  const code: ErrorCode<'invoices.update'> | undefined = error?.code;
  if (code === 'INVOICE_OUTDATED') {
    const names: string[] = [];
    for await (const { name, note } of client.pages('/api/v1/invoices')) names.push(name + ': ' + note);
    return names;
  }
  // @ts-expect-error -- no code of this operation
  if (code === 'PRODUCT_CHANGED') return [];
  // @ts-expect-error -- no field of an invoice
  return [invoice.sku];
}
`;

test('it is typed: what fits compiles, what does not fit does not', { timeout: 60_000 }, async () => {
  const run = promisify(execFile)(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', copy.directory]);
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  expect(stdout).toBe('');
});

test('it is usable', async () => {
  const app = await coreApp(features);
  try {
    const { userId } = await app.as('admin');
    const { rows } = await app.owner.query<{ email: string }>('select email from users.users where id = $1', [userId]);
    const { use } = (await import(pathToFileURL(join(copy.directory, 'client/use.ts')).href)) as {
      use: (url: string, email: string, password: string) => Promise<string[]>;
    };
    expect(await use(app.url, rows[0]!.email, PASSWORD)).toEqual(['First: Checked']);
  } finally {
    await app.stop();
  }
});
