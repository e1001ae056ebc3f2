import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { uuidv7 } from '@plinth/kit';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { allGone, type Environment, eventually, folder, killAll, passwordIn, plinth, signIn, sql, startServer } from './server.testing.ts';

const BIN_15 = '/usr/lib/postgresql/15/bin';
vi.setConfig({ testTimeout: 60_000, hookTimeout: 90_000 }); // starts of whole servers, on a machine that may be busy

let place: Awaited<ReturnType<typeof folder>>;
beforeAll(async () => {
  place = await folder();
});
afterAll(async () => {
  await killAll();
  await place.remove();
});

interface Cluster {
  /** Of its superuser, on database `postgres`. */
  readonly url: string;
  stop(): Promise<void>;
}
async function cluster18(): Promise<Cluster> {
  const url = new URL(inject('cluster').superuserUrl);
  url.pathname = '/postgres';
  return { url: url.href, stop: async () => undefined };
}
/** Debian's, in a folder of ours, as a user without rights where we are root. */
async function cluster15(): Promise<Cluster> {
  const home = join(place.path, 'postgresql-15');
  await mkdir(home, { mode: 0o700 });
  const [, uid, gid] = /^nobody:[^:]*:(\d+):(\d+)/m.exec(await readFile('/etc/passwd', 'utf8')) ?? [];
  const user: { uid?: number; gid?: number } = process.getuid?.() === 0 ? { uid: Number(uid), gid: Number(gid) } : {};
  if (user.uid !== undefined) await chown(home, user.uid, Number(gid));
  const passwordFile = join(place.path, 'password');
  await writeFile(passwordFile, 'of-the-superuser\n');
  const options = { ...user, cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } };
  await promisify(execFile)(
    join(BIN_15, 'initdb'),
    [
      '-D',
      join(home, 'data'),
      '-U',
      'postgres',
      '-E',
      'UTF8',
      '--locale=C',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--no-sync',
    ],
    options,
  );
  const settings = ['listen_addresses=', `unix_socket_directories=${home}`, 'fsync=off', 'max_connections=50'].flatMap((setting) => [
    '-c',
    setting,
  ]);
  const server = spawn(join(BIN_15, 'postgres'), ['-D', join(home, 'data'), ...settings], { ...options, stdio: 'ignore' });
  const ended = once(server, 'close');
  const url = `postgres://postgres:of-the-superuser@localhost/postgres?host=${encodeURIComponent(home)}`;
  await eventually(() => sql(url, 'select 1'), 20_000);
  return {
    url,
    async stop() {
      server.kill('SIGINT'); // fast shutdown
      await ended;
    },
  };
}

interface Prepared {
  readonly ownerUrl: string;
  readonly appUrl: string;
  /** Of the superuser, on this database. */
  readonly adminUrl: string;
  readonly app: string;
  readonly owner: string;
  drop(): Promise<void>;
}
/** What the guide tells an administrator to run, under names of this test. */
async function prepare({ url }: Cluster): Promise<Prepared> {
  const guide = readFileSync(join(import.meta.dirname, '../docs/guides/outside-postgres.md'), 'utf8');
  const name = `shop_${uuidv7().replaceAll('-', '')}`;
  const [owner, app] = [`${name}_owner`, `${name}_app`];
  const script = /```sql\n([^`]+)```/.exec(guide)![1]!;
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // where a failed test leaves it open
  await client.connect();
  for (const statement of script.replaceAll('plinth', name).split(';\n').filter(Boolean)) await client.query(statement);
  const as = (role: string | null, password: string): string => {
    const address = new URL(url);
    address.pathname = `/${name}`;
    if (role !== null) Object.assign(address, { username: role, password });
    return address.href;
  };
  return {
    ownerUrl: as(owner, 'choose one'),
    appUrl: as(app, 'choose another'),
    adminUrl: as(null, ''),
    owner,
    app,
    async drop() {
      await client.query(`drop database ${name} with (force)`);
      await client.query(`drop role ${app}, ${owner}`);
      await client.end();
    },
  };
}

const LIMITS = `select name, setting from pg_settings where name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'TimeZone') order by lower(name)`;
const limits = async (url: string): Promise<Record<string, string>> =>
  Object.fromEntries((await sql<{ name: string; setting: string }>(url, LIMITS)).map(({ name, setting }) => [name, setting]));

const versions: [name: string, absent: string | null, start: () => Promise<Cluster>][] = [
  ['PostgreSQL 18', null, cluster18],
  ['PostgreSQL 15', existsSync(BIN_15) ? null : 'PostgreSQL 15 is not installed', cluster15],
];
describe.each(versions)('on %s', (name, absent, start) => {
  let cluster: Cluster | undefined;
  beforeAll(async () => {
    if (absent === null) cluster = await start();
    else process.stdout.write(`skipped: ${absent}\n`);
  });
  afterAll(async () => {
    await killAll();
    await cluster?.stop();
    await allGone(place.path);
  });
  const base = (): Environment => ({ PORT: '0', LOG_LEVEL: 'error', PLINTH_DATA: join(place.path, 'secrets') });

  test.skipIf(absent !== null)('two roles: migrated by one, served by the other, under the limits of requests', async () => {
    const database = await prepare(cluster!);
    await sql(database.adminUrl, `alter role ${database.app} set timezone = 'Europe/Berlin'`);
    await sql(database.adminUrl, `alter role ${database.app} set datestyle = 'SQL, DMY'`);
    const env = { ...base(), DATABASE_URL: database.appUrl, DATABASE_OWNER_URL: database.ownerUrl };
    const first = await startServer({ env });
    expect(first.said()).toContain(`database   ${name}`);
    expect(first.said()).not.toContain('warning');
    const token = await signIn(first.url, passwordIn(first.said()));

    expect(await limits(database.appUrl)).toEqual({
      idle_in_transaction_session_timeout: '10000',
      lock_timeout: '2000',
      statement_timeout: '5000',
      TimeZone: 'UTC',
    });
    expect((await limits(database.ownerUrl))['statement_timeout']).toBe('0');
    await expect(sql(database.appUrl, 'create schema mine')).rejects.toMatchObject({ code: '42501' });
    await expect(sql(database.appUrl, `update log.events set name = 'x'`)).rejects.toMatchObject({ code: '42501' });
    await expect(sql(database.appUrl, 'select * from plinth.migrations')).rejects.toMatchObject({ code: '42501' });

    // The server's own connections have them too: a row that is held is waited for 2 s.
    const holder = new pg.Client({ connectionString: database.ownerUrl });
    holder.on('error', () => undefined);
    await holder.connect();
    await holder.query('begin');
    const { id } = (await holder.query<{ id: string }>('select id from products.products limit 1 for update')).rows[0]!;
    const change = (): Promise<Response> =>
      fetch(`${first.url}/api/v1/products/${id}`, {
        method: 'PATCH',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: '{"name":"Held"}',
      });
    const askedAt = performance.now();
    const busy = await change();
    expect(busy.status).toBe(503);
    expect(busy.headers.get('retry-after')).toBe('1');
    expect(performance.now() - askedAt).toBeGreaterThan(1900);
    await holder.query('rollback');
    await holder.end();
    const changed = await change();
    expect(changed.status).toBe(200);
    const { data } = (await changed.json()) as { data: { updatedAt: string } };
    expect(data.updatedAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(Math.abs(Date.now() - Date.parse(data.updatedAt))).toBeLessThan(60_000);

    first.kill('SIGTERM');
    expect(await first.ended).toMatchObject({ code: 0, err: '' });
    const second = await startServer({ env });
    expect(second.said()).not.toMatch(/seeded|migrated|warning/);
    expect(await plinth(['audit', 'verify'], env)).toMatchObject({ code: 0, err: '' });
    second.kill('SIGTERM');
    expect(await second.ended).toMatchObject({ code: 0, err: '' });
    await database.drop();
  });

  test.skipIf(absent !== null)('one role: serves, warns, and keeps a limit that someone set', async () => {
    const database = await prepare(cluster!);
    await sql(database.adminUrl, `alter role ${database.owner} set lock_timeout = '7s'`);
    const env = { ...base(), DATABASE_URL: database.ownerUrl };
    const server = await startServer({ env });
    expect(server.said()).toMatch(/warning +one role owns and serves the database: the audit log is evident, not protected/);
    expect(await signIn(server.url, passwordIn(server.said()))).toMatch(/^ey/);
    expect(await limits(database.ownerUrl)).toMatchObject({ lock_timeout: '7000', statement_timeout: '5000', TimeZone: 'UTC' });
    const doctor = await plinth(['doctor'], env);
    expect(doctor).toMatchObject({ code: 0, err: '' });
    expect(doctor.out).toContain('the audit log is evident, not protected');
    server.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0, err: '' });
    await database.drop();
  });
});
