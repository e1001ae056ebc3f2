import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT, scaffoldedCopy } from './scaffold.testing.ts';

let copy: Awaited<ReturnType<typeof scaffoldedCopy>>;
beforeAll(async () => {
  copy = await scaffoldedCopy('purchase-orders');
});
afterAll(() => copy.remove());

test('the tests of a scaffolded feature pass as they are', { timeout: 300_000 }, async () => {
  const report = join(copy.directory, 'report.json');
  const config = join(copy.directory, 'vitest.config.ts');
  await writeFile(
    config,
    `import base from '../../vitest.config.ts';\nexport default { ...base, root: ${JSON.stringify(ROOT)}, test: { ...base.test, include: ['${copy.directory}/**/purchase-orders.test.ts'] } };\n`,
  );
  const run = promisify(execFile)(
    process.execPath,
    [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--config', config, '--reporter', 'json', '--outputFile', report],
    { cwd: ROOT, timeout: 240_000 },
  );
  const { stdout, stderr } = await run.catch((error: { stdout: string; stderr: string }) => error);
  const text = await readFile(report, 'utf8').catch(() => '{}');
  expect(JSON.parse(text), stdout + stderr).toMatchObject({ success: true, numPassedTests: 6, numFailedTests: 0 });
});
