import { z } from 'zod';
import type { Caller, JobQuery, JobRecord, Kit, Page, PageRequest, QueueRecord, ScheduleRecord, Tx } from '@plinth/kit';
import {
  type Job,
  jobCancelled,
  JobCannotBeRetried,
  JobHasEnded,
  JobNotFound,
  jobRetried,
  jobsRedriven,
  payloadRead,
  QueueNotFound,
  queuePaused,
  queueResumed,
  readPayloads,
  type Redrive,
  type WholeJob,
} from './contract.ts';

/** A fact gets its place and a signed head within a second or two; a minute means that nobody sequences, or nobody signs. */
const LAG_SECONDS = 60;
const LATE_SECONDS = 900;

/** A number gives nothing away of what a job carries. */
const Progress = z.object({ progress: z.object({ percent: z.number() }) });
const percentOf = ({ state, output }: JobRecord): number | null =>
  state === 'running' ? (Progress.safeParse(output).data?.progress.percent ?? null) : null;
const withoutContent = (record: JobRecord): Job => {
  const { payload: _payload, output: _output, ...job } = record;
  return { ...job, percent: percentOf(record) };
};

/** Looks at the queues and acts on them through the kit, which owns them. What is done is a fact of the same transaction (S115). */
export class JobsService {
  readonly #kit: Pick<Kit, 'db' | 'log' | 'jobs' | 'catalog' | 'logger'>;
  #counted: Promise<QueueRecord[]> = Promise.resolve([]);
  #countedAt = -Infinity;
  constructor(kit: Pick<Kit, 'db' | 'log' | 'jobs' | 'catalog' | 'logger'>) {
    this.#kit = kit;
  }

  async list(query: JobQuery, page: PageRequest): Promise<Page<Job>> {
    const found = await this.#kit.jobs.admin.search(query, page);
    return { ...found, items: found.items.map(withoutContent) };
  }

  async get(caller: Caller, id: string, show: 'whole' | 'state' = 'whole'): Promise<WholeJob> {
    const { db, log } = this.#kit;
    const found = await this.#find(id);
    if (show === 'state' || !(await caller.can(readPayloads)))
      return { ...withoutContent(found), masked: true, payload: null, output: null };
    await db.transaction((tx) => log.publish(tx, caller, payloadRead, { jobId: id, job: found.job }));
    return { ...withoutContent(found), masked: false, payload: found.payload, output: found.output };
  }

  async retry(caller: Caller, tx: Tx, id: string): Promise<void> {
    const { log, jobs } = this.#kit;
    const { job } = await this.#find(id, tx);
    const state = await jobs.admin.retry(tx, id);
    if (state === undefined) throw new JobCannotBeRetried({ id });
    await log.publish(tx, caller, jobRetried, { jobId: id, job }, { before: { state }, after: { state: 'waiting' } });
  }

  async cancel(caller: Caller, tx: Tx, id: string): Promise<void> {
    const { log, jobs } = this.#kit;
    const { job } = await this.#find(id, tx);
    const state = await jobs.admin.cancel(tx, id);
    if (state === undefined) throw new JobHasEnded({ id });
    await log.publish(tx, caller, jobCancelled, { jobId: id, job }, { before: { state }, after: { state: 'cancelled' } });
  }

  async redrive(caller: Caller, tx: Tx, asked: Redrive): Promise<{ redriven: number }> {
    if ('job' in asked) await this.#mustBe(asked.job);
    const redriven = await this.#kit.jobs.admin.redrive(tx, 'all' in asked ? {} : asked);
    await this.#kit.log.publish(tx, caller, jobsRedriven, { asked, redriven });
    return { redriven };
  }

  async queues(): Promise<(QueueRecord & { title: string })[]> {
    const queues = await this.#kit.jobs.admin.queues();
    return queues.map((queue) => Object.assign(queue, { title: this.#kit.catalog.jobs.get(queue.job)?.title ?? queue.job }));
  }

  async pause(caller: Caller, tx: Tx, job: string, paused: boolean): Promise<void> {
    await this.#mustBe(job);
    if (!(await this.#kit.jobs.admin.pause(tx, job, paused))) return;
    const changed = { before: { paused: !paused }, after: { paused } };
    await this.#kit.log.publish(tx, caller, paused ? queuePaused : queueResumed, { job }, changed);
  }

  /** Says in the log what an operator should look at: facts without a place or a signed head, and jobs that nobody takes. */
  async check(): Promise<{ factsWaitSeconds: number; unsealedSeconds: number; late: readonly string[] }> {
    const { log, jobs, logger } = this.#kit;
    const [statistics, queues] = await Promise.all([log.statistics(), jobs.admin.queues()]);
    const late = queues.filter(({ paused, oldestSeconds }) => !paused && (oldestSeconds ?? 0) > LATE_SECONDS).map(({ job }) => job);
    const [factsWaitSeconds, unsealedSeconds] = [Math.round(statistics.waitingSeconds), Math.round(statistics.unsealedSeconds)];
    if (factsWaitSeconds > LAG_SECONDS) logger.error({ factsWaitSeconds }, 'facts wait for their place in the log');
    if (unsealedSeconds > LAG_SECONDS) logger.error({ unsealedSeconds, unsealed: statistics.unsealed }, 'facts wait for a signed head');
    if (late.length > 0) logger.warn({ jobs: late }, 'jobs wait that nobody takes');
    return { factsWaitSeconds, unsealedSeconds, late };
  }

  /** Over all queues, for metrics; asked at most once a second, however many gauges want it. */
  async total(of: 'ready' | 'running' | 'dead' | 'oldestSeconds'): Promise<number> {
    const now = performance.now();
    if (now - this.#countedAt > 1000) {
      this.#countedAt = now;
      this.#counted = this.#kit.jobs.admin.queues();
    }
    const numbers = (await this.#counted).map((queue) => queue[of] ?? 0);
    return of === 'oldestSeconds' ? Math.max(0, ...numbers) : numbers.reduce((sum, number) => sum + number, 0);
  }

  schedules(): Promise<ScheduleRecord[]> {
    return this.#kit.jobs.admin.schedules();
  }

  async #find(id: string, tx?: Tx): Promise<JobRecord> {
    const found = await this.#kit.jobs.admin.find(id, tx);
    if (!found) throw new JobNotFound({ id });
    return found;
  }
  async #mustBe(job: string): Promise<void> {
    if (!this.#kit.jobs.admin.names.includes(job)) throw new QueueNotFound({ job });
  }
}
