import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../log/log.testing.ts';
import { poison } from './kill.fixtures.ts';
import { killing, killUntilDone } from './kill.testing.ts';

const JOBS = Number(process.env['JOBS'] ?? 10_000);
let place: Awaited<ReturnType<typeof killing>>;
beforeEach(async () => {
  place = await killing();
});
afterEach(() => place.end());

test(`S51: ${JOBS} jobs while their workers are killed: each effect exactly once, none lost`, async () => {
  const startedAt = performance.now();
  const kills = await killUntilDone(place, JOBS, [50, 500]);
  const runs = await place.count('kill_runs');
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stdout.write(
    `${JOBS} jobs, ${kills} workers killed, ${runs} runs begun (${runs - JOBS} again), ${await place.count('kill_effects')} effects, ${seconds} s\n`,
  );
  expect(await place.count('kill_effects')).toBe(JOBS);
  expect(await place.count('(select distinct n from kill_effects) e')).toBe(JOBS);
  expect(await place.count(`pgboss.job where name = 'kill.effect' and state = 'completed'`)).toBe(JOBS);
  expect(await place.count(`pgboss.job where name = 'plinth.dead'`)).toBe(0);
});

test('S56: a job that kills its process kills three, and is put aside', async () => {
  await place.enqueue(poison, 1, 2);
  let processes = 0;
  const dead = (): Promise<number> => place.count(`pgboss.job where name = 'plinth.dead'`);
  while ((await dead()) === 0 && processes < 6) {
    const worker = await place.worker();
    processes++;
    await until(async () => worker.signalCode !== null || (await dead()) > 0, 15_000);
    if ((await dead()) === 0) await place.owner.query(`update pgboss.job set start_after = now() where state = 'retry'`);
  }
  expect(processes).toBe(4);
  expect(await place.count('kill_runs')).toBe(3);
});
