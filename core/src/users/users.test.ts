import { uuidv7 } from '@plinth/kit';
import { race, tally } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authApp, type AuthApp, type SignedInPerson } from '../auth/auth.testing.ts';

let app: AuthApp;
let admin: SignedInPerson;
beforeAll(async () => {
  app = await authApp();
  admin = await app.signedIn('admin');
});
afterAll(() => app?.stop());

interface Listed {
  readonly data: { readonly id: string }[];
  readonly meta: { readonly pagination: { readonly nextCursor: string | null } };
}
const patch = (token: string, body: unknown, headers = {}) => app.call('PATCH', '/api/v1/users/me', { token, body, headers });
const find = (query: string) => app.call('GET', `/api/v1/users?${query}`, { token: admin.token });
const suspend = (userId: string, token = admin.token) =>
  app.call('POST', `/api/v1/users/${userId}/suspend`, { token, body: { reason: 'Reported for spam' } });
const restore = (userId: string) => app.call('POST', `/api/v1/users/${userId}/restore`, { token: admin.token });
const remove = (userId: string, token = admin.token) => app.call('DELETE', `/api/v1/users/${userId}`, { token });

describe('the own profile', () => {
  it('is read and changed, each change a fact', async () => {
    const person = await app.signedIn();
    const before = (await app.call('GET', '/api/v1/users/me', { token: person.token })).json.data;
    expect(before).toMatchObject({
      id: person.id,
      email: person.email,
      displayName: 'Ada Lovelace',
      status: 'active',
      version: 1,
      locale: null,
      deletedAt: null,
    });
    const changed = await patch(person.token, { displayName: '  Ada  Ｋing ', locale: 'de-CH', timeZone: 'Europe/Zurich' });
    expect(changed.status).toBe(200);
    expect(changed.json.data).toMatchObject({ displayName: 'Ada  King', locale: 'de-CH', timeZone: 'Europe/Zurich', version: 2 });
    expect(await app.facts(changed.requestId)).toEqual(['users.profile-changed']);
    expect((await patch(person.token, { locale: null })).json.data).toMatchObject({ locale: null, timeZone: 'Europe/Zurich', version: 3 });
  });

  it('is changed only from the version that was read', async () => {
    const { token } = await app.signedIn();
    const replies = await race(16, (i) => patch(token, { displayName: `Name ${i}` }, { 'if-match': '"1"' }));
    expect(tally(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 'failed')))).toEqual({ 200: 1, 412: 15 });
    expect((await patch(token, { displayName: 'Later' }, { 'if-match': '"2"' })).status).toBe(200);
  });

  it.each([
    ['nothing', {}],
    ['an unknown field', { role: 'admin' }],
    ['the address', { email: 'x@example.com' }],
    ['the status', { status: 'deleted' }],
    ['an empty name', { displayName: ' \u3000 ' }],
    ['a name that turns the text around', { displayName: 'Ada \u202egnp.exe' }],
    ['control characters', { displayName: 'Ada\u0007' }],
    ['a name of 101 characters', { displayName: 'a'.repeat(101) }],
    ['a time zone that is none', { timeZone: 'Mars/Olympus' }],
    ['a locale that is none', { locale: 'not a locale' }],
  ])('refuses %s', async (_what, body) => {
    const { token } = admin;
    const reply = await patch(token, body);
    expect([reply.status, reply.json.error.code]).toEqual([422, 'INVALID_INPUT']);
  });
});

describe('finding users', () => {
  it('searches address and name, filters by status, sorts and pages with exact totals', async () => {
    const mark = uuidv7().slice(-8);
    const ids: string[] = [];
    for (const name of ['Berta', 'Anna', 'Carla']) {
      const person = await app.signedIn();
      await patch(person.token, { displayName: `${name} ${mark}` });
      ids.push(person.id);
    }
    const names = async (query: string) =>
      (await find(query)).json.data.map(({ displayName }: { displayName: string }) => displayName.split(' ')[0]);
    expect(await names(`q=${mark}&sort=displayName`)).toEqual(['Anna', 'Berta', 'Carla']);
    expect(await names(`q=${mark}&sort=-displayName`)).toEqual(['Carla', 'Berta', 'Anna']);
    expect(await names(`q=${mark.toUpperCase()}&sort=createdAt`)).toEqual(['Berta', 'Anna', 'Carla']);
    await suspend(ids[0]!);
    expect(await names(`q=${mark}&status=suspended`)).toEqual(['Berta']);
    const page = (await find(`q=${mark}&sort=displayName&page=2&limit=2`)).json;
    expect([page.data.length, page.meta.pagination]).toEqual([1, { page: 2, limit: 2, total: 3, totalPages: 2, hasMore: false }]);
    expect((await find(`q=${mark}&page=9&limit=2`)).json.meta.pagination.total).toBe(3);
    const byAddress = await app.person();
    expect((await find(`q=${byAddress.email.slice(0, 30)}`)).json.data.map(({ id }: { id: string }) => id)).toEqual([byAddress.id]);
  });

  it('by cursor finds each once in every order, also of those made in one instant, and without a total', async () => {
    const mark = uuidv7().slice(-8);
    const made = await Promise.all(Array.from({ length: 7 }, () => app.person()));
    const ids = made.map(({ id }) => id);
    await app.owner.query(`update users.users set display_name = $2, created_at = now() where id = any($1)`, [ids, `Twin ${mark}`]);
    for (const sort of ['createdAt', '-createdAt', 'email', '-email', 'displayName', '-displayName']) {
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const reply: { json: Listed } = await find(`q=${mark}&sort=${sort}&limit=2&cursor=${encodeURIComponent(cursor)}`);
        const { data, meta } = reply.json;
        expect(meta.pagination).not.toHaveProperty('total');
        seen.push(...data.map(({ id }) => id));
        cursor = meta.pagination.nextCursor;
      }
      expect([sort, seen.toSorted()]).toEqual([sort, ids.toSorted()]);
    }
    const first = (await find(`q=${mark}&limit=2&cursor=`)).json.meta.pagination.nextCursor;
    expect((await find(`q=${mark}&limit=2&status=active&cursor=${encodeURIComponent(first)}`)).status).toBe(422); // of other filters
  });

  it('takes % and _ and \\ for letters', async () => {
    for (const q of ['%25', '_', '%5C', '%25%25']) expect([q, (await find(`q=${q}`)).json.meta.pagination.total]).toEqual([q, 0]);
  });

  it('refuses fields to sort by that are not on the list, and unknown filters', async () => {
    for (const query of ['sort=password', 'sort=email;drop', 'status=gone', 'role=admin', 'limit=101', 'page=0'])
      expect([query, (await find(query)).status]).toEqual([query, 422]);
  });

  it('counts by status and by age', async () => {
    const { data } = (await app.call('GET', '/api/v1/users/statistics', { token: admin.token })).json;
    const { rows } = await app.owner.query('select count(*)::int as total from users.users');
    expect(data.total).toBe(rows[0].total);
    expect(data.byStatus.active + data.byStatus.suspended + data.byStatus.deleted).toBe(data.total);
    expect(data.registered).toEqual({ lastDay: data.total, last7Days: data.total, last30Days: data.total });
    const person = await app.person();
    await app.owner.query(`update users.users set created_at = now() - interval '8 days' where id = $1`, [person.id]);
    const later = (await app.call('GET', '/api/v1/users/statistics', { token: admin.token })).json.data;
    expect(later.registered).toEqual({ lastDay: data.total, last7Days: data.total, last30Days: data.total + 1 });
  });

  it('is for those who may: members and strangers see nobody but themselves', async () => {
    const { token, id } = await app.signedIn();
    for (const path of ['/users', '/users/statistics', `/users/${admin.id}`, `/users/${id}`]) {
      expect([path, (await app.call('GET', `/api/v1${path}`, { token })).status]).toEqual([path, 403]);
      expect([path, (await app.call('GET', `/api/v1${path}`)).status]).toEqual([path, 401]);
    }
    for (const reply of [await suspend(admin.id, token), await remove(admin.id, token)]) expect(reply.status).toBe(403);
    expect((await app.call('GET', `/api/v1/users/${uuidv7()}`, { token: admin.token })).json.error.code).toBe('USER_NOT_FOUND');
    expect((await app.call('GET', `/api/v1/users/${id}`, { token: admin.token })).json.data.id).toBe(id);
  });
});

describe('suspending, restoring, deleting', () => {
  it('a suspended user is out at once and back after being restored', async () => {
    const person = await app.signedIn();
    const suspended = await suspend(person.id);
    expect([suspended.json.data.status, suspended.json.data.version, await app.facts(suspended.requestId)]).toEqual([
      'suspended',
      2,
      ['users.suspended'],
    ]);
    expect([await app.me(person.token), (await app.signIn(person)).status]).toEqual([401, 401]);
    expect((await suspend(person.id)).json.error.code).toBe('USER_NOT_ACTIVE');
    const restored = await restore(person.id);
    expect([restored.json.data.status, await app.facts(restored.requestId)]).toEqual(['active', ['users.restored']]);
    expect((await restore(person.id)).json.error.code).toBe('USER_NOT_SUSPENDED');
    expect((await app.signIn(person)).status).toBe(200);
    expect(await app.me(person.token)).toBe(401);
  });

  it('needs a reason', async () => {
    const person = await app.person();
    for (const body of [{}, { reason: '' }, { reason: '  ' }])
      expect((await app.call('POST', `/api/v1/users/${person.id}/suspend`, { token: admin.token, body })).status).toBe(422);
  });

  it('a deleted user frees the address, and cannot come back once another has it', async () => {
    const person = await app.signedIn();
    const deleted = await remove(person.id);
    expect([deleted.status, await app.facts(deleted.requestId)]).toEqual([204, ['users.deleted']]);
    expect(await app.me(person.token)).toBe(401);
    expect((await remove(person.id)).json.error.code).toBe('USER_ALREADY_DELETED');
    expect((await app.call('GET', `/api/v1/users/${person.id}`, { token: admin.token })).json.data).toMatchObject({
      status: 'deleted',
      email: person.email,
    });
    const insert = () =>
      app.owner.query(`insert into users.users (id, email, email_normalized, display_name) values ($1, $2, $2, 'Next')`, [
        uuidv7(),
        person.email,
      ]);
    await insert();
    await expect(insert()).rejects.toThrow('users_email_live');
    expect((await restore(person.id)).json.error.code).toBe('EMAIL_TAKEN');
  });

  it('of 16 at once one succeeds', async () => {
    const person = await app.person();
    const replies = await race(16, () => suspend(person.id));
    expect(tally(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 'failed')))).toEqual({ 200: 1, 409: 15 });
  });

  it('B89: the last administrator is neither suspended nor deleted; of two who try each other, one stays', async () => {
    const own = await authApp();
    try {
      const [one, two] = [await own.signedIn('admin'), await own.signedIn('admin')];
      const attack = (by: SignedInPerson, whom: SignedInPerson) =>
        own.call('POST', `/api/v1/users/${whom.id}/suspend`, { token: by.token, body: { reason: 'mutual' } });
      const replies = await race(16, (i) => (i % 2 ? attack(one, two) : attack(two, one)));
      expect(replies.filter((reply) => reply.status === 'fulfilled' && reply.value.status === 200)).toHaveLength(1);
      const { rows } = await own.owner.query(`select id from users.users where status = 'active'`);
      expect(rows).toHaveLength(1);
      const left = rows[0].id === one.id ? one : two;
      expect((await attack(left, left)).json.error.code).toBe('LAST_ADMINISTRATOR');
      expect((await own.call('DELETE', `/api/v1/users/${left.id}`, { token: left.token })).json.error.code).toBe('LAST_ADMINISTRATOR');
      expect(await own.me(left.token)).toBe(200);
    } finally {
      await own.stop();
    }
  });
});
