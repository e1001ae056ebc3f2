import type { Controller } from '@plinth/kit';
import type { operations } from './contract.ts';
import type { TimelineService } from './service.ts';

export const timelineController = (service: TimelineService): Controller<typeof operations> => ({
  get: ({ caller, query }) => service.get(caller, query),
});
