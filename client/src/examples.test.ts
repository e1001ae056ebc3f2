import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { coreApp } from '@plinth/core/testing';
import { expect, test } from 'vitest';
import { features } from '../../store/src/features.ts';
import { PASSWORD } from './client.testing.ts';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

test('every example of the README and of the guide compiles', { timeout: 60_000 }, async () => {
  const directory = join(ROOT, 'dist', `examples-${randomUUID()}`);
  await mkdir(directory, { recursive: true });
  try {
    let count = 0;
    for (const page of ['client/README.md', 'docs/guides/client.md']) {
      const text = await readFile(join(ROOT, page), 'utf8');
      for (const [, kind, code] of text.matchAll(/```(tsx?)\n(.*?)```/gs)) {
        const name = code!.includes('export const client = createClient') && kind === 'ts' ? 'client' : `example-${++count}`;
        await writeFile(join(directory, `${name}.${kind}`), code!);
      }
    }
    expect(count).toBeGreaterThan(5);
    await writeFile(join(directory, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.json', include: ['.'], exclude: [] }));
    const { stdout } = await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', directory]).catch(
      (error: { stdout: string }) => error,
    );
    expect(stdout).toBe('');
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

test('the example of the README runs', async () => {
  const app = await coreApp(features);
  try {
    const { userId } = await app.as('admin');
    const { rows } = await app.owner.query<{ email: string }>('select email from users.users where id = $1', [userId]);
    const example = ['--conditions=plinth-source', join(ROOT, 'client/examples/first.ts'), app.url, rows[0]!.email, PASSWORD];
    expect((await run(process.execPath, example)).stdout).toContain('Blue mug: 10 left\nMUG-09 Blue mug\n');
    expect((await run(process.execPath, example)).stdout).toContain('there is one already\n');
  } finally {
    await app.stop();
  }
});
