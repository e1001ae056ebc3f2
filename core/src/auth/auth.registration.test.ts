import { race, tally, type CallReply } from '@plinth/kit/testing';
import { uuidv7 } from '@plinth/kit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { authApp, PASSWORD, type AuthApp } from './auth.testing.ts';
import { sendRegistration } from './contract.ts';
import { Hashing } from './hashing.ts';

let app: AuthApp;
beforeAll(async () => {
  app = await authApp({ env: { PASSWORD_WORDS: 'Harbourmaster, Northwind' } });
});
afterAll(() => app?.stop());

const address = (): string => `r-${uuidv7()}@example.com`;
const register = (email: string, more: object = {}, headers = {}): Promise<CallReply> =>
  app.call('POST', '/api/v1/auth/register', { body: { email, displayName: 'Grace Hopper', ...more }, headers });
const linkTo = async (email: string): Promise<string> =>
  /http\S+/.exec((await app.mailbox.newest(email, ({ subject }) => subject === 'Confirm your address')).text)![0];
const tokenOf = (link: string): string => new URLSearchParams(new URL(link).hash.slice(1)).get('token')!;
const confirm = (token: string, password = PASSWORD): Promise<CallReply> =>
  app.call('POST', '/api/v1/auth/register/confirm', { body: { token, password } });
/** The token of a new registration. */
const pending = async (email = address()): Promise<string> => {
  await register(email);
  return tokenOf(await linkTo(email));
};

describe('registration', () => {
  it('takes a proved address, then the user can sign in and is a member', async () => {
    const email = address();
    const asked = await register(email);
    expect([asked.status, await app.facts(asked.requestId)]).toEqual([202, []]);
    expect((await app.signIn({ id: '', email, password: PASSWORD })).status).toBe(401);
    const done = await confirm(tokenOf(await linkTo(email)));
    expect(done.status).toBe(201);
    expect(done.json.data).toMatchObject({ email, displayName: 'Grace Hopper', status: 'active' });
    expect(done.json.data.emailVerifiedAt).toMatch(/Z$/);
    expect(await app.facts(done.requestId)).toEqual(['users.created', 'access.role-assigned']);
    const { accessToken } = (await app.signIn({ id: '', email, password: PASSWORD })).json.data;
    expect((await app.call('GET', '/api/v1/access/me', { token: accessToken })).json.data.roles).toEqual(['member']);
  });

  it('an account belongs to the one who proves the address, with the password chosen there', async () => {
    const email = address();
    const ofAttacker = 'nine grey herons on the pier';
    const refused = await register(email, { password: ofAttacker });
    expect([refused.status, Object.keys(refused.json.error.fields)]).toEqual([422, ['password']]);
    await register(email, { displayName: 'Victim' });
    const first = await linkTo(email);
    await register(email, { displayName: 'Attacker' });
    await expect.poll(() => linkTo(email)).not.toBe(first);
    // The owner of the mailbox opens the newest mail, which the attacker asked for.
    expect((await confirm(tokenOf(await linkTo(email)))).status).toBe(201);
    expect((await app.signIn({ id: '', email, password: PASSWORD })).status).toBe(200);
    expect((await confirm(tokenOf(first), ofAttacker)).json.error.code).toBe('INVALID_LINK');
    expect((await app.signIn({ id: '', email, password: ofAttacker })).status).toBe(401);
  });

  it('hashes only for a link that stands and a password that is taken; a refused one leaves the link as it was', async () => {
    const email = address();
    const token = await pending(email);
    const hashed = vi.spyOn(Hashing.prototype, 'hash');
    try {
      expect((await confirm('x'.repeat(43))).json.error.code).toBe('INVALID_LINK');
      for (const password of ['too short', 'passwordpassword', 'Grace Hopper 1906', email]) {
        const { status, json } = await confirm(token, password);
        expect([password, status, Object.keys(json.error.fields)]).toEqual([password, 422, ['password']]);
      }
      expect(hashed).not.toHaveBeenCalled();
      expect((await confirm(token)).status).toBe(201);
      expect(hashed).toHaveBeenCalledOnce();
      expect((await confirm(token)).json.error.code).toBe('INVALID_LINK');
      expect(hashed).toHaveBeenCalledOnce();
    } finally {
      hashed.mockRestore();
    }
  });

  it('B1: of 16 who send one link at once, one gets the account, with the password that one chose', async () => {
    const email = address();
    const token = await pending(email);
    const passwordOf = (i: number): string => `${PASSWORD}, number ${i}`;
    const statuses = (await race(16, (i) => confirm(token, passwordOf(i)))).map((reply) =>
      reply.status === 'fulfilled' ? reply.value.status : String(reply.reason),
    );
    expect(tally(statuses)).toEqual({ 201: 1, 400: 15 });
    expect((await confirm(token)).json.error.code).toBe('INVALID_LINK');
    expect((await app.owner.query('select 1 from users.users where email = $1', [email])).rowCount).toBe(1);
    const winner = statuses.indexOf(201);
    expect((await app.signIn({ id: '', email, password: passwordOf(winner) })).status).toBe(200);
    expect((await app.signIn({ id: '', email, password: passwordOf((winner + 1) % 16) })).status).toBe(401);
  });

  it('B1: of two pending registrations of one address, one becomes the account and the other is gone', async () => {
    const email = address();
    await register(email);
    const first = await linkTo(email);
    await register(email, { displayName: 'Second' });
    await expect.poll(() => app.mailbox.messages.filter(({ to }) => to === email).length).toBe(2);
    const second = await linkTo(email);
    expect(second).not.toBe(first);
    const replies = await race(16, (i) => confirm(tokenOf(i % 2 ? first : second)));
    expect(tally(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : String(reply.reason))))).toEqual({
      201: 1,
      400: 15,
    });
    expect((await app.owner.query('select 1 from auth.registrations where email = $1', [email])).rowCount).toBe(0);
  });

  it('B22: a known address gets the same answer, and its owner a mail without a link', async () => {
    const { email } = await app.person();
    const known = await register(email);
    const unknown = await register(address());
    expect([known.status, known.json.data]).toEqual([unknown.status, unknown.json.data]);
    const mail = await app.mailbox.newest(email);
    expect(mail.subject).toBe('You already have an account');
    expect(mail.text).not.toContain('token=');
    const { rows } = await app.owner.query('select token_hash from auth.registrations where email = $1', [email]);
    expect(rows).toEqual([{ token_hash: null }]);
  });

  it('B24: links are built from the configured address, whatever the client claims', async () => {
    const email = address();
    await register(
      email,
      {},
      { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', forwarded: 'host=evil.example;proto=https' },
    );
    const { text } = await app.mailbox.newest(email);
    expect(text).toContain('http://localhost:3000/auth/confirm#token=');
    expect(text).not.toContain('evil');
  });

  it('B25: opening the link consumes nothing; the page posts what stands in the fragment', async () => {
    const email = address();
    await register(email);
    const link = new URL(await linkTo(email));
    expect(link.search).toBe('');
    for (let i = 0; i < 3; i++) {
      await app.call('HEAD', link.pathname);
      const page = await app.call('GET', link.pathname);
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(page.headers.get('content-security-policy')).toContain("script-src 'sha256-");
      expect(page.text).toContain('register/confirm');
      expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    }
    for (const method of ['GET', 'HEAD'])
      expect((await app.call(method, `/api/v1/auth/register/confirm?token=${tokenOf(link.href)}`)).status).toBe(405);
    expect((await confirm(tokenOf(link.href))).status).toBe(201);
  });

  it('B28: one address gets at most three mails an hour, whoever asks', async () => {
    const email = address();
    for (let i = 0; i < 5; i++) await register(email);
    const other = address();
    await register(other);
    await app.mailbox.newest(other);
    await expect.poll(async () => (await app.owner.query('select 1 from auth.registrations where email = $1', [email])).rowCount).toBe(5);
    await new Promise((wait) => setTimeout(wait, 500));
    expect(app.mailbox.messages.filter(({ to }) => to === email)).toHaveLength(3);
  });

  it('B28: nor when sixteen ask at once', async () => {
    const email = address();
    await app.kit.db.transaction(async (tx) => {
      for (let i = 0; i < 16; i++) {
        const id = uuidv7();
        await tx.run({
          text: `insert into auth.registrations (id, email, email_normalized, display_name) values ($1, $2, $2, 'x')`,
          values: [id, email],
        });
        await app.kit.jobs.enqueue(tx, sendRegistration, { registrationId: id });
      }
    });
    const unsent = async () =>
      (await app.owner.query(`select from pgboss.job where name like '%auth.send-registration' and state <> 'completed'`)).rowCount;
    await expect.poll(unsent, { timeout: 10_000 }).toBe(0);
    expect(app.mailbox.messages.filter(({ to }) => to === email)).toHaveLength(3);
  });

  it('B19: neither the link nor anything to make it from is in the database', async () => {
    const token = await pending();
    const { rows } = await app.owner.query<{ row: string }>(
      'select r::text as row from auth.registrations r union all select j::text from pgboss.job j',
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { row } of rows) {
      expect(row).not.toContain(token);
      expect(row).not.toContain(Buffer.from(token, 'base64url').toString('hex'));
    }
  });

  it('refuses links that never were, and links that are too old', async () => {
    expect((await confirm('x'.repeat(43))).json.error.code).toBe('INVALID_LINK');
    const email = address();
    const token = await pending(email);
    await app.owner.query(
      `update auth.registrations set created_at = now() - interval '25 hours', expires_at = now() - interval '1 second' where email = $1`,
      [email],
    );
    expect((await confirm(token)).json.error.code).toBe('INVALID_LINK');
  });
});

describe('what may be an address, a name and a password', () => {
  it.each([
    ['fifteen', 'a tin moon reef', 201],
    ['fourteen', 'a tin moon ree', 422],
    ['129 characters', 'abc de '.repeat(18) + 'xyz', 422],
    ['64 characters', 'correct pony '.repeat(5).slice(0, 64), 201],
    ['emoji and spaces', '🦊 ходит 在 月 下 ünd träumt', 201],
    ['one letter', 'aaaaaaaaaaaaaaaaaaaa', 422],
    ['a run', '123456789012345678', 422],
    ['a common one', 'passwordpassword', 422],
    ['a common one with a tail', 'Password123456789!', 422],
    ['two common ones', 'Sunshine-superman', 422],
    ['two common ones and a sign', 'michelle!jennifer!', 422],
    ['a walk over the keyboard', '1qaz2wsx3edc4rfv', 422],
    ['three short words', 'blue mug, garden', 201],
    ['words of the product', 'Harbourmaster tin', 422],
    ['the name', 'grace hopper 1906', 422],
  ])('B68: %s', async (_what, password, expected) => {
    const reply = await confirm(await pending(), password);
    expect([reply.status, reply.status === 422 ? Object.keys(reply.json.error.fields) : null]).toEqual([
      expected,
      expected === 201 ? null : ['password'],
    ]);
  });

  it('B68: the address is no password', async () => {
    const email = 'marguerite@example.com';
    expect((await confirm(await pending(email), email)).json.error.code).toBe('PASSWORD_REFUSED');
  });

  it('B119: text beyond its bound is refused before anything is made of it: normalising takes the square of its length', async () => {
    for (const unit of ['\u0301\u0323', '\ufdfa']) {
      const long = `a${unit.repeat(100_000)}`;
      const started = performance.now();
      const tried = await Promise.all([
        confirm('x'.repeat(43), long),
        register(address(), { displayName: long }),
        register(`${long}@example.com`),
        app.signIn({ id: '', email: long, password: PASSWORD }),
        app.signIn({ id: '', email: address(), password: long }),
      ]);
      expect(tried.map(({ status, json }) => [status, Object.keys(json.error.fields)])).toEqual([
        [422, ['password']],
        [422, ['displayName']],
        [422, ['email']],
        [422, ['email']],
        [422, ['password']],
      ]);
      expect(performance.now() - started).toBeLessThan(3000);
    }
  });

  it('B66: addresses that look the same are the same, invisible characters are refused', async () => {
    const name = `b66-${uuidv7()}`;
    await register(`${name.toUpperCase()}＠example.com`); // a fullwidth @
    const mail = await app.mailbox.newest(`${name.toUpperCase()}@example.com`);
    expect((await confirm(tokenOf(/http\S+/.exec(mail.text)![0]))).status).toBe(201);
    expect((await app.signIn({ id: '', email: ` ${name}@EXAMPLE.com `, password: PASSWORD })).status).toBe(200);
    for (const email of [
      `${name}\u200b@example.com`,
      `${name}\u00ad@example.com`,
      `\ufeff${name}@exam\u2060ple.com`,
      `${name}@example.com\u0000`,
    ]) {
      const refused = await register(email);
      expect([JSON.stringify(email), refused.status]).toEqual([JSON.stringify(email), 422]);
    }
    await expect(
      app.owner.query(`insert into users.users (id, email, email_normalized, display_name) values (gen_random_uuid(), $1, $2, 'x')`, [
        `${name}@example.com`,
        `${name}@example.com`,
      ]),
    ).rejects.toThrow('users_email_live');
    await expect(
      app.owner.query(`insert into users.users (id, email, email_normalized, display_name) values (gen_random_uuid(), $1, $1, 'x')`, [
        'Upper@example.com',
      ]),
    ).rejects.toThrow('users_email_normalized');
  });
});
