import { defineConfig } from 'vitest/config';

export const conditions = ['plinth-source'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['{kit,core,store,tools}/**/*.test.ts', '*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.deep.test.ts'],
    globalSetup: ['./kit/src/testing/cluster.ts'],
    execArgv: ['--conditions=plinth-source'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
