import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { expect, test } from 'vitest';

/** Bytes of a page's script that uses everything the client has, minified and compressed. */
async function sizeOf(entry: string, external: string[] = []): Promise<{ bytes: number; code: string }> {
  const result = (await build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      lib: { entry: join(import.meta.dirname, entry), formats: ['es'] },
      rolldownOptions: { external },
    },
  })) as { output: { type: string; code?: string }[] }[];
  const code = result.flatMap(({ output }) => output.map((chunk) => chunk.code ?? '')).join('');
  return { bytes: gzipSync(code).length, code };
}

test('at most 15 KB without React, compressed', async () => {
  const { bytes, code } = await sizeOf('index.ts');
  expect(code).toContain('plinth.v1'); // it is all there
  expect(code).not.toContain('useState');
  expect(bytes).toBeLessThanOrEqual(15 * 1024);
  process.stdout.write(`@plinth/client: ${bytes} bytes compressed\n`);
});
test('the hooks add little of our own', async () => {
  const { bytes } = await sizeOf('react/index.ts', ['react', '@tanstack/react-query', 'openapi-react-query']);
  expect(bytes).toBeLessThanOrEqual(2 * 1024);
});
