import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ServiceUnavailable } from '../errors.ts';
import { emptyDatabase, type TestDatabase } from '../testing/postgres.ts';
import { createDatabase, type Database, type DatabaseOptions } from './database.ts';
import { silenceable } from './silenceable.testing.ts';
import type { BoundQuery } from './statement.ts';

const sql = (text: string, ...values: unknown[]): BoundQuery => ({ text, values });
/** Two statements each, so that half of one would be seen. */
const add = (id: number): BoundQuery[] => [sql('insert into items (id) values ($1)', id), sql('insert into notes (item) values ($1)', id)];

let database: TestDatabase;
let owner: pg.Client;
/** Holds what others wait for. */
let holder: pg.Client;
let db: Database;
const open = (more: Partial<DatabaseOptions> = {}): Database =>
  createDatabase({
    url: database.ownerUrl,
    poolSize: 3,
    statements: 'named',
    slowQueryMs: 10_000,
    logger: pino({ level: 'silent' }),
    guard: true,
    ...more,
  });
beforeAll(async () => {
  database = await emptyDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  holder = new pg.Client({ connectionString: database.ownerUrl });
  await Promise.all([owner.connect(), holder.connect()]);
  await owner.query(`
    create table items (id int primary key, xid bigint not null default (pg_current_xact_id()::text)::bigint);
    create table pairs (a int unique deferrable initially deferred);
    create table notes (item int not null, xid bigint not null default (pg_current_xact_id()::text)::bigint, pid int not null default pg_backend_pid())`);
});
beforeEach(async () => {
  await holder.query('rollback');
  await owner.query('truncate items, notes, pairs');
  db = open();
  return () => db.close();
});
afterAll(async () => {
  await Promise.all([owner.end(), holder.end()]);
  await database.drop();
});

const write = (queries: readonly BoundQuery[]): Promise<void> =>
  db.transaction(async (tx) => {
    for (const query of queries) tx.write(query);
  });
const ids = async (): Promise<number[]> => (await owner.query<{ id: number }>('select id from items order by id')).rows.map(({ id }) => id);
/** Whole transactions only: both rows of each, made by the same one; and each of one of its own. */
const expectWhole = async (expected: readonly number[]): Promise<void> => {
  const { rows } = await owner.query(
    `select coalesce(i.id, n.item) as id from items i full join notes n on n.item = i.id and n.xid = i.xid order by 1`,
  );
  expect(rows.map(({ id }) => Number(id))).toEqual(expected);
  expect((await owner.query('select count(distinct xid)::int as n from items')).rows[0].n).toBe(expected.length);
};
const expectAllReturned = async (): Promise<void> => {
  await expect.poll(() => db.statistics().total - db.statistics().idle).toBe(0); // they are told a moment before
  const open = `select 1 from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`;
  expect((await owner.query(open)).rowCount).toBe(0);
};
const range = (length: number, from = 1): number[] => Array.from({ length }, (_, i) => from + i);
const outcomes = (settled: readonly PromiseSettledResult<unknown>[]): boolean[] => settled.map(({ status }) => status === 'fulfilled');

test.for(['named', 'unnamed'] as const)(
  '500 at once are 500 transactions, on no more connections than there are (%s)',
  async (statements) => {
    await db.close();
    db = open({ statements });
    await Promise.all(range(500).map((id) => write(add(id))));
    await expectWhole(range(500));
    await expectAllReturned();
    expect((await owner.query('select count(distinct pid)::int as n from notes')).rows[0].n).toBeLessThanOrEqual(3);
    await Promise.all(
      range(200, 501).map(async (id) => {
        await delay(id % 9);
        await write(add(id));
      }),
    );
    await expectWhole(range(700));
  },
);

test('those of one turn go four in a message', async () => {
  await Promise.all(range(8).map((id) => write(add(id))));
  const { rows } = await owner.query('select count(*)::int as n from notes group by pid');
  expect(rows.map(({ n }) => n)).toEqual([4, 4]);
});

test.for([0, 1, 2, 3])('the one that fails in place %i fails alone, and says why', async (place) => {
  await write(add(1000));
  const works = range(4).map(add);
  works[place] = [...add(5), ...add(1000)];
  const settled = await Promise.allSettled(works.map(write));
  expect(outcomes(settled)).toEqual([0, 1, 2, 3].map((i) => i !== place));
  expect(settled[place]).toMatchObject({ reason: { code: '23505', constraint: 'items_pkey' } });
  await expectWhole([...range(4).filter((id) => id !== place + 1), 1000]);
  await expectAllReturned();
});

test('each of many that fail, in whatever way, gets its own error, and no other does', async () => {
  const fails: (readonly [BoundQuery[], string])[] = [
    [[...add(1), ...add(1)], '23505'],
    [[...add(2), sql('insert into nowhere values (1)')], '42P01'],
    [[...add(3), sql('insert into items (id) values ($1)', 'no number')], '22P02'],
    [[...add(4), sql('insert into pairs values (1), (1)')], '23505'], // at its COMMIT
    [[...add(5), sql(`do $$ begin perform pg_sleep(0); raise exception 'no' using errcode = 'P0001'; end $$`)], 'P0001'],
    [[...add(6), sql('insert into items (id) values ($1)', '7\u0000')], '22021'],
  ];
  for (let round = 0; round < 20; round++) {
    await owner.query('truncate items, notes, pairs');
    const order = [...fails, ...range(10, 11).map((id) => [add(id), ''] as const)].sort(() => Math.random() - 0.5);
    const settled = await Promise.allSettled(order.map(([queries]) => write(queries)));
    expect(settled.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : ''))).toEqual(
      order.map(([, code]) => code),
    );
    await expectWhole(range(10, 11));
  }
  await expectAllReturned();
});

test('what cannot be sent fails before anything leaves', async () => {
  const unsendable = { toPostgres: () => { throw new Error('no wire form') } }; // prettier-ignore
  const settled = await Promise.allSettled([
    write(add(1)),
    write([...add(2), sql('insert into items (id) values ($1)', unsendable)]),
    write(add(3)),
  ]);
  expect(outcomes(settled)).toEqual([true, false, true]);
  await expectWhole([1, 3]);
});

test('a row that nobody asked for and nothing can read hinders no commit', async () => {
  const unreadable = sql('insert into items (id) values (1) returning 9007199254740993::bigint');
  const settled = await Promise.allSettled([write(add(2)), write([unreadable, add(1)[1]!]), write(add(3)), write(add(4))]);
  expect(outcomes(settled)).toEqual([true, true, true, true]);
  await expectWhole(range(4));
});

/** Takes the place of this item until the end of its transaction. */
const hold = async (id: number): Promise<void> => {
  await holder.query('begin');
  await holder.query('insert into items (id) values ($1)', [id]);
};
const BLOCKED = `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
const untilOneWaits = async (): Promise<void> => {
  await expect.poll(async () => (await owner.query(BLOCKED)).rowCount).toBe(1);
};
const terminate = (): Promise<unknown> => owner.query(`select pg_terminate_backend(pid) from (${BLOCKED}) b`);

test('whoever waits for a lock keeps those behind it in its message waiting, and nobody else', async () => {
  await hold(2);
  const told: number[] = [];
  const first = range(4).map((id) => write(add(id)).then(() => told.push(id)));
  await Promise.all(range(40, 5).map((id) => write(add(id))));
  await expect.poll(() => told).toEqual([1]);
  expect(await ids()).toEqual([1, ...range(40, 5)]);
  await holder.query('rollback');
  await Promise.all(first);
  expect(told).toEqual([1, 2, 3, 4]);
  await expectWhole(range(44));
});

test('those behind one that failed go side by side: none waits for another', async () => {
  await write(add(1));
  await hold(2);
  const told: number[] = [];
  const all = Promise.allSettled([1, 2, 3, 4].map((id) => write(add(id)).then(() => told.push(id))));
  await untilOneWaits();
  await expect.poll(() => new Set(told)).toEqual(new Set([3, 4]));
  await holder.query('rollback');
  expect(outcomes(await all)).toEqual([false, true, true, true]);
  await expectWhole(range(4));
});

test('a backend that is ended: only the one that it worked at fails, with an error of its own', async () => {
  for (const failing of [1, 100]) {
    await owner.query('truncate items, notes');
    await write(add(1));
    await hold(3);
    const all = Promise.allSettled([failing, 3, 4, 5].map((id) => write(add(id))));
    await untilOneWaits();
    await terminate();
    const settled = await all;
    expect(outcomes(settled)).toEqual([failing !== 1, false, true, true]);
    expect(settled[1]).toMatchObject({ reason: expect.any(ServiceUnavailable) });
    await holder.query('rollback');
    await expectWhole([1, 4, 5, ...(failing === 1 ? [] : [failing])]);
    await write(add(9));
    await expectAllReturned();
  }
});

test('a connection that is cut: who was told of the commit has it, and what nobody knows of is not sent again', async () => {
  const between = await silenceable(database.ownerUrl);
  await db.close();
  db = open({ url: between.url });
  await hold(2);
  const told: number[] = [];
  const all = Promise.allSettled(range(4).map((id) => write(add(id)).then(() => told.push(id))));
  await untilOneWaits();
  await expect.poll(() => told).toEqual([1]);
  between.cut();
  const settled = await all;
  expect(outcomes(settled)).toEqual([true, false, false, false]);
  for (const one of settled.slice(1)) expect(one).toMatchObject({ reason: expect.any(ServiceUnavailable) });
  await holder.query('rollback');
  await write(add(9));
  await expectAllReturned();
  expect((await owner.query('select 1 from notes group by item having count(*) > 1')).rowCount).toBe(0);
  between.close();
});

test('a long transaction goes by itself', async () => {
  const told: string[] = [];
  const long = write(range(9).map(() => sql('select pg_sleep(0.05)'))).then(() => told.push('long'));
  await Promise.all([long, ...range(3).map((id) => write(add(id)).then(() => told.push('short')))]);
  expect(told).toEqual(['short', 'short', 'short', 'long']);
});

test('each is timed from the end of those before it', async () => {
  const took: number[] = [];
  await db.close();
  db = open({ onQuery: (milliseconds) => took.push(milliseconds) });
  await Promise.all([write(add(1)), write([sql('select pg_sleep(0.3)')]), write(add(2))]);
  expect(took.map((milliseconds) => milliseconds >= 290)).toEqual([false, true, false]);
});

test('who came while others waited in vain does not fail with them', async () => {
  await db.close();
  db = open({ poolSize: 1 });
  const held = db.transaction(async (tx) => void (await tx.run(sql('select pg_sleep(2.4)'))));
  await delay(20);
  const first = Promise.allSettled([write(add(1))]);
  await delay(1800);
  const later = range(3, 2).map((id) => write(add(id)));
  expect(await first).toMatchObject([{ reason: expect.any(ServiceUnavailable) }]);
  await Promise.all([held, ...later]);
  await expectWhole(range(3, 2));
});

test('where no connection comes free all are told that the server is busy, in two seconds, and none is written', async () => {
  const held = range(3).map(() => db.transaction(async (tx) => void (await tx.run(sql('select pg_sleep(3)')))));
  await delay(50);
  const startedAt = performance.now();
  const settled = await Promise.allSettled(range(30).map((id) => write(add(id))));
  expect(performance.now() - startedAt).toBeLessThan(2900);
  for (const one of settled) expect(one).toMatchObject({ status: 'rejected', reason: expect.any(ServiceUnavailable) });
  await Promise.all(held);
  await write(add(99));
  await expectWhole([99]);
  await expectAllReturned();
});

test('reactions run once each, after the commit of their own, and not after a failure', async () => {
  await write(add(3));
  const reacted: number[] = [];
  await Promise.allSettled(
    range(4).map((id) =>
      db.transaction(async (tx) => {
        for (const query of add(id)) tx.write(query);
        tx.onCommit(() => reacted.push(id));
      }),
    ),
  );
  expect(new Set(reacted)).toEqual(new Set([1, 2, 4]));
  expect(reacted).toHaveLength(3);
});
