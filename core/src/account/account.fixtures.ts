import { uuidv7 } from '@plinth/kit';
import { defineFixtures, type Actor, type World } from '@plinth/kit/testing';
import { users } from '../users/index.ts';
import { operations } from './contract.ts';

const emailOf = async ({ app }: World, { userId }: Actor): Promise<string> => (await app.api(users).find(app.kit.db, userId))!.email;
/** The token of the newest link that was mailed to this address. */
const mailed = async ({ app }: World, email: string, subject: RegExp): Promise<string> =>
  /#token=(\S+)/.exec((await app.mailbox.newest(email, (message) => subject.test(message.subject))).text)![1]!;

export const fixtures = defineFixtures(operations, {
  forgotPassword: async (world, actor) => ({ body: { email: await emailOf(world, actor) } }),
  resetPassword: async (world, actor) => {
    const email = await emailOf(world, actor);
    await world.app.call('POST', '/api/v1/account/forgot-password', { body: { email } });
    return { body: { token: await mailed(world, email, /new password/), password: 'seven slow trains to Lisbon' } };
  },
  verifyEmail: async (world, actor) => {
    await world.app.owner.query('update users.users set email_verified_at = null where id = $1', [actor.userId]);
    await world.app.call('POST', '/api/v1/account/verify-email', { token: actor.token });
    return { body: { token: await mailed(world, await emailOf(world, actor), /Confirm your address/) } };
  },
  endSessionsOf: async (world) => ({ params: { userId: (await world.as('member')).userId }, body: { reason: 'Lost laptop' } }),
  sessionsOf: async (world) => ({ params: { userId: (await world.as('member')).userId } }),
  endSessionOf: async (world) => {
    const { userId, token } = await world.as('member');
    const { json } = await world.app.call('GET', '/api/v1/auth/sessions', { token });
    return { params: { userId, sessionId: json.data[0].id }, body: { reason: 'Not their device' } };
  },
  changeEmail: () => ({ body: { email: `new-${uuidv7()}@example.com` } }),
  confirmEmail: async (world, actor) => {
    const email = `new-${uuidv7()}@example.com`;
    await world.app.call('POST', '/api/v1/account/change-email', { token: actor.token, body: { email } });
    return { body: { token: await mailed(world, email, /new address/) } };
  },
});
