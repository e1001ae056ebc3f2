import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { AnyFeature } from '../feature.ts';

/** One feature's migrations, in their own order. */
export interface MigrationStream {
  readonly name: string;
  /** Folder of `0001_name.sql` files. */
  readonly directory: string;
  /**
   * `schema`: the app role may read and write the tables of the feature's schema, less what a `grants.sql` of the feature's takes
   * back. `own`: its `grants.sql` grants what it wants granted.
   */
  readonly grants: 'schema' | 'own';
}
export interface MigrateOptions {
  /** A URL of the role that owns the schemas. */
  readonly ownerUrl: string;
  /** Name of the role that serves; the owner itself when there is one role only. */
  readonly appRole: string;
  readonly streams: readonly MigrationStream[];
  readonly notify?: (line: string) => void;
}
export class MigrationError extends Error {}

/** The kit's own streams, then those of the features, needs first. */
export const migrationStreams = (features: readonly AnyFeature[]): MigrationStream[] => [
  { name: 'log', directory: join(import.meta.dirname, '../log/migrations'), grants: 'own' },
  { name: 'realtime', directory: join(import.meta.dirname, '../realtime/migrations'), grants: 'own' },
  { name: 'http', directory: join(import.meta.dirname, '../http/migrations'), grants: 'own' },
  { name: 'queue', directory: join(import.meta.dirname, '../jobs/migrations'), grants: 'schema' },
  ...features.flatMap(({ name, migrations }) => (migrations ? [{ name, directory: migrations, grants: 'schema' as const }] : [])),
];

export const schemaOf = (feature: string): string => feature.replaceAll('-', '_');

const LOCK = 7_303_146; // any constant: one migrator at a time on one database
/** Held by whoever fills an empty database: its first server, or a copy into it. */
export const SEED_LOCK = 7_303_147;
const JOURNAL = `
create schema if not exists plinth;
create table if not exists plinth.migrations (
  stream text not null, file text not null, checksum text not null, applied_at timestamptz not null default now(), primary key (stream, file)
);
create table if not exists plinth.grants (stream text primary key, granted text not null);
create table if not exists plinth.seeded (at timestamptz not null default now());`;

const GRANTS = 'grants.sql';

interface MigrationFile {
  readonly file: string;
  readonly sql: string;
  readonly checksum: string;
}
async function filesOf({ name, directory }: MigrationStream): Promise<MigrationFile[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql') && file !== GRANTS).sort();
  return Promise.all(
    files.map(async (file, index) => {
      if (!file.startsWith(`${String(index + 1).padStart(4, '0')}_`))
        throw new MigrationError(
          `${name}/${file}: migrations are numbered without a gap; expected ${String(index + 1).padStart(4, '0')}_….sql`,
        );
      const sql = await readFile(join(directory, file), 'utf8');
      return { file, sql, checksum: createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex') };
    }),
  );
}

/**
 * Brings the database up to date: each file once, in a transaction of its own, under one advisory lock, forward only.
 * @returns the files applied, `stream/file`.
 * @throws MigrationError when an applied file was changed or removed since, or one fails.
 */
export async function migrate({ ownerUrl, appRole, streams, notify }: MigrateOptions): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 5000, application_name: 'plinth migrate' });
  await client.connect();
  try {
    await client.query('set statement_timeout = 0; set lock_timeout = 0'); // another node may be at it, for minutes
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await client.query(`set lock_timeout = '30s'`);
    await client.query(JOURNAL);
    await client.query(`select set_config('plinth.app_role', $1, false)`, [appRole]);
    const { rows } = await client.query<{ stream: string; file: string; checksum: string }>(
      'select stream, file, checksum from plinth.migrations',
    );
    const journal = new Map(rows.map(({ stream, file, checksum }) => [`${stream}/${file}`, checksum]));
    const applied: string[] = [];
    for (const stream of streams) {
      const files = await filesOf(stream);
      const known = rows.filter((row) => row.stream === stream.name).map((row) => row.file);
      const gone = known.find((file) => !files.some((other) => other.file === file));
      if (gone)
        throw new MigrationError(
          `${stream.name}/${gone} was applied to this database but is not in this release: run the release that has it, or newer`,
        );
      for (const { file, sql, checksum } of files) {
        const id = `${stream.name}/${file}`;
        const before = journal.get(id);
        if (before === checksum) continue;
        if (before !== undefined)
          throw new MigrationError(`${id} was changed after it was applied: restore the file and write a new migration instead`);
        await apply(client, stream, { file, sql, checksum });
        notify?.(`migrated ${id}`);
        applied.push(id);
      }
      await grant(client, stream, appRole, files.length);
    }
    return applied;
  } finally {
    await client.end();
  }
}

async function apply(client: pg.Client, stream: MigrationStream, { file, sql, checksum }: MigrationFile): Promise<void> {
  try {
    await client.query('begin');
    await client.query(sql);
    await client.query('insert into plinth.migrations (stream, file, checksum) values ($1, $2, $3)', [stream.name, file, checksum]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new MigrationError(`${stream.name}/${file} failed: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * What the app role may do, when the files or the role are others than last time: also after a start that broke off in between.
 * Not at every start: what an operator revoked stays revoked (B142).
 */
async function grant(client: pg.Client, { name, directory, grants }: MigrationStream, appRole: string, files: number): Promise<void> {
  const own = grants === 'own' || existsSync(join(directory, GRANTS)) ? await readFile(join(directory, GRANTS), 'utf8') : '';
  const sql = grants === 'own' ? own : schemaGrants(schemaOf(name), appRole) + own;
  const wanted = createHash('sha256').update(`${files} ${appRole} ${sql}`).digest('hex');
  const { rowCount } = await client.query('select 1 from plinth.grants where stream = $1 and granted = $2', [name, wanted]);
  if (rowCount || files === 0) return;
  await client.query('begin');
  try {
    await client.query(sql);
    await client.query('insert into plinth.grants values ($1, $2) on conflict (stream) do update set granted = excluded.granted', [
      name,
      wanted,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new MigrationError(`${name}: ${appRole} could not be granted its rights: ${(error as Error).message}`, { cause: error });
  }
}

function schemaGrants(schema: string, appRole: string): string {
  const [s, role] = [pg.escapeIdentifier(schema), pg.escapeIdentifier(appRole)];
  return `
    grant usage on schema ${s} to ${role};
    grant select, insert, update, delete on all tables in schema ${s} to ${role};
    grant usage, select on all sequences in schema ${s} to ${role};
    grant execute on all functions in schema ${s} to ${role};`;
}

/** How long the log stays in the database is the owner's to say: the role that serves can drop nothing younger. @param days null: for ever. */
export async function settleRetention(ownerUrl: string, days: number | null): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 5000, application_name: 'plinth migrate' });
  await client.connect();
  try {
    await client.query('update log.retention set days = $1 where days is distinct from $1', [days]);
  } finally {
    await client.end();
  }
}

/** Files not applied yet, without touching anything: for `doctor` and for servers that do not migrate. */
export async function pendingMigrations(url: string, streams: readonly MigrationStream[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    const exists = await client.query<{ found: string | null }>(`select to_regclass('plinth.migrations')::text as found`);
    const { rows } = exists.rows[0]?.found
      ? await client.query<{ id: string }>(`select stream || '/' || file as id from plinth.migrations`)
      : { rows: [] };
    const done = new Set(rows.map(({ id }) => id));
    const all = await Promise.all(streams.map(async (stream) => (await filesOf(stream)).map(({ file }) => `${stream.name}/${file}`)));
    return all.flat().filter((id) => !done.has(id));
  } finally {
    await client.end();
  }
}
