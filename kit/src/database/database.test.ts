import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { running } from '../context.ts';
import { ServiceUnavailable } from '../errors.ts';
import { race, tally } from '../testing/race.ts';
import { emptyDatabase, type TestDatabase } from '../testing/postgres.ts';
import { createDatabase, type Database } from './database.ts';
import { prepare, queryBuilder } from './statement.ts';
import { isoTimestamp, safeInteger } from './types.ts';

interface Tables {
  items: { id: number; name: string; price: number; made_at: string };
}
const build = queryBuilder<Tables>();
const sql = (text: string, ...values: unknown[]) => ({ text, values });
const add = (id: number, name = 'x') => sql('insert into items (id, name, price) values ($1, $2, 1)', id, name);

let database: TestDatabase;
let db: Database;
let owner: pg.Client;
const queries: string[] = [];
const open = (more: { url?: string; poolSize?: number; statements?: 'named' | 'unnamed' } = {}): Database =>
  createDatabase({
    url: database.ownerUrl,
    poolSize: 10,
    statements: 'named',
    slowQueryMs: 10_000,
    logger: pino({ level: 'silent' }),
    guard: true,
    onQuery: (_ms, text) => queries.push(text),
    ...more,
  });

beforeAll(async () => {
  database = await emptyDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query(
    'create table items (id int primary key, name text not null, price bigint not null, made_at timestamptz not null default now(), constraint items_price check (price >= 0))',
  );
  db = open();
});
afterAll(async () => {
  await db.close();
  await owner.end();
  await database.drop();
});
const count = async (): Promise<number> => Number((await owner.query('select count(*)::int as n from items')).rows[0].n);

test('a transaction commits what it ran and what it collected, in order', async () => {
  await owner.query('truncate items');
  await db.transaction(async (tx) => {
    tx.write(add(1));
    const seen = await tx.run<{ n: number }>(sql('select count(*)::int as n from items'));
    expect(seen.rows[0]!.n).toBe(1); // collected writes go before a statement that must be answered
    tx.write(add(2));
  });
  expect(await count()).toBe(2);
});

test('what is asked in the same turn goes in one message, in order, and fails together', async () => {
  await owner.query('truncate items');
  queries.length = 0;
  await db.transaction(async (tx) => {
    const counted = sql('select count(*)::int as n from items');
    const first = tx.run(add(1));
    tx.write(add(2)); // after the statement that was asked before it
    const [, seen, again] = await Promise.all([first, tx.run<{ n: number }>(counted), tx.run<{ n: number }>(counted)]);
    expect([seen.rows[0]!.n, again.rows[0]!.n]).toEqual([2, 2]);
  });
  expect(queries).toHaveLength(2); // the message, and COMMIT
  const outcome: string[] = [];
  const tried = db.transaction(async (tx) => {
    const runs = [add(3), add(1), add(4)].map((query) => tx.run(query));
    outcome.push(...(await Promise.allSettled(runs)).map(({ status }) => status));
    await Promise.all(runs);
  });
  await expect(tried).rejects.toMatchObject({ code: '23505' });
  expect(outcome).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect(await count()).toBe(2);
});

test('writes alone are one message and one implicit transaction: all or none', async () => {
  await owner.query('truncate items');
  queries.length = 0;
  await db.transaction(async (tx) => {
    tx.write(add(1));
    tx.write(add(2));
  });
  expect(queries).toHaveLength(1);
  await expect(
    db.transaction(async (tx) => {
      tx.write(add(3));
      tx.write(add(1));
    }),
  ).rejects.toMatchObject({ code: '23505', constraint: 'items_pkey' });
  expect(await count()).toBe(2);
  expect((await db.run<{ one: number }>(sql('select 1 as one'))).rows[0]!.one).toBe(1); // the connection is usable again
});

test('a throw rolls back what ran and drops what was collected', async () => {
  await owner.query('truncate items');
  await expect(
    db.transaction(async (tx) => {
      await tx.run(add(1));
      tx.write(add(2));
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  expect(await count()).toBe(0);
});

test('onCommit runs after the commit only', async () => {
  await owner.query('truncate items');
  const heard: string[] = [];
  await db.transaction(async (tx) => {
    tx.onCommit(() => heard.push('committed'));
    tx.write(add(1));
    expect(heard).toEqual([]);
  });
  await db
    .transaction(async (tx) => {
      tx.onCommit(() => heard.push('never'));
      tx.write(add(1));
    })
    .catch(() => undefined);
  expect(heard).toEqual(['committed']);
});

test('a savepoint undoes only its own work', async () => {
  await owner.query('truncate items');
  await db.transaction(async (tx) => {
    await tx.run(add(1));
    await expect(tx.savepoint(() => tx.run(add(1)))).rejects.toMatchObject({ code: '23505' });
    await tx.savepoint(async () => tx.write(add(2)));
    tx.write(add(3));
  });
  expect(await count()).toBe(3);
});

test('an error that was swallowed fails the commit instead of losing the writes in silence', async () => {
  await owner.query('truncate items');
  await expect(
    db.transaction(async (tx) => {
      await tx.run(add(1));
      await tx.run(add(1)).catch(() => undefined);
    }),
  ).rejects.toThrow(/swallowed/);
  expect(await count()).toBe(0);
});

test('a serialization failure is retried once, and the work runs whole again', async () => {
  await owner.query('truncate items');
  let runs = 0;
  await db.transaction(async (tx) => {
    runs++;
    await tx.run(add(runs));
    if (runs === 1) await tx.run(sql(`do $$ begin raise exception using errcode = '40001'; end $$`));
  });
  expect(runs).toBe(2);
  expect(await count()).toBe(1);
});

test('S35: 16 takers of one unit at a barrier: exactly one gets it', async () => {
  await owner.query('truncate items');
  await owner.query(`insert into items (id, name, price) values (1, 'one', 1)`);
  const results = await race(16, () => db.transaction((tx) => tx.run(sql('update items set price = price - 1 where id = 1'))));
  expect(tally(results.map(({ status }) => status))).toEqual({ fulfilled: 1, rejected: 15 });
});

test('40 callers on a pool of 10 all finish', async () => {
  await owner.query('truncate items');
  const results = await race(40, (i) =>
    db.transaction(async (tx) => {
      await tx.run(sql('select pg_sleep(0.01)'));
      tx.write(add(i));
    }),
  );
  expect(tally(results.map(({ status }) => status))).toEqual({ fulfilled: 40 });
  expect(await count()).toBe(40);
});

test('who waits 2 s for a connection is told that the server is busy', async () => {
  const small = open({ poolSize: 2 });
  const holders = [1, 2].map(() => small.transaction((tx) => tx.run(sql('select pg_sleep(2.5)'))));
  await setImmediate(); // both have their connection
  await expect(small.run(sql('select 1'))).rejects.toBeInstanceOf(ServiceUnavailable);
  await Promise.all(holders);
  await small.close();
});

test('db beside an open transaction of the same run is refused: it would deadlock the pool', async () => {
  await running.run({ requestId: 'r', operation: 'o', userId: null, inTransaction: false }, async () => {
    await expect(db.transaction(async () => db.run(sql('select 1')))).rejects.toThrow(/pass tx/);
    await db.run(sql('select 1')); // and allowed again after it
  });
});

test('a plan that a migration made stale costs one retry, not an error', async () => {
  await owner.query('create table moving (a int)');
  const read = sql('select * from moving');
  const one = open({ poolSize: 2 });
  await one.run(read);
  await owner.query('alter table moving alter column a type text');
  await expect(one.run(read)).resolves.toMatchObject({ rows: [] });
  await one.run(read);
  await owner.query('alter table moving alter column a type int using 1');
  await expect(one.transaction((tx) => tx.run(read))).resolves.toMatchObject({ rows: [] });
  await one.close();
});

test('statements can be unnamed, for poolers that keep none', async () => {
  const unnamed = open({ statements: 'unnamed' });
  await unnamed.transaction(async (tx) => {
    await tx.run(sql('select 1'));
  });
  await unnamed.run(sql('select 1'));
  const { rows } = await unnamed.run<{ n: number }>(sql('select count(*)::int as n from pg_prepared_statements'));
  expect(rows[0]!.n).toBe(0);
  await unnamed.close();
});

test('a prepared statement takes its values per call, constants included', async () => {
  await owner.query('truncate items');
  await owner.query(`insert into items (id, name, price) values (1, 'a', 5), (2, 'b', 9007199254740991)`);
  const dear = prepare<{ id: number }>()((bind) =>
    build.selectFrom('items').select(['id', 'price', 'made_at as madeAt']).where('id', '=', bind('id')).where('price', '>', 4),
  );
  const [first, second] = [await dear.first(db, { id: 1 }), await dear.first(db, { id: 2 })];
  expect(first).toMatchObject({ id: 1, price: 5 });
  expect(second!.price).toBe(Number.MAX_SAFE_INTEGER);
  expect(first!.madeAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  await expect(db.run(sql(`select 9007199254740993::bigint as n`))).rejects.toThrow(RangeError);
});

test('times keep their microseconds in any zone, and B36: bigint is a number', () => {
  expect(isoTimestamp('2026-01-02 03:04:05.1234+00')).toBe('2026-01-02T03:04:05.123400Z');
  expect(isoTimestamp('2026-01-02 03:04:05+00')).toBe('2026-01-02T03:04:05.000000Z');
  expect(isoTimestamp('2026-01-02 03:04:05.000001+05:30')).toBe('2026-01-01T21:34:05.000001Z');
  expect(safeInteger('10') + 1).toBe(11);
  expect(() => safeInteger('9007199254740993')).toThrow(RangeError);
});

test('a connection that is cut, as it is made or while nobody waits for an answer, ends no process', async () => {
  const own = await db.connect();
  const pid = (await own.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid;
  await owner.query('select pg_terminate_backend($1)', [pid]);
  await vi.waitFor(() => expect(own.query('select 1')).rejects.toThrow(/not queryable|terminat/));
  await own.end();
  // A server whose welcome and farewell come in one piece.
  const fatal = Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0');
  const length = Buffer.alloc(4);
  length.writeInt32BE(fatal.length + 4);
  const words = Buffer.concat([Buffer.from('R\0\0\0\x08\0\0\0\0Z\0\0\0\x05IE'), length, fatal]);
  const rude = createServer((socket) => void socket.on('error', () => undefined).once('data', () => socket.end(words))).listen(
    0,
    '127.0.0.1',
  );
  await once(rude, 'listening');
  const cut = open({ url: `postgres://u:p@127.0.0.1:${(rude.address() as AddressInfo).port}/d` });
  await expect(cut.run(sql('select 1'))).rejects.toThrow();
  await (await cut.connect().catch(() => undefined))?.end();
  await cut.close();
  rude.close();
});
