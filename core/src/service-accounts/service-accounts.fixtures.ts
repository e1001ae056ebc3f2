import { uuidv7 } from '@plinth/kit';
import { defineFixtures, type Actor, type World } from '@plinth/kit/testing';
import { operations } from './contract.ts';

const key = { label: 'Nightly export', scopes: ['service-accounts:manage'] };
const name = (): string => `export-${uuidv7()}`;
async function post<T>({ app }: Pick<World, 'app'>, { token }: Pick<Actor, 'token'>, path: string, body: object): Promise<T> {
  const { json, status, text } = await app.call('POST', `/api/v1/service-accounts${path}`, { token, body });
  if (status !== 201) throw new Error(`${path} answered ${status}: ${text}`);
  return json.data as T;
}
/** A service account, made by someone who may. */
export const createAccount = (world: Pick<World, 'app'>, actor: Pick<Actor, 'token'>): Promise<{ id: string; name: string }> =>
  post(world, actor, '', { name: name(), title: 'Nightly export' });
export const createAccountKey = (
  world: Pick<World, 'app'>,
  actor: Pick<Actor, 'token'>,
  accountId: string,
  more: object = {},
): Promise<{ id: string; key: string }> => post(world, actor, `/${accountId}/keys`, { ...key, ...more });

/** What is refused is asked by someone who may not: an administrator makes what they ask for. */
const made = async (world: World): Promise<{ accountId: string; keyId: string }> => {
  const admin = await world.as('admin');
  const { id: accountId } = await createAccount(world, admin);
  return { accountId, keyId: (await createAccountKey(world, admin, accountId)).id };
};
const account = async (world: World) => ({ accountId: (await made(world)).accountId });

export const fixtures = defineFixtures(operations, {
  create: () => ({ body: { name: name(), title: 'Nightly export' } }),
  keys: async (world) => ({ params: await account(world) }),
  createKey: async (world) => ({ params: await account(world), body: key }),
  rotateKey: async (world) => ({ params: await made(world), body: {} }),
  revokeKey: async (world) => ({ params: await made(world) }),
});
