import { afterAll, beforeAll, expect, test } from 'vitest';
import { deaths } from './death.testing.ts';
import { checkProperty } from './property.testing.ts';
import { World } from './world.testing.ts';

const RUNS = Number(process.env['RUNS'] ?? 1000);
let world: World;
beforeAll(async () => {
  world = await World.open(40);
});
afterAll(() => world?.close());

test(`S11, S16, S21, S37: whatever buyers, payers, the provider, lost and doubled webhooks and dying nodes do, our books are the provider’s (${RUNS} runs)`, async () => {
  const startedAt = performance.now();
  const { runs, commands, payments, orders } = await checkProperty(world, RUNS, 60, 1700);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stdout.write(
    `${runs} runs, ${commands} commands, ${orders} orders, ${payments} payments, ${world.kills} nodes killed, ${deaths.count} in the middle of something, ${seconds} s\n`,
  );
  expect(runs).toBe(RUNS);
});
