import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds between two looks; the histogram counts them in. */
const RESOLUTION = 20;

export interface LoopDelay {
  /** @returns what reads the delay since it was last read: seconds, 99th percentile; the worst one where others read in between. */
  reader(): () => number;
  close(): void;
}

/** One measurement for all who read: a histogram can only be emptied, so each reader keeps what others emptied. */
export function measureLoopDelay(): LoopDelay {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  delay.enable();
  const readers: { worst: number }[] = [];
  return {
    reader() {
      const mine = { worst: 0 };
      readers.push(mine);
      return () => {
        const seconds = Math.max(0, delay.percentile(99) / 1e9 - RESOLUTION / 1000);
        delay.reset();
        for (const reader of readers) reader.worst = Math.max(reader.worst, seconds);
        const { worst } = mine;
        mine.worst = 0;
        return worst;
      };
    },
    close: () => void delay.disable(),
  };
}
