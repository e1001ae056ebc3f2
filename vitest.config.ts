import { defineConfig } from 'vitest/config';

export const conditions = ['plinth-source'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['{kit,core,store,client,console,tools}/**/*.test.ts', '*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.deep.test.ts'],
    globalSetup: ['./kit/src/testing/cluster.ts'],
    execArgv: ['--conditions=plinth-source'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // What is waited for comes within milliseconds, unless the machine is busy with something else.
    expect: { poll: { timeout: 8_000 } },
  },
});
