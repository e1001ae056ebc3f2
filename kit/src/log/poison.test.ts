import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../clock.ts';
import { defineEvent } from '../definitions.ts';
import { handle } from '../feature.ts';
import type { Database } from '../database/database.ts';
import { caller, demoCatalog, fixture, type Fixture, happened, publishMany, TestCache, until } from './log.testing.ts';
import { createRefusals } from './refusals.ts';
import { step } from './sequencer.ts';
import { createTail } from './tail.ts';
import { verifyChain } from './verify.ts';

const named = defineEvent('demo.named', z.object({ id: z.string(), room: z.string() }), {
  title: 'Named',
  subject: ({ id }) => ['thing', id],
  channels: ({ room }) => [room],
});
const logger = pino({ level: 'silent' });
let here: Fixture;
beforeEach(async () => {
  here = await fixture({ catalog: demoCatalog({ events: [named] }) });
});
afterEach(() => here.end());

const INSERT = `insert into log.outbox (id, name, operation, request_id, outcome, payload, subject_type, subject_id, channels)
  values ($1, 'demo.happened', 'o', 'r', 'success', '{"n": 1}', $2, $3, $4)`;
/** Text that does not compress: an index entry holds 2,704 bytes of it. */
const noise = (length: number): string => Array.from({ length }, () => String.fromCharCode(33 + Math.floor(Math.random() * 90))).join('');

test('S41: a fact whose id is there already does not stop the log, and is not in it twice', async () => {
  const node = here.node();
  await node.start([], 'api');
  await publishMany(node, 1);
  await until(async () => (await node.log.statistics()).position === 1);
  const [first] = (await node.log.search({}, { by: 'page', page: 1, limit: 1 })).items;
  const app = await here.asApp();
  const twice = '0190a0a0-0000-7000-8000-000000000001';
  for (const id of [first!.id, twice, twice]) await app.query(INSERT, [id, null, null, null]);
  await publishMany(node, 1, 5);
  await until(async () => (await node.log.statistics()).waiting === 0);
  const ids = (await node.log.search({}, { by: 'page', page: 1, limit: 10 })).items.map(({ id }) => id);
  expect(ids).toHaveLength(3);
  expect(new Set(ids).size).toBe(3);
  expect(await verifyChain(here.database.ownerUrl, { keys: new Map() })).toMatchObject({ ok: true, facts: 3 });
});

test('S41: what an index of the log could not hold is refused where it is published, not where it would stop the log', async () => {
  const node = here.node();
  await node.start([], 'api');
  for (const payload of [
    { id: noise(3000), room: 'r' },
    { id: 'i', room: noise(3000) },
  ]) {
    const refused = node.db.transaction((tx) => node.log.publish(tx, caller(), named, payload));
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_INPUT', status: 422 });
  }
  const app = await here.asApp();
  for (const values of [
    ['thing', noise(3000), null],
    [noise(3000), 'x', null],
    [null, null, [noise(3000)]],
  ]) {
    await expect(app.query(INSERT, ['0190a0a0-0000-7000-8000-000000000002', ...values])).rejects.toMatchObject({ code: '23514' });
  }
  for (const column of ['name', 'actor', 'organization', 'request_id']) {
    const text = `insert into log.outbox (id, outcome, payload, operation${['name', 'request_id'].map((must) => (must === column ? '' : `, ${must}`)).join('')}, ${column})
      values (gen_random_uuid(), 'success', '{}', 'o'${['name', 'request_id'].map((must) => (must === column ? '' : `, 'x'`)).join('')}, $1)`;
    await expect(app.query(text, [noise(3000)]), column).rejects.toMatchObject({ code: '23514' });
  }
  await node.db.transaction((tx) => node.log.publish(tx, caller(), named, { id: noise(900), room: noise(900) }));
  await until(async () => (await node.log.statistics()).position === 1);
});

test('B137: while one gives facts their place, another neither waits nor takes any', async () => {
  const node = here.node();
  await publishMany(node, 3);
  const [one, two] = [await here.asApp(), await here.asApp()];
  await one.query('begin');
  expect((await one.query('select position from log.advance(1)')).rows).toEqual([{ position: '1' }]);
  const startedAt = performance.now();
  expect((await two.query('select position from log.advance(10)')).rows).toEqual([]);
  expect(performance.now() - startedAt).toBeLessThan(1000);
  await one.query('commit');
  expect((await two.query('select position from log.advance(10)')).rows).toEqual([{ position: '2' }, { position: '3' }]);
});

test('the cache is told when the read began, not when it ended', async () => {
  const node = here.node();
  const slow = { ...node.db, run: async (query: never) => { const done = await node.db.run(query); await new Promise((resolve) => setTimeout(resolve, 200)); return done; } } as Database; // prettier-ignore
  const cache = new TestCache();
  let late = 0;
  cache.followed = (at) => void (late = performance.now() - at);
  const tail = createTail({ db: slow, logger, cache });
  await tail.start();
  await until(() => late > 0);
  await tail.stop();
  expect(late).toBeGreaterThanOrEqual(195);
});

test('a handler whose key is endless does not stop the log', async () => {
  const node = here.node();
  const handled: number[] = [];
  const key = noise(6000);
  await node.start([handle(happened, 'demo.endless', async (_tx, { payload }) => void handled.push(payload.n), { key: () => key })]);
  await publishMany(node, 2);
  await until(() => handled.length === 2);
  expect(handled).toEqual([0, 1]);
});

test('S41: facts too heavy to be moved a thousand at a time are moved fewer at a time', async () => {
  const node = here.node();
  const app = await here.asApp();
  await app.query(
    `insert into log.outbox (id, name, operation, request_id, outcome, payload)
     select gen_random_uuid(), 'demo.happened', 'o', 'r', 'success', jsonb_build_object('n', i, 'text', repeat(md5(i::text), 1000)) from generate_series(1, 600) i`,
  );
  await (await here.asSuperuser()).query(`alter role plinth_app in database ${here.database.name} set statement_timeout = '120ms'`);
  await node.start([], 'api');
  await until(async () => (await node.log.statistics()).waiting === 0, 15_000);
  expect((await node.log.statistics()).position).toBe(600);
});

test('S42: positions and the runs that follow from them commit together or not at all', async () => {
  const node = here.node();
  await publishMany(node, 2);
  const reaction = handle(happened, 'demo.react', async () => undefined) as never;
  const options = { db: node.db, logger, reactions: new Map([[happened.name, [reaction]]]), onMoved: () => undefined };
  const dying = step({ ...options, jobs: { enqueueHandlers: () => { throw new Error('the process dies here'); } } }); // prettier-ignore
  await expect(dying).rejects.toThrow('dies here');
  expect(await node.log.statistics()).toMatchObject({ position: 0, waiting: 2 });
  await step({ ...options, jobs: node.jobs });
  expect(await node.log.statistics()).toMatchObject({ position: 2, waiting: 0 });
  const owner = await here.asOwner();
  expect((await owner.query(`select 1 from pgboss.job where name = 'log.handlers'`)).rowCount).toBe(2);
});

test('refusals whose answer was lost are not told twice, and do not stop the log', async () => {
  const node = here.node();
  let lose = true;
  const db: Database = {
    ...node.db,
    run: async (query) => {
      const done = await node.db.run(query);
      if (!lose) return done as never;
      lose = false;
      throw new Error('Connection terminated unexpectedly'); // after the commit
    },
  };
  const buffered = createRefusals({ db, logger, clock: systemClock, wake: () => node.log.wake() });
  await node.start([], 'api');
  for (let i = 0; i < 3; i++) buffered.add(caller(`u${i}`), { code: 'FORBIDDEN', reason: 'no' });
  buffered.start();
  await until(async () => !lose && (await node.log.statistics()).position === 3);
  await buffered.stop();
  await publishMany(node, 1);
  await until(async () => (await node.log.statistics()).position === 4);
  expect((await node.log.statistics()).waiting).toBe(0);
});

test('S93: a fact undone with a savepoint vanishes, with what it did during the transaction and its tags', async () => {
  const node = here.node();
  await (await here.asOwner()).query('create table public.effects (n int); grant all on public.effects to plinth_app');
  await node.start([
    {
      kind: 'during',
      event: happened,
      name: 'demo.note',
      run: async (tx, fact) => tx.write({ text: 'insert into public.effects values ($1)', values: [(fact as unknown as { payload: { n: number } }).payload.n] }),
    },
  ], 'api'); // prettier-ignore
  await node.db.transaction(async (tx) => {
    await node.log.publish(tx, caller(), happened, { n: 1 });
    const undone = tx.savepoint(async () => {
      await node.log.publish(tx, caller(), happened, { n: 2 });
      await tx.run({ text: 'select 1', values: [] });
      await node.log.publish(tx, caller(), happened, { n: 3 });
      throw new Error('no');
    });
    await expect(undone).rejects.toThrow('no');
    await node.log.publish(tx, caller(), happened, { n: 4 });
  });
  expect(node.cache.dropped).toEqual(['demo:1', 'demo:4']);
  await until(async () => (await node.log.statistics()).position === 2);
  const { items } = await node.log.search({}, { by: 'page', page: 1, limit: 10 });
  expect(items.map(({ payload }) => payload)).toEqual([{ n: 4 }, { n: 1 }]);
  const owner = await here.asOwner();
  expect((await owner.query('select n from public.effects order by n')).rows).toEqual([{ n: 1 }, { n: 4 }]);
});

test('one failing handler keeps no other from its facts', async () => {
  const node = here.node();
  const handled: number[] = [];
  await node.start([
    handle(happened, 'demo.poison', async () => Promise.reject(new Error('always'))),
    handle(happened, 'demo.well', async (_tx, { payload }) => void handled.push(payload.n)),
  ]);
  await publishMany(node, 30);
  await until(() => handled.length === 30);
});

test("B142: a right granted by mistake does not open the log: the setting of the owner's functions is for the owner", async () => {
  const node = here.node();
  await publishMany(node, 1);
  await (await here.asSuperuser()).query('grant delete, update on log.outbox, log.personal to plinth_app');
  const app = await here.asApp();
  for (const [setting, table] of [
    ['advance', 'outbox'],
    ['erase_personal', 'personal'],
  ]) {
    await app.query(`select set_config('plinth.log_writer', $1, false)`, [setting]);
    await expect(app.query(`delete from log.${table}`), table).rejects.toMatchObject({
      code: '42501',
      message: `log.${table} is append-only`,
    });
  }
});

test('B142: whatever runs with the rights of the owner looks things up where no caller can put others', async () => {
  const owner = await here.asOwner();
  const { rows } = await owner.query<{ name: string }>(
    `select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema') and not coalesce(p.proconfig::text like '%search_path=pg_catalog, pg_temp%', false)`,
  );
  expect(rows).toEqual([]);
  const pinned = await owner.query(`select 1 from pg_proc where prosecdef and proname in ('advance', 'erase_personal')`);
  expect(pinned.rowCount).toBe(2);
  const app = await here.asApp();
  for (const text of [
    'set role plinth_owner', 'set session authorization plinth_owner', 'create table public.x ()', 'create function public.sha256(x bytea) returns bytea language sql as $$ select $1 $$', 'create schema x',
    'create table log.x ()', 'create function log.field(int) returns text language sql as $$ select null $$', 'alter role plinth_owner password null', 'select log.canonical(null, 1)', 'drop table plinth.migrations',
    'delete from plinth.migrations', `copy log.events to program 'true'`, `insert into log.outbox (seq, id, name, operation, request_id, outcome, payload) overriding system value values (-1, gen_random_uuid(), 'n', 'o', 'r', 'success', '{}')`,
    `select nextval('log.outbox_seq_seq')`, `select setval('log.outbox_seq_seq', 1)`, 'create rule r as on insert to log.outbox do instead nothing', 'create trigger t before insert on log.outbox execute function log.refuse_change()',
  ]) await expect(app.query(text), text).rejects.toMatchObject({ code: '42501' }); // prettier-ignore
});

test('S41: giving facts their place reads neither outbox nor log through, however long ago they were vacuumed', async () => {
  const superuser = await here.asSuperuser();
  await superuser.query('alter table log.outbox set (autovacuum_enabled = false); alter table log.events set (autovacuum_enabled = false)');
  const scans = async (): Promise<number> => {
    await superuser.query('select pg_stat_force_next_flush()');
    const { rows } = await superuser.query<{ n: string }>(
      `select sum(seq_scan) as n from pg_stat_user_tables where schemaname = 'log' and relname in ('outbox', 'events')`,
    );
    return Number(rows[0]!.n);
  };
  const fill = `insert into log.outbox (id, name, operation, request_id, outcome, payload) select gen_random_uuid(), 'demo.happened', 'o', 'r', 'success', '{"n": 1}' from generate_series(1, 40)`;
  const before = await scans();
  for (let i = 0; i < 30; i++) {
    await superuser.query(fill);
    for (const n of [15, 1000]) await superuser.query('select 1 from log.advance($1)', [n]);
  }
  expect((await superuser.query('select count(*)::int as n from log.events')).rows).toEqual([{ n: 1200 }]);
  expect((await scans()) - before).toBeLessThanOrEqual(1); // the count above
});
