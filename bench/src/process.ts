import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account, Database, Launch, ServerDefinition } from './definition.ts';
import { freePort } from './port.ts';
import type { Kind, Load } from './traffic.ts';

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
  readonly #log: string;
  #beside: ChildProcess | undefined;
  token = '';
  tokens: readonly string[] = [];
  accounts: readonly Account[] = [];

  private constructor(definition: ServerDefinition, database: Database, origin: string, child: ChildProcess, log: string) {
    this.definition = definition;
    this.database = database;
    this.origin = origin;
    this.#child = child;
    this.#log = log;
  }

  /** Starts the server and waits until it answers; throws with what it wrote when it ends or takes longer than a minute. */
  static async start(definition: ServerDefinition, database: Database): Promise<RunningServer> {
    const port = await freePort();
    const launch = definition.launch(database, port);
    // A file, as in production: a pipe would make the harness read a line of log for every request.
    const log = join(await mkdtemp(join(tmpdir(), 'plinth-bench-')), `${definition.name}.log`);
    const child = spawn(launch, port, log);
    const server = new RunningServer(definition, database, `http://127.0.0.1:${port}`, child, log);
    try {
      await server.#answering();
      if (launch.beside) server.#beside = spawn(launch.beside, port, `${log}.beside`);
      server.token = await definition.token(server.origin, database);
      server.tokens = (await definition.tokens?.(server.origin, database)) ?? [server.token];
      server.accounts = (await definition.accounts?.(server.origin, database)) ?? [];
    } catch (cause) {
      const said = await server.#said();
      await server.stop();
      throw new Error(`${definition.name} does not serve; it said:\n${said}`, { cause });
    }
    child.once('exit', (code, signal) => {
      if (!server.#stopping) void server.#said().then((said) => console.error(`${definition.name} ended (${code ?? signal}):\n${said}`));
    });
    return server;
  }

  async #answering(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT;
    while (!(await answers(this.origin + this.definition.ready))) {
      if (hasEnded(this.#child)) throw new Error('ended while starting');
      if (Date.now() > deadline) throw new Error(`no answer to ${this.definition.ready} within ${START_TIMEOUT / 1000} s`);
      await sleep(50);
    }
  }

  async #said(): Promise<string> {
    return (await readFile(this.#log, 'utf8')).slice(-4000);
  }

  async usage(): Promise<Usage> {
    const answer = once(this.#child, 'message', { signal: AbortSignal.timeout(10_000) });
    this.#child.send('usage');
    return (await answer)[0] as Usage;
  }

  load(kind: Kind, seconds: number, connections: number): Load {
    const { paths, readHeaders = {}, manyAddresses = false } = this.definition;
    return {
      kind,
      origin: this.origin,
      paths,
      token: this.token,
      tokens: this.tokens,
      accounts: this.accounts,
      readHeaders,
      manyAddresses,
      connections,
      seconds,
    };
  }

  #stopping = false;
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all([end(this.#child), this.#beside && end(this.#beside)]);
    await rm(dirname(this.#log), { recursive: true, force: true });
  }
}

function spawn({ command, cwd, env }: Launch, port: number, log: string): ChildProcess {
  const at = command.findIndex((argument) => !argument.startsWith('-'));
  const output = openSync(log, 'a', 0o600);
  const child = fork(command[at]!, command.slice(at + 1), {
    execArgv: [...command.slice(0, at), '--import', new URL('probe.ts', import.meta.url).href],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production', PORT: String(port), ...env },
    ...(cwd !== undefined && { cwd }),
    stdio: ['ignore', output, output, 'ipc'],
  });
  closeSync(output);
  return child;
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exit;
  clearTimeout(timer);
}

const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(2000) }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status === 200;
    },
    () => false,
  );
