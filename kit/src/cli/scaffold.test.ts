import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { defineFeature } from '../feature.ts';
import { UsageError } from './print.ts';
import { scaffold, singularOf, withFeature } from './scaffold.ts';

const LIST = `import { users } from '@plinth/core';
import { products } from './features/products/index.ts';

/** What this server is made of. */
export const features = [users, products];
`;
const features = [defineFeature({ name: 'parcels', setup: () => ({ api: {} }) })];
let source: string;
beforeEach(async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  source = await mkdtemp(join(tmpdir(), 'plinth-scaffold-'));
  await mkdir(join(source, 'features'));
  await writeFile(join(source, 'features.ts'), LIST);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(source, { recursive: true });
});
const read = (...path: string[]): Promise<string> => readFile(join(source, ...path), 'utf8');
const make = (...parameters: string[]): Promise<void> => scaffold({ features, source }, parameters);

test('writes every file of a feature, and nothing of the sample is left in them', async () => {
  await make('purchase-orders');
  const files = (await readdir(join(source, 'features/purchase-orders'), { recursive: true })).toSorted();
  expect(files).toEqual([
    'contract.ts', 'controller.ts', 'index.ts', 'migrations', 'migrations/0001_purchase_orders.sql', 'purchase-orders.fixtures.ts',
    'purchase-orders.test.ts', 'repository.ts', 'service.ts', 'tables.ts',
  ]); // prettier-ignore
  for (const file of files.filter((name) => name.includes('.')))
    expect(await read('features/purchase-orders', file)).not.toMatch(/sample|Sample|SAMPLE/);
});

test('each form of the name stands where it belongs', async () => {
  await make('invoices');
  const contract = await read('features/invoices/contract.ts');
  for (const text of [
    `definePermission('invoices:read', 'See invoices', ['member', 'admin'])`,
    `defineError('INVOICE_NAME_TAKEN', 409, 'A`,
    `constraint: 'invoices_name_key'`,
    `summary: 'Create an invoice'`,
    `path: '/invoices/:invoiceId'`,
  ]) expect(contract).toContain(text); // prettier-ignore
  await make('purchase-orders');
  expect(await read('features/purchase-orders/contract.ts')).toContain(
    `subject: ({ purchaseOrderId }: { purchaseOrderId: string }) => ['purchase-order', purchaseOrderId]`,
  );
  expect(await read('features/purchase-orders/migrations/0001_purchase_orders.sql')).toContain(
    'create table purchase_orders.purchase_orders (',
  );
  expect(await read('features.ts')).toBe(`import { users } from '@plinth/core';
import { products } from './features/products/index.ts';
import { invoices } from './features/invoices/index.ts';
import { purchaseOrders } from './features/purchase-orders/index.ts';

/** What this server is made of. */
export const features = [users, products, invoices, purchaseOrders];
`);
});

test('the list of features keeps its form', () => {
  const long = `import { users } from '@plinth/core';\n\nexport const features: AnyFeature[] = [\n  users,\n];\n`;
  expect(withFeature(long, 'tags')).toBe(
    `import { users } from '@plinth/core';\nimport { tags } from './features/tags/index.ts';\n\nexport const features: AnyFeature[] = [\n  users,\n  tags,\n];\n`,
  );
  expect(() => withFeature('export default []', 'tags')).toThrow('features.ts has no list');
});

test.each([
  ['invoices', 'invoice'],
  ['purchase-orders', 'purchase-order'],
  ['categories', 'category'],
  ['addresses', 'address'],
  ['branches', 'branch'],
  ['boxes', 'box'],
  ['expenses', 'expense'],
  ['warehouses', 'warehouse'],
  ['statuses', 'status'],
])('the singular of %s is %s', (plural, singular) => expect(singularOf(plural)).toBe(singular));

test('where English has an exception, the singular is given', async () => {
  await make('people', 'person');
  expect(await read('features/people/contract.ts')).toContain(`'Create a person'`);
});

test.each([
  [['Invoices'], `'Invoices' is not a name of lower-case words joined by hyphens`],
  [['purchase_orders'], `'purchase_orders' is not a name`],
  [['../invoices'], `'../invoices' is not a name`],
  [['invoice'], `'invoice' is not a plural`],
  [['class'], `'class' is not a plural`],
  [['sheep', 'sheep'], `'sheep' is not the singular of 'sheep'`],
  [['webhooks'], `'webhooks' is reserved`],
  [['pg-things'], `'pg-things' is reserved`],
  [['pages'], `'pages' would declare a type Page`],
  [['parcels'], `there is a feature 'parcels' already`],
  [['taken-things'], 'features/taken-things exists already'],
  [[], 'usage: npm run feature -- NAME'],
  [['a-things', 'b', 'c'], 'usage: npm run feature -- NAME'],
])('%s is refused in one line, and nothing is written', async (parameters, line) => {
  await mkdir(join(source, 'features/taken-things'));
  const refused = await make(...parameters).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(UsageError);
  expect((refused as Error).message).toContain(line);
  expect((refused as Error).message).not.toContain('\n');
  expect(await readdir(join(source, 'features'))).toEqual(['taken-things']);
  expect(await read('features.ts')).toBe(LIST);
});
