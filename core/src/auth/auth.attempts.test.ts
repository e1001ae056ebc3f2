import { race, tally } from '@plinth/kit/testing';
import { uuidv7 } from '@plinth/kit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { authApp, PASSWORD, type AuthApp } from './auth.testing.ts';

let app: AuthApp;
beforeAll(async () => {
  app = await authApp();
});
afterAll(() => app?.stop());
afterEach(async () => void (await app.owner.query('delete from auth.attempts')));

const LIMIT = 10;
const wrong = (email: string) => app.signIn({ id: '', email, password: 'not the right one at all' });
const codeOf = (reply: Awaited<ReturnType<typeof wrong>>): string => reply.json.error?.code ?? String(reply.status);
const rows = async () =>
  (
    await app.owner.query<{ failures: number; locked: number }>(
      `select failures, coalesce(extract(epoch from locked_until - now()), 0)::float8 as locked from auth.attempts where key like 'password:%'`,
    )
  ).rows;
const unlock = () => app.owner.query('update auth.attempts set locked_until = now()');

describe('failed sign-ins', () => {
  it('B20, B34: ten, then the account is locked for everybody, the right password too, unknown addresses alike', async () => {
    const person = await app.person();
    for (const email of [person.email, `nobody-${uuidv7()}@example.com`]) {
      const codes = [];
      for (let i = 0; i < LIMIT + 2; i++) codes.push(codeOf(await wrong(email)));
      expect(tally(codes)).toEqual({ INVALID_CREDENTIALS: LIMIT, TOO_MANY_ATTEMPTS: 2 });
    }
    const locked = await app.signIn(person);
    expect([locked.status, locked.json.error.code]).toEqual([429, 'TOO_MANY_ATTEMPTS']);
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(30);
    // Spelled otherwise it is the same account.
    expect((await app.signIn({ ...person, email: ` ${person.email.toUpperCase()} ` })).status).toBe(429);
  });
  it('B35: of 16 at once at most ten learn that theirs was wrong, and the right one tells nothing after them', async () => {
    for (let round = 0; round < 4; round++) {
      const person = await app.person();
      const owners = round % 2 === 1; // who knows the password is among them
      const replies = await race(17, (i) => (i === 16 && owners ? app.signIn(person) : wrong(person.email)));
      const codes = replies.map((reply) => (reply.status === 'fulfilled' ? codeOf(reply.value) : 'died'));
      const counts = tally(codes.slice(0, 16));
      // Who signs in clears the count: what comes after them is counted anew.
      if (codes[16] !== '200') expect(tally(codes)['INVALID_CREDENTIALS']).toBeLessThanOrEqual(LIMIT);
      expect((counts['INVALID_CREDENTIALS'] ?? 0) + (counts['TOO_MANY_ATTEMPTS'] ?? 0)).toBe(16);
      if (owners) expect(['200', 'TOO_MANY_ATTEMPTS']).toContain(codes[16]);
      const [row] = await rows();
      if (codes[16] !== '200') expect(row!.failures).toBe(LIMIT); // what came while it was locked is not counted
      await app.owner.query('delete from auth.attempts');
    }
  });
  it('B35: where the account is locked after the password was looked at, and before the answer, the right one tells nothing', async () => {
    const person = await app.person();
    // Holds the sign-in up in its transaction, after the hash.
    await app.owner.query('begin');
    await app.owner.query('select 1 from auth.credentials where user_id = $1 for update', [person.id]);
    const waiting = app.signIn(person);
    const blocked = async () =>
      (
        await app.owner.query<{ n: number }>(
          'select count(*)::int as n from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0',
        )
      ).rows[0]!.n;
    await expect.poll(blocked).toBeGreaterThan(0);
    const guesses = [];
    for (let i = 0; i < LIMIT; i++) guesses.push(codeOf(await wrong(person.email)));
    expect(tally(guesses)).toEqual({ INVALID_CREDENTIALS: LIMIT });
    await app.owner.query('rollback');
    expect(codeOf(await waiting)).toBe('TOO_MANY_ATTEMPTS');
    const { rows: sessions } = await app.owner.query('select 1 from auth.sessions where user_id = $1', [person.id]);
    expect(sessions).toEqual([]);
  });
  it('B36, B38: the lock ends by itself, and each further failure doubles it, up to an hour', async () => {
    const person = await app.person();
    for (let i = 0; i < LIMIT; i++) await wrong(person.email);
    const lengths = [Math.round((await rows())[0]!.locked / 60)];
    for (let i = 0; i < 8; i++) {
      await unlock();
      expect(codeOf(await wrong(person.email))).toBe('INVALID_CREDENTIALS');
      lengths.push(Math.round((await rows())[0]!.locked / 60));
    }
    expect(lengths).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    expect((await rows())[0]!.failures).toBe(18);
    await unlock();
    expect((await app.signIn(person)).status).toBe(200);
    expect(await rows()).toEqual([]);
  });
  it('B38, B110: trying while locked prolongs nothing and counts nothing', async () => {
    const person = await app.person();
    for (let i = 0; i < LIMIT; i++) await wrong(person.email);
    const [before] = await rows();
    for (let i = 0; i < 20; i++) await wrong(person.email);
    const [after] = await rows();
    expect(after!.failures).toBe(before!.failures);
    expect(after!.locked).toBeLessThanOrEqual(before!.locked);
  });
  it('B37: only credentials count: not a body that is not valid, not a success', async () => {
    const person = await app.person();
    for (let i = 0; i < 12; i++) {
      await app.call('POST', '/api/v1/auth/sign-in', { body: { email: person.email } });
      await app.call('POST', '/api/v1/auth/sign-in', { body: { email: person.email, password: 'x', unknown: 1 } });
    }
    expect(await rows()).toEqual([]);
    await wrong(person.email);
    expect((await rows())[0]!.failures).toBe(1);
    expect((await app.signIn(person)).status).toBe(200);
    expect(await rows()).toEqual([]);
  });
  it('B37: every way to prove the password is counted with the others', async () => {
    const person = await app.signedIn();
    const guesses = [
      () => app.call('POST', '/api/v1/auth/step-up', { token: person.token, body: { password: 'not the right one at all' } }),
      () =>
        app.call('POST', '/api/v1/auth/password', {
          token: person.token,
          body: { currentPassword: 'not the right one at all', newPassword: 'seven slow trains to Lisbon' },
        }),
      () => wrong(person.email),
    ];
    for (let i = 0; i < LIMIT; i++) expect([401, 403]).toContain((await guesses[i % 3]!()).status);
    expect((await Promise.all(guesses.map((guess) => guess()))).map(codeOf)).toEqual(Array(3).fill('TOO_MANY_ATTEMPTS'));
    expect((await app.call('POST', '/api/v1/auth/step-up', { token: person.token, body: { password: PASSWORD } })).status).toBe(429);
  });
  it('B111: a network is counted over all accounts', async () => {
    await wrong(`nobody-${uuidv7()}@example.com`);
    await app.owner.query(`update auth.attempts set failures = 9999 where key like 'network:%'`); // a hundred times a hundred outside production
    expect(codeOf(await wrong(`nobody-${uuidv7()}@example.com`))).toBe('INVALID_CREDENTIALS');
    expect(codeOf(await wrong(`nobody-${uuidv7()}@example.com`))).toBe('TOO_MANY_ATTEMPTS');
    expect((await app.signIn(await app.person())).status).toBe(429);
  });
  it('B20, B34: the right password of someone suspended or deleted counts and looks like a wrong one, to the lock and beyond', async () => {
    const { token } = await app.signedIn('admin');
    const [suspended, deleted, active] = [await app.person(), await app.person(), await app.person()];
    await app.call('POST', `/api/v1/users/${suspended.id}/suspend`, { token, body: { reason: 'for the test' } });
    await app.call('DELETE', `/api/v1/users/${deleted.id}`, { token });
    const heard = async (attempt: () => ReturnType<typeof wrong>) => {
      const replies = [];
      for (let i = 0; i < LIMIT + 1; i++) {
        const { status, json } = await attempt();
        replies.push([status, { ...json.error, requestId: null }]);
      }
      return replies;
    };
    const expected = await heard(() => wrong(active.email));
    expect(tally(expected.map(([status]) => status as number))).toEqual({ 401: LIMIT, 429: 1 });
    expect(await heard(() => app.signIn(suspended))).toEqual(expected);
    expect(await heard(() => app.signIn(deleted))).toEqual(expected);
    expect((await rows()).map(({ failures }) => failures)).toEqual([LIMIT, LIMIT, LIMIT]);
  });
  const NETWORK = 10_000; // a hundred times a hundred outside production
  const network = async () =>
    (await app.owner.query(`select failures, locked_until from auth.attempts where key like 'network:%'`)).rows[0];
  const counted = async (failures: number, minutes: number) => {
    await wrong(`nobody-${uuidv7()}@example.com`);
    await app.owner.query(
      `update auth.attempts set failures = $1, began_at = now() - make_interval(mins => $2) where key like 'network:%'`,
      [failures, minutes],
    );
  };
  it('B111: what a network failed is forgotten a quarter of an hour after its first failure, however busy it is', async () => {
    await counted(NETWORK - 1, 16);
    expect(codeOf(await wrong(`nobody-${uuidv7()}@example.com`))).toBe('INVALID_CREDENTIALS');
    expect(await network()).toEqual({ failures: 1, locked_until: null });
    await counted(NETWORK - 1, 14);
    expect(codeOf(await wrong(`nobody-${uuidv7()}@example.com`))).toBe('INVALID_CREDENTIALS');
    expect(codeOf(await wrong(`nobody-${uuidv7()}@example.com`))).toBe('TOO_MANY_ATTEMPTS');
    // The lock outlives the window; after both, all is forgotten.
    await app.owner.query(
      `update auth.attempts set began_at = began_at - interval '15 minutes', locked_until = now() where key like 'network:%'`,
    );
    expect(codeOf(await wrong(`nobody-${uuidv7()}@example.com`))).toBe('INVALID_CREDENTIALS');
    expect(await network()).toEqual({ failures: 1, locked_until: null });
  });
  it('B35, B111: of 16 failures of a network at once exactly so many are told as are left, and a new window counts each', async () => {
    const at = () => race(16, () => wrong(`nobody-${uuidv7()}@example.com`));
    const told = (replies: Awaited<ReturnType<typeof at>>) =>
      tally(replies.map((reply) => (reply.status === 'fulfilled' ? codeOf(reply.value) : 'died')));
    for (let round = 0; round < 3; round++) {
      await counted(NETWORK - 6, 14);
      expect(told(await at())).toEqual({ INVALID_CREDENTIALS: 6, TOO_MANY_ATTEMPTS: 10 });
      expect((await network()).failures).toBe(NETWORK);
      await app.owner.query('delete from auth.attempts');
      await counted(NETWORK - 6, 16);
      expect(told(await at())).toEqual({ INVALID_CREDENTIALS: 16 });
      expect((await network()).failures).toBe(16);
      await app.owner.query('delete from auth.attempts');
    }
  });
  it('an hour of nothing is not forgotten, a day is', async () => {
    const person = await app.person();
    for (let i = 0; i < LIMIT - 1; i++) await wrong(person.email);
    await app.owner.query(`update auth.attempts set failed_at = now() - interval '25 hours'`);
    await wrong(person.email);
    expect(await rows()).toEqual([{ failures: 1, locked: 0 }]);
  });
});
