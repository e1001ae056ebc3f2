import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { schedule, type ScheduleOptions } from '../feature.ts';
import { fixture, type Fixture, type Node, until, work } from '../log/log.testing.ts';
import { race } from '../testing/race.ts';
import { parseCron } from './cron.ts';
import { recorder } from './jobs.testing.ts';
import type { Schedule } from './perform.ts';
import { declareSchedules, fireSchedules } from './schedules.ts';

let here: Fixture;
let owner: pg.Client;
let nodes: readonly Node[];
beforeAll(async () => {
  here = await fixture();
  owner = await here.asOwner();
  nodes = [here.node({ poolSize: 3 }), here.node({ poolSize: 3 }), here.node({ poolSize: 3 })];
});
afterAll(() => here.end());
beforeEach(async () => {
  await owner.query('delete from pgboss.job; delete from queue.schedules');
});

const jobs = new Map([[work.name, work]]);
const declare = async (cron: string, when: ScheduleOptions, from: string): Promise<void> => {
  await declareSchedules(nodes[0]!.db, [schedule(work, cron, { n: 1 }, when) as Schedule]);
  const next = parseCron(cron, when.timezone ?? 'UTC').next(new Date(from));
  await owner.query('update queue.schedules set covered_until = $1, next_at = $2', [from, next.toISOString()]);
};
const fire = (node: number, at: Date | string): Promise<readonly string[]> => fireSchedules(nodes[node]!.db, jobs, new Date(at));
/** For which times jobs were made; each is taken out of the way, as a worker would. */
const fired = async (): Promise<string[]> => {
  const { rows } = await owner.query<{ at: string }>(
    `update pgboss.job set state = 'completed', completed_on = now() where state = 'created' returning data->>'scheduledFor' as at`,
  );
  return rows.map(({ at }) => at.slice(0, 16) + 'Z').sort();
};

test('S60: of three nodes that look at once, one fires', async () => {
  await declare('0 3 * * *', {}, '2026-05-01T12:00:00Z');
  const results = await race(16, (i) => fire(i % 3, '2026-05-02T03:00:01Z'));
  expect(results.every(({ status }) => status === 'fulfilled')).toBe(true);
  expect(await fired()).toEqual(['2026-05-02T03:00Z']);
});

test('S60: a job that cannot be stored leaves its time to be had', async () => {
  await declare('0 3 * * *', {}, '2026-05-01T12:00:00Z');
  await owner.query(`alter table pgboss.job_common add constraint broken check (name <> 'demo.do-work') not valid`);
  await expect(fire(0, '2026-05-02T03:00:01Z')).rejects.toThrow('broken');
  await owner.query('alter table pgboss.job_common drop constraint broken');
  await fire(1, '2026-05-02T03:00:02Z');
  expect(await fired()).toEqual(['2026-05-02T03:00Z']);
});

const policies = [
  ['once', ['2026-05-04T03:00Z']],
  ['skip', []],
  ['each', ['2026-05-02T03:00Z', '2026-05-03T03:00Z', '2026-05-04T03:00Z']],
] as const;
test.each(policies)('S60: after an outage of three days, %s owes what it says', async (missed, expected) => {
  await declare('0 3 * * *', { missed }, '2026-05-01T12:00:00Z');
  await fire(0, '2026-05-04T12:00:00Z');
  await fire(1, '2026-05-04T12:00:30Z');
  expect(await fired()).toEqual(expected);
  await fire(2, '2026-05-05T03:00:20Z');
  expect(await fired()).toEqual(['2026-05-05T03:00Z']);
});

test('S60: one waits at most, however long a queue was held up', async () => {
  await declare('* * * * *', {}, '2026-05-01T12:00:00Z');
  for (let minute = 1; minute <= 30; minute++) await fire(minute % 3, new Date(Date.UTC(2026, 4, 1, 12, minute, 1)));
  expect(await fired()).toEqual(['2026-05-01T12:30Z']);
});

// 36 hours around each change, three nodes whose clocks differ by minutes, one of which is set back an hour now and then:
// each time comes exactly once. (The database's clock is the only one asked; here each look brings a clock of its own.)
const CHANGES = [
  { zone: 'Europe/Berlin', from: '2026-03-28T12:00:00Z', cron: '30 2 * * *', once: '2026-03-29T01:00Z' },
  { zone: 'Europe/Berlin', from: '2026-10-24T12:00:00Z', cron: '30 2 * * *', once: '2026-10-25T00:30Z' },
  { zone: 'America/Santiago', from: '2026-09-05T12:00:00Z', cron: '15 0 * * *', once: '2026-09-06T04:00Z' },
  { zone: 'America/Santiago', from: '2026-04-04T12:00:00Z', cron: '30 23 * * *', once: '2026-04-05T02:30Z' },
  { zone: 'Australia/Lord_Howe', from: '2026-10-03T00:00:00Z', cron: '10 2 * * *', once: '2026-10-03T15:30Z' },
  { zone: 'Australia/Lord_Howe', from: '2026-04-04T00:00:00Z', cron: '45 1 * * *', once: '2026-04-04T14:45Z' },
] as const;
test.each(CHANGES)(
  'S61: $zone from $from, on three nodes with skewed and reversed clocks: no double, no miss',
  async ({ zone, from, cron: jumped, once }) => {
    const start = Date.parse(from);
    const end = start + 36 * 3_600_000;
    for (const cron of [jumped, '30 12 * * *', '*/20 * * * *']) {
      await declare(cron, { timezone: zone, missed: 'each' }, from);
      let furthest = start;
      for (let step = 0, at = start; at < end; step++, at += 10 * 60_000) {
        const skews = [0, 7 * 60_000, step % 9 === 0 ? -3_600_000 : -4 * 60_000];
        await Promise.all(skews.map((skew, node) => fire(node, new Date(at + skew))));
        furthest = Math.max(furthest, at + 7 * 60_000);
      }
      const expected: string[] = [];
      const times = parseCron(cron, zone);
      for (let at = times.next(new Date(start)); at.getTime() <= furthest; at = times.next(at))
        expected.push(at.toISOString().slice(0, 16) + 'Z');
      expect(await fired(), cron).toEqual(cron === jumped ? [once] : expected);
      await owner.query('delete from queue.schedules');
    }
  },
);

test('S63: who lost the row while it slept fires nothing', async () => {
  await declare('0 3 * * *', {}, '2026-05-01T12:00:00Z');
  await owner.query('begin');
  await owner.query('select 1 from queue.schedules for update');
  expect(await fire(0, '2026-05-02T03:00:01Z')).toEqual([]);
  await owner.query('rollback');
  expect(await fire(1, '2026-05-02T03:00:01Z')).toEqual([work.name]);
  expect(await fired()).toEqual(['2026-05-02T03:00Z']);
});

test('S60: running nodes fire what is due, and know for when; a schedule that is declared no more is gone', async () => {
  await owner.query(
    `insert into queue.schedules values ('demo.do-work', 'old', '* * * * *', 'UTC', '{"n": 5}', 'once', now() + interval '1 day', now() + interval '2 days')`,
  );
  const [one, two] = [here.node(), here.node()];
  const seen = [recorder(), recorder()];
  const daily = schedule(work, '0 3 * * *', { n: 60 }, 'Europe/Zurich');
  await one.start([seen[0]!.handler, daily]);
  await two.start([seen[1]!.handler, daily]);
  expect((await owner.query('select job, timezone from queue.schedules')).rows).toEqual([{ job: work.name, timezone: 'Europe/Zurich' }]);
  await owner.query(`update queue.schedules set covered_until = now() - interval '2 days', next_at = now() - interval '1 s'`);
  const runs = () => seen.flatMap((each) => each.runs);
  await until(() => runs().length > 0, 4000);
  await new Promise((resolve) => setTimeout(resolve, 1200));
  expect(runs()).toHaveLength(1);
  const local = { timeZone: 'Europe/Zurich', hour: 'numeric', minute: 'numeric', hourCycle: 'h23' } as const;
  expect(new Intl.DateTimeFormat('en', local).format(runs()[0]!.scheduledFor!)).toBe('03:00');
});

test('a schedule that cannot be read, or whose payload does not fit, stops the start', async () => {
  await expect(declareSchedules(nodes[0]!.db, [schedule(work, '61 * * * *', { n: 1 }) as Schedule])).rejects.toThrow('cannot be read');
  await expect(declareSchedules(nodes[0]!.db, [schedule(work, '* * * * *', { n: 'x' } as never) as Schedule])).rejects.toThrow();
});
