import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../log/log.testing.ts';
import { effect } from './kill.fixtures.ts';
import { HEARTBEAT, killing, killUntilDone } from './kill.testing.ts';

let place: Awaited<ReturnType<typeof killing>>;
beforeEach(async () => {
  place = await killing();
});
afterEach(() => place.end());

test('S51: 600 jobs while their workers are killed: each effect exactly once, none lost', async () => {
  const kills = await killUntilDone(place, 600, [100, 500]);
  expect(kills).toBeGreaterThan(0);
  expect(await place.count('kill_effects')).toBe(600);
  expect(await place.count('(select distinct n from kill_effects) e')).toBe(600);
  expect(await place.count(`pgboss.job where name = 'kill.effect' and state = 'completed'`)).toBe(600);
  expect(await place.count(`pgboss.job where name = 'plinth.dead'`)).toBe(0);
}, 90_000);

test('S51: the job of a killed worker runs again within heartbeat, upkeep and its first pause', async () => {
  const first = await place.worker();
  await place.owner.query(`create function stall() returns trigger language plpgsql as 'begin perform pg_sleep(20); return new; end'`);
  await place.owner.query('create trigger stall before insert on kill_marks for each row execute function stall()');
  await place.enqueue(effect, 1, 2);
  await until(async () => (await place.count('kill_runs')) === 1, 8000);
  await place.kill(first);
  await place.owner.query('drop trigger stall on kill_marks');
  const killedAt = performance.now();
  await place.worker();
  await until(async () => (await place.count('kill_runs')) === 2, 15_000);
  // Upkeep is looked after every second here; the first pause is up to 2 s.
  expect(performance.now() - killedAt).toBeLessThan((HEARTBEAT + 1 + 2 + 2) * 1000);
}, 40_000);
