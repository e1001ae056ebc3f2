import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { Database } from './definition.ts';
import { freePort } from './port.ts';

/** The settings that decide what a commit costs. */
const SETTINGS = ['fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_connections', 'jit'] as const;

/** The outside Postgres of a run: the one that `BENCH_DATABASE_URL` names, or one of our own that is removed at the end. */
export interface Postgres {
  readonly version: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly durable: boolean;
  createDatabase(name: string): Promise<Database>;
  checkpoint(): Promise<void>;
  stop(): Promise<void>;
}

export async function openPostgres(databaseUrl: string | undefined): Promise<Postgres> {
  const own = databaseUrl === undefined ? await startOwn() : undefined;
  const url = new URL(databaseUrl ?? own!.url);
  const admin = new pg.Client({ connectionString: url.href });
  try {
    await admin.connect();
  } catch (error) {
    await own?.stop();
    throw error;
  }
  admin.on('error', () => {}); // it ends with the server
  const settings: Record<string, string> = {};
  for (const name of SETTINGS) settings[name] = (await admin.query(`show ${name}`)).rows[0][name];
  const {
    rows: [{ server_version: version }],
  } = await admin.query('show server_version');
  const created: string[] = [];
  return {
    version,
    settings,
    durable: settings.fsync === 'on' && settings.synchronous_commit !== 'off',
    async createDatabase(name) {
      const database = `plinth_bench_${process.pid}_${name.replaceAll('-', '_')}`;
      await admin.query(`create database ${database}`);
      created.push(database);
      const mine = new URL(url);
      mine.pathname = `/${database}`;
      return {
        url: mine.href,
        host: mine.hostname,
        port: Number(mine.port || 5432),
        name: database,
        user: decodeURIComponent(mine.username),
        password: decodeURIComponent(mine.password),
      };
    },
    async checkpoint() {
      await admin.query('checkpoint').catch((error: { code?: string }) => {
        if (error.code !== '42501') throw error; // a role without the right: its rounds are a little less even
      });
    },
    async stop() {
      for (const database of created) await admin.query(`drop database if exists ${database} with (force)`);
      await admin.end();
      await own?.stop();
    },
  };
}

/** The kit's embedded Postgres with its durable settings, on loopback TCP as an outside one would be, in a folder of its own. */
async function startOwn(): Promise<{ url: string; stop(): Promise<void> }> {
  const { startEmbedded } = (await import(
    new URL('../../kit/src/database/embedded/index.ts', import.meta.url).href
  )) as typeof import('../../kit/src/database/embedded/index.ts');
  const work = fileURLToPath(new URL('../.work', import.meta.url));
  await mkdir(work, { recursive: true });
  for (const left of await readdir(work)) if (!isRunning(Number(left))) await rm(join(work, left), { recursive: true, force: true });
  const directory = join(work, String(process.pid));
  const port = await freePort();
  const server = await startEmbedded({
    directory,
    port,
    settings: { max_connections: '200', shared_buffers: '256MB', max_wal_size: '4GB' },
  });
  const url = new URL(server.superuserUrl);
  url.hostname = '127.0.0.1';
  url.search = '';
  return {
    url: url.href,
    async stop() {
      await server.stop();
      await rm(dirname(server.directory), { recursive: true, force: true });
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Of a run that was killed only the folder is left, named after its process. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
