import { users } from '@plinth/core';
import { uuidv7 } from '@plinth/kit';
import { defineFixtures, type Actor, type World } from '@plinth/kit/testing';
import { operations, type NewProject, type Project, type Role } from './contract.ts';

type App = Pick<World, 'app'>;

/** The data of a call that must succeed. */
async function done<T>({ app }: App, { token }: Pick<Actor, 'token'>, method: string, path: string, body?: unknown): Promise<T> {
  const { status, text, json } = await app.call(method, `/api/v1/projects${path}`, { token, ...(body !== undefined && { body }) });
  if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${text}`);
  return (json as { data: T } | undefined)?.data as T;
}
export const makeProject = (world: App, owner: Pick<Actor, 'token'>, over: Partial<NewProject> = {}): Promise<Project> =>
  done(world, owner, 'POST', '', { name: 'Apollo', ...over });
export const addMember = (world: App, owner: Pick<Actor, 'token'>, projectId: string, who: Pick<Actor, 'userId'>, role: Role = 'viewer') =>
  done<unknown>(world, owner, 'POST', `/${projectId}/members`, { userId: who.userId, role });
export const invite = (world: App, owner: Pick<Actor, 'token'>, projectId: string, email: string, role: Role = 'viewer') =>
  done<unknown>(world, owner, 'POST', `/${projectId}/invitations`, { email, role });
export const emailOf = async ({ app }: App, { userId }: Pick<Actor, 'userId'>): Promise<string> =>
  (await app.api(users).find(app.kit.db, userId))!.email;

const mine = async (world: World, actor: Actor) => ({ projectId: (await makeProject(world, actor)).id });
/** A project of the actor's, and someone else in it. */
const withMember = async (world: World, actor: Actor) => {
  const { projectId } = await mine(world, actor);
  const member = await world.as('member');
  await addMember(world, actor, projectId, member);
  return { projectId, userId: member.userId };
};
const onMine = async (world: World, actor: Actor) => ({ params: await mine(world, actor) });

export const fixtures = defineFixtures(operations, {
  create: () => ({ body: { name: 'Apollo', slug: `apollo-${uuidv7()}`, visibility: 'internal' } }),
  getBySlug: async (world, actor) => ({ params: { slug: (await makeProject(world, actor)).slug } }),
  get: onMine,
  update: async (world, actor) => ({ ...(await onMine(world, actor)), body: { name: 'Apollo 11' }, headers: { 'if-match': '"1"' } }),
  archive: onMine,
  restore: async (world, actor) => {
    const params = await mine(world, actor);
    await done(world, actor, 'POST', `/${params.projectId}/archive`);
    return { params };
  },
  delete: onMine,
  members: onMine,
  addMember: async (world, actor) => ({
    ...(await onMine(world, actor)),
    body: { userId: (await world.as('member')).userId, role: 'editor' },
  }),
  setRole: async (world, actor) => ({ params: await withMember(world, actor), body: { role: 'editor' } }),
  removeMember: async (world, actor) => ({ params: await withMember(world, actor) }),
  leave: async (world, actor) => {
    const owner = await world.as('member');
    const { projectId } = await mine(world, owner);
    await addMember(world, owner, projectId, actor);
    return { params: { projectId } };
  },
  invite: async (world, actor) => ({
    ...(await onMine(world, actor)),
    body: { email: await emailOf(world, await world.as('member')), role: 'editor' },
  }),
  join: async (world, actor) => {
    const owner = await world.as('member');
    const { projectId } = await mine(world, owner);
    await invite(world, owner, projectId, await emailOf(world, actor));
    return { params: { projectId } };
  },
});
