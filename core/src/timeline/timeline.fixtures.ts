import { setTimeout as sleep } from 'node:timers/promises';
import { defineFixtures } from '@plinth/kit/testing';
import { operations } from './contract.ts';

export const fixtures = defineFixtures(operations, {
  get: async ({ app }) => {
    // Whatever made the actor is in the log a moment later.
    for (let tries = 0; tries < 200; tries++) {
      const { position } = await app.kit.log.statistics();
      if (position > 0) return { query: { position: String(position) } };
      await sleep(25);
    }
    throw new Error('nothing came into the log');
  },
});
