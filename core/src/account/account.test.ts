import { system, uuidv7 } from '@plinth/kit';
import { race, tally } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authApp, PASSWORD, type AuthApp, type SignedInPerson } from '../auth/auth.testing.ts';
import { mfa } from '../mfa/index.ts';
import { withTotp } from '../mfa/mfa.testing.ts';
import { users } from '../users/index.ts';
import { account } from './index.ts';

const features = [account, mfa];
let app: AuthApp;
beforeAll(async () => {
  app = await authApp({}, features);
});
afterAll(() => app?.stop());

const NEW = 'seven slow trains to Lisbon';
const post = (path: string, body?: object, token?: string, headers?: Record<string, string>) =>
  app.call('POST', `/api/v1/account/${path}`, {
    ...(body && { body }),
    ...(token !== undefined && { token }),
    ...(headers && { headers }),
  });
const forgot = (email: string, headers?: Record<string, string>) => post('forgot-password', { email }, undefined, headers);
const mailTo = (email: string, subject: RegExp) => app.mailbox.newest(email, (message) => subject.test(message.subject));
const tokenTo = async (email: string, subject = /new password/): Promise<string> =>
  /#token=(\S+)/.exec((await mailTo(email, subject)).text)![1]!;
const linkFor = async (email: string): Promise<string> => {
  await forgot(email);
  return tokenTo(email);
};
const reset = (token: string, password = NEW) => post('reset-password', { token, password });
/** Enough for a job that was enqueued before to have run: another one went through. */
const settled = async (): Promise<void> => {
  const person = await app.person();
  await linkFor(person.email);
};
const newAddress = (): string => `new-${uuidv7()}@example.com`;
const changeTo = async (person: SignedInPerson, email: string): Promise<string> => {
  await post('change-email', { email }, person.token);
  return tokenTo(email, /new address/);
};

describe('a forgotten password', () => {
  it('B21: asking looks the same for every address, and sends nothing to unknown, suspended and deleted ones', async () => {
    const { token } = await app.signedIn('admin');
    const [known, suspended, deleted] = [await app.person(), await app.person(), await app.person()];
    await app.call('POST', `/api/v1/users/${suspended.id}/suspend`, { token, body: { reason: 'for the test' } });
    await app.call('DELETE', `/api/v1/users/${deleted.id}`, { token });
    const nobody = newAddress();
    const replies = await Promise.all([known.email, suspended.email, deleted.email, nobody].map((email) => forgot(email)));
    expect(new Set(replies.map(({ status, json }) => `${status} ${JSON.stringify(json.data)}`)).size).toBe(1);
    await mailTo(known.email, /new password/);
    await settled();
    const got = app.mailbox.messages.filter(({ subject }) => /new password/.test(subject)).map(({ to }) => to);
    expect(got).toContain(known.email);
    for (const email of [suspended.email, deleted.email, nobody]) expect(got).not.toContain(email);
  });
  it('B18, B26: choosing one ends all sessions, challenges and other links, opens no session, and skips no second factor', async () => {
    const person = await app.signedIn();
    await withTotp(app, person.id);
    const challenge = (await app.signIn(person)).json.data.challenge;
    const other = await linkFor(person.email);
    await app.owner.query(`update auth.links set created_at = created_at - interval '1 minute' where user_id = $1`, [person.id]);
    app.mailbox.messages.length = 0;
    const token = await linkFor(person.email);
    expect(token).not.toBe(other);
    const done = await reset(token);
    expect([done.status, done.text, done.headers.getSetCookie()]).toEqual([204, '', []]);
    expect(await app.facts(done.requestId)).toEqual(['auth.password-changed']);
    expect([await app.me(person.token), (await app.refresh(person.refreshToken)).status]).toEqual([401, 401]);
    expect((await reset(other)).json.error.code).toBe('INVALID_LINK');
    expect((await app.call('POST', '/api/v1/mfa/challenge/totp', { body: { challenge, code: '123456' } })).json.error.code).toBe(
      'INVALID_CHALLENGE',
    );
    expect((await app.signIn(person)).status).toBe(401);
    expect((await app.signIn({ ...person, password: NEW })).json.data.status).toBe('second-factor-required');
    await mailTo(person.email, /was changed/);
  });
  it('B48: with the first proof of the address goes what someone else had set up: sessions, factors, keys', async () => {
    const squatter = await app.signedIn();
    await app.owner.query('update users.users set email_verified_at = null where id = $1', [squatter.id]);
    await app.owner.query(`insert into auth.factors (id, user_id, kind) values ($1, $2, 'oauth')`, [uuidv7(), squatter.id]);
    const done = await reset(await linkFor(squatter.email));
    expect(done.status, done.text).toBe(204);
    expect((await app.facts(done.requestId)).sort()).toEqual(['auth.account-claimed', 'auth.password-changed', 'users.email-verified']);
    expect((await app.owner.query('select 1 from auth.factors where user_id = $1', [squatter.id])).rowCount).toBe(0);
    expect([await app.me(squatter.token), (await app.signIn(squatter)).status]).toEqual([401, 401]);
    expect((await app.signIn({ ...squatter, password: NEW })).status).toBe(200);
    // Proved before, the account keeps its factors.
    const owner = await app.person();
    await withTotp(app, owner.id);
    expect((await reset(await linkFor(owner.email))).status).toBe(204);
    expect((await app.owner.query('select 1 from auth.factors where user_id = $1', [owner.id])).rowCount).toBe(1);
  });
  it('B1: of 16 who use one link at once, one changes the password', async () => {
    for (let round = 0; round < 3; round++) {
      const person = await app.person();
      const token = await linkFor(person.email);
      const replies = await race(16, (i) => reset(token, `${NEW} number ${i}`));
      const outcomes = replies.map((reply) =>
        reply.status === 'fulfilled' ? (reply.value.json?.error.code ?? reply.value.status) : 'died',
      );
      expect(tally(outcomes)).toEqual({ 204: 1, INVALID_LINK: 15 });
      const won = outcomes.indexOf(204);
      expect((await app.signIn({ ...person, password: `${NEW} number ${won}` })).status).toBe(200);
    }
  });
  it('B27: a link is bound to its purpose, its user and the password it was made beside', async () => {
    const person = await app.signedIn();
    const token = await linkFor(person.email);
    for (const path of ['verify-email/confirm', 'change-email/confirm'])
      expect((await post(path, { token })).json.error.code).toBe('INVALID_LINK');
    await app.call('POST', '/api/v1/auth/password', { token: person.token, body: { currentPassword: PASSWORD, newPassword: NEW } });
    expect((await reset(token, 'another one that is long')).json.error.code).toBe('INVALID_LINK');
    expect((await app.signIn({ ...person, password: NEW })).status).toBe(200);
  });
  it('B68: the password must be a good one, and a refused one does not use the link up', async () => {
    const person = await app.person();
    const token = await linkFor(person.email);
    for (const bad of ['short', 'passwordpassword', `${person.email.split('@')[0]}`]) {
      const { status, json } = await reset(token, bad);
      expect([status, Object.keys(json.error.fields)]).toEqual([422, ['password']]);
    }
    expect((await reset(token)).status).toBe(204);
  });
  it('B24, B25: the link is built from BASE_URL, its token stands in the fragment, and opening it consumes nothing', async () => {
    const person = await app.person();
    await forgot(person.email, { host: 'evil.example', 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' });
    const { text } = await mailTo(person.email, /new password/);
    const link = new URL(/https?:\S+/.exec(text)![0]);
    expect([link.origin, link.pathname, link.search]).toEqual(['http://localhost:3000', '/auth/reset', '']);
    for (const method of ['GET', 'HEAD', 'GET']) {
      const page = await app.call(method, link.pathname);
      if (method === 'GET') expect([page.status, page.headers.get('referrer-policy')]).toEqual([200, 'no-referrer']);
    }
    expect((await reset(link.hash.slice('#token='.length))).status).toBe(204);
  });
  it('B28: one user gets at most three links an hour, whoever asks', async () => {
    const person = await app.person();
    for (let i = 0; i < 5; i++) await forgot(person.email);
    await settled();
    await settled();
    expect(app.mailbox.messages.filter(({ to, subject }) => to === person.email && /new password/.test(subject))).toHaveLength(3);
  });
  it('B38: whoever asks from elsewhere is not kept from it by three that someone else asked for', async () => {
    const person = await app.person();
    for (let i = 0; i < 4; i++) await forgot(person.email);
    await settled();
    await app.owner.query(`update auth.links set network = 'elsewhere' where user_id = $1`, [person.id]);
    await forgot(person.email);
    await settled();
    await settled();
    expect(app.mailbox.messages.filter(({ to, subject }) => to === person.email && /new password/.test(subject))).toHaveLength(4);
  });
  it('B18: a link that is on its way while the address changes is sent to nobody', async () => {
    const person = await app.person();
    const caller = system('test', null, uuidv7());
    const blocked = async () =>
      (
        await app.owner.query<{ n: number }>(
          'select count(*)::int as n from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0',
        )
      ).rows[0]!.n;
    const email = newAddress();
    await app.kit.db.transaction(async (tx) => {
      await app.api(users).changeEmail(caller, tx, person.id, email);
      await forgot(person.email);
      await expect.poll(blocked).toBeGreaterThan(0); // the job has found the user by the old address
    });
    await settled();
    await settled();
    const links = app.mailbox.messages.filter(({ to, subject }) => [person.email, email].includes(to) && /new password/.test(subject));
    expect(links).toEqual([]);
    expect((await app.owner.query('select 1 from auth.links where user_id = $1', [person.id])).rowCount).toBe(0);
  });
  it('B19: the database holds no token, and the queue no address', async () => {
    const person = await app.person();
    const token = await linkFor(person.email);
    const { rows } = await app.owner.query(`select coalesce(string_agg(l::text, ' '), '') as links from auth.links l`);
    expect(rows[0].links).not.toContain(token);
    const jobs = await app.owner.query(
      `select coalesce(string_agg(data::text, ' '), '') as jobs from pgboss.job where name like 'account.%'`,
    );
    expect(jobs.rows[0].jobs).not.toContain(person.email);
    expect(jobs.rows[0].jobs).not.toContain(token);
  });
});

describe('the address', () => {
  it('B22: asking for one that is taken looks like any other; its owner is told, and there is no link', async () => {
    const [person, owner] = [await app.signedIn(), await app.person()];
    const free = newAddress();
    const [taken, other] = [
      await post('change-email', { email: owner.email }, person.token),
      await post('change-email', { email: free }, person.token),
    ];
    expect([taken.status, taken.json.data]).toEqual([other.status, other.json.data]);
    expect((await mailTo(owner.email, /asked for/)).text).not.toContain('#token=');
    expect(await tokenTo(free, /new address/)).toBeTruthy();
  });
  it('B18: with a new address the links of the old one are dead, and the old one is told, before and after', async () => {
    const person = await app.signedIn();
    const old = await linkFor(person.email);
    const email = newAddress();
    const token = await changeTo(person, email);
    await mailTo(person.email, /was asked for/);
    const done = await post('change-email/confirm', { token });
    expect([done.status, await app.facts(done.requestId)]).toEqual([204, ['users.email-changed']]);
    expect((await reset(old)).json.error.code).toBe('INVALID_LINK');
    expect((await post('change-email/confirm', { token })).json.error.code).toBe('INVALID_LINK');
    expect((await app.signIn(person)).status).toBe(401);
    expect((await app.signIn({ ...person, email })).status).toBe(200);
    await mailTo(person.email, /was changed/);
  });
  it('B1: of 16 who confirm at once one changes it; of two users who want one address one gets it', async () => {
    const person = await app.signedIn();
    const token = await changeTo(person, newAddress());
    const replies = await race(16, () => post('change-email/confirm', { token }));
    expect(tally(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 'died')))).toEqual({ 204: 1, 400: 15 });

    const email = newAddress();
    const first = await changeTo(await app.signedIn(), email);
    app.mailbox.messages.length = 0;
    const second = await changeTo(await app.signedIn(), email);
    const both = await race(2, (i) => post('change-email/confirm', { token: i ? first : second }));
    expect(tally(both.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 'died')))).toEqual({ 204: 1, 409: 1 });
  });
  it('proving it works once, and only for the address that the mail went to', async () => {
    const person = await app.signedIn();
    await app.owner.query('update users.users set email_verified_at = null where id = $1', [person.id]);
    await post('verify-email', undefined, person.token);
    const token = await tokenTo(person.email, /Confirm your address/);
    await app.owner.query('update users.users set email = $2, email_normalized = $2 where id = $1', [person.id, newAddress()]);
    expect((await post('verify-email/confirm', { token })).status).toBe(400);
    await app.owner.query('update users.users set email = $2, email_normalized = $2 where id = $1', [person.id, person.email]);
    expect((await post('verify-email/confirm', { token })).status).toBe(204);
    expect((await post('verify-email/confirm', { token })).status).toBe(400);
    expect((await app.api(users).find(app.kit.db, person.id))?.emailVerifiedAt).toBeTruthy();
  });
  it('B71: changing it, taking the data along and leaving want a recent proof', async () => {
    const person = await app.signedIn();
    await app.owner.query(`update auth.sessions set proved_at = now() - interval '11 minutes' where user_id = $1`, [person.id]);
    const { accessToken: token } = (await app.refresh(person.refreshToken)).json.data;
    const asked = [
      await post('change-email', { email: newAddress() }, token),
      await app.call('GET', '/api/v1/account/export', { token }),
      await app.call('DELETE', '/api/v1/account', { token }),
    ];
    expect(asked.map(({ json }) => json.error.code)).toEqual(Array(3).fill('INSUFFICIENT_USER_AUTHENTICATION'));
    const again = await app.call('POST', '/api/v1/auth/step-up', { token, body: { password: PASSWORD } });
    expect((await app.call('GET', '/api/v1/account/export', { token: again.json.data.accessToken })).status).toBe(200);
  });
});
