import type { Controller } from '@plinth/kit';
import type { operations } from './contract.ts';
import type { TokensService } from './service.ts';

export const tokensController = (service: TokensService): Controller<typeof operations> => ({
  configuration: () => service.configuration(),
  introspect: ({ caller, body }) => service.introspect(caller, body.token),
  revoke: ({ caller, tx, body }) => service.revoke(caller, tx, body.token),
});
