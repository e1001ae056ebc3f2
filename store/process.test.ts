import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { oldPostgres } from './old-postgres.fixtures.ts';
import {
  allGone,
  type Ended,
  type Environment,
  eventually,
  folder,
  killAll,
  ownerUrl,
  passwordIn,
  plinth,
  processesIn,
  run,
  type Running,
  signIn,
  sql,
  startServer,
} from './server.testing.ts';

const main = ['store/src/main.ts'];
vi.setConfig({ testTimeout: 60_000, hookTimeout: 90_000 }); // starts of whole servers, on a machine that may be busy

let place: Awaited<ReturnType<typeof folder>>;
let env: Environment;

beforeAll(async () => {
  place = await folder();
  env = { PLINTH_DATA: join(place.path, '.plinth'), PORT: '0', LOG_LEVEL: 'warn', DATABASE_SLOW_MS: '60000' };
});
afterAll(async () => {
  await killAll();
  await gone();
  await place.remove();
});

const gone = (): Promise<void> => allGone(place.path);

/** One line that a person can act on: no stack, exit code 1. */
function refused({ code, err }: Ended, line: RegExp): void {
  expect(err).toMatch(line);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
  expect(err).toMatch(/^plinth: /);
  expect(code).toBe(1);
}

interface Slow {
  /** Lets the request go on. */
  release(): Promise<void>;
  readonly answer: Promise<Response>;
}
/** A request that waits inside the server for a row that we hold. */
async function slowRequest({ url }: Running, token: string, owner: string): Promise<Slow> {
  const client = new pg.Client({ connectionString: owner });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('begin');
  const { id } = (await client.query<{ id: string }>('select id from products.products limit 1 for update')).rows[0]!;
  const answer = fetch(`${url}/api/v1/products/${id}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ description: `changed at ${performance.now()}` }),
  });
  await eventually(
    async () =>
      expect(
        await sql(owner, 'select 1 from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0'),
      ).not.toEqual([]),
    5000,
  );
  return {
    answer,
    async release() {
      await client.query('commit');
      await client.end();
    },
  };
}

describe('a server on the embedded PostgreSQL', () => {
  let server: Running;
  let password: string;
  let owner: string;

  beforeAll(async () => {
    server = await startServer({ env });
  });

  test('first start: tells the password once, and a curl that works', async () => {
    await vi.waitFor(() => expect(server.said()).toContain('Stop it')); // it is ready a moment before it has said all
    const said = server.said();
    expect(said.match(/shown this once/g)).toHaveLength(1);
    password = passwordIn(said);
    expect(await signIn(server.url, password)).toMatch(/^ey/);
    const curl = /Try it: +(curl http\S+)/.exec(said)![1]!;
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', `${curl} --silent --fail`]);
    expect((JSON.parse(stdout) as { success: boolean }).success).toBe(true);
    expect(said.match(/^plinth: /m)).toBeNull();
  });

  test('beside it: a second server on its data and one on its port are refused', async () => {
    const elsewhere = { PLINTH_DATA: join(place.path, 'other'), PORT: new URL(server.url).port };
    const [sameData, samePort] = await Promise.all([run(main, env), run(main, elsewhere)]);
    refused(sameData, /another server|already/i);
    refused(samePort, new RegExp(`port ${elsewhere.PORT} is taken: .*PORT=`));
    expect(existsSync(join(elsewhere.PLINTH_DATA, 'postgres'))).toBe(false);
    expect((await fetch(`${server.url}/api/v1/products`)).status).toBe(200);
  });

  test('beside it: doctor, audit verify, db url, routes use the database that runs', async () => {
    const [doctor, verify, routes] = [await plinth(['doctor'], env), await plinth(['audit', 'verify'], env), await plinth(['routes'], env)];
    owner = await ownerUrl(env);
    expect(doctor).toMatchObject({ code: 0, err: '' });
    expect(doctor.out).toMatch(/database +PostgreSQL 18\..*role plinth_app\n +schema +up to date/);
    expect(verify).toMatchObject({ code: 0, err: '' });
    expect(verify.out).toMatch(/^verified from 1 to \d+ \(\d+ facts, \d+ signed heads?\); \d+ unsealed(; .*)?\n$/);
    expect(routes).toMatchObject({ code: 0, err: '' });
    expect(routes.out).toMatch(/^POST +\/api\/v1\/products +products\.create +products:write$/m);
    expect(await sql(owner, 'select current_user as role')).toEqual([{ role: 'plinth_owner' }]);
    expect((await fetch(`${server.url}/api/v1/products`)).status).toBe(200);
  });

  test('SIGTERM: what is under way is finished, nothing new is begun, and no process is left', async () => {
    const slow = await slowRequest(server, await signIn(server.url, password), owner);
    server.kill('SIGTERM');
    await eventually(() => expect(server.said()).toContain('SIGTERM: finishing'), 3000);
    await expect(
      fetch(`${server.url}/api/v1/products`).then(
        ({ status }) => status === 503 || Promise.reject(new Error(String(status))),
        () => true,
      ),
    ).resolves.toBe(true);
    await sleep(300);
    await slow.release();
    expect((await slow.answer).status).toBe(200);
    expect(await server.ended).toMatchObject({ code: 0, err: '' });
    expect(server.said()).not.toMatch(/"level":"(warn|error)"/);
    await gone();
  });

  test('second start, by npm: seeds nothing, tells no password; Ctrl-C in the terminal finishes what is under way', async () => {
    server = await startServer({ env, npm: true });
    expect(server.said()).not.toMatch(/seeded|password|migrated/);
    const slow = await slowRequest(server, await signIn(server.url, password), owner);
    server.kill('SIGINT'); // the whole group, as a terminal does; npm passes it on once more
    await eventually(() => expect(server.said()).toContain('SIGINT: finishing'), 3000);
    await sleep(300);
    await slow.release();
    expect((await slow.answer).status).toBe(200);
    await server.ended;
    await gone();
  });

  test('SIGTERM to npm alone, whose shell does not pass it on, ends the server too', async () => {
    server = await startServer({ env, npm: true });
    server.kill('SIGTERM', 'npm');
    await gone();
    expect(server.said()).toContain('finishing what is under way');
    expect(server.said()).not.toMatch(/plinth: |"level":"(warn|error)"/);
  });

  test('SIGTERM while it starts: no complaint, no process left', async () => {
    server = await startServer({ env });
    server.kill('SIGKILL');
    await server.ended;
    // The next one starts while the Postgres of the killed one is still going down, and is told to stop at once.
    const starting = startServer({ env }).catch((error: unknown) => String(error));
    await sleep(900);
    for (const line of await processesIn(place.path)) if (line.includes('main.ts')) process.kill(Number(line.split(' ')[0]), 'SIGTERM');
    const result = await starting;
    if (typeof result !== 'string') {
      result.kill('SIGTERM');
      expect((await result.ended).code).toBe(0);
    } else expect(result).not.toMatch(/plinth: |\n +at /);
    await gone();
  });
});

describe('a start that cannot succeed says why in one line, and leaves nothing behind', () => {
  const directory = (): string => join(place.path, 'refused');
  const start = (more: Environment, node?: string): Promise<Ended> => run(main, { PLINTH_DATA: directory(), PORT: '0', ...more }, node);
  const changed = (change: (url: URL) => void): string => {
    const url = new URL(inject('cluster').appUrl);
    change(url);
    return url.href;
  };
  afterAll(gone);

  test('a PostgreSQL that is not there, refuses the password, lacks the database, or is too old', async () => {
    const old = await oldPostgres();
    const cases: [url: string, line: RegExp][] = [
      [
        'postgres://ada:secret@127.0.0.1:1/shop',
        /DATABASE_URL \(127\.0\.0\.1:1\/shop\) cannot be used: .*ECONNREFUSED.*unset it to run on the embedded PostgreSQL/,
      ],
      [changed((url) => (url.password = 'wrong')), /DATABASE_URL .* cannot be used: the password or role is refused/],
      [changed((url) => (url.pathname = '/nowhere')), /DATABASE_URL .* cannot be used: the database does not exist: create it first/],
      [old.url, /DATABASE_URL .* is PostgreSQL 14\.9; Plinth needs 15 or newer/],
      // One role, and it may not create a schema.
      [inject('cluster').appUrl, /the role that migrates lacks a right \(permission denied.*DATABASE_OWNER_URL/],
    ];
    for (const [url, line] of cases) {
      const ended = await start({ DATABASE_URL: url });
      refused(ended, line);
      expect(ended.err).not.toContain(new URL(url).password);
    }
    old.close();
  });

  test('two URLs of two databases', async () => {
    const { superuserUrl, appUrl } = inject('cluster');
    const other = new URL(superuserUrl);
    other.pathname = '/postgres';
    refused(await start({ DATABASE_URL: appUrl, DATABASE_OWNER_URL: other.href }), /are two different databases/);
  });

  test('production without its settings: every problem at once', async () => {
    const { code, err } = await start({ NODE_ENV: 'production', PORT: 'abc' });
    expect(code).toBe(1);
    expect(err).toBe('plinth: the configuration has a problem:\n  - PORT: Invalid input: expected number, received NaN\n');
    const weak = await start({ NODE_ENV: 'production', PLINTH_SECRET: 'changeme' });
    expect(weak.code).toBe(1);
    expect(weak.err).toMatch(/^plinth: the configuration has 4 problems:\n( {2}- .*\n){4}$/);
    for (const name of ['PLINTH_SECRET', 'BASE_URL', 'DATABASE_URL', 'SMTP_URL']) expect(weak.err).toContain(`  - ${name}: `);
    expect(weak.err).not.toContain('changeme');
  });

  test('a platform for which there is no embedded PostgreSQL; an address that is not ours', async () => {
    // Only to the module that looks for PostgreSQL: what else is installed here is for this platform.
    const script = `Object.defineProperty(process, 'arch', { get: () => (new Error().stack.includes('/embedded/') ? 'riscv64' : '${process.arch}') })`;
    const elsewhere = `--import=data:text/javascript,${encodeURIComponent(script)}`;
    refused(await start({ NODE_OPTIONS: elsewhere }), /The embedded PostgreSQL does not exist for \w+-riscv64: .*WSL2.*DATABASE_URL/);
    refused(await start({ HOST: '192.0.2.1' }), /HOST is no address of this machine/);
  });

  test('an older Node', async ({ skip }) => {
    const old = olderNode();
    skip(old === undefined, 'skipped: there is no Node older than 24 on this machine');
    refused(await start({}, old), /this is Node \d+\.\d+\.\d+; Plinth needs 24 or newer/);
  });

  test('none of them made a database', () => {
    expect(existsSync(directory()) ? readdirSync(directory()) : []).not.toContain('postgres');
  });
});

function olderNode(): string | undefined {
  const candidates = ['/usr/local/bin', ...(process.env['PATH'] ?? '').split(':')]
    .map((entry) => join(entry, 'node'))
    .filter((path) => existsSync(path));
  return candidates.find((path) => Number(execFileSync(path, ['-p', 'process.versions.node.split(".")[0]'])) < 24);
}

describe('plinth', () => {
  test('a command that does not exist: exit code 2, and those that do', async () => {
    const { code, out, err } = await plinth(['destroy']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^plinth: there is no command 'destroy'\nusage/);
  });

  test('doctor makes no database', async () => {
    const PLINTH_DATA = join(place.path, 'doctor');
    const { code, out } = await plinth(['doctor'], { PLINTH_DATA });
    expect(code).toBe(0);
    expect(out).toMatch(/database +none yet/);
    expect(existsSync(PLINTH_DATA)).toBe(false);
  });
});
