import { race, tally } from '@plinth/kit/testing';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authApp, PASSWORD, type AuthApp, type SignedInPerson } from '../auth/auth.testing.ts';
import { passkeys } from './index.ts';
import { withPasskey } from './passkeys.fixtures.ts';
import { type Lies, SoftAuthenticator } from './passkeys.testing.ts';

let app: AuthApp;
beforeAll(async () => {
  app = await authApp({}, [passkeys]);
});
afterAll(() => app?.stop());

const post = (path: string, body?: object, token?: string) =>
  app.call('POST', `/api/v1${path}`, { ...(body && { body }), ...(token !== undefined && { token }) });
const asked = async (path: string, body?: object, token?: string): Promise<{ challenge: string }> => {
  const { status, json, text } = await post(path, body, token);
  expect(status, text).toBe(200);
  return json.data;
};
async function register(person: SignedInPerson, device = new SoftAuthenticator(), lies: Lies = {}) {
  const options = await asked('/passkeys/options', undefined, person.token);
  return post('/passkeys', { label: 'Laptop', credential: device.create(options, lies) }, person.token);
}
const alone = async (device: SoftAuthenticator, lies: Lies = {}) =>
  post('/auth/passkey', { credential: device.get(await asked('/auth/passkey/options', {}), lies) });
const second = async (challenge: string, device: SoftAuthenticator, lies: Lies = {}) =>
  post('/auth/passkey', { challenge, credential: device.get(await asked('/auth/passkey/options', { challenge }), lies) });
const codeOf = (reply: Awaited<ReturnType<typeof post>>): string => reply.json.error?.code ?? String(reply.status);

describe('registering', () => {
  it('B8: gives recovery codes and a session under a new id, ends the others, and from then on stands before every session', async () => {
    const person = await app.signedIn();
    const other = await app.again(person);
    const device = new SoftAuthenticator();
    const { status, json, text, requestId } = await register(person, device);
    expect(status, text).toBe(201);
    expect((await app.facts(requestId)).sort()).toEqual(['auth.factor-added', 'auth.stepped-up', 'mfa.recovery-codes-made']);
    expect(json.data).toMatchObject({ passkey: { label: 'Laptop', lastUsedAt: null }, recoveryCodes: { length: 10 } });
    expect([await app.me(person.token), await app.me(other.token), await app.me(json.data.session.accessToken)]).toEqual([401, 401, 200]);
    const half = (await app.signIn(person)).json.data;
    expect(half).toMatchObject({ status: 'second-factor-required', factors: ['passkey', 'recovery-code'] });
    const whole = await second(half.challenge, device);
    expect([whole.status, await app.facts(whole.requestId)]).toEqual([200, ['auth.signed-in']]);
    const list = await app.call('GET', '/api/v1/passkeys', { token: whole.json.data.accessToken });
    expect(list.json.data).toMatchObject([{ label: 'Laptop', backedUp: false }]);
    expect(list.json.data[0].lastUsedAt).toBeTruthy();
    expect(list.text).not.toContain('publicKey');
  });
  it('B43, B47: wants a recent proof and a proved address', async () => {
    const person = await app.signedIn();
    await app.owner.query('update users.users set email_verified_at = null where id = $1', [person.id]);
    expect(codeOf(await post('/passkeys/options', undefined, person.token))).toBe('EMAIL_NOT_VERIFIED');
    await app.owner.query(`update auth.sessions set proved_at = now() - interval '11 minutes' where user_id = $1`, [person.id]);
    const { accessToken } = (await app.refresh(person.refreshToken)).json.data;
    for (const [path, body] of [
      ['/passkeys/options'],
      ['/passkeys', { label: 'x', credential: new SoftAuthenticator().create({ challenge: 'x' }) }],
    ] as const)
      expect(codeOf(await post(path, body, accessToken))).toBe('INSUFFICIENT_USER_AUTHENTICATION');
  });
  it('B45: what it answers is bound to origin, relying party, kind, user verification and the session that began it', async () => {
    for (const lies of [
      { origin: 'https://evil.example' },
      { rpId: 'evil.example' },
      { type: 'webauthn.get' },
      { verified: false },
      { challenge: 'x' },
    ])
      expect([lies, codeOf(await register(await app.signedIn(), undefined, lies))]).toEqual([lies, 'PASSKEY_REFUSED']);
    const [mine, theirs] = [await app.signedIn(), await app.signedIn()];
    const options = await asked('/passkeys/options', undefined, mine.token);
    const credential = new SoftAuthenticator().create(options);
    expect(codeOf(await post('/passkeys', { label: 'x', credential }, theirs.token))).toBe('PASSKEY_REFUSED');
    const device = new SoftAuthenticator();
    const ofSignIn = await asked('/auth/passkey/options', {});
    expect(codeOf(await post('/passkeys', { label: 'x', credential: device.create(ofSignIn) }, mine.token))).toBe('PASSKEY_REFUSED');
    const ofStepUp = await asked('/auth/passkey/step-up/options', undefined, mine.token); // of the same session
    expect(codeOf(await post('/passkeys', { label: 'x', credential: device.create(ofStepUp) }, mine.token))).toBe('PASSKEY_REFUSED');
    expect((await post('/passkeys', { label: 'x', credential }, mine.token)).status).toBe(201);
  });
  it('one key is registered once, and twenty a user, for many at once too', async () => {
    const [person, other] = [await app.signedIn(), await app.signedIn()];
    const device = new SoftAuthenticator();
    expect((await register(person, device)).status).toBe(201);
    expect(codeOf(await register(other, device))).toBe('PASSKEY_TAKEN');
    const full = await app.signedIn();
    for (let i = 0; i < 19; i++) await withPasskey({ app }, full.id);
    const answers = await Promise.all(
      Array.from({ length: 6 }, async () => new SoftAuthenticator().create(await asked('/passkeys/options', undefined, full.token))),
    );
    const replies = await race(6, (i) => post('/passkeys', { label: 'x', credential: answers[i] }, full.token));
    expect(replies.filter((reply) => reply.status === 'fulfilled' && reply.value.status === 201)).toHaveLength(1);
    expect(replies.every((reply) => reply.status === 'fulfilled' && reply.value.status < 500)).toBe(true);
    const { rows } = await app.owner.query('select count(*)::int as n from passkeys.credentials where user_id = $1', [full.id]);
    expect(rows).toEqual([{ n: 20 }]);
  });
});

describe('signing in', () => {
  it('alone, without an address: it is both factors', async () => {
    const person = await app.person('member', null);
    const { device } = await withPasskey({ app }, person.id);
    const reply = await alone(device);
    expect([reply.status, reply.json.data.userId, await app.facts(reply.requestId)]).toEqual([200, person.id, ['auth.signed-in']]);
  });
  it('B1, B45: a challenge is used up by its first answer, for 16 at once too, and by a wrong one', async () => {
    for (let round = 0; round < 3; round++) {
      const { device } = await withPasskey({ app }, (await app.person('member', null)).id);
      const credential = device.get(await asked('/auth/passkey/options', {}));
      const replies = await race(16, () => post('/auth/passkey', { credential }));
      expect(tally(replies.map((reply) => (reply.status === 'fulfilled' ? codeOf(reply.value) : 'died')))).toEqual({
        200: 1,
        PASSKEY_REFUSED: 15,
      });
    }
    const { device } = await withPasskey({ app }, (await app.person('member', null)).id);
    const options = await asked('/auth/passkey/options', {});
    expect(codeOf(await post('/auth/passkey', { credential: device.get(options, { signature: Buffer.alloc(70) }) }))).toBe(
      'PASSKEY_REFUSED',
    );
    expect(codeOf(await post('/auth/passkey', { credential: device.get(options) }))).toBe('PASSKEY_REFUSED');
  });
  it('B45: origin, relying party, kind, user verification, age and signature are all checked', async () => {
    const { device } = await withPasskey({ app }, (await app.person('member', null)).id);
    for (const lies of [
      { origin: 'https://evil.example' },
      { origin: 'http://localhost:3000.evil.example' },
      { rpId: 'evil.example' },
      { type: 'webauthn.create' },
      { verified: false },
      { challenge: 'AAAA' },
      { signature: Buffer.from('30440220', 'hex') },
    ])
      expect([lies, codeOf(await alone(device, lies))]).toEqual([lies, 'PASSKEY_REFUSED']);
    const old = await asked('/auth/passkey/options', {});
    await app.owner.query('update passkeys.ceremonies set expires_at = now()');
    expect(codeOf(await post('/auth/passkey', { credential: device.get(old) }))).toBe('PASSKEY_REFUSED');
    expect((await alone(device)).status).toBe(200);
  });
  it('B45: a counter that goes backwards is refused and is a fact; where nothing is counted, 0 stays 0', async () => {
    const person = await app.person('member', null);
    const { device } = await withPasskey({ app }, person.id);
    device.counter = 41;
    expect((await alone(device)).status).toBe(200);
    for (const counter of [42, 7]) {
      const copy = await alone(device, { counter });
      expect([codeOf(copy), await app.facts(copy.requestId)]).toEqual(['PASSKEY_REFUSED', ['passkeys.suspected']]);
    }
    const { device: still } = await withPasskey({ app }, (await app.person('member', null)).id);
    for (let i = 0; i < 2; i++) expect((await alone(still, { counter: 0 })).status).toBe(200);
  });
  it('B20: nothing tells whether a passkey or an account exists; a suspended user does not come in', async () => {
    const { token } = await app.signedIn('admin');
    const person = await app.person('member', null);
    const { device } = await withPasskey({ app }, person.id);
    const strange = await alone(new SoftAuthenticator());
    const wrong = await alone(device, { signature: Buffer.alloc(70) });
    expect([strange.status, strange.json.error.message]).toEqual([wrong.status, wrong.json.error.message]);
    await post(`/users/${person.id}/suspend`, { reason: 'for the test' }, token);
    expect((await alone(device)).status).toBe(401);
  });
  it('as the second factor it must be of the same user, and of this sign-in', async () => {
    const [person, other] = [await app.person(), await app.person()];
    const [{ device }, { device: theirs }] = [await withPasskey({ app }, person.id), await withPasskey({ app }, other.id)];
    const challenge = async () => (await app.signIn(person)).json.data.challenge as string;
    expect(codeOf(await second(await challenge(), theirs))).toBe('PASSKEY_REFUSED');
    const [first, later] = [await challenge(), await challenge()];
    const credential = device.get(await asked('/auth/passkey/options', { challenge: first }));
    expect(codeOf(await post('/auth/passkey', { challenge: later, credential }))).toBe('PASSKEY_REFUSED');
    expect(
      codeOf(await post('/auth/passkey', { credential: device.get(await asked('/auth/passkey/options', { challenge: first })) })),
    ).toBe('PASSKEY_REFUSED');
    expect((await second(first, device)).status).toBe(200);
  });
  it('B34: wrong passkeys count with the other second factors of the account', async () => {
    const person = await app.person();
    const { device } = await withPasskey({ app }, person.id);
    const challenge = (await app.signIn(person)).json.data.challenge as string;
    for (let i = 0; i < 5; i++) expect(codeOf(await second(challenge, device, { verified: false }))).toBe('PASSKEY_REFUSED');
    expect(codeOf(await second(challenge, device))).toBe('TOO_MANY_ATTEMPTS');
    // B38: alone it still signs in.
    expect((await alone(device)).status).toBe(200);
    await app.owner.query('delete from auth.attempts');
  });
});

describe('proving again, renaming, removing', () => {
  it('B8, B42: proves a session anew; removed, it opens nothing and counts for nothing', async () => {
    const person = await app.signedIn();
    const { device, passkeyId } = await withPasskey({ app }, person.id);
    const credential = device.get(await asked('/auth/passkey/step-up/options', undefined, person.token));
    const { status, json, text } = await post('/auth/passkey/step-up', { credential }, person.token);
    expect(status, text).toBe(200);
    const token = json.data.accessToken as string;
    expect([await app.me(person.token), await app.me(token)]).toEqual([401, 200]);
    const renamed = await app.call('PATCH', `/api/v1/passkeys/${passkeyId}`, { token, body: { label: 'Work' } });
    expect(renamed.json.data.label).toBe('Work');
    const stranger = await app.signedIn();
    expect((await app.call('PATCH', `/api/v1/passkeys/${passkeyId}`, { token: stranger.token, body: { label: 'Mine' } })).status).toBe(404);
    expect((await app.call('DELETE', `/api/v1/passkeys/${passkeyId}`, { token: stranger.token })).status).toBe(404);
    expect((await app.call('DELETE', `/api/v1/passkeys/${passkeyId}`, { token })).status).toBe(204);
    expect(codeOf(await alone(device))).toBe('PASSKEY_REFUSED');
    expect((await app.signIn(person)).json.data.status).toBe('signed-in');
    const sessions = (await app.call('GET', '/api/v1/auth/sessions', { token })).json.data as { factors: string[]; current: boolean }[];
    expect(sessions.find(({ current }) => current)).toMatchObject({ factors: ['password'] });
  });
  it('B42: a session opened by a passkey alone counts for nothing once that is removed', async () => {
    const person = await app.person();
    const { device, passkeyId } = await withPasskey({ app }, person.id);
    const { accessToken: token, refreshToken } = (await alone(device)).json.data;
    expect((await app.call('DELETE', `/api/v1/passkeys/${passkeyId}`, { token })).status).toBe(204);
    expect((await app.call('GET', '/api/v1/auth/sessions', { token })).json.data).toMatchObject([{ factors: [], level: 'aal1' }]);
    expect(decodeJwt((await app.refresh(refreshToken)).json.data.accessToken)).toMatchObject({ acr: 'aal1', amr: [] });
  });
  it('the last way in stays', async () => {
    const person = await app.person('member', null);
    const { device, passkeyId } = await withPasskey({ app }, person.id);
    const token = (await alone(device)).json.data.accessToken as string;
    expect(codeOf(await app.call('DELETE', `/api/v1/passkeys/${passkeyId}`, { token }))).toBe('LAST_WAY_IN');
    await withPasskey({ app }, person.id);
    expect((await app.call('DELETE', `/api/v1/passkeys/${passkeyId}`, { token })).status).toBe(204);
    expect(PASSWORD).toBeTruthy();
  });
});
