import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadResult } from './load.ts';
import type { Load } from './traffic.ts';

/** A load process; one slice of load at a time. */
export class Generator {
  readonly #child: ChildProcess;
  constructor() {
    this.#child = fork(fileURLToPath(new URL('load.ts', import.meta.url)), { serialization: 'advanced' });
  }
  /** Sends the load and returns when the last answer is in; throws on any answer that is not the expected one. */
  async run(load: Load): Promise<LoadResult> {
    const answer = once(this.#child, 'message', { signal: AbortSignal.timeout(load.seconds * 1000 + 60_000) });
    this.#child.send(load);
    const [result] = (await answer) as [LoadResult];
    if (result.wrong.length > 0) throw new Error(`${load.kind} on ${load.origin} failed:\n${result.wrong.join('\n')}`);
    if (result.requests === 0) throw new Error(`${load.kind} on ${load.origin}: no request was answered in ${load.seconds} s`);
    return result;
  }
  stop(): void {
    this.#child.disconnect();
  }
}
