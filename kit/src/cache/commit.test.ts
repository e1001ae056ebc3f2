import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type Database } from '../database/database.ts';
import { createLogger } from '../telemetry/logger.ts';

import { emptyDatabase, type TestDatabase } from '../testing/postgres.ts';
import { createCache } from './bento.ts';

const logger = createLogger({ log: { level: 'silent', pretty: false } }, { write: () => {} });
let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await emptyDatabase();
  db = createDatabase({ url: database.ownerUrl, poolSize: 4, statements: 'named', slowQueryMs: 1000, logger, guard: true });
  await db.run({ text: 'create table public.cached (name text primary key)', values: [] });
  await db.run({ text: 'insert into public.cached values ($1)', values: ['old'] });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

test('S93: a rollback invalidates nothing; a commit does, after it and not before', async () => {
  const cache = createCache({ redisUrl: null, logger });
  let loads = 0;
  const get = () =>
    cache.through(['cached'], { ttlSeconds: 60, tags: ['cached'] }, async () => {
      loads++;
      return (await db.run<{ name: string }>({ text: 'select name from public.cached', values: [] })).rows[0]!.name;
    });
  const rename = (name: string, last: () => Promise<void> | void) =>
    db.transaction(async (tx) => {
      await tx.run({ text: 'update public.cached set name = $1', values: [name] });
      tx.onCommit(() => cache.drop(['cached'])); // as the log does for the tags of its facts
      await last();
    });
  expect(await get()).toBe('old');
  const generation = cache.generation('cached');
  const failed = rename('never', () => {
    throw new Error('rolled back');
  });
  await expect(failed).rejects.toThrow('rolled back');
  expect(cache.generation('cached')).toBe(generation);
  expect([await get(), loads]).toEqual(['old', 1]);
  await rename('new', () => expect(cache.generation('cached')).toBe(generation));
  expect(cache.generation('cached')).toBeGreaterThan(generation);
  expect([await get(), loads]).toEqual(['new', 2]);
  await cache.close();
});
