import { ServiceUnavailable, uuidv7 } from '@plinth/kit';
import { tally } from '@plinth/kit/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authApp, movableClock, PASSWORD, type AuthApp, type SignedInPerson } from './auth.testing.ts';

const clock = movableClock();
let app: AuthApp;
let second: AuthApp;
beforeAll(async () => {
  app = await authApp();
  second = await authApp({ database: app.database, clock });
});
afterAll(async () => {
  await second?.stop();
  await app?.stop();
});

const NEW = 'seven slow trains to Lisbon';
const list = (token: string) => app.call('GET', '/api/v1/auth/sessions', { token });
const end = (token: string, sessionId: string) => app.call('DELETE', `/api/v1/auth/sessions/${sessionId}`, { token });
const changePassword = ({ token }: SignedInPerson, currentPassword = PASSWORD, newPassword = NEW) =>
  app.call('POST', '/api/v1/auth/password', { token, body: { currentPassword, newPassword } });

describe('sessions', () => {
  it('are listed with device, place and last use, one of them current', async () => {
    const person = await app.signedIn();
    const other = await app.again(person);
    const { data } = (await list(person.token)).json;
    expect(data.map(({ id, current }: { id: string; current: boolean }) => [id, current])).toEqual([
      [other.sessionId, false],
      [person.sessionId, true],
    ]);
    expect(data[0]).toMatchObject({ factors: ['password'], delivery: 'body', address: '127.0.0.1' });
    expect(data[0].userAgent).toBeTruthy();
  });

  it('B12: nobody sees or ends the session of another', async () => {
    const [mine, theirs] = [await app.signedIn(), await app.signedIn()];
    expect((await list(mine.token)).text).not.toContain(theirs.sessionId);
    for (const id of [theirs.sessionId, uuidv7()]) expect((await end(mine.token, id)).json.error.code).toBe('SESSION_NOT_FOUND');
    expect(await app.me(theirs.token)).toBe(200);
    const others = await app.call('DELETE', '/api/v1/auth/sessions', { token: mine.token, headers: { 'x-user-id': theirs.id } });
    expect(others.json.data).toEqual({ ended: 0 });
    expect(await app.me(theirs.token)).toBe(200);
  });

  it('B10: an ended session is refused at the next request here, and within a second on another node', async () => {
    const person = await app.signedIn('admin');
    const victim = await app.again(person);
    for (const node of [app, second]) {
      expect(await node.me(victim.token)).toBe(200);
      expect((await node.call('GET', '/api/v1/users', { token: victim.token })).status).toBe(200);
    }
    const ended = await end(person.token, victim.sessionId);
    expect([ended.status, await app.facts(ended.requestId)]).toEqual([204, ['auth.session-revoked']]);
    for (const path of ['/users/me', '/users', '/auth/sessions'])
      expect((await app.call('GET', `/api/v1${path}`, { token: victim.token })).status).toBe(401);
    await sleep(1000);
    expect(await second.me(victim.token)).toBe(401);
    expect(await second.me(person.token)).toBe(200);
    expect((await end(person.token, victim.sessionId)).status).toBe(404);
  });

  it('B10: a node that hears nothing for a second asks the database instead of its memory', async () => {
    const person = await app.signedIn();
    expect(await second.me(person.token)).toBe(200);
    // Ended behind everybody's back, without the row that nodes read: memory still says yes.
    await app.owner.query(`update auth.sessions set ended_at = now(), ended_because = 'test' where id = $1`, [person.sessionId]);
    expect(await second.me(person.token)).toBe(200);
    clock.forward(3);
    expect(await second.me(person.token)).toBe(401);
  });

  it('B10: when memory cannot be trusted and the database cannot be asked, nobody is let in', async () => {
    const person = await app.signedIn();
    expect(await second.me(person.token)).toBe(200);
    const { db } = second.kit;
    const [run, lane] = [db.run.bind(db), db.lane.run.bind(db.lane)];
    for (const runner of [db, db.lane]) Object.assign(runner, { run: () => Promise.reject(new ServiceUnavailable()) });
    try {
      expect((await second.call('GET', '/api/v1/auth/sessions', { token: person.token })).status).toBe(503);
      clock.forward(3);
      expect(await second.me(person.token)).toBe(503);
    } finally {
      Object.assign(db, { run });
      Object.assign(db.lane, { run: lane });
    }
    expect(await second.me(person.token)).toBe(200);
  });

  it('all others end with one call, a fact each', async () => {
    const person = await app.signedIn();
    const others = [await app.again(person), await app.again(person)];
    const reply = await app.call('DELETE', '/api/v1/auth/sessions', { token: person.token });
    expect([reply.json.data, await app.facts(reply.requestId)]).toEqual([{ ended: 2 }, ['auth.session-revoked', 'auth.session-revoked']]);
    for (const { token, refreshToken } of others)
      expect([await app.me(token), (await app.refresh(refreshToken)).status]).toEqual([401, 401]);
    expect(await app.me(person.token)).toBe(200);
  });

  it('end with signing out, by access token or by refresh token; doing so twice is no error', async () => {
    const person = await app.signedIn();
    const out = await app.call('POST', '/api/v1/auth/sign-out', { token: person.token });
    expect([out.status, await app.facts(out.requestId)]).toEqual([204, ['auth.signed-out']]);
    expect([await app.me(person.token), (await app.refresh(person.refreshToken)).status]).toEqual([401, 401]);
    const again = await app.again(person);
    const signOut = () => app.call('POST', '/api/v1/auth/sign-out', { body: { refreshToken: again.refreshToken } });
    expect(await app.facts((await signOut()).requestId)).toEqual(['auth.signed-out']);
    const twice = await signOut();
    expect([twice.status, await app.facts(twice.requestId)]).toEqual([204, []]);
    expect(await app.me(again.token)).toBe(401);
  });
});

describe('changing the password', () => {
  it('B71: needs the current one', async () => {
    const person = await app.signedIn();
    const refused = await changePassword(person, 'not the right one at all');
    expect([refused.status, refused.json.error.code]).toEqual([403, 'WRONG_PASSWORD']);
    expect((await app.call('POST', '/api/v1/auth/password', { token: person.token, body: { newPassword: NEW } })).status).toBe(422);
    expect((await app.call('POST', '/api/v1/auth/password', { body: { currentPassword: PASSWORD, newPassword: NEW } })).status).toBe(401);
    expect((await app.signIn(person)).status).toBe(200);
  });

  it('B18, B9: ends all other sessions and their refresh tokens; the own one goes on under a new id', async () => {
    const person = await app.signedIn();
    const other = await app.again(person);
    const reply = await changePassword(person);
    expect([reply.status, await app.facts(reply.requestId)]).toEqual([200, ['auth.password-changed']]);
    for (const { token, refreshToken } of [person, other])
      expect([await app.me(token), (await app.refresh(refreshToken)).status]).toEqual([401, 401]);
    const { sessionId, accessToken, refreshToken } = reply.json.data;
    expect(sessionId).not.toBe(person.sessionId);
    expect([await app.me(accessToken), (await app.refresh(refreshToken)).status]).toEqual([200, 200]);
    expect((await app.signIn(person)).status).toBe(401);
    expect((await app.signIn({ ...person, password: NEW })).status).toBe(200);
  });

  it('B18: ends pending links of the address', async () => {
    const person = await app.signedIn();
    await app.owner.query(
      `insert into auth.registrations (id, email, email_normalized, display_name, token_hash) values ($1, $2, $2, 'x', sha256('known'))`,
      [uuidv7(), person.email],
    );
    expect((await changePassword(person)).status).toBe(200);
    expect((await app.owner.query('select 1 from auth.registrations where email = $1', [person.email])).rowCount).toBe(0);
  });

  it('B68: the new one obeys the same rules', async () => {
    const person = await app.signedIn();
    for (const weak of ['short', 'passwordpassword', person.email])
      expect([weak, (await changePassword(person, PASSWORD, weak)).status]).toEqual([weak, 422]);
    expect(await app.me(person.token)).toBe(200);
  });

  it('of two changes at once, one wins', async () => {
    const person = await app.signedIn();
    const replies = await Promise.all([
      changePassword(person, PASSWORD, 'one green door behind the mill'),
      changePassword(person, PASSWORD, 'two blue lamps above the quay'),
    ]);
    expect(tally(replies.map(({ status }) => status))).toEqual({ 200: 1, 403: 1 });
  });
});
