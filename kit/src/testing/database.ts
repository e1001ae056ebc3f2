import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { inject } from 'vitest';
import { migrate, migrationStreams, type MigrationStream } from '../database/migrate.ts';
import type { Catalog } from '../feature.ts';
import { migrateJobs } from '../jobs/migrate.ts';
import { uuidv7 } from '../uuid.ts';

export interface TestDatabase {
  readonly name: string;
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly superuserUrl: string;
  drop(): Promise<void>;
}

const named = (url: string, database: string): string => {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
};

async function asSuperuser<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: named(inject('cluster').superuserUrl, 'postgres') });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const fingerprint = (streams: readonly MigrationStream[], catalog: Catalog): string => {
  const hash = createHash('sha256').update([...catalog.jobs.keys()].join());
  for (const { name, directory } of streams) for (const file of readdirSync(directory).sort()) hash.update(name).update(file).update(readFileSync(`${directory}/${file}`));
  return hash.digest('hex').slice(0, 16);
};

/** An empty database of the test cluster, owned by plinth_owner; plinth_app may connect. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return cloned('template1');
}

async function cloned(template: string): Promise<TestDatabase> {
  const { superuserUrl, ownerUrl, appUrl } = inject('cluster');
  const name = `t_${uuidv7().replaceAll('-', '')}`;
  await asSuperuser((client) => client.query(`create database ${name} template ${template} owner plinth_owner`));
  return {
    name,
    ownerUrl: named(ownerUrl, name),
    appUrl: named(appUrl, name),
    superuserUrl: named(superuserUrl, name),
    drop: () => asSuperuser((client) => client.query(`drop database if exists ${name} with (force)`)).then(() => undefined),
  };
}

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
