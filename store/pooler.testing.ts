import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, freePort, sql } from './server.testing.ts';

const BINARY = process.env['PGBOUNCER'] ?? '/usr/sbin/pgbouncer';

/** `1.18.0`; undefined where there is none. @throws where `PGBOUNCER` names one, as CI does, and there is none. */
export function poolerVersion(): string | undefined {
  try {
    return /PgBouncer (\d+\.\d+\.\d+)/.exec(execFileSync(BINARY, ['--version'], { encoding: 'utf8' }))?.[1];
  } catch (error) {
    if (process.env['PGBOUNCER']) throw error;
    return undefined;
  }
}

export interface Pooler {
  /** The same role and database, through the pooler. */
  readonly url: string;
  /** Of its console: `show pools` and the like. */
  readonly consoleUrl: string;
  stop(): Promise<void>;
}
/** PgBouncer in transaction mode before one database. @param connections to Postgres at most. */
export async function startPooler(target: string, directory: string, connections: number): Promise<Pooler> {
  const { username, password, hostname, port, pathname, searchParams } = new URL(target);
  const host = searchParams.get('host') ?? decodeURIComponent(hostname);
  const listen = await freePort();
  await mkdir(directory, { recursive: true });
  const ini = join(directory, 'pgbouncer.ini');
  const users = join(directory, 'users.txt');
  const settings = [
    '[databases]',
    `* = host=${host} port=${searchParams.get('port') ?? (port || '5432')}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${listen}`,
    'unix_socket_dir =',
    'auth_type = scram-sha-256',
    `auth_file = ${users}`,
    `admin_users = ${username}`,
    'pool_mode = transaction',
    `default_pool_size = ${connections}`,
    'max_client_conn = 500',
    ...(Number(poolerVersion()!.split('.')[1]) < 21 ? [] : ['max_prepared_statements = 200']),
    'logfile =',
    '',
  ];
  await writeFile(ini, settings.join('\n'));
  await writeFile(users, `"${username}" "${decodeURIComponent(password)}"\n`);
  // It refuses to run as root.
  const [, uid, gid] = /^nobody:[^:]*:(\d+):(\d+)/m.exec(await readFile('/etc/passwd', 'utf8')) ?? [];
  const user = process.getuid?.() === 0 ? { uid: Number(uid), gid: Number(gid) } : undefined;
  if (user) for (const path of [directory, ini, users]) await chown(path, user.uid, user.gid);
  const child = spawn(BINARY, ['--quiet', ini], { ...user, cwd: '/', stdio: 'ignore' });
  const ended = once(child, 'close');
  const url = `postgres://${username}:${password}@127.0.0.1:${listen}${pathname}`;
  await eventually(() => sql(url, 'select 1'), 5000);
  return {
    url,
    consoleUrl: `postgres://${username}:${password}@127.0.0.1:${listen}/pgbouncer`,
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
