import { defineConfig } from 'vitest/config';
import base from './vitest.e2e.config.ts';

// The pictures of the console's guide: npm run pictures. CHROMIUM names the browser.
export default defineConfig({ ...base, test: { ...base.test, include: ['console/e2e/**/*.pictures.ts'] } });
