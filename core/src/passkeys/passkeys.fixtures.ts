import { uuidv7 } from '@plinth/kit';
import { defineFixtures, type Actor, type World } from '@plinth/kit/testing';
import { users } from '../users/index.ts';
import { operations } from './contract.ts';
import { SoftAuthenticator } from './passkeys.testing.ts';

const PASSWORD = 'quiet harbour under a tin moon';
const options = async ({ app }: World, path: string, body: object | undefined, token?: string) =>
  (await app.call('POST', `/api/v1${path}`, { ...(body && { body }), ...(token !== undefined && { token }) })).json.data as {
    challenge: string;
  };

/** A passkey of this actor, registered behind HTTP: their session goes on. */
export async function withPasskey({ app }: Pick<World, 'app'>, userId: string): Promise<{ device: SoftAuthenticator; passkeyId: string }> {
  const device = new SoftAuthenticator();
  const passkeyId = uuidv7();
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  const { registrationInfo } = await verifyRegistrationResponse({
    response: device.create({ challenge: 'x' }) as never,
    expectedChallenge: 'x',
    expectedOrigin: 'http://localhost:3000',
    expectedRPID: 'localhost',
  });
  await app.owner.query(`insert into auth.factors (id, user_id, kind) values ($1, $2, 'passkey')`, [passkeyId, userId]);
  await app.owner.query(
    `insert into passkeys.credentials (factor_id, user_id, credential_id, public_key, counter, transports, aaguid, backed_up, label)
     values ($1, $2, $3, $4, 0, '{internal}', '00000000-0000-0000-0000-000000000000', false, 'Laptop')`,
    [passkeyId, userId, device.id, Buffer.from(registrationInfo!.credential.publicKey)],
  );
  return { device, passkeyId };
}
async function challenge({ app }: World, { userId }: Actor): Promise<string> {
  const { email } = (await app.api(users).find(app.kit.db, userId))!;
  return (await app.call('POST', '/api/v1/auth/sign-in', { body: { email, password: PASSWORD } })).json.data.challenge as string;
}
/** A sign-in that must set up a second factor; how it came to that does not matter here. */
async function enrolment(world: World, actor: Actor): Promise<string> {
  await withPasskey(world, actor.userId);
  const token = await challenge(world, actor);
  await world.app.owner.query(`update auth.challenges set purpose = 'enrol' where user_id = $1`, [actor.userId]);
  await world.app.owner.query('delete from auth.factors where user_id = $1', [actor.userId]);
  return token;
}

export const fixtures = defineFixtures(operations, {
  register: async (world, { token }) => ({
    body: { label: 'Laptop', credential: new SoftAuthenticator().create(await options(world, '/passkeys/options', undefined, token)) },
  }),
  rename: async (world, { userId }) => ({
    params: { passkeyId: (await withPasskey(world, userId)).passkeyId },
    body: { label: 'Work laptop' },
  }),
  remove: async (world, { userId }) => ({ params: { passkeyId: (await withPasskey(world, userId)).passkeyId } }),
  signInOptions: () => ({ body: {} }),
  signIn: async (world, { userId }) => {
    const { device } = await withPasskey(world, userId);
    return { body: { credential: device.get(await options(world, '/auth/passkey/options', {})) } };
  },
  enrolOptions: async (world, actor) => ({ body: { challenge: await enrolment(world, actor) } }),
  enrol: async (world, actor) => {
    const token = await enrolment(world, actor);
    const asked = await options(world, '/auth/passkey/enrol/options', { challenge: token });
    return { body: { challenge: token, label: 'Laptop', credential: new SoftAuthenticator().create(asked) } };
  },
  stepUp: async (world, { userId, token }) => {
    const { device } = await withPasskey(world, userId);
    return { body: { credential: device.get(await options(world, '/auth/passkey/step-up/options', undefined, token)) } };
  },
});
