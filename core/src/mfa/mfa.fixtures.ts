import { defineFixtures, type Actor, type World } from '@plinth/kit/testing';
import { users } from '../users/index.ts';
import { operations } from './contract.ts';
import { authenticator, withTotp } from './mfa.testing.ts';
import { hashOf } from './recovery-codes.ts';

const PASSWORD = 'quiet harbour under a tin moon';

/** A sign-in that stands before its second factor. */
async function challenge({ app }: World, { userId }: Actor): Promise<string> {
  const { email } = (await app.api(users).find(app.kit.db, userId))!;
  const { json, text } = await app.call('POST', '/api/v1/auth/sign-in', { body: { email, password: PASSWORD } });
  if (json.data.status !== 'second-factor-required') throw new Error(`no challenge: ${text}`);
  return json.data.challenge as string;
}
/** The same where MFA_REQUIRED demands one that is not set up; the operation needs the policy only for how it began. */
async function enrolment(world: World, actor: Actor): Promise<string> {
  await withTotp(world.app, actor.userId);
  const token = await challenge(world, actor);
  await world.app.owner.query(`update auth.challenges set purpose = 'enrol' where user_id = $1`, [actor.userId]);
  await world.app.owner.query('delete from auth.factors where user_id = $1', [actor.userId]);
  return token;
}

export const fixtures = defineFixtures(operations, {
  confirmTotp: async ({ app }, { token }) => {
    const { json } = await app.call('POST', '/api/v1/mfa/totp', { token });
    return { body: { code: await authenticator(app, json.data.secret).next() } };
  },
  removeTotp: async ({ app }, { userId }) => {
    await withTotp(app, userId);
    return {};
  },
  newRecoveryCodes: async ({ app }, { userId }) => {
    await withTotp(app, userId);
    return {};
  },
  passTotp: async (world, actor) => {
    const device = await withTotp(world.app, actor.userId);
    return { body: { challenge: await challenge(world, actor), code: await device.next() } };
  },
  passRecoveryCode: async (world, actor) => {
    await withTotp(world.app, actor.userId);
    const code = 'k3v9x0-7mnp2q-4rstvw-8xyz01';
    await world.app.owner.query('insert into mfa.recovery_codes (user_id, code_hash) values ($1, $2)', [actor.userId, hashOf(code)]);
    return { body: { challenge: await challenge(world, actor), code } };
  },
  enrolTotp: async (world, actor) => ({ body: { challenge: await enrolment(world, actor) } }),
  confirmEnrolTotp: async (world, actor) => {
    const token = await enrolment(world, actor);
    const { json } = await world.app.call('POST', '/api/v1/mfa/challenge/totp/enrol', { body: { challenge: token } });
    return { body: { challenge: token, code: await authenticator(world.app, json.data.secret).next() } };
  },
  stepUpTotp: async ({ app }, { userId }) => ({ body: { code: await (await withTotp(app, userId)).next() } }),
  factorsOf: async (world) => ({ params: { userId: (await world.as('member')).userId } }),
  reset: async (world) => {
    const other = await world.as('member');
    await withTotp(world.app, other.userId);
    return { params: { userId: other.userId }, body: { reason: 'Lost phone' } };
  },
});
