import { uuidv7 } from '@plinth/kit';
import { defineFixtures, type World } from '@plinth/kit/testing';
import { operations } from './contract.ts';
import { liarOf, setOut } from './oauth.testing.ts';

const provider = 'liar';
/** Someone who has been at the provider, and whose browser brings the answer. */
export async function answered({ app }: Pick<World, 'app'>, email: string) {
  const liar = liarOf(app);
  liar.lie({ claims: { sub: email, email } });
  const { url, cookie } = await setOut(app);
  return {
    params: { provider },
    body: { state: url!.searchParams.get('state'), code: liar.issue(url!.searchParams.get('nonce')), iss: liar.issuer },
    headers: { cookie, origin: 'http://localhost:3000' },
  };
}

export const fixtures = defineFixtures(operations, {
  begin: () => ({ params: { provider }, body: { returnTo: '/welcome' } }),
  complete: (world) => answered(world, `${uuidv7()}@example.com`),
  callbackPage: () => ({ params: { provider } }),
  formPost: () => ({
    params: { provider },
    body: 'state=x&error=user_cancelled_authorize',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    status: 303,
  }),
  link: () => ({ params: { provider }, body: { returnTo: '/settings' } }),
  unlink: async ({ app }, { userId }) => {
    const identityId = uuidv7();
    await app.owner.query(`insert into auth.factors (id, user_id, kind) values ($1, $2, 'oauth')`, [identityId, userId]);
    await app.owner.query(
      `insert into oauth.identities (factor_id, user_id, provider, issuer, subject) values ($1, $2, 'liar', 'https://liar.example', $3)`,
      [identityId, userId, identityId],
    );
    return { params: { identityId } };
  },
});
