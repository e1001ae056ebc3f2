import { access, permissionGranted, roleAssigned, roleExpired, roleUnassigned, userDeleted, users } from '@plinth/core';
import { defineFeature, during, perform, schedule } from '@plinth/kit';
import * as contract from './contract.ts';
import { projectsController } from './controller.ts';
import { Invitations } from './invitations.ts';
import { InvitationsRepository } from './invitations.repository.ts';
import { Members } from './members.ts';
import { ProjectsRepository } from './repository.ts';
import { ProjectsService } from './service.ts';

export { PROJECT, projectArchived, projectChannel, projectCreated, projectDeleted, projectRestored, projectUpdated } from './contract.ts';
export type ProjectsApi = Pick<ProjectsService, 'get'>;

export const projects = defineFeature({
  name: 'projects',
  needs: { users, access },
  contract,
  migrations: `${import.meta.dirname}/migrations`,
  setup(kit, needs) {
    const deps = { ...kit, ...needs, projects: new ProjectsRepository(kit.db), invitations: new InvitationsRepository() };
    const service = new ProjectsService(deps);
    const members = new Members({ ...deps, service });
    const invitations = new Invitations({ ...deps, service });

    // Roles that count inside a project and nowhere else. What they grant stands beside the permissions.
    const { inside } = needs.access;
    const scopeType = contract.PROJECT;
    inside.keep(scopeType, (tx, id) => deps.projects.lock(tx, id));
    inside.declare({ name: contract.named('owner'), title: 'Owner of a project', scopeType, permissions: ['*'] });
    inside.declare({ name: contract.named('editor'), title: 'Editor of a project', scopeType, permissions: [] });
    inside.declare({ name: contract.named('viewer'), title: 'Viewer of a project', scopeType, permissions: [] });

    const api: ProjectsApi = service;
    return {
      api,
      controller: projectsController(service, members, invitations),
      resources: {
        [contract.PROJECT]: {
          place: ({ id }) => service.place(id),
          // What its visibility opens is no rule's to say: about one project, the roles inside it answer.
          rule: ({ name }) =>
            ['projects.get', 'projects.getBySlug', contract.browseProjects.name].includes(name) ? contract.rules.read : undefined,
        },
      },
      personalData: async (userId) => ({ memberships: await members.of(userId), invitations: await deps.invitations.of(kit.db, userId) }),
      handlers: [
        during(roleAssigned, 'projects.admit', (tx, fact, caller) => members.admit(caller, tx, fact)),
        during(permissionGranted, 'projects.allow', (tx, fact) => members.allow(tx, fact)),
        during(roleUnassigned, 'projects.release', (tx, fact, caller) => members.release(caller, tx, fact)),
        during(roleExpired, 'projects.release-expired', (tx, fact, caller) => members.release(caller, tx, fact)),
        during(userDeleted, 'projects.forget', (tx, { payload }, caller) => members.forget(caller, tx, payload.userId)),
        perform(contract.tellPerson, (payload, run) => invitations.tell(payload, run)),
        perform(contract.sweepInvitations, () => invitations.sweep()),
        schedule(contract.sweepInvitations, '23 4 * * *', {}),
      ],
    };
  },
});
