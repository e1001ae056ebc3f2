import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Killing, killing, killUntilAllArrived } from './kill.testing.ts';

const WEBHOOKS = Number(process.env['WEBHOOKS'] ?? 5000);
let place: Killing;
beforeAll(async () => {
  place = await killing();
});
afterAll(() => place.end());

test(`S39: ${WEBHOOKS} webhooks come in and go out again while the server is killed: each effect and each delivery once`, async () => {
  await place.endpoint();
  const startedAt = performance.now();
  const kills = await killUntilAllArrived(place, WEBHOOKS, [100, 3000]);
  const delivered = (): Promise<number> => place.count(`webhooks.deliveries where state = 'delivered'`);
  await expect.poll(delivered, { timeout: 120_000 }).toBe(WEBHOOKS);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const { posts, refused } = place.told();
  process.stdout.write(
    `${WEBHOOKS} webhooks in and out, ${kills} servers killed, ${await place.count('public.kill_effects')} effects, ${await delivered()} deliveries, ${posts} posts (${posts - place.seen.size} again), ${seconds} s\n`,
  );
  expect(await place.count('webhooks.deliveries')).toBe(WEBHOOKS);
  expect(await place.count('public.kill_effects')).toBe(WEBHOOKS);
  expect(await place.count('(select distinct n from public.kill_effects) e')).toBe(WEBHOOKS);
  expect(place.seen.size).toBe(WEBHOOKS);
  expect(refused).toBe(0);
});
