import { randomInt } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { createCatalog, type AnyFeature } from '../feature.ts';
import { journalOf, obstaclesOf, otherSchemas, sequenceStatements, tablesOf, type CopiedTable } from './copy-tables.ts';
import { schemaOf, SEED_LOCK } from './migrate.ts';
import { DatabaseError, OLDEST } from './open.ts';

export interface CopyOptions {
  /** URL of the role that owns the source. */
  readonly from: string;
  /** URL of the role that will own the target. */
  readonly to: string;
  /** Brings the target up to date as this release; the source is already. */
  readonly migrateTarget: (target: { readonly ownerUrl: string; readonly appRole: string }) => Promise<unknown>;
  readonly features: readonly AnyFeature[];
  readonly notify: (line: string) => void;
}
export interface Copied {
  readonly tables: number;
  readonly rows: number;
  /** The role that serves the target: `plinth_app` where that role exists, else the one that owns it. */
  readonly appRole: string;
}

/**
 * Moves everything that Plinth keeps to another PostgreSQL: one consistent state of the source, one transaction on the target. Facts
 * keep their positions and the chain its hashes; what was handled stays handled, what waits (facts without a position, jobs) waits
 * there. While it runs the source takes no writes; afterwards only one of the two may serve, or both do the same jobs.
 * @throws DatabaseError in one line: unreachable, too old, the same database, not empty, or still in use.
 */
export async function copyDatabase({ from, to, migrateTarget, features, notify }: CopyOptions): Promise<Copied> {
  const source = await connect(from, 'the source');
  try {
    const target = await connect(to, 'the target');
    try {
      await refuseSame(source, target);
      await refuseServing(source);
      await refuseUsed(target);
      const appRole = await roleThatServes(target);
      await migrateTarget({ ownerUrl: to, appRole });
      await refuseOtherRelease(source, target);
      const copied = await copyAll(source, target, schemasOf(features), notify);
      await target.query('analyze').catch(() => notify('the target was not analyzed: run analyze there'));
      return { ...copied, appRole };
    } finally {
      await target.end();
    }
  } finally {
    await source.end();
  }
}

/** Needs first; the job queues last. */
const schemasOf = (features: readonly AnyFeature[]): string[] => [
  'plinth',
  'log',
  'realtime',
  'http',
  ...createCatalog(features).features.map(({ name }) => schemaOf(name)),
  'queue',
  'pgboss',
];

// Text must mean the same on both sides, whatever a role or a database sets as its default.
const SESSION = `set statement_timeout = 0; set lock_timeout = '10s'; set idle_in_transaction_session_timeout = 0; set client_encoding = 'UTF8';
  set datestyle = 'ISO, MDY'; set intervalstyle = 'postgres'; set timezone = 'UTC'; set extra_float_digits = 3; set search_path = pg_catalog`;

async function connect(url: string, which: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, application_name: 'plinth copy', keepAlive: true });
  // A connection lost between two statements fails the next one; without a listener it would end the process instead.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; number: number; encoding: string }>(
      `select current_setting('server_version') as version, current_setting('server_version_num')::int as number, current_setting('server_encoding') as encoding`,
    );
    const { version, number, encoding } = rows[0]!;
    if (number < OLDEST * 10_000) throw new DatabaseError(`${which} is PostgreSQL ${version}; Plinth needs ${OLDEST} or newer`);
    if (encoding !== 'UTF8') throw new DatabaseError(`${which} stores text as ${encoding}: create the database with encoding 'UTF8'`);
    await client.query(SESSION);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    if (error instanceof DatabaseError) throw error;
    const { code, message } = error as { code?: string; message: string };
    throw new DatabaseError(`${which} cannot be reached: ${message || code}`, { cause: error });
  }
}

/** An advisory lock is seen by every session of the same database and by no other, however differently the URLs are written. */
async function refuseSame(source: pg.Client, target: pg.Client): Promise<void> {
  const key = randomInt(2 ** 47);
  await source.query('select pg_advisory_lock($1)', [key]);
  const { rows } = await target.query<{ free: boolean }>('select pg_try_advisory_lock($1) as free', [key]);
  if (!rows[0]!.free) throw new DatabaseError('source and target are the same database');
  await source.query('select pg_advisory_unlock($1)', [key]);
  await target.query('select pg_advisory_unlock($1)', [key]);
}

async function refuseServing(source: pg.Client): Promise<void> {
  const { rows } = await source.query<{ n: string }>(
    `select count(*)::text as n from pg_stat_activity where datname = current_database() and application_name = 'plinth'`,
  );
  if (rows[0]!.n !== '0')
    throw new DatabaseError(
      `servers still run on the source (${rows[0]!.n} connections): stop them first, or what they write from now on is lost`,
    );
}

/** Migrated is not used: a copy that failed leaves a migrated, empty target, and may be repeated. */
async function refuseUsed(target: pg.Client): Promise<void> {
  if ((await journalOf(target)) === null) return;
  for (const table of ['plinth.seeded', 'log.events', 'log.outbox', 'http.claims', 'pgboss.job']) {
    const { rows } = await target.query<{ found: string | null }>('select to_regclass($1)::text as found', [table]);
    const used = rows[0]?.found && (await target.query(`select 1 from ${table} limit 1`)).rowCount;
    if (used) throw new DatabaseError(`the target already holds data (${table}): copy into an empty database`);
  }
}

async function roleThatServes(target: pg.Client): Promise<string> {
  const { rows } = await target.query<{ role: string }>(
    `select coalesce((select rolname::text from pg_roles where rolname = 'plinth_app'), current_user::text) as role`,
  );
  return rows[0]!.role;
}

async function refuseOtherRelease(source: pg.Client, target: pg.Client): Promise<void> {
  const [ours, theirs] = [(await journalOf(source)) ?? [], (await journalOf(target)) ?? []];
  const odd = ours.find((id) => !theirs.includes(id)) ?? theirs.find((id) => !ours.includes(id));
  if (odd !== undefined)
    throw new DatabaseError(
      `source and target are not of the same release (${odd.split(' ')[0]}): migrate the source with this release first`,
    );
}

async function copyAll(
  source: pg.Client,
  target: pg.Client,
  schemas: readonly string[],
  notify: (line: string) => void,
): Promise<{ tables: number; rows: number }> {
  const tables = await tablesOf(source, schemas);
  const others = await otherSchemas(source, schemas);
  if (others.length > 0) notify(`not copied, because no feature owns them: ${others.join(', ')}`);
  const names = tables.map(({ name }) => name).join(', ');
  // The locks come before the first query of the transaction: the snapshot is taken once nobody writes any more.
  await source.query('begin isolation level repeatable read');
  await source.query(`lock table ${names} in share mode`);
  await target.query('begin');
  try {
    await target.query('select pg_advisory_xact_lock($1)', [SEED_LOCK]);
    await target.query(`lock table ${names} in access exclusive mode`);
    await refuseUsed(target);
    const obstacles = await obstaclesOf(target, tables);
    for (const { off } of obstacles) await target.query(off);
    for (const { name } of tables) await target.query(`delete from ${name}`); // what migrations put there, the source holds as it is now
    let rows = 0;
    for (const table of tables) rows += await copyTable(source, target, table, notify);
    for (const statement of await sequenceStatements(source, schemas)) await target.query(statement);
    for (const { on } of obstacles) await target.query(on);
    await target.query('commit');
    return { tables: tables.length, rows };
  } catch (error) {
    await target.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    await source.query('rollback').catch(() => undefined);
  }
}

async function copyTable(
  source: pg.Client,
  target: pg.Client,
  { title, name, columns }: CopiedTable,
  notify: (line: string) => void,
): Promise<number> {
  // A query, not the table: older servers refuse COPY TO from a partitioned one. COPY FROM writes identity columns as they come.
  const reading = source.query(copyTo(`copy (select ${columns} from ${name}) to stdout`));
  const writing = target.query(copyFrom(`copy ${name} (${columns}) from stdin`));
  try {
    await pipeline(reading, writing);
  } catch (error) {
    throw new DatabaseError(`${title} could not be copied: ${(error as Error).message}`, { cause: error });
  }
  const counted = `select count(*)::text as n from ${name}`;
  const there = Number((await source.query<{ n: string }>(counted)).rows[0]!.n);
  const here = Number((await target.query<{ n: string }>(counted)).rows[0]!.n);
  if (here !== there)
    throw new DatabaseError(`${title} holds ${here} rows after the copy, but ${there} at the source: nothing was changed on the target`);
  if (here > 0) notify(`${title}: ${here.toLocaleString('en')} ${here === 1 ? 'row' : 'rows'}`);
  return here;
}
