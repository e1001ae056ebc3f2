import { resolve } from 'node:path';
import { readConfig } from '../config.ts';
import { existingHome } from '../database/embedded/home.ts';
import { migrationStreams, pendingMigrations } from '../database/migrate.ts';
import { createCatalog } from '../feature.ts';
import type { CliOptions } from './index.ts';
import { row, say } from './print.ts';
import { withDatabase } from './commands.ts';

/** What is configured, what can be reached, what is unsafe. Changes nothing. */
export async function doctor({ features, version }: CliOptions): Promise<void> {
  const config = readConfig();
  say(`\nPlinth ${version} · ${config.environment} · Node ${process.versions.node}`);
  row('roles', config.roles.join(', '));
  row('address', `${config.host}:${config.port}, known as ${config.baseUrl}`);
  row('cache', config.redisUrl ? 'Redis behind memory' : 'in memory (REDIS_URL is not set)');
  row('mail', config.mail.smtpUrl ? `SMTP, from ${config.mail.from}` : 'development mailbox at /dev/mailbox (SMTP_URL is not set)');
  row('proxies', config.trustProxy.length > 0 ? config.trustProxy.join(', ') : 'none trusted: the peer of the socket is the client');
  row('origins', config.corsOrigins.length > 0 ? config.corsOrigins.join(', ') : 'only its own');
  row('places', config.geoipDatabase ?? 'off (GEOIP_DATABASE is not set)');
  row('traces', config.otlpEndpoint ?? 'off (OTEL_EXPORTER_OTLP_ENDPOINT is not set)');
  const { anchorFile, anchorUrl, archiveDirectory, retentionDays } = config.audit;
  const anchors = [anchorFile, anchorUrl].filter((place) => place !== null);
  row('anchors', anchors.length > 0 ? anchors.join(', ') : 'none (AUDIT_ANCHOR_FILE and AUDIT_ANCHOR_URL are not set)');
  row('audit', retentionDays === null ? 'kept for ever' : `${retentionDays} days, then in ${archiveDirectory}`);
  if (config.database.url === null && (await existingHome(resolve(config.dataDirectory))) === undefined) {
    return row('database', `none yet: the first start makes one in ${config.dataDirectory}/`);
  }
  const unsafe = await withDatabase(async (database) => {
    row('database', `${database.version}, role ${database.appRole}`);
    const pending = await pendingMigrations(database.ownerUrl, migrationStreams(createCatalog(features).features));
    row('schema', pending.length === 0 ? 'up to date' : `${pending.length} migrations pending: plinth migrate`);
    return database.oneRole
      ? ['One role owns and serves the database: the audit log is evident, not protected. Set DATABASE_OWNER_URL.']
      : [];
  });
  if (anchors.length === 0)
    unsafe.push(
      'The log is anchored nowhere: who rules the database could cut its end off unseen. Set AUDIT_ANCHOR_FILE or AUDIT_ANCHOR_URL.',
    );
  if (!config.production)
    unsafe.push('This is development: limits are ×100 and cookies work over http. NODE_ENV=production for the real thing.');
  say('');
  for (const line of unsafe) row('note', line);
}
