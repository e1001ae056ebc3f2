import { system, uuidv7 } from '@plinth/kit';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { access } from '../access/index.ts';
import { auth } from '../auth/index.ts';
import { mfa } from '../mfa/index.ts';
import { coreApp, type CoreApp, withTotp } from '../testing/index.ts';
import { users, type UsersApi } from '../users/index.ts';
import { Accounts } from './accounts.ts';
import { oauth } from './index.ts';
import { comeBack, configured, type Liar, setOut, startLiar } from './oauth.testing.ts';
import { OauthRepository } from './repository.ts';

const ORIGIN = 'http://localhost:3000';
let liar: Liar;
let app: CoreApp;
beforeAll(async () => {
  liar = await startLiar();
  app = await coreApp([users, access, auth, mfa, oauth], { env: { OIDC_PROVIDERS: configured(['liar', liar.issuer]) } });
});
afterAll(async () => {
  await app?.stop();
  await liar?.stop();
});
afterEach(() => liar.lie({}));

let count = 0;
const address = (): string => `person-${++count}@example.com`;
/** Comes back as this person of the liar. */
const as = (sub: string, email: string | null, verified: unknown = true) =>
  liar.lie({ claims: { sub, email: email ?? undefined, email_verified: verified } });
const caller = system('test.oauth', null, uuidv7());
const member = async (email: string): Promise<string> => {
  const { id } = await app.kit.db.transaction((tx) => app.api(users).create(caller, tx, { email, displayName: 'Ada', verified: true }));
  return id;
};
const identitiesOf = async (userId: string): Promise<number> =>
  (await app.owner.query('select 1 from oauth.identities i join auth.factors f on f.id = i.factor_id where f.user_id = $1', [userId]))
    .rowCount!;

describe('an account that is there', () => {
  const identity = (email: string, authoritative = true) => ({
    issuer: 'https://x.example',
    subject: uuidv7(),
    email,
    emailVerified: true,
    authoritative,
    name: null,
  });
  const signIn = (deps: { users: UsersApi }, { email, authoritative }: { email: string; authoritative?: boolean }) => {
    const accounts = new Accounts({ access: app.api(access), auth: app.api(auth), repository: new OauthRepository(), ...deps });
    return app.kit.db.transaction((tx) => accounts.signIn(caller, tx, 'x', identity(email, authoritative), 'body'));
  };
  it('B48: is not opened by a provider that saw the address proved once, and does not speak for it', async () => {
    const email = address();
    const userId = await member(email);
    const api = { users: app.api(users) };
    await expect(signIn(api, { email, authoritative: false })).rejects.toMatchObject({ code: 'OAUTH_LINK_NEEDED' });
    expect(await identitiesOf(userId)).toBe(0);
    expect(await signIn(api, { email: address(), authoritative: false })).toHaveProperty('session.userId');
  });
  it('B48: is not opened when its address changed while it was looked for', async () => {
    const email = address();
    const userId = await member(email);
    const api = app.api(users);
    const find = api.findByEmail.bind(api);
    vi.spyOn(api, 'findByEmail').mockImplementationOnce(async (on, text) => {
      const found = await find(on, text);
      await app.owner.query(`update users.users set email = $2, email_normalized = $2 where id = $1`, [userId, address()]);
      return found;
    });
    await expect(signIn({ users: api }, { email })).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(await identitiesOf(userId)).toBe(0);
  });
});

describe('linking', () => {
  const own = async () => {
    const { userId, token } = await app.as('member');
    return { userId, token };
  };
  it('B51: links from within, lists, and unlinks', async () => {
    const { userId, token } = await own();
    as(`link-${userId}`, 'elsewhere@example.org', false);
    const reply = await comeBack(app, liar, { link: true, token, begin: { returnTo: '/settings' } });
    expect(reply.json.data).toEqual({ status: 'linked', returnTo: `${ORIGIN}/settings` });
    const again = await comeBack(app, liar, { link: true, token });
    expect(again.json.data.status).toBe('linked');
    const list = await app.call('GET', '/api/v1/oauth/identities', { token });
    expect(list.json.data).toEqual([
      {
        id: expect.any(String),
        provider: 'liar',
        email: 'elsewhere@example.org',
        createdAt: expect.any(String),
        lastUsedAt: expect.any(String),
      },
    ]);
    expect((await comeBack(app, liar)).json.data).toMatchObject({ status: 'signed-in', userId });
    const gone = await app.call('DELETE', `/api/v1/oauth/identities/${list.json.data[0].id as string}`, { token });
    expect([gone.status, await app.facts(gone.requestId)]).toEqual([204, ['auth.factor-removed']]);
    expect((await comeBack(app, liar)).json.error.code).toBe('OAUTH_ADDRESS_UNPROVED');
  });
  it('B51: an identity of another account is not taken from it', async () => {
    const [one, two] = await Promise.all([own(), own()]);
    as(`shared-${one.userId}`, null);
    expect((await comeBack(app, liar, { link: true, token: one.token })).status).toBe(200);
    const reply = await comeBack(app, liar, { link: true, token: two.token });
    expect([reply.status, reply.json.error.code]).toEqual([409, 'IDENTITY_TAKEN']);
  });
  it('B51: nobody but the session that began can finish', async () => {
    const [one, two] = await Promise.all([own(), own()]);
    as(`stolen-${one.userId}`, null);
    for (const token of [undefined, two.token]) {
      const { url, cookie } = await setOut(app, { link: true, token: one.token }); // anew: a refusal uses it up
      const reply = await app.call('POST', '/api/v1/auth/oauth/liar/callback', {
        body: { state: url!.searchParams.get('state'), code: liar.issue(url!.searchParams.get('nonce')), iss: liar.issuer },
        headers: { cookie, origin: ORIGIN },
        ...(token !== undefined && { token }),
      });
      expect([reply.status, reply.json.error.code]).toEqual([401, 'OAUTH_FLOW_REFUSED']);
    }
    expect(await identitiesOf(one.userId)).toBe(0);
    expect(await identitiesOf(two.userId)).toBe(0);
  });
  it('B87: unlinks own identities, and nothing else', async () => {
    const [one, two] = await Promise.all([own(), own()]);
    as(`kept-${one.userId}`, 'kept@example.org', false);
    await comeBack(app, liar, { link: true, token: one.token });
    const [identity] = (await app.call('GET', '/api/v1/oauth/identities', { token: one.token })).json.data as { id: string }[];
    expect((await app.call('DELETE', `/api/v1/oauth/identities/${identity!.id}`, { token: two.token })).status).toBe(404);
    await withTotp(app, two.userId);
    const [totp] = (await app.owner.query<{ id: string }>(`select id from auth.factors where user_id = $1`, [two.userId])).rows;
    expect((await app.call('DELETE', `/api/v1/oauth/identities/${totp!.id}`, { token: two.token })).status).toBe(404);
    expect((await app.owner.query('select 1 from auth.factors where id = any($1)', [[identity!.id, totp!.id]])).rowCount).toBe(2);
  });
  it('the last way in cannot be unlinked', async () => {
    as('only', address());
    const { accessToken: token } = (await comeBack(app, liar)).json.data as { accessToken: string };
    const [identity] = (await app.call('GET', '/api/v1/oauth/identities', { token })).json.data as { id: string }[];
    const reply = await app.call('DELETE', `/api/v1/oauth/identities/${identity!.id}`, { token });
    expect([reply.status, reply.json.error.code]).toEqual([409, 'LAST_WAY_IN']);
  });
  it('refuses the 21st', async () => {
    const { userId, token } = await own();
    await app.owner.query(
      `with f as (insert into auth.factors (id, user_id, kind) select gen_random_uuid(), $1, 'oauth' from generate_series(1, 20) returning id)
       insert into oauth.identities (factor_id, user_id, provider, issuer, subject) select id, $1, 'x', 'https://x', id::text from f`,
      [userId],
    );
    as(`many-${userId}`, null);
    expect((await comeBack(app, liar, { link: true, token })).json.error.code).toBe('TOO_MANY_IDENTITIES');
  });
});
