import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { expect } from 'vitest';
import { EmbeddedError, type EmbeddedOptions } from './index.ts';

export async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** The one line that a start is refused with. */
export async function refusal(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EmbeddedError);
  const { message } = error as EmbeddedError;
  expect(message).not.toContain('\n');
  return message;
}

export async function eventually(check: () => void | Promise<void>, milliseconds = 5_000): Promise<void> {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await sleep(20);
  }
}

/** Live processes that name the directory, or are children of the postmaster. One that awaits its parent's notice is dead. */
export async function processesOf(directory: string, postmaster: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,ppid=,stat=,args=']);
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined || state?.startsWith('Z')) return [];
    const ours = command?.includes(`${directory}/postgres/data`) === true || Number(parent) === postmaster;
    return ours ? [Number(pid)] : [];
  });
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

export interface Starter {
  readonly appUrl: string;
  readonly superuserUrl: string;
  /** The postmaster's. */
  readonly pid: number;
  readonly exited: Promise<unknown>;
  /** kill -9. */
  kill(): Promise<void>;
  /** What Ctrl-C in a terminal does. */
  interruptGroup(): void;
  said(): Promise<unknown>;
}

/** Starts the embedded Postgres from a process of its own, which leads a process group as a shell's job does. */
export async function startStarter(options: EmbeddedOptions, user?: { uid: number; gid: number }): Promise<Starter> {
  const program = `${import.meta.dirname}/starter.fixtures.ts`;
  const child = spawn(process.execPath, ['--conditions=plinth-source', program, JSON.stringify(options)], {
    ...user,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const said = async (): Promise<unknown> => {
    const next = await lines.next();
    if (next.done === true) throw new Error(errors);
    return JSON.parse(next.value);
  };
  const { appUrl, superuserUrl, pid } = (await said()) as { appUrl: string; superuserUrl: string; pid: number };
  const { pid: own = 0 } = child;
  return {
    appUrl,
    superuserUrl,
    pid,
    exited,
    said,
    interruptGroup: () => process.kill(-own, 'SIGINT'),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
