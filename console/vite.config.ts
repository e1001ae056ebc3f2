import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** sonner writes its styles into the page by script, which the page's policy refuses. `main.tsx` imports them as a file instead. */
const sonnerStyles: Plugin = {
  name: 'sonner-styles-as-a-file',
  transform: (code, id) => (id.includes('/sonner/dist/index.mjs') ? code.replace(/^__insertCSS\(.*\);?$/m, '') : undefined),
};

export default defineConfig({
  base: '/console/',
  resolve: { conditions: ['plinth-source', 'browser', 'module', 'import', 'default'] },
  plugins: [react(), tailwindcss(), sonnerStyles],
  build: { target: 'es2022', cssTarget: 'safari16', assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false },
});
