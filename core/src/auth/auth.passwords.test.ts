import { defineFeature, system, uuidv7 } from '@plinth/kit';
import { race, tally } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { access } from '../access/index.ts';
import { users } from '../users/index.ts';
import { authApp, PASSWORD, type AuthApp, type Person } from './auth.testing.ts';
import { auth } from './index.ts';

// Hashes made with another library (libxcrypt), of OLD unless said otherwise.
const OLD = 'old harbour';
const DIGEST = 'abcdefghijklmnopqrstuuTvvHEo.yXaZT0A3z0h2nlVNVHdizrT.';
const IMPORTED = `$2b$05$${DIGEST}`;
const LONG = 'a'.repeat(72);
const OF_LONG = '$2y$05$abcdefghijklmnopqrstuuGUnCqbfgs3htOkLrFduUjAyLBw1Rq/u';
const DECOMPOSED = 'A\u030angstro\u0308m';
const OF_DECOMPOSED = '$2b$05$abcdefghijklmnopqrstuuXC1A9sGRF1nQT9Fy5L0qgXmfrWdl.e.';
const COST_13 = '$2b$13$abcdefghijklmnopqrstuuQJWxWjOkXP9ELXS0xVKaTiKNjnZsCWy';

const caller = system('test', null, uuidv7());
/** What a product writes that takes users over, as in docs/guides/passwords.md. */
const FORMER = [
  { email: 'Ada@former.example', name: 'Ada', hash: IMPORTED },
  { email: 'grace@former.example', name: 'Grace', hash: '$5$rounds=535000$salt$of-another-kind' },
];
const former = defineFeature({
  name: 'former',
  needs: { users, access, auth },
  setup: ({ db }, needs) => ({
    api: {},
    async seed() {
      const as = system('former.seed', null, uuidv7());
      const outcomes: string[] = [];
      for (const { email, name, hash } of FORMER) {
        if (await needs.users.findByEmail(db, email)) continue;
        outcomes.push(
          await db.transaction(async (tx) => {
            const { id } = await needs.users.create(as, tx, { email, displayName: name, verified: true });
            await needs.access.assign(as, tx, { userId: id, role: 'member' });
            return needs.auth.importPassword(as, tx, id, hash);
          }),
        );
      }
      return [`users taken over: ${outcomes.join(', ') || 'none'}`];
    },
  }),
});

let app: AuthApp;
beforeAll(async () => {
  app = await authApp({}, [auth, former]);
});
afterAll(() => app?.stop());

const imports = (userId: string, hash: string) => app.kit.db.transaction((tx) => app.api(auth).importPassword(caller, tx, userId, hash));
async function imported(hash = IMPORTED, password = OLD): Promise<Person> {
  const person = await app.person('member', null);
  expect(await imports(person.id, hash)).toBe('imported');
  return { ...person, password };
}
const stored = async ({ id }: { id: string }): Promise<{ password_hash: string; version: number } | undefined> =>
  (await app.owner.query('select password_hash, version from auth.credentials where user_id = $1', [id])).rows[0];
const OURS = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/;
/** Does `meanwhile` while the sign-in has verified the password and waits for the row of it. */
async function interrupted(person: Person, meanwhile: string): Promise<Awaited<ReturnType<AuthApp['signIn']>>> {
  await app.owner.query('begin');
  await app.owner.query('select 1 from auth.credentials where user_id = $1 for update', [person.id]);
  const waiting = app.signIn(person);
  const blocked = async () =>
    // By this very transaction: others of this server wait for locks of their own.
    (
      await app.owner.query<{ n: number }>(
        'select count(*)::int as n from pg_stat_activity where pg_backend_pid() = any (pg_blocking_pids(pid))',
      )
    ).rows[0]!.n;
  await expect.poll(blocked).toBeGreaterThan(0);
  await app.owner.query(meanwhile, [person.id]);
  await app.owner.query('commit');
  return waiting;
}

describe('a password hash of another system', () => {
  it.each(['$2a$', '$2b$', '$2y$'])('with %s signs in, and the first right sign-in replaces it by ours', async (prefix) => {
    const person = await imported(`${prefix}05$${DIGEST}`);
    expect((await app.signIn({ ...person, password: 'not the right one at all' })).json.error.code).toBe('INVALID_CREDENTIALS');
    expect((await stored(person))!.password_hash).toBe(`${prefix}05$${DIGEST}`);
    expect((await app.signIn(person)).status).toBe(200);
    expect(await stored(person)).toEqual({ password_hash: expect.stringMatching(OURS), version: 1 });
    expect((await app.signIn(person)).status).toBe(200);
    expect((await app.signIn({ ...person, password: 'not the right one at all' })).status).toBe(401);
  });
  it('is a fact, and takes nothing from someone who has a password', async () => {
    const [person, other] = [await app.person('member', null), await app.person()];
    const requestId = uuidv7();
    const as = system('test', null, requestId);
    const outcome = await app.kit.db.transaction((tx) => app.api(auth).importPassword(as, tx, person.id, IMPORTED));
    expect([outcome, await app.facts(requestId)]).toEqual(['imported', ['auth.password-imported']]);
    expect(await imports(person.id, `$2a$05$${DIGEST}`)).toBe('has-password');
    expect((await stored(person))!.password_hash).toBe(IMPORTED);
    expect(await imports(other.id, IMPORTED)).toBe('has-password');
    expect((await app.signIn(other)).status).toBe(200);
    await expect(imports(uuidv7(), IMPORTED)).rejects.toMatchObject({ code: 'USER_NOT_FOUND' });
  });
  it('of 16 imports at once one counts', async () => {
    const person = await app.person('member', null);
    const outcomes = await race(16, () => imports(person.id, IMPORTED));
    expect(tally(outcomes.map((one) => (one.status === 'fulfilled' ? one.value : 'died')))).toEqual({ imported: 1, 'has-password': 15 });
  });
  it('of 16 right sign-ins at once all succeed, and the password stays right', async () => {
    for (let round = 0; round < 3; round++) {
      const person = await imported();
      const replies = await race(16, () => app.signIn(person));
      expect(tally(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 'died')))).toEqual({ 200: 16 });
      expect(await stored(person)).toEqual({ password_hash: expect.stringMatching(OURS), version: 1 });
      expect((await app.signIn(person)).status).toBe(200);
    }
  });
  it('B18: is never put in the place of what came while it was verified', async () => {
    const [changed, upgraded, suspended] = [await imported(), await imported(), await imported()];
    const other = '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$of-another';
    const change = `update auth.credentials set password_hash = '${other}', version = version + 1 where user_id = $1`;
    expect((await interrupted(changed, change)).json.error.code).toBe('INVALID_CREDENTIALS');
    expect(await stored(changed)).toEqual({ password_hash: other, version: 2 });
    // Another sign-in was faster: the same password, hashed by it.
    expect((await interrupted(upgraded, change.replace(', version = version + 1', ''))).status).toBe(200);
    expect(await stored(upgraded)).toEqual({ password_hash: other, version: 1 });
    // A sign-in that fails leaves nothing behind.
    expect((await interrupted(suspended, `update users.users set status = 'suspended' where id = $1`)).status).toBe(401);
    expect(await stored(suspended)).toEqual({ password_hash: IMPORTED, version: 1 });
  });
  it('B69: bcrypt reads 72 bytes, so nothing longer matches such a hash; what was typed is compared as typed', async () => {
    const long = await imported(OF_LONG, LONG);
    expect((await app.signIn({ ...long, password: `${LONG}b` })).status).toBe(401);
    expect((await app.signIn({ ...long, password: `${LONG}c` })).status).toBe(401);
    expect((await app.signIn(long)).status).toBe(200);
    for (const password of [`${LONG}b`, LONG.slice(1)]) expect((await app.signIn({ ...long, password })).status).toBe(401);
    const decomposed = await imported(OF_DECOMPOSED, DECOMPOSED);
    expect((await app.signIn({ ...decomposed, password: DECOMPOSED.normalize('NFKC') })).status).toBe(401);
    expect((await app.signIn(decomposed)).status).toBe(200);
    expect((await app.signIn({ ...decomposed, password: DECOMPOSED.normalize('NFKC') })).status).toBe(200); // ours by now
  });
  it('B70: is taken at a cost of 4 to 12 only, by the database too', async () => {
    const person = await app.person('member', null);
    const refused = [
      COST_13,
      `$2b$03$${DIGEST}`,
      `$2b$31$${DIGEST}`,
      `$2x$05$${DIGEST}`,
      `$2b$05$${DIGEST.slice(1)}`,
      `$2b$05$${DIGEST}\n`,
      `$2b$05$${DIGEST.slice(0, 21)}v${DIGEST.slice(22)}`, // bits that bcrypt never writes: it would match nothing
      '$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b2nVA',
      OLD,
      '',
    ];
    for (const hash of refused) expect([hash, await imports(person.id, hash)]).toEqual([hash, 'unsupported']);
    expect(await stored(person)).toBeUndefined();
    for (const hash of [COST_13, OLD])
      await expect(
        app.owner.query('insert into auth.credentials (user_id, password_hash) values ($1, $2)', [person.id, hash]),
      ).rejects.toThrow(/credentials_hash/);
  });
  it('B71: proves the password for a step-up and a change, too', async () => {
    const person = await app.signedIn();
    await app.owner.query('update auth.credentials set password_hash = $2 where user_id = $1', [person.id, IMPORTED]);
    const wrong = await app.call('POST', '/api/v1/auth/step-up', { token: person.token, body: { password: PASSWORD } });
    expect(wrong.json.error.code).toBe('WRONG_PASSWORD');
    const stepped = await app.call('POST', '/api/v1/auth/step-up', { token: person.token, body: { password: OLD } });
    expect(stepped.status).toBe(200);
    const token = stepped.json.data.accessToken;
    const changed = await app.call('POST', '/api/v1/auth/password', { token, body: { currentPassword: OLD, newPassword: PASSWORD } });
    expect(changed.status).toBe(200);
    expect(await stored(person)).toEqual({ password_hash: expect.stringMatching(OURS), version: 2 });
  });
  it('comes in by a few lines of a feature, once', async () => {
    expect(await app.seed()).toContain('users taken over: imported, unsupported');
    expect(await app.seed()).toContain('users taken over: none');
    expect((await app.signIn({ id: '', email: 'ada@former.example', password: OLD })).status).toBe(200);
    expect((await app.signIn({ id: '', email: 'grace@former.example', password: OLD })).status).toBe(401);
  });
});

describe('our own hash', () => {
  it('of an older cost is replaced at the next right sign-in', async () => {
    const person = await app.person('member', null);
    const { hash } = await import('@node-rs/argon2');
    const older = await hash(PASSWORD, { memoryCost: 8192, timeCost: 1, parallelism: 1 });
    await app.owner.query('insert into auth.credentials (user_id, password_hash) values ($1, $2)', [person.id, older]);
    expect((await app.signIn({ ...person, password: PASSWORD })).status).toBe(200);
    const after = await stored(person);
    expect(after).toEqual({ password_hash: expect.stringMatching(OURS), version: 1 });
    expect((await app.signIn({ ...person, password: PASSWORD })).status).toBe(200);
    expect(await stored(person)).toEqual(after);
  });
});
