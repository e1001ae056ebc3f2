import { createCatalog, type AnyFeature } from '@plinth/kit';
import { testDatabase } from '@plinth/kit/testing';
import { generateTables } from '@plinth/kit/tools';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT, scaffoldedCopy } from './scaffold.testing.ts';

let copy: Awaited<ReturnType<typeof scaffoldedCopy>>;
beforeAll(async () => {
  copy = await scaffoldedCopy('purchase-orders');
});
afterAll(() => copy.remove());

test('a scaffolded feature compiles', { timeout: 180_000 }, async () => {
  const run = promisify(execFile)(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', copy.directory], {
    timeout: 180_000,
  });
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  expect(stdout).toBe('');
});

test('its row types are those that `npm run generate` writes', async () => {
  const directory = join(copy.directory, 'store/src/features/purchase-orders');
  const { purchaseOrders } = (await import(join(directory, 'index.ts'))) as { purchaseOrders: AnyFeature };
  const database = await testDatabase(createCatalog([purchaseOrders]));
  try {
    expect(await readFile(join(directory, 'tables.ts'), 'utf8')).toBe(await generateTables(database.ownerUrl, ['purchase_orders']));
  } finally {
    await database.drop();
  }
});
