import { uuidv7 } from '@plinth/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { organizedApp, type Organized } from './organizations.testing.ts';

let app: Organized;
beforeAll(async () => {
  app = await organizedApp();
});
afterAll(() => app?.stop());

const [OWNER, ADMIN, MEMBER] = ['organization-owner', 'organization-admin', 'organization-member'] as const;
const answer = ({ status, json }: { status: number; json: { error?: { code: string } } }) => [status, json?.error?.code];
const factOf = async (requestId: string, name: string) => {
  const columns = 'seq, name, organization, payload, changes, request_id, actor';
  const { rows } = await app.owner.query(
    `select organization, payload, changes, actor from (select ${columns} from log.outbox union all select ${columns} from log.events) f
     where request_id = $1 and name = $2 order by seq`,
    [requestId, name],
  );
  return rows as { organization: string; payload: Record<string, unknown>; changes: Record<string, unknown> | null; actor: string }[];
};

describe('an organization', () => {
  it('is made by whoever then owns it, listed, renamed and deleted, each a fact that names it', async () => {
    const owner = await app.as('member');
    const made = await app.send(owner, 'POST', '', { name: 'Lovelace & Co.' });
    expect(made.status).toBe(201);
    expect(made.json.data).toMatchObject({ name: 'Lovelace & Co.', roles: [OWNER], version: 1, seats: 100 });
    const { id } = made.json.data;
    expect(await app.facts(made.requestId)).toEqual(['organizations.created', 'access.role-assigned', 'organizations.member-joined']);
    expect(await factOf(made.requestId, 'access.role-assigned')).toMatchObject([{ organization: id, actor: owner.userId }]);
    expect(await factOf(made.requestId, 'organizations.created')).toMatchObject([
      { organization: id, changes: { name: { before: null, after: 'Lovelace & Co.' } } },
    ]);
    expect((await app.send(owner, 'GET', '')).json).toMatchObject({
      data: [{ id, roles: [OWNER] }],
      meta: { pagination: { total: 1 } },
    });
    const renamed = await app.send(owner, 'PATCH', `/${id}`, { name: 'Daughters' }, { 'if-match': '"1"' });
    expect(renamed.json.data).toMatchObject({ name: 'Daughters', version: 2, roles: [OWNER] });
    expect(renamed.headers.get('etag')).toBe('"2"');
    expect(await factOf(renamed.requestId, 'organizations.renamed')).toMatchObject([
      { organization: id, changes: { name: { before: 'Lovelace & Co.', after: 'Daughters' } } },
    ]);
    expect(answer(await app.send(owner, 'PATCH', `/${id}`, { name: 'Sons' }, { 'if-match': '"1"' }))).toEqual([412, 'PRECONDITION_FAILED']);
    expect((await app.send(owner, 'DELETE', `/${id}`)).status).toBe(204);
    expect((await app.send(owner, 'GET', '')).json.data).toEqual([]);
  });

  it('that is deleted is gone for all its members at once, with its invitations', async () => {
    const { id, name, owner, others } = await app.team([ADMIN], [MEMBER]);
    const guest = await app.as('member');
    const email = await app.emailOf(guest);
    await app.invite(owner, id, email);
    const token = await app.mailed(email, name);
    expect((await app.send(others[1]!, 'GET', `/${id}`)).status).toBe(200);
    const deleted = await app.send(owner, 'DELETE', `/${id}`);
    expect(deleted.status).toBe(204);
    for (const who of [owner, ...others]) {
      expect(answer(await app.send(who, 'GET', `/${id}`))).toEqual([404, 'NOT_FOUND']);
      expect((await app.send(who, 'GET', '')).json.data).toEqual([]);
    }
    expect(answer(await app.send(guest, 'POST', '/invitations/accept', { token }))).toEqual([400, 'INVALID_INVITATION']);
    // For administrators of the server too.
    const admin = await app.as('admin');
    expect((await app.send(admin, 'GET', `/${id}`)).status).toBe(404);
    expect(await app.told(id, 'access.role-unassigned')).toBe(3);
    expect(await app.told(id, 'organizations.invitation-revoked')).toBe(1);
  });

  it('is seen whole by its members, who may no more than their roles say, and by administrators of the server', async () => {
    const { id, owner, others } = await app.team([ADMIN], [MEMBER]);
    const [admin, member] = others as [(typeof others)[0], (typeof others)[0]];
    const members = await app.send(member, 'GET', `/${id}/members?limit=2`);
    expect(members.json.meta.pagination).toMatchObject({ total: 3 });
    expect(members.json.data).toMatchObject([
      { userId: owner.userId, roles: [OWNER], status: 'active', displayName: 'Ada Lovelace', email: await app.emailOf(owner) },
      { userId: admin.userId, roles: [ADMIN] },
    ]);
    expect((await app.send(member, 'GET', `/${id}/members?limit=2&page=9`)).json).toMatchObject({
      data: [],
      meta: { pagination: { total: 3 } },
    });
    for (const [who, method, path, body, status] of [
      [member, 'PATCH', '', { name: 'Mine' }, 403],
      [member, 'GET', '/invitations', undefined, 403],
      [member, 'DELETE', `/members/${admin.userId}`, undefined, 403],
      [member, 'DELETE', '', undefined, 403],
      [admin, 'DELETE', '', undefined, 403],
      [admin, 'POST', '/transfer', { userId: admin.userId }, 403],
      [admin, 'PATCH', '', { name: 'Renamed' }, 200],
    ] as const) {
      expect([method, path, (await app.send(who, method, `/${id}${path}`, body)).status]).toEqual([method, path, status]);
    }
    const root = await app.as('admin');
    expect((await app.send(root, 'GET', `/${id}`)).json.data).toMatchObject({ id, roles: [] });
    expect((await app.send(root, 'GET', '?limit=100')).json.data.map((each: { id: string }) => each.id)).toContain(id);
    expect((await app.send(await app.as('member'), 'GET', '')).json.data).toEqual([]);
  });

  it('is entered with an API key of a member too, within its scopes', async () => {
    const { id, owner } = await app.team();
    const made = await app.call('POST', '/api/v1/api-keys', { token: owner.token, body: { label: 'x', scopes: ['organizations:read'] } });
    expect(made.status, made.text).toBe(201);
    const headers = { 'x-api-key': made.json.data.key as string };
    expect((await app.call('GET', `/api/v1/organizations/${id}`, { headers })).status).toBe(200);
    expect((await app.call('PATCH', `/api/v1/organizations/${id}`, { headers, body: { name: 'x' } })).status).toBe(403);
    const other = await app.team();
    expect((await app.call('GET', `/api/v1/organizations/${other.id}`, { headers })).status).toBe(404);
  });
});

describe('what is held inside', () => {
  it('B88: counts for nobody who makes a key that acts as another: who has less inside gets none', async () => {
    const root = await app.as('admin');
    const post = (path: string, token: string, body: object) => app.call('POST', `/api/v1${path}`, { token, body });
    const role = `keeper-${uuidv7().slice(-8)}`;
    await post('/access/roles', root.token, { name: role, title: 'Keeper', permissions: ['service-accounts:manage'] });
    const { id, owner } = await app.team();
    await post('/access/assignments', root.token, { userId: owner.userId, role });
    const account = (await post('/service-accounts', owner.token, { name: `bot-${uuidv7()}`, title: 'Bot' })).json.data.id as string;
    const keys = (scopes: string[]) => post(`/service-accounts/${account}/keys`, owner.token, { label: 'x', scopes });
    // Scopes that the owner holds in their own organization only.
    expect(answer(await keys(['organizations:change']))).toEqual([403, 'GRANT_EXCEEDS_OWN']);
    const made = await post(`/service-accounts/${account}/keys`, root.token, { label: 'x', scopes: ['organizations:change'] });
    expect(made.status, made.text).toBe(201);
    const rotated = await post(`/service-accounts/${account}/keys/${made.json.data.id}/rotate`, owner.token, {});
    expect(answer(rotated)).toEqual([403, 'GRANT_EXCEEDS_OWN']);
    // Nor is it reached through a key of fewer scopes, once the account holds more inside than whoever made it.
    const key = await keys(['service-accounts:manage']);
    expect(key.status, key.text).toBe(201);
    const other = await app.team();
    await post('/access/assignments', root.token, { userId: account, role: OWNER, scope: { type: 'organization', id: other.id } });
    for (const each of [id, other.id]) {
      const headers = { 'x-api-key': key.json.data.key as string };
      expect((await app.call('PATCH', `/api/v1/organizations/${each}`, { headers, body: { name: 'Mine' } })).status).toBe(403);
    }
  });

  it('B90: by an owner of an organization is no rank on the server: an administrator may act as them, who holds less may not', async () => {
    const root = await app.as('admin');
    const { owner } = await app.team();
    const as = (token: string) => app.call('POST', '/api/v1/impersonation', { token, body: { userId: owner.userId, reason: 'testing' } });
    expect((await as(root.token)).status).toBe(201);
    const role = `support-${uuidv7().slice(-8)}`;
    const permissions = ['impersonation:*', 'organizations:*', 'users:read'];
    const made = await app.call('POST', '/api/v1/access/roles', { token: root.token, body: { name: role, title: 'Support', permissions } });
    expect(made.status, made.text).toBe(201);
    const support = await app.as('member');
    await app.call('POST', '/api/v1/access/assignments', { token: root.token, body: { userId: support.userId, role } });
    expect((await as(support.token)).status).toBe(403);
  });
});

describe('members', () => {
  it('B85: a list of roles that is empty, unknown in part, of another kind or double is refused whole', async () => {
    const { id, owner, others } = await app.team([MEMBER]);
    const path = `/${id}/members/${others[0]!.userId}`;
    for (const roles of [
      [],
      [MEMBER, 'nobody'],
      ['member'],
      [MEMBER, 'admin'],
      [ADMIN, ADMIN],
      ['Organization-Admin'],
      [''],
      'organization-admin',
    ]) {
      const reply = await app.send(owner, 'PUT', path, { roles });
      expect([roles, reply.status, /roles/.test(Object.keys(reply.json.error.fields ?? {}).join())]).toEqual([roles, 422, true]);
      const invited = await app.send(owner, 'POST', `/${id}/invitations`, { email: `x-${uuidv7()}@example.com`, roles });
      expect([roles, invited.status]).toEqual([roles, 422]);
    }
    expect((await app.send(owner, 'GET', `/${id}/members`)).json.data[1].roles).toEqual([MEMBER]);
    expect((await app.send(owner, 'GET', `/${id}/invitations`)).json.data).toEqual([]);
  });

  it('B88: nobody gives, takes or changes inside what they do not hold there', async () => {
    const { id, owner, others } = await app.team([ADMIN], [MEMBER], [OWNER]);
    const [admin, member, second] = others as [(typeof others)[0], (typeof others)[0], (typeof others)[0]];
    const path = (who: { userId: string }) => `/${id}/members/${who.userId}`;
    const email = `x-${uuidv7()}@example.com`;
    for (const [method, at, body] of [
      ['PUT', path(member), { roles: [OWNER] }],
      ['PUT', path(admin), { roles: [ADMIN, OWNER] }],
      ['PUT', path(second), { roles: [MEMBER] }],
      ['PUT', path(second), { roles: [OWNER, MEMBER] }],
      ['DELETE', path(owner), undefined],
      ['POST', `/${id}/invitations`, { email, roles: [OWNER] }],
    ] as const) {
      expect([method, at, ...answer(await app.send(admin, method, at, body))]).toEqual([method, at, 403, 'GRANT_EXCEEDS_OWN']);
    }
    expect((await app.send(admin, 'PUT', path(member), { roles: [ADMIN] })).json.data).toMatchObject({ roles: [ADMIN] });
    expect((await app.send(admin, 'DELETE', path(member))).status).toBe(204);
    // What someone holds in an organization of their own counts for nothing in another.
    const elsewhere = await app.team();
    await app.join(owner, { id, name: (await app.send(owner, 'GET', `/${id}`)).json.data.name }, elsewhere.owner);
    expect((await app.send(elsewhere.owner, 'DELETE', path(admin))).status).toBe(403);
    // Nor may the roles of an organization count everywhere.
    const root = await app.as('admin');
    const everywhere = await app.call('POST', '/api/v1/access/assignments', {
      token: root.token,
      body: { userId: admin.userId, role: OWNER },
    });
    expect(answer(everywhere)).toEqual([422, 'ROLE_OF_SCOPE']);
  });

  it('may hold roles that administrators made, which grant what they say inside and nothing elsewhere', async () => {
    const root = await app.as('admin');
    const role = `janitor-${uuidv7().slice(-8)}`;
    const made = await app.call('POST', '/api/v1/access/roles', {
      token: root.token,
      body: { name: role, title: 'Janitor', permissions: ['organizations:change'] },
    });
    expect(made.status).toBe(201);
    const { id, others } = await app.team([role]);
    const other = await app.team([MEMBER]);
    const janitor = others[0]!;
    expect((await app.send(janitor, 'PATCH', `/${id}`, { name: 'Swept' })).status).toBe(200);
    expect(answer(await app.send(janitor, 'GET', `/${id}`))).toEqual([403, 'FORBIDDEN']);
    expect(answer(await app.send(janitor, 'PATCH', `/${other.id}`, { name: 'Swept' }))).toEqual([404, 'NOT_FOUND']);
    expect((await app.send(janitor, 'POST', `/${id}/leave`)).status).toBe(204);
    expect((await app.send(janitor, 'PATCH', `/${id}`, { name: 'Swept' })).status).toBe(404);
  });

  it('lose access with the reply that removes them, and leave by themselves', async () => {
    const { id, owner, others } = await app.team([ADMIN], [MEMBER]);
    const [admin, member] = others as [(typeof others)[0], (typeof others)[0]];
    expect((await app.send(member, 'GET', `/${id}`)).status).toBe(200);
    const removed = await app.send(admin, 'DELETE', `/${id}/members/${member.userId}`);
    expect(await app.facts(removed.requestId)).toEqual(['access.role-unassigned', 'organizations.member-left']);
    expect(answer(await app.send(member, 'GET', `/${id}`))).toEqual([404, 'NOT_FOUND']);
    expect(answer(await app.send(member, 'POST', `/${id}/leave`))).toEqual([404, 'NOT_FOUND']);
    expect(answer(await app.send(owner, 'DELETE', `/${id}/members/${member.userId}`))).toEqual([404, 'MEMBER_NOT_FOUND']);
    expect((await app.send(admin, 'POST', `/${id}/leave`)).status).toBe(204);
    expect(answer(await app.send(owner, 'POST', `/${id}/leave`))).toEqual([409, 'LAST_OWNER']);
  });

  it('B89: the last owner is neither demoted nor removed nor deleted, by nobody and in no other way', async () => {
    const { id, owner, others } = await app.team([ADMIN]);
    const root = await app.as('admin');
    const { rows } = await app.owner.query(`select id from access.assignments where scope_id = $1 and role = $2`, [id, OWNER]);
    const attempts = [
      await app.send(owner, 'PUT', `/${id}/members/${owner.userId}`, { roles: [ADMIN] }),
      await app.send(root, 'PUT', `/${id}/members/${owner.userId}`, { roles: [ADMIN] }),
      await app.send(root, 'DELETE', `/${id}/members/${owner.userId}`),
      await app.send(owner, 'POST', `/${id}/leave`),
      await app.call('DELETE', `/api/v1/access/assignments/${rows[0].id}`, { token: root.token }),
      await app.call('DELETE', '/api/v1/account', { token: owner.token }),
      await app.call('DELETE', `/api/v1/users/${owner.userId}`, { token: root.token }),
    ];
    expect(attempts.map(answer)).toEqual(attempts.map(() => [409, 'LAST_OWNER']));
    // An owner for a while, and one who is suspended, are none.
    const second = await app.as('member');
    const scope = { type: 'organization', id };
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const body = { userId: second.userId, role: OWNER, scope, expiresAt };
    expect((await app.call('POST', '/api/v1/access/assignments', { token: root.token, body })).status).toBe(201);
    expect(answer(await app.send(owner, 'POST', `/${id}/leave`))).toEqual([409, 'LAST_OWNER']);
    expect((await app.send(owner, 'POST', `/${id}/transfer`, { userId: second.userId })).status).toBe(204);
    expect(await app.owners(id)).toEqual([second.userId]);
    expect((await app.send(second, 'PUT', `/${id}/members/${owner.userId}`, { roles: [OWNER] })).status).toBe(200);
    await app.call('POST', `/api/v1/users/${owner.userId}/suspend`, { token: root.token, body: { reason: 'testing' } });
    expect(answer(await app.send(second, 'POST', `/${id}/leave`))).toEqual([409, 'LAST_OWNER']);
    expect(answer(await app.send(others[0]!, 'DELETE', `/${id}/members/${second.userId}`))).toEqual([403, 'GRANT_EXCEEDS_OWN']);
  });

  it('B84, B87: roles that an administrator of the server gives inside are held to the same rules', async () => {
    const { id } = await app.team();
    const root = await app.as('admin');
    const user = await app.as('member');
    const give = (scopeId: string) =>
      app.call('POST', '/api/v1/access/assignments', {
        token: root.token,
        body: { userId: user.userId, role: MEMBER, scope: { type: 'organization', id: scopeId } },
      });
    expect((await give(uuidv7())).status).toBe(404);
    await app.owner.query('update organizations.organizations set seats = 1 where id = $1', [id]);
    expect(answer(await give(id))).toEqual([409, 'SEATS_TAKEN']);
    await app.owner.query('update organizations.organizations set seats = 2 where id = $1', [id]);
    const given = await give(id);
    expect(await app.facts(given.requestId)).toEqual(['access.role-assigned', 'organizations.member-joined']);
    expect(await factOf(given.requestId, 'access.role-assigned')).toMatchObject([{ organization: id }]);
    expect((await app.send(user, 'GET', `/${id}`)).status).toBe(200);
  });

  it('make another the owner, and stay as an administrator', async () => {
    const { id, owner, others } = await app.team([MEMBER]);
    const next = others[0]!;
    const stranger = await app.as('member');
    expect(answer(await app.send(owner, 'POST', `/${id}/transfer`, { userId: stranger.userId }))).toEqual([404, 'MEMBER_NOT_FOUND']);
    const moved = await app.send(owner, 'POST', `/${id}/transfer`, { userId: next.userId });
    expect(moved.status).toBe(204);
    expect(await factOf(moved.requestId, 'organizations.transferred')).toMatchObject([
      { organization: id, payload: { userId: next.userId, from: owner.userId } },
    ]);
    expect((await app.send(next, 'GET', `/${id}`)).json.data.roles).toEqual([MEMBER, OWNER]);
    expect((await app.send(owner, 'GET', `/${id}`)).json.data.roles).toEqual([ADMIN]);
    expect((await app.send(owner, 'DELETE', `/${id}`)).status).toBe(403);
  });
});

describe('a user who goes', () => {
  it('leaves every organization, and takes along those that nobody else is in', async () => {
    const alone = await app.team();
    const shared = await app.team([ADMIN]);
    await app.join(shared.owner, shared, alone.owner);
    const deleted = await app.call('DELETE', '/api/v1/account', { token: alone.owner.token });
    expect(deleted.status, deleted.text).toBe(204);
    const { rows } = await app.owner.query('select deleted_at is not null as gone from organizations.organizations where id = $1', [
      alone.id,
    ]);
    expect(rows).toEqual([{ gone: true }]);
    const left = await app.send(shared.owner, 'GET', `/${shared.id}/members`);
    expect(left.json.data.map(({ userId }: { userId: string }) => userId)).toEqual([shared.owner.userId, shared.others[0]!.userId]);
    // Restored, they are a member of nothing.
    const root = await app.as('admin');
    expect((await app.call('POST', `/api/v1/users/${alone.owner.userId}/restore`, { token: root.token })).status).toBe(200);
    expect((await app.send(root, 'GET', `/${shared.id}/members`)).json.meta.pagination.total).toBe(2);
  });

  it('who is suspended stays a member, and is no shield: an owner can be suspended', async () => {
    const { id, owner, others } = await app.team([MEMBER]);
    const root = await app.as('admin');
    const suspended = await app.call('POST', `/api/v1/users/${owner.userId}/suspend`, { token: root.token, body: { reason: 'testing' } });
    expect(suspended.status).toBe(200);
    expect((await app.send(others[0]!, 'GET', `/${id}/members`)).json.data[0]).toMatchObject({ userId: owner.userId, status: 'suspended' });
    // An administrator of the server gives it another.
    expect((await app.send(root, 'POST', `/${id}/transfer`, { userId: others[0]!.userId })).status).toBe(204);
    expect(await app.owners(id)).toEqual([others[0]!.userId]);
  });

  it('finds what is kept of them in their export', async () => {
    const { id, name, owner } = await app.team();
    const other = await app.team();
    await app.invite(other.owner, other.id, await app.emailOf(owner));
    const { json } = await app.call('GET', '/api/v1/account/export', { token: owner.token });
    expect(json.data.organizations).toMatchObject({
      memberships: [{ id, name, roles: [OWNER] }],
      invitations: [{ organizationId: other.id, roles: [MEMBER] }],
    });
  });
});
