import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface ShedOptions {
  /** Milliseconds that the event loop may run late on average, two seconds in a row. Default 1,000. */
  readonly loopDelayMs?: number;
  /** Requests at work at the same time. Default 1,000. */
  readonly inFlight?: number;
}
/** Says no early while the server cannot keep up: an answer that comes too late is work for nobody. */
export interface Shed {
  readonly overloaded: boolean;
  readonly enter: () => void;
  readonly leave: () => void;
  readonly inFlight: number;
  stop(): void;
}

const EVERY_MS = 1000;

export function createShed({ loopDelayMs = 1000, inFlight: most = 1000 }: ShedOptions = {}): Shed {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  let before = false;
  let late = false;
  let count = 0;
  const timer = setInterval(() => {
    const now = delay.count > 0 && delay.mean / 1e6 > loopDelayMs;
    late = now && before; // one long step, such as loading a module, is no overload
    before = now;
    delay.reset();
  }, EVERY_MS).unref();
  return {
    get overloaded() {
      return late || count >= most;
    },
    get inFlight() {
      return count;
    },
    enter() {
      count++;
    },
    leave() {
      count--;
    },
    stop() {
      clearInterval(timer);
      delay.disable();
    },
  };
}
