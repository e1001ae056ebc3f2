import type { Controller } from '@plinth/kit';
import type { operations } from './contract.ts';
import type { UsersService } from './service.ts';

export const usersController = (service: UsersService): Controller<typeof operations> => ({
  me: ({ caller }) => service.me(caller),
  changeMe: ({ caller, tx, body, ifMatch }) => service.changeProfile(caller, tx, body, ifMatch),
  list: ({ caller, query, paging }) => service.list(caller, query, paging),
  statistics: ({ caller }) => service.statistics(caller),
  get: ({ caller, params }) => service.get(caller, params.userId),
  suspend: ({ caller, tx, params, body }) => service.suspend(caller, tx, params.userId, body.reason),
  restore: ({ caller, tx, params }) => service.restore(caller, tx, params.userId),
  delete: ({ caller, tx, params }) => service.delete(caller, tx, params.userId),
});
