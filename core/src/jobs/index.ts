import { defineFeature } from '@plinth/kit';
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
    return { api: {}, controller: jobsController(new JobsService(kit)) };
  },
});
