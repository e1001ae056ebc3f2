import { defineFixtures } from '@plinth/kit/testing';
import { operations } from './contract.ts';

export const fixtures = defineFixtures(operations, {
  samples: () => ({ query: { minutes: '5' } }),
});
