import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';

const root = join(import.meta.dirname, '..');
const FLAGS = ['--import', './tools/guard.mjs', '--conditions=plinth-source'];

export type Environment = Readonly<Record<string, string>>;
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}
export interface Running {
  readonly pid: number;
  /** Where it listens; empty where it only works. */
  readonly url: string;
  /** Milliseconds from the start of the process until it said that it listens. */
  readonly readyMs: number;
  said(): string;
  /** @param whom of `npm start`: all, as a terminal does, or npm alone, as a supervisor does. */
  kill(signal: NodeJS.Signals, whom?: 'all' | 'npm'): void;
  /** kill -9, and wait for its end. */
  crash(): Promise<void>;
  readonly ended: Promise<Ended>;
}

/** Only what a shell has: nothing that this test run was configured with reaches the server. */
const shell: Environment = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/tmp', LANG: 'C.UTF-8' };

const alive = new Set<ChildProcess>();
/** What a failed test left running. */
export async function killAll(): Promise<void> {
  for (const child of alive) {
    child.kill('SIGKILL');
    await once(child, 'close');
  }
}

function launch(command: string, parameters: readonly string[], env: Environment, detached = false) {
  const startedAt = performance.now();
  const child = spawn(command, parameters, { cwd: root, env: { ...shell, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached });
  alive.add(child);
  child.once('close', () => alive.delete(child));
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = once(child, 'close').then(([code]): Ended => ({ code: code as number | null, out, err }));
  const said = (): string => out + err;
  return { child, ended, said, out: () => out, startedAt };
}

const server = (entry: string): string[] => [...FLAGS, entry];

/** Runs to its end. @param node another Node than the one that runs the tests. */
export function run(parameters: readonly string[], env: Environment = {}, node = process.execPath): Promise<Ended> {
  const { child, ended } = launch(node, [...FLAGS, ...parameters], env);
  const limit = setTimeout(() => child.kill('SIGKILL'), 40_000);
  return ended.finally(() => clearTimeout(limit));
}
/** `plinth …`. */
export const plinth = (parameters: readonly string[], env: Environment = {}): Promise<Ended> =>
  run(['store/src/cli.ts', ...parameters], env);

export interface StartOptions {
  readonly env: Environment;
  readonly entry?: string;
  /** As a person does: `npm start`, leading a process group as a shell's job does. */
  readonly npm?: boolean;
}
/** A real server process, ready. */
export async function startServer({ env, entry = 'store/src/main.ts', npm = false }: StartOptions): Promise<Running> {
  const started = npm ? launch('npm', ['start'], env, true) : launch(process.execPath, server(entry), env);
  const { child, ended, said, out, startedAt } = started;
  const READY = /(?:listening +(http\S+)|working +no HTTP here).*ready in/;
  const ready = async (): Promise<string> => {
    for (;;) {
      const match = READY.exec(out());
      if (match) return match[1] ?? '';
      if (child.exitCode !== null || child.signalCode !== null) {
        await ended; // and with it the last of what it said
        throw new Error(`the server ended before it was ready:\n${said()}`);
      }
      if (performance.now() - startedAt > 60_000) {
        child.kill('SIGKILL');
        throw new Error(`the server was not ready within 60 s:\n${said()}`);
      }
      await sleep(5);
    }
  };
  const url = await ready();
  const readyMs = performance.now() - startedAt;
  const pid = child.pid!;
  return {
    pid,
    url,
    readyMs,
    said,
    ended,
    kill: (signal, whom = 'all') => process.kill(npm && whom === 'all' ? -pid : pid, signal),
    async crash() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** A folder that others can pass through, as a project's usually is; as root, Postgres runs as another user. */
export async function folder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'plinth-process-')));
  await chmod(path, 0o755);
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }) };
}

/** Live processes that have to do with this folder: the server, the supervisor, Postgres and its children. */
export async function processesIn(path: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,ppid=,stat=,args=']);
  const rows = stdout.split('\n').flatMap((line) => {
    const [, pid, parent, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined || state!.startsWith('Z') ? [] : [{ pid, parent, command: command! }];
  });
  const ours = new Set(rows.filter(({ command }) => command.includes(`${path}/`)).map(({ pid }) => pid));
  return rows.filter(({ pid, parent }) => ours.has(pid) || ours.has(parent!)).map(({ pid, command }) => `${pid} ${command.slice(0, 80)}`);
}

export async function eventually(check: () => unknown, milliseconds: number): Promise<void> {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    try {
      return void (await check());
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await sleep(25);
  }
}

/** Waits until no process has to do with this folder any more. */
export const allGone = (path: string, milliseconds = 15_000): Promise<void> =>
  eventually(async () => {
    const left = await processesIn(path);
    if (left.length > 0) throw new Error(`still running:\n${left.join('\n')}`);
  }, milliseconds);

/** One statement as whoever the URL names. */
export async function sql<Row extends object = Record<string, unknown>>(url: string, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

/** The address of the owner role, as `plinth db url` tells it. */
export async function ownerUrl(env: Environment): Promise<string> {
  const { out } = await plinth(['db', 'url'], env);
  return /postgres:\/\/\S+(?=')/.exec(out)![0];
}

/** The password that the first start shows this once. */
export const passwordIn = (said: string): string => /password (\S+) \(shown this once\)/.exec(said)![1]!;

/** An access token of the administrator. */
export async function signIn(url: string, password: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'admin@localhost.test', password }),
  });
  const { data } = (await response.json()) as { data: { accessToken: string } };
  return data.accessToken;
}
