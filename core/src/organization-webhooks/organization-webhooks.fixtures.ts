import { defineFixtures } from '@plinth/kit/testing';
import { makeOrganization } from '../organizations/organizations.fixtures.ts';
import { endpointFixtures } from '../webhooks/webhooks.fixtures.ts';
import { operations } from './contract.ts';

export const fixtures = defineFixtures(
  operations,
  endpointFixtures(async (world, actor) => {
    const { id: organizationId } = await makeOrganization(world, actor);
    return { base: `/organizations/${organizationId}/webhooks`, params: { organizationId } };
  }),
);
