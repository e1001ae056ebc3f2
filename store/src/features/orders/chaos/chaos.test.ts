import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkProperty } from './property.testing.ts';
import { World } from './world.testing.ts';

const RUNS = Number(process.env['RUNS'] ?? 20);
let world: World;
beforeAll(async () => {
  world = await World.open(6);
});
afterAll(() => world?.close());

// Slow only where the machine is busy with something else.
const SECONDS = 60 + RUNS * 3;
test(
  `S11, S16, S21, S37: whatever buyers, payers, the provider, lost and doubled webhooks and dying nodes do, our books are the provider’s (${RUNS} runs)`,
  { timeout: (SECONDS + 60) * 1000 },
  async () => {
    expect((await checkProperty(world, RUNS, 40, SECONDS)).runs).toBe(RUNS);
  },
);
