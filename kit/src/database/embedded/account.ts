import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { EmbeddedError } from './errors.ts';

/** Who Postgres runs as: ourselves, or, where we are root (Postgres refuses root), a system user without rights. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
  /** True where files and processes have to be handed to another user. */
  readonly foreign: boolean;
}

/** `plinth` lets an administrator give the data a user of its own; the other two exist on every system. */
const systemUsers = ['plinth', 'nobody', 'daemon'];

/** @param data an existing data directory: its owner stays the one who runs it. */
export function chooseAccount(data: string | undefined): Account {
  const uid = process.getuid?.() ?? 0;
  if (uid !== 0) return { uid, gid: process.getgid?.() ?? uid, foreign: false };
  const owner = data === undefined ? undefined : statSync(data, { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid, foreign: true };
  const users = new Map(
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(':')), line.split(':')]),
  );
  for (const name of systemUsers) {
    const entry = users.get(name);
    const [entryUid, entryGid] = [Number(entry?.[2]), Number(entry?.[3])];
    if (entryUid > 0 && entryGid > 0) return { uid: entryUid, gid: entryGid, foreign: true };
  }
  throw new EmbeddedError(
    'Postgres does not run as root and this system has no user to run it as: create one named plinth (useradd --system plinth), or start Plinth as another user.',
  );
}

/** uid and gid for `spawn`; libuv empties the supplementary groups where it changes the user. */
export const credentials = (account: Account): { uid?: number; gid?: number } =>
  account.foreign ? { uid: account.uid, gid: account.gid } : {};

/** Nothing of our own environment (secrets, LD_PRELOAD, PGOPTIONS) reaches Postgres; C keeps its messages in English. */
export const cleanEnvironment: Readonly<Record<string, string>> = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' };

/** True where `account` can enter every one of `directories` and run or read every one of `files`: the kernel answers, not mode bits. */
export function canReach(account: Account, directories: readonly string[], files: readonly string[]): boolean {
  const script =
    'n=$1; shift; for path do if [ "$n" -gt 0 ]; then [ -x "$path" ] || exit 1; n=$((n-1)); else [ -r "$path" ] || exit 1; fi; done';
  const parameters = ['-c', script, 'sh', String(directories.length), ...directories, ...files];
  const probe = spawnSync('/bin/sh', parameters, { ...credentials(account), cwd: '/', env: cleanEnvironment, stdio: 'ignore' });
  if (probe.error !== undefined) throw cannotChangeUser(account, probe.error);
  return probe.status === 0;
}

export function cannotChangeUser(account: Account, cause: Error): EmbeddedError {
  const message = account.foreign
    ? `Postgres does not run as root and this process may not become user ${account.uid}: start Plinth as an ordinary user, or allow the capabilities SETUID and SETGID.`
    : `A process could not be started (${cause.message}): check the limits on processes and memory.`;
  return new EmbeddedError(message, { cause });
}

export interface Finished {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a short program as `account` to its end and collects what it says. */
export function runAs(account: Account, program: string, parameters: readonly string[], input = ''): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { ...credentials(account), cwd: '/', env: cleanEnvironment, stdio: 'pipe' });
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
    child.on('error', (error) => reject(cannotChangeUser(account, error)));
    child.on('close', (status) => resolve({ status, output: Buffer.concat(output).toString('utf8') }));
    // A program that ends early leaves its input unread; its status tells why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** A folder that others may pass through and not list, whatever our umask is. */
export async function makeSearchable(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true });
  if (made !== undefined) await chmod(path, 0o711);
}
