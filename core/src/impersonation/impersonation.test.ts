import { createCatalog } from '@plinth/kit';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authApp, type AuthApp, type Person, type SignedInPerson } from '../auth/auth.testing.ts';
import { impersonation } from './index.ts';

let app: AuthApp;
beforeAll(async () => {
  app = await authApp({}, [impersonation]);
});
afterAll(() => app?.stop());

const start = (token: string, { id }: Pick<Person, 'id'>, reason = 'Ticket 4711: cannot see their orders') =>
  app.call('POST', '/api/v1/impersonation', { token, body: { userId: id, reason } });
const codeOf = (reply: Awaited<ReturnType<typeof start>>): string => reply.json?.error?.code ?? String(reply.status);
const sessionsOf = async (token: string) =>
  (await app.call('GET', '/api/v1/auth/sessions', { token })).json.data as {
    id: string;
    impersonatedBy: string | null;
    factors: string[];
  }[];

describe('B90: acting as someone else', () => {
  it('B90: both names stand in the token, in every fact, and in the list that the user sees; the user is told by mail', async () => {
    const [admin, person] = [await app.signedIn('admin'), await app.signedIn()];
    const begun = await start(admin.token, person);
    expect([begun.status, await app.facts(begun.requestId)]).toEqual([201, ['impersonation.started']]);
    const { accessToken, sessionId, userId } = begun.json.data;
    expect(userId).toBe(person.id);
    expect(decodeJwt(accessToken)).toMatchObject({ sub: person.id, act: { sub: admin.id } });
    expect(await app.me(admin.token)).toBe(200); // their own goes on
    const changed = await app.call('PATCH', '/api/v1/users/me', { token: accessToken, body: { displayName: 'Changed' } });
    expect(changed.status, changed.text).toBe(200);
    const { rows } = await app.owner.query(
      `select actor, impersonator from log.outbox where request_id = $1 union all select actor, impersonator from log.events where request_id = $1`,
      [changed.requestId],
    );
    expect(rows).toEqual([{ actor: person.id, impersonator: admin.id }]);
    expect((await sessionsOf(person.token)).find(({ id }) => id === sessionId)).toMatchObject({
      impersonatedBy: admin.id,
      factors: ['impersonation'],
    });
    expect((await app.mailbox.newest(person.email, ({ subject }) => subject.includes('administrator'))).text).toContain('Ticket 4711');
    // The user ends it.
    expect((await app.call('DELETE', `/api/v1/auth/sessions/${sessionId}`, { token: person.token })).status).toBe(204);
    expect(await app.me(accessToken)).toBe(401);
  });
  it('B90: needs the permission, a reason, and a proof of the last ten minutes', async () => {
    const [admin, member, person] = [await app.signedIn('admin'), await app.signedIn(), await app.person()];
    expect((await start(member.token, person)).status).toBe(403);
    expect((await start(admin.token, person, 'x')).status).toBe(422);
    await app.owner.query(`update auth.sessions set proved_at = now() - interval '11 minutes' where user_id = $1`, [admin.id]);
    const { accessToken } = (await app.refresh(admin.refreshToken)).json.data;
    expect(codeOf(await start(accessToken, person))).toBe('INSUFFICIENT_USER_AUTHENTICATION');
  });
  it('B90: never oneself, an equal, someone above, or someone who may not sign in', async () => {
    const [admin, equal] = [await app.signedIn('admin'), await app.person('admin')];
    const suspended = await app.person();
    await app.call('POST', `/api/v1/users/${suspended.id}/suspend`, { token: admin.token, body: { reason: 'for the test' } });
    for (const target of [admin, equal, suspended]) expect(codeOf(await start(admin.token, target))).toBe('IMPERSONATION_REFUSED');
    // Someone who may do one thing that the other may not is out of reach, inside a scope too.
    await app.call('POST', '/api/v1/access/roles', {
      token: admin.token,
      body: { name: 'support', title: 'Support', permissions: ['impersonation:start'] },
    });
    await app.call('POST', '/api/v1/access/roles', {
      token: admin.token,
      body: { name: 'reader', title: 'Reader', permissions: ['users:read'] },
    });
    const [support, member, reader] = [await app.signedIn('support'), await app.person(), await app.person('reader')];
    expect((await start(support.token, member)).status).toBe(201);
    expect(codeOf(await start(support.token, reader))).toBe('IMPERSONATION_REFUSED');
    expect(codeOf(await start(support.token, equal))).toBe('IMPERSONATION_REFUSED');
    await app.owner.query(
      `insert into access.assignments (id, user_id, role, scope_type, scope_id) values (gen_random_uuid(), $1, 'reader', 'project', gen_random_uuid())`,
      [member.id],
    );
    expect(codeOf(await start(support.token, member))).toBe('IMPERSONATION_REFUSED');
  });
  it('B90: no chaining, and no change of credentials, factors, address, keys: every operation that wants a recent proof refuses', async () => {
    const admin = await app.signedIn('admin');
    await app.call('POST', '/api/v1/access/roles', {
      token: admin.token,
      body: { name: 'helper', title: 'Helper', permissions: ['impersonation:start'] },
    });
    const helper = await app.signedIn('helper');
    const { accessToken: token } = (await start(admin.token, helper)).json.data;
    expect((await start(token, await app.person())).status).toBe(403);
    const wanting = createCatalog([impersonation]).operations.filter(
      ({ operation: { access } }) => typeof access === 'object' && access.fresh !== undefined,
    );
    expect(wanting.length).toBeGreaterThan(0);
    for (const { operation, id } of wanting) {
      const reply = await app.call(operation.method, `/api/v1${operation.path.replace(/:\w+/g, admin.id)}`, {
        token,
        ...(operation.body && { body: {} }),
      });
      expect([id, reply.status]).toEqual([id, 403]);
    }
    for (const [path, body] of [
      ['/auth/password', { currentPassword: helper.password, newPassword: 'seven slow trains to Lisbon' }],
      ['/auth/step-up', { password: helper.password }],
    ] as const)
      expect([path, (await app.call('POST', `/api/v1${path}`, { token, body })).status]).toEqual([path, 403]);
  });
  it('B90: is over from the next request on when whoever acts may no more, or the user may do as much; by expiry too', async () => {
    const admin = await app.signedIn('admin');
    const grant = (userId: string, role: string, expiresAt?: string) =>
      app.call('POST', '/api/v1/access/assignments', { token: admin.token, body: { userId, role, ...(expiresAt && { expiresAt }) } });
    const role = (name: string, permissions: string[]) =>
      app.call('POST', '/api/v1/access/roles', { token: admin.token, body: { name, title: name, permissions } });
    await role('desk', ['impersonation:start']);
    await role('reading', ['users:read']);
    const begin = async (who: Person & { token: string }) => {
      const target = await app.person();
      const { accessToken: token } = (await start(who.token, target)).json.data;
      expect(await app.me(token)).toBe(200);
      return { target, token };
    };

    // The user gets a role that whoever acts has not.
    const desk = await app.signedIn('desk');
    const promoted = await begin(desk);
    expect((await grant(promoted.target.id, 'reading')).status).toBe(201);
    expect([await app.me(promoted.token), await app.me(promoted.token)]).toEqual([401, 401]);

    // A role loses the permission.
    const stripped = await begin(desk);
    await app.call('PUT', '/api/v1/access/roles/desk/permissions', { token: admin.token, body: { permissions: [] } });
    expect(await app.me(stripped.token)).toBe(401);

    // A role that was given for a while is over, by the database's clock and before anything cleaned up.
    await role('while', ['impersonation:start']);
    const temporary = await app.signedIn();
    await grant(temporary.id, 'while', new Date(Date.now() + 2500).toISOString());
    const ended = await begin(temporary);
    await expect.poll(() => app.me(ended.token), { timeout: 4000, interval: 100 }).toBe(401);
    expect(await app.me(temporary.token)).toBe(200); // their own goes on
  });
  it('B90: ends after thirty minutes, refreshed or not; when stopped; and when whoever acts loses a role or changes the password', async () => {
    const [admin, person] = [await app.signedIn('admin'), await app.person()];
    const begin = async (): Promise<{ accessToken: string; refreshToken: string; sessionId: string }> =>
      (await start(admin.token, person)).json.data;
    const first = await begin();
    const { rows } = await app.owner.query(
      'select extract(epoch from absolute_expires_at - created_at)::int as absolute, idle_expires_at <= absolute_expires_at as within from auth.sessions where id = $1',
      [first.sessionId],
    );
    expect(rows).toEqual([{ absolute: 1800, within: true }]);
    const refreshed = (await app.refresh(first.refreshToken)).json.data;
    expect(decodeJwt(refreshed.accessToken)).toMatchObject({ act: { sub: admin.id } });
    await app.owner.query(`update auth.sessions set idle_expires_at = now(), absolute_expires_at = now() where id = $1`, [first.sessionId]);
    expect((await app.refresh(refreshed.refreshToken)).status).toBe(401);

    const stopped = await begin();
    const stop = await app.call('DELETE', '/api/v1/impersonation', { token: stopped.accessToken });
    expect([stop.status, await app.facts(stop.requestId), await app.me(stopped.accessToken)]).toEqual([
      204,
      ['impersonation.stopped'],
      401,
    ]);
    expect(codeOf(await app.call('DELETE', '/api/v1/impersonation', { token: admin.token }))).toBe('NOT_IMPERSONATING');

    const { token } = await app.signedIn('admin');
    const third = await begin();
    const { json } = await app.call('GET', `/api/v1/access/assignments?userId=${admin.id}`, { token });
    expect(await app.me(third.accessToken)).toBe(200);
    await app.call('DELETE', `/api/v1/access/assignments/${json.data[0].id}`, { token });
    expect(await app.me(third.accessToken)).toBe(401);
    const other = await app.signedIn('admin');
    const fourth = (await start(other.token, person)).json.data;
    await app.call('POST', '/api/v1/auth/password', {
      token: other.token,
      body: { currentPassword: other.password, newPassword: 'seven slow trains to Lisbon' },
    });
    expect(await app.me(fourth.accessToken)).toBe(401);
  });
  it('B90: ends with a session of whoever acts: signed out, ended from another one, or stolen; not with what it is renewed by', async () => {
    const person = await app.person();
    for (const end of [
      async ({ token }: SignedInPerson) => app.call('POST', '/api/v1/auth/sign-out', { token }),
      async (admin: SignedInPerson) =>
        app.call('DELETE', `/api/v1/auth/sessions/${admin.sessionId}`, { token: (await app.again(admin)).token }),
      async (admin: SignedInPerson) => app.call('DELETE', '/api/v1/auth/sessions', { token: (await app.again(admin)).token }),
      async ({ refreshToken }: SignedInPerson) => {
        await app.refresh((await app.refresh(refreshToken)).json.data.refreshToken);
        await app.owner.query(
          `update auth.sessions set rotated_at = array[now() - interval '1 hour', now() - interval '1 hour'] where refresh_counter = 2`,
        );
        return app.refresh(refreshToken);
      },
    ]) {
      const admin = await app.signedIn('admin');
      const { accessToken } = (await start(admin.token, person)).json.data;
      await end(admin);
      expect([String(end), await app.me(admin.token), await app.me(accessToken)]).toEqual([String(end), 401, 401]);
    }
    const admin = await app.signedIn('admin');
    const { accessToken } = (await start(admin.token, person)).json.data;
    expect((await app.call('POST', '/api/v1/auth/step-up', { token: admin.token, body: { password: admin.password } })).status).toBe(200);
    expect(await app.me(accessToken)).toBe(200);
  });
  it('B90: none is opened by someone who is suspended, or whose session ends, at that moment', async () => {
    const [admin, person] = [await app.signedIn('admin'), await app.person()];
    const waiting = async () =>
      (
        await app.owner.query<{ n: number }>(
          'select count(*)::int as n from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0',
        )
      ).rows[0]!.n;
    for (const ends of [
      `update users.users set status = 'suspended' where id = $1`,
      `update auth.sessions set ended_at = now(), ended_because = 'test' where user_id = $1`,
    ]) {
      await app.owner.query('begin');
      await app.owner.query('select 1 from users.users where id = $1 for update', [admin.id]);
      const begun = start(admin.token, person); // has shown its token, and waits
      await expect.poll(waiting).toBe(1);
      await app.owner.query(ends, [admin.id]);
      await app.owner.query('commit');
      expect(codeOf(await begun)).toBe('INVALID_CREDENTIALS');
      await app.owner.query(`update users.users set status = 'active' where id = $1`, [admin.id]);
    }
    expect((await app.owner.query('select 1 from auth.sessions where impersonator_id = $1', [admin.id])).rowCount).toBe(0);
  });
  it('B90: is not refreshed by someone who may act so no more; signing out by the refresh token names both', async () => {
    const [admin, person] = [await app.signedIn('admin'), await app.person()];
    const role = { name: 'night', title: 'Night', permissions: ['impersonation:start'] };
    await app.call('POST', '/api/v1/access/roles', { token: admin.token, body: role });
    const night = await app.signedIn('night');
    const [first, second] = [(await start(night.token, person)).json.data, (await start(night.token, person)).json.data];
    const out = await app.call('POST', '/api/v1/auth/sign-out', { body: { refreshToken: second.refreshToken } });
    const { rows } = await app.owner.query(
      `select actor, impersonator from log.outbox where request_id = $1 union all select actor, impersonator from log.events where request_id = $1`,
      [out.requestId],
    );
    expect(rows).toEqual([{ actor: person.id, impersonator: night.id }]);
    const next = await app.refresh(first.refreshToken);
    expect(next.status).toBe(200);
    await app.call('PUT', '/api/v1/access/roles/night/permissions', { token: admin.token, body: { permissions: [] } });
    expect(codeOf(await app.refresh(next.json.data.refreshToken))).toBe('INVALID_REFRESH_TOKEN');
  });
});
