import { expect, test } from 'vitest';
import { fixture, keysIn, publishMany } from './log.testing.ts';
import { verifyChain } from './verify.ts';
import { storm } from './writers.testing.ts';

// The same for minutes: writers.deep.test.ts.
test('B135, B137, B138: 16 writers, savepoints, rollbacks and kills at once: positions without gap or fork, no fact without its change', async () => {
  const { facts, processesKilled, connectionsCut } = await storm(4);
  expect(processesKilled).toBeGreaterThanOrEqual(4);
  expect(connectionsCut).toBeGreaterThan(5);
  expect(facts).toBeGreaterThan(100);
}, 90_000);

test('B139: clocks that run backwards change neither the order nor the proof', async () => {
  const here = await fixture();
  try {
    const node = here.node();
    const superuser = await here.asSuperuser();
    await publishMany(node, 2);
    // As if the clock of the database had been set back by a day, and forward by a year.
    await superuser.query(`begin; set local session_replication_role = replica;
      update log.outbox set occurred_at = occurred_at + interval '1 year' where payload->>'n' = '0';
      update log.outbox set occurred_at = occurred_at - interval '1 day' where payload->>'n' = '1'; commit`);
    await superuser.query('select log.advance(10)');
    await publishMany(node, 1, 2);
    await superuser.query('select log.advance(10)');
    const { items } = await node.log.search({}, { by: 'cursor', after: null, limit: 5 });
    expect(items.map(({ payload }) => (payload as { n: number }).n)).toEqual([2, 1, 0]);
    expect(items.map(({ occurredAt }) => occurredAt).toSorted()).not.toEqual(items.map(({ occurredAt }) => occurredAt).toReversed());
    expect(await verifyChain(here.database.ownerUrl, { keys: await keysIn(superuser) })).toMatchObject({ ok: true, from: 1, to: 3 });
  } finally {
    await here.end();
  }
});
