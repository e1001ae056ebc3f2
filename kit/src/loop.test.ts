import { pino } from 'pino';
import { expect, test } from 'vitest';
import { startLoop } from './loop.ts';

const logger = pino({ level: 'silent' });
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('S64: loops that were started together do not stay in step', async () => {
  const thirds: number[] = [];
  const loops = Array.from({ length: 12 }, () => {
    let runs = 0;
    return startLoop({ name: 'test', everyMs: 40, logger, run: async () => { if (++runs === 4) thirds.push(performance.now()); return false; } }); // prettier-ignore
  });
  while (thirds.length < loops.length) await pause(10);
  for (const loop of loops) await loop.stop();
  expect(Math.max(...thirds) - Math.min(...thirds)).toBeGreaterThan(15);
});

test('a wake during a run is not lost, and a run that failed is not hurried by wakes', async () => {
  let runs = 0;
  let fails = false;
  const loop = startLoop({
    name: 'test',
    everyMs: 60_000,
    logger,
    run: async () => {
      runs++;
      await pause(20);
      if (fails) throw new Error('no');
      return false;
    },
  });
  loop.wake();
  await pause(100);
  expect(runs).toBe(2);
  fails = true;
  for (let i = 0; i < 10; i++) {
    loop.wake();
    await pause(10);
  }
  await pause(50);
  expect(runs).toBe(3);
  await loop.stop();
});
