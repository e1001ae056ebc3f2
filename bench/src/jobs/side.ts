import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type * as Boss from 'pg-boss';

/** What the processes under measurement are asked. */
export type Asked = { readonly do: 'round'; readonly jobs: number } | { readonly do: 'waits'; readonly count: number };
export interface Round {
  /** From the moment work may begin, so with the first fetch, to the last outcome stored. */
  readonly perSecond: number;
  /** Microseconds of user and system time of the process that works, for each job, enqueueing excepted. */
  readonly cpu: number;
}
/** Milliseconds from the commit of an enqueue to the start of its run, on an idle worker. */
export type Waits = readonly number[];

/** One way to do jobs that do nothing. */
export interface Side {
  /** The queue in pg-boss's tables. */
  readonly queue: string;
  /** Stores so many. Where workers wait already they begin with the commit. @param onRun is called for each run as it begins. */
  enqueue(count: number, onRun: (count: number) => void): Promise<void>;
  /** Begins to work, where they do not. */
  begin(onRun: (count: number) => void): Promise<void>;
  /** Stops what `begin` began. */
  end(): Promise<void>;
}

export const { PgBoss } = createRequire(new URL('../../../kit/package.json', import.meta.url))('pg-boss') as typeof Boss;

/** Answers the harness until it hangs up. */
export async function serve(url: string, side: Side): Promise<void> {
  const look = new pg.Client({ connectionString: url });
  await look.connect();
  const left = { text: `select 1 from pgboss.job where name = $1 and state < 'completed' limit 1`, values: [side.queue] };
  let runs = 0;
  let lastAt = 0;
  const onRun = (count: number): void => {
    lastAt = performance.now();
    runs += count;
  };

  const round = async (jobs: number): Promise<Round> => {
    await look.query('delete from pgboss.job');
    await look.query('vacuum analyze pgboss.job_common');
    runs = 0;
    await side.enqueue(jobs, onRun);
    const before = process.cpuUsage();
    const startedAt = performance.now();
    await side.begin(onRun);
    while (runs < jobs) await sleep(5);
    while ((await look.query(left)).rowCount !== 0) await sleep(5);
    const seconds = (performance.now() - startedAt) / 1000;
    const { user, system } = process.cpuUsage(before);
    await side.end();
    if (runs !== jobs) throw new Error(`${runs} runs of ${jobs} jobs`);
    return { perSecond: jobs / seconds, cpu: (user + system) / jobs };
  };
  const waits = async (count: number): Promise<Waits> => {
    const all: number[] = [];
    runs = 0;
    await side.begin(onRun);
    for (let n = 1; n <= count; n++) {
      await side.enqueue(1, onRun);
      const committedAt = performance.now();
      while (runs < n) await sleep(1);
      all.push(Math.max(0, lastAt - committedAt)); // it may begin before we hear of our own commit
      await sleep(Math.random() * 60);
    }
    await side.end();
    return all;
  };
  process.on('message', (asked: Asked) => {
    void (asked.do === 'round' ? round(asked.jobs) : waits(asked.count)).then(
      (answer) => process.send!(answer),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  process.on('disconnect', () => process.exit(0));
  process.send!('ready');
}
