import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkAll, pending } from './kill.checks.testing.ts';
import { type Killing, killing, killWhileTheyWrite } from './kill.testing.ts';

const KILLS = Number(process.env['KILLS'] ?? 50);
let place: Killing;
beforeAll(async () => {
  place = await killing();
});
afterAll(() => place?.end());

test(`S10: a server killed at ${KILLS} random moments under 8 writers: every acknowledged key once, one charge an order, nothing pending 60 s after the last start`, async () => {
  const startedAt = performance.now();
  const acknowledged = await killWhileTheyWrite(place, KILLS, [100, 2500]);
  await expect.poll(() => pending(place), { timeout: 60_000 - place.age(), interval: 250 }).toEqual([]);
  const settled = (place.age() / 1000).toFixed(1);
  const { orders, refunds, again } = acknowledged;
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stdout.write(
    `${KILLS} kills, ${orders.size} orders, ${again.size} paid anew, ${refunds.size} refunds acknowledged; nothing pending ${settled} s after the last start; ${seconds} s\n`,
  );
  await checkAll(place, acknowledged);
});
