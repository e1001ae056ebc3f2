import { defineFixtures, type FixtureCall, type World } from '@plinth/kit/testing';
import { operations } from './contract.ts';

const reason = { reason: 'Reported for spam' };
const another = async (world: World): Promise<FixtureCall> => ({ params: { userId: (await world.as('member')).userId } });

export const fixtures = defineFixtures(operations, {
  changeMe: () => ({ body: { displayName: 'Ada King', timeZone: 'Europe/London' } }),
  list: () => ({ query: { q: 'a', status: 'active', sort: 'email' } }),
  get: another,
  suspend: async (world) => ({ ...(await another(world)), body: reason }),
  restore: async (world, { token }) => {
    const call = await another(world);
    await world.app.call('POST', `/api/v1/users/${call.params!['userId']}/suspend`, { token, body: reason });
    return call;
  },
  delete: another,
});
