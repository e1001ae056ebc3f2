import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { type Account, cannotChangeUser, cleanEnvironment, credentials } from './account.ts';

/**
 * Two shells: one is the parent of Postgres and reaps it, for nobody else may (PID 1 of a container seldom does); the other
 * reads our pipe. When we die, in whatever way, the kernel closes the pipe, and the reader asks Postgres for a fast shutdown,
 * then for an immediate one, then kills it. All are in a session of their own, where no Ctrl-C of the terminal comes.
 * Shells, since a Node process would take 45 MB.
 */
const script = `
exec 4<&0 </dev/null
"$@" >&2 4<&- &
postmaster=$!
trap '' HUP INT QUIT TERM
{
  trap 'exit 0' USR1
  while read -r line; do :; done
  for signal in INT QUIT KILL; do
    rounds=200
    kill -s $signal $postmaster
    while [ $rounds -gt 0 ]; do
      kill -0 $postmaster || exit 0
      sleep 0.05
      rounds=$((rounds - 1))
    done
  done
} <&4 4<&- >/dev/null 2>&1 &
reader=$!
exec 4<&-
echo $postmaster
wait $postmaster
kill -s USR1 $reader
wait $reader
`;

export interface SupervisedProcess {
  /** The postmaster's. */
  readonly pid: number;
  /** Settles when Postgres and its supervisor have ended. */
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
    stdio: ['pipe', 'pipe', log],
  });
  closeSync(log);
  // In Node a pipe to a child is a socket; the types hide it.
  const [pipe, answers] = [child.stdin as Socket, child.stdout as Socket];
  let over = false;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      over = true;
      // Were the supervisor alone killed, its reader stops Postgres now.
      pipe.end();
      resolve();
    });
  });
  pipe.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(cannotChangeUser(account, error)));
  });
  const [answer] = (await Promise.race([once(answers, 'data'), once(answers, 'end')])) as [Buffer?];

  // A program that ends without stop() must be able to end; the closing pipe then does the rest.
  for (const held of [child, pipe, answers]) held.unref();
  return {
    pid: Number(answer?.toString()),
    ended,
    hasEnded: () => over,
    async stop() {
      child.ref();
      pipe.end();
      await ended;
    },
  };
}
