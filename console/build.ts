// Builds the console: node --conditions=plinth-source console/build.ts. `npm start` runs it when somebody opens a console that is not built.
import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import { consoleApp, sourcesHash } from './app.ts';

const root = import.meta.dirname;
// Whoever runs this, a test for one: what is served is what runs in production.
process.env['NODE_ENV'] = 'production';
const sources = await sourcesHash();
// Beside its place, and then moved there: a server never sees half of it.
const fresh = await mkdtemp(join(root, '.build-'));
try {
  await build({ root, configFile: join(root, 'vite.config.ts'), logLevel: 'warn', build: { outDir: fresh, emptyOutDir: true } });
  await writeFile(join(fresh, 'sources.sha256'), sources);
  await chmod(fresh, 0o755);
  await rm(consoleApp.folder, { recursive: true, force: true });
  await rename(fresh, consoleApp.folder);
} finally {
  await rm(fresh, { recursive: true, force: true });
}
