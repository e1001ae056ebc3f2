import { defineFeature, during, perform, schedule } from '@plinth/kit';
import { userDeleted, userRestored, users, userSuspended } from '../users/index.ts';
import { AssignmentsRepository } from './assignments.repository.ts';
import { AssignmentsService } from './assignments.service.ts';
import { AuthzenService } from './authzen.service.ts';
import * as contract from './contract.ts';
import { accessController } from './controller.ts';
import { createAccessDoor } from './door.ts';
import { ExplainRepository } from './explain.repository.ts';
import { ExplainService } from './explain.service.ts';
import { GrantsRepository } from './grants.repository.ts';
import { GrantsService } from './grants.service.ts';
import { Grants } from './grants.ts';
import { Judge, Subjects } from './judge.ts';
import { AccessRepository } from './repository.ts';
import { RolesService } from './roles.service.ts';
import { AccessRules } from './rules.ts';
import { ScopedRepository } from './scoped.repository.ts';
import { ScopedRoles } from './scoped.service.ts';
import { AccessService } from './service.ts';

export {
  LastAdministrator,
  manageAccess,
  permissionGranted,
  permissionRevoked,
  readAccess,
  roleAssigned,
  roleExpired,
  roleUnassigned,
  UnknownPermission,
  UnknownRole,
  type AssignmentFact,
  type GrantFact,
} from './contract.ts';
/** What other features may ask of access, and do with it. */
export type AccessApi = Pick<AccessService, 'rolesOf' | 'rolesNow' | 'holds'> &
  Pick<AssignmentsService, 'assign'> &
  Pick<AccessRules, 'checkScopes' | 'outrank' | 'outranks'> & {
    /** Roles inside one scope, for the feature that the scope belongs to. */
    readonly inside: Omit<ScopedRoles, 'start'>;
  };

const EVERYTHING = { by: 'page', page: 1, limit: 1000 } as const;

export const access = defineFeature({
  name: 'access',
  needs: { users },
  contract,
  migrations: `${import.meta.dirname}/migrations`,
  setup({ config, db, log, logger, cache, clock, catalog, names }, needs) {
    const repository = new AccessRepository(db);
    const assigned = new AssignmentsRepository(db);
    const direct = new GrantsRepository(db);
    const grants = new Grants({ cache, clock, catalog, repository });
    const rules = new AccessRules({ log, catalog, names, users: needs.users, access: repository, assignments: assigned });
    const roles = new RolesService({ log, rules, access: repository });
    const assignments = new AssignmentsService({ db, log, rules, users: needs.users, access: repository, assignments: assigned });
    const scoped = new ScopedRepository(db);
    const inside = new ScopedRoles({ log, rules, access: repository, assigned, assignments, scoped });
    const directGrants = new GrantsService({ db, log, rules, direct, users: needs.users });
    const service = new AccessService({ db, log, logger, catalog, rules, assignments, directGrants, grants, access: repository, direct });
    const door = createAccessDoor({ grants, catalog });
    const lookups = new ExplainRepository(db);
    const judge = new Judge({ door, catalog, names, explain: lookups });
    const explain = new ExplainService({ db, judge, grants, users: needs.users, access: repository, explain: lookups });
    const subjects = new Subjects({ db, names, users: needs.users });
    const authzen = new AuthzenService({ config, logger, judge, subjects });
    const api: AccessApi = {
      rolesOf: (on, userId) => service.rolesOf(on, userId),
      rolesNow: (userId) => service.rolesNow(userId),
      holds: (userId, permission) => service.holds(userId, permission),
      assign: (caller, tx, assignment) => assignments.assign(caller, tx, assignment),
      checkScopes: (caller, tx, userId, scopes) => rules.checkScopes(caller, tx, userId, scopes),
      outrank: (caller, tx, userId, scopes) => rules.outrank(caller, tx, userId, scopes),
      outranks: (on, userId, otherId) => rules.outranks(on, userId, otherId),
      inside,
    };
    return {
      api,
      controller: accessController({ access: service, roles, assignments, directGrants, explain, authzen }),
      door,
      personalData: async (userId) => ({
        assignments: (await assigned.list({ userId }, EVERYTHING)).items,
        grants: (await direct.list({ userId }, EVERYTHING)).items,
      }),
      async start() {
        await inside.start(); // roles before what is given to them
        await service.start();
      },
      handlers: [
        during(userSuspended, 'access.keep-administrator', (tx, { payload }, caller) => rules.release(caller, tx, payload.userId)),
        during(userDeleted, 'access.keep-administrator-on-delete', (tx, { payload }, caller) => rules.release(caller, tx, payload.userId)),
        during(userRestored, 'access.outrank', (tx, { payload }, caller) => rules.outrank(caller, tx, payload.userId)),
        perform(contract.sweepExpired, async (_payload, { caller }) => void (await service.sweepExpired(caller))),
        schedule(contract.sweepExpired, '* * * * *', {}),
      ],
    };
  },
});
