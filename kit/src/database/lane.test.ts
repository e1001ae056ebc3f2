import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { running } from '../context.ts';
import { ServiceUnavailable } from '../errors.ts';
import { emptyDatabase, type TestDatabase } from '../testing/postgres.ts';
import { createDatabase, type Database } from './database.ts';

const sql = (text: string, ...values: unknown[]) => ({ text, values });
const item = (id: number | string) => sql('select id, name, price from items where id = $1', id);

let database: TestDatabase;
let db: Database;
let owner: pg.Client;
const open = (more: { poolSize?: number; statements?: 'named' | 'unnamed' } = {}): Database =>
  createDatabase({
    url: database.ownerUrl,
    poolSize: 10,
    statements: 'named',
    slowQueryMs: 10_000,
    logger: pino({ level: 'silent' }),
    guard: true,
    ...more,
  });
const connections = async (): Promise<number> =>
  Number(
    (
      await owner.query(
        `select count(*)::int as n from pg_stat_activity where application_name = 'plinth' and datname = current_database()`,
      )
    ).rows[0].n,
  );

beforeAll(async () => {
  database = await emptyDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query('create table items (id int primary key, name text, price bigint not null)');
  await owner.query(`insert into items select n, 'item ' || n, n from generate_series(1, 1000) n`);
});
beforeEach(() => {
  db = open();
  return () => db.close();
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

test('500 reads at once each get their own row, over two connections', async () => {
  const ids = Array.from({ length: 500 }, (_, i) => i + 1);
  const rows = await Promise.all(ids.map(async (id) => (await db.lane.run<{ id: number; name: string }>(item(id))).rows));
  expect(rows).toEqual(ids.map((id) => [{ id, name: `item ${id}`, price: id }]));
  expect(await connections()).toBe(1); // asked in one turn
  const turns = await Promise.all(
    ids.map(async (id) => {
      await delay(id % 7);
      return (await db.lane.run<{ id: number }>(item(id))).rows[0]!.id;
    }),
  );
  expect(turns).toEqual(ids);
  expect(await connections()).toBeLessThanOrEqual(2);
});

test('different statements, with and without rows, travel together', async () => {
  const [one, none, many, empty] = await Promise.all([
    db.lane.run(item(7)),
    db.lane.run(item(0)),
    db.lane.run<{ n: number }>(sql('select n from generate_series(1, 3) n')),
    db.lane.run(sql('do $$ begin end $$')),
  ]);
  expect([one.rowCount, none.rowCount, many.rows.map(({ n }) => n), empty.rows]).toEqual([1, 0, [1, 2, 3], []]);
  const again = await Promise.all([db.lane.run(item(7)), db.lane.run(sql('do $$ begin end $$')), db.lane.run(item(8))]); // descriptions are known now
  expect(again.map(({ rows }) => rows.length)).toEqual([1, 0, 1]);
});

test('a statement that fails fails alone', async () => {
  const settled = await Promise.allSettled([
    db.lane.run(item(1)),
    db.lane.run(sql('select 1 / $1::int as never', 0)),
    db.lane.run(item(2)),
    db.lane.run(item('no number')),
    db.lane.run(item(3)),
  ]);
  expect(settled.map((each) => (each.status === 'fulfilled' ? each.value.rows : (each.reason as { code: string }).code))).toEqual([
    [{ id: 1, name: 'item 1', price: 1 }],
    '22012',
    [{ id: 2, name: 'item 2', price: 2 }],
    '22P02',
    [{ id: 3, name: 'item 3', price: 3 }],
  ]);
});

test('B36: a row that cannot be read fails its own statement, in the lane, alone and in a transaction; the connection goes on', async () => {
  const tooLarge = sql('select 9007199254740993::bigint as n');
  const [before, failed, after] = await Promise.allSettled([db.lane.run(item(1)), db.lane.run(tooLarge), db.lane.run(item(2))]);
  expect([before.status, failed.status, after.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect((failed as PromiseRejectedResult).reason).toBeInstanceOf(RangeError);
  await expect(db.run(tooLarge)).rejects.toThrow(RangeError);
  await expect(db.transaction((tx) => tx.run(tooLarge))).rejects.toThrow(RangeError);
  expect((await db.run(item(3))).rows).toHaveLength(1);
});

test('a value that has no wire form is refused to its own caller only', async () => {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  const [good, bad] = await Promise.allSettled([db.lane.run(item(1)), db.lane.run(item(circular as never))]);
  expect([good.status, bad.status]).toEqual(['fulfilled', 'rejected']);
  expect((await db.lane.run(item(2))).rows).toHaveLength(1);
});

test('a plan that a migration made stale costs one retry, not an error', async () => {
  await owner.query('create table changing (id int primary key, v int); insert into changing select n, n from generate_series(1, 50) n');
  const read = () =>
    Promise.all(Array.from({ length: 50 }, (_, i) => db.lane.run<{ v: unknown }>(sql('select v from changing where id = $1', i + 1))));
  expect((await read()).map(({ rows }) => rows[0]!.v)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  await owner.query(`alter table changing alter column v type text using 'v' || v`);
  expect((await read()).map(({ rows }) => rows[0]!.v)).toEqual(Array.from({ length: 50 }, (_, i) => `v${i + 1}`));
});

test('statements can be unnamed here too', async () => {
  const unnamed = open({ statements: 'unnamed' });
  const rows = await Promise.all([1, 2, 3].map(async (id) => (await unnamed.lane.run<{ id: number }>(item(id))).rows[0]!.id));
  const { rows: kept } = await unnamed.run<{ n: number }>(sql('select count(*)::int as n from pg_prepared_statements'));
  await unnamed.close();
  expect([rows, kept[0]!.n]).toEqual([[1, 2, 3], 0]);
});

test('who waits 2 s for a connection is told that the server is busy', async () => {
  const small = open({ poolSize: 1 });
  const holding = small.transaction((tx) => tx.run(sql('select pg_sleep(2.6)')));
  await delay(50);
  const waiting = await Promise.allSettled([small.lane.run(item(1)), small.lane.run(item(2))]);
  expect(waiting.map((each) => each.status === 'rejected' && each.reason)).toEqual([
    expect.any(ServiceUnavailable),
    expect.any(ServiceUnavailable),
  ]);
  await holding;
  expect((await small.lane.run(item(1))).rows).toHaveLength(1);
  await small.close();
});

test('connections that Postgres ends under way: an error for their statements, none for the process, new ones after', async () => {
  const sleeping = [
    db.lane.run(sql('select pg_sleep(20)')),
    db.run(sql('select pg_sleep(20)')),
    db.transaction((tx) => tx.run(sql('select pg_sleep(20)'))),
  ];
  const settled = Promise.allSettled(sleeping);
  await delay(300);
  const { rowCount } = await owner.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'plinth' and datname = current_database()`,
  );
  expect(rowCount).toBe(3);
  expect((await settled).map((each) => each.status === 'rejected' && each.reason)).toEqual(
    Array.from({ length: 3 }, () => expect.any(ServiceUnavailable)),
  );
  await delay(50);
  expect((await db.lane.run(item(1))).rows).toHaveLength(1);
});

test('the lane beside an open transaction of the same run is refused', async () => {
  const context = { requestId: 'r', operation: 'o', userId: null, inTransaction: true };
  await expect(running.run(context, () => db.lane.run(item(1)))).rejects.toThrow('pass tx');
});
