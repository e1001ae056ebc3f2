import { uuidv7 } from '@plinth/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessApp, type AccessApp } from './access.testing.ts';

let app: AccessApp;
let admin: string;
const [mine, theirs] = [uuidv7(), uuidv7()];
beforeAll(async () => {
  app = await accessApp();
  admin = await app.user('admin');
  await app.call('POST', '/api/v1/access/roles', {
    token: admin,
    body: { name: 'reader', title: 'Readers', permissions: ['things:read'] },
  });
});
afterAll(() => app?.stop());

const give = (userId: string, body: object) => app.call('POST', '/api/v1/access/grants', { token: admin, body: { userId, ...body } });
const assign = (userId: string, body: object) =>
  app.call('POST', '/api/v1/access/assignments', { token: admin, body: { userId, ...body } });
const asked = (query: Record<string, string>, token = admin) =>
  app.call('GET', `/api/v1/access/explain?${new URLSearchParams(query).toString()}`, { token });
const explained = async (user: string, action: string, more: Record<string, string> = {}) => {
  const { status, json, text } = await asked({ user, action, ...more });
  expect(status, text).toBe(200);
  return json.data;
};
/** What is needed, told shortly: ways, each a list of conditions. */
const ways = ({ needed }: { needed: { what: string; permission: string | null; scope: { type: string; id: string | null } | null }[][] }) =>
  needed.map((way) => way.map(({ what, permission, scope }) => [what, permission, scope?.type, scope?.id].filter(Boolean).join(' ')));

describe('an explanation', () => {
  it('names the role, the grant or everybody, that a permission comes from', async () => {
    const user = await app.user();
    const assignment = (await assign(user, { role: 'reader' })).json.data;
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const grant = (await give(user, { permission: 'things:*', expiresAt: until })).json.data;
    const why = await explained(user, 'things:read');
    expect(why).toMatchObject({
      decisionId: expect.any(String),
      outcome: 'allowed',
      reason: 'granted',
      rule: { permission: 'things:read', own: null, scope: null, fresh: null },
      passedOver: [],
      needed: [],
    });
    const shown = { permission: 'things:read', scope: null };
    expect(why.decidedBy).toEqual([
      { by: 'role', id: assignment.id, role: 'reader', grants: ['things:read'], expiresAt: null, ...shown },
      { by: 'grant', id: grant.id, role: null, grants: ['things:*'], expiresAt: grant.expiresAt, ...shown },
    ]);
    expect((await explained(user, 'things:touch')).decidedBy).toMatchObject([{ by: 'guest', role: 'guest' }, { by: 'grant' }]);
  });

  it('of a refusal says what it would take, by the roles that there are', async () => {
    const user = await app.user();
    const why = await explained(user, 'things:read');
    expect(why).toMatchObject({ outcome: 'refused', reason: 'no-role-grants', decidedBy: [], passedOver: [] });
    expect(why.needed).toEqual([[{ what: 'permission', permission: 'things:read', scope: null, roles: ['admin', 'member', 'reader'] }]]);
    expect(ways(await explained(user, 'things.scope'))).toEqual([['permission things:read'], ['permission-in-scope things:read project']]);
    expect(ways(await explained(user, 'things.own'))).toEqual([
      ['permission things:read', 'ownership'],
      ['permission things:read', 'permission things:manage'],
    ]);
    expect(ways(await explained(user, 'access.mine'))).toEqual([]);
    expect(ways(await explained(user, 'access.mine', { scopes: '*' }))).toEqual([['person']]);
  });

  it('passes over what expired, what counts elsewhere, and what the key was not given', async () => {
    const user = await app.user();
    await app.owner.query(
      `insert into access.assignments (id, user_id, role, created_at, expires_at) values (gen_random_uuid(), $1, 'reader', now() - interval '2 h', now() - interval '1 h')`,
      [user],
    );
    const over = await explained(user, 'things:read');
    expect(over).toMatchObject({
      outcome: 'refused',
      reason: 'no-role-grants',
      passedOver: [{ by: 'role', role: 'reader', why: 'expired' }],
    });
    await give(user, { permission: 'things:read', scope: { type: 'project', id: mine } });
    const elsewhere = await explained(user, 'things.scope', { resource: `project:${theirs}` });
    expect(elsewhere).toMatchObject({ outcome: 'refused', reason: 'other-scope' });
    expect(elsewhere.passedOver).toMatchObject([
      { why: 'expired' },
      { by: 'grant', scope: { type: 'project', id: mine }, why: 'other-scope' },
    ]);
    expect(ways(elsewhere)).toContainEqual([`permission-in-scope things:read project ${theirs}`]);
    const everywhere = await explained(user, 'things.plain');
    expect(everywhere).toMatchObject({ reason: 'only-in-scope' });
    expect(everywhere.passedOver).toMatchObject([{ why: 'expired' }, { why: 'only-in-scope' }]);
    expect(await explained(user, 'things.scope', { resource: `project:${mine}` })).toMatchObject({
      outcome: 'allowed',
      reason: 'granted-in-scope',
      decidedBy: [{ by: 'grant', scope: { type: 'project', id: mine } }],
    });
    await give(user, { permission: 'things:*' });
    const byKey = await explained(user, 'things:read', { scopes: 'access:read, things:touch' });
    expect(byKey).toMatchObject({ outcome: 'refused', reason: 'key-scope' });
    expect(byKey.passedOver).toContainEqual(expect.objectContaining({ by: 'grant', grants: ['things:*'], why: 'key-scope' }));
    expect(ways(byKey)).toEqual([['key-scope things:read']]);
    expect((await explained(user, 'things:read', { scopes: 'things:*' })).outcome).toBe('allowed');
  });

  it('B105: without a row "it depends" is its own answer, never a plain yes', async () => {
    const user = await app.user('reader');
    const other = await app.user();
    await app.owner.query('delete from things.things');
    await app.owner.query('insert into things.things values (1, $1, null), (2, $2, null)', [user, other]);
    expect(await explained(user, 'things.own')).toMatchObject({ outcome: 'depends', reason: 'granted' });
    expect(await explained(user, 'things.own', { resource: 'thing:1' })).toMatchObject({ outcome: 'allowed', reason: 'own' });
    const refused = await explained(user, 'things.own', { resource: 'thing:2' });
    expect(refused).toMatchObject({ outcome: 'refused', reason: 'not-own' });
    expect(ways(refused)).toEqual([['ownership'], ['permission things:manage']]);
    expect((await explained(admin, 'things.own', { resource: 'thing:2' })).outcome).toBe('allowed');
    await give(other, { permission: 'things:read', scope: { type: 'project', id: mine } });
    expect(await explained(other, 'things.scope')).toMatchObject({ outcome: 'depends', reason: 'granted-in-scope' });
    expect(await explained(other, 'things.scope', { resource: 'elsewhere:1' })).toMatchObject({ outcome: 'depends' });
    expect((await asked({ user, action: 'things.own', resource: 'thing:3' })).status).toBe(404);
  });

  it('says that nobody may who is not active', async () => {
    const user = await app.user('reader');
    await app.call('POST', `/api/v1/users/${user}/suspend`, { token: admin, body: { reason: 'testing' } });
    const why = await explained(user, 'things:read');
    expect(why).toMatchObject({ outcome: 'refused', reason: 'user-not-active' });
    expect(ways(why)).toEqual([['active']]);
  });

  it('B107: is told to those alone who may see it, and refuses what it does not know', async () => {
    const user = await app.user('reader');
    const query = { user: admin, action: 'things:read' };
    for (const who of [user, await app.user('member')]) {
      const known = await asked(query, who);
      const unknown = await asked({ user: uuidv7(), action: 'things:fly', resource: 'thing:99' }, who);
      expect([known.status, unknown.status]).toEqual([403, 403]);
      expect(known.json.error).toEqual({ ...unknown.json.error, requestId: known.requestId });
    }
    expect((await asked({ ...query, user: uuidv7() })).status).toBe(404);
    expect((await asked({ ...query, action: 'things:fly' })).json.error.code).toBe('UNKNOWN_ACTION');
    expect((await asked({ ...query, action: 'nothing.here' })).json.error.code).toBe('UNKNOWN_ACTION');
    expect((await asked({ ...query, resource: 'no-colon' })).json.error.code).toBe('INVALID_INPUT');
    await give(user, { permission: 'access:explain' });
    expect((await asked(query, user)).status).toBe(200);
  });
});
