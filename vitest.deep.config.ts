import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

// The large counts: minutes, not seconds. What it prints is kept in docs/evidence/.
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['**/*.deep.test.ts'], exclude: ['**/node_modules/**'], testTimeout: 1_800_000, hookTimeout: 120_000 },
});
