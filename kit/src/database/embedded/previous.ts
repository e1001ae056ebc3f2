import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { EmbeddedError } from './errors.ts';

/** What a postmaster writes about itself into `postmaster.pid` (miscadmin.h, LOCK_FILE_LINE_*). */
export interface LockFile {
  readonly pid: number;
  readonly port: string;
  readonly socketDirectory: string;
  /** The first TCP address it listens on; empty where there is none. */
  readonly address: string;
  readonly status: string;
}

export async function readLockFile(data: string): Promise<LockFile | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const lines = text.split('\n');
  return {
    pid: Number(lines[0]),
    port: lines[3] ?? '',
    socketDirectory: lines[4] ?? '',
    address: lines[5] ?? '',
    status: lines[7]?.trim() ?? '',
  };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A number outlives its process: after a restart of a container it is often another program's. */
async function isPostmasterOf(data: string, pid: number): Promise<boolean> {
  if (!(pid > 0) || !isRunning(pid)) return false;
  const command =
    process.platform === 'linux'
      ? (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ')
      : (await promisify(execFile)('/bin/ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }))).stdout;
  return command.includes(`/bin/postgres -D ${data} `) && !command.startsWith('/bin/sh ');
}

/** Two containers on one volume do not see each other's processes, and Postgres would not notice; the socket is a file of both. */
async function answers({ socketDirectory, port }: LockFile): Promise<boolean> {
  if (socketDirectory === '') return false;
  const socket = connect(join(socketDirectory, `.s.PGSQL.${port}`));
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** How long a server that is not stopping may need to notice that its starter has died, and to stop, in milliseconds. */
const patience = { noticing: 2_000, stopping: 60_000 };

/**
 * Waits while the Postgres of a starter that died is shutting down.
 * @returns the process number of a lock file that nobody holds any more.
 * @throws EmbeddedError where another server is using the data.
 */
export async function awaitPrevious(directory: string, data: string, notify: (line: string) => void): Promise<number | undefined> {
  const start = performance.now();
  let told = false;
  for (;;) {
    const lock = await readLockFile(data);
    if (lock === undefined) return undefined;
    if (!(await isPostmasterOf(data, lock.pid))) {
      if (await answers(lock)) throw alreadyUsed(directory);
      return lock.pid;
    }
    const stopping = lock.status === 'stopping';
    if (performance.now() - start > (stopping ? patience.stopping : patience.noticing)) throw alreadyUsed(directory, lock.pid);
    if (stopping && !told) notify('waiting for the PostgreSQL of the previous server to finish');
    told ||= stopping;
    await sleep(20);
  }
}

export const alreadyUsed = (directory: string, pid?: number): EmbeddedError =>
  new EmbeddedError(
    `Another server is using ${directory}${pid === undefined ? '' : ` (PostgreSQL is process ${pid})`}: stop that server first, or give this one a directory of its own (PLINTH_DATA).`,
  );

/** Part of the names of temporary folders, after the process number: in a container every run has the same numbers. */
export const thisProcess = randomBytes(4).toString('hex');

/** @param name begins with the number and the mark of the process that made it, joined by a hyphen. */
export function isAbandoned(name: string): boolean {
  const [pid, mark] = name.split('-');
  return Number(pid) === process.pid ? mark !== thisProcess : !isRunning(Number(pid));
}
