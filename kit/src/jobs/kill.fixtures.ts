import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { z } from 'zod';
import { createDatabase } from '../database/database.ts';
import { defineJob } from '../definitions.ts';
import { createCatalog, defineFeature, perform } from '../feature.ts';
import { createJobs } from './boss.ts';

// A process that does jobs until it is killed: `kill.testing.ts` starts it. It knows nothing of vitest.

export const effect = defineJob('kill.effect', z.object({ n: z.int() }), { attempts: 50, backoffSeconds: 1, concurrency: 20 });
export const poison = defineJob('kill.poison', z.object({ n: z.int() }), { attempts: 50, backoffSeconds: 1 });
export const killCatalog = createCatalog([defineFeature({ name: 'kill', contract: { effect, poison }, setup: () => ({ api: {} }) })]);

export function killNode(url: string) {
  const logger = pino({ level: process.env['TEST_LOG'] ?? 'silent' });
  const db = createDatabase({ url, poolSize: 8, statements: 'named', slowQueryMs: 60_000, logger, guard: false });
  return { db, jobs: createJobs({ db, catalog: killCatalog, logger, config: { shutdownSeconds: 10 }, upkeepSeconds: 1 }) };
}

// The mark and the effect commit together; the job is settled after that, so a kill in between makes it run again.
const MARK = 'insert into kill_marks (n) values ($1) on conflict do nothing';
const EFFECT = 'insert into kill_effects (n) values ($1)';
const RUN = 'insert into kill_runs (n) values ($1)';

const url = process.env['KILL_URL'];
if (url !== undefined) {
  const { db, jobs } = killNode(url);
  const door = {
    decide: () => ({ id: 'd', allowed: true, reason: 'test' }),
    visible: () => {
      throw new Error('not here');
    },
  };
  await jobs.start(
    [
      perform(effect, async ({ n }) => {
        await db.run({ text: RUN, values: [n] });
        await delay(Math.random() * 10);
        await db.transaction(async (tx) => {
          if ((await tx.run({ text: MARK, values: [n] })).rowCount > 0) await tx.run({ text: EFFECT, values: [n] });
        });
      }),
      perform(poison, async ({ n }) => {
        await db.run({ text: RUN, values: [n] });
        process.kill(process.pid, 'SIGKILL');
      }),
    ],
    door,
  );
  process.stdout.write('ready\n');
  process.once('SIGTERM', () => void jobs.stop().then(() => db.close()));
}
