import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

// The console in a real browser, against a whole server: npm run test:e2e. CHROMIUM names the browser.
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['console/e2e/**/*.e2e.ts'],
    exclude: ['**/node_modules/**'],
    testTimeout: 90_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
  },
});
