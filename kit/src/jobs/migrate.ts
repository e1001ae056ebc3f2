import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { PgBoss } from 'pg-boss';
import type { Catalog } from '../feature.ts';
import { DEAD_QUEUE, fingerprintOf, optionsOf, type QueueSpec, queuesOf, RETENTION_SECONDS } from './queues.ts';

const INDEX_BUILD_MS = 600_000;
/** Where one role owns and serves, it has the limits of requests: too short for building indexes. */
const UNLIMITED = '-c statement_timeout=0 -c lock_timeout=30s';

async function bossVersion(): Promise<string> {
  const manifest = JSON.parse(await readFile(fileURLToPath(new URL('../package.json', import.meta.resolve('pg-boss'))), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}

/**
 * Brings the job queues up to date, as the owner: pg-boss's schema, a queue for each job of the catalogue, and what the
 * application's role may do there. Does nothing, and loads nothing, when nothing changed since.
 */
export async function migrateJobs(ownerUrl: string, catalog: Catalog, appRole: string): Promise<void> {
  const specs = queuesOf(catalog);
  const wanted = `plinth ${fingerprintOf(await bossVersion(), appRole, specs)}`;
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 5000, application_name: 'plinth migrate' });
  await client.connect();
  try {
    await client.query('set statement_timeout = 0; set lock_timeout = 0'); // another node may be at it, for minutes
    await client.query(`select pg_advisory_lock(hashtext('plinth jobs'))`);
    await client.query(`set lock_timeout = '30s'`);
    const { rows } = await client.query<{ found: string | null }>(
      `select obj_description(to_regnamespace('pgboss'), 'pg_namespace') as found`,
    );
    if (rows[0]?.found === wanted) return;
    await install(ownerUrl, specs);
    await indexRequests(client);
    await grant(client, appRole);
    await client.query(`comment on schema pgboss is ${pg.escapeLiteral(wanted)}`);
  } finally {
    await client.end();
  }
}

async function install(connectionString: string, specs: readonly QueueSpec[]): Promise<void> {
  const { PgBoss } = await import('pg-boss');
  const boss = new PgBoss({
    connectionString,
    max: 2,
    options: UNLIMITED,
    supervise: false,
    schedule: false,
    registerInstance: false,
    openTelemetry: { enabled: false },
  });
  let failed: unknown;
  boss.on('error', (error) => (failed = error));
  await boss.start();
  try {
    await ensure(boss, DEAD_QUEUE, 'standard', { retentionSeconds: RETENTION_SECONDS, retryLimit: 0 });
    for (const spec of specs) await ensure(boss, spec.name, spec.policy, optionsOf(spec));
    await indexesBuilt(boss);
    if (failed) throw failed;
  } finally {
    await boss.stop({ graceful: false });
  }
}

async function ensure(
  boss: PgBoss,
  name: string,
  policy: QueueSpec['policy'],
  options: Partial<ReturnType<typeof optionsOf>>,
): Promise<void> {
  const existing = await boss.getQueue(name);
  if (existing) await boss.updateQueue(name, options);
  else await boss.createQueue(name, { ...options, policy });
}

/** An upgrade of pg-boss builds indexes behind our back; serving nodes would never finish what we stop. */
async function indexesBuilt(boss: PgBoss): Promise<void> {
  const until = Date.now() + INDEX_BUILD_MS;
  while ((await boss.getBamStatus()).some(({ status, count }) => (status === 'pending' || status === 'in_progress') && count > 0)) {
    if (Date.now() > until) throw new Error('pg-boss is still building indexes after 10 minutes: run migrate again');
    await delay(500);
  }
}

/**
 * Beside pg-boss's own: which jobs follow from a request. Runs of handlers name none, and are not in it. Not `concurrently`: that waits for
 * every open statement, and the node that waits for the lock of this migration is in one.
 */
async function indexRequests(client: pg.Client): Promise<void> {
  await client.query(
    `create index if not exists job_common_request on pgboss.job_common ((data->>'requestId')) where data->>'requestId' is not null`,
  );
}

async function grant(client: pg.Client, appRole: string): Promise<void> {
  const { rows } = await client.query<{ owner: string }>('select current_user::text as owner');
  if (rows[0]?.owner === appRole) return; // one role for both: it owns all, and revoking would hinder the next upgrade
  const role = pg.escapeIdentifier(appRole);
  await client.query(`
    revoke all on all functions in schema pgboss from public;
    grant usage on schema pgboss to ${role};
    grant select, insert, update, delete on all tables in schema pgboss to ${role};
    grant execute on all functions in schema pgboss to ${role};
    revoke insert, update, delete on pgboss.version, pgboss.bam from ${role};
    grant update on pgboss.version to ${role};
    revoke execute on function pgboss.delete_queue(text) from ${role};`);
}
