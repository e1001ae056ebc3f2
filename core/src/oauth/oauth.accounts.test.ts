import { system, uuidv7 } from '@plinth/kit';
import { race, tally } from '@plinth/kit/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { access } from '../access/index.ts';
import { account } from '../account/index.ts';
import { auth } from '../auth/index.ts';
import { mfa } from '../mfa/index.ts';
import { coreApp, type CoreApp, withTotp } from '../testing/index.ts';
import { eraseDeleted } from '../users/contract.ts';
import { users } from '../users/index.ts';
import { oauth } from './index.ts';
import { comeBack, configured, type Liar, setOut, startLiar } from './oauth.testing.ts';

// What becomes of accounts and identities when one of them changes: meanwhile, before, or for good.
const ORIGIN = 'http://localhost:3000';
let liar: Liar;
let app: CoreApp;
beforeAll(async () => {
  liar = await startLiar();
  app = await coreApp([users, access, auth, mfa, account, oauth], { env: { OIDC_PROVIDERS: configured(['liar', liar.issuer]) } });
});
afterAll(async () => {
  await app?.stop();
  await liar?.stop();
});
afterEach(() => liar.lie({}));

let count = 0;
const address = (): string => `someone-${++count}@example.com`;
const as = (sub: string, email: string | null = null) => liar.lie({ claims: { sub, email: email ?? undefined } });
const caller = system('test.oauth', null, uuidv7());
const member = async (email: string, verified = true): Promise<string> =>
  (await app.kit.db.transaction((tx) => app.api(users).create(caller, tx, { email, displayName: 'Ada', verified }))).id;
const identitiesOf = async (userId: string) =>
  (
    await app.owner.query<{ id: string; subject: string }>('select factor_id as id, subject from oauth.identities where user_id = $1', [
      userId,
    ])
  ).rows;
const errorOf = (reply: { status: number; json: { error: { code: string } } }) => [reply.status, reply.json.error.code];
const made = async (sub: string, email = address()): Promise<{ userId: string; accessToken: string; email: string }> => {
  as(sub, email);
  const reply = await comeBack(app, liar);
  expect(reply.json.data.status, reply.text).toBe('signed-in');
  return { ...reply.json.data, email };
};

describe('what a provider writes', () => {
  // The mailbox that was proved is another one than the account's, though both look the same once normalised.
  it.each([
    ['a wide letter', '\uff41da@example.com'],
    ['a sign that is a letter too', 'ada@\u212aelvin.example'],
    ['a ligature', 'ada@o\ufb03ce.example'],
    ['a space around it', ' ada@example.com'],
  ])('B48: an address with %s leads into no account', async (_title, email) => {
    const owner = email.normalize('NFKC').trim();
    const userId = (await app.api(users).findByEmail(app.kit.db, owner))?.id ?? (await member(owner));
    as(`look-alike-${email}`.normalize('NFKC'), email);
    expect(errorOf(await comeBack(app, liar))).toEqual([403, 'OAUTH_ADDRESS_UNPROVED']);
    expect(await identitiesOf(userId)).toEqual([]);
  });
  it('B50: nobody is read below .invalid, where service accounts are', async () => {
    as('below', 'nightly-export@service.invalid');
    expect(errorOf(await comeBack(app, liar))).toEqual([403, 'OAUTH_ADDRESS_UNPROVED']);
  });
  it.each([
    ['of 256 letters', 'x'.repeat(256)],
    ['with a zero byte', 'a\u0000b'],
    ['beyond ASCII', 'ad\u00e4'],
    ['of half a character', 'a\ud800'],
  ])('B49: a subject %s is none', async (_title, sub) => {
    as(sub, address());
    expect(errorOf(await comeBack(app, liar))).toEqual([401, 'OAUTH_ANSWER_REFUSED']);
  });
  it.each([
    ['a zero byte in it', 'a\u0000@example.com'],
    ['a megabyte of it', 'x'.repeat(500_000)],
    ['no address in it', 'nobody'],
  ])('keeps no address of a linked account with %s', async (_title, email) => {
    const { userId, token } = await app.as('member');
    as(`odd-${userId}`, email);
    expect((await comeBack(app, liar, { link: true, token })).json.data.status).toBe('linked');
    const [identity] = (await app.call('GET', '/api/v1/oauth/identities', { token })).json.data as { email: unknown }[];
    expect(identity!.email).toBeNull();
  });
  it('B50: the proof is of the address that stands beside it', async () => {
    const email = address();
    liar.lie({ claims: { sub: 'two-mouths', email: undefined, email_verified: true }, userInfo: { sub: 'two-mouths', email } });
    expect(errorOf(await comeBack(app, liar))).toEqual([403, 'OAUTH_ADDRESS_UNPROVED']);
    liar.lie({ claims: { sub: 'two-mouths', email, email_verified: undefined }, userInfo: { sub: 'two-mouths', email_verified: true } });
    expect(errorOf(await comeBack(app, liar))).toEqual([403, 'OAUTH_ADDRESS_UNPROVED']);
  });
});

describe('while someone is away', () => {
  /** Someone else's transaction, open until `then` is called. */
  const meanwhile = async (text: string, values: unknown[]) => {
    await app.owner.query('begin');
    await app.owner.query(text, values);
    return () => app.owner.query('commit');
  };
  const WAITING = `select 1 from pg_stat_activity where wait_event = 'transactionid' and datname = current_database()`;
  const waiting = async (): Promise<void> => {
    await expect
      .poll(async () => (await app.kit.db.run({ text: WAITING, values: [] })).rows.length, { timeout: 10_000 })
      .toBeGreaterThan(0);
  };

  it('B51: what was unlinked in the same moment opens no session', async () => {
    const { userId, email } = await made('unlinked');
    await app.api(auth).setPassword(caller, userId, 'quiet harbour under a tin moon');
    const commit = await meanwhile('select 1 from users.users where id = $1 for update', [userId]);
    await app.owner.query('delete from auth.factors where user_id = $1', [userId]);
    as('unlinked');
    const coming = comeBack(app, liar);
    await waiting();
    await commit();
    expect(errorOf(await coming)).toEqual([403, 'OAUTH_ADDRESS_UNPROVED']);
    expect((await app.api(users).findByEmail(app.kit.db, email))!.id).toBe(userId);
  });
  it.each([
    ['given up', `update users.users set email = 'new-' || email, email_normalized = 'new-' || email_normalized where id = $1`],
    ['of someone suspended', `update users.users set status = 'suspended' where id = $1`],
    ['of someone deleted', `update users.users set status = 'deleted', deleted_at = now() where id = $1`],
  ])('B48: an address that is %s in the same moment leads into no account', async (title, text) => {
    const email = address();
    const userId = await member(email);
    const commit = await meanwhile(text, [userId]);
    as(`meanwhile-${title}`, email);
    const coming = comeBack(app, liar);
    await waiting();
    await commit();
    expect(errorOf(await coming)).toEqual([401, 'INVALID_CREDENTIALS']);
    expect(await identitiesOf(userId)).toEqual([]);
  });
  it('B48: a second factor set up in the same moment is not gone past', async () => {
    const email = address();
    const userId = await member(email);
    const commit = await meanwhile('select 1 from users.users where id = $1 for update', [userId]);
    await app.owner.query(`insert into auth.factors (id, user_id, kind) values (gen_random_uuid(), $1, 'totp')`, [userId]);
    as('guarded-meanwhile', email);
    const coming = comeBack(app, liar);
    await waiting();
    await commit();
    expect(errorOf(await coming)).toEqual([409, 'OAUTH_LINK_NEEDED']);
  });
  it('B51: a link begun before proving again is begun anew: the session has another id', async () => {
    const { userId, token } = await app.as('member');
    as(`stepped-up-${userId}`);
    const { url, cookie } = await setOut(app, { link: true, token });
    const proved = await app.call('POST', '/api/v1/auth/step-up', { token, body: { password: 'quiet harbour under a tin moon' } });
    expect(proved.status, proved.text).toBe(200);
    const reply = await app.call('POST', '/api/v1/auth/oauth/liar/callback', {
      body: { state: url!.searchParams.get('state'), code: liar.issue(url!.searchParams.get('nonce')), iss: liar.issuer },
      headers: { cookie, origin: ORIGIN },
      token: proved.json.data.accessToken as string,
    });
    expect(errorOf(reply)).toEqual([401, 'OAUTH_FLOW_REFUSED']);
    expect(await identitiesOf(userId)).toEqual([]);
  });
  it('B51: a session that is ended while the provider is asked links nothing any more', async () => {
    const { userId, token } = await app.as('member');
    as(`ended-${userId}`);
    const commit = await meanwhile('select 1 from users.users where id = $1 for update', [userId]);
    const coming = comeBack(app, liar, { link: true, token });
    await waiting();
    expect((await app.call('DELETE', '/api/v1/account/sessions', { token })).status).toBe(204);
    await commit();
    expect(errorOf(await coming)).toEqual([401, 'OAUTH_FLOW_REFUSED']);
    expect(await identitiesOf(userId)).toEqual([]);
  });
  it('a sign-in that ends in a session of another links nothing to it', async () => {
    const { userId, token } = await app.as('member');
    as('someone-else', address());
    const reply = await comeBack(app, liar, { token });
    expect(reply.json.data.userId).not.toBe(userId);
    expect(await identitiesOf(userId)).toEqual([]);
  });
  it('of two accounts elsewhere that are unlinked 16 times at once, one stays when there is no password', async () => {
    const { userId, accessToken: token } = await made('pair-1');
    as('pair-2');
    expect((await comeBack(app, liar, { link: true, token })).json.data.status).toBe('linked');
    const ids = (await identitiesOf(userId)).map(({ id }) => id);
    const replies = await race(16, (i) => app.call('DELETE', `/api/v1/oauth/identities/${ids[i % 2]!}`, { token }));
    const statuses = tally(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 0)));
    expect(statuses[204]).toBe(1);
    expect((statuses[404] ?? 0) + (statuses[409] ?? 0)).toBe(15);
    expect(await identitiesOf(userId)).toHaveLength(1);
  });
});

describe('someone who leaves', () => {
  const admin = () => app.as('admin');
  it('lets go of the account elsewhere as of the address; whoever restores them has it back, unless it went on', async () => {
    const { token } = await admin();
    const first = await made('leaves');
    const remove = (userId: string) => app.call('DELETE', `/api/v1/users/${userId}`, { token });
    const restore = (userId: string) => app.call('POST', `/api/v1/users/${userId}/restore`, { token });
    expect((await remove(first.userId)).status).toBe(204);
    expect((await restore(first.userId)).status).toBe(200);
    expect((await made('leaves', first.email)).userId).toBe(first.userId);

    expect((await remove(first.userId)).status).toBe(204);
    as('leaves', first.email);
    const again = await comeBack(app, liar);
    const second = again.json.data.userId as string;
    expect([second === first.userId, await app.facts(again.requestId)]).toEqual([
      false,
      ['auth.factor-removed', 'users.created', 'access.role-assigned', 'auth.factor-added', 'auth.signed-in'],
    ]);
    expect([await identitiesOf(first.userId), (await identitiesOf(second)).length]).toEqual([[], 1]);
    expect(errorOf(await restore(first.userId))).toEqual([409, 'EMAIL_TAKEN']);
    expect((await remove(second)).status).toBe(204);
    expect((await restore(first.userId)).status).toBe(200);
    expect((await made('leaves', first.email)).userId).toBe(first.userId);
  });
  it('B51: what a deleted user let go of can be linked with another account', async () => {
    const { token: theirs } = await admin();
    const first = await made('links-elsewhere');
    expect((await app.call('DELETE', `/api/v1/users/${first.userId}`, { token: theirs })).status).toBe(204);
    const { userId, token } = await app.as('member');
    as('links-elsewhere');
    expect((await comeBack(app, liar, { link: true, token })).json.data.status).toBe('linked');
    expect((await identitiesOf(userId)).length).toBe(1);
  });
  it('B20: someone suspended has let go of nothing', async () => {
    const { userId, email } = await made('suspended');
    await app.owner.query(`update users.users set status = 'suspended' where id = $1`, [userId]);
    as('suspended', email);
    expect(errorOf(await comeBack(app, liar))).toEqual([401, 'INVALID_CREDENTIALS']);
    const { token } = await app.as('member');
    expect(errorOf(await comeBack(app, liar, { link: true, token }))).toEqual([409, 'IDENTITY_TAKEN']);
    expect((await identitiesOf(userId)).length).toBe(1);
  });
  it('B11: once erased, nothing of them is left here', async () => {
    const { userId } = await made('erased');
    await app.owner.query(`update users.users set status = 'deleted', deleted_at = now() - interval '31 days' where id = $1`, [userId]);
    await app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, eraseDeleted, {}));
    await expect.poll(async () => (await identitiesOf(userId)).length, { timeout: 10_000 }).toBe(0);
  });
});

describe('an account that nobody had proved', () => {
  it('B48: is taken over without the accounts elsewhere and second factors of whoever set it up', async () => {
    const email = address();
    const userId = await member(email, false);
    await app.api(auth).setPassword(caller, userId, 'quiet harbour under a tin moon');
    const squatter = await app.call('POST', '/api/v1/auth/sign-in', { body: { email, password: 'quiet harbour under a tin moon' } });
    as('squatter');
    const { accessToken: token } = squatter.json.data as { accessToken: string };
    expect((await comeBack(app, liar, { link: true, token })).json.data.status).toBe('linked');
    await withTotp(app, userId);
    expect((await made('its-owner', email)).userId).toBe(userId);
    expect((await identitiesOf(userId)).map(({ subject }) => subject)).toEqual(['its-owner']);
    as('squatter');
    expect(errorOf(await comeBack(app, liar))).toEqual([403, 'OAUTH_ADDRESS_UNPROVED']);
  });
});
