// What the server needs to know of the console: where it is built to, and how. Nothing of it is loaded before somebody opens it.
import { spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { glob, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

const HERE = import.meta.dirname;
/** Everything that the result depends on. */
const SOURCES = ['src', 'build.ts', 'index.html', 'vite.config.ts', 'package.json', '../client/src', '../package-lock.json'];
const OUT = join(HERE, 'dist');
/** Made pages of features, in the folders of the features. */
const PAGES = '../store/src/features/*/console';
/** Says of which sources `dist` is made. */
const STAMP = join(OUT, 'sources.sha256');

async function filesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => null);
  if (entries === null) return [path];
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
export async function sourcesHash(): Promise<string> {
  const pages: string[] = [];
  for await (const folder of glob(PAGES, { cwd: HERE })) pages.push(folder);
  const files = (await Promise.all([...SOURCES, ...pages].map((source) => filesIn(join(HERE, source))))).flat().toSorted();
  const parts = await Promise.all(files.map(async (file) => `${relative(HERE, file)} ${hash('sha256', await readFile(file), 'hex')}`));
  return hash('sha256', parts.join('\n'), 'hex');
}
const isFresh = async (): Promise<boolean> => (await readFile(STAMP, 'utf8').catch(() => null)) === (await sourcesHash());

/** In a process of its own: the bundler is no part of a server. @throws with what it said, when it fails. */
function build(): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--conditions=plinth-source', join(HERE, 'build.ts')], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`the console could not be built:\n${said}`))));
  });
}

export const consoleApp = {
  /** The address below which it is served. */
  at: '/console',
  folder: OUT,
  /** Builds what is not built, or of older sources. */
  async prepare(): Promise<void> {
    if (!(await isFresh())) await build();
  },
} as const;
