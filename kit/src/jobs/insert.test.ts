import { PgBoss } from 'pg-boss';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixture, type Fixture, work } from '../log/log.testing.ts';
import { insertRuns } from './insert.ts';
import { HANDLERS, ORDERED_HANDLERS } from './queues.ts';

let here: Fixture;
beforeAll(async () => {
  here = await fixture();
});
afterAll(() => here.end());

// What differs by nature: who made it and when. The policy is in our row only when there is a key (pg-boss: by queue).
const SAME = `select name, data, priority, state::text, retry_limit, retry_count, retry_delay, retry_backoff, retry_delay_max, expire_seconds, deletion_seconds, singleton_key,
  singleton_on, group_id, group_tier, start_after - created_on as wait, started_on, completed_on, keep_until - start_after as kept, output, dead_letter, policy, heartbeat_on,
  heartbeat_seconds, blocked, blocking, pending_dependencies, source_name, source_id, upsert_by_key from pgboss.job order by created_on desc limit 1`;

test('our insert makes the row that pg-boss makes', async () => {
  const owner = await here.asOwner();
  const node = here.node();
  const boss = new PgBoss({
    connectionString: here.database.ownerUrl,
    max: 1,
    supervise: false,
    schedule: false,
    migrate: false,
    registerInstance: false,
    openTelemetry: { enabled: false },
  });
  await boss.start();
  try {
    for (const { after, priority } of [
      { after: 0, priority: 0 },
      { after: 90, priority: 3 },
    ]) {
      await boss.send(work.name, { payload: { n: 1 }, requestId: null }, { priority, startAfter: after });
      const theirs = (await owner.query(SAME)).rows[0] as unknown;
      await node.db.transaction((tx) => node.jobs.enqueue(tx, work, { n: 1 }, { after, priority }));
      expect((await owner.query(SAME)).rows[0]).toEqual(theirs);
    }
    for (const queue of [HANDLERS, ORDERED_HANDLERS]) {
      await boss.send(queue.name, { handler: 'h', position: 5 }, { singletonKey: 'k' });
      const theirs = (await owner.query(SAME)).rows[0] as unknown;
      await owner.query('delete from pgboss.job');
      await node.db.transaction(async (tx) => tx.write(insertRuns(queue, [{ handler: 'h', position: 5, key: 'k' }])));
      const ours = (await owner.query(SAME)).rows[0] as Record<string, unknown>;
      expect({ ...ours, wait: null }).toEqual({ ...(theirs as object), wait: null });
    }
  } finally {
    await boss.stop({ graceful: false });
  }
});
