import { resolve } from 'node:path';
import { readConfig, type Config } from '../config.ts';
import { openDatabase, runningDatabase, type OpenDatabase } from '../database/open.ts';
import { settleRetention } from '../database/migrate.ts';
import { createCatalog } from '../feature.ts';
import type { Access } from '../definitions.ts';
import type { CliOptions } from './index.ts';
import { row, say, UsageError } from './print.ts';
import { migrateAll } from './serve.ts';

/** Opens the configured database for one command and lets go of it again; that of a running server is used beside it. */
export async function withDatabase<T>(work: (database: OpenDatabase, config: Config) => Promise<T>): Promise<T> {
  const config = readConfig();
  const database = (await runningDatabase(config)) ?? (await openDatabase(config, (line) => row('database', line)));
  try {
    return await work(database, config);
  } finally {
    await database.stop();
  }
}

export const migrateCommand = ({ features }: CliOptions): Promise<void> =>
  withDatabase(async (database, config) => {
    const applied = await migrateAll(database, features, (line) => say(`  ${line}`));
    await settleRetention(database.ownerUrl, config.audit.retentionDays);
    say(applied.length === 0 ? 'Nothing to do: the database is up to date.' : `${applied.length} files applied.`);
  });

const who = (access: Access): string => {
  if (typeof access === 'string') return access;
  const { permission, own, scope, fresh } = { permission: undefined, own: undefined, scope: undefined, ...access };
  return [permission?.name ?? 'signed-in', own && `own unless ${own.name}`, scope && `in ${scope}`, fresh && `fresh ${fresh}`]
    .filter(Boolean)
    .join(', ');
};
export async function routesCommand({ features }: CliOptions): Promise<void> {
  for (const { id, operation } of createCatalog(features).operations) {
    say(
      `${operation.method.padEnd(6)} ${`${operation.at === 'root' ? '' : '/api/v1'}${operation.path}`.padEnd(44)} ${id.padEnd(28)} ${who(operation.access)}`,
    );
  }
}

export async function openapiCommand({ features }: CliOptions): Promise<void> {
  const { openApiDocument } = await import('../http/openapi.ts');
  say(JSON.stringify(openApiDocument(createCatalog(features)), null, 2));
}

export async function dbCommand(options: CliOptions, [action, ...rest]: readonly string[]): Promise<void> {
  if (action === 'url') return dbUrl();
  if (action === 'copy') return dbCopy(options, rest);
  throw new UsageError('usage: plinth db url | plinth db copy --to postgres://…');
}

/** The address is told without starting anything: the server that holds the directory is the one to connect to. */
async function dbUrl(): Promise<void> {
  const config = readConfig();
  if (config.database.url !== null) return say(config.database.url);
  const { embeddedUrls } = await import('../database/embedded/urls.ts');
  const { socket, port } = await embeddedUrls(resolve(config.dataDirectory), config.database.embeddedPort);
  row('socket', socket);
  row('port', port ?? 'closed: start the server with PLINTH_DB_PORT=5433 to open it on 127.0.0.1');
  say(`\n  psql '${socket}'`);
}

async function dbCopy({ features }: CliOptions, parameters: readonly string[]): Promise<void> {
  const to = parameters[0] === '--to' ? parameters[1] : undefined;
  if (!to) throw new UsageError('usage: plinth db copy --to postgres://owner:password@host/database');
  const { copyDatabase } = await import('../database/copy.ts');
  await withDatabase(async (database) => {
    await migrateAll(database, features, (line) => say(`  ${line}`));
    const { tables, rows, appRole } = await copyDatabase({
      from: database.ownerUrl,
      to,
      migrateTarget: (target) => migrateAll(target, features, (line) => say(`  ${line}`)),
      features,
      notify: (line) => say(`  ${line}`),
    });
    say(
      `\nCopied ${rows} rows of ${tables} tables. Next: set DATABASE_URL to the new database (role ${appRole}) and DATABASE_OWNER_URL to its owner,`,
    );
    say('keep PLINTH_SECRET (signing keys are sealed with it), start the server, and do not start one on the old database again.');
  });
}
