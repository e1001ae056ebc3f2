import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Finished, runAs } from './account.ts';
import type { Binaries } from './binaries.ts';
import { EmbeddedError } from './errors.ts';
import { exists, type Home, ownedDirectory } from './home.ts';
import { isAbandoned, thisProcess } from './previous.ts';

export interface Passwords {
  readonly postgres: string;
  readonly plinth_owner: string;
  readonly plinth_app: string;
}

/** Reads the passwords of an existing cluster. */
export async function readPasswords(home: Home): Promise<Passwords> {
  try {
    return JSON.parse(await readFile(home.passwordsFile, 'utf8')) as Passwords;
  } catch (cause) {
    throw new EmbeddedError(
      `${home.passwordsFile} cannot be read: bring it back from a backup, or remove ${home.path} to begin with no data.`,
      { cause },
    );
  }
}

/** @throws EmbeddedError where the data belong to another user, or were made by another major version than the binaries'. */
export async function checkData(home: Home, binaries: Binaries): Promise<void> {
  const owner = (await stat(home.data)).uid;
  if (owner !== home.account.uid) {
    throw new EmbeddedError(`${home.data} belongs to user ${owner}: start as that user or as root, or give it to this one (chown -R).`);
  }
  const made = (await readFile(join(home.data, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  const major = binaries.version.split('.')[0];
  if (made === major) return;
  throw new EmbeddedError(
    made === ''
      ? `${home.data} is no PostgreSQL data: move it away, or bring its files back from a backup.`
      : `${home.data} was made by PostgreSQL ${made} and this is ${major}: back up with the release that made it, then restore into a new folder.`,
  );
}

/**
 * Makes the cluster with its roles and database in a folder beside the home, and moves it into place when it is whole:
 * whatever interrupts a first start, the next one begins anew, and of two first starts one wins.
 */
export async function createCluster(home: Home, binaries: Binaries, durable: boolean): Promise<void> {
  const draft = `${home.path}.new-${process.pid}-${thisProcess}-${randomBytes(4).toString('hex')}`;
  try {
    await removeAbandoned(home.path);
    await mkdir(draft, { mode: 0o700 });
    // Root's umask may be anything; the account needs to pass through and no more.
    if (home.account.foreign) await chmod(draft, 0o711);
    await fillDraft(draft, home, binaries, durable);
    await rename(draft, home.path).catch(async (error: unknown) => {
      if (!(await exists(home.data))) throw error;
    });
  } catch (cause) {
    if (cause instanceof EmbeddedError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EmbeddedError(`${home.path} cannot be made (${reason}): check the rights and the free space of the folder above it.`, {
      cause,
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function fillDraft(draft: string, { account }: Home, binaries: Binaries, durable: boolean): Promise<void> {
  const data = join(draft, 'data');
  await ownedDirectory(data, account);
  const passwords: Passwords = { postgres: newPassword(), plinth_owner: newPassword(), plinth_app: newPassword() };
  await writeFile(join(draft, 'passwords.json'), `${JSON.stringify(passwords, null, 2)}\n`, { mode: 0o600, flag: 'wx' });

  const initdb = join(binaries.root, 'bin', 'initdb');
  // prettier-ignore
  mustSucceed(await runAs(account, initdb, [
    '-D', data, '--username=postgres', '--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8',
    '--data-checksums', '--auth=reject', '--no-sync', '--no-instructions',
  ]));
  // prettier-ignore
  mustSucceed(await runAs(account, join(binaries.root, 'bin', 'postgres'), [
    '--single', '-F', '-j', '-c', 'exit_on_error=true', '-c', 'log_checkpoints=off', '-D', data, 'template1',
  ], firstStatements(passwords)));
  if (durable) mustSucceed(await runAs(account, initdb, ['-D', data, '--sync-only']));
}

const newPassword = (): string => randomBytes(32).toString('base64url');

/**
 * In single-user mode a statement ends with an empty line.
 * Iterations slow down guessing; against 256 random bits they would only slow down our own connections.
 */
const firstStatements = (passwords: Passwords): string =>
  [
    'set scram_iterations = 1',
    `alter role postgres password '${passwords.postgres}'`,
    `create role plinth_owner login password '${passwords.plinth_owner}'`,
    `create role plinth_app login password '${passwords.plinth_app}'`,
    'create database plinth owner plinth_owner',
  ]
    .map((statement) => `${statement};\n\n`)
    .join('');

function mustSucceed({ status, output }: Finished): void {
  if (status === 0) return;
  const reason = output.split('\n').findLast((line) => /error|fatal|panic/i.test(line)) ?? output.trim().split('\n').at(-1) ?? '';
  throw new EmbeddedError(
    `The database could not be created (${reason.trim()}): free space or rights may be missing; the next start tries again.`,
  );
}

/** What a first start that was killed has left. */
async function removeAbandoned(homePath: string): Promise<void> {
  const prefix = `${basename(homePath)}.new-`;
  for (const name of await readdir(dirname(homePath))) {
    if (name.startsWith(prefix) && isAbandoned(name.slice(prefix.length))) {
      // Its initdb may still be at work, for a second.
      await rm(join(dirname(homePath), name), { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    }
  }
}
