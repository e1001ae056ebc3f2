import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate, migrationStreams } from '../database/migrate.ts';
import { fixture, type Fixture, publishMany } from './log.testing.ts';

// On the embedded PostgreSQL, with the roles that it makes: tests have no other.
let here: Fixture;
let superuser: pg.Client;
let app: pg.Client;
beforeAll(async () => {
  here = await fixture();
  [superuser, app] = [await here.asSuperuser(), await here.asApp()];
});
afterAll(() => here.end());

/** `table privilege` and `table.column privilege`, as Postgres judges them. */
async function rights(role: string): Promise<string[]> {
  const { rows } = await superuser.query<{ right: string }>(
    `select c.relname || ' ' || p as right from pg_class c, unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p
      where c.relnamespace = 'log'::regnamespace and c.relkind in ('r', 'p') and has_table_privilege($1, c.oid, p)
    union all
    select c.relname || '.' || a.attname || ' ' || p from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped,
      unnest(array['INSERT', 'UPDATE']) p
      where c.relnamespace = 'log'::regnamespace and c.relkind in ('r', 'p') and not has_table_privilege($1, c.oid, p) and has_column_privilege($1, c.oid, a.attname, p)
    union all
    select p.proname || '()' from pg_proc p where p.pronamespace = 'log'::regnamespace and has_function_privilege($1, p.oid, 'EXECUTE')`,
    [role],
  );
  return rows.map(({ right }) => right).sort();
}
const columns = (table: string, ...names: string[]): string[] => names.map((name) => `${table}.${name} INSERT`);

test('B142: these are all rights that the role that serves has to the log, also after another start', async () => {
  const all = [
    ...columns(
      'outbox',
      'id',
      'name',
      'actor',
      'impersonator',
      'session',
      'organization',
      'key',
      'job',
      'subject_type',
      'subject_id',
      'operation',
    ),
    ...columns(
      'outbox',
      'request_id',
      'trace_id',
      'decision_id',
      'outcome',
      'reason',
      'payload',
      'changes',
      'personal_hash',
      'channels',
      'tags',
    ),
    ...columns('signing_keys', 'kid', 'public_key', 'voucher'),
    ...['personal', 'handled', 'channel_entries', 'traces', 'causes', 'heads', 'archives', 'signer'].map((table) => `${table} INSERT`),
  ]
    .concat(
      'handled DELETE',
      'channel_entries DELETE',
      'traces DELETE',
      'causes DELETE',
      'signer UPDATE',
      'fits()',
      'advance()',
      'erase_personal()',
      'drop_archived()',
    )
    .sort();
  expect(await rights('plinth_app')).toEqual(all);
  await migrate({ ownerUrl: here.database.ownerUrl, appRole: 'plinth_app', streams: migrationStreams([]) });
  expect(await rights('plinth_app')).toEqual(all);
  const { rows } = await superuser.query<{ role: string }>(
    `select distinct r.rolname as role from pg_roles r, pg_class c where c.relnamespace = 'log'::regnamespace and c.relkind = 'r'
      and r.rolname not like 'pg\\_%' and not r.rolsuper and has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')`,
  );
  expect(rows.map(({ role }) => role).sort()).toEqual(['plinth_app', 'plinth_owner']);
});

test('B142: tables, functions and triggers of the log belong to another role, which the one that serves cannot become', async () => {
  const owners = await superuser.query(
    `select distinct pg_get_userbyid(relowner) as owner from pg_class where relnamespace = 'log'::regnamespace
    union select distinct pg_get_userbyid(proowner) from pg_proc where pronamespace = 'log'::regnamespace
    union select pg_get_userbyid(nspowner) from pg_namespace where nspname = 'log'`,
  );
  expect(owners.rows).toEqual([{ owner: 'plinth_owner' }]);
  const role = await superuser.query(
    `select rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, (select count(*)::int from pg_auth_members where member = r.oid) as memberships
      from pg_roles r where rolname = 'plinth_app'`,
  );
  expect(role.rows).toEqual([
    { rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolreplication: false, rolbypassrls: false, memberships: 0 },
  ]);
  const attempts = [
    'set role plinth_owner', 'set session authorization plinth_owner', 'grant plinth_owner to plinth_app', 'alter role plinth_app superuser', 'reassign owned by plinth_owner to plinth_app',
    'alter table log.events owner to plinth_app', 'alter table log.events disable trigger append_only', 'drop trigger append_only on log.events', 'drop table log.events', 'alter schema log rename to gone',
    'create trigger mine before insert on log.outbox for each row execute function log.refuse_change()', 'create table log.mine ()', 'create rule mine as on insert to log.outbox do instead nothing',
    `copy log.events to program 'cat'`, `copy log.outbox from '/etc/hostname'`, `select pg_read_file('/etc/hostname')`, 'create extension adminpack', `update pg_catalog.pg_class set relowner = 10`,
    `select lo_import('/etc/hostname')`, 'alter system set fsync = off', `select pg_reload_conf()`, 'alter function log.advance(int) security invoker', `alter default privileges for role plinth_owner grant all on tables to plinth_app`,
  ]; // prettier-ignore
  for (const text of attempts)
    await expect(app.query(text), text).rejects.toMatchObject({ code: expect.stringMatching(/^(42501|0A000|0LP01)$/) });
});

test('B142: every table of evidence refuses changes by row and by statement, TRUNCATE too, whoever asks', async () => {
  // pg_trigger.tgtype: 1 row, 2 before, 8 delete, 16 update, 32 truncate.
  const { rows } = await superuser.query<{ table: string; type: number }>(
    `select c.relname as table, t.tgtype::int as type from pg_trigger t join pg_class c on c.oid = t.tgrelid
      where c.relnamespace = 'log'::regnamespace and t.tgfoid = 'log.refuse_change'::regproc and t.tgenabled in ('O', 'A') order by 2, 1`,
  );
  const whole = 2 + 8 + 16 + 32;
  const evidence = ['archives', 'batches', 'events', 'heads', 'personal', 'signing_keys'];
  expect(rows).toEqual([
    ...evidence.map((table) => ({ table, type: 1 + 2 + 8 + 16 })),
    { table: 'signer', type: 2 + 8 + 32 },
    ...['archives', 'batches', 'cursor', 'events', 'heads', 'outbox', 'personal'].map((table) => ({ table, type: whole })),
    { table: 'signing_keys', type: whole },
  ]);
  // With the trigger for statements gone, the one for rows still stands.
  const owner = await here.asOwner();
  const node = here.node();
  await publishMany(node, 1);
  await owner.query('select log.advance(10)');
  await owner.query('begin; drop trigger append_only on log.events');
  await expect(owner.query('delete from log.events')).rejects.toMatchObject({ code: '42501' });
  await owner.query('rollback');
});
