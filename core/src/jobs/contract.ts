import { allow, CursorPaging, defineError, defineEvent, defineJob, defineOperations, definePermission, paged } from '@plinth/kit';
import { z } from 'zod';

export const readJobs = definePermission('jobs:read', 'See jobs, queues and schedules');
export const readPayloads = definePermission('jobs:read-payloads', 'See what jobs carry and leave');
export const manageJobs = definePermission('jobs:manage', 'Retry, cancel and redrive jobs; pause queues');

// ---- Shapes -------------------------------------------------------------------------------------

const State = z
  .enum(['waiting', 'retrying', 'running', 'completed', 'cancelled', 'failed'])
  .describe('`retrying` waits for its next attempt; `failed` has none left and is a dead letter');
const Name = z.string().min(3).max(128);
export const Job = z.object({
  id: z.uuid(),
  job: z.string().describe('Its name, which is that of its queue'),
  state: State,
  priority: z.int(),
  attempt: z.int().describe('Runs that were begun'),
  attempts: z.int().describe('Runs in all that it may have'),
  key: z.string().nullable().describe('One of this key waits at most'),
  group: z.string().nullable().describe('Shares a limit with its group'),
  createdAt: z.string(),
  runAt: z.string().describe('It runs no earlier'),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  requestId: z.string().nullable().describe('The request that it follows from'),
  percent: z.number().nullable().describe('How far it is, while it runs and tells a `percent` as its progress'),
});
export type Job = z.output<typeof Job>;
export const WholeJob = Job.extend({
  masked: z.boolean().describe('`payload` and `output` are not shown: that takes `jobs:read-payloads`, or `state` was asked for'),
  payload: z.unknown(),
  output: z.unknown().describe('What the last run left: its output, its error, or its progress while it runs'),
});
export type WholeJob = z.output<typeof WholeJob>;

export const Queue = z.object({
  job: z.string(),
  title: z.string(),
  paused: z.boolean(),
  ready: z.int().describe('Could run now'),
  delayed: z.int().describe('Wait for their time or their next attempt'),
  running: z.int(),
  dead: z.int().describe('Dead letters'),
  oldestSeconds: z.number().nullable().describe('How long the oldest that could run has waited'),
});
export const Schedule = z.object({
  job: z.string(),
  cron: z.string(),
  timezone: z.string(),
  missed: z.string().describe('What it owes for times at which no worker ran: `once`, `each` or `skip`'),
  lastAt: z.string().nullable(),
  lastJob: z.string().nullable(),
  next: z.array(z.string()).readonly().describe('Its next times'),
});
export const Redrive = z
  .union([
    z.strictObject({ ids: z.array(z.uuid()).min(1).max(1000) }),
    z.strictObject({ job: Name.describe('All of one job, at most 1000 a call') }),
    z.strictObject({ all: z.literal(true).describe('All of every job, at most 1000 a call') }),
  ])
  .describe('Which dead letters');
export type Redrive = z.output<typeof Redrive>;

// ---- Errors and facts ---------------------------------------------------------------------------

export const JobNotFound = defineError('JOB_NOT_FOUND', 404, 'There is no such job, or it is no longer kept');
export const JobCannotBeRetried = defineError('JOB_CANNOT_BE_RETRIED', 409, 'The job runs or has succeeded');
export const JobHasEnded = defineError('JOB_HAS_ENDED', 409, 'The job has succeeded or is cancelled already');
export const QueueNotFound = defineError('QUEUE_NOT_FOUND', 404, 'There is no job of this name');

const OfJob = z.object({ jobId: z.uuid(), job: z.string() });
const ofJob = { subject: ({ jobId }: { jobId: string }) => ['job', jobId] as const, changes: z.object({ state: State }) };
const OfQueue = z.object({ job: z.string() });
const ofQueue = { subject: ({ job }: { job: string }) => ['queue', job] as const, changes: z.object({ paused: z.boolean() }) };
export const jobRetried = defineEvent('jobs.retried', OfJob, { ...ofJob, title: 'Job retried' });
export const jobCancelled = defineEvent('jobs.cancelled', OfJob, { ...ofJob, title: 'Job cancelled' });
export const payloadRead = defineEvent('jobs.payload-read', OfJob, { subject: ofJob.subject, title: 'Payload of a job read' });
export const jobsRedriven = defineEvent(
  'jobs.redriven',
  z.object({
    asked: z.union([z.object({ ids: z.array(z.string()) }), z.object({ job: z.string() }), z.object({ all: z.literal(true) })]),
    redriven: z.int(),
  }),
  { title: 'Dead letters redriven' },
);
export const queuePaused = defineEvent('jobs.queue-paused', OfQueue, { ...ofQueue, title: 'Queue paused' });
export const queueResumed = defineEvent('jobs.queue-resumed', OfQueue, { ...ofQueue, title: 'Queue resumed' });

export const checkLag = defineJob('jobs.check-lag', z.object({}), {
  title: 'Look for facts and jobs that wait too long',
  concurrency: 1,
  attempts: 1,
});

export const cleanUp = defineJob('jobs.clean-up', z.object({}), {
  title: 'Delete idempotency records, marks of handlers and entries of channels that are past their time',
  concurrency: 1,
  attempts: 1,
});

// ---- Operations ---------------------------------------------------------------------------------

const JobId = z.object({ jobId: z.uuid() });
const QueueName = z.object({ job: Name });

export const operations = defineOperations({
  list: {
    method: 'GET',
    path: '/jobs',
    summary: 'Jobs, newest first',
    description: 'Those that succeeded are kept for a week, dead letters for a year.',
    access: allow(readJobs),
    query: CursorPaging.extend({ job: Name.optional(), state: State.optional() }),
    reply: paged(Job, { cursor: true }),
    example: { query: { state: 'failed' } },
  },
  get: {
    method: 'GET',
    path: '/jobs/:jobId',
    summary: 'One job',
    description: 'Its payload and output are shown to those who hold `jobs:read-payloads`, and each such look is recorded.',
    access: allow(readJobs),
    params: JobId,
    query: z.strictObject({
      show: z.enum(['whole', 'state']).default('whole').describe('`state`: without payload and output, so that no look is recorded'),
    }),
    reply: WholeJob,
    publishes: [payloadRead],
    errors: [JobNotFound],
  },
  retry: {
    method: 'POST',
    path: '/jobs/:jobId/retry',
    summary: 'Run a job now',
    description: 'One that waits, was cancelled, or is a dead letter. A dead letter gets all its attempts again, under its own id.',
    access: allow(manageJobs),
    params: JobId,
    status: 204,
    publishes: [jobRetried],
    errors: [JobNotFound, JobCannotBeRetried],
  },
  cancel: {
    method: 'POST',
    path: '/jobs/:jobId/cancel',
    summary: 'Cancel a job',
    description:
      'What waits never runs. What runs is told within two seconds, on whichever node; whether it stops is up to it, but its outcome no longer counts.',
    access: allow(manageJobs),
    params: JobId,
    status: 204,
    publishes: [jobCancelled],
    errors: [JobNotFound, JobHasEnded],
  },
  redrive: {
    method: 'POST',
    path: '/jobs/redrive',
    summary: 'Redrive dead letters',
    description: 'Gives them all their attempts again, the oldest first, at most 1000 a call, each under its own id.',
    access: allow(manageJobs),
    body: Redrive,
    reply: z.object({ redriven: z.int() }),
    publishes: [jobsRedriven],
    errors: [QueueNotFound],
    example: { body: { all: true } },
  },
  queues: { method: 'GET', path: '/jobs/queues', summary: 'Queues and what is in them', access: allow(readJobs), reply: z.array(Queue) },
  pause: {
    method: 'POST',
    path: '/jobs/queues/:job/pause',
    summary: 'Pause a queue',
    description: 'Within a second no node begins a run of this job. Those that run end; enqueueing and schedules go on.',
    access: allow(manageJobs),
    params: QueueName,
    status: 204,
    publishes: [queuePaused],
    errors: [QueueNotFound],
  },
  resume: {
    method: 'POST',
    path: '/jobs/queues/:job/resume',
    summary: 'Resume a paused queue',
    access: allow(manageJobs),
    params: QueueName,
    status: 204,
    publishes: [queueResumed],
    errors: [QueueNotFound],
  },
  schedules: {
    method: 'GET',
    path: '/jobs/schedules',
    summary: 'Schedules and their next times',
    access: allow(readJobs),
    reply: z.array(Schedule),
  },
});
