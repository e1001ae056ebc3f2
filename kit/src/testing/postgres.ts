import pg from 'pg';
import { inject } from 'vitest';
import { uuidv7 } from '../uuid.ts';

export interface TestDatabase {
  readonly name: string;
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly superuserUrl: string;
  drop(): Promise<void>;
}

export const named = (url: string, database: string): string => {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
};

/** On the cluster's own database. */
export async function asSuperuser<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: named(inject('cluster').superuserUrl, 'postgres') });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** An empty database of the test cluster, owned by plinth_owner; plinth_app may connect. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return cloned('template1');
}

/** A copy of a template, with the URLs of each role. */
export async function cloned(template: string): Promise<TestDatabase> {
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
