import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What the servers under measurement are asked. */
export type Asked =
  | { readonly do: 'usage'; /** Garbage first. */ readonly collected: boolean }
  /** To every socket, so many times: bare sends `frame`, Plinth publishes facts that hold `text`. */
  | { readonly do: 'publish'; readonly count: number; readonly text: string; readonly frame: string };
export interface Usage {
  /** Microseconds of user and system time. */
  readonly cpu: number;
  /** Bytes of resident memory, and of those what is held in the heap and beside it. */
  readonly resident: number;
  readonly held: number;
}

export function start(file: string, parameters: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), parameters, {
    execArgv: ['--expose-gc', '--max-semi-space-size=8', '--conditions=plinth-source'],
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}
export async function ask<T>(child: ChildProcess, message: unknown): Promise<T> {
  const answer = once(child, 'message') as Promise<[T]>;
  child.send(message as object);
  return (await answer)[0];
}
