import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { APP_LIMITS } from '../role.ts';
import { canReach } from './account.ts';
import { type Binaries, copyBinaries, installedBinaries, linkLibraries } from './binaries.ts';
import { checkData, createCluster, readPasswords } from './cluster.ts';
import { EmbeddedError } from './errors.ts';
import { exists, findHome, type Home, ownedDirectory, socketDirectoryOf } from './home.ts';
import { launch } from './launch.ts';
import { hbaRules, serverArguments, socketPort } from './settings.ts';
import { type Role, socketUrl } from './urls.ts';

export { EmbeddedError } from './errors.ts';

export interface EmbeddedOptions {
  /** Absolute path; the data goes to `postgres/` in it. */
  readonly directory: string;
  /** Also listen on 127.0.0.1 at this port, with passwords. Without it there is only the Unix socket. */
  readonly port?: number;
  /** Receives a line where a start takes longer than a moment. */
  readonly notify?: (line: string) => void;
  /** Postgres settings that replace ours, by name. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** Role `plinth_owner`: owns database `plinth`, migrates. */
  readonly ownerUrl: string;
  /** Role `plinth_app`: serves; may log in and nothing else. */
  readonly appUrl: string;
  /** Role `postgres`, on database `plinth`. */
  readonly superuserUrl: string;
  readonly version: string;
  /** Where the cluster is. */
  readonly directory: string;
  readonly socketDirectory: string;
  readonly pid: number;
  /** Settles when Postgres has ended, by stop() or by itself. */
  readonly ended: Promise<void>;
  /** Fast shutdown; returns when no process is left. */
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL of this directory as a child, and creates it the first time. It stops when this process ends, however it ends.
 * @throws EmbeddedError with one line that says how to mend it.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const notify = options.notify ?? (() => undefined);
  const installed = await installedBinaries();
  const home = await findHome(options.directory);
  const binaries = await usableBinaries(installed, home);
  if (!(await exists(home.data))) {
    notify(`creating the database in ${home.path} (once)`);
    await createCluster(home, binaries, options.settings?.['fsync'] !== 'off');
  }
  await checkData(home, binaries);
  const passwords = await readPasswords(home);
  const socketDirectory = socketDirectoryOf(home, options.port);
  await ownedDirectory(socketDirectory, home.account);
  await writeFile(home.hbaFile, hbaRules);
  if (home.account.foreign) await chmod(home.hbaFile, 0o644);
  const listening = { socketDirectory, hbaFile: home.hbaFile, port: options.port };
  const parameters = serverArguments(home.data, listening, options.settings ?? {});
  const server = await launch({ directory: options.directory, home, binaries, parameters, port: options.port, notify });
  try {
    const url = (role: Role): string => socketUrl(role, passwords, socketDirectory, socketPort(options.port));
    const version = await settle(url('postgres'), home);
    return {
      ownerUrl: url('plinth_owner'),
      appUrl: url('plinth_app'),
      superuserUrl: url('postgres'),
      version,
      directory: home.data,
      socketDirectory,
      pid: server.pid,
      ended: server.ended,
      stop: () => server.stop(),
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** The installed binaries with their links, or a copy where those cannot be made or read. */
async function usableBinaries(installed: Binaries, home: Home): Promise<Binaries> {
  const linked = await linkLibraries(installed.root);
  const { root } = installed;
  const program = join(root, 'bin', 'postgres');
  const library = join(root, 'lib', 'postgresql', 'plpgsql.so');
  if (linked && (!home.account.foreign || canReach(home.account, [program], [library]))) return installed;
  return copyBinaries(installed, home.binaries);
}

/** Gives the application's role its limits where it has others. Returns the server's version. */
async function settle(url: string, home: Home): Promise<string> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; config: string[] | null }>(
      `select current_setting('server_version') as version, rolconfig as config from pg_catalog.pg_roles where rolname = 'plinth_app'`,
    );
    for (const [name, value] of Object.entries(APP_LIMITS)) {
      if (rows[0]?.config?.includes(`${name}=${value}`) !== true) await client.query(`alter role plinth_app set ${name} = '${value}'`);
    }
    return rows[0]?.version ?? '';
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EmbeddedError(`PostgreSQL started but does not let us in (${reason}): compare ${home.passwordsFile} with a backup of it.`, {
      cause,
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}
