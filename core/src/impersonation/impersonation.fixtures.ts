import { defineFixtures, type World } from '@plinth/kit/testing';
import { operations } from './contract.ts';

const another = async (world: World) => ({ userId: (await world.as('member')).userId, reason: 'Ticket 4711' });

export const fixtures = defineFixtures(operations, {
  start: async (world) => ({ body: await another(world) }),
  stop: async (world) => {
    const { token } = await world.as('admin');
    const { json } = await world.app.call('POST', '/api/v1/impersonation', { token, body: await another(world) });
    return { token: json.data.accessToken };
  },
});
