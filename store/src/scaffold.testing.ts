import { runCli } from '@plinth/kit/cli';
import { randomUUID } from 'node:crypto';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vi } from 'vitest';
import { features } from './features.ts';

export const ROOT = join(import.meta.dirname, '../..');

/** A copy of this app with one more feature, inside the repository: so that its modules resolve. In `dist`, which git and the checks ignore. */
export async function scaffoldedCopy(name: string): Promise<{ directory: string; remove(): Promise<void> }> {
  const directory = join(ROOT, 'dist', `scaffold-${randomUUID()}`);
  await mkdir(directory, { recursive: true });
  for (const part of ['package.json', 'src/features.ts', 'src/features'])
    await cp(join(ROOT, 'store', part), join(directory, 'store', part), { recursive: true });
  await writeFile(
    join(directory, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../tsconfig.json',
      include: ['store', '../../kit/src/**/*.d.ts', '../../kit/src/testing/cluster.ts'],
      exclude: ['store/src/features/*/console'], // pages are checked with the console
    }), // it stands in `dist`, which is left out elsewhere
  );
  const quiet = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const code = await runCli({ features, version: 'test', source: join(directory, 'store/src') }, ['feature', name]);
  quiet.mockRestore();
  if (code !== 0) throw new Error(`plinth feature ended with ${code}`);
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}
