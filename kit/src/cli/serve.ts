import type { MailReplacement } from '../mail/templates.ts';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { relative } from 'node:path';
import pg from 'pg';
import { createApp, type App } from '../app.ts';
import { ConfigError, readConfig, startedByNpm, type Config } from '../config.ts';
import { EmbeddedError } from '../database/embedded/errors.ts';
import { migrate, MigrationError, migrationStreams, SEED_LOCK, settleRetention } from '../database/migrate.ts';
import { DatabaseError, openDatabase, withSecret, type OpenDatabase } from '../database/open.ts';
import { type AnyFeature, createCatalog } from '../feature.ts';
import { migrateJobs } from '../jobs/migrate.ts';
import type { WebApp } from '../http/web-app.ts';
import { fail, row, say, UsageError } from './print.ts';

/** An expected problem is told in its own words; anything else is ours, with its stack. */
export function explain(error: unknown): string {
  if (
    error instanceof ConfigError ||
    error instanceof DatabaseError ||
    error instanceof MigrationError ||
    error instanceof EmbeddedError ||
    error instanceof UsageError
  )
    return error.message;
  const { code, port, stack, message } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') return `port ${port} is taken: stop what listens there, or choose another: PORT=${Number(port) + 1} npm start`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `HOST is no address of this machine (${message}): unset it, or choose 127.0.0.1 or 0.0.0.0`;
  if (code === '42501')
    return `the role that migrates lacks a right (${message}): set DATABASE_OWNER_URL to the role that owns the database; docs/guides/outside-postgres.md prepares both`;
  if (code === '42P01' || code === '3F000') return `the database has not been brought up to date (${message}): plinth migrate`;
  if (code === 'EACCES' && port !== undefined)
    return `port ${port} needs more rights than this user has: choose one above 1023, for example PORT=3000`;
  return stack ?? message;
}

/** Brings the database of a release up to date: the kit's streams, the features', the job queues. */
export async function migrateAll(
  database: Pick<OpenDatabase, 'ownerUrl' | 'appRole'>,
  features: readonly AnyFeature[],
  notify: (line: string) => void,
): Promise<string[]> {
  const catalog = createCatalog(features);
  const applied = await migrate({ ...database, streams: migrationStreams(catalog.features), notify });
  await migrateJobs(database.ownerUrl, catalog, database.appRole);
  return applied;
}

/** Seeds once in a database's life, however many nodes start at the same moment. */
async function seedOnce(database: OpenDatabase, app: App): Promise<string[]> {
  const client = new pg.Client({ connectionString: database.ownerUrl, connectionTimeoutMillis: 5000, application_name: 'plinth seed' });
  await client.connect();
  try {
    await client.query('set statement_timeout = 0; set lock_timeout = 0'); // another node may be seeding
    await client.query('select pg_advisory_lock($1)', [SEED_LOCK]);
    const done = await client.query('select 1 from plinth.seeded limit 1');
    if (done.rowCount) return [];
    const lines = await app.seed();
    await client.query('insert into plinth.seeded default values');
    return lines;
  } finally {
    await client.end();
  }
}

/** A taken port is told before a database is touched; 0 becomes a number here, for links, tokens and origins name it. */
async function withPort<C extends Config>(config: C): Promise<C> {
  if (!config.roles.includes('api') && config.port !== 0) return config;
  const probe = createServer().listen(config.port, config.host);
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return config.port === port ? config : { ...config, port, baseUrl: config.baseUrl || `http://localhost:${port}` };
}

function announce(config: Config, url: string, webApps: readonly WebApp[]): void {
  const seconds = (performance.now() / 1000).toFixed(1); // it counts from the start of the process
  const base = config.baseUrl || url;
  row('listening', `${url} (ready in ${seconds} s)`);
  if (!config.roles.includes('api')) return row('working', 'jobs and handlers; HTTP answers /health and /metrics only');
  say('');
  for (const { at } of webApps) row(at.slice(1), `${base}${at}`);
  row('reference', `${base}/api-docs`);
  row('health', `${base}/health`);
  if (!config.production && config.mail.smtpUrl === null) row('mailbox', `${base}/dev/mailbox`);
  say('');
  say(`  Try it:  curl ${base}/api/v1/products`);
  say('  Stop it: Ctrl-C');
  say('');
}

const SAME_PRESS_MS = 1000;
const ORPHANED_MS = 500;

/** `plinth start`: everything from nothing to serving, and back when told to stop. */
export async function serve(
  features: readonly AnyFeature[],
  version: string,
  { mails = [], webApps = [] }: { readonly mails?: readonly MailReplacement[]; readonly webApps?: readonly WebApp[] } = {},
): Promise<void> {
  let database: OpenDatabase | undefined;
  let app: App | undefined;
  let stopping: Promise<void> | undefined;
  const stop = (code: number): Promise<void> =>
    (stopping ??= (async () => {
      const deadline = setTimeout(() => process.exit(code || 1), 2 * shutdownMs);
      await app?.stop().catch((error: unknown) => fail(explain(error)));
      await database?.stop();
      clearTimeout(deadline);
      process.exit(code);
    })());
  let shutdownMs = 15_000;
  let toldAt = 0;
  const told = (signal: string): void => {
    if (stopping) return;
    say(`\n${signal}: finishing what is under way (once more: at once)`);
    void stop(0);
  };
  if (startedByNpm()) {
    const parent = process.ppid;
    setInterval(() => process.ppid === parent || told('npm has ended'), ORPHANED_MS).unref();
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // Under npm one Ctrl-C arrives twice: from the terminal, and passed on by npm.
      if (stopping && signal === 'SIGINT' && performance.now() - toldAt > SAME_PRESS_MS) process.exit(130);
      if (!stopping) toldAt = performance.now();
      told(signal);
    });
  }
  try {
    const config = await withPort(await withSecret(readConfig()));
    shutdownMs = config.shutdownSeconds * 1000;
    say(`\nPlinth ${version} · ${config.environment}`);
    database = await openDatabase(config, (line) => row('database', line));
    row('database', `${database.version}${database.embedded ? ` in ${relative(process.cwd(), config.dataDirectory) || '.'}/` : ''}`);
    if (database.oneRole)
      row('warning', 'one role owns and serves the database: the audit log is evident, not protected. Set DATABASE_OWNER_URL');
    void database.ended.then(() => {
      if (stopping) return;
      fail('the embedded PostgreSQL ended by itself: see its log in the data directory, then start again');
      void stop(1);
    });
    const applied = await migrateAll(database, features, () => undefined);
    await settleRetention(database.ownerUrl, config.audit.retentionDays);
    if (applied.length > 0) row('migrated', `${applied.length} files`);
    app = await createApp({ config, features, version, mails, webApps, databaseUrl: database.appUrl });
    const { logger } = app.kit;
    process.on('unhandledRejection', (error) => logger.error({ err: error }, 'a promise was rejected that nobody waited for'));
    process.on('uncaughtException', (error) => {
      logger.fatal({ err: error }, 'an error that nobody caught: the server drains and ends');
      void stop(1);
    });
    for (const line of await seedOnce(database, app)) row('seeded', line);
    const url = await app.start();
    announce(config, url, webApps);
  } catch (error) {
    // What a stop breaks off is no failure.
    if (!stopping) fail(explain(error));
    await stop(1);
  }
}
