import { uuidv7 } from '@plinth/kit';
import { defineFixtures, type Actor, type World } from '@plinth/kit/testing';
import { operations } from './contract.ts';

type Place = (world: World, actor: Actor) => Promise<{ base: string; params: Record<string, string> }>;
/** An endpoint that nothing listens behind. @returns what the API answers, with its secret. */
export async function makeEndpoint(
  { app }: Pick<World, 'app'>,
  { token }: Pick<Actor, 'token'>,
  base = '/webhooks',
  body: object = {},
): Promise<{ id: string; secret: string; version: number }> {
  const url = 'http://127.0.0.1:9/hooks';
  const reply = await app.call('POST', `/api/v1${base}/endpoints`, { token, body: { url, events: ['*'], ...body } });
  if (reply.status !== 201) throw new Error(`creating an endpoint answered ${reply.status}: ${reply.text}`);
  return reply.json.data;
}

/** A valid call for each of the operations on endpoints, at one place. */
export const endpointFixtures = (place: Place) => {
  const endpoint = async (world: World, actor: Actor) => {
    const { base, params } = await place(world, actor);
    const { id } = await makeEndpoint(world, actor, base);
    return { base, params: { ...params, endpointId: id } };
  };
  const onEndpoint = async (world: World, actor: Actor) => ({ params: (await endpoint(world, actor)).params });
  const delivery = async (world: World, actor: Actor) => {
    const { base, params } = await endpoint(world, actor);
    const reply = await world.app.call('POST', `/api/v1${base}/endpoints/${params.endpointId}/test`, { token: actor.token });
    return { params: { ...params, deliveryId: reply.json.data.id as string } };
  };
  return {
    list: async (world: World, actor: Actor) => ({ params: (await place(world, actor)).params }),
    create: async (world: World, actor: Actor) => ({
      params: (await place(world, actor)).params,
      body: { url: `https://example.com/${uuidv7()}`, events: ['users.*'], description: 'CRM' },
    }),
    get: onEndpoint,
    change: async (world: World, actor: Actor) => ({
      ...(await onEndpoint(world, actor)),
      body: { events: ['*'] },
      headers: { 'if-match': '"1"' },
    }),
    delete: onEndpoint,
    disable: onEndpoint,
    enable: async (world: World, actor: Actor) => {
      const { base, params } = await endpoint(world, actor);
      await world.app.call('POST', `/api/v1${base}/endpoints/${params.endpointId}/disable`, { token: actor.token });
      return { params };
    },
    rotateSecret: async (world: World, actor: Actor) => ({ ...(await onEndpoint(world, actor)), body: { graceSeconds: 60 } }),
    test: onEndpoint,
    deliveries: onEndpoint,
    delivery,
    replay: delivery,
    replayRange: async (world: World, actor: Actor) => ({
      ...(await onEndpoint(world, actor)),
      body: { from: '2026-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' },
    }),
  };
};

export const fixtures = defineFixtures(operations, {
  ...endpointFixtures(async () => ({ base: '/webhooks', params: {} })),
  events: () => ({}),
});
