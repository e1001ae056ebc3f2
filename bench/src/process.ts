import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account, Database, ServerDefinition } from './definition.ts';
import { freePort } from './port.ts';

const START_TIMEOUT = 60_000;

export interface Usage {
  /** User and system time of the whole process, all threads, in microseconds. */
  readonly cpu: number;
  /** Resident memory in bytes. */
  readonly memory: number;
}

/** A server that runs as a child of the harness. */
export class RunningServer {
  readonly definition: ServerDefinition;
  readonly database: Database;
  readonly origin: string;
  readonly #child: ChildProcess;
  token = '';
  accounts: readonly Account[] = [];

  private constructor(definition: ServerDefinition, database: Database, origin: string, child: ChildProcess) {
    this.definition = definition;
    this.database = database;
    this.origin = origin;
    this.#child = child;
  }

  /** Starts the server and waits until it answers; throws with what it wrote when it ends or takes longer than a minute. */
  static async start(definition: ServerDefinition, database: Database): Promise<RunningServer> {
    const port = await freePort();
    const { command, cwd, env } = definition.launch(database, port);
    const at = command.findIndex((argument) => !argument.startsWith('-'));
    const child = fork(command[at]!, command.slice(at + 1), {
      execArgv: [...command.slice(0, at), '--import', new URL('probe.ts', import.meta.url).href],
      env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production', PORT: String(port), ...env },
      ...(cwd !== undefined && { cwd }),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let written = '';
    const keep = (chunk: Buffer): void => {
      written = (written + chunk.toString()).slice(-4000);
    };
    child.stdout!.on('data', keep);
    child.stderr!.on('data', keep);
    const server = new RunningServer(definition, database, `http://127.0.0.1:${port}`, child);
    const deadline = Date.now() + START_TIMEOUT;
    while (!(await answers(server.origin + definition.ready))) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${definition.name} ended while starting:\n${written}`);
      if (Date.now() > deadline) {
        await server.stop();
        throw new Error(`${definition.name} did not answer ${definition.ready} within ${START_TIMEOUT / 1000} s:\n${written}`);
      }
      await sleep(50);
    }
    child.once('exit', (code, signal) => {
      if (!server.#stopping) console.error(`${definition.name} ended (${code ?? signal}):\n${written}`);
    });
    server.token = await definition.token(server.origin);
    server.accounts = (await definition.accounts?.(server.origin, database)) ?? [];
    return server;
  }

  async usage(): Promise<Usage> {
    const answer = once(this.#child, 'message', { signal: AbortSignal.timeout(10_000) });
    this.#child.send('usage');
    return (await answer)[0] as Usage;
  }

  #stopping = false;
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(timer);
  }
}

const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(2000) }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status === 200;
    },
    () => false,
  );
