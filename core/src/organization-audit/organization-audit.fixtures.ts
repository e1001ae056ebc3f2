import { type Actor, defineFixtures, type World } from '@plinth/kit/testing';
import { makeOrganization } from '../organizations/organizations.fixtures.ts';
import { operations } from './contract.ts';

const inside = async (world: World, actor: Actor) => {
  const { id: organizationId } = await makeOrganization(world, actor);
  return { params: { organizationId } };
};
export const fixtures = defineFixtures(operations, { search: inside, exportNdjson: inside, exportCsv: inside });
