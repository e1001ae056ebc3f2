import { users } from '@plinth/core';
import { coreApp, type CoreApp } from '@plinth/core/testing';
import { system, uuidv7 } from '@plinth/kit';
import { type Actor, type CallReply, race, tally } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { features } from '../../features.ts';
import { type Member, type Project, type Role, sweepInvitations } from './contract.ts';
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
const fresh = (...roles: Role[]): Promise<[Project, ...Actor[]]> => freshOf(owner, ...roles);
const freshOf = async (by: Actor, ...roles: Role[]): Promise<[Project, ...Actor[]]> => {
  const project = await makeProject({ app }, by);
  const others: Actor[] = [];
  for (const role of roles) {
    const user = await app.as('member');
    await addMember({ app }, by, project.id, user, role);
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

/** Someone who does not sign in. */
const person = async (verified = true): Promise<{ userId: string; email: string }> => {
  const email = `person-${uuidv7()}@example.com`;
  const caller = system('test.projects', null, uuidv7());
  const made = app.kit.db.transaction((tx) => app.api(users).create(caller, tx, { email, displayName: 'Ada Lovelace', verified }));
  return { userId: (await made).id, email };
};

describe('adding', () => {
  test('a role inside, a fact, and the list of members', async () => {
    const [project] = await fresh();
    const ada = await app.as('member');
    const added = await inside(owner, project, 'POST', '/members', { userId: ada.userId, role: 'editor' });
    expect(added.status, added.text).toBe(201);
    expect(added.json.data).toEqual({ userId: ada.userId, displayName: 'Ada Lovelace', role: 'editor', since: expect.any(String) });
    expect(await app.facts(added.requestId)).toEqual(['access.role-assigned', 'projects.member-added']);
    expect(await members(project)).toEqual({ [owner.userId]: 'owner', [ada.userId]: 'editor' });
    expect(code(await inside(owner, project, 'POST', '/members', { userId: ada.userId }))).toEqual([409, 'ALREADY_IN_PROJECT']);
  });

  test('B21: an id that cannot be added is nobody’s: unknown, suspended, deleted, a program', async () => {
    const [project] = await fresh();
    const [suspended, deleted] = [await person(), await person()];
    const program = await call(admin, 'POST', '/service-accounts', { name: `deploys-${uuidv7()}`, title: 'Deploys' });
    expect(program.status).toBe(201);
    expect((await call(admin, 'POST', `/users/${suspended.userId}/suspend`, { reason: 'for the test' })).status).toBe(200);
    expect((await call(admin, 'DELETE', `/users/${deleted.userId}`)).status).toBe(204);
    for (const userId of [uuidv7(), suspended.userId, deleted.userId, program.json.data.id as string]) {
      const reply = await inside(owner, project, 'POST', '/members', { userId });
      expect([code(reply), reply.json.error.message]).toEqual([[404, 'PERSON_NOT_FOUND'], 'There is nobody of this id whom you could add']);
    }
    expect(await members(project)).toEqual({ [owner.userId]: 'owner' });
  });

  test('B21: no address of a member is shown to another', async () => {
    const [project, viewer] = await fresh('viewer');
    const { text } = await inside(viewer!, project, 'GET', '/members');
    expect(text).toContain(viewer!.userId);
    expect(text).not.toContain('@');
  });

  test('S35: sixteen add one person at once: one does, one fact', async () => {
    const [project, other] = await fresh('owner');
    const ada = await app.as('member');
    const replies = await race(16, (i) => inside(i % 2 ? owner : other!, project, 'POST', '/members', { userId: ada.userId }));
    expect(statuses(replies)).toEqual({ 201: 1, 409: 15 });
    expect(await told(project, 'projects.member-added')).toBe(3);
  });
});

describe('inviting', () => {
  const invited = async (who: Actor): Promise<string[]> =>
    (await call(who, 'GET', '/projects/invitations')).json.data.map(({ projectId }: { projectId: string }) => projectId);
  const invite = (who: Who, project: Pick<Project, 'id'>, email: string, role: Role = 'viewer') =>
    inside(who, project, 'POST', '/invitations', { email, role });

  test('who proved the address finds the invitation, and joins with its role', async () => {
    const [project] = await fresh();
    const ada = await app.as('member');
    const reply = await invite(owner, project, (await emailOf({ app }, ada)).toUpperCase(), 'editor');
    expect([reply.status, reply.text]).toEqual([202, '']);
    expect((await inside(ada, project, 'GET', '')).status).toBe(404);
    const { json } = await call(ada, 'GET', '/projects/invitations');
    expect(json.data).toEqual([{ projectId: project.id, name: 'Apollo', role: 'editor', expiresAt: expect.any(String) }]);
    const joined = await inside(ada, project, 'POST', '/join');
    expect([joined.status, await app.facts(joined.requestId)]).toEqual([204, ['access.role-assigned', 'projects.member-added']]);
    expect((await inside(ada, project, 'GET', '')).json.data.role).toBe('editor');
    expect(await invited(ada)).toEqual([]);
    expect((await inside(ada, project, 'POST', '/join')).status).toBe(404);
  });

  test('B21: nothing tells whether there is anybody: one answer, one fact, one job, and no list that grows', async () => {
    const [project, member] = await fresh('viewer');
    const [ada, twice, unproved, suspended] = [await person(), await person(), await person(false), await person()];
    await call(admin, 'POST', `/users/${suspended.userId}/suspend`, { reason: 'for the test' });
    await invite(owner, project, twice.email);
    const addresses = [
      ada.email,
      twice.email,
      unproved.email,
      suspended.email,
      await emailOf({ app }, member!),
      `none-${uuidv7()}@example.com`,
    ];
    const before = [await members(project), (await inside(owner, project, 'GET', '')).json.data];
    const jobs = async () => (await app.owner.query(`select 1 from pgboss.job where data::text like $1`, [`%${project.id}%`])).rowCount!;
    for (const email of addresses) {
      const jobsBefore = await jobs();
      const reply = await invite(owner, project, email);
      expect([email, reply.status, reply.text, await app.facts(reply.requestId)]).toEqual([email, 202, '', ['projects.member-invited']]);
      expect([email, (await jobs()) - jobsBefore]).toEqual([email, 1]);
    }
    expect([await members(project), (await inside(owner, project, 'GET', '')).json.data]).toEqual(before);
    const { rows } = await app.owner.query('select user_id from projects.invitations where project_id = $1', [project.id]);
    expect(rows.map(({ user_id }) => user_id as string).sort()).toEqual([ada.userId, twice.userId].sort());
  });

  test('B88: an invitation is worth what its author may still give, for seven days, and ends when they are added', async () => {
    const [project, other] = await fresh('owner');
    const [ada, bob, eve] = [await app.as('member'), await app.as('member'), await app.as('member')];
    await invite(other!, project, await emailOf({ app }, ada), 'owner');
    await invite(owner, project, await emailOf({ app }, bob));
    await invite(owner, project, await emailOf({ app }, eve), 'owner');
    await inside(owner, project, 'PUT', `/members/${other!.userId}`, { role: 'editor' });
    expect((await inside(ada, project, 'POST', '/join')).status).toBe(404);
    await app.owner.query(`update projects.invitations set created_at = now() - interval '7 days' where user_id = $1`, [bob.userId]);
    expect([await invited(bob), (await inside(bob, project, 'POST', '/join')).status]).toEqual([[], 404]);
    expect((await invite(owner, project, await emailOf({ app }, bob))).status).toBe(202);
    expect(await invited(bob)).toEqual([project.id]);
    await addMember({ app }, owner, project.id, eve, 'viewer');
    expect([await invited(eve), (await inside(eve, project, 'POST', '/join')).status]).toEqual([[], 404]);
    expect(await members(project)).toMatchObject({ [eve.userId]: 'viewer' });
  });

  test('S35: sixteen joins of one invitation: one membership, one fact', async () => {
    const [project] = await fresh();
    const ada = await app.as('member');
    await invite(owner, project, await emailOf({ app }, ada));
    expect(statuses(await race(16, () => inside(ada, project, 'POST', '/join')))).toEqual({ 204: 1, 404: 15 });
    expect(await told(project, 'projects.member-added')).toBe(2);
  });

  test('B28: one person is invited to at most five projects a day, however many ask at once, and nobody is told', async () => {
    const ada = await person();
    const projects = await Promise.all(Array.from({ length: 16 }, () => makeProject({ app }, owner)));
    const replies = await race(16, (i) => invite(owner, projects[i]!, ada.email));
    expect(statuses(replies)).toEqual({ 202: 16 });
    expect((await app.owner.query('select 1 from projects.invitations where user_id = $1', [ada.userId])).rowCount).toBe(5);
  });

  test('what nobody took up is removed, and goes with the project', async () => {
    const [[project], [other]] = [await fresh(), await fresh()];
    const [ada, bob] = [await person(), await person()];
    for (const where of [project, other]) for (const { email } of [ada, bob]) await invite(owner, where, email);
    const left = async ({ id }: Project) =>
      (await app.owner.query('select 1 from projects.invitations where project_id = $1', [id])).rowCount;
    await app.owner.query(`update projects.invitations set created_at = now() - interval '8 days' where user_id = $1`, [ada.userId]);
    await app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, sweepInvitations, {}));
    await expect.poll(() => left(project), { timeout: 5000 }).toBe(1);
    await call(admin, 'DELETE', `/users/${bob.userId}`);
    expect(await left(project)).toBe(0);
    await invite(owner, project, (await person()).email);
    expect((await inside(owner, project, 'DELETE', '')).status).toBe(204);
    expect(await left(project)).toBe(0);
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

  test('B89: what an administrator assigns is held to the same rules, and tells the same facts', async () => {
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
    const first = await app.as('member');
    for (let round = 0; round < 10; round++) {
      const [project, second] = await freshOf(first, 'owner');
      const replies = await race(2, (i) => {
        const [me, other] = i ? [first, second!] : [second!, first];
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
    for (const path of ['/leave', '/join']) expect((await inside(acting, project, 'POST', path)).status).toBe(403);
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
    const { projects } = (await app.kit.personalData(ada!.userId)) as { projects: unknown };
    expect(projects).toMatchObject({ memberships: [{ id: project.id, name: 'Apollo', roles: ['project-editor'] }], invitations: [] });
  });
});
