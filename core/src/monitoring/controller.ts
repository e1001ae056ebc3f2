import type { Controller } from '@plinth/kit';
import type { operations } from './contract.ts';
import type { MonitoringService } from './service.ts';

export const monitoringController = (service: MonitoringService): Controller<typeof operations> => ({
  samples: ({ query }) => service.samples(query.minutes),
  health: () => service.health(),
  mailbox: () => service.mails(),
});
