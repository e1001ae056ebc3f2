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
  const lower = Math.min(getPriority() + LESS, 19);
  for (const thread of hashingThreads()) quietly(() => setPriority(thread, lower));
}

/** Their ids, as Linux counts threads. */
export const hashingThreads = (): number[] =>
  (quietly(() => readdirSync('/proc/self/task')) ?? [])
    .filter((id) => quietly(() => readFileSync(`/proc/self/task/${id}/comm`, 'utf8').trim()) === 'libuv-worker')
    .map(Number);

/** Of a thread that has just ended, or in a sandbox that shows none, there is nothing to say: hashing is as quick as before, and so is all else. */
function quietly<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
