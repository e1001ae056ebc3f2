import { uuidv7 } from '@plinth/kit';
import type { Actor } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweepExpired } from '../access/contract.ts';
import { organizedApp, type Organized } from './organizations.testing.ts';

let app: Organized;
let root: Actor;
beforeAll(async () => {
  app = await organizedApp();
  root = await app.as('admin');
});
afterAll(() => app?.stop());

const [OWNER, ADMIN, MEMBER] = ['organization-owner', 'organization-admin', 'organization-member'] as const;
const answer = ({ status, json }: { status: number; json: { error?: { code: string } } }) => [status, json?.error?.code];
const server = (method: string, path: string, body?: unknown) =>
  app.call(method, `/api/v1${path}`, { token: root.token, ...(body !== undefined && { body }) });
const assign = (userId: string, role: string, id: string, more: object = {}) =>
  server('POST', '/access/assignments', { userId, role, scope: { type: 'organization', id }, ...more });
const suspend = (userId: string) => server('POST', `/users/${userId}/suspend`, { reason: 'testing' });
/** As if it had ended a second ago. */
const expire = (userId: string, id: string) =>
  app.owner.query(
    `update access.assignments set created_at = now() - interval '1 hour', expires_at = now() - interval '1 second' where user_id = $1 and scope_id = $2 and expires_at is not null`,
    [userId, id],
  );

describe('an owner for a while', () => {
  const later = () => ({ expiresAt: new Date(Date.now() + 3_600_000).toISOString() });

  it('B89: ends by the clock, also where the lasting owner is suspended, and holds up no other that ends', async () => {
    const [{ id, owner }, temporary, other] = [await app.team(), await app.as('member'), await app.as('member')];
    expect((await assign(temporary.userId, OWNER, id, later())).status).toBe(201);
    expect((await suspend(owner.userId)).status).toBe(200);
    await expire(temporary.userId, id);
    const team = await app.team();
    expect((await assign(other.userId, MEMBER, team.id, later())).status).toBe(201);
    await expire(other.userId, team.id);
    await app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, sweepExpired, {}));
    const left = async () =>
      (
        await app.owner.query('select 1 from access.assignments where expires_at < now() and user_id = any($1)', [
          [temporary.userId, other.userId],
        ])
      ).rowCount;
    await expect.poll(left, { timeout: 5000 }).toBe(0);
    expect(await app.told(id, 'organizations.member-left')).toBe(1);
  });
  it('B89: goes, or becomes a lasting one, also where the lasting owner is suspended', async () => {
    const [{ id, owner }, leaving, staying] = [await app.team(), await app.as('member'), await app.as('member')];
    for (const { userId } of [leaving, staying]) expect((await assign(userId, OWNER, id, later())).status).toBe(201);
    expect((await suspend(owner.userId)).status).toBe(200);
    expect((await app.send(leaving, 'POST', `/${id}/leave`)).status).toBe(204);
    const moved = await app.send(root, 'POST', `/${id}/transfer`, { userId: staying.userId });
    expect(moved.status, moved.text).toBe(204);
    expect(await app.owners(id)).toEqual([staying.userId]);
  });
});

it('B89: a program owns nothing for good: the last person who does stays', async () => {
  const { id, owner } = await app.team();
  const account = (await server('POST', '/service-accounts', { name: `bot-${uuidv7()}`, title: 'Bot' })).json.data.id as string;
  expect((await assign(account, OWNER, id)).status).toBe(201);
  expect(answer(await app.send(owner, 'POST', `/${id}/leave`))).toEqual([409, 'LAST_OWNER']);
  expect(answer(await app.send(owner, 'POST', `/${id}/transfer`, { userId: account }))).toEqual([409, 'LAST_OWNER']);
  expect(await app.owners(id)).toContain(owner.userId);
});

it('B85: an invitation to a role that is no more lets nobody in', async () => {
  const role = `gone-${uuidv7().slice(-8)}`;
  expect((await server('POST', '/access/roles', { name: role, title: 'Gone', permissions: ['organizations:read'] })).status).toBe(201);
  const [{ id, name, owner }, guest] = [await app.team(), await app.as('member')];
  const email = await app.emailOf(guest);
  await app.invite(owner, id, email, [MEMBER, role]);
  const token = await app.mailed(email, name);
  expect((await server('DELETE', `/access/roles/${role}`)).status).toBe(204);
  expect(answer(await app.send(guest, 'POST', '/invitations/accept', { token }))).toEqual([400, 'INVALID_INVITATION']);
  expect((await app.send(guest, 'GET', `/${id}`)).status).toBe(404);
});

it('B90: whoever acts as an owner hands nothing over, ends nothing, and changes no membership of that owner', async () => {
  const { id, owner, others } = await app.team([OWNER], [MEMBER]);
  const acting = await server('POST', '/impersonation', { userId: owner.userId, reason: 'testing' });
  const token = acting.json.data.accessToken as string;
  const path = `/${id}/members/${owner.userId}`;
  expect(answer(await app.send({ token }, 'DELETE', path))).toEqual([403, 'FORBIDDEN']);
  expect(answer(await app.send({ token }, 'DELETE', path.toUpperCase().replace('MEMBERS', 'members')))).toEqual([403, 'FORBIDDEN']);
  expect(answer(await app.send({ token }, 'PUT', path, { roles: [MEMBER] }))).toEqual([403, 'FORBIDDEN']);
  expect(answer(await app.send({ token }, 'POST', `/${id}/leave`))).toEqual([403, 'FORBIDDEN']);
  for (const [method, at, body] of [
    ['POST', `/${id}/transfer`, { userId: others[1]!.userId }],
    ['DELETE', `/${id}`, undefined],
  ] as const)
    expect((await app.send({ token }, method, at, body)).status).toBe(403);
  expect(await app.owners(id)).toHaveLength(2);
});

describe('a key', () => {
  it('B91: of an owner does inside what its scopes say, gives no more than they do, and reaches nothing else', async () => {
    const [{ id, owner, others }, other] = [await app.team([MEMBER]), await app.team()];
    const member = others[0]!;
    const keyOf = async (...scopes: string[]) => {
      const made = await app.call('POST', '/api/v1/api-keys', { token: owner.token, body: { label: 'x', scopes } });
      expect(made.status, made.text).toBe(201);
      return { 'x-api-key': made.json.data.key as string };
    };
    const send = (headers: Record<string, string>, method: string, path: string, body?: unknown) =>
      app.call(method, `/api/v1/organizations${path}`, { headers, ...(body !== undefined && { body }) });
    const manager = await keyOf('organizations:manage-members');
    expect((await send(manager, 'GET', `/${id}/invitations`)).status).toBe(200);
    const path = `/${id}/members/${member.userId}`;
    for (const roles of [[OWNER], [ADMIN], [MEMBER, ADMIN]])
      expect(answer(await send(manager, 'PUT', path, { roles }))).toEqual([403, 'GRANT_EXCEEDS_OWN']);
    const email = `x-${uuidv7()}@example.com`;
    expect(answer(await send(manager, 'POST', `/${id}/invitations`, { email, roles: [ADMIN] }))).toEqual([403, 'GRANT_EXCEEDS_OWN']);
    for (const [method, at, body] of [
      ['GET', `/${id}`],
      ['GET', `/${id}/members`],
      ['PATCH', `/${id}`, { name: 'x' }],
      ['DELETE', `/${id}`],
      ['POST', `/${id}/transfer`, { userId: member.userId }],
      ['POST', `/${id}/leave`],
      ['POST', '/invitations/accept', { token: 'x' }],
    ] as const)
      expect([method, at, (await send(manager, method, at, body)).status]).toEqual([method, at, 403]);
    const wide = await keyOf('*');
    expect((await send(wide, 'GET', `/${other.id}`)).status).toBe(404);
    expect((await send(wide, 'GET', `/${other.id}/invitations`)).status).toBe(404);
    expect(answer(await send(wide, 'DELETE', `/${id}`))).toEqual([401, 'INSUFFICIENT_USER_AUTHENTICATION']);
    expect((await app.call('GET', '/api/v1/access/roles', { headers: wide })).status).toBe(403);
  });
});

describe('wrong and huge input', () => {
  it('is named, and never an error of the server', async () => {
    const { id, owner, others } = await app.team([MEMBER]);
    const big = 'x'.repeat(100_000);
    const attempts: [string, string, unknown?][] = [
      ['POST', '', { name: big }],
      ['POST', '', { name: '' }],
      ['POST', '', { name: 'a\u202eb' }],
      ['POST', '', { name: 'x', seats: 1_000_000 }],
      ['POST', '', []],
      ['POST', '', null],
      ['PATCH', `/${id}`, { name: { toString: 1 } }],
      ['PATCH', `/${id}`, { name: 'a\u0000b' }],
      ['GET', '/not-an-id'],
      ['GET', `/${id}%00`],
      ['GET', `/${id}/members?page=0`],
      ['GET', `/${id}/members?page=9007199254740993`],
      ['GET', `/${id}/members?limit=100000`],
      ['GET', `/${id}/members?page=-1`],
      ['GET', '?page=1e9'],
      ['GET', `/${id}/invitations?limit=x`],
      ['POST', `/${id}/invitations`, { email: `${'x'.repeat(250)}@example.com` }],
      ['POST', `/${id}/invitations`, { email: 'a@b@example.com' }],
      ['POST', `/${id}/invitations`, { email: 'x@example.com\r\nbcc: y@example.com' }],
      ['POST', `/${id}/invitations`, { email: 'x@example.com', roles: Array.from({ length: 10_000 }, (_, i) => `r${i}`) }],
      ['POST', `/${id}/invitations`, { email: 'x@example.com', roles: [big] }],
      ['POST', `/${id}/invitations`, { email: 'x@example.com', roles: [MEMBER], expiresAt: '2099-01-01T00:00:00Z' }],
      ['PUT', `/${id}/members/${others[0]!.userId}`, { roles: { 0: MEMBER, length: 1 } }],
      ['PUT', `/${id}/members/${others[0]!.userId}`, { roles: [null] }],
      ['POST', `/${id}/transfer`, { userId: 'someone' }],
      ['POST', `/${id}/transfer`, {}],
      ['POST', '/invitations/accept', { token: big }],
      ['POST', '/invitations/accept', { token: 'ü'.repeat(200) }],
      ['POST', '/invitations/accept', { token: ['a'] }],
    ];
    for (const [method, path, body] of attempts) {
      const { status } = await app.send(owner, method, path, body);
      expect([method, path, status >= 400 && status < 500]).toEqual([method, path, true]);
    }
  });
  it('ids in capitals name the same organization and the same people', async () => {
    const { id, owner, others } = await app.team([ADMIN]);
    const path = `/${id.toUpperCase()}/members/${others[0]!.userId.toUpperCase()}`;
    expect((await app.send(owner, 'PUT', path, { roles: [MEMBER] })).json.data).toMatchObject({
      userId: others[0]!.userId,
      roles: [MEMBER],
    });
    expect((await app.send(others[0]!, 'GET', `/${id}/invitations`)).status).toBe(403);
    // To oneself: nothing changes.
    expect((await app.send(owner, 'POST', `/${id.toUpperCase()}/transfer`, { userId: owner.userId.toUpperCase() })).status).toBe(204);
    expect((await app.send(owner, 'GET', `/${id}`)).json.data.roles).toEqual([OWNER]);
  });
});
