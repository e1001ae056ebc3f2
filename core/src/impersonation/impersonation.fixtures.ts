import { defineFixtures } from '@plinth/kit/testing';
import { operations } from './contract.ts';

export const fixtures = defineFixtures(operations, {
  start: async (world) => ({ body: { userId: (await world.as('member')).userId, reason: 'Ticket 4711' } }),
  stop: async (world, actor) => {
    const { userId } = await world.as('admin');
    await world.app.owner.query(`update auth.sessions set impersonator_id = $2, impersonation_reason = 'Ticket 4711' where user_id = $1`, [
      actor.userId,
      userId,
    ]);
    return {};
  },
});
