import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../testing/postgres.ts';
import { migrate, migrationStreams, pendingMigrations, type MigrationStream } from './migrate.ts';

let database: TestDatabase;
let directory: string;
let owner: pg.Client;
let app: pg.Client;
beforeEach(async () => {
  database = await emptyDatabase();
  directory = await mkdtemp(join(tmpdir(), 'plinth-migrate-'));
  [owner, app] = [database.ownerUrl, database.appUrl].map((connectionString) => new pg.Client({ connectionString })) as [
    pg.Client,
    pg.Client,
  ];
  await Promise.all([owner.connect(), app.connect()]);
});
afterEach(async () => {
  await Promise.all([owner.end(), app.end(), rm(directory, { recursive: true })]);
  await database.drop();
});

const file = (name: string, sql: string): Promise<void> => writeFile(join(directory, name), sql);
const streams = (): MigrationStream[] => [{ name: 'demo', directory, grants: 'schema' }];
const run = (appRole = 'plinth_app', of = streams()): Promise<string[]> => migrate({ ownerUrl: database.ownerUrl, appRole, streams: of });
const FIRST = 'create schema demo; create table demo.items (id int primary key);';

test('two nodes that migrate at once apply each file once', async () => {
  await file('0001_first.sql', `${FIRST} select pg_sleep(0.2);`);
  await file('0002_second.sql', 'alter table demo.items add name text;');
  const applied = await Promise.all([run(), run(), run()]);
  expect(applied.flat()).toEqual(['demo/0001_first.sql', 'demo/0002_second.sql']);
});

test('a file that fails leaves nothing of itself, and what came before it can be used', async () => {
  await file('0001_first.sql', FIRST);
  await file('0002_second.sql', 'create table demo.more (id int); insert into demo.items values (1); select 1 / 0;');
  await expect(run()).rejects.toThrow('demo/0002_second.sql failed: division by zero');
  expect((await owner.query(`select to_regclass('demo.more') as found`)).rows).toEqual([{ found: null }]);
  expect(await pendingMigrations(database.ownerUrl, streams())).toEqual(['demo/0002_second.sql']);
  // The release before, which knows the first file only, serves on.
  await rm(join(directory, '0002_second.sql'));
  expect(await run()).toEqual([]);
  expect((await app.query('select id from demo.items')).rows).toEqual([]);
  await file('0002_second.sql', 'create table demo.more (id int);');
  expect(await run()).toEqual(['demo/0002_second.sql']);
  await app.query('insert into demo.more values (1)');
});

test('a file that was changed or removed after it was applied, or a gap in the numbers, is refused', async () => {
  await file('0001_first.sql', FIRST);
  await run();
  await file('0001_first.sql', FIRST.replaceAll('; ', ';\r\n'));
  await expect(run()).rejects.toThrow('was changed after it was applied');
  await rm(join(directory, '0001_first.sql'));
  await expect(run()).rejects.toThrow('is not in this release');
  await file('0002_first.sql', FIRST);
  await expect(run()).rejects.toThrow('numbered without a gap');
});

test('the role that serves gets its rights when it is another than before', async () => {
  await file('0001_first.sql', FIRST);
  const all = [...migrationStreams([]), ...streams()];
  await run('plinth_owner', all); // one URL for both
  await expect(app.query('select id from demo.items')).rejects.toMatchObject({ code: '42501' });
  expect(await run('plinth_app', all)).toEqual([]);
  await app.query('insert into demo.items values (1)');
  expect((await app.query('select * from log.advance(10)')).rowCount).toBe(0);
  expect((await app.query('select id from http.claims')).rowCount).toBe(0);
  await expect(app.query('delete from log.events')).rejects.toMatchObject({ code: '42501' });
  await expect(app.query('drop table demo.items')).rejects.toMatchObject({ code: '42501' });
});

test('B142: what an operator revoked stays revoked over a start', async () => {
  await file('0001_first.sql', FIRST);
  await run();
  await app.query('insert into demo.items values (1)');
  await owner.query('revoke insert on demo.items from plinth_app');
  await run();
  await expect(app.query('insert into demo.items values (2)')).rejects.toMatchObject({ code: '42501' });
});
