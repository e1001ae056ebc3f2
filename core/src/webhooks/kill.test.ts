import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Killing, killing, killUntilAllArrived } from './kill.testing.ts';

let place: Killing;
beforeAll(async () => {
  place = await killing();
});
afterAll(() => place.end());

test('S20: killed with SIGKILL before and after the commit of an effect: the sender’s next try finds it done once', async () => {
  const [after, before, server] = await Promise.all([place.server('after its commit'), place.server('before its commit'), place.server()]);
  const [one, two] = [place.id(), place.id()];
  expect(await place.post(after, one, 1)).toBeUndefined();
  expect(await place.count('public.kill_effects')).toBe(1);
  expect(await place.post(before, two, 2)).toBeUndefined();
  expect(await place.count('public.kill_effects')).toBe(1);
  expect(await place.post(server, one, 1)).toEqual({ status: 200, outcome: 'duplicate' });
  expect(await place.post(server, two, 2)).toEqual({ status: 200, outcome: 'done' });
  expect(await place.count('public.kill_effects')).toBe(2);
}, 40_000);

test('S42: a server that is killed before it hears the answer: another sends it under the same id, and settles it', async () => {
  const id = await place.endpoint();
  const first = await place.living();
  const { promise: arrived, resolve } = Promise.withResolvers<void>();
  place.onPost(() => (resolve(), new Promise(() => undefined)));
  expect(await place.post(first, place.id(), 1)).toMatchObject({ status: 200 });
  await arrived;
  await place.kill(first.child);
  place.onPost(async () => undefined);
  await place.aMinuteLater();
  await place.living();
  const delivered = `webhooks.deliveries where endpoint_id = '${id}' and state = 'delivered' and attempts = 2`;
  await expect.poll(() => place.count(delivered)).toBe(1);
  expect([...place.seen.values()]).toEqual([2]);
  expect(place.told()).toEqual({ posts: 2, refused: 0 });
}, 40_000);

test('S39: 100 webhooks come in and go out again while the server is killed: each effect and each delivery once', async () => {
  await place.endpoint();
  expect(await killUntilAllArrived(place, 100, [200, 600])).toBeGreaterThan(0);
  await expect.poll(() => place.count(`webhooks.deliveries where state = 'delivered'`), { timeout: 15_000 }).toBe(100);
  expect(await place.count('webhooks.deliveries')).toBe(100);
  expect(await place.count('(select distinct n from public.kill_effects) e')).toBe(100);
  expect(await place.count('public.kill_effects')).toBe(100);
  expect(place.seen.size).toBe(100);
  expect(place.told().refused).toBe(0);
}, 60_000);
