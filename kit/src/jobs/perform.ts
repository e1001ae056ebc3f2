import { type AccessDoor, system } from '../caller.ts';
import { causing, sending, type SentMail } from '../cause.ts';
import { running } from '../context.ts';
import type { Catalog, Handler } from '../feature.ts';
import type { JobRun } from './jobs.ts';
import type { JobOutput } from './outcomes.ts';
import { HANDLERS, ORDERED_HANDLERS, queueOf, type QueueSpec } from './queues.ts';

export type Perform = Extract<Handler, { kind: 'perform' }>;
export type Schedule = Extract<Handler, { kind: 'schedule' }>;

/** One queue and what is done with its jobs. */
export interface Consumer {
  readonly queue: QueueSpec;
  readonly run: (data: unknown, run: Omit<JobRun, 'caller' | 'scheduledFor'>) => Promise<JobOutput | void>;
  /** What logs, spans and metrics call a job: its name, or that of the handler. */
  readonly nameOf: (data: unknown) => string;
}
export interface ConsumersOptions {
  readonly catalog: Catalog;
  readonly performs: readonly Perform[];
  readonly handlerRun: ((handler: string, position: number) => Promise<void>) | undefined;
  readonly door: AccessDoor;
}

/** Who does what. @throws when a job of the catalogue has nobody who performs it, or two. */
export function consumersOf({ catalog, performs, handlerRun, door }: ConsumersOptions): Consumer[] {
  const byName = new Map(performs.map((perform) => [perform.job.name, perform]));
  const problems = [...catalog.jobs.keys()].filter((name) => !byName.has(name)).map((name) => `nobody performs job '${name}'`);
  if (byName.size < performs.length) problems.push('a job is performed twice');
  if (problems.length > 0) throw new Error(`the jobs do not fit together:\n- ${problems.join('\n- ')}`);
  const jobs = performs.map((perform): Consumer => ({
    queue: queueOf(perform.job),
    run: (data, run) => doJob(perform, data, run, door),
    nameOf: () => perform.job.name,
  }));
  if (!handlerRun) return jobs;
  const react = (queue: QueueSpec): Consumer => ({
    queue,
    run: (data, { id }) => causing.run({ type: 'job', id }, () => doHandler(handlerRun, data)),
    nameOf: (data) => String((data as { handler?: unknown }).handler),
  });
  return [react(HANDLERS), react(ORDERED_HANDLERS), ...jobs];
}

async function doJob(
  { job, run: work }: Perform,
  data: unknown,
  run: Omit<JobRun, 'caller' | 'scheduledFor'>,
  door: AccessDoor,
): Promise<JobOutput | void> {
  const { payload, requestId, scheduledFor } = (data ?? {}) as { payload?: unknown; requestId?: string | null; scheduledFor?: string };
  // A payload of an older release may not fit: it fails, is tried again, and ends among the dead (S55).
  const parsed = job.payload.safeParse(payload);
  if (!parsed.success) throw new Error(`the stored payload does not fit the job's schema`, { cause: parsed.error });
  const caller = system(job.name, null, requestId ?? run.id, door);
  const { id, attempt, progress } = run;
  const whole: JobRun = {
    id,
    attempt,
    caller,
    get signal() {
      return run.signal;
    },
    progress,
    scheduledFor: scheduledFor === undefined ? null : new Date(scheduledFor),
  };
  const mails: SentMail[] = [];
  const output = await inContext(job.name, caller.origin.requestId, () =>
    causing.run({ type: 'job', id }, () => sending.run(mails, () => work(parsed.data as never, whole))),
  );
  // A mail leaves no row of its own: that it went out stays with its job.
  return mails.length > 0 ? { ...output, mails } : output;
}

async function doHandler(handlerRun: NonNullable<ConsumersOptions['handlerRun']>, data: unknown): Promise<void> {
  const { handler, position } = (data ?? {}) as { handler?: unknown; position?: unknown };
  if (typeof handler !== 'string' || typeof position !== 'number') throw new Error('this is no run of a handler');
  await handlerRun(handler, position);
}

export const inContext = <T>(operation: string, requestId: string, work: () => Promise<T>): Promise<T> =>
  running.run({ requestId, operation, userId: null, inTransaction: false }, work);
