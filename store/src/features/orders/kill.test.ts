import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkAll, pending } from './kill.checks.testing.ts';
import { type Killing, killing, killWhileTheyWrite } from './kill.testing.ts';

const KILLS = 3;
let place: Killing;
beforeAll(async () => {
  place = await killing();
});
afterAll(() => place?.end());

// A server starts in two seconds, on a busy machine in ten.
test(
  `S10: a server killed at ${KILLS} random moments under 8 writers: every acknowledged key once, one charge an order, nothing pending`,
  { timeout: 180_000 },
  async () => {
    const acknowledged = await killWhileTheyWrite(place, KILLS, [200, 900], () => place.free());
    expect(acknowledged.orders.size).toBeGreaterThanOrEqual(8);
    await expect.poll(async () => (await place.hurry(), pending(place)), { timeout: 60_000, interval: 500 }).toEqual([]);
    await checkAll(place, acknowledged);
  },
);
