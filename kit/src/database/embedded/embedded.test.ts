import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readFile, readdir, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startEphemeral } from './ephemeral.ts';
import { type EmbeddedOptions, type EmbeddedPostgres, EmbeddedError, startEmbedded } from './index.ts';
import { eventually, freePort, processesOf, query, refusal, type Starter, startStarter } from './embedded.testing.ts';

const root = process.getuid?.() === 0;
const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

let template: string;

beforeAll(async () => {
  const path = await mkdtemp(join(tmpdir(), 'plinth-test-'));
  await chmod(path, 0o755);
  template = join(path, '.plinth');
  await (await startEmbedded({ directory: template })).stop();
  return () => rm(path, { recursive: true, force: true });
});

/** A temporary directory that other users can pass through, as a project's usually is. */
async function project(): Promise<string> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'plinth-test-')));
  await chmod(path, 0o755);
  cleanups.push(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A directory in which Postgres has been before: a copy, for making one takes a second. */
async function prepared(...below: string[]): Promise<string> {
  const parent = join(await project(), ...below);
  await mkdir(parent, { recursive: true });
  await promisify(execFile)('cp', ['-a', template, parent]);
  return join(parent, '.plinth');
}

async function start(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const server = await startEmbedded(options);
  cleanups.push(() => server.stop());
  return server;
}

async function starter(options: EmbeddedOptions, user?: { uid: number; gid: number }): Promise<Starter> {
  const started = await startStarter(options, user);
  cleanups.push(async () => {
    await started.kill();
    // Its Postgres still writes for a moment into what is removed next.
    await eventually(async () => expect(await processesOf(options.directory, started.pid)).toEqual([]));
  });
  return started;
}

/** Another user cannot run this checkout where a folder above it is closed to others, as one made by mktemp is. */
const hidden = spawnSync('test', ['-r', import.meta.filename], { uid: 65_534, gid: 65_534 }).status !== 0;

describe('a start', () => {
  test('makes the cluster with its roles, and the next one keeps the data', async () => {
    const directory = join(await project(), '.plinth');
    const lines: string[] = [];
    const first = await start({ directory, notify: (line) => lines.push(line) });
    expect(first.version).toMatch(/^18\./);
    await query(first.ownerUrl, 'create schema shop');
    await query(first.ownerUrl, 'create table shop.orders as select 7 as id');
    await first.stop();

    const again = performance.now();
    const second = await start({ directory, notify: (line) => lines.push(line) });
    expect(performance.now() - again).toBeLessThan(3_000);
    expect(lines).toEqual([`creating the database in ${join(directory, 'postgres')} (once)`]);
    expect(second.ownerUrl).toBe(first.ownerUrl);
    expect(await query(second.ownerUrl, 'select id from shop.orders')).toEqual([{ id: 7 }]);
  });

  test('gives the application a role that cannot create, with limits that every start restores', async () => {
    const directory = await prepared();
    const first = await start({ directory });
    await expect(query(first.appUrl, 'create schema mine')).rejects.toMatchObject({ code: '42501' });
    await expect(query(first.appUrl, 'create table public.mine (id int)')).rejects.toMatchObject({ code: '42501' });
    await expect(query(first.appUrl, 'create role other')).rejects.toMatchObject({ code: '42501' });
    const limits = `select name, setting from pg_settings
      where name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') order by name`;
    const expected = [
      { name: 'idle_in_transaction_session_timeout', setting: '10000' },
      { name: 'lock_timeout', setting: '2000' },
      { name: 'statement_timeout', setting: '5000' },
    ];
    expect(await query(first.appUrl, limits)).toEqual(expected);
    await query(first.superuserUrl, 'alter role plinth_app reset all');
    await first.stop();
    expect(await query((await start({ directory })).appUrl, limits)).toEqual(expected);
  });

  test('keeps what it makes to ourselves, opens no TCP port, and takes UTF-8 with checksums', async () => {
    const directory = join(await project(), '.plinth');
    const server = await start({ directory });
    const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
    expect(await mode(server.directory)).toBe('700');
    expect(await mode(server.socketDirectory)).toBe('700');
    expect(await mode(join(directory, 'postgres', 'passwords.json'))).toBe('600');
    // Root lets the user who runs Postgres pass through, and list nothing.
    expect(await mode(directory)).toBe(root ? '711' : '700');
    const facts = `select current_setting('listen_addresses') as tcp, current_setting('data_checksums') as sums, pg_encoding_to_char(encoding) as encoding,
      datlocprovider as provider, datlocale as locale from pg_database where datname = 'plinth'`;
    expect(await query(server.superuserUrl, facts)).toEqual([{ tcp: '', sums: 'on', encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8' }]);
  });

  test('asks for the password on the socket too', async () => {
    const server = await start({ directory: await prepared() });
    const url = new URL(server.superuserUrl);
    url.password = 'wrong';
    await expect(query(url.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    expect(await query(server.superuserUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('finds a shorter folder where the path of the socket is too long', async () => {
    const directory = await prepared('x'.repeat(100));
    const server = await start({ directory });
    cleanups.push(() => rm(server.socketDirectory, { recursive: true, force: true }));
    expect(server.socketDirectory).not.toContain(directory);
    expect((await stat(server.socketDirectory)).mode & 0o777).toBe(0o700);
    expect(await query(server.appUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
    expect((await start({ directory })).socketDirectory).toBe(server.socketDirectory);
  });

  test('refuses a short socket folder that others may enter', async () => {
    const directory = await prepared('x'.repeat(100));
    const server = await start({ directory });
    cleanups.push(() => rm(server.socketDirectory, { recursive: true, force: true }));
    await server.stop();
    await chmod(server.socketDirectory, 0o777);
    expect(await refusal(startEmbedded({ directory }))).toMatch(/is not a private folder of user \d+: remove it/);
  });

  test('listens on a loopback port with the password, where one is given', async () => {
    const port = await freePort();
    const server = await start({ directory: await prepared(), port });
    const { password } = new URL(server.appUrl);
    expect(await query(`postgres://plinth_app:${password}@127.0.0.1:${port}/plinth`, 'select 1 as one')).toEqual([{ one: 1 }]);
    await expect(query(`postgres://plinth_app:wrong@127.0.0.1:${port}/plinth`, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    expect(await query(server.superuserUrl, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
  });
});

describe('a refusal', () => {
  test('of a second server on the same directory, in one line, while the first goes on', async () => {
    const directory = await prepared();
    const server = await start({ directory });
    expect(await refusal(startEmbedded({ directory }))).toBe(
      `Another server is using ${directory} (PostgreSQL is process ${server.pid}): stop that server first, or give this one a directory of its own (PLINTH_DATA).`,
    );
    expect(await query(server.appUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('of all but one, where four start on a new directory at once', async () => {
    const directory = join(await project(), '.plinth');
    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => start({ directory })));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ name: 'EmbeddedError', message: expect.stringMatching(/^Another server is using/) });
    }
    expect((await readdir(directory)).filter((name) => name.includes('.new-'))).toEqual([]);
  });

  test('of a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const directory = await prepared();
    expect(await refusal(startEmbedded({ directory, port }))).toBe(
      `PostgreSQL cannot listen on 127.0.0.1:${port} (Address already in use): free this port, or set PLINTH_DB_PORT to another.`,
    );
    other.close();
    expect(await query((await start({ directory, port })).appUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('of data that another major version made', async () => {
    const directory = await prepared();
    const server = await start({ directory });
    await server.stop();
    await writeFile(join(server.directory, 'PG_VERSION'), '17\n');
    expect(await refusal(startEmbedded({ directory }))).toMatch(/was made by PostgreSQL 17 and this is 18: back up with/);
  });

  test('of a setting that Postgres does not know names the reason and the log', async () => {
    const directory = await prepared();
    expect(await refusal(startEmbedded({ directory, settings: { no_such_setting: '1' } }))).toMatch(
      /PostgreSQL did not start \(unrecognized configuration parameter "no_such_setting"\): see .*postgres\.log/,
    );
  });
});

describe('an end', () => {
  test('by stop() leaves no process, and can be asked for twice', async () => {
    const directory = await prepared();
    const server = await start({ directory });
    const client = new pg.Client(server.appUrl);
    client.on('error', () => undefined);
    await client.connect();
    expect((await processesOf(directory, server.pid)).length).toBeGreaterThanOrEqual(7);
    await Promise.all([server.stop(), server.stop()]);
    await server.ended;
    expect(await processesOf(directory, server.pid)).toEqual([]);
  });

  test('of the starter by kill -9 ends Postgres, and the next start has every acknowledged write', async () => {
    const directory = await prepared();
    const victim = await starter({ directory });
    await query(victim.superuserUrl, 'create table public.acknowledged (id int)');
    await query(victim.superuserUrl, 'grant insert on public.acknowledged to plinth_app');
    const client = new pg.Client(victim.appUrl);
    client.on('error', () => undefined);
    await client.connect();
    let acknowledged = 0;
    const writing = (async () => {
      for (;;) {
        await client.query('insert into public.acknowledged values ($1)', [acknowledged]);
        acknowledged += 1;
      }
    })().catch(() => undefined);
    await eventually(() => expect(acknowledged).toBeGreaterThan(50));
    await victim.kill();
    // At once: this start finds Postgres still shutting down.
    const next = await start({ directory });
    await writing;
    const [row] = await query(next.superuserUrl, 'select count(*)::int as rows, max(id) as last from public.acknowledged');
    // One more may have been written and not acknowledged.
    expect(row?.['rows']).toBeGreaterThanOrEqual(acknowledged);
    expect(row?.['rows']).toBeLessThanOrEqual(acknowledged + 1);
    expect(await processesOf(directory, victim.pid)).not.toContain(victim.pid);
  });

  test('of the starter by kill -9 leaves no process within seconds', async () => {
    const directory = await prepared();
    const victim = await starter({ directory });
    expect((await processesOf(directory, victim.pid)).length).toBeGreaterThanOrEqual(6);
    await victim.kill();
    await eventually(async () => expect(await processesOf(directory, victim.pid)).toEqual([]), 3_000);
  });

  test('of everything by kill -9 is recovered from', async () => {
    const directory = await prepared();
    const victim = await starter({ directory });
    await query(victim.superuserUrl, 'create table public.kept as select generate_series(1, 1000) as id');
    process.kill(victim.pid, 'SIGKILL');
    await victim.kill();
    const next = await start({ directory });
    expect(await query(next.superuserUrl, 'select count(*)::int as rows from public.kept')).toEqual([{ rows: 1000 }]);
  });

  test('of Postgres alone is told, and leaves no process', async () => {
    const directory = await prepared();
    const server = await start({ directory });
    process.kill(server.pid, 'SIGKILL');
    await server.ended;
    await eventually(async () => expect(await processesOf(directory, server.pid)).toEqual([]));
    await server.stop();
    expect(await query((await start({ directory })).appUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('by Ctrl-C: the signal to the whole group leaves Postgres alone until the server has drained', async () => {
    const directory = await prepared();
    const server = await starter({ directory });
    server.interruptGroup();
    expect(await server.said()).toEqual({ drained: true });
    await server.exited;
    expect(await processesOf(directory, server.pid)).toEqual([]);
  });

  test('leaves a lock file whose number another process has now: the next start is not fooled', async () => {
    const directory = await prepared();
    const server = await start({ directory });
    const lockFile = join(server.directory, 'postmaster.pid');
    const lock = await readFile(lockFile, 'utf8');
    const owner = await stat(lockFile);
    await server.stop();
    const stranger = spawn('sleep', ['60'], root ? { uid: owner.uid, gid: owner.gid } : {});
    cleanups.push(async () => stranger.kill('SIGKILL'));
    await once(stranger, 'spawn');
    await writeFile(lockFile, lock.replace(/^\d+/, String(stranger.pid)), { mode: 0o600 });
    await chown(lockFile, owner.uid, owner.gid);
    expect(await query((await start({ directory })).appUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('during a first start leaves nothing that a later start keeps', async () => {
    const directory = join(await project(), '.plinth');
    await mkdir(join(directory, 'postgres.new-999999999-abc-def', 'data'), { recursive: true });
    await start({ directory });
    expect((await readdir(directory)).filter((name) => name.includes('.new-'))).toEqual([]);
  });
});

describe('the user who runs it', () => {
  test.runIf(root)('is not root, where we are', async () => {
    const directory = join(await project(), '.plinth');
    const server = await start({ directory });
    expect(server.directory).toBe(join(directory, 'postgres', 'data'));
    const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
    expect(/^Uid:\s+(\d+)/m.exec(status)?.[1]).not.toBe('0');
    expect(/^Groups:(.*)$/m.exec(status)?.[1]?.trim()).toBe('');
  });

  test.runIf(root)('gets a place under /var/lib/plinth where it cannot reach the directory, and keeps it', async () => {
    const hidden = await project();
    await chmod(hidden, 0o700);
    const directory = join(hidden, '.plinth');
    const server = await start({ directory });
    cleanups.push(() => rm(join(server.directory, '..'), { recursive: true, force: true }));
    expect(server.directory).toMatch(/^\/var\/lib\/plinth\/[0-9a-f]{16}\/data$/);
    await query(server.ownerUrl, 'create schema kept');
    await server.stop();
    await chmod(hidden, 0o755);
    const again = await start({ directory });
    expect(again.directory).toBe(server.directory);
    await query(again.ownerUrl, 'drop schema kept');
  });

  test.runIf(root && !hidden)('is ourselves, where we are not root', async () => {
    const user = { uid: 1, gid: 1 };
    const directory = join(await project(), '.plinth');
    await mkdir(directory, { mode: 0o700 });
    await chown(directory, user.uid, user.gid);
    const server = await starter({ directory }, user);
    expect((await stat(`/proc/${server.pid}`)).uid).toBe(user.uid);
    expect(await query(server.appUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.kill();
    // Root takes the data over as they are, and leaves them to their owner.
    const asRoot = await start({ directory });
    expect((await stat(`/proc/${asRoot.pid}`)).uid).toBe(user.uid);
    await asRoot.stop();
    const again = await starter({ directory }, user);
    expect(await query(again.appUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test.runIf(root && !hidden)('who meets the data of another is told so', async () => {
    const directory = await prepared();
    const server = await start({ directory });
    await server.stop();
    await expect(starter({ directory }, { uid: 1, gid: 1 })).rejects.toThrow(/belongs to user \d+: start as that user or as root/);
  });
});

test('an ephemeral server is fast, not durable, and gone when it is stopped', async () => {
  const server = await startEphemeral({ settings: { max_connections: '20' } });
  const settings = `select current_setting('fsync') as fsync, current_setting('max_connections') as connections`;
  expect(await query(server.superuserUrl, settings)).toEqual([{ fsync: 'off', connections: '20' }]);
  await server.stop();
  await expect(stat(server.directory)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('an error is an EmbeddedError', async () => {
  await expect(startEmbedded({ directory: '/proc/plinth' })).rejects.toBeInstanceOf(EmbeddedError);
});
