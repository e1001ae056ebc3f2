import { setTimeout as sleep } from 'node:timers/promises';
import { defineFixtures } from '@plinth/kit/testing';
import { operations } from './contract.ts';

export const fixtures = defineFixtures(operations, {
  search: () => ({ query: { outcome: 'success', limit: '5' } }),
  get: async ({ app }) => {
    // Whatever made the actor is in the log a moment later.
    for (let tries = 0; tries < 200; tries++) {
      const { items } = await app.kit.log.search({}, { by: 'cursor', after: null, limit: 1 });
      if (items[0]) return { params: { position: String(items[0].position) } };
      await sleep(25);
    }
    throw new Error('nothing came into the log');
  },
});
