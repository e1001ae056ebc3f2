import { uuidv7 } from '@plinth/kit';
import type { Actor } from '@plinth/kit/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { organizedApp, type Organized } from './organizations.testing.ts';

// Permissions given directly inside an organization: they let in, and make nobody a member.

let app: Organized;
let root: Actor;
beforeAll(async () => {
  app = await organizedApp();
  root = await app.as('admin');
});
afterAll(() => app?.stop());

const answer = ({ status, json }: { status: number; json: { error?: { code: string } } }) => [status, json?.error?.code];
const give = (who: Actor, id: string, permission: string, more: object = {}) =>
  app.call('POST', '/api/v1/access/grants', {
    token: root.token,
    body: { userId: who.userId, permission, scope: { type: 'organization', id }, ...more },
  });

it('B87: let into that organization, as far as they go, and into no other; they take no seat and are no membership', async () => {
  const [{ id, owner }, other, guest] = [await app.team(), await app.team(), await app.as('member')];
  await app.owner.query('update organizations.organizations set seats = 1 where id = $1', [id]);
  const given = await give(guest, id, 'organizations:read');
  expect(given.status, given.text).toBe(201);
  expect(await app.told(id, 'access.permission-granted')).toBe(1);
  expect((await app.send(guest, 'GET', `/${id}`)).json.data).toMatchObject({ id, roles: [] });
  expect((await app.send(guest, 'GET', '')).json.data.map((each: { id: string }) => each.id)).toEqual([id]);
  expect(answer(await app.send(guest, 'PATCH', `/${id}`, { name: 'Mine' }))).toEqual([403, 'FORBIDDEN']);
  expect(answer(await app.send(guest, 'GET', `/${other.id}`))).toEqual([404, 'NOT_FOUND']);
  expect((await app.send(owner, 'GET', `/${id}/members`)).json.meta.pagination.total).toBe(1);
  expect(answer(await app.send(guest, 'POST', `/${id}/leave`))).toEqual([404, 'NOT_FOUND']);
  const revoked = await app.call('DELETE', `/api/v1/access/grants/${given.json.data.id}`, { token: root.token });
  expect(revoked.status).toBe(204);
  expect(answer(await app.send(guest, 'GET', `/${id}`))).toEqual([404, 'NOT_FOUND']);
  expect(answer(await give(guest, uuidv7(), 'organizations:read'))).toEqual([404, 'NOT_FOUND']);
});

it('B88: count in what one may give, and for how long; and in what others may not touch', async () => {
  const { id, owner, others } = await app.team(['organization-admin'], ['organization-member']);
  const [admin, member] = others as [Actor, Actor];
  // Beyond what an administrator of the organization holds: they change nothing of that member any more.
  expect((await give(member, id, 'organizations:transfer')).status).toBe(201);
  const path = `/${id}/members/${member.userId}`;
  expect(answer(await app.send(admin, 'PUT', path, { roles: ['organization-admin'] }))).toEqual([403, 'GRANT_EXCEEDS_OWN']);
  expect(answer(await app.send(admin, 'DELETE', path))).toEqual([403, 'GRANT_EXCEEDS_OWN']);
  // Holding the owner's everything for a while gives nobody that for good.
  expect((await give(admin, id, '*', { expiresAt: new Date(Date.now() + 3_600_000).toISOString() })).status).toBe(201);
  expect(answer(await app.send(admin, 'PUT', path, { roles: ['organization-owner'] }))).toEqual([403, 'GRANT_EXCEEDS_OWN']);
  const email = await app.emailOf(await app.as('member'));
  const invited = await app.send(admin, 'POST', `/${id}/invitations`, { email, roles: ['organization-owner'] });
  expect(answer(invited)).toEqual([403, 'GRANT_EXCEEDS_OWN']);
  expect((await app.send(admin, 'PUT', path, { roles: ['organization-admin'] })).status).toBe(200);
  expect((await app.send(owner, 'GET', path.replace(/\/members.*/, ''))).status).toBe(200);
});

it('end with the membership, and with the organization', async () => {
  const { id, owner, others } = await app.team(['organization-member'], ['organization-member']);
  const [removed, leaving] = others as [Actor, Actor];
  const guest = await app.as('member');
  for (const who of [removed, leaving, guest]) expect((await give(who, id, 'organizations:change')).status).toBe(201);
  const gone = await app.send(owner, 'DELETE', `/${id}/members/${removed.userId}`);
  expect(await app.facts(gone.requestId)).toEqual(['access.role-unassigned', 'organizations.member-left', 'access.permission-revoked']);
  expect((await app.send(leaving, 'POST', `/${id}/leave`)).status).toBe(204);
  for (const who of [removed, leaving]) expect((await app.send(who, 'PATCH', `/${id}`, { name: 'Mine' })).status).toBe(404);
  expect((await app.send(guest, 'PATCH', `/${id}`, { name: 'Ours' })).status).toBe(200);
  const deleted = await app.send(owner, 'DELETE', `/${id}`);
  expect(await app.facts(deleted.requestId)).toEqual(['organizations.deleted', 'access.role-unassigned', 'access.permission-revoked']);
  expect((await app.owner.query('select 1 from access.grants where scope_id = $1', [id])).rowCount).toBe(0);
  expect((await app.send(guest, 'PATCH', `/${id}`, { name: 'Ours' })).status).toBe(404);
});

it('B107: explain and AuthZEN decide inside an organization as its members meet it', async () => {
  const [ours, theirs] = [await app.team(['organization-member']), await app.team()];
  const [member, guest, stranger] = [ours.others[0]!, await app.as('member'), await app.as('member')];
  expect((await give(guest, ours.id, 'organizations:read')).status).toBe(201);
  const explain = async (who: Actor, action: string, id: string) => {
    const query = new URLSearchParams({ user: who.userId, action, resource: `organization:${id}` });
    const { status, json } = await app.call('GET', `/api/v1/access/explain?${query.toString()}`, { token: root.token });
    return status === 200 ? [json.data.outcome, json.data.reason, ...json.data.decidedBy.map(({ by }: { by: string }) => by)] : [status];
  };
  expect(await explain(member, 'organizations.get', ours.id)).toEqual(['allowed', 'granted-in-scope', 'role']);
  expect(await explain(guest, 'organizations.get', ours.id)).toEqual(['allowed', 'granted-in-scope', 'grant']);
  expect(await explain(guest, 'organizations.get', ours.id.toUpperCase())).toEqual(['allowed', 'granted-in-scope', 'grant']);
  expect(await explain(guest, 'organizations.rename', ours.id)).toEqual(['refused', 'no-role-grants']);
  expect(await explain(member, 'organizations.get', theirs.id)).toEqual(['refused', 'outside-scope']);
  expect(await explain(stranger, 'organizations.get', ours.id)).toEqual(['refused', 'outside-scope']);
  expect(await explain(root, 'organizations.delete', ours.id)).toEqual(['allowed', 'granted', 'role']);
  expect(await explain(root, 'organizations.get', uuidv7())).toEqual([404]);
  // The roles of an organization would give it inside, and nothing elsewhere.
  const ways = async (action: string) =>
    (await app.call('GET', `/api/v1/access/explain?user=${stranger.userId}&action=${action}`, { token: root.token })).json.data.needed;
  expect(await ways('access:read')).toMatchObject([[{ what: 'permission', roles: ['admin'] }]]);
  expect(await ways('organizations.get')).toMatchObject([
    [{ what: 'permission', roles: ['admin'] }],
    [{ what: 'permission-in-scope', roles: ['admin', 'organization-admin', 'organization-member', 'organization-owner'] }],
  ]);
  const evaluate = async (who: Actor, name: string, id: string) => {
    const body = { subject: { type: 'user', id: who.userId }, action: { name }, resource: { type: 'organization', id } };
    return (await app.call('POST', '/access/v1/evaluation', { token: root.token, body })).json.decision;
  };
  for (const name of ['organizations.get', 'organizations:read']) {
    const asked = [member, guest, stranger, theirs.owner, root];
    expect(await Promise.all(asked.map((who) => evaluate(who, name, ours.id)))).toEqual([true, true, false, false, true]);
  }
  await app.send(ours.owner, 'DELETE', `/${ours.id}`);
  expect(await evaluate(root, 'organizations:read', ours.id)).toBe(false);
});
