import { defineFixtures, type Actor, type World } from '@plinth/kit/testing';
import { operations } from './contract.ts';

const body = { label: 'Nightly export', scopes: ['products:read'] };
/** A key of this actor. */
export const createKey = async ({ app }: Pick<World, 'app'>, { token }: Actor, more: object = {}): Promise<{ id: string; key: string }> => {
  const { json, status, text } = await app.call('POST', '/api/v1/api-keys', { token, body: { ...body, ...more } });
  if (status !== 201) throw new Error(`creating a key answered ${status}: ${text}`);
  return json.data;
};

export const fixtures = defineFixtures(operations, {
  create: () => ({ body }),
  rotate: async (world, actor) => ({ params: { keyId: (await createKey(world, actor)).id }, body: {} }),
  revoke: async (world, actor) => ({ params: { keyId: (await createKey(world, actor)).id } }),
  current: async (world, actor) => ({ headers: { 'x-api-key': (await createKey(world, actor)).key } }),
});
