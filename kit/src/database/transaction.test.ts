import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ServiceUnavailable } from '../errors.ts';
import { emptyDatabase, type TestDatabase } from '../testing/postgres.ts';
import { createDatabase, type Database } from './database.ts';
import type { Tx } from './transaction.ts';

const sql = (text: string, ...values: unknown[]) => ({ text, values });
const add = (id: number) => sql('insert into items (id) values ($1)', id);
const later = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

let database: TestDatabase;
let db: Database;
let owner: pg.Client;
beforeAll(async () => {
  database = await emptyDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query('create table items (id int primary key)');
  db = createDatabase({
    url: database.ownerUrl,
    poolSize: 3,
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
beforeEach(() => owner.query('truncate items'));

const ids = async (): Promise<number[]> => (await owner.query<{ id: number }>('select id from items order by id')).rows.map(({ id }) => id);
/** No connection is out, and none stands in a transaction. */
const expectAllReturned = async (): Promise<void> => {
  const { total, idle } = db.statistics();
  expect(idle).toBe(total);
  expect(
    (await owner.query(`select 1 from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`)).rowCount,
  ).toBe(0);
};

test('statements that run side by side from the start are in one transaction, on one connection', async () => {
  const failed = db.transaction(async (tx) => {
    await Promise.all([tx.run(add(1)), tx.run(add(2)), tx.run(add(3))]);
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  await later(50);
  expect(await ids()).toEqual([]);
  await expectAllReturned();
});

test('work that fails while a statement of it still waits for its connection holds none', async () => {
  for (let i = 0; i < 4; i++) {
    const failed = db.transaction(async (tx) => {
      await Promise.all([tx.run(add(1)).catch(() => undefined), Promise.reject(new Error('no'))]);
    });
    await expect(failed).rejects.toThrow('no');
  }
  await later(50);
  expect(await ids()).toEqual([]);
  await expectAllReturned();
});

test('a transaction that is over refuses statements, savepoints, writes and reactions', async () => {
  for (const ending of ['commit', 'rollback']) {
    let over: Tx | undefined;
    await db
      .transaction(async (tx) => {
        over = tx;
        await tx.run(add(1));
        if (ending === 'rollback') throw new Error('no');
      })
      .catch(() => undefined);
    await expect(over!.run(add(2))).rejects.toThrow('is over');
    await expect(over!.savepoint(async () => undefined)).rejects.toThrow('is over');
    expect(() => over!.write(add(3))).toThrow('is over');
    expect(() => over!.onCommit(() => undefined)).toThrow('is over');
  }
  expect(await ids()).toEqual([1]);
  await expectAllReturned();
});

test('a statement nobody waited for is committed with the rest, or fails the commit', async () => {
  await db.transaction(async (tx) => void tx.run(add(1)));
  expect(await ids()).toEqual([1]);
  const failed = db.transaction(async (tx) => {
    await tx.run(add(2));
    void tx.run(add(1)).catch(() => undefined);
  });
  await expect(failed).rejects.toThrow();
  expect(await ids()).toEqual([1]);
  await expectAllReturned();
});

test('a value that cannot be sent fails the transaction, even when its error is swallowed', async () => {
  const circular: { self?: unknown } = {};
  circular.self = circular;
  const failed = db.transaction(async (tx) => {
    tx.write(add(1));
    await tx.run(sql('select $1::jsonb', circular)).catch(() => undefined);
    await tx.run(add(2)).catch(() => undefined);
  });
  await expect(failed).rejects.toThrow('swallowed');
  expect(await ids()).toEqual([]);
  await expectAllReturned();
});

test('S93: what is undone with a savepoint has no reactions after the commit', async () => {
  const heard: string[] = [];
  await db.transaction(async (tx) => {
    tx.onCommit(() => heard.push('before'));
    tx.write(add(1));
    const undone = tx.savepoint(async () => {
      tx.onCommit(() => heard.push('inside'));
      tx.write(add(2));
      await tx.savepoint(async () => tx.onCommit(() => heard.push('deeper')));
      throw new Error('no');
    });
    await expect(undone).rejects.toThrow('no');
    await tx.savepoint(async () => {
      tx.onCommit(() => heard.push('kept'));
      tx.write(add(3));
    });
    tx.write(add(4));
  });
  expect(heard).toEqual(['before', 'kept']);
  expect(await ids()).toEqual([1, 3, 4]);
});

test('a reaction that throws does not make a committed transaction fail, nor keep the others from running', async () => {
  const heard: string[] = [];
  await db.transaction(async (tx) => {
    tx.onCommit(() => {
      throw Object.assign(new Error('careless'), { code: '40001' });
    });
    tx.onCommit(() => heard.push('second'));
    tx.write(add(1));
  });
  expect(heard).toEqual(['second']);
  expect(await ids()).toEqual([1]);
});

test('a retried transaction has the reactions of the attempt that committed only', async () => {
  const heard: number[] = [];
  let attempt = 0;
  await db.transaction(async (tx) => {
    const now = ++attempt;
    tx.onCommit(() => heard.push(now));
    tx.write(add(now));
    if (now === 1) tx.write(sql(`do $$ begin raise exception using errcode = '40P01'; end $$`)); // fails with the COMMIT
  });
  expect(heard).toEqual([2]);
  expect(await ids()).toEqual([2]);
});

test('a transaction opened inside another of the same run is refused, and one beside it is not', async () => {
  const nested = db.transaction(async (tx) => {
    await tx.run(add(1));
    await db.transaction((inner) => inner.run(add(2)));
  });
  await expect(nested).rejects.toThrow('inside another');
  await Promise.all([db.transaction((tx) => tx.run(add(3))), db.transaction((tx) => tx.run(add(4)))]);
  expect(await ids()).toEqual([3, 4]);
});

test('a conflict that comes back after the retry says that the server is busy', async () => {
  let attempts = 0;
  const failed = db.transaction(async (tx) => {
    attempts++;
    await tx.run(sql(`do $$ begin raise exception using errcode = '40001'; end $$`));
  });
  await expect(failed).rejects.toBeInstanceOf(ServiceUnavailable);
  expect(attempts).toBe(2);
});

test('a connection lost between two statements, or an idle transaction ended by the server, is 503', async () => {
  for (const lose of [
    async (pid: number) => void (await owner.query('select pg_terminate_backend($1)', [pid])),
    async (_pid: number, tx: Tx) => void (await tx.run(sql(`set local idle_in_transaction_session_timeout = '20ms'`))),
  ]) {
    const failed = db.transaction(async (tx) => {
      await tx.run(add(1));
      const { rows } = await tx.run<{ pid: number }>(sql('select pg_backend_pid() as pid'));
      await lose(rows[0]!.pid, tx);
      await later(100);
      await tx.run(add(2));
    });
    await expect(failed).rejects.toBeInstanceOf(ServiceUnavailable);
    expect(await ids()).toEqual([]);
    await expectAllReturned();
  }
});

test('the limits of statement and lock are 503', async () => {
  await owner.query('insert into items values (1)');
  for (const [limit, statement] of [
    [`set local statement_timeout = '20ms'`, 'select pg_sleep(1)'],
    [`set local lock_timeout = '20ms'`, 'select 1 from items where id = 1 for update'],
  ] as const) {
    await owner.query('begin; select 1 from items where id = 1 for update');
    const failed = db.transaction(async (tx) => {
      await tx.run(sql(limit));
      await tx.run(sql(statement));
    });
    await expect(failed).rejects.toBeInstanceOf(ServiceUnavailable);
    await owner.query('rollback');
  }
});

test('errors and empty statements in the middle of a message leave the connection and its statement names usable', async () => {
  const one = createDatabase({
    url: database.ownerUrl,
    poolSize: 1,
    statements: 'named',
    slowQueryMs: 10_000,
    logger: pino({ level: 'silent' }),
    guard: true,
  });
  const notice = sql(`do $$ begin raise notice 'hello'; end $$`);
  for (const bad of [
    sql('select 1 / $1::int', 0),
    sql('this is no statement'),
    sql('select $1::int', 'x'),
    sql('select 9007199254740993::bigint as n'),
    sql('select 1 where $1', true, true),
  ]) {
    const failed = one.transaction(async (tx) => {
      tx.write(notice);
      tx.write(sql('select 7 as seven'));
      tx.write(sql(''));
      tx.write(bad);
      await tx.run(sql('select 8 as eight'));
    });
    await expect(failed, bad.text).rejects.toThrow();
    const seen = await one.transaction(async (tx) => [
      await tx.run(sql('select 7 as seven')),
      await tx.run(sql('')),
      await tx.run(notice),
      await tx.run(sql('select 8 as eight')),
    ]);
    expect(seen.map(({ rows }) => rows)).toEqual([[{ seven: 7 }], [], [], [{ eight: 8 }]]);
  }
  await one.close();
});
