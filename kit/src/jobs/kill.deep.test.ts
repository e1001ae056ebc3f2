import { afterAll, beforeAll, expect, test } from 'vitest';
import { killing, killUntilDone } from './kill.testing.ts';

const JOBS = Number(process.env['JOBS'] ?? 10_000);
let place: Awaited<ReturnType<typeof killing>>;
beforeAll(async () => {
  place = await killing();
});
afterAll(() => place.end());

test(`S51: ${JOBS} jobs while their workers are killed: each effect exactly once, none lost`, async () => {
  const startedAt = performance.now();
  const kills = await killUntilDone(place, JOBS, [50, 500]);
  const runs = await place.count('kill_runs');
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(
    `${JOBS} jobs, ${kills} workers killed, ${runs} runs begun (${runs - JOBS} again), ${await place.count('kill_effects')} effects, ${seconds} s`,
  );
  expect(await place.count('kill_effects')).toBe(JOBS);
  expect(await place.count('(select distinct n from kill_effects) e')).toBe(JOBS);
  expect(await place.count(`pgboss.job where name = 'kill.effect' and state = 'completed'`)).toBe(JOBS);
  expect(await place.count(`pgboss.job where name = 'plinth.dead'`)).toBe(0);
});
