import { uuidv7 } from '@plinth/kit';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accessApp, type AccessApp } from './access.testing.ts';
import { sweepExpired } from './contract.ts';
import { users } from '../users/index.ts';
import { access } from './index.ts';

let app: AccessApp;
let admin: string;
beforeAll(async () => {
  app = await accessApp();
});
afterAll(() => app?.stop());
beforeEach(async () => {
  await app.owner.query(`delete from access.grants; delete from access.assignments; delete from access.roles where not system`);
  app.kit.cache.drop(['access:roles']);
  admin = await app.user('admin');
});

const get = (token: string | undefined, path: string) => app.call('GET', `/api/v1${path}`, { token });
const give = (token: string, body: unknown) => app.call('POST', '/api/v1/access/grants', { token, body });
const take = (token: string, id: string) => app.call('DELETE', `/api/v1/access/grants/${id}`, { token });
const project = () => ({ type: 'project', id: uuidv7() });
const asKey = (userId: string, path: string, ...scopes: string[]) =>
  app.call('GET', `/api/v1${path}`, { headers: { 'x-api-key': [userId, ...scopes].join('~') } });

describe('permissions given directly', () => {
  it('are given, listed and taken away, each a fact', async () => {
    const user = await app.user();
    expect((await get(user, '/things/plain')).status).toBe(403);
    const given = await give(admin, { userId: user, permission: 'things:read', reason: 'covers for a colleague' });
    expect(given.status).toBe(201);
    expect(given.json.data).toMatchObject({
      userId: user,
      permission: 'things:read',
      scope: null,
      expiresAt: null,
      grantedBy: admin,
      reason: 'covers for a colleague',
    });
    expect(await app.facts(given.requestId)).toEqual(['access.permission-granted']);
    expect((await get(user, '/things/plain')).status).toBe(200);
    expect((await get(user, '/access/me')).json.data).toMatchObject({ roles: [], permissions: ['things:read', 'things:touch'] });
    expect(await app.api(access).rolesNow(user)).toEqual([]);
    expect((await give(admin, { userId: user, permission: 'things:read' })).json.error.code).toBe('ALREADY_GRANTED');
    const inside = await give(admin, { userId: user, permission: 'things:*', scope: project() });
    expect(inside.status).toBe(201);
    const listed = await get(admin, `/access/grants?userId=${user}`);
    const nameOf = async (id: string) => (await app.api(users).find(app.kit.db, id))!.displayName;
    const names = { userName: await nameOf(user), grantedByName: await nameOf(admin) };
    expect(names.userName).not.toBe(names.grantedByName);
    const [insideListed, givenListed] = [
      { ...inside.json.data, ...names },
      { ...given.json.data, ...names },
    ];
    expect(listed.json.data).toEqual([insideListed, givenListed]);
    expect(listed.json.meta.pagination).toMatchObject({ total: 2 });
    const { scope } = inside.json.data;
    expect((await get(admin, `/access/grants?scopeType=project&scopeId=${scope.id}`)).json.data).toEqual([insideListed]);
    expect((await get(admin, `/access/grants?permission=things:read`)).json.data).toEqual([givenListed]);
    const taken = await take(admin, given.json.data.id);
    expect(taken.status).toBe(204);
    expect(await app.facts(taken.requestId)).toEqual(['access.permission-revoked']);
    expect((await get(user, '/things/plain')).status).toBe(403);
    expect((await take(admin, given.json.data.id)).status).toBe(404);
  });

  it('B94: must match a permission, name a known user and scope, and end in the future', async () => {
    const userId = await app.user();
    const refusals = {
      UNKNOWN_PERMISSION: { userId, permission: 'things:fly' },
      UNKNOWN_USER: { userId: uuidv7(), permission: 'things:read' },
      UNKNOWN_SCOPE: { userId, permission: 'things:read', scope: { type: 'galaxy', id: uuidv7() } },
      EXPIRES_IN_THE_PAST: { userId, permission: 'things:read', expiresAt: '2020-01-01T00:00:00Z' },
    };
    for (const [code, body] of Object.entries(refusals)) expect([code, (await give(admin, body)).json.error.code]).toEqual([code, code]);
    expect((await give(admin, { userId, permission: 'things:re*' })).json.error.fields.permission).toContain('things:re*');
    expect((await get(admin, `/access/grants?userId=${userId}`)).json.meta.pagination.total).toBe(0);
  });

  it('B88: nobody gives or takes away what they do not hold, there and for so long', async () => {
    const inside = project();
    const clerk = await app.user();
    const user = await app.user();
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const later = new Date(Date.now() + 7_200_000).toISOString();
    await give(admin, { userId: clerk, permission: 'access:manage' });
    await give(admin, { userId: clerk, permission: 'things:read', expiresAt: until });
    await give(admin, { userId: clerk, permission: 'things:manage', scope: inside });
    const others = await give(admin, { userId: user, permission: 'things:*' });
    const attempts = {
      more: { userId: clerk, permission: '*' },
      'a pattern beyond': { userId: clerk, permission: 'things:*' },
      'everywhere, from a scope': { userId: user, permission: 'things:manage' },
      'in another scope': { userId: user, permission: 'things:manage', scope: project() },
      'for good, from a temporary grant': { userId: user, permission: 'things:read' },
      'to oneself, for good': { userId: clerk, permission: 'things:read', scope: inside },
      'for longer': { userId: user, permission: 'things:read', expiresAt: later },
    };
    for (const [what, body] of Object.entries(attempts)) {
      const refused = await give(clerk, body);
      expect([what, refused.status, refused.json.error.code]).toEqual([what, 403, 'GRANT_EXCEEDS_OWN']);
      expect((await app.facts(refused.requestId)).filter((name) => name.startsWith('access.'))).toEqual([]);
    }
    expect((await take(clerk, others.json.data.id)).json.error.code).toBe('GRANT_EXCEEDS_OWN');
    expect((await give(clerk, { userId: user, permission: 'things:manage', scope: inside })).status).toBe(201);
    expect((await give(clerk, { userId: user, permission: 'things:read', expiresAt: until })).status).toBe(201);
    expect((await give(clerk, { userId: user, permission: 'access:manage' })).status).toBe(201);
  });

  it('B88: a temporary administrator makes no lasting one, neither by role, nor by grant, nor by what a role grants', async () => {
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const temporary = await app.user();
    const friend = await app.user('member');
    const post = (path: string, body: unknown) => app.call('POST', `/api/v1/access${path}`, { token: temporary, body });
    expect(
      (await app.call('POST', '/api/v1/access/assignments', { token: admin, body: { userId: temporary, role: 'admin', expiresAt: until } }))
        .status,
    ).toBe(201);
    const put = (permissions: string[]) =>
      app.call('PUT', '/api/v1/access/roles/member/permissions', { token: temporary, body: { permissions } });
    const refusals = [
      await post('/assignments', { userId: friend, role: 'admin' }),
      await post('/grants', { userId: temporary, permission: '*' }),
      await put(['things:read', 'things:touch', '*']),
    ];
    expect(refusals.map(({ json }) => json.error?.code)).toEqual(refusals.map(() => 'GRANT_EXCEEDS_OWN'));
    expect((await post('/assignments', { userId: friend, role: 'admin', expiresAt: until })).status).toBe(201);
    expect((await put(['things:touch'])).status).toBe(200);
    await app.owner.query(`insert into access.role_permissions values ('member', 'things:read') on conflict do nothing`);
  });

  it('B100: end at their time by the clock of the database, in every branch, before any clean-up', async () => {
    const [user, keeper, inside] = [await app.user(), await app.user(), project()];
    await give(admin, { userId: keeper, permission: 'things:read' });
    await app.owner.query('truncate things.things');
    await app.owner.query('insert into things.things values (1, null, null), (2, null, $1)', [inside.id]);
    const expiresAt = new Date(Date.now() + 1500).toISOString();
    for (const grant of [{ permission: 'things:*' }, { permission: '*:read', scope: inside }])
      expect((await give(admin, { userId: user, expiresAt, ...grant })).status).toBe(201);
    const seen = async () => ({
      door: (await get(user, '/things/plain')).status,
      warm: (await get(user, '/things/both')).json.data?.ids,
      cold: (await get(user, '/things/both?cold=1')).json.data?.ids,
      inScope: (await get(user, '/things/scope')).status,
      key: (await asKey(user, '/things/plain', 'things.read')).status,
      mine: (await get(user, '/access/me')).json.data.permissions.includes('things:manage'),
      scoped: (await get(user, '/access/me')).json.data.scoped.length,
      holds: await app.api(access).holds(user, app.kit.catalog.permissions.get('things:manage')!),
      outranks: await app.api(access).outranks(app.kit.db, keeper, user),
      listed: (await get(admin, `/access/grants?userId=${user}`)).json.meta.pagination.total,
      database: (
        await app.owner.query(
          `select access.holds($1, array['things:*']) as h, (select count(*) from access.scopes($1, array['*:read'], 'project'))::int as n`,
          [user],
        )
      ).rows[0],
    });
    expect(await seen()).toEqual({
      door: 200,
      warm: [1, 2],
      cold: [1, 2],
      inScope: 200,
      key: 200,
      mine: true,
      scoped: 1,
      holds: true,
      outranks: false,
      listed: 2,
      database: { h: true, n: 1 },
    });
    await expect
      .poll(async () => (await app.owner.query('select now() >= $1::timestamptz as over', [expiresAt])).rows[0].over, {
        timeout: 5000,
        interval: 20,
      })
      .toBe(true);
    expect(await seen()).toEqual({
      door: 403,
      warm: undefined,
      cold: undefined,
      inScope: 403,
      key: 403,
      mine: false,
      scoped: 0,
      holds: false,
      outranks: true,
      listed: 0,
      database: { h: false, n: 0 },
    });
    expect((await app.owner.query('select 1 from access.grants where user_id = $1', [user])).rowCount).toBe(2); // nothing was cleaned up yet
    const again = await give(admin, { userId: user, permission: 'things:*' });
    expect(await app.facts(again.requestId)).toEqual(['access.permission-expired', 'access.permission-granted']);
  });

  it('B149: end as a fact too', async () => {
    const user = await app.user();
    await app.owner.query(
      `insert into access.grants (id, user_id, permission, created_at, expires_at) values (gen_random_uuid(), $1, 'things:read', now() - interval '2 h', now() - interval '1 h')`,
      [user],
    );
    await app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, sweepExpired, {}));
    const expired = async () =>
      (
        await app.owner.query(
          `select actor, job, reason, payload->>'permission' as permission from log.events where name = 'access.permission-expired' and subject_id = $1`,
          [user],
        )
      ).rows;
    await expect
      .poll(expired, { timeout: 10_000 })
      .toEqual([{ actor: null, job: 'access.sweep-expired', reason: 'expired', permission: 'things:read' }]);
    expect((await app.owner.query('select 1 from access.grants where user_id = $1', [user])).rowCount).toBe(0);
  });

  it('B91: reach a key only within its scopes, and a key gives none away beyond them', async () => {
    const user = await app.user();
    await give(admin, { userId: user, permission: 'things:*' });
    await give(admin, { userId: user, permission: 'access:manage' });
    expect((await asKey(user, '/things/plain', 'things.read')).status).toBe(200);
    expect((await asKey(user, '/things/plain', 'access.manage')).status).toBe(403);
    const byKey = (permission: string) =>
      app.call('POST', '/api/v1/access/grants', {
        headers: { 'x-api-key': `${user}~access.manage~things.read` },
        body: { userId: user, permission, scope: project() },
      });
    expect((await byKey('things:manage')).json.error.code).toBe('GRANT_EXCEEDS_OWN');
    expect((await byKey('things:read')).status).toBe(201);
  });

  it('B94: are named at start where they match nothing', async () => {
    await app.owner.query(
      `insert into access.grants (id, user_id, permission) select gen_random_uuid(), $1, unnest(array['things:fly', 'things:re*', 'things:read'])`,
      [await app.user()],
    );
    const lines: string[] = [];
    const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
    const other = await accessApp({ database: app.database, logger });
    await other.stop();
    const warning = lines
      .map((line) => JSON.parse(line) as { msg: string; permissions?: string[] })
      .find(({ msg }) => msg.startsWith('users were given'));
    expect(warning?.permissions).toEqual(['things:fly', 'things:re*']);
  });
});
