import type { Controller } from '@plinth/kit';
import type { operations } from './contract.ts';
import type { JobsService } from './service.ts';

export const jobsController = (service: JobsService): Controller<typeof operations> => ({
  list: ({ query: { job, state }, paging }) => service.list({ job, state }, paging),
  get: ({ caller, params, query }) => service.get(caller, params.jobId, query.show),
  retry: ({ caller, tx, params }) => service.retry(caller, tx, params.jobId),
  cancel: ({ caller, tx, params }) => service.cancel(caller, tx, params.jobId),
  redrive: ({ caller, tx, body }) => service.redrive(caller, tx, body),
  queues: () => service.queues(),
  pause: ({ caller, tx, params }) => service.pause(caller, tx, params.job, true),
  resume: ({ caller, tx, params }) => service.pause(caller, tx, params.job, false),
  schedules: () => service.schedules(),
});
