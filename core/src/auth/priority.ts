import { readdirSync, readFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** As nice(1) without a number. */
const LESS = 10;

/**
 * Lets the threads of libuv, which hash, give way to the one that answers: where all cores are busy, a request that hashes nothing
 * otherwise waits until the time slice of a hash is over (docs/decisions/0012). On Linux, where a priority is a thread's; elsewhere,
 * and where there is no /proc, all stays as it is. To be called after something ran on them: they do not exist before.
 */
export function letHashingGiveWay(): void {
  if (process.platform !== 'linux') return;
  try {
    const lower = getPriority() + LESS;
    for (const thread of hashingThreads()) setPriority(thread, Math.min(lower, 19));
  } catch {
    // A thread that has just ended, or a sandbox that shows none: hashing is as quick as before, and so is all else.
  }
}

/** Their ids, as Linux counts threads. */
export const hashingThreads = (): number[] =>
  readdirSync('/proc/self/task')
    .filter((id) => readFileSync(`/proc/self/task/${id}/comm`, 'utf8').trim() === 'libuv-worker')
    .map(Number);
