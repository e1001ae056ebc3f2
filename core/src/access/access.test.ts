import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { users } from '../users/index.ts';
import { accessApp, type AccessApp } from './access.testing.ts';
import { sweepExpired } from './contract.ts';

let app: AccessApp;
let admin: string;
beforeAll(async () => {
  app = await accessApp();
});
afterAll(() => app?.stop());
beforeEach(async () => {
  await app.owner.query(`delete from access.assignments; delete from access.roles where not system`);
  app.kit.cache.drop(['access:roles']);
  admin = await app.user('admin');
});

const post = (token: string | undefined, path: string, body: unknown) => app.call('POST', `/api/v1/access${path}`, { token, body });
const put = (token: string, role: string, permissions: string[], headers = {}) =>
  app.call('PUT', `/api/v1/access/roles/${role}/permissions`, { token, body: { permissions }, headers });
const remove = (token: string, path: string) => app.call('DELETE', `/api/v1/access${path}`, { token });
const get = (token: string | undefined, path: string) => app.call('GET', `/api/v1${path}`, { token });
const assignmentOf = async (userId: string, role: string): Promise<string> => {
  const { rows } = await app.owner.query<{ id: string }>('select id from access.assignments where user_id = $1 and role = $2', [
    userId,
    role,
  ]);
  return rows[0]!.id;
};
describe('roles', () => {
  it('are made, read, changed and deleted, each change a fact', async () => {
    const made = await post(admin, '/roles', { name: 'editor', title: 'Editors', permissions: ['things:read', 'things:*', 'things:read'] });
    expect(made.status).toBe(201);
    expect(made.json.data).toMatchObject({ name: 'editor', system: false, version: 1, permissions: ['things:*', 'things:read'] });
    expect(await app.facts(made.requestId)).toEqual(['access.role-created']);
    const renamed = await app.call('PATCH', '/api/v1/access/roles/editor', {
      token: admin,
      body: { title: 'Writers' },
      headers: { 'if-match': '"1"' },
    });
    expect(renamed.json.data).toMatchObject({ title: 'Writers', version: 2 });
    const granted = await put(admin, 'editor', ['things:read']);
    expect(granted.json.data).toMatchObject({ permissions: ['things:read'], version: 3 });
    expect(await app.facts(granted.requestId)).toEqual(['access.role-changed']);
    expect((await get(admin, '/access/roles/editor')).json.data).toEqual(granted.json.data);
    expect((await get(admin, '/access/roles')).json.data.map(({ name }: { name: string }) => name)).toEqual([
      'admin',
      'editor',
      'guest',
      'member',
    ]);
    expect((await put(admin, 'editor', [], { 'if-match': '"1"' })).status).toBe(412);
    const gone = await remove(admin, '/roles/editor');
    expect(gone.status).toBe(204);
    expect(await app.facts(gone.requestId)).toEqual(['access.role-deleted']);
    expect((await get(admin, '/access/roles/editor')).status).toBe(404);
  });

  it('of the system stay, and admin grants everything', async () => {
    expect((await remove(admin, '/roles/member')).json.error.code).toBe('SYSTEM_ROLE');
    expect((await put(admin, 'admin', ['things:read'])).json.error.code).toBe('SYSTEM_ROLE');
    const { permissions } = (await get(admin, '/access/me')).json.data;
    const all = (await get(admin, '/access/permissions')).json.data.map(({ name }: { name: string }) => name);
    expect(permissions).toEqual(all);
    expect(all).toContain('things:manage');
  });

  it('in use are not deleted, and a name is taken once', async () => {
    await post(admin, '/roles', { name: 'editor', title: 'Editors', permissions: [] });
    expect((await post(admin, '/roles', { name: 'editor', title: 'Again', permissions: [] })).json.error.code).toBe('ROLE_NAME_TAKEN');
    await app.user('editor');
    expect((await remove(admin, '/roles/editor')).json.error.code).toBe('ROLE_IN_USE');
  });

  it('B94: an empty list grants nothing; an unknown or malformed permission is refused', async () => {
    await post(admin, '/roles', { name: 'empty', title: 'Nothing', permissions: [] });
    const nothing = await app.user('empty');
    expect((await get(nothing, '/things/plain')).status).toBe(403);
    for (const wrong of ['things:fly', 'things:re*', 'nothing:*', '**', 'Things:read', 'things:read:own', ':']) {
      const refused = await put(admin, 'empty', ['things:read', wrong]);
      expect([wrong, refused.status, refused.json.error.code]).toEqual([wrong, 422, 'UNKNOWN_PERMISSION']);
      expect(refused.json.error.fields.permissions).toContain(wrong);
    }
    expect((await put(admin, 'empty', ['things:read'])).status).toBe(200);
    expect((await get(nothing, '/things/plain')).status).toBe(200);
  });

  it('B67: names compare byte by byte, in the database and in memory', async () => {
    await app.owner.query(`insert into access.roles (name, title) values ('editor', 'small'), ('Editor', 'large')`);
    await app.owner.query(`insert into access.role_permissions values ('editor', 'things:read'), ('Editor', 'THINGS:READ')`);
    const small = await app.user('editor');
    const large = await app.user('Editor');
    expect((await get(small, '/things/plain')).status).toBe(200);
    expect((await get(large, '/things/plain')).status).toBe(403);
    expect((await post(admin, '/assignments', { userId: small, role: 'EDITOR' })).json.error.code).toBe('UNKNOWN_ROLE');
    expect((await get(admin, '/access/roles/EDITOR')).status).toBe(404);
    const { rows } = await app.owner.query(`select access.holds($1, array['things:read', 'things:*', '*:read', '*:*', '*']) as holds`, [
      large,
    ]);
    expect(rows[0].holds).toBe(false);
  });
});

describe('assignments', () => {
  it('are made, listed and taken away, each a fact', async () => {
    const user = await app.user();
    expect((await get(user, '/things/plain')).status).toBe(403);
    const made = await post(admin, '/assignments', { userId: user, role: 'member', reason: 'joined' });
    expect(made.status).toBe(201);
    expect(made.json.data).toMatchObject({
      userId: user,
      role: 'member',
      scope: null,
      expiresAt: null,
      grantedBy: admin,
      reason: 'joined',
    });
    expect(await app.facts(made.requestId)).toEqual(['access.role-assigned']);
    expect((await get(user, '/things/plain')).status).toBe(200);
    expect((await get(user, '/access/me')).json.data).toMatchObject({ roles: ['member'], permissions: ['things:read', 'things:touch'] });
    expect((await post(admin, '/assignments', { userId: user, role: 'member' })).json.error.code).toBe('ALREADY_ASSIGNED');
    const listed = await get(admin, `/access/assignments?userId=${user}`);
    const nameOf = async (id: string) => (await app.api(users).find(app.kit.db, id))!.displayName;
    expect(listed.json.data).toEqual([{ ...made.json.data, userName: await nameOf(user), grantedByName: await nameOf(admin) }]);
    expect(listed.json.meta.pagination).toMatchObject({ page: 1, total: 1 });
    const gone = await remove(admin, `/assignments/${made.json.data.id}`);
    expect(gone.status).toBe(204);
    expect(await app.facts(gone.requestId)).toEqual(['access.role-unassigned']);
    expect((await get(user, '/things/plain')).status).toBe(403);
    expect((await remove(admin, `/assignments/${made.json.data.id}`)).status).toBe(404);
  });

  it('B85: unknown, empty and mixed roles are refused, not ignored', async () => {
    const user = await app.user();
    for (const role of ['nobody-knows', 'member,admin', 'member admin', ' member']) {
      const refused = await post(admin, '/assignments', { userId: user, role });
      expect([role, refused.status, refused.json.error.code]).toEqual([role, 422, 'UNKNOWN_ROLE']);
    }
    for (const role of ['', ['member'], ['member', 'nobody-knows'], null, 1]) {
      expect([role, (await post(admin, '/assignments', { userId: user, role })).json.error.code]).toEqual([role, 'INVALID_INPUT']);
    }
    expect(
      (await post(admin, '/assignments', { userId: admin.replace(/.$/, (c) => (c === '0' ? '1' : '0')), role: 'member' })).json.error.code,
    ).toBe('UNKNOWN_USER');
    expect((await post(admin, '/assignments', { userId: user, role: 'member', scope: { type: 'galaxy', id: user } })).json.error.code).toBe(
      'UNKNOWN_SCOPE',
    );
    expect((await post(admin, '/assignments', { userId: user, role: 'member', expiresAt: '2020-01-01T00:00:00Z' })).json.error.code).toBe(
      'EXPIRES_IN_THE_PAST',
    );
    expect((await get(admin, `/access/assignments?userId=${user}`)).json.meta.pagination.total).toBe(0);
  });

  it('B88: nobody gives, takes or changes what they do not hold', async () => {
    await post(admin, '/roles', { name: 'clerk', title: 'Clerks', permissions: ['access:manage', 'access:read', 'things:read'] });
    await post(admin, '/roles', { name: 'reader', title: 'Readers', permissions: ['things:read'] });
    await post(admin, '/roles', { name: 'all-things', title: 'All things', permissions: ['things:*'] });
    const clerk = await app.user('clerk');
    const user = await app.user('all-things');
    expect((await post(clerk, '/assignments', { userId: user, role: 'reader' })).status).toBe(201);
    const refusals = [
      await post(clerk, '/assignments', { userId: clerk, role: 'admin' }),
      await post(clerk, '/assignments', { userId: user, role: 'all-things', scope: { type: 'project', id: user } }),
      await post(clerk, '/roles', { name: 'sneaky', title: 'Sneaky', permissions: ['*'] }),
      await post(clerk, '/roles', { name: 'sneaky', title: 'Sneaky', permissions: ['things:*'] }),
      await put(clerk, 'clerk', ['access:manage', 'access:read', 'things:read', 'things:manage']),
      await put(clerk, 'all-things', []),
      await remove(clerk, '/roles/all-things'),
      await app.call('PATCH', '/api/v1/access/roles/admin', { token: clerk, body: { title: 'Everybody' } }),
      await remove(clerk, `/assignments/${await assignmentOf(admin, 'admin')}`),
      await remove(clerk, `/assignments/${await assignmentOf(user, 'all-things')}`),
    ];
    expect(refusals.map(({ status, json }) => [status, json.error.code])).toEqual(refusals.map(() => [403, 'GRANT_EXCEEDS_OWN']));
    for (const { requestId, json } of refusals) {
      expect(JSON.stringify(json)).not.toContain('things');
      expect((await app.facts(requestId)).filter((name) => name.startsWith('access.'))).toEqual([]);
    }
    expect((await remove(clerk, `/assignments/${await assignmentOf(user, 'reader')}`)).status).toBe(204);
  });

  it('B88: nobody suspends, restores or deletes a user who holds more', async () => {
    await post(admin, '/roles', { name: 'support', title: 'Support', permissions: ['users:manage', 'users:read'] });
    const support = await app.user('member', 'support');
    const second = await app.user('admin');
    const member = await app.user('member');
    const suspend = (userId: string) =>
      app.call('POST', `/api/v1/users/${userId}/suspend`, { token: support, body: { reason: 'testing' } });
    expect((await suspend(member)).status).toBe(200);
    expect((await suspend(second)).json.error.code).toBe('GRANT_EXCEEDS_OWN');
    expect((await app.call('DELETE', `/api/v1/users/${second}`, { token: support })).json.error.code).toBe('GRANT_EXCEEDS_OWN');
    expect((await app.call('DELETE', `/api/v1/users/${second}`, { token: admin })).status).toBe(204);
    expect((await app.call('POST', `/api/v1/users/${second}/restore`, { token: support })).json.error.code).toBe('GRANT_EXCEEDS_OWN');
    expect((await app.call('POST', `/api/v1/users/${member}/restore`, { token: support })).status).toBe(200);
  });

  it('B100: a temporary role grants nothing from the instant it expires, in every branch, and says so in the log', async () => {
    await post(admin, '/roles', { name: 'wild', title: 'By wildcard', permissions: ['things:*'] });
    const user = await app.user();
    await app.owner.query('truncate things.things');
    await app.owner.query('insert into things.things values (1, null, $1)', [user]);
    const expiresAt = new Date(Date.now() + 1500).toISOString();
    expect((await post(admin, '/assignments', { userId: user, role: 'wild', expiresAt })).status).toBe(201);
    expect(
      (await post(admin, '/assignments', { userId: user, role: 'wild', expiresAt, scope: { type: 'project', id: user } })).status,
    ).toBe(201);
    const seen = async () => ({
      plain: (await get(user, '/things/plain')).status,
      warm: (await get(user, '/things/both')).json.data?.ids,
      cold: (await get(user, '/things/both?cold=1')).json.data?.ids,
      roles: (await get(user, '/access/me')).json.data.roles,
      listed: (await get(admin, `/access/assignments?userId=${user}`)).json.meta.pagination.total,
      database: (
        await app.owner.query(
          `select access.holds($1, array['things:*']) as h, (select count(*) from access.scopes($1, array['things:*'], 'project'))::int as n`,
          [user],
        )
      ).rows[0],
    });
    expect(await seen()).toEqual({ plain: 200, warm: [1], cold: [1], roles: ['wild'], listed: 2, database: { h: true, n: 1 } });
    for (;;) {
      const { rows } = await app.owner.query('select now() >= $1::timestamptz as over', [expiresAt]);
      if (rows[0].over) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await seen()).toEqual({ plain: 403, warm: undefined, cold: undefined, roles: [], listed: 0, database: { h: false, n: 0 } });
    expect((await app.owner.query('select 1 from access.assignments where user_id = $1', [user])).rowCount).toBe(2); // nothing was cleaned up yet
    const again = await post(admin, '/assignments', { userId: user, role: 'wild' });
    expect(again.status).toBe(201);
    // The one that stood in the way; that inside the project waits for the sweep.
    expect(await app.facts(again.requestId)).toEqual(['access.role-expired', 'access.role-assigned']);
    expect((await app.owner.query('select 1 from access.assignments where user_id = $1', [user])).rowCount).toBe(2);
  });

  it('B149: an assignment that ended by itself is a fact too', async () => {
    const user = await app.user();
    await app.owner.query(
      `insert into access.assignments (id, user_id, role, created_at, expires_at) values (gen_random_uuid(), $1, 'member', now() - interval '2 h', now() - interval '1 h')`,
      [user],
    );
    await app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, sweepExpired, {}));
    const expired = async () =>
      (
        await app.owner.query(
          `select actor, job, subject_id, reason from log.events where name = 'access.role-expired' and subject_id = $1`,
          [user],
        )
      ).rows;
    await expect
      .poll(expired, { timeout: 10_000 })
      .toEqual([{ actor: null, job: 'access.sweep-expired', subject_id: user, reason: 'expired' }]);
    expect((await app.owner.query('select 1 from access.assignments where user_id = $1', [user])).rowCount).toBe(0);
  });

  it('B135: a change and its fact commit together or not at all', async () => {
    await app.owner
      .query(`create function public.no_facts() returns trigger language plpgsql as $$ begin raise exception 'no facts today'; end $$;
      create trigger no_facts before insert on log.outbox for each row when (new.name = 'access.role-created') execute function public.no_facts()`);
    const failed = await post(admin, '/roles', { name: 'editor', title: 'Editors', permissions: [] });
    await app.owner.query('drop trigger no_facts on log.outbox; drop function public.no_facts()');
    expect(failed.status).toBe(500);
    expect((await get(admin, '/access/roles/editor')).status).toBe(404);
    const taken = await post(admin, '/roles', { name: 'member', title: 'Again', permissions: [] });
    expect(taken.status).toBe(409);
    expect(await app.facts(taken.requestId)).toEqual([]);
  });
});
