import { system, uuidv7 } from '@plinth/kit';
import { race, tally } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authApp, PASSWORD, type AuthApp } from '../auth/auth.testing.ts';
import { auth } from '../auth/index.ts';
import { mfa } from './index.ts';
import { authenticator, mfaCalls, type MfaCalls, nowOf, withTotp } from './mfa.testing.ts';
import { codeAt, matchingStep, stepAt } from './totp.ts';

let app: AuthApp;
let calls: MfaCalls;
beforeAll(async () => {
  app = await authApp({}, [mfa]);
  calls = mfaCalls(app);
});
afterAll(() => app?.stop());
const api: MfaCalls['api'] = (...given) => calls.api(...given);
const challengeOf: MfaCalls['challengeOf'] = (person) => calls.challengeOf(person);
const setUp: MfaCalls['setUp'] = (person) => calls.setUp(person);

describe('TOTP', () => {
  it('RFC 6238: the vectors of appendix B, six digits of them', async () => {
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    const vectors = {
      59: '287082',
      1111111109: '081804',
      1111111111: '050471',
      1234567890: '005924',
      2000000000: '279037',
      20000000000: '353130',
    };
    for (const [seconds, code] of Object.entries(vectors)) {
      expect(await codeAt(secret, stepAt(Number(seconds)))).toBe(code);
      expect(await matchingStep(secret, code, Number(seconds))).toBe(stepAt(Number(seconds)));
    }
  });
  it('B30: where neighbouring steps have the same code, the newest one counts', async () => {
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    const step = 910_737; // the first of this secret whose code the next one has too
    expect([await codeAt(secret, step), await codeAt(secret, step + 1)]).toEqual(['911617', '911617']);
    expect(await matchingStep(secret, await codeAt(secret, step), step * 30)).toBe(step + 1);
    expect(await matchingStep(secret, await codeAt(secret, step), (step + 2) * 30)).toBe(step + 1);
    expect(await matchingStep(secret, await codeAt(secret, step), (step + 3) * 30)).toBeUndefined();
  });

  it('B8, B17: set up, it stands before every session; the session that set it up goes on under a new id, the others end', async () => {
    const person = await app.signedIn();
    const other = await app.again(person);
    const { device, session, codes } = await setUp(person);
    expect(codes).toHaveLength(10);
    expect(session).toMatchObject({ status: 'signed-in', userId: person.id });
    expect(session.sessionId).not.toBe(person.sessionId);
    expect([await app.me(person.token), await app.me(other.token), await app.me(session.accessToken)]).toEqual([401, 401, 200]);
    expect((await app.refresh(person.refreshToken)).status).toBe(401);

    const { json, headers, status } = await app.signIn(person, { delivery: 'cookie' });
    expect(status).toBe(200);
    expect(Object.keys(json.data).sort()).toEqual(['challenge', 'expiresIn', 'factors', 'status']);
    expect(json.data.factors).toEqual(['totp', 'recovery-code']);
    expect(headers.getSetCookie()).toEqual([]);
    expect(await app.me(json.data.challenge)).toBe(401);
    const passed = await api('/mfa/challenge/totp', { challenge: json.data.challenge, code: await device.next() });
    expect(passed.status, passed.text).toBe(200);
    expect(passed.headers.getSetCookie().length).toBe(2);
    expect(await app.facts(passed.requestId)).toEqual(['auth.signed-in']);
    const sessions = await api('/auth/sessions', undefined, session.accessToken, 'GET');
    expect(sessions.json.data.map(({ factors }: { factors: string[] }) => factors)).toEqual([
      ['password', 'totp'],
      ['password', 'totp'],
    ]);
  });

  it('B29, B33: a code works once, and then no older one; also for 16 who use it at once, each with a challenge of their own', async () => {
    for (let round = 0; round < 3; round++) {
      const person = await app.person();
      const device = await withTotp(app, person.id);
      const challenges = await Promise.all(Array.from({ length: 16 }, () => challengeOf(person)));
      const code = await device.next();
      const replies = await race(16, (i) => api('/mfa/challenge/totp', { challenge: challenges[i], code }));
      const codes = replies.map((reply) => (reply.status === 'fulfilled' ? (reply.value.json.error?.code ?? reply.value.status) : 'died'));
      expect(tally(codes)).toEqual({ 200: 1, CODE_REFUSED: 15 });
      const older = await codeAt(device.secret, stepAt(await nowOf(app)) - 1);
      expect((await api('/mfa/challenge/totp', { challenge: await challengeOf(person), code: older })).json.error.code).toBe(
        'CODE_REFUSED',
      );
    }
  });
  it('B31: the code that sets it up is used: it is no second factor of the first sign-in', async () => {
    const person = await app.signedIn();
    const { code, device } = await setUp(person);
    const challenge = await challengeOf(person);
    const refused = await api('/mfa/challenge/totp', { challenge, code });
    expect([refused.status, refused.json.error.message]).toEqual([401, expect.stringContaining('wait for the next one')]);
    // The challenge still stands.
    expect((await api('/mfa/challenge/totp', { challenge, code: await device.next() })).status).toBe(200);
  });
  it('B35: where the account is locked after it was looked at, and before the answer, the right code tells nothing', async () => {
    await app.owner.query('delete from auth.attempts');
    const person = await app.person();
    const device = await withTotp(app, person.id);
    const challenge = await challengeOf(person);
    await api('/mfa/challenge/totp', { challenge, code: '000000' });
    const code = await device.next();
    // Held up where the secret is read; meanwhile others fail.
    await app.owner.query('begin');
    try {
      await app.owner.query('lock table mfa.totp in access exclusive mode');
      const waiting = api('/mfa/challenge/totp', { challenge, code });
      const blocked = async () =>
        (
          await app.owner.query<{ n: number }>(
            'select count(*)::int as n from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0',
          )
        ).rows[0]!.n;
      await expect.poll(blocked).toBeGreaterThan(0);
      await app.owner.query(`update auth.attempts set locked_until = now() + interval '1 minute'`);
      await app.owner.query('commit');
      expect((await waiting).status).toBe(429);
    } finally {
      await app.owner.query('rollback');
      await app.owner.query('delete from auth.attempts');
    }
    expect((await api('/mfa/challenge/totp', { challenge, code })).status).toBe(200);
  });
  it('a challenge to set a factor up passes as no other', async () => {
    const person = await app.person();
    await withTotp(app, person.id);
    const challenge = await challengeOf(person);
    const caller = system('test', null, uuidv7());
    await expect(app.kit.db.transaction((tx) => app.api(auth).pass(caller, tx, challenge, 'totp', 'enrol'))).rejects.toThrow(
      'finished before',
    );
    expect((await app.kit.db.transaction((tx) => app.api(auth).pass(caller, tx, challenge, 'totp'))) !== null).toBe(true);
  });
  it('B39: a challenge is good once, for 16 at once too, and not when it is too old', async () => {
    for (let round = 0; round < 3; round++) {
      const person = await app.person();
      const device = await withTotp(app, person.id);
      const challenge = await challengeOf(person);
      const code = await device.next();
      const replies = await race(16, () => api('/mfa/challenge/totp', { challenge, code }));
      const codes = replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 'died'));
      expect(tally(codes)).toEqual({ 200: 1, 401: 15 });
    }
    const person = await app.person();
    const device = await withTotp(app, person.id);
    const challenge = await challengeOf(person);
    await app.owner.query(`update auth.challenges set expires_at = now() where user_id = $1`, [person.id]);
    expect((await api('/mfa/challenge/totp', { challenge, code: await device.next() })).json.error.code).toBe('INVALID_CHALLENGE');
  });
  it('a challenge dies with a password change, a suspension and a deletion', async () => {
    const { token } = await app.signedIn('admin');
    for (const end of ['password', 'suspend', 'delete'] as const) {
      const person = await app.signedIn();
      const device = await withTotp(app, person.id);
      const challenge = await challengeOf(person);
      if (end === 'password')
        await api('/auth/password', { currentPassword: PASSWORD, newPassword: 'seven slow trains to Lisbon' }, person.token);
      else if (end === 'suspend') await api(`/users/${person.id}/suspend`, { reason: 'for the test' }, token);
      else await api(`/users/${person.id}`, undefined, token, 'DELETE');
      expect((await api('/mfa/challenge/totp', { challenge, code: await device.next() })).json.error.code).toBe('INVALID_CHALLENGE');
    }
  });
  it('B40: what was begun and not confirmed neither asks for a code nor answers one', async () => {
    const person = await app.signedIn();
    const { json } = await api('/mfa/totp', undefined, person.token);
    expect((await app.signIn(person)).json.data.status).toBe('signed-in');
    expect((await api('/mfa/step-up/totp', { code: await authenticator(app, json.data.secret).next() }, person.token)).status).toBe(401);
    // Begun again: the first secret confirms nothing.
    await api('/mfa/totp', undefined, person.token);
    const old = await api('/mfa/totp/confirm', { code: await authenticator(app, json.data.secret).next() }, person.token);
    expect(old.json.error.code).toBe('CODE_REFUSED');
    await app.owner.query('update mfa.enrolments set expires_at = now() where user_id = $1', [person.id]);
    expect((await api('/mfa/totp/confirm', { code: '123456' }, person.token)).json.error.code).toBe('TOTP_NOT_SET_UP');
  });
  it('16 who confirm at once set up one', async () => {
    const person = await app.signedIn();
    const { json } = await api('/mfa/totp', undefined, person.token);
    const code = await authenticator(app, json.data.secret).next();
    const replies = await race(16, () => api('/mfa/totp/confirm', { code }, person.token));
    const codes = replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 'died'));
    expect(codes.filter((status) => status === 200)).toHaveLength(1);
    expect(codes.filter((status) => status !== 200).every((status) => status === 401 || status === 409)).toBe(true);
    const { rows } = await app.owner.query('select count(*)::int as n from mfa.totp where user_id = $1', [person.id]);
    expect(rows).toEqual([{ n: 1 }]);
  });
  it('B47: not on an account whose address nobody proved', async () => {
    const person = await app.signedIn();
    await app.owner.query('update users.users set email_verified_at = null where id = $1', [person.id]);
    expect((await api('/mfa/totp', undefined, person.token)).json.error.code).toBe('EMAIL_NOT_VERIFIED');
  });
  it('B19: the secret is stored encrypted, recovery codes hashed', async () => {
    const person = await app.signedIn();
    const { device, codes } = await setUp(person);
    const { rows } = await app.owner.query(
      `select t.secret, array_agg(encode(c.code_hash, 'hex')) as codes from mfa.totp t join mfa.recovery_codes c using (user_id) where user_id = $1 group by t.secret`,
      [person.id],
    );
    expect(JSON.stringify(rows)).not.toContain(device.secret);
    for (const code of codes) expect(JSON.stringify(rows)).not.toContain(code);
  });
});

describe('attempts', () => {
  it('B34, B35: wrong codes are counted for the account, over challenges and factors: of 16 at once at most five learn that theirs was wrong', async () => {
    const person = await app.person();
    const device = await withTotp(app, person.id);
    await app.owner.query('delete from auth.attempts');
    const challenges = await Promise.all(Array.from({ length: 17 }, () => challengeOf(person)));
    const replies = await race(16, (i) =>
      i % 2 === 0
        ? api('/mfa/challenge/totp', { challenge: challenges[i], code: String(100_000 + i) })
        : api('/mfa/challenge/recovery-code', { challenge: challenges[i], code: `000000-000000-000000-0000${i + 10}` }),
    );
    const codes = replies.map((reply) => (reply.status === 'fulfilled' ? (reply.value.json.error?.code as string) : 'died'));
    expect(tally(codes)).toEqual({ CODE_REFUSED: 5, TOO_MANY_ATTEMPTS: 11 });
    const counted = await app.owner.query(`select failures from auth.attempts where key like 'mfa:%'`);
    expect(counted.rows).toEqual([{ failures: 5 }]); // what came while it was locked is not counted
    const right = await api('/mfa/challenge/totp', { challenge: challenges[16], code: await device.next() });
    expect([right.status, right.json.error.code]).toEqual([429, 'TOO_MANY_ATTEMPTS']);
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(30);
    // A new challenge does not reset it; time does.
    expect((await api('/mfa/challenge/totp', { challenge: await challengeOf(person), code: '123456' })).status).toBe(429);
    await app.owner.query(`update auth.attempts set locked_until = now() where locked_until is not null`);
    expect((await api('/mfa/challenge/totp', { challenge: challenges[16], code: await device.next() })).status).toBe(200);
    const { rows } = await app.owner.query(`select key from auth.attempts where key like 'mfa:%'`);
    expect(rows).toEqual([]);
  });
});
