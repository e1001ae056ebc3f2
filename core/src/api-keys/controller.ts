import type { Controller } from '@plinth/kit';
import type { operations } from './contract.ts';
import type { KeysService } from './service.ts';

export const keysController = (service: KeysService): Controller<typeof operations> => ({
  list: ({ caller }) => service.list(caller),
  create: ({ caller, tx, body }) => service.create(caller, tx, body),
  rotate: ({ caller, tx, params, body }) => service.rotate(caller, tx, params.keyId, body.graceSeconds),
  revoke: ({ caller, tx, params }) => service.revoke(caller, tx, params.keyId),
  current: ({ caller }) => service.current(caller),
});
