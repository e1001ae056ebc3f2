import { uuidv7 } from '@plinth/kit';
import { race, tally } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authApp, PASSWORD, type AuthApp } from '../auth/auth.testing.ts';
import { users } from '../users/index.ts';
import { mfa } from './index.ts';
import { authenticator, mfaCalls, type MfaCalls, withTotp } from './mfa.testing.ts';
import { hashOf } from './recovery-codes.ts';

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
  it('B44: of 16 who want a new set at once each gets one, and ten codes are good: the last ones', async () => {
    const person = await app.signedIn();
    const { session } = await setUp(person);
    const replies = await race(16, () => api('/mfa/recovery-codes', undefined, session.accessToken));
    expect(tally(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 'died')))).toEqual({ 200: 16 });
    const { rows } = await app.owner.query('select count(*)::int as n from mfa.recovery_codes where user_id = $1', [person.id]);
    expect(rows).toEqual([{ n: 10 }]);
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
  it('B42: a recovery code that stood in for the factor counts for no more than the factor', async () => {
    const person = await app.signedIn();
    const { codes } = await setUp(person);
    const { json } = await api('/mfa/challenge/recovery-code', { challenge: await challengeOf(person), code: codes[0] });
    const { accessToken: token } = json.data;
    const [before] = (await api('/auth/sessions', undefined, token, 'GET')).json.data;
    expect(before).toMatchObject({ factors: ['password', 'recovery-code'], level: 'aal2' });
    expect((await api('/mfa/totp', undefined, token, 'DELETE')).status).toBe(204);
    const [after] = (await api('/auth/sessions', undefined, token, 'GET')).json.data;
    expect(after).toMatchObject({ factors: ['password'], level: 'aal1' });
  });
  it('B16: proving again and changing the password put the absolute timeout off for nobody', async () => {
    const person = await app.signedIn();
    const device = await withTotp(app, person.id);
    const ends = async (sessionId: string) =>
      (
        await app.owner.query<{ at: string }>(
          "select date_trunc('milliseconds', absolute_expires_at)::text as at from auth.sessions where id = $1",
          [sessionId],
        )
      ).rows[0]!.at;
    await app.owner.query(`update auth.sessions set absolute_expires_at = now() + interval '20 days' where id = $1`, [person.sessionId]);
    const end = await ends(person.sessionId);
    const proved = (await api('/mfa/step-up/totp', { code: await device.next() }, person.token)).json.data;
    const change = { currentPassword: PASSWORD, newPassword: 'seven slow trains to Lisbon' };
    const changed = (await api('/auth/password', change, proved.accessToken)).json.data;
    expect([await ends(proved.sessionId), await ends(changed.sessionId)]).toEqual([end, end]);
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
  it('B41: what began as setting up the first factor is worth nothing once there is one, however it came in between', async () => {
    const strict = await authApp({ env: { MFA_REQUIRED: 'everyone' }, database: app.database }, [mfa]);
    try {
      const person = await strict.person();
      const { challenge } = (await strict.signIn(person)).json.data;
      const call = (path: string, body: object) => strict.call('POST', `/api/v1/mfa/challenge/${path}`, { body });
      const { secret } = (await call('totp/enrol', { challenge })).json.data;
      // The owner's passkey, committed between the look at the factors and the challenge.
      await app.owner.query(`insert into auth.factors (id, user_id, kind) values ($1, $2, 'passkey')`, [uuidv7(), person.id]);
      const done = await call('totp/enrol/confirm', { challenge, code: await authenticator(app, secret).next() });
      expect(done.json.error.code).toBe('INVALID_CHALLENGE');
      expect((await app.owner.query('select kind from auth.factors where user_id = $1', [person.id])).rows).toEqual([{ kind: 'passkey' }]);
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
  it('an administrator sees which factors somebody has, and nothing that could stand in for one', async () => {
    const [admin, person] = [await app.signedIn('admin'), await app.signedIn()];
    const seen = (token: string, id: string) => api(`/mfa/users/${id}`, undefined, token, 'GET');
    expect((await seen(admin.token, person.id)).json.data).toEqual({ factors: [], recoveryCodesLeft: 0 });
    const { device } = await setUp(person);
    const { json, text } = await seen(admin.token, person.id);
    expect(json.data).toEqual({ factors: [{ id: expect.any(String), kind: 'totp' }], recoveryCodesLeft: 10 });
    expect(text).not.toContain(device.secret);
    expect((await seen((await app.signedIn()).token, person.id)).status).toBe(403);
    expect((await seen(admin.token, uuidv7())).status).toBe(404);
  });
});
