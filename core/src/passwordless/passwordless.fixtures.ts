import { defineFixtures, type Actor, type World } from '@plinth/kit/testing';
import { users } from '../users/index.ts';
import { operations } from './contract.ts';

const emailOf = async ({ app }: World, { userId }: Actor): Promise<string> => (await app.api(users).find(app.kit.db, userId))!.email;

export const fixtures = defineFixtures(operations, {
  askMagicLink: async (world, actor) => ({ body: { email: await emailOf(world, actor) } }),
  redeemMagicLink: async (world, actor) => {
    const email = await emailOf(world, actor);
    await world.app.call('POST', '/api/v1/auth/magic-link', { body: { email } });
    const { text } = await world.app.mailbox.newest(email, ({ subject }) => subject === 'Sign in');
    return { body: { token: /#token=(\S+)/.exec(text)![1] } };
  },
  askCode: async (world, actor) => ({ body: { email: await emailOf(world, actor) } }),
  redeemCode: async (world, actor) => {
    const email = await emailOf(world, actor);
    const { json } = await world.app.call('POST', '/api/v1/auth/email-code', { body: { email } });
    const { text } = await world.app.mailbox.newest(email, ({ subject }) => subject === 'Your code');
    return { body: { email, flow: json.data.flow, code: /^\d{8}$/m.exec(text)![0] } };
  },
});
