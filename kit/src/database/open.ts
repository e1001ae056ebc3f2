import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pg from 'pg';
import type { Config } from '../config.ts';
import type { EmbeddedPostgres } from './embedded/index.ts';
import { settleRole } from './role.ts';

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

interface Inspected {
  readonly role: string;
  readonly version: string;
  readonly number: number;
  /** Which database of which server run this is. */
  readonly identity: string;
}
const INSPECT = `select current_user::text as role, current_setting('server_version') as version, current_setting('server_version_num')::int as number,
  (select oid from pg_catalog.pg_database where datname = current_database())::text || ' ' || extract(epoch from pg_catalog.pg_postmaster_start_time())::text as identity`;
const WHY: Readonly<Record<string, string>> = {
  '3D000': 'the database does not exist: create it first',
  '28P01': 'the password or role is refused',
  '28000': 'the password or role is refused',
};

/** Asks who we are there. @throws DatabaseError when it is unreachable, refuses us or is too old. */
async function inspect(url: string, variable: string, also?: (client: pg.Client) => Promise<unknown>): Promise<Inspected> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, application_name: 'plinth' });
  client.on('error', () => undefined); // the query that was under way tells it
  try {
    await client.connect();
    const inspected = (await client.query<Inspected>(INSPECT)).rows[0]!;
    if (inspected.number < OLDEST * 10_000)
      throw new DatabaseError(
        `${variable} (${at(url)}) is PostgreSQL ${inspected.version}; Plinth needs ${OLDEST} or newer: upgrade it, or unset ${variable} to run on the embedded one`,
      );
    await also?.(client);
    return inspected;
  } catch (error) {
    if (error instanceof DatabaseError) throw error;
    const { code = '', message } = error as { code?: string; message: string };
    throw new DatabaseError(
      `${variable} (${at(url)}) cannot be used: ${WHY[code] ?? (message || code)}. Check that it runs and that ${variable} is right, or unset it to run on the embedded PostgreSQL`,
      { cause: error },
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Opens the database that the configuration names, or starts the embedded one. */
export async function openDatabase(config: Config, notify: (line: string) => void): Promise<OpenDatabase> {
  const { url, ownerUrl, embeddedPort } = config.database;
  if (url === null || ownerUrl === null) {
    const { startEmbedded } = await import('./embedded/index.ts');
    const server: EmbeddedPostgres = await startEmbedded({
      directory: resolve(config.dataDirectory),
      notify,
      ...(embeddedPort === null ? {} : { port: embeddedPort }),
    });
    return { ...embedded(server.ownerUrl, server.appUrl, server.version), ended: server.ended, stop: () => server.stop() };
  }
  const app = await inspect(url, 'DATABASE_URL', async (client) => {
    await settleRole(client).catch((error: Error) =>
      notify(`the limits of its role could not be set (${error.message}): set them as docs/guides/outside-postgres.md says`),
    );
  });
  const owner = ownerUrl === url ? app : await inspect(ownerUrl, 'DATABASE_OWNER_URL');
  if (owner.identity !== app.identity)
    throw new DatabaseError(
      `DATABASE_URL (${at(url)}) and DATABASE_OWNER_URL (${at(ownerUrl)}) are two different databases: they must be one, as two roles`,
    );
  return {
    appUrl: url,
    ownerUrl,
    appRole: app.role,
    version: `PostgreSQL ${app.version}`,
    embedded: false,
    oneRole: app.role === owner.role,
    ended: never(),
    stop: async () => undefined,
  };
}

const never = (): Promise<void> => new Promise<void>(() => undefined);
const embedded = (ownerUrl: string, appUrl: string, version: string): OpenDatabase => ({
  ownerUrl,
  appUrl,
  appRole: 'plinth_app',
  version: `PostgreSQL ${version} (embedded)`,
  embedded: true,
  oneRole: false,
  ended: never(),
  stop: async () => undefined,
});

/** The embedded database of a server that is running on the data directory, to use beside it; undefined where none runs. */
export async function runningDatabase(config: Config): Promise<OpenDatabase | undefined> {
  if (config.database.url !== null) return undefined;
  const { embeddedUrls } = await import('./embedded/urls.ts');
  const url = async (role: 'plinth_owner' | 'plinth_app'): Promise<string> =>
    (await embeddedUrls(resolve(config.dataDirectory), config.database.embeddedPort, role)).socket;
  try {
    const ownerUrl = await url('plinth_owner');
    const { version } = await inspect(ownerUrl, 'PLINTH_DATA');
    return embedded(ownerUrl, await url('plinth_app'), version);
  } catch {
    return undefined; // nobody answers: opening it says what is wrong, if anything is
  }
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
