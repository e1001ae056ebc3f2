import { uuidv7 } from '@plinth/kit';
import { defineFixtures, type Actor, type World } from '@plinth/kit/testing';
import { users } from '../users/index.ts';
import { MEMBER, operations } from './contract.ts';

type App = Pick<World, 'app'>;
type Token = Pick<Actor, 'token'>;

/** The data of a call that must succeed. */
async function done<T>({ app }: App, { token }: Token, method: string, path: string, body?: unknown): Promise<T> {
  const { status, text, json } = await app.call(method, `/api/v1/organizations${path}`, { token, ...(body !== undefined && { body }) });
  if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${text}`);
  return (json as { data: T } | undefined)?.data as T;
}
/** An organization that the actor owns. */
export const makeOrganization = (world: App, owner: Token): Promise<{ id: string; name: string }> =>
  done(world, owner, 'POST', '', { name: `Lovelace ${uuidv7()}` });
export const emailOf = async ({ app }: App, { userId }: Pick<Actor, 'userId'>): Promise<string> =>
  (await app.api(users).find(app.kit.db, userId))!.email;
export const invite = (
  world: App,
  owner: Token,
  organizationId: string,
  email: string,
  roles: readonly string[] = [MEMBER],
): Promise<{ id: string }> => done(world, owner, 'POST', `/${organizationId}/invitations`, { email, roles });
/** The token in the mail of an invitation. */
export const invited = async ({ app }: App, email: string, organization: string): Promise<string> =>
  /#token=(\S+)/.exec((await app.mailbox.newest(email, ({ text }) => text.includes(organization))).text)![1]!;
/** Makes someone a member, as they become one. */
export async function join(
  world: App,
  owner: Token,
  { id, name }: { id: string; name: string },
  who: Actor,
  roles?: readonly string[],
): Promise<void> {
  const email = await emailOf(world, who);
  await invite(world, owner, id, email, roles);
  await done(world, who, 'POST', '/invitations/accept', { token: await invited(world, email, name) });
}

const mine = async (world: World, actor: Actor) => ({ organizationId: (await makeOrganization(world, actor)).id });
/** An organization of the actor's, and someone else in it. */
const withMember = async (world: World, actor: Actor) => {
  const organization = await makeOrganization(world, actor);
  const member = await world.as('member');
  await join(world, actor, organization, member);
  return { organizationId: organization.id, userId: member.userId };
};

export const fixtures = defineFixtures(operations, {
  create: () => ({ body: { name: 'Lovelace & Co.' } }),
  get: async (world, actor) => ({ params: await mine(world, actor) }),
  rename: async (world, actor) => ({ params: await mine(world, actor), body: { name: 'Daughters' }, headers: { 'if-match': '"1"' } }),
  delete: async (world, actor) => ({ params: await mine(world, actor) }),
  transfer: async (world, actor) => {
    const { organizationId, userId } = await withMember(world, actor);
    return { params: { organizationId }, body: { userId } };
  },
  leave: async (world, actor) => {
    const owner = await world.as('member');
    const organization = await makeOrganization(world, owner);
    await join(world, owner, organization, actor);
    return { params: { organizationId: organization.id } };
  },
  members: async (world, actor) => ({ params: await mine(world, actor) }),
  setRoles: async (world, actor) => ({ params: await withMember(world, actor), body: { roles: ['organization-admin'] } }),
  remove: async (world, actor) => ({ params: await withMember(world, actor) }),
  invitations: async (world, actor) => ({ params: await mine(world, actor) }),
  invite: async (world, actor) => ({ params: await mine(world, actor), body: { email: `guest-${uuidv7()}@example.com` } }),
  revoke: async (world, actor) => {
    const { organizationId } = await mine(world, actor);
    const { id } = await invite(world, actor, organizationId, `guest-${uuidv7()}@example.com`);
    return { params: { organizationId, invitationId: id } };
  },
  accept: async (world, actor) => {
    const owner = await world.as('member');
    const organization = await makeOrganization(world, owner);
    const email = await emailOf(world, actor);
    await invite(world, owner, organization.id, email);
    return { body: { token: await invited(world, email, organization.name) } };
  },
});
