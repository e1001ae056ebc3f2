import { system, uuidv7 } from '@plinth/kit';
import { race, tally } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authApp, PASSWORD, type AuthApp, type Person, type SignedInPerson } from '../auth/auth.testing.ts';
import { auth } from '../auth/index.ts';
import { users } from '../users/index.ts';
import { mfa } from './index.ts';
import { authenticator, nowOf, withTotp } from './mfa.testing.ts';
import { hashOf } from './recovery-codes.ts';
import { codeAt, matchingStep, stepAt } from './totp.ts';

let app: AuthApp;
beforeAll(async () => {
  app = await authApp({}, [mfa]);
});
afterAll(() => app?.stop());

const api = (path: string, body?: object, token?: string, method = 'POST') =>
  app.call(method, `/api/v1${path}`, { ...(body && { body }), ...(token !== undefined && { token }) });
const challengeOf = async (person: Person): Promise<string> => {
  const { json } = await app.signIn(person);
  expect(json.data.status).toBe('second-factor-required');
  return json.data.challenge as string;
};
/** Through HTTP, as a person does it. */
async function setUp(person: SignedInPerson) {
  const begun = await api('/mfa/totp', undefined, person.token);
  const device = authenticator(app, begun.json.data.secret);
  const code = await device.next();
  const { json, status, text, headers } = await api('/mfa/totp/confirm', { code }, person.token);
  expect(status, text).toBe(200);
  return { device, code, headers, codes: json.data.recoveryCodes as string[], session: json.data.session };
}

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
        (await app.owner.query<{ n: number }>('select count(*)::int as n from pg_locks where not granted')).rows[0]!.n;
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

describe('recovery codes', () => {
  it('B44: each stands in once, for 16 at once too; its use is a fact and a mail; case and hyphens do not matter', async () => {
    const person = await app.signedIn();
    const { codes, session } = await setUp(person);
    const challenges = await Promise.all(Array.from({ length: 16 }, () => challengeOf(person)));
    const replies = await race(16, (i) => api('/mfa/challenge/recovery-code', { challenge: challenges[i], code: codes[0] }));
    const fulfilled = replies.map((reply) => (reply.status === 'fulfilled' ? reply.value : null));
    expect(fulfilled.filter((reply) => reply?.status === 200)).toHaveLength(1);
    expect(fulfilled.every((reply) => reply !== null && reply.status < 500)).toBe(true);
    const won = fulfilled.find((reply) => reply?.status === 200)!;
    expect((await app.facts(won.requestId)).sort()).toEqual(['auth.signed-in', 'mfa.recovery-code-used']);
    await app.owner.query('delete from auth.attempts');
    expect((await api('/mfa', undefined, session.accessToken, 'GET')).json.data.recoveryCodesLeft).toBe(9);
    const typed = codes[1]!.replaceAll('-', ' ').toUpperCase();
    expect((await api('/mfa/challenge/recovery-code', { challenge: await challengeOf(person), code: typed })).status).toBe(200);
    expect((await app.mailbox.newest(person.email)).subject).toMatch(/recovery codes was used|authenticator app was added/i);
  });
  it('are offered while one is left', async () => {
    const person = await app.signedIn();
    const { codes } = await setUp(person);
    const offered = async () => (await app.signIn(person)).json.data.factors;
    await app.owner.query('delete from mfa.recovery_codes where user_id = $1 and code_hash <> $2', [person.id, hashOf(codes[3]!)]);
    expect(await offered()).toEqual(['totp', 'recovery-code']);
    expect((await api('/mfa/challenge/recovery-code', { challenge: await challengeOf(person), code: codes[3] })).status).toBe(200);
    expect(await offered()).toEqual(['totp']);
  });
  it('B43, B44: a new set replaces the old one, and wants a recent proof', async () => {
    const person = await app.signedIn();
    const { codes, session } = await setUp(person);
    const { json } = await api('/mfa/recovery-codes', undefined, session.accessToken);
    expect(json.data.recoveryCodes).toHaveLength(10);
    expect((await api('/mfa/challenge/recovery-code', { challenge: await challengeOf(person), code: codes[0] })).status).toBe(401);
    await app.owner.query(`update auth.sessions set proved_at = now() - interval '11 minutes' where user_id = $1`, [person.id]);
    const renewed = await app.refresh(session.refreshToken);
    for (const [method, path, body] of [
      ['POST', '/mfa/recovery-codes'],
      ['DELETE', '/mfa/totp'],
      ['POST', '/mfa/totp'],
      ['POST', '/mfa/totp/confirm', { code: '123456' }],
    ] as const) {
      const stale = await api(path, body, renewed.json.data.accessToken, method);
      expect([stale.status, stale.json.error.code]).toEqual([401, 'INSUFFICIENT_USER_AUTHENTICATION']);
    }
  });
});

describe('proving again', () => {
  it('B41: a password alone does not make a session of someone with a second factor fresh', async () => {
    const person = await app.signedIn();
    const { device, session } = await setUp(person);
    const half = await api('/auth/step-up', { password: PASSWORD }, session.accessToken);
    expect(half.json.data.status).toBe('second-factor-required');
    expect(await app.me(session.accessToken)).toBe(200);
    const whole = await api('/mfa/challenge/totp', { challenge: half.json.data.challenge, code: await device.next() });
    expect(whole.status, whole.text).toBe(200);
    expect(await app.facts(whole.requestId)).toEqual(['auth.stepped-up']);
    expect([await app.me(session.accessToken), await app.me(whole.json.data.accessToken)]).toEqual([401, 200]);
  });
  it('B41: changing the password makes no session fresher than it was', async () => {
    const person = await app.signedIn();
    const { session } = await setUp(person);
    await app.owner.query(`update auth.sessions set proved_at = now() - interval '11 minutes' where user_id = $1`, [person.id]);
    const { accessToken } = (await app.refresh(session.refreshToken)).json.data;
    const changed = await api('/auth/password', { currentPassword: PASSWORD, newPassword: 'seven slow trains to Lisbon' }, accessToken);
    expect(changed.status, changed.text).toBe(200);
    const token = changed.json.data.accessToken as string;
    expect(await app.me(token)).toBe(200);
    expect((await api('/mfa/totp', undefined, token, 'DELETE')).json.error.code).toBe('INSUFFICIENT_USER_AUTHENTICATION');
  });
  it('B8: a second factor alone renews the session of its user under a new id', async () => {
    const person = await app.signedIn();
    const device = await withTotp(app, person.id);
    const { json, status, text } = await api('/mfa/step-up/totp', { code: await device.next() }, person.token);
    expect(status, text).toBe(200);
    expect(json.data.sessionId).not.toBe(person.sessionId);
    expect([await app.me(person.token), await app.me(json.data.accessToken)]).toEqual([401, 200]);
    const sessions = await api('/auth/sessions', undefined, json.data.accessToken, 'GET');
    expect(sessions.json.data).toMatchObject([{ factors: ['password', 'totp'] }]);
  });
  it('B42: removing the factor takes it out of what live sessions proved, and the codes with it', async () => {
    const person = await app.signedIn();
    const { session } = await setUp(person);
    const removed = await api('/mfa/totp', undefined, session.accessToken, 'DELETE');
    expect(removed.status, removed.text).toBe(204);
    expect(await app.facts(removed.requestId)).toEqual(['auth.factor-removed']);
    expect((await api('/auth/sessions', undefined, session.accessToken, 'GET')).json.data).toMatchObject([{ factors: ['password'] }]);
    expect((await api('/mfa', undefined, session.accessToken, 'GET')).json.data).toEqual({ factors: [], recoveryCodesLeft: 0 });
    expect((await app.signIn(person)).json.data.status).toBe('signed-in');
  });
});

describe('policy and help', () => {
  it('MFA_REQUIRED: who has no second factor sets one up before the first session', async () => {
    const strict = await authApp({ env: { MFA_REQUIRED: 'admins' }, database: app.database }, [mfa]);
    try {
      const [member, admin] = [await strict.person(), await strict.person('admin')];
      expect((await strict.signIn(member)).json.data.status).toBe('signed-in');
      const { json } = await strict.signIn(admin);
      expect(json.data).toMatchObject({ status: 'enrolment-required', factors: ['totp', 'passkey'] });
      const { challenge } = json.data;
      const call = (path: string, body: object) => strict.call('POST', `/api/v1/mfa/challenge/${path}`, { body });
      expect((await call('totp', { challenge, code: '123456' })).json.error.code).toBe('INVALID_CHALLENGE');
      const begun = await call('totp/enrol', { challenge });
      const device = authenticator(app, begun.json.data.secret);
      expect((await call('totp/enrol/confirm', { challenge, code: '000000' })).json.error.code).toBe('CODE_REFUSED');
      const done = await call('totp/enrol/confirm', { challenge, code: await device.next() });
      expect(done.json.data).toMatchObject({ session: { status: 'signed-in' }, recoveryCodes: { length: 10 } });
      expect(await strict.me(done.json.data.session.accessToken)).toBe(200);
      expect((await strict.signIn(admin)).json.data.status).toBe('second-factor-required');
    } finally {
      await strict.stop();
    }
  });
  it('an administrator removes the factors of someone who lost them, but of nobody above them', async () => {
    const admin = await app.signedIn('admin');
    const person = await app.signedIn();
    await setUp(person);
    const reset = await api(`/mfa/users/${person.id}/reset`, { reason: 'Lost phone, proved by call' }, admin.token);
    expect(reset.status, reset.text).toBe(204);
    expect((await app.facts(reset.requestId)).sort()).toEqual(['auth.factor-removed', 'mfa.factors-reset']);
    expect((await app.signIn(person)).json.data.status).toBe('signed-in');
    expect((await api(`/mfa/users/${uuidv7()}/reset`, { reason: 'nobody' }, admin.token)).status).toBe(404);
    expect(await app.api(users).find(app.kit.db, person.id)).toMatchObject({ status: 'active' });
  });
});
