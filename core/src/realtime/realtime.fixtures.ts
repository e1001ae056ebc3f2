import { defineFixtures } from '@plinth/kit/testing';
import { operations } from './contract.ts';

export const fixtures = defineFixtures(operations, {
  events: (_world, actor) => ({ query: { channels: `user:${actor.userId}` } }),
  publish: (_world, actor) => ({ body: { channel: `user:${actor.userId}`, data: { read: true } } }),
});
