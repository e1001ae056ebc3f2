import { uuidv7 } from '@plinth/kit';
import { defineFixtures, type Actor, type World } from '@plinth/kit/testing';
import { users } from '../users/index.ts';
import { PASSWORD } from './auth.testing.ts';
import { operations } from './contract.ts';

const newcomer = () => ({ email: `new-${uuidv7()}@example.com`, displayName: 'Grace Hopper' });
const credentials = async ({ app }: World, { userId }: Actor) => ({
  email: (await app.api(users).find(app.kit.db, userId))!.email,
  password: PASSWORD,
});
/** One more session of this actor. */
const signIn = async (world: World, actor: Actor): Promise<{ sessionId: string; refreshToken: string }> =>
  (await world.app.call('POST', '/api/v1/auth/sign-in', { body: await credentials(world, actor) })).json.data;

export const fixtures = defineFixtures(operations, {
  register: () => ({ body: newcomer() }),
  confirmRegistration: async ({ app }) => {
    const body = newcomer();
    await app.call('POST', '/api/v1/auth/register', { body });
    const { text } = await app.mailbox.newest(body.email);
    return { body: { token: /#token=(\S+)/.exec(text)![1], password: PASSWORD } };
  },
  signIn: async (world, actor) => ({ body: await credentials(world, actor) }),
  refresh: async (world, actor) => ({ body: { refreshToken: (await signIn(world, actor)).refreshToken } }),
  signOut: () => ({ body: {} }),
  endSession: async (world, actor) => ({ params: { sessionId: (await signIn(world, actor)).sessionId } }),
  endOtherSessions: async (world, actor) => {
    await signIn(world, actor);
    return {};
  },
  stepUp: () => ({ body: { password: PASSWORD } }),
  changePassword: () => ({ body: { currentPassword: PASSWORD, newPassword: 'seven slow trains to Lisbon' } }),
});
