import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { testDatabase } from '../testing/database.ts';
import { effect, killCatalog, killNode, type poison } from './kill.fixtures.ts';

/** Seconds of silence after which a job of these tests runs again; the product's are 30. */
export const HEARTBEAT = 2;

export async function killing() {
  const database = await testDatabase(killCatalog);
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query('create table kill_marks (n int primary key); create table kill_effects (n int); create table kill_runs (n int, at timestamptz default clock_timestamp())'); // prettier-ignore
  await owner.query('grant insert on kill_marks, kill_effects, kill_runs to plinth_app');
  const node = killNode(database.appUrl);
  const children = new Set<ChildProcess>();
  const one = async <T>(text: string): Promise<T> => (await owner.query<{ value: T }>(text)).rows[0]!.value;

  return {
    owner,
    count: (from: string) => one<number>(`select count(*)::int as value from ${from}`),
    async enqueue(job: typeof effect | typeof poison, from: number, to: number): Promise<void> {
      await node.db.transaction(async (tx) => {
        for (let n = from; n < to; n++) await node.jobs.enqueue(tx, job, { n });
        tx.write({ text: 'update pgboss.job set heartbeat_seconds = $1::int', values: [HEARTBEAT] });
      });
    },
    /** A process that does jobs; resolves when it does. */
    async worker(): Promise<ChildProcess> {
      const script = join(import.meta.dirname, 'kill.fixtures.ts');
      const child = spawn(process.execPath, ['--conditions=plinth-source', script], {
        env: { PATH: process.env['PATH'] ?? '', KILL_URL: database.appUrl },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      children.add(child);
      child.once('exit', () => children.delete(child));
      await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
      return child;
    },
    async kill(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
      if (!children.has(child)) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    },
    async end(): Promise<void> {
      for (const child of children) {
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        await gone;
      }
      await node.db.close();
      await owner.end();
      await delay(50);
      await database.drop();
    },
  };
}

/** Kills workers at random moments until every job is done. @returns how often. */
export async function killUntilDone(
  place: Awaited<ReturnType<typeof killing>>,
  jobs: number,
  pauseMs: readonly [number, number],
): Promise<number> {
  const workers = [await place.worker(), await place.worker()];
  let kills = 0;
  const left = (): Promise<number> => place.count(`pgboss.job where name = 'kill.effect' and state < 'completed'`);
  await place.enqueue(effect, 0, jobs);
  while ((await left()) > 0) {
    await delay(pauseMs[0] + Math.random() * (pauseMs[1] - pauseMs[0]));
    // The tail of the jobs that died waits for its heartbeat: those who do them may live.
    if ((await left()) < jobs / 50) continue;
    const victim = Math.floor(Math.random() * workers.length);
    await place.kill(workers[victim]!);
    kills++;
    workers[victim] = await place.worker();
  }
  for (const worker of workers) await place.kill(worker, 'SIGTERM');
  return kills;
}
