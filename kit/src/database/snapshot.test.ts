import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../testing/postgres.ts';
import { createDatabase, type Database } from './database.ts';

let database: TestDatabase;
let owner: pg.Client;
let db: Database;
beforeAll(async () => {
  database = await emptyDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query('create table items (id int primary key)');
  // One connection for all else: whoever reads must not take it.
  db = createDatabase({
    url: database.ownerUrl,
    poolSize: 1,
    statements: 'named',
    slowQueryMs: 10_000,
    logger: pino({ level: 'silent' }),
    guard: true,
  });
});
afterAll(async () => {
  await db.close();
  await owner.end();
  await database.drop();
});
const add = (id: number) => ({ text: 'insert into items (id) values ($1)', values: [id] });
const COUNT = { text: 'select count(*) as n from items', values: [] };
const countOn = async (on: Pick<Database, 'run'>) => (await on.run<{ n: number }>(COUNT)).rows[0]!.n;
const others = async () =>
  (
    await owner.query(
      'select count(*)::int as n from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_xmin is not null',
    )
  ).rows[0].n as number;

test('a snapshot shows one moment, while the pool goes on beside it', async () => {
  const seen = await db.snapshot(async (on) => {
    const first = await countOn(on);
    await db.transaction(async (tx) => tx.write(add(1)));
    await owner.query('insert into items values (2)');
    expect(await countOn(db)).toBe(first + 2);
    return [first, await countOn(on), await countOn(on)];
  });
  expect(seen).toEqual([0, 0, 0]);
  expect(await countOn(db)).toBe(2);
});
test('nothing is written in it, and what it throws is thrown; either way its connection is given up', async () => {
  await expect(db.snapshot((on) => on.run(add(3)))).rejects.toMatchObject({ code: '25006' });
  await expect(
    db.snapshot(async (on) => {
      await countOn(on);
      throw new Error('enough');
    }),
  ).rejects.toThrow('enough');
  await expect.poll(others).toBe(0);
  expect(await countOn(db)).toBe(2);
});
