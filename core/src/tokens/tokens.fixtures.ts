import { defineFixtures } from '@plinth/kit/testing';
import { operations } from './contract.ts';

const headers = { 'content-type': 'application/x-www-form-urlencoded' };
export const fixtures = defineFixtures(operations, {
  introspect: (_world, { token }) => ({ headers, body: `token=${token ?? ''}` }),
  revoke: (_world, { token }) => ({ headers, body: `token=${token ?? ''}` }),
});
