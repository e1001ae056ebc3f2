import type { Controller } from '@plinth/kit';
import type { AuthApi } from '../auth/index.ts';
import type { operations } from './contract.ts';
import type { ImpersonationService } from './service.ts';

export const impersonationController = (service: ImpersonationService, finish: AuthApi['finish']): Controller<typeof operations> => ({
  start: async ({ caller, body }) => finish(await service.start(caller, body.userId, body.reason)),
  stop: ({ caller, tx }) => service.stop(caller, tx),
});
