import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { type Account, cannotChangeUser, cleanEnvironment, credentials } from './account.ts';

/**
 * The shell leaves a watcher behind (1 MB of memory; a Node process would take 45) and becomes Postgres.
 * The watcher reads our pipe. When we die, in whatever way, the kernel closes it, and the watcher asks Postgres for a fast
 * shutdown, then an immediate one, then kills it. `gone` says that Postgres has ended and its number may be another's.
 * It holds descriptor 3 as long as it lives. Both are in a session of their own, where no Ctrl-C of the terminal comes.
 */
const script = `
postmaster=$$
exec 4<&0 </dev/null
(
  trap '' HUP INT QUIT TERM
  {
    while read -r line; do [ "$line" != gone ] || exit 0; done
    for signal in INT QUIT KILL; do
      kill -s $signal $postmaster || exit 0
      rounds=200
      while [ $rounds -gt 0 ]; do
        sleep 0.05
        kill -0 $postmaster || exit 0
        rounds=$((rounds - 1))
      done
    done
  } <&4 4<&- >/dev/null 2>&1 &
)
exec "$@" 3>&- 4<&-
`;

export interface SupervisedProcess {
  readonly pid: number;
  /** Settles when Postgres has ended. */
  readonly ended: Promise<void>;
  readonly hasEnded: () => boolean;
  /** Fast shutdown: open transactions are rolled back, everything acknowledged is on disk. Leaves no process. */
  stop(): Promise<void>;
}

/**
 * Starts `program`, which has to be a postmaster, as `account`; what it says is appended to `logFile`.
 * @param staleLock a process number in `postmaster.pid` that is not a Postgres of these data any more. Postgres takes a lock file
 *   with its grandparent's number (pg_ctl passes it) for its own old one, and still looks for survivors in the shared memory,
 *   which it could not do were the file removed.
 */
export async function supervise(
  account: Account,
  program: string,
  parameters: readonly string[],
  logFile: string,
  staleLock: number | undefined,
): Promise<SupervisedProcess> {
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn('/bin/sh', ['-c', script, 'plinth-postgres', program, ...parameters], {
    ...credentials(account),
    cwd: '/',
    env: staleLock === undefined ? cleanEnvironment : { ...cleanEnvironment, PG_GRANDPARENT_PID: String(staleLock) },
    detached: true,
    stdio: ['pipe', log, log, 'pipe'],
  });
  closeSync(log);
  // Descriptors of kind `pipe` are sockets in Node; its types do not say so.
  const [pipe, , , presence] = child.stdio as unknown as [Socket, null, null, Socket];
  const watcherEnded = new Promise<void>((resolve) => presence.once('close', () => resolve()));
  presence.resume();
  // The watcher may be gone before our last word to it.
  pipe.on('error', () => undefined);

  let over = false;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      over = true;
      pipe.end('gone\n');
      resolve();
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(cannotChangeUser(account, error)));
  });
  // A program that ends without stop() must be able to end; the closing pipe then does the rest.
  child.unref();
  pipe.unref();
  presence.unref();

  return {
    pid: child.pid ?? 0,
    ended,
    hasEnded: () => over,
    async stop() {
      child.ref();
      presence.ref();
      pipe.end();
      await Promise.all([ended, watcherEnded]);
    },
  };
}
