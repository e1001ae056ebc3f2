import type pg from 'pg';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineJob } from '../definitions.ts';
import { handle, perform } from '../feature.ts';
import { caller, demoCatalog, fixture, happened, type Node, until } from '../log/log.testing.ts';

// A snapshot that somebody keeps open (a backup, a report, a forgotten terminal): what was changed since can not be vacuumed away,
// so each look at the queue or the outbox passes over more and more dead rows.

const ROUNDS = Number(process.env['ROUNDS'] ?? 20);
const JOBS = Number(process.env['JOBS'] ?? 5000);
const FACTS = Number(process.env['FACTS'] ?? 2000);
const fast = defineJob('demo.fast', z.object({ n: z.int() }), { concurrency: 1600 });

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const per = (count: number, startedAt: number): number => Math.round(count / ((performance.now() - startedAt) / 1000));

/** One database with its worker. A snapshot holds back only what is dead in its own database, so two can be measured in turns. */
async function side() {
  const here = await fixture({ catalog: demoCatalog({ jobs: [fast] }) });
  const [owner, superuser] = [await here.asOwner(), await here.asSuperuser()];
  const node = here.node();
  let ran = 0;
  let heard = 0;
  await node.start([perform(fast, async () => void ran++), handle(happened, 'demo.count', async (tx) => tx.onCommit(() => void heard++))]);
  const jobs: number[] = [];
  const facts: number[] = [];
  return {
    here,
    jobs,
    facts,
    async round(): Promise<void> {
      jobs.push(await jobsPerSecond(node, owner, () => ran === (jobs.length + 1) * JOBS));
      facts.push(await factsPerSecond(node, () => heard === (facts.length + 1) * FACTS));
      // What autovacuum does in time; beside the snapshot it finds nothing that it may take.
      await superuser.query('vacuum analyze pgboss.job_common, log.outbox, log.events');
    },
    async dead(): Promise<number> {
      const counted = `select sum(n_dead_tup)::int as dead from pg_stat_user_tables where schemaname in ('pgboss', 'log')`;
      return (await superuser.query<{ dead: number }>(counted)).rows[0]!.dead;
    },
  };
}
/** From the commit that makes the jobs to the last outcome stored: enqueueing is not what passes over dead rows. */
async function jobsPerSecond(node: Node, owner: pg.Client, done: () => boolean): Promise<number> {
  await node.db.transaction(async (tx) => {
    for (let n = 0; n < JOBS; n++) await node.jobs.enqueue(tx, fast, { n });
  });
  const startedAt = performance.now();
  await until(done, 60_000);
  const left = `select 1 from pgboss.job_common where name = 'demo.fast' and state < 'completed' limit 1`;
  await until(async () => (await owner.query(left)).rowCount === 0, 60_000);
  return per(JOBS, startedAt);
}
/** From the first publication to the last reaction. */
async function factsPerSecond(node: Node, done: () => boolean): Promise<number> {
  const startedAt = performance.now();
  for (let n = 0; n < FACTS; n += 100)
    await node.db.transaction(async (tx) => {
      for (let i = 0; i < 100; i++) await node.log.publish(tx, caller(), happened, { n: n + i });
    });
  await until(done, 60_000);
  return per(FACTS, startedAt);
}

test('S67: beside a snapshot that is held open jobs and facts go on', async () => {
  const [free, pinned] = [await side(), await side()];
  const holder = await pinned.here.asOwner();
  await holder.query('begin isolation level repeatable read; select count(*) from pgboss.job_common');
  // In turns, and each first as often as the other: what the machine does meanwhile falls on both.
  for (let round = 0; round < ROUNDS; round++) for (const one of round % 2 ? [free, pinned] : [pinned, free]) await one.round();
  const held = await holder.query(`select 1 from pg_stat_activity where pid = pg_backend_pid() and backend_xmin is not null`);
  const dead = { free: await free.dead(), pinned: await pinned.dead() };
  await holder.query('commit');
  for (const [name, { jobs, facts }] of Object.entries({ free, pinned }))
    process.stdout.write(
      `${name}: jobs/s ${jobs.join(' ')}; facts/s ${facts.join(' ')}; ${dead[name as keyof typeof dead]} dead rows at the end\n`,
    );
  for (const kind of ['jobs', 'facts'] as const) {
    const shares = pinned[kind].map((speed, round) => speed / free[kind][round]!);
    const [before, after] = [shares.slice(0, Math.floor(ROUNDS / 2)), shares.slice(Math.floor(ROUNDS / 2))].map(median);
    process.stdout.write(
      `${kind}: ${before!.toFixed(2)} of the speed without in the first half, ${after!.toFixed(2)} in the second (medians of pairs)\n`,
    );
    expect(after).toBeGreaterThan(0.2);
  }
  // Or the snapshot held nothing back, and the rest shows nothing.
  expect(held.rowCount).toBe(1);
  expect(dead.pinned).toBeGreaterThan(ROUNDS * JOBS);
  expect(dead.free).toBeLessThan(JOBS);
  await pinned.here.end();
  await free.here.end();
});
