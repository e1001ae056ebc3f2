import { open, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import { EmbeddedError } from './errors.ts';
import type { Home } from './home.ts';
import { alreadyUsed, awaitPrevious, readLockFile } from './previous.ts';
import { type SupervisedProcess, supervise } from './supervisor.ts';

export interface Launch {
  /** As the caller named it, for messages. */
  readonly directory: string;
  readonly home: Home;
  readonly binaries: Binaries;
  readonly parameters: readonly string[];
  readonly port: number | undefined;
  readonly notify: (line: string) => void;
}

/** How long the last processes of a killed Postgres may hold its shared memory, in milliseconds. */
const patienceForLeftovers = 10_000;
const logLimit = 1024 * 1024;

/** Starts Postgres and returns when it takes connections, recovery included. */
export async function launch(options: Launch): Promise<SupervisedProcess> {
  const { directory, home, binaries, parameters, port, notify } = options;
  const start = performance.now();
  for (;;) {
    const staleLock = await awaitPrevious(directory, home.data, notify);
    const logged = await rotateLog(home.logFile);
    const server = await supervise(home.account, join(binaries.root, 'bin', 'postgres'), parameters, home.logFile, staleLock);
    if (await becomesReady(server, home, notify)) return server;
    await server.stop();
    const said = await readFrom(home.logFile, logged);
    const leftovers = said.includes('pre-existing shared memory block');
    if (!leftovers || performance.now() - start > patienceForLeftovers) throw explain(said, directory, home, port);
    await sleep(200);
  }
}

async function becomesReady(server: SupervisedProcess, home: Home, notify: (line: string) => void): Promise<boolean> {
  const start = performance.now();
  let told = false;
  while (!server.hasEnded()) {
    const lock = await readLockFile(home.data);
    if (lock?.pid === server.pid && lock.status === 'ready') return true;
    if (!told && performance.now() - start > 3_000) {
      notify('PostgreSQL is recovering what was written before the last stop');
      told = true;
    }
    await sleep(5);
  }
  return false;
}

function explain(said: string, directory: string, home: Home, port: number | undefined): EmbeddedError {
  if (/lock file .* already exists/.test(said)) return alreadyUsed(directory);
  const refused = /could not bind IPv4 address "127.0.0.1": (.*)/.exec(said)?.[1];
  if (port !== undefined && refused !== undefined) {
    return new EmbeddedError(
      `PostgreSQL cannot listen on 127.0.0.1:${port} (${refused}): free this port, or set PLINTH_DB_PORT to another.`,
    );
  }
  if (said.includes('No space left on device')) {
    return new EmbeddedError(`PostgreSQL did not start, for the disk that holds ${home.data} is full: free some space and start again.`);
  }
  const reason = /(?:FATAL|PANIC):\s*(.*)/.exec(said)?.[1] ?? said.trim().split('\n').at(-1) ?? '';
  return new EmbeddedError(`PostgreSQL did not start (${reason}): see ${home.logFile}.`);
}

/** Returns the size of the log, where what this start says will begin. */
async function rotateLog(path: string): Promise<number> {
  const size = (await stat(path).catch(() => undefined))?.size ?? 0;
  if (size <= logLimit) return size;
  // Emptied, not replaced: the file keeps its owner where root starts now and then what an ordinary user made.
  await truncate(path);
  return 0;
}

async function readFrom(path: string, position: number): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(64 * 1024), position });
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
