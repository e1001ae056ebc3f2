import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pg from 'pg';
import type { Config } from '../config.ts';
import type { EmbeddedPostgres } from './embedded/index.ts';

/** The database of one process: where it is, and how it is let go of. */
export interface OpenDatabase {
  readonly appUrl: string;
  readonly ownerUrl: string;
  readonly appRole: string;
  /** `PostgreSQL 18.4 (embedded)` */
  readonly version: string;
  readonly embedded: boolean;
  /** One role owns and serves: the log is evident, not protected. */
  readonly oneRole: boolean;
  /** Settles when an embedded server ended by itself; never for an outside one. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}
/** A database that cannot be used, in one line that says how to mend it. */
export class DatabaseError extends Error {}

/** Major version of PostgreSQL. */
export const OLDEST = 15;

const at = (url: string): string => {
  const { hostname, port, pathname, searchParams } = new URL(url);
  return `${searchParams.get('host') ?? hostname}${port ? `:${port}` : ''}${pathname}`;
};

/** Asks who we are there. @throws DatabaseError when it is unreachable, refuses us or is too old. */
async function inspect(url: string, variable: string): Promise<{ role: string; version: string }> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, application_name: 'plinth' });
  try {
    await client.connect();
    const { rows } = await client.query<{ role: string; version: string; number: number }>(
      `select current_user::text as role, current_setting('server_version') as version, current_setting('server_version_num')::int as number`,
    );
    const { role, version, number } = rows[0]!;
    if (number < OLDEST * 10_000) throw new DatabaseError(`${variable} (${at(url)}) is PostgreSQL ${version}; Plinth needs ${OLDEST} or newer: upgrade it, or unset ${variable} to run on the embedded one`);
    return { role, version };
  } catch (error) {
    if (error instanceof DatabaseError) throw error;
    const { code, message } = error as { code?: string; message: string };
    const why = code === '3D000' ? 'the database does not exist: create it first' : code === '28P01' || code === '28000' ? 'the password or role is refused' : message || code;
    throw new DatabaseError(`${variable} (${at(url)}) cannot be used: ${why}. Check that it runs and that ${variable} is right, or unset it to run on the embedded PostgreSQL`, { cause: error });
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Opens the database that the configuration names, or starts the embedded one. */
export async function openDatabase(config: Config, notify: (line: string) => void): Promise<OpenDatabase> {
  const { url, ownerUrl, embeddedPort } = config.database;
  if (url === null || ownerUrl === null) {
    const { startEmbedded } = await import('./embedded/index.ts');
    const server: EmbeddedPostgres = await startEmbedded({ directory: resolve(config.dataDirectory), notify, ...(embeddedPort === null ? {} : { port: embeddedPort }) });
    return { appUrl: server.appUrl, ownerUrl: server.ownerUrl, appRole: 'plinth_app', version: `PostgreSQL ${server.version} (embedded)`, embedded: true, oneRole: false, ended: server.ended, stop: () => server.stop() };
  }
  const app = await inspect(url, 'DATABASE_URL');
  const owner = ownerUrl === url ? app : await inspect(ownerUrl, 'DATABASE_OWNER_URL');
  return { appUrl: url, ownerUrl, appRole: app.role, version: `PostgreSQL ${app.version}`, embedded: false, oneRole: app.role === owner.role, ended: new Promise<void>(() => undefined), stop: async () => undefined };
}

/** In development a secret is made once and kept beside the data; production was refused without one. */
export async function withSecret(config: Config): Promise<Config & { readonly secret: string }> {
  if (config.secret !== null) return { ...config, secret: config.secret };
  const directory = resolve(config.dataDirectory);
  const path = join(directory, 'secret');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(path, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return { ...config, secret: (await readFile(path, 'utf8')).trim() };
}
