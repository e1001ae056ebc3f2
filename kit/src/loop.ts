import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { running } from './context.ts';

export interface Loop {
  /** Run now, or once more after the run that is under way. */
  wake(): void;
  /** Ends after the run that is under way. */
  stop(): Promise<void>;
}
export interface LoopOptions {
  readonly name: string;
  /** Milliseconds between runs, ± 25 % so that nodes do not march in step (S64). */
  readonly everyMs: number;
  /** Milliseconds between the end of a run and one that was woken: what comes meanwhile is done with it. Who rested longer begins at once. */
  readonly restMs?: () => number;
  /** @returns true when there is more to do now. */
  readonly run: () => Promise<boolean>;
  readonly logger: Logger;
}
const LONGEST_PAUSE_MS = 5000;

/** Runs again and again until it is stopped. A run that fails is logged and tried again, more and more slowly. */
export function startLoop({ name, everyMs, restMs, run, logger }: LoopOptions): Loop {
  let stopping = false;
  let woken = false;
  let rouse = (): void => undefined;
  let failures = 0;

  // Wakes come with every commit: a signal's abort() would make an error with its stack each time, 7 % of a creation.
  const sleep = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const once = async (): Promise<number> => {
    try {
      const more = await run();
      if (failures > 0) logger.info({ loop: name }, 'works again');
      failures = 0;
      return more ? 0 : everyMs;
    } catch (error) {
      if (failures++ % 20 === 0) logger.warn({ err: error, loop: name, failures }, 'failed; trying again');
      return Math.min(everyMs * 2 ** Math.min(failures, 10), LONGEST_PAUSE_MS);
    }
  };
  const forever = async (): Promise<void> => {
    for (;;) {
      woken = false;
      const pause = await once();
      const endedAt = performance.now();
      // A failing run is not hurried by wakes: they come with every commit.
      if (stopping) return;
      if (pause === 0) continue;
      if (!woken || failures > 0) await sleep(pause * (0.75 + Math.random() / 2));
      if (restMs && woken && !stopping) {
        const rest = endedAt + restMs() - performance.now();
        if (rest > 0) await delay(rest);
      }
      if (stopping) return;
    }
  };
  // Its own context: a loop begun inside a request is not part of that request.
  const ended = running.exit(forever);
  return {
    wake() {
      woken = true;
      if (failures === 0) rouse();
    },
    async stop() {
      stopping = true;
      rouse();
      await ended;
    },
  };
}
