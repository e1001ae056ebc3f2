/** Plinth's worker as it runs in a server: validation, context, caller, signal, time limit and metrics for each run, upkeep and heartbeat on. */
import { access, auth, users } from '@plinth/core';
import { defineFeature, defineJob, perform } from '@plinth/kit';
import { migrateAll, readConfig } from '@plinth/kit/tools';
import { z } from 'zod';
import { createApp } from '../../../kit/src/app.ts';
import { serve, type Side } from './side.ts';

const job = defineJob('bench.nothing', z.object({ n: z.int() }), { concurrency: 1600 });
let onRun: (count: number) => void = () => undefined;
const bench = defineFeature({
  name: 'bench',
  contract: { job },
  setup: () => ({ api: {}, handlers: [perform(job, async () => onRun(1))] }),
});
const features = [users, access, auth, bench];
const config = readConfig();
const url = config.database.url!;
await migrateAll({ ownerUrl: url, appRole: 'postgres' }, features, () => undefined);
const app = await createApp({ config: { ...config, secret: config.secret! }, features, databaseUrl: url });
await app.start();

await serve(url, {
  queue: job.name,
  async enqueue(count, run) {
    onRun = run;
    await app.kit.db.transaction(async (tx) => {
      for (let n = 0; n < count; n++) await app.kit.jobs.enqueue(tx, job, { n });
    });
  },
  // A server's workers always wait.
  async begin() {},
  async end() {},
} satisfies Side);
