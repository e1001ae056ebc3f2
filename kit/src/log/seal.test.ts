import type pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { caller, fixture, type Fixture, keysIn, makeKey, type Node, publishMany, registered, signHead, until } from './log.testing.ts';
import { verifyChain } from './verify.ts';

let here: Fixture;
let node: Node;
let superuser: pg.Client;
beforeEach(async () => {
  here = await fixture();
  node = here.node();
  await node.start([], 'api');
  await makeKey(node);
  await publishMany(node, 4);
  await node.db.transaction((tx) =>
    node.log.publish(
      tx,
      caller('u2'),
      registered,
      { userId: 'u2', email: 'ü@é.c' },
      { before: {}, after: { name: 'Ünï', email: 'x', role: { name: 'r' } }, reason: '🎉, 3:abc,' },
    ),
  );
  await publishMany(node, 4);
  await until(async () => (await node.log.statistics()).position === 10);
  superuser = await here.asSuperuser();
  await signHead(node);
});
afterEach(() => here.end());

const verify = async (from?: number) => verifyChain(here.database.ownerUrl, { keys: await keysIn(superuser), from });
/** As someone who owns the machine: triggers off. */
const tamper = async (...texts: string[]): Promise<void> => {
  await superuser.query('begin; set local session_replication_role = replica');
  for (const text of texts) expect((await superuser.query(text)).rowCount).toBeGreaterThan(0);
  await superuser.query('commit');
};

test('B140: what was sealed in SQL is what TypeScript recomputes from the rows read back', async () => {
  const whole = { ok: true, from: 1, facts: 10, heads: 1, anchors: 0, unsealed: 0, unsealedSeconds: 0, waiting: 0, position: null };
  expect(await verify()).toEqual({ ...whole, to: 10, message: 'verified from 1 to 10 (10 facts, 1 signed head); 0 unsealed' });
  await publishMany(node, 2);
  await until(async () => (await node.log.statistics()).position === 12);
  expect(await verify(11)).toMatchObject({
    ok: true,
    unsealed: 2,
    message: 'verified from 11 to 12 (2 facts, 1 signed head); 2 unsealed',
  });
});

test('statistics say how long the oldest fact has waited for a signed head', async () => {
  expect(await node.log.statistics()).toMatchObject({ unsealed: 0, unsealedSeconds: 0 });
  await publishMany(node, 1);
  await until(async () => (await node.log.statistics()).position === 11);
  await tamper(`update log.batches set sealed_at = now() - interval '2 minutes' where last_position = 11`);
  await publishMany(node, 1);
  await until(async () => (await node.log.statistics()).position === 12);
  const { unsealed, unsealedSeconds } = await node.log.statistics();
  expect([unsealed, Math.round(unsealedSeconds / 10)]).toEqual([2, 12]);
  await signHead(node);
  expect(await node.log.statistics()).toMatchObject({ unsealed: 0, unsealedSeconds: 0 });
});

const columns = [
  `id = gen_random_uuid()`, `seq = -7`, `name = name || 'x'`, `occurred_at = occurred_at + interval '1 microsecond'`, `actor = 'someone'`, `actor = null`, `impersonator = ''`,
  `session = 's'`, `organization = 'o'`, `key = 'k'`, `job = 'j'`, `subject_type = 'x'`, `subject_id = 'x'`, `operation = 'x'`, `request_id = 'r2'`, `trace_id = 't'`,
  `decision_id = null`, `outcome = 'refused'`, `reason = 'x'`, `payload = payload || '{"m": 1}'`, `changes = '{}'`, `personal_hash = null`, `channels = null`, `channels = '{a,b}'`,
  `tags = '{x}'`, `leaf = sha256('x')`,
]; // prettier-ignore
test('B141: the verifier names the position of a fact in which any one column was changed', async () => {
  const { rows } = await superuser.query<{ column: string }>(
    `select attname as column from pg_attribute where attrelid = 'log.events'::regclass and attnum > 0 and not attisdropped`,
  );
  const changed = new Set(columns.map((change) => change.split(' ')[0]));
  expect(rows.map(({ column }) => column).filter((column) => !changed.has(column))).toEqual(['position']); // the facts that change places
  for (const change of columns) {
    await tamper('create table kept as select * from log.events where position = 4', `update log.events set ${change} where position = 4`);
    expect(await verify(), change).toMatchObject({ ok: false, position: 4 });
    await tamper('delete from log.events where position = 4', 'insert into log.events select * from kept');
    await superuser.query('drop table kept');
  }
  expect((await verify()).ok).toBe(true);
});
test('B141: a deleted fact is found', async () => {
  await tamper('delete from log.events where position = 7');
  expect(await verify()).toMatchObject({ ok: false, position: 7, message: expect.stringContaining('missing') });
});
test('B141: a cursor whose chain is not that of the last batch is found', async () => {
  await tamper(`update log.cursor set chain = sha256('x')`);
  expect(await verify()).toMatchObject({ ok: false, position: 10 });
});
test('B141: two facts that changed places are found', async () => {
  await tamper(
    'update log.events set position = -3 where position = 3',
    'update log.events set position = 3 where position = 8',
    'update log.events set position = 8 where position = -3',
  );
  expect(await verify()).toMatchObject({ ok: false, position: 3 });
});
test('B141: an inserted fact is found, inside and at the end', async () => {
  await tamper(
    `insert into log.events select 11, leaf, 999, gen_random_uuid(), name, occurred_at, actor, impersonator, session, organization, key, job, subject_type, subject_id, operation, request_id, trace_id, decision_id, outcome, reason, payload, changes, personal_hash, channels, tags from log.events where position = 10`,
  );
  expect(await verify()).toMatchObject({ ok: false, position: 11 });
});
test('B141: a fact that was changed with a leaf to match is found by the chain of its batch', async () => {
  await superuser.query('begin; set local session_replication_role = replica');
  await superuser.query(`with e as (select * from log.events where position = 4), o as (
      select row(seq, id, name, occurred_at, 'forged', impersonator, session, organization, key, job, subject_type, subject_id, operation, request_id, trace_id,
        decision_id, outcome, reason, payload, changes, personal_hash, channels, tags)::log.outbox as fact from e)
    update log.events set actor = 'forged', leaf = sha256(log.canonical(o.fact, 4)) from o where position = 4`);
  await superuser.query('commit');
  const { rows } = await superuser.query<{ first: string }>(
    'select coalesce(max(last_position), 0) + 1 as first from log.batches where last_position < 4',
  );
  expect(await verify()).toMatchObject({ ok: false, position: Number(rows[0]!.first) });
});
test('B141: an end that was cut off is found while batches or cursor stand', async () => {
  await tamper('delete from log.events where position > 8');
  expect(await verify()).toMatchObject({ ok: false, position: 9 });
  await tamper('delete from log.batches where last_position > 8');
  expect((await verify()).ok).toBe(false);
});
test('B144: erasing keeps the seal whole; changed personal data do not verify', async () => {
  await tamper(`update log.personal set data = replace(data, '203.0.113.7', '203.0.113.8') where user_id = 'u2'`);
  expect(await verify()).toMatchObject({ ok: false, position: 6, message: expect.stringContaining('personal') });
  await node.db.transaction((tx) => node.log.erasePersonal(tx, 'u2'));
  expect((await verify()).ok).toBe(true);
});

const COLUMN: Readonly<Record<string, string>> = {
  cursor: 'chain',
  batches: 'chain',
  personal: 'data',
  heads: 'chain',
  signing_keys: 'kid',
};
const attacks: readonly (readonly [table: string, text: string])[] = [
  'outbox',
  'events',
  'batches',
  'cursor',
  'personal',
  'heads',
  'signing_keys',
  'archives',
].flatMap((table) => [
  [table, `delete from log.${table}`] as const,
  [table, `truncate log.${table}`] as const,
  [table, `update log.${table} set ${COLUMN[table] ?? 'name'} = ${COLUMN[table] ?? 'name'}`] as const,
]);
/** A fact that waits and the record of an archive, so that every table has a row to attack. */
async function withWaitingFact(): Promise<void> {
  await superuser.query(`begin; set local session_replication_role = replica;
    insert into log.archives select 2, 1, chain, chain, 'x', 1, chain, now(), kid, signature from log.heads; commit`);
  await node.log.stop();
  await publishMany(node, 1, 77);
}
test('B142: the application sees every row of the log and can change, delete or truncate none', async () => {
  await withWaitingFact();
  const app = await here.asApp();
  const batches = (await superuser.query<{ n: string }>('select count(*) as n from log.batches')).rows[0]!.n;
  for (const [table, text] of attacks) {
    expect((await app.query(`select 1 from log.${table}`)).rowCount, `${table} is visible`).toBeGreaterThan(0);
    await expect(app.query(text), text).rejects.toMatchObject({ code: '42501' });
  }
  const more = [
    `insert into log.events select * from log.events limit 1`, `insert into log.batches values (99, 1, ''::bytea)`, `insert into log.cursor values (true, 1, '')`, `update log.retention set days = 1`, `delete from log.signer`,
    `insert into log.outbox (id, name, occurred_at, operation, request_id, outcome, payload) values (gen_random_uuid(), 'x.y', '2000-01-01', 'o', 'r', 'success', '{}')`,
    `alter table log.events disable trigger all`, `drop trigger append_only on log.events`, `set session_replication_role = replica`,
    `create or replace function log.refuse_change() returns trigger language plpgsql as 'begin return null; end'`, `alter function log.advance(int) owner to plinth_app`, `drop schema log cascade`,
  ]; // prettier-ignore
  for (const text of more) await expect(app.query(text), text).rejects.toMatchObject({ code: '42501' });
  await app.query('grant all on log.events to plinth_app'); // Postgres only warns: it grants nothing
  await expect(app.query('delete from log.events')).rejects.toMatchObject({ code: '42501' });
  // What it may add is checked: a head of no batch, an archive of what is not old enough, retention that nobody set.
  const head = `insert into log.heads select 9, 9, sha256('x'), now(), kid, signature from log.heads limit 1`;
  await expect(app.query(head)).rejects.toMatchObject({ code: '23514' });
  const archive = `insert into log.archives select 10, 3, chain, chain, 'y', 1, chain, now(), kid, signature from log.heads`;
  await expect(app.query(archive)).rejects.toMatchObject({ code: '23514' });
  await expect(app.query('select log.drop_archived(10)')).rejects.toMatchObject({ code: '55000' });
  // The setting that the owner's functions set does not help who may not.
  await app.query(`select set_config('plinth.log_writer', 'advance', false)`);
  await expect(app.query('delete from log.outbox')).rejects.toMatchObject({ code: '42501' });
  expect((await superuser.query<{ n: string }>('select count(*) as n from log.batches')).rows[0]!.n).toBe(batches);
  await tamper('delete from log.archives');
  expect((await verify()).ok).toBe(true);
});
test('B142: the owner is refused too, unless triggers are put off on purpose', async () => {
  await withWaitingFact();
  const owner = await here.asOwner();
  for (const [table, text] of attacks) {
    expect((await owner.query(`select 1 from log.${table}`)).rowCount, `${table} is visible`).toBeGreaterThan(0);
    await expect(owner.query(text), text).rejects.toMatchObject({ code: '42501', message: `log.${table} is append-only` });
  }
});
test('log.advance is deaf to a search_path of the caller', async () => {
  await withWaitingFact();
  const app = await here.asApp();
  await app.query(
    `create temp table cursor (position bigint, chain bytea); create function pg_temp.sha256(bytea) returns bytea language sql as $$ select 'x'::bytea $$; set search_path = pg_temp, log`,
  );
  expect((await app.query('select position from log.advance(10)')).rows).toEqual([{ position: '11' }]);
  await tamper('delete from log.archives');
  expect((await verify()).ok).toBe(true);
});
