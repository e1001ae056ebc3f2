import { uuidv7 } from '@plinth/kit';
import { defineFixtures, type Actor, type World } from '@plinth/kit/testing';
import { operations } from './contract.ts';

async function made<T>({ app }: World, { token }: Actor, path: string, body: unknown): Promise<T> {
  const reply = await app.call('POST', `/api/v1/access${path}`, { token, body });
  if (reply.status !== 201) throw new Error(`${path} answered ${reply.status}: ${reply.text}`);
  return reply.json.data as T;
}
const newRole = () => ({ name: `role-${uuidv7()}`, title: 'A role', permissions: ['access:read'] });
const asked = (id: string) => ({ subject: { type: 'user', id }, action: { name: 'access:read' }, resource: { type: 'access', id: 'any' } });
const role = async (world: World): Promise<{ role: string }> => ({
  role: (await made<{ name: string }>(world, await world.as('admin'), '/roles', newRole())).name,
});

export const fixtures = defineFixtures(operations, {
  getRole: () => ({ params: { role: 'member' } }),
  createRole: () => ({ body: newRole() }),
  changeRole: async (world) => ({ params: await role(world), body: { title: 'Another title' } }),
  setPermissions: async (world) => ({ params: await role(world), body: { permissions: ['access:*', 'users:read'] } }),
  deleteRole: async (world) => ({ params: await role(world) }),
  listAssignments: (_world, { userId }) => ({ query: { userId } }),
  assign: async (world) => ({ body: { userId: (await world.as('member')).userId, ...(await role(world)), reason: 'An example' } }),
  unassign: async (world) => {
    const { userId } = await world.as('member');
    const { id } = await made<{ id: string }>(world, await world.as('admin'), '/assignments', { userId, ...(await role(world)) });
    return { params: { assignmentId: id } };
  },
  grant: async (world) => ({ body: { userId: (await world.as('member')).userId, permission: 'access:read', reason: 'An example' } }),
  explain: (_world, { userId }) => ({ query: { user: userId, action: 'access:read' } }),
  evaluate: (_world, { userId }) => ({ body: asked(userId) }),
  evaluateAll: (_world, { userId }) => ({ body: { ...asked(userId), evaluations: [{}, { action: { name: 'users:read' } }] } }),
  revokeGrant: async (world) => {
    const { userId } = await world.as('member');
    const { id } = await made<{ id: string }>(world, await world.as('admin'), '/grants', { userId, permission: 'access:read' });
    return { params: { grantId: id } };
  },
});
