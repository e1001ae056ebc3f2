import { expect, test } from 'vitest';
import { storm } from './writers.testing.ts';

const minutes = Number(process.env['MINUTES'] ?? 5);

test(`B137: 16 writers, savepoints, rollbacks and kills, for ${minutes} minutes`, async () => {
  const { facts, processesKilled, connectionsCut } = await storm(minutes * 60);
  process.stdout.write(
    `${facts} facts of 16 writers in ${minutes} minutes, each with its change and none without, no gap and no fork; ${processesKilled} processes killed, ${connectionsCut} connections cut\n`,
  );
  expect(processesKilled).toBeGreaterThan(minutes * 30);
});
