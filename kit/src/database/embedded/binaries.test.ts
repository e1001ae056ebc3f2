import { execFile } from 'node:child_process';
import { cp, lstat, mkdir, mkdtemp, readFile, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { copyBinaries, installedBinaries, linkLibraries } from './binaries.ts';
import { refusal } from './embedded.testing.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plinth-test-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

interface Link {
  readonly source: string;
  readonly target: string;
}

/** A package as it lies there after an installation without scripts. */
async function bareInstallation(): Promise<{ root: string; links: Link[] }> {
  const { root: installed } = await installedBinaries();
  const root = join(directory, 'native');
  await mkdir(join(root, 'lib'), { recursive: true });
  await cp(join(installed, 'pg-symlinks.json'), join(root, 'pg-symlinks.json'));
  return { root, links: JSON.parse(await readFile(join(root, 'pg-symlinks.json'), 'utf8')) as Link[] };
}

test('links between libraries are made by eight processes at once, and made right where they were wrong', async () => {
  const { root, links } = await bareInstallation();
  expect(links.length).toBeGreaterThan(5);
  const [first] = links;
  await symlink('elsewhere', join(directory, first?.target ?? ''));
  expect(await Promise.all(Array.from({ length: 8 }, () => linkLibraries(root)))).toEqual(Array.from({ length: 8 }, () => true));
  for (const { source, target } of links) expect(await readlink(join(directory, target))).toBe(source.split('/').at(-1));
  expect((await readdir(join(root, 'lib'))).length).toBe(links.length);
});

test('a library that is a file where a link should be stays as it is', async () => {
  const { root, links } = await bareInstallation();
  const path = join(directory, links[0]?.target ?? '');
  await writeFile(path, 'a library');
  await linkLibraries(root);
  expect((await lstat(path)).isFile()).toBe(true);
});

test('a copy runs, and a second start takes the one that is there', async () => {
  const installed = await installedBinaries();
  const copies = await Promise.all([copyBinaries(installed, directory), copyBinaries(installed, directory)]);
  expect(copies[0]).toEqual(copies[1]);
  const { stdout } = await promisify(execFile)(join(copies[0].root, 'bin', 'postgres'), ['--version']);
  expect(stdout).toContain('PostgreSQL) 18');
  expect(await readdir(directory)).toHaveLength(1);
});

test.each(['win32-x64', 'linux-riscv64', 'freebsd-x64'])('%s is refused in one line that names what else to do', async (platform) => {
  expect(await refusal(installedBinaries(platform))).toMatch(new RegExp(`does not exist for ${platform}: .*WSL2.*DATABASE_URL`));
});

test('a platform whose package is not installed is refused with the command that installs it', async () => {
  const other = process.platform === 'darwin' ? 'linux-x64' : 'darwin-x64';
  expect(await refusal(installedBinaries(other))).toMatch(/is not installed: run npm ci without --omit=optional, or set DATABASE_URL/);
});
