import type { Controller } from '@plinth/kit';
import type { operations } from './contract.ts';
import type { KeysService } from './service.ts';

export const keysController = (service: KeysService): Controller<typeof operations> => ({
  list: ({ caller }) => service.list(caller, caller.userId),
  create: ({ caller, tx, body }) => service.create(caller, tx, caller.userId, body),
  rotate: ({ caller, tx, params, body }) => service.rotate(caller, tx, caller.userId, params.keyId, body.graceSeconds),
  revoke: ({ caller, tx, params }) => service.revoke(caller, tx, caller.userId, params.keyId),
  current: ({ caller }) => service.current(caller),
});
