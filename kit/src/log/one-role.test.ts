import { expect, test } from 'vitest';
import pg from 'pg';
import { migrate, migrationStreams } from '../database/migrate.ts';
import { handle } from '../feature.ts';
import { migrateJobs } from '../jobs/migrate.ts';
import { emptyDatabase } from '../testing/postgres.ts';
import { createNode, demoCatalog, happened, publishMany, until } from './log.testing.ts';
import { verifyChain } from './verify.ts';

test('with one role for owner and app everything works, and the log still says no to changes by mistake', async () => {
  const database = await emptyDatabase();
  const { ownerUrl } = database;
  await migrate({ ownerUrl, appRole: 'plinth_owner', streams: migrationStreams([]) });
  for (let i = 0; i < 2; i++) await migrateJobs(ownerUrl, demoCatalog(), 'plinth_owner');
  const node = createNode({ ...database, appUrl: ownerUrl });
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    const handled: number[] = [];
    await node.start([handle(happened, 'demo.one', async (_tx, { payload }) => void handled.push(payload.n))]);
    await publishMany(node, 3);
    await until(() => handled.length === 3);
    await expect(owner.query('delete from log.events')).rejects.toMatchObject({ code: '42501' });
    expect(await verifyChain(ownerUrl, { keys: new Map() })).toMatchObject({ ok: true, facts: 3 });
    const { rows } = await owner.query(`select has_table_privilege('pgboss.bam', 'insert') as upgradable`);
    expect(rows).toEqual([{ upgradable: true }]);
  } finally {
    await owner.end();
    await node.stop();
    await database.drop();
  }
});
