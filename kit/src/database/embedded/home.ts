import { createHash, randomUUID } from 'node:crypto';
import { chmod, chown, lstat, mkdir, readFile, realpath, rmdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Account, canReach, chooseAccount, makeSearchable } from './account.ts';
import { EmbeddedError } from './errors.ts';
import { socketPort } from './settings.ts';

/** Where one embedded Postgres lives, and who runs it. */
export interface Home {
  readonly path: string;
  readonly account: Account;
  /** The cluster itself, 0700, owned by the account. */
  readonly data: string;
  /** Ours alone (0600): what Postgres' own user can neither read nor replace. */
  readonly passwordsFile: string;
  readonly hbaFile: string;
  readonly logFile: string;
  /** For a copy of the binaries, where the installed ones do not serve. */
  readonly binaries: string;
}

const homeAt = (path: string, account: Account): Home => ({
  path,
  account,
  data: join(path, 'data'),
  passwordsFile: join(path, 'passwords.json'),
  hbaFile: join(path, 'pg_hba.conf'),
  logFile: join(path, 'postgres.log'),
  binaries: join(dirname(path), 'postgres.binaries'),
});

export const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined;

/**
 * `<directory>/postgres`; as root under `/var/lib/plinth` where the account cannot enter `directory`, which then remembers the place.
 * @param directory absolute; made where it is missing.
 */
export async function findHome(directory: string): Promise<Home> {
  await makePrivate(directory).catch((cause: unknown) => {
    throw new EmbeddedError(`The data directory ${directory} cannot be made: choose one that this user may write.`, { cause });
  });
  const real = await realpath(directory);
  const inside = join(real, 'postgres');
  if (process.getuid?.() !== 0) return homeAt(inside, chooseAccount(undefined));

  const elsewhere = await readPointer(real);
  if (elsewhere !== '') return homeAt(elsewhere, chooseAccount(join(elsewhere, 'data')));
  const account = chooseAccount(join(inside, 'data'));
  const { mode, uid } = await stat(real);
  // Search only: the names and files in it stay ours.
  if (uid === 0 && (mode & 0o001) === 0) await chmod(real, (mode & 0o777) | 0o011);
  const made = await exists(join(inside, 'data'));
  const reachable = canReach(account, [real], []);
  if (reachable && (made || (await keepsOwners(real, account)))) return homeAt(inside, account);
  if (made) {
    throw new EmbeddedError(`User ${account.uid}, who runs Postgres, cannot reach ${inside}: allow it on every folder above (chmod o+x).`);
  }
  const chosen = join('/var/lib/plinth', shortHash(real));
  await makeSearchable(dirname(chosen));
  await writeFile(pointerIn(real), `${chosen}\n`, { mode: 0o600 });
  return homeAt(chosen, account);
}

/** A folder shared with the host of a virtual machine often ignores chown. */
async function keepsOwners(directory: string, account: Account): Promise<boolean> {
  const probe = join(directory, `probe-${randomUUID()}`);
  try {
    await ownedDirectory(probe, account);
    return true;
  } catch {
    return false;
  } finally {
    await rmdir(probe).catch(() => undefined);
  }
}

/** Private itself; what is missing above it gets the usual mode. */
async function makePrivate(directory: string): Promise<void> {
  await mkdir(dirname(directory), { recursive: true });
  await mkdir(directory, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/** The home that a start has made in this directory, if one has. */
export async function existingHome(directory: string): Promise<Home | undefined> {
  const real = await realpath(directory).catch(() => directory);
  const elsewhere = await readPointer(real);
  const path = elsewhere === '' ? join(real, 'postgres') : elsewhere;
  const home = homeAt(path, chooseAccount(join(path, 'data')));
  return (await exists(home.data)) ? home : undefined;
}

const pointerIn = (directory: string): string => join(directory, 'postgres.location');
const readPointer = async (directory: string): Promise<string> => (await readFile(pointerIn(directory), 'utf8').catch(() => '')).trim();

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** `sun_path` of a Unix socket address holds this many bytes and a final zero (unix(7); 103 on macOS). */
const longestSocketPath = process.platform === 'linux' ? 107 : 103;

const fits = (directory: string, port: number | undefined): boolean =>
  Buffer.byteLength(join(directory, `.s.PGSQL.${socketPort(port)}`)) <= longestSocketPath;

/** The folder of the socket: in the home, or, where that path is too long, a short one whose name follows from the home's. */
export function socketDirectoryOf(home: Home, port: number | undefined): string {
  const short = `plinth-${shortHash(home.path)}`;
  const candidates = [join(home.path, 'run'), join(tmpdir(), short)];
  return candidates.find((candidate) => fits(candidate, port)) ?? join('/tmp', short);
}

/** Makes `path` 0700 for the account, or checks that it is: in /tmp anyone may have been there first. */
export async function ownedDirectory(path: string, account: Account): Promise<void> {
  const made = await mkdir(path, { mode: 0o700 }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw new EmbeddedError(`${path} cannot be made (${error.code}): check the rights and the free space of the folder above it.`, {
        cause: error,
      });
    },
  );
  if (made && account.foreign) await chown(path, account.uid, account.gid);
  const found = await lstat(path);
  if (found.isDirectory() && found.uid === account.uid && (found.mode & 0o777) === 0o700) return;
  throw new EmbeddedError(
    `${path} is not a private folder of user ${account.uid}: remove it, or keep the data on a file system with owners and modes.`,
  );
}
