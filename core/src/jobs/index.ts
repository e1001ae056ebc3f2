import { defineFeature, perform, schedule } from '@plinth/kit';
import * as contract from './contract.ts';
import { jobsController } from './controller.ts';
import { JobsService } from './service.ts';

export {
  jobCancelled,
  jobRetried,
  jobsRedriven,
  manageJobs,
  payloadRead,
  queuePaused,
  queueResumed,
  readJobs,
  readPayloads,
} from './contract.ts';

export const jobs = defineFeature({
  name: 'jobs',
  contract,
  setup(kit) {
    const service = new JobsService(kit);
    kit.metrics.gauge('jobs_ready', 'Jobs that could run now', () => service.total('ready'));
    kit.metrics.gauge('jobs_running', 'Jobs that run', () => service.total('running'));
    kit.metrics.gauge('jobs_dead', 'Dead letters', () => service.total('dead'));
    kit.metrics.gauge('jobs_oldest_seconds', 'How long the oldest job that could run has waited', () => service.total('oldestSeconds'));
    return {
      api: {},
      controller: jobsController(service),
      handlers: [
        perform(contract.checkLag, () => service.check()),
        schedule(contract.checkLag, '*/5 * * * *', {}, { missed: 'skip' }),
        perform(contract.cleanUp, () => kit.housekeeping()),
        schedule(contract.cleanUp, '*/10 * * * *', {}, { missed: 'skip' }),
      ],
    };
  },
});
