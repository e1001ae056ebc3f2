import { afterAll, beforeAll, expect, test } from 'vitest';
import { LINKED_JOBS } from '../jobs/links.ts';
import { uuidv7 } from '../uuid.ts';
import { HANDLED_FACTS, LINKED_FACTS } from './links.ts';
import { fixture, type Fixture } from './log.testing.ts';

let here: Fixture;
beforeAll(async () => {
  here = await fixture();
});
afterAll(() => here.end());

test.each([
  [
    'facts',
    LINKED_FACTS,
    [[uuidv7()], ['r'], ['order'], ['1'], ['2'], [1, 2], 500],
    ['events_id', 'events_request', 'events_subject', 'events_pkey', 'causes_pkey'],
  ],
  ['jobs', LINKED_JOBS, [[uuidv7()], ['h'], [1], ['r'], ['log.handlers', 'things.do'], 500], ['job_common_pkey', 'job_common_request']],
  ['reactions that were done', HANDLED_FACTS, [['h'], [uuidv7()], 500], ['handled_pkey', 'events_id']],
])('what belongs together is looked up by indexes: %s', async (_what, text, values, indexes) => {
  const owner = await here.asOwner();
  await owner.query('begin');
  // Reading a table through is what is left where there is no index.
  await owner.query('set local enable_seqscan = off');
  const { rows } = await owner.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
  await owner.query('rollback');
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).not.toMatch(/Seq Scan on (events|causes|job_common|handled)/);
  for (const index of indexes) expect(plan).toContain(index);
});
