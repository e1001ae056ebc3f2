import type { Controller } from '@plinth/kit';
import type { operations } from './contract.ts';
import type { ServiceAccounts } from './service.ts';

export const serviceAccountsController = (service: ServiceAccounts): Controller<typeof operations> => ({
  list: ({ caller, paging }) => service.list(caller, paging),
  create: ({ caller, tx, body }) => service.create(caller, tx, body),
  keys: ({ caller, params }) => service.keys(caller, params.accountId),
  createKey: ({ caller, tx, params, body }) => service.createKey(caller, tx, params.accountId, body),
  rotateKey: ({ caller, tx, params, body }) => service.rotateKey(caller, tx, params.accountId, params.keyId, body.graceSeconds),
  revokeKey: ({ caller, tx, params }) => service.revokeKey(caller, tx, params.accountId, params.keyId),
});
