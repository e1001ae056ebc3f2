import { race, tally } from '@plinth/kit/testing';
import { system, uuidv7 } from '@plinth/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authApp, PASSWORD, type AuthApp, type Person } from '../auth/auth.testing.ts';
import { users } from '../users/index.ts';
import { passwordless } from './index.ts';

let app: AuthApp;
beforeAll(async () => {
  app = await authApp({ env: { TRUST_PROXY: '127.0.0.1' } }, [passwordless]);
});
afterAll(() => app?.stop());

const post = (path: string, body: object, headers?: Record<string, string>) =>
  app.call('POST', `/api/v1/auth/${path}`, { body, ...(headers && { headers }) });
/** Every mail that was asked for was sent, or never will be. */
const settled = async (): Promise<void> => {
  const waiting = async () =>
    (await app.owner.query(`select 1 from pgboss.job where name like 'passwordless.%' and state in ('created', 'retry', 'active')`))
      .rowCount;
  await expect.poll(waiting).toBe(0);
};
const mails = (email: string) => app.mailbox.messages.filter(({ to }) => to === email);
async function link(email: string): Promise<string> {
  await post('magic-link', { email });
  return /#token=(\S+)/.exec((await app.mailbox.newest(email, ({ subject }) => subject === 'Sign in')).text)![1]!;
}
async function code(email: string): Promise<{ email: string; flow: string; code: string }> {
  const { flow } = (await post('email-code', { email })).json.data;
  const { text } = await app.mailbox.newest(email, ({ subject }) => subject === 'Your code');
  app.mailbox.messages.length = 0;
  return { email, flow, code: /^\d{8}$/m.exec(text)![0] };
}
const wrong = ({ code: right }: { code: string }): string => String((Number(right) + 1) % 1e8).padStart(8, '0');
const redeem = (given: object) => post('email-code/redeem', given);
const outcomes = (replies: PromiseSettledResult<Awaited<ReturnType<typeof redeem>>>[]) =>
  tally(replies.map((reply) => (reply.status === 'fulfilled' ? (reply.value.json.error?.code ?? reply.value.status) : 'died')));

describe('a mailed link', () => {
  it('signs in, once, by body or cookie, and is a fact', async () => {
    const person = await app.person('member', null);
    const reply = await post('magic-link/redeem', { token: await link(person.email) });
    expect([reply.status, reply.json.data.userId, await app.facts(reply.requestId)]).toEqual([200, person.id, ['auth.signed-in']]);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    app.mailbox.messages.length = 0;
    const cookie = await post(
      'magic-link/redeem',
      { token: await link(person.email), delivery: 'cookie' },
      { origin: 'http://localhost:3000' },
    );
    expect([cookie.status, cookie.headers.getSetCookie().length, cookie.text.includes('accessToken')]).toEqual([200, 2, false]);
  });
  it('B1: of 16 who use it at once, one gets a session', async () => {
    for (let round = 0; round < 3; round++) {
      const person = await app.person('member', null);
      const token = await link(person.email);
      expect(outcomes(await race(16, () => post('magic-link/redeem', { token })))).toEqual({ 200: 1, INVALID_LINK: 15 });
      const { rows } = await app.owner.query('select count(*)::int as n from auth.sessions where user_id = $1', [person.id]);
      expect(rows[0].n).toBe(1);
    }
  });
  it('B18, B27: it dies with a password change and a suspension, and is worth nothing elsewhere', async () => {
    const { token: admin } = await app.signedIn('admin');
    const changed = await app.signedIn();
    const [first, person] = [await link(changed.email), await app.person()];
    const second = await link(person.email);
    await app.call('POST', '/api/v1/auth/password', {
      token: changed.token,
      body: { currentPassword: PASSWORD, newPassword: 'seven slow trains to Lisbon' },
    });
    await app.call('POST', `/api/v1/users/${person.id}/suspend`, { token: admin, body: { reason: 'for the test' } });
    expect((await post('magic-link/redeem', { token: first })).json.error.code).toBe('INVALID_LINK');
    expect((await post('magic-link/redeem', { token: second })).status).toBe(400);
    expect((await post('register/confirm', { token: second, password: PASSWORD })).json.error.code).toBe('INVALID_LINK');
  });
  it('is too old after ten minutes', async () => {
    const person = await app.person();
    const token = await link(person.email);
    await app.owner.query(`update auth.links set created_at = now() - interval '11 minutes', expires_at = now() where user_id = $1`, [
      person.id,
    ]);
    expect((await post('magic-link/redeem', { token })).json.error.code).toBe('INVALID_LINK');
  });
  it('B48: on an account whose address nobody had proved, what others set up goes before the owner comes in', async () => {
    const person = await app.signedIn();
    await app.owner.query('update users.users set email_verified_at = null where id = $1', [person.id]);
    const reply = await post('magic-link/redeem', { token: await link(person.email) });
    expect(reply.status, reply.text).toBe(200);
    expect((await app.facts(reply.requestId)).sort()).toEqual(['auth.account-claimed', 'auth.signed-in', 'users.email-verified']);
    expect([await app.me(person.token), (await app.refresh(person.refreshToken)).status, (await app.signIn(person)).status]).toEqual([
      401, 401, 401,
    ]);
    expect(await app.me(reply.json.data.accessToken)).toBe(200);
  });
});

describe('a mailed code', () => {
  it('signs in whoever asked for it, once, also typed with spaces', async () => {
    const person = await app.person('member', null);
    const given = await code(person.email);
    const typed = { ...given, code: `${given.code.slice(0, 4)} ${given.code.slice(4)}` };
    const reply = await redeem(typed);
    expect([reply.status, reply.json.data?.userId]).toEqual([200, person.id]);
    expect((await redeem(given)).json.error.code).toBe('MAILED_CODE_REFUSED');
  });
  it('B21, B23: asking and failing look the same for known and unknown addresses; unknown and suspended ones get nothing', async () => {
    const { token } = await app.signedIn('admin');
    const [known, suspended] = [await app.person(), await app.person()];
    await app.call('POST', `/api/v1/users/${suspended.id}/suspend`, { token, body: { reason: 'for the test' } });
    const unknown = `nobody-${uuidv7()}@example.com`;
    const asked = await Promise.all([known.email, suspended.email, unknown].map((email) => post('email-code', { email })));
    expect(asked.map(({ status, json }) => [status, Object.keys(json.data), json.data.flow.length])).toEqual(
      asked.map(() => [202, ['flow', 'message'], 43]),
    );
    const failed = await Promise.all(
      [known.email, suspended.email, unknown].map((email, i) => redeem({ email, flow: asked[i]!.json.data.flow, code: '00000000' })),
    );
    expect(new Set(failed.map(({ status, json }) => `${status} ${json.error.code} ${json.error.message}`)).size).toBe(1);
    await code(known.email);
    expect([mails(suspended.email), mails(unknown)]).toEqual([[], []]);
  });
  it('B18: dies with a change of the password or of the address', async () => {
    const person = await app.signedIn();
    const caller = system('test', null, uuidv7());
    const first = await code(person.email);
    await app.call('POST', '/api/v1/auth/password', {
      token: person.token,
      body: { currentPassword: PASSWORD, newPassword: 'seven slow trains to Lisbon' },
    });
    expect((await redeem(first)).json.error.code).toBe('MAILED_CODE_REFUSED');
    const second = await code(person.email);
    const email = `new-${uuidv7()}@example.com`;
    await app.kit.db.transaction((tx) => app.api(users).changeEmail(caller, tx, person.id, email));
    expect((await redeem({ ...second, email })).json.error.code).toBe('MAILED_CODE_REFUSED');
    expect((await redeem(await code(email))).status).toBe(200);
  });
  it('B1: of 16 who give it at once, one gets a session', async () => {
    for (let round = 0; round < 3; round++) {
      const person = await app.person('member', null);
      const given = await code(person.email);
      const replies = await race(16, () => redeem(given));
      const counts = outcomes(replies);
      expect(counts[200]).toBe(1);
      expect((counts['MAILED_CODE_REFUSED'] ?? 0) + (counts['TOO_MANY_ATTEMPTS'] ?? 0)).toBe(15);
    }
  });
  it('B35: a code has five guesses, for many at once too, and the right one after them is refused', async () => {
    const person = await app.person('member', null);
    const given = await code(person.email);
    const counts = outcomes(await race(9, () => redeem({ ...given, code: wrong(given) })));
    expect(counts).toEqual({ MAILED_CODE_REFUSED: 9 });
    const { rows } = await app.owner.query('select guesses from passwordless.codes where user_id = $1', [person.id]);
    expect(rows).toEqual([{ guesses: 5 }]);
    expect((await redeem(given)).json.error.code).toBe('MAILED_CODE_REFUSED');
  });
  it('B34: an account has ten failures over all its codes, known or unknown alike; a code for another is worth nothing', async () => {
    const person = await app.person('member', null);
    for (const email of [person.email, `nobody-${uuidv7()}@example.com`]) {
      for (let i = 0; i < 10; i++) expect((await redeem({ email, flow: 'x'.repeat(43), code: '00000000' })).status).toBe(401);
      const locked = await redeem({ email, flow: 'x'.repeat(43), code: '00000000' });
      expect([locked.status, Number(locked.headers.get('retry-after')) > 0]).toEqual([429, true]);
    }
    const other = await app.person('member', null);
    const given = await code(other.email);
    expect((await redeem({ ...given, email: (await app.person()).email })).status).toBe(401);
    // A locked account still signs in by a link.
    expect((await post('magic-link/redeem', { token: await link(person.email) })).status).toBe(200);
  });
  it('B19: the database holds neither code nor flow, and the queue no address', async () => {
    const person: Person = await app.person('member', null);
    const given = await code(person.email);
    const codes = await app.owner.query(`select string_agg(c::text, ' ') as all from passwordless.codes c`);
    const jobs = await app.owner.query(`select string_agg(data::text, ' ') as all from pgboss.job where name like 'passwordless.%'`);
    for (const secret of [given.code, given.flow, person.email]) expect(codes.rows[0].all + jobs.rows[0].all).not.toContain(secret);
  });
  it('B23: a guess does the same work for an unknown address: it is counted, and the right code of nobody opens nothing', async () => {
    const given = { [(await app.person()).email]: 0, [`nobody-${uuidv7()}@example.com`]: 0 };
    for (const email of Object.keys(given)) {
      await app.owner.query('delete from passwordless.codes');
      const { flow } = (await post('email-code', { email })).json.data;
      await settled();
      const guesses = async () => (await app.owner.query('select guesses from passwordless.codes')).rows;
      for (let i = 1; i <= 7; i++) {
        expect((await redeem({ email, flow, code: '00000000' })).json.error.code).toBe('MAILED_CODE_REFUSED');
        expect(await guesses()).toEqual([{ guesses: Math.min(i, 5) }]);
      }
    }
    // Asked for and not mailed yet, or to nobody: it belongs to no one who has the address now.
    const person = await app.person('member', null);
    const own = await code(person.email);
    await app.owner.query('update passwordless.codes set user_id = null where user_id = $1', [person.id]);
    expect((await redeem(own)).status).toBe(401);
    expect((await redeem({ ...own, email: `nobody-${uuidv7()}@example.com` })).status).toBe(401);
  });
});

describe('mails to sign in with', () => {
  const from = (network: number) => ({ 'x-forwarded-for': `203.0.113.${network}` });
  it.each(['magic-link', 'email-code'])('B28, B38: %s: three an hour that one network asks for, ten in all', async (path) => {
    const person = await app.person('member', null);
    const got = async (network: number, asked: number) => {
      for (let i = 0; i < asked; i++) expect((await post(path, { email: person.email }, from(network))).status).toBe(202);
      await settled();
      return mails(person.email).length;
    };
    expect(await got(1, 6)).toBe(3);
    expect(await got(2, 1)).toBe(4); // whoever asks from elsewhere is not kept from it
    expect([await got(1, 1), await got(3, 4), await got(4, 4)]).toEqual([4, 7, 10]);
    expect(await got(5, 2)).toBe(10);
  });
  it('B28: asked for at once by 16, the same', async () => {
    for (const path of ['magic-link', 'email-code']) {
      const person = await app.person('member', null);
      await race(16, (i) => post(path, { email: person.email }, from(10 + (i % 2))));
      await settled();
      expect(mails(person.email)).toHaveLength(6);
    }
  });
  it('a code whose time is over before it is mailed is not mailed', async () => {
    const person = await app.person('member', null);
    await app.kit.db.transaction(async (tx) => {
      await app.api(users).lockActive(tx, person.id);
      await post('email-code', { email: person.email });
      await app.owner.query(`update passwordless.codes set expires_at = now() - interval '1 minute' where user_id is null`);
    });
    await settled();
    expect(mails(person.email)).toEqual([]);
  });
  it('B18: what is on its way while the address changes is sent to nobody', async () => {
    const caller = system('test', null, uuidv7());
    const blocked = async () =>
      (
        await app.owner.query<{ n: number }>(
          'select count(*)::int as n from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0',
        )
      ).rows[0]!.n;
    for (const path of ['magic-link', 'email-code']) {
      const person = await app.person('member', null);
      const email = `new-${uuidv7()}@example.com`;
      await app.kit.db.transaction(async (tx) => {
        await app.api(users).changeEmail(caller, tx, person.id, email);
        await post(path, { email: person.email });
        await expect.poll(blocked).toBeGreaterThan(0); // the job has found the user by the old address
      });
      await settled();
      expect([mails(person.email), mails(email)]).toEqual([[], []]);
      const { rows } = await app.owner.query(
        'select id from auth.links where user_id = $1 union all select id from passwordless.codes where user_id = $1',
        [person.id],
      );
      expect(rows).toEqual([]);
    }
  });
});
