import type pg from 'pg';
import { perform, type Handler } from '../feature.ts';
import { type Node, work } from '../log/log.testing.ts';
import type { EnqueueOptions, JobRun } from './jobs.ts';
import { DEAD_QUEUE } from './queues.ts';

export const enqueue = (node: Node, n: number, options?: EnqueueOptions): Promise<string> =>
  node.db.transaction((tx) => node.jobs.enqueue(tx, work, { n }, options));
export interface JobRow {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly retries: number;
  readonly n: number;
}
/** What stands in the queues, looked at from behind. */
export const lookAt = (owner: pg.Client) => {
  const stored = async (where = 'true'): Promise<JobRow[]> =>
    (
      await owner.query<JobRow>(
        `select id, name, state::text, retry_count as retries, (data->'payload'->>'n')::int as n from pgboss.job where name in ('demo.do-work', 'demo.do-slowly', '${DEAD_QUEUE}') and ${where} order by created_on, id`,
      )
    ).rows;
  /** pg-boss backs off by a second at least; a test need not wait for it. */
  const hasten = async (): Promise<void> =>
    void (await owner.query(`update pgboss.job set start_after = now() where state = 'retry' and start_after > now()`));
  return { stored, hasten, dead: async (): Promise<boolean> => (await hasten(), (await stored(`name = '${DEAD_QUEUE}'`)).length === 1) };
};
/** Performs `work` and remembers. */
export const recorder = (): {
  readonly done: number[];
  readonly runs: JobRun[];
  readonly aborted: boolean[];
  readonly handler: Handler;
} => {
  const done: number[] = [];
  const runs: JobRun[] = [];
  const aborted: boolean[] = [];
  return {
    done,
    runs,
    aborted,
    handler: perform(work, async ({ n }, run) => {
      runs.push(run);
      aborted.push(run.signal.aborted);
      done.push(n);
    }),
  };
};
