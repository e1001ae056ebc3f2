import { users } from '@plinth/core';
import { coreApp, type CoreApp } from '@plinth/core/testing';
import { system, uuidv7 } from '@plinth/kit';
import { type Actor, type CallReply, race, tally } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { features } from '../../features.ts';
import type { Member, Project, Role } from './contract.ts';
import { addMember, emailOf, makeProject } from './projects.fixtures.ts';

let app: CoreApp;
let admin: Actor;
let owner: Actor;
beforeAll(async () => {
  app = await coreApp(features);
  [admin, owner] = await Promise.all([app.as('admin'), app.as('member')]);
});
afterAll(() => app?.stop());

type Who = { readonly token: string } | { readonly key: string };
const call = (who: Who, method: string, path: string, body?: unknown) =>
  app.call(method, `/api/v1${path}`, {
    ...('token' in who ? { token: who.token } : { headers: { 'x-api-key': who.key } }),
    ...(body !== undefined && { body }),
  });
const inside = (who: Who, { id }: Pick<Project, 'id'>, method: string, path: string, body?: unknown) =>
  call(who, method, `/projects/${id}${path}`, body);
const statuses = (replies: readonly PromiseSettledResult<{ status: number }>[]) =>
  tally(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 'failed')));
const code = ({ status, json }: CallReply) => [status, json?.error?.code];
const fresh = async (...roles: Role[]): Promise<[Project, ...Actor[]]> => {
  const project = await makeProject({ app }, owner);
  const others: Actor[] = [];
  for (const role of roles) {
    const user = await app.as('member');
    await addMember({ app }, owner, project.id, user, role);
    others.push(user);
  }
  return [project, ...others];
};
const members = async (project: Pick<Project, 'id'>): Promise<Record<string, string | null>> => {
  const { json } = await inside(admin, project, 'GET', '/members');
  return Object.fromEntries(json.data.map(({ userId, role }: Member) => [userId, role]));
};
const told = async (project: Pick<Project, 'id'>, name: string): Promise<number> => {
  const columns = 'name, subject_id';
  const { rows } = await app.owner.query<{ n: number }>(
    `select count(*)::int as n from (select ${columns} from log.outbox union all select ${columns} from log.events) f where subject_id = $1 and name = $2`,
    [project.id, name],
  );
  return rows[0]!.n;
};

describe('adding', () => {
  test('by id or by proved address: a role inside, a fact, and the list of members', async () => {
    const [project] = await fresh();
    const [ada, bob] = [await app.as('member'), await app.as('member')];
    const added = await inside(owner, project, 'POST', '/members', { userId: ada.userId });
    expect(added.status, added.text).toBe(201);
    expect(added.json.data).toEqual({ userId: ada.userId, displayName: 'Ada Lovelace', role: 'viewer', since: expect.any(String) });
    expect(await app.facts(added.requestId)).toEqual(['access.role-assigned', 'projects.member-added']);
    const email = (await emailOf({ app }, bob)).toUpperCase();
    expect((await inside(owner, project, 'POST', '/members', { email, role: 'editor' })).status).toBe(201);
    expect(await members(project)).toEqual({ [owner.userId]: 'owner', [ada.userId]: 'viewer', [bob.userId]: 'editor' });
    const again = await inside(owner, project, 'POST', '/members', { email });
    expect(code(again)).toEqual([409, 'ALREADY_IN_PROJECT']);
    expect((await inside(owner, project, 'POST', '/members', { email, userId: bob.userId })).status).toBe(422);
    expect((await inside(owner, project, 'POST', '/members', {})).status).toBe(422);
  });

  test('PR4: whoever cannot be added is nobody: unknown, unproved, suspended, deleted, a program', async () => {
    const [project] = await fresh();
    const caller = system('test.projects', null, uuidv7());
    const make = async (over: object) => {
      const email = `nobody-${uuidv7()}@example.com`;
      const input = { email, displayName: 'Nobody', verified: true, ...over };
      const { id } = await app.kit.db.transaction((tx) => app.api(users).create(caller, tx, input));
      return { email, userId: id };
    };
    const [unproved, suspended, deleted] = [await make({ verified: false }), await make({}), await make({})];
    const program = await call(admin, 'POST', '/service-accounts', { name: `deploys-${uuidv7()}`, title: 'Deploys' });
    const reason = { reason: 'for the test' };
    expect((await call(admin, 'POST', `/users/${suspended.userId}/suspend`, reason)).status).toBe(200);
    expect((await call(admin, 'DELETE', `/users/${deleted.userId}`)).status).toBe(204);
    const replies = [
      { userId: uuidv7() },
      { email: 'who@example.com' },
      { email: 'no address' },
      { email: unproved.email },
      { email: suspended.email },
      { userId: suspended.userId },
      { email: deleted.email },
      { userId: deleted.userId },
      { userId: program.json.data.id as string },
    ];
    expect(program.status).toBe(201);
    for (const body of replies) {
      const reply = await inside(owner, project, 'POST', '/members', body);
      expect([body, code(reply), reply.json.error.message]).toEqual([
        body,
        [404, 'PERSON_NOT_FOUND'],
        'There is nobody whom you could add by this',
      ]);
    }
    expect(await members(project)).toEqual({ [owner.userId]: 'owner' });
  });

  test('PR4: no address of a member is shown to another', async () => {
    const [project, viewer] = await fresh('viewer');
    const { text } = await inside(viewer!, project, 'GET', '/members');
    expect(text).toContain(viewer!.userId);
    expect(text).not.toContain('@');
  });

  test('PR3: sixteen add one person at once: one does, one fact', async () => {
    const [project, other] = await fresh('owner');
    const ada = await app.as('member');
    const replies = await race(16, (i) => inside(i % 2 ? owner : other!, project, 'POST', '/members', { userId: ada.userId }));
    expect(statuses(replies)).toEqual({ 201: 1, 409: 15 });
    expect(await told(project, 'projects.member-added')).toBe(3);
  });
});

describe('roles', () => {
  test('another role takes the place of the one before; who had one already is told nothing', async () => {
    const [project, ada] = await fresh('viewer');
    const path = `/members/${ada!.userId}`;
    const changed = await inside(owner, project, 'PUT', path, { role: 'editor' });
    expect(changed.json.data).toMatchObject({ userId: ada!.userId, role: 'editor' });
    expect(await app.facts(changed.requestId)).toEqual(['access.role-assigned', 'access.role-unassigned', 'projects.member-changed']);
    const again = await inside(owner, project, 'PUT', path, { role: 'editor' });
    expect([again.status, await app.facts(again.requestId)]).toEqual([200, []]);
    expect((await inside(ada!, project, 'PATCH', '', { name: 'Mine' })).status).toBe(200);
    await inside(owner, project, 'PUT', path, { role: 'viewer' });
    expect((await inside(ada!, project, 'PATCH', '', { name: 'Mine' })).status).toBe(403);
    expect(code(await inside(owner, project, 'PUT', `/members/${uuidv7()}`, { role: 'viewer' }))).toEqual([
      404,
      'PROJECT_MEMBER_NOT_FOUND',
    ]);
    expect((await inside(owner, project, 'PUT', path, { role: 'admin' })).status).toBe(422);
  });

  test('B88: nobody gives or takes what they do not hold inside the project', async () => {
    const [project, keeper, viewer] = await fresh('editor', 'viewer');
    const ada = await app.as('member');
    // An editor who may change members, by a permission of their own.
    const body = { userId: keeper!.userId, permission: 'projects:manage-members', scope: { type: 'project', id: project.id } };
    expect((await call(admin, 'POST', '/access/grants', body)).status).toBe(201);
    const exceeds = [403, 'GRANT_EXCEEDS_OWN'];
    expect(code(await inside(keeper!, project, 'POST', '/members', { userId: ada.userId, role: 'owner' }))).toEqual(exceeds);
    expect(code(await inside(keeper!, project, 'PUT', `/members/${viewer!.userId}`, { role: 'owner' }))).toEqual(exceeds);
    expect(code(await inside(keeper!, project, 'PUT', `/members/${keeper!.userId}`, { role: 'owner' }))).toEqual(exceeds);
    expect(code(await inside(keeper!, project, 'PUT', `/members/${owner.userId}`, { role: 'viewer' }))).toEqual(exceeds);
    expect(code(await inside(keeper!, project, 'DELETE', `/members/${owner.userId}`))).toEqual(exceeds);
    expect((await inside(keeper!, project, 'POST', '/members', { userId: ada.userId, role: 'editor' })).status).toBe(201);
    expect((await inside(keeper!, project, 'DELETE', `/members/${viewer!.userId}`)).status).toBe(204);
    // The owner, with a key that may only change members.
    const key = await call(owner, 'POST', '/api-keys', { label: 'x', scopes: ['projects:manage-members'] });
    const bob = await app.as('member');
    expect(code(await inside({ key: key.json.data.key }, project, 'POST', '/members', { userId: bob.userId }))).toEqual(exceeds);
    expect(await members(project)).toEqual({ [owner.userId]: 'owner', [keeper!.userId]: 'editor', [ada.userId]: 'editor' });
  });

  test('PR3: what an administrator assigns is held to the same rules, and tells the same facts', async () => {
    const [project] = await fresh();
    const ada = await app.as('member');
    const scope = { type: 'project', id: project.id };
    const given = await call(admin, 'POST', '/access/assignments', { userId: ada.userId, role: 'project-editor', scope });
    expect(given.status, given.text).toBe(201);
    expect(await app.facts(given.requestId)).toEqual(['access.role-assigned', 'projects.member-added']);
    const nowhere = { type: 'project', id: uuidv7() };
    expect((await call(admin, 'POST', '/access/assignments', { userId: ada.userId, role: 'project-editor', scope: nowhere })).status).toBe(
      404,
    );
    expect((await call(admin, 'POST', '/access/assignments', { userId: ada.userId, role: 'project-editor' })).status).toBe(422);
    const { json } = await call(admin, 'GET', `/access/assignments?userId=${owner.userId}&role=project-owner&limit=100`);
    const own = json.data.find((row: { scope: { id: string } }) => row.scope.id === project.id);
    expect(code(await call(admin, 'DELETE', `/access/assignments/${own.id}`))).toEqual([409, 'LAST_OWNER']);
    expect((await call(admin, 'POST', '/access/roles', { name: 'scribe', title: 'Scribe', permissions: ['projects:write'] })).status).toBe(
      201,
    );
    await call(admin, 'POST', '/access/assignments', { userId: ada.userId, role: 'scribe', scope });
    await call(admin, 'DELETE', `/access/assignments/${given.json.data.id}`);
    expect(await members(project)).toEqual({ [owner.userId]: 'owner', [ada.userId]: null });
  });
});

describe('leaving', () => {
  test('every member may leave, whatever their role grants; then the project is none', async () => {
    const [project, ada] = await fresh('viewer');
    const left = await inside(ada!, project, 'POST', '/leave');
    expect([left.status, await app.facts(left.requestId)]).toEqual([204, ['access.role-unassigned', 'projects.member-removed']]);
    expect((await inside(ada!, project, 'GET', '')).status).toBe(404);
    expect((await inside(ada!, project, 'POST', '/leave')).status).toBe(404);
  });

  test('who is removed loses what they were given directly too', async () => {
    const [project, ada] = await fresh('viewer');
    const body = { userId: ada!.userId, permission: 'projects:write', scope: { type: 'project', id: project.id } };
    await call(admin, 'POST', '/access/grants', body);
    expect((await inside(ada!, project, 'PATCH', '', { name: 'Mine' })).status).toBe(200);
    expect((await inside(owner, project, 'DELETE', `/members/${ada!.userId}`)).status).toBe(204);
    for (const method of ['GET', 'PATCH'])
      expect((await inside(ada!, project, method, '', method === 'GET' ? undefined : { name: 'X' })).status).toBe(404);
    expect(code(await inside(owner, project, 'DELETE', `/members/${ada!.userId}`))).toEqual([404, 'PROJECT_MEMBER_NOT_FOUND']);
  });

  test('B89: the last owner stays', async () => {
    const [project, ada] = await fresh('editor');
    const last = [409, 'LAST_OWNER'];
    expect(code(await inside(owner, project, 'POST', '/leave'))).toEqual(last);
    expect(code(await inside(owner, project, 'DELETE', `/members/${owner.userId}`))).toEqual(last);
    expect(code(await inside(owner, project, 'PUT', `/members/${owner.userId}`, { role: 'editor' }))).toEqual(last);
    expect(await members(project)).toEqual({ [owner.userId]: 'owner', [ada!.userId]: 'editor' });
    await inside(owner, project, 'PUT', `/members/${ada!.userId}`, { role: 'owner' });
    expect((await inside(owner, project, 'POST', '/leave')).status).toBe(204);
  });

  test.each([
    ['leave', (_other: Actor) => ['POST', '/leave'] as const],
    ['remove each other', (other: Actor) => ['DELETE', `/members/${other.userId}`] as const],
    ['demote each other', (other: Actor) => ['PUT', `/members/${other.userId}`, { role: 'viewer' }] as const],
  ])('B89: two owners %s at once: one stays, always', async (_what, how) => {
    for (let round = 0; round < 10; round++) {
      const [project, second] = await fresh('owner');
      const replies = await race(2, (i) => {
        const [me, other] = i ? [owner, second!] : [second!, owner];
        const [method, path, body] = how(other);
        return inside(me, project, method, path, body);
      });
      const succeeded = replies.filter((reply) => reply.status === 'fulfilled' && reply.value.status < 300);
      expect([succeeded.length, statuses(replies)]).toEqual([1, expect.not.objectContaining({ 500: expect.any(Number) })]);
      expect(Object.values(await members(project)).filter((role) => role === 'owner')).toHaveLength(1);
    }
  });

  test('B89: who is deleted takes along what is theirs alone, and is not deleted while others would be left without an owner', async () => {
    const user = await app.as('member');
    const [alone, shared] = [await makeProject({ app }, user), await makeProject({ app }, user)];
    await addMember({ app }, user, shared.id, owner, 'viewer');
    expect(code(await call(admin, 'DELETE', `/users/${user.userId}`))).toEqual([409, 'LAST_OWNER']);
    await inside(user, shared, 'PUT', `/members/${owner.userId}`, { role: 'owner' });
    expect((await call(admin, 'DELETE', `/users/${user.userId}`)).status).toBe(204);
    expect((await inside(admin, alone, 'GET', '')).status).toBe(404);
    expect(await members(shared)).toEqual({ [owner.userId]: 'owner' });
  });

  test('B90: whoever acts as a user neither ends nor changes that user’s membership', async () => {
    const [project] = await fresh('owner');
    const begun = await call(admin, 'POST', '/impersonation', { userId: owner.userId, reason: 'for the test' });
    const acting = { token: begun.json.data.accessToken as string };
    expect((await inside(acting, project, 'POST', '/leave')).status).toBe(403);
    expect((await inside(acting, project, 'DELETE', `/members/${owner.userId}`)).status).toBe(403);
    expect((await inside(acting, project, 'PUT', `/members/${owner.userId}`, { role: 'viewer' })).status).toBe(403);
  });

  test('a role that ends by the clock ends the membership, with a fact', async () => {
    const [project] = await fresh();
    const ada = await app.as('member');
    await app.owner.query(
      `insert into access.assignments (id, user_id, role, scope_type, scope_id, created_at, expires_at)
       values ($1, $2, 'project-viewer', 'project', $3, now() - interval '1 hour', now() - interval '1 second')`,
      [uuidv7(), ada.userId, project.id],
    );
    expect((await inside(ada, project, 'GET', '')).status).toBe(404);
    const again = await inside(owner, project, 'POST', '/members', { userId: ada.userId });
    const facts = ['access.role-expired', 'projects.member-removed', 'access.role-assigned', 'projects.member-added'];
    expect([again.status, await app.facts(again.requestId)]).toEqual([201, facts]);
  });

  test('one’s own memberships are part of one’s data', async () => {
    const [project, ada] = await fresh('editor');
    const { projects } = (await app.kit.personalData(ada!.userId)) as { projects: { id: string; roles: string[] }[] };
    expect(projects).toMatchObject([{ id: project.id, name: 'Apollo', roles: ['project-editor'] }]);
  });
});
