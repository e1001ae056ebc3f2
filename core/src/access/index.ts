import { defineFeature, during, perform, schedule } from '@plinth/kit';
import { userDeleted, userRestored, users, userSuspended } from '../users/index.ts';
import * as contract from './contract.ts';
import { accessController } from './controller.ts';
import { createAccessDoor } from './door.ts';
import { Grants } from './grants.ts';
import { AccessRepository } from './repository.ts';
import { AccessService } from './service.ts';

export { LastAdministrator, manageAccess, readAccess, roleAssigned, roleUnassigned, UnknownPermission } from './contract.ts';
export type AccessApi = Pick<AccessService, 'rolesOf' | 'rolesNow' | 'holds' | 'assign' | 'checkGrants' | 'outrank' | 'outranks'>;

export const access = defineFeature({
  name: 'access',
  needs: { users },
  contract,
  migrations: `${import.meta.dirname}/migrations`,
  setup({ db, log, logger, cache, clock, catalog }, needs) {
    const repository = new AccessRepository(db);
    const grants = new Grants({ cache, clock, catalog, repository });
    const service = new AccessService({ db, log, logger, catalog, users: needs.users, grants, access: repository });
    const api: AccessApi = service;
    return {
      api,
      controller: accessController(service),
      door: createAccessDoor({ grants, catalog }),
      personalData: async (userId) => (await repository.assignments({ userId }, { by: 'page', page: 1, limit: 1000 })).items,
      start: () => service.start(),
      handlers: [
        during(userSuspended, 'access.keep-administrator', (tx, { payload }, caller) => service.release(caller, tx, payload.userId)),
        during(userDeleted, 'access.keep-administrator-on-delete', (tx, { payload }, caller) =>
          service.release(caller, tx, payload.userId),
        ),
        during(userRestored, 'access.outrank', (tx, { payload }, caller) => service.outrank(caller, tx, payload.userId)),
        perform(contract.sweepExpired, async (_payload, { caller }) => void (await service.sweepExpired(caller))),
        schedule(contract.sweepExpired, '* * * * *', {}),
      ],
    };
  },
});
