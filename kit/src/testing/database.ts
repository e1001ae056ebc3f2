import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { inject } from 'vitest';
import { migrate, migrationStreams, type MigrationStream } from '../database/migrate.ts';
import type { Catalog } from '../feature.ts';
import { migrateJobs } from '../jobs/migrate.ts';
import { uuidv7 } from '../uuid.ts';
import { asSuperuser, cloned, named, type TestDatabase } from './postgres.ts';

const fingerprint = (streams: readonly MigrationStream[], catalog: Catalog): string => {
  const hash = createHash('sha256').update([...catalog.jobs.keys()].join());
  for (const { name, directory } of streams)
    for (const file of readdirSync(directory).sort())
      hash
        .update(name)
        .update(file)
        .update(readFileSync(`${directory}/${file}`));
  return hash.digest('hex').slice(0, 16);
};

/** A database migrated for these features: the template is migrated once a run, each call clones it. */
export async function testDatabase(catalog: Catalog): Promise<TestDatabase> {
  const streams = migrationStreams(catalog.features);
  const template = `template_${fingerprint(streams, catalog)}`;
  await asSuperuser(async (client) => {
    await client.query('select pg_advisory_lock(hashtext($1))', [template]);
    const exists = await client.query('select 1 from pg_database where datname = $1', [template]);
    if (exists.rowCount) return;
    const building = `building_${uuidv7().replaceAll('-', '')}`;
    await client.query(`create database ${building} owner plinth_owner`);
    const ownerUrl = named(inject('cluster').ownerUrl, building);
    await migrate({ ownerUrl, appRole: 'plinth_app', streams });
    await migrateJobs(ownerUrl, catalog, 'plinth_app');
    await client.query(`alter database ${building} rename to ${template}`);
  });
  return cloned(template);
}
