import { defineFeature, during, perform, schedule } from '@plinth/kit';
import { access, permissionGranted, roleAssigned, roleExpired, roleUnassigned } from '../access/index.ts';
import { userDeleted, users } from '../users/index.ts';
import * as contract from './contract.ts';
import { organizationsController } from './controller.ts';
import { Invitations } from './invitations.ts';
import { InvitationsRepository } from './invitations.repository.ts';
import { Members } from './members.ts';
import { OrganizationsRepository } from './repository.ts';
import { OrganizationsService } from './service.ts';

export {
  ADMIN as ORGANIZATION_ADMIN,
  invitationMail,
  MEMBER as ORGANIZATION_MEMBER,
  memberJoined,
  memberLeft,
  ORGANIZATION,
  organizationCreated,
  organizationDeleted,
  organizationRenamed,
  OWNER as ORGANIZATION_OWNER,
} from './contract.ts';
export type OrganizationsApi = Pick<OrganizationsService, 'find' | 'keep' | 'of' | 'seen' | 'setSeats'>;

export const organizations = defineFeature({
  name: 'organizations',
  needs: { users, access },
  contract,
  migrations: `${import.meta.dirname}/migrations`,
  setup(kit, needs) {
    const deps = { ...kit, ...needs };
    const repository = new OrganizationsRepository();
    const invitationRows = new InvitationsRepository();
    const members = new Members({ ...deps, organizations: repository, invitations: invitationRows });
    const service = new OrganizationsService({ ...deps, organizations: repository, members });
    const key = kit.seal.derive('organizations.invitations', 32);
    const invitations = new Invitations({ ...deps, organizations: service, invitations: invitationRows, key });

    const scopeType = contract.ORGANIZATION;
    const { inside } = needs.access;
    inside.keep(scopeType, (tx, id) => repository.lock(tx, id));
    inside.declare({ name: contract.OWNER, title: 'Owner of an organization', scopeType, permissions: ['*'] });
    inside.declare({ name: contract.ADMIN, title: 'Administrator of an organization', scopeType, permissions: [] });
    inside.declare({ name: contract.MEMBER, title: 'Member of an organization', scopeType, permissions: [] });

    const api: OrganizationsApi = service;
    return {
      api,
      controller: organizationsController(service, invitations),
      resources: { [contract.ORGANIZATION]: { place: ({ id }) => service.place(id) } },
      async personalData(userId) {
        const user = await needs.users.find(kit.db, userId);
        const proved = user?.emailVerifiedAt ? user.email : null;
        return { memberships: await service.of(userId), invitations: proved === null ? [] : await invitations.to(proved) };
      },
      handlers: [
        during(roleAssigned, 'organizations.admit', (tx, fact, caller) => members.admit(caller, tx, fact)),
        during(permissionGranted, 'organizations.allow', (tx, fact) => members.allow(tx, fact)),
        during(roleUnassigned, 'organizations.release', (tx, fact, caller) => members.release(caller, tx, fact)),
        during(roleExpired, 'organizations.release-expired', (tx, fact, caller) => members.release(caller, tx, fact)),
        during(userDeleted, 'organizations.forget', (tx, { payload }, caller) => members.forget(caller, tx, payload.userId)),
        perform(contract.sendInvitation, ({ invitationId }) => invitations.send(invitationId)),
        perform(contract.sweepInvitations, (_payload, { caller }) => invitations.sweep(caller)),
        schedule(contract.sweepInvitations, '41 * * * *', {}),
      ],
      async start() {
        const grants = await inside.lacking(kit.db, contract.MEMBER, contract.ADMIN);
        if (grants.length > 0)
          kit.logger.warn(
            { grants },
            `'${contract.MEMBER}' holds what '${contract.ADMIN}' does not: administrators of organizations cannot invite members`,
          );
      },
    };
  },
});
