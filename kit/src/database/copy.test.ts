import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createCatalog, defineFeature, handle, perform, type AnyFeature, type Catalog, type Handler } from '../feature.ts';
import { migrateJobs } from '../jobs/migrate.ts';
import { caller, createNode, fixture, type Fixture, happened, registered, slow, until, work } from '../log/log.testing.ts';
import { verifyChain } from '../log/verify.ts';
import { emptyDatabase, named, type TestDatabase } from '../testing/postgres.ts';
import { copyDatabase } from './copy.ts';
import { migrate, migrationStreams } from './migrate.ts';

// Everything that a table may have and a careless copy loses: identity, computed columns, self and mutual references, triggers, partitions.
const MIGRATION = `
create schema demo;
create table demo.animals (
  id bigint generated always as identity primary key,
  parent_id bigint constraint animals_parent references demo.animals,
  best_toy_id bigint,
  name text not null,
  name_length int generated always as (char_length(name)) stored,
  data bytea,
  seen_at timestamptz not null default now(),
  weight double precision,
  tags text[]
);
create table demo.toys (id bigint primary key, animal_id bigint not null constraint toys_animal references demo.animals on delete cascade);
alter table demo.animals add constraint animals_best_toy foreign key (best_toy_id) references demo.toys;
create sequence demo.tickets start 10;
create table demo.kinds (name text primary key, color text not null);
insert into demo.kinds values ('cat', 'grey');
create table demo.visits (at date not null, animal_id bigint not null) partition by range (at);
create table demo.visits_old partition of demo.visits for values from (minvalue) to ('2026-01-01');
create table demo.visits_new partition of demo.visits default;
create function demo.double() returns trigger language plpgsql as $$ begin insert into demo.toys values (new.id + 1000, new.id); return null; end $$;
create trigger doubled after insert on demo.animals for each row execute function demo.double();`;

let directory: string;
let features: AnyFeature[];
let catalog: Catalog;
let here: Fixture;
let owner: pg.Client;
const opened: TestDatabase[] = [];
const handled: number[] = [];
const performed: number[] = [];
const handlers = (): Handler[] => [
  handle(happened, 'demo.count', async (_tx, { payload }) => void handled.push(payload.n)),
  perform(work, async ({ n }) => void performed.push(n)),
];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plinth-copy-'));
  await writeFile(join(directory, '0001_demo.sql'), MIGRATION);
  features = [
    defineFeature({ name: 'demo', contract: { happened, registered, work, slow }, migrations: directory, setup: () => ({ api: {} }) }),
  ];
  catalog = createCatalog(features);
  here = await fixture({ catalog });
  owner = await here.asOwner();
  await owner.query(`
    insert into demo.animals (parent_id, name, data, weight, tags, seen_at)
      select nullif(n - 1, 0), E'n\\t' || n || E'\\n\\\\.', decode(md5(n::text), 'hex'), 0.1 + n / 3.0, array['a,b', null, 'ü'], '2026-03-29 01:30:00.123456+02' from generate_series(1, 500) n order by n;
    update demo.animals set best_toy_id = id + 1000 where id % 2 = 0;
    update demo.kinds set color = 'black';
    insert into demo.visits select '2025-12-30'::date + n, n from generate_series(1, 10) n;
    select nextval('demo.tickets') from generate_series(1, 7);
    insert into plinth.seeded default values;`);
  const node = createNode(here.database, { catalog });
  await node.start(handlers());
  for (let n = 1; n <= 20; n++) await node.db.transaction((tx) => node.log.publish(tx, caller(), happened, { n }));
  await node.db.transaction((tx) => node.log.publish(tx, caller(), registered, { userId: 'u1', email: 'ada@example.com' }));
  await node.db.transaction((tx) => node.jobs.enqueue(tx, work, { n: 1 }));
  await until(() => handled.length === 20 && performed.length === 1, 15_000);
  await node.stop();
  // What nobody got to before the servers stopped: a fact without a position, a job that waits.
  const late = createNode(here.database, { catalog });
  await late.db.transaction(async (tx) => {
    await late.log.publish(tx, caller(), happened, { n: 21 });
    await late.jobs.enqueue(tx, work, { n: 2 });
  });
  await late.stop();
}, 60_000);
afterEach(async () => {
  for (const database of opened.splice(0)) await database.drop();
});
afterAll(async () => {
  await here.end();
  await rm(directory, { recursive: true });
});

const empty = async (): Promise<TestDatabase> => {
  const database = await emptyDatabase();
  opened.push(database);
  return database;
};
const migrateTarget = async (target: { ownerUrl: string; appRole: string }): Promise<void> => {
  await migrate({ ...target, streams: migrationStreams(catalog.features) });
  await migrateJobs(target.ownerUrl, catalog, target.appRole);
};
const copy = (to: string, notify: (line: string) => void = () => undefined, from = here.database.ownerUrl) =>
  copyDatabase({ from, to, migrateTarget, features, notify });
const withClient = async <T>(url: string, run: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
};
const digests = async (client: pg.Client): Promise<Record<string, string>> => {
  const found: Record<string, string> = {};
  const tables = [
    'demo.animals',
    'demo.toys',
    'demo.kinds',
    'demo.visits',
    'plinth.seeded',
    'log.events',
    'log.outbox',
    'log.cursor',
    'log.batches',
    'log.personal',
    'log.handled',
    'log.channel_entries',
    'pgboss.job',
    'pgboss.queue',
  ];
  for (const table of tables) {
    const { rows } = await client.query<{ digest: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text collate "C")), '') as digest from ${table} t`,
    );
    found[table] = rows[0]!.digest;
  }
  return found;
};
const schema = async (client: pg.Client): Promise<unknown> => {
  const constraints = await client.query(
    `select conrelid::regclass::text as t, conname, pg_get_constraintdef(oid) as d, convalidated from pg_constraint where connamespace = any(array['demo','log','pgboss']::regnamespace[]) order by 1, 2`,
  );
  const triggers = await client.query(
    `select tgrelid::regclass::text as t, tgname, tgenabled from pg_trigger where not tgisinternal order by 1, 2`,
  );
  return [constraints.rows, triggers.rows];
};

test('a copy holds every row, every constraint and every trigger of the source; the chain verifies', async () => {
  const target = await empty();
  const lines: string[] = [];
  const { tables, rows, appRole } = await copy(target.ownerUrl, (line) => lines.push(line));
  expect(appRole).toBe('plinth_app');
  expect(tables).toBeGreaterThan(14);
  expect(rows).toBeGreaterThan(1000);
  expect(lines).toContain('demo.animals: 500 rows');
  await withClient(target.ownerUrl, async (client) => {
    expect(await digests(client)).toEqual(await digests(owner));
    expect(await schema(client)).toEqual(await schema(owner));
  });
  expect(await verifyChain(target.ownerUrl, { keys: new Map() })).toMatchObject({ ok: true, facts: 21 });
});

test('a copy continues the sequences, and its triggers and foreign keys hold', async () => {
  const target = await empty();
  await copy(target.ownerUrl);
  await withClient(target.ownerUrl, async (client) => {
    const { rows } = await client.query(`insert into demo.animals (name) values ('new') returning id, nextval('demo.tickets') as ticket`);
    expect(rows).toEqual([{ id: '501', ticket: '17' }]);
    expect((await client.query('select 1 from demo.toys where animal_id = 501')).rowCount).toBe(1);
    await expect(client.query('insert into demo.toys values (9999, 9999)')).rejects.toThrow('toys_animal');
    await expect(client.query('delete from log.events')).rejects.toThrow('append-only');
  });
  await withClient(target.appUrl, (client) => expect(client.query('delete from log.events')).rejects.toThrow('permission denied'));
});

test('a node on the copy does what waited, and nothing that was done before', async () => {
  const target = await empty();
  await copy(target.ownerUrl);
  const [handledBefore, performedBefore] = [handled.length, performed.length];
  const moved = createNode(target, { catalog });
  try {
    await moved.start(handlers());
    await until(() => handled.length > handledBefore && performed.length > performedBefore, 15_000);
    await moved.db.transaction((tx) => moved.log.publish(tx, caller(), happened, { n: 22 }));
    await until(() => handled.length === handledBefore + 2, 15_000);
  } finally {
    await moved.stop();
  }
  expect([handled.slice(handledBefore), performed.slice(performedBefore)]).toEqual([[21, 22], [2]]);
  expect(await verifyChain(target.ownerUrl, { keys: new Map() })).toMatchObject({ ok: true, facts: 23 });
});

test('the source stays as it was, and takes no writes while it is copied', async () => {
  const before = await digests(owner);
  const target = await empty();
  let refused: unknown;
  await copyDatabase({
    from: here.database.ownerUrl,
    to: target.ownerUrl,
    migrateTarget,
    features,
    notify: (line) => {
      if (!line.startsWith('demo.animals')) return;
      refused = withClient(here.database.ownerUrl, (client) =>
        client.query(`set lock_timeout = '1ms'; insert into demo.kinds values ('dog', 'brown')`),
      ).catch((error: unknown) => error);
    },
  });
  expect(await refused).toMatchObject({ code: '55P03' });
  expect(await digests(owner)).toEqual(before);
});

test('a target in use is refused, and left alone', async () => {
  const target = await empty();
  await migrateTarget({ ownerUrl: target.ownerUrl, appRole: 'plinth_app' });
  await withClient(target.ownerUrl, (client) =>
    client.query(`insert into demo.kinds values ('cow', 'red'); insert into plinth.seeded default values`),
  );
  await expect(copy(target.ownerUrl)).rejects.toThrow('the target already holds data (plinth.seeded): copy into an empty database');
  await withClient(target.ownerUrl, async (client) =>
    expect((await client.query('select name from demo.kinds order by 1')).rows).toEqual([{ name: 'cat' }, { name: 'cow' }]),
  );
});

test('a copy that fails leaves nothing behind, and may be repeated', async () => {
  const target = await empty();
  await migrateTarget({ ownerUrl: target.ownerUrl, appRole: 'plinth_app' });
  await withClient(target.ownerUrl, (client) => client.query('alter table demo.visits add constraint none check (false)'));
  await expect(copy(target.ownerUrl)).rejects.toThrow('demo.visits could not be copied: ');
  await withClient(target.ownerUrl, async (client) => {
    expect((await client.query('select 1 from demo.animals')).rowCount).toBe(0);
    await client.query('alter table demo.visits drop constraint none');
  });
  await copy(target.ownerUrl);
  await withClient(target.ownerUrl, async (client) => expect(await digests(client)).toEqual(await digests(owner)));
});

test('the same database, one that is not there, and a source that is still served are refused in one line', async () => {
  const { ownerUrl, appUrl } = here.database;
  await expect(copy(ownerUrl)).rejects.toThrow('source and target are the same database');
  await expect(copy(`${ownerUrl}${ownerUrl.includes('?') ? '&' : '?'}application_name=other`)).rejects.toThrow(
    'source and target are the same database',
  );
  await expect(copy(named(ownerUrl, 'nowhere'))).rejects.toThrow('the target cannot be reached: database "nowhere" does not exist');
  await expect(copy('postgres://nobody@127.0.0.1:1/x')).rejects.toThrow('the target cannot be reached: ');
  const server = new pg.Client({ connectionString: appUrl, application_name: 'plinth' });
  await server.connect();
  const target = await empty();
  await expect(copy(target.ownerUrl)).rejects.toThrow('servers still run on the source (1 connections)');
  await server.end();
});

test('source and target of different releases are refused', async () => {
  const target = await empty();
  await writeFile(join(directory, '0002_more.sql'), 'create table demo.more (id int primary key)');
  try {
    await expect(copy(target.ownerUrl)).rejects.toThrow('source and target are not of the same release (demo/0002_more.sql)');
  } finally {
    await rm(join(directory, '0002_more.sql'));
  }
});

test('schemas that no feature owns are named', async () => {
  await owner.query('create schema foreign_work; create table foreign_work.things (id int)');
  const lines: string[] = [];
  await copy((await empty()).ownerUrl, (line) => lines.push(line));
  expect(lines).toContain('not copied, because no feature owns them: foreign_work');
  await owner.query('drop schema foreign_work cascade');
});
