import { coreApp, type CoreApp } from '@plinth/core/testing';
import { uuidv7 } from '@plinth/kit';
import { type Actor, type CallOptions, race, tally } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { features } from '../../features.ts';
import type { Project, Visibility } from './contract.ts';
import { addMember, makeProject } from './projects.fixtures.ts';
import { salted, Slug, slugOf } from './slug.ts';

let app: CoreApp;
let owner: Actor;
let editor: Actor;
let viewer: Actor;
let stranger: Actor;
let admin: Actor;
beforeAll(async () => {
  app = await coreApp(features);
  [owner, editor, viewer, stranger] = await Promise.all([app.as('member'), app.as('member'), app.as('member'), app.as('member')]);
  admin = await app.as('admin');
});
afterAll(() => app?.stop());

type Who = { readonly token: string } | null;
const call = (who: Who, method: string, path: string, body?: unknown, more: CallOptions = {}) =>
  app.call(method, `/api/v1/projects${path}`, { token: who?.token, ...(body !== undefined && { body }), ...more });
const statuses = (replies: readonly PromiseSettledResult<{ status: number }>[]) =>
  tally(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 'failed')));
const unused = () => `s${uuidv7().replaceAll('-', '')}`;
/** A project of the owner's with an editor and a viewer in it. */
const staffed = async (visibility: Visibility = 'private'): Promise<Project> => {
  const project = await makeProject({ app }, owner, { visibility, slug: unused() });
  await addMember({ app }, owner, project.id, editor, 'editor');
  await addMember({ app }, owner, project.id, viewer, 'viewer');
  return project;
};

describe('creating', () => {
  test('201 with the project; who created it owns it, by a role inside it', async () => {
    const slug = unused();
    const reply = await call(owner, 'POST', '', { name: '  Apollo ', slug: ` ${slug.toUpperCase()} ` });
    expect(reply.status, reply.text).toBe(201);
    const made = reply.json.data as Project;
    expect(made).toMatchObject({
      slug,
      name: 'Apollo',
      description: '',
      visibility: 'private',
      role: 'owner',
      archivedAt: null,
      version: 1,
    });
    expect(reply.headers.get('etag')).toBe('"1"');
    expect(await app.facts(reply.requestId)).toEqual(['projects.created', 'access.role-assigned', 'projects.member-added']);
    expect((await call(owner, 'GET', `/${made.id}`)).json.data).toEqual(made);
    expect((await call(owner, 'GET', `/by-slug/${slug.toUpperCase()}`)).json.data).toEqual(made);
    const { rows } = await app.owner.query('select role, scope_type from access.assignments where scope_id = $1', [made.id]);
    expect(rows).toEqual([{ role: 'project-owner', scope_type: 'project' }]);
  });

  test('S35: a slug is taken once, however many ask at once; free again when its project is deleted', async () => {
    const slug = unused();
    const replies = await race(16, () => call(owner, 'POST', '', { name: 'Apollo', slug }));
    expect(statuses(replies)).toEqual({ 201: 1, 409: 15 });
    const late = await call(stranger, 'POST', '', { name: 'Apollo', slug });
    expect([late.status, late.json.error.code]).toEqual([409, 'SLUG_TAKEN']);
    expect(await app.facts(late.requestId)).toEqual([]);
    const { id } = (await call(owner, 'GET', `/by-slug/${slug}`)).json.data as Project;
    await call(owner, 'DELETE', `/${id}`);
    expect((await call(stranger, 'POST', '', { name: 'Apollo', slug })).status).toBe(201);
  });

  test('S35: a slug that is made from the name gives way: sixteen of one name are sixteen slugs', async () => {
    const name = `Große Brücke ${uuidv7()}`;
    const replies = await race(16, () => call(owner, 'POST', '', { name }));
    expect(statuses(replies)).toEqual({ 201: 16 });
    const slugs = replies.map((reply) => (reply as PromiseFulfilledResult<{ json: { data: Project } }>).value.json.data.slug);
    expect(new Set(slugs).size).toBe(16);
    expect(slugs.filter((slug) => slug === slugOf(name))).toHaveLength(1);
    for (const slug of slugs) expect(slug).toMatch(/^grosse-brucke-[0-9a-f-]+$/);
  });

  test.each([
    ['Große Brücke 2', 'grosse-brucke-2'],
    ['  --A  &  B--  ', 'a-b'],
    ['Ĳmuiden ﬁle', 'ijmuiden-file'],
    ['你好', ''],
    ['x'.repeat(63) + ' y', 'x'.repeat(63)],
  ])('the slug of %j is %j', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
    expect(Slug.safeParse(salted(slug, '0a1b2c3d')).success).toBe(true);
  });
  test.each(['你好', 'New', 'By slug', '5e5f0000-0000-7000-8000-000000000000'])(
    'a project may be named %j, and has a usable slug',
    async (name) => {
      const { json } = await call(owner, 'POST', '', { name });
      expect(json.data.name).toBe(name);
      expect(Slug.safeParse(json.data.slug).success).toBe(true);
    },
  );
  test.each([
    ['a reserved slug', { slug: 'new' }, 'slug'],
    ['a slug that reads as an id', { slug: uuidv7() }, 'slug'],
    ['a slug with two hyphens', { slug: 'a--b' }, 'slug'],
    ['a slug with letters that look like others', { slug: 'аpollo' }, 'slug'],
    ['an empty name', { name: ' ' }, 'name'],
    ['a visibility that is none', { visibility: 'secret' }, 'visibility'],
  ])('422 for %s', async (_what, over, field) => {
    const reply = await call(owner, 'POST', '', { name: 'Apollo', ...over });
    expect([reply.status, Object.keys(reply.json.error.fields)]).toEqual([422, [field]]);
  });
});

describe('who sees it', () => {
  test.each([
    ['private', { owner: 200, editor: 200, viewer: 200, admin: 200, stranger: 404, guest: 404 }],
    ['internal', { owner: 200, editor: 200, viewer: 200, admin: 200, stranger: 200, guest: 404 }],
    ['public', { owner: 200, editor: 200, viewer: 200, admin: 200, stranger: 200, guest: 200 }],
  ] as const)('B87: a %s project, by id, by slug and in lists', async (visibility, expected) => {
    const project = await staffed(visibility);
    const people = { owner, editor, viewer, admin, stranger, guest: null };
    for (const [name, status] of Object.entries(expected)) {
      const who = people[name as keyof typeof people];
      for (const path of [`/${project.id}`, `/by-slug/${project.slug}`])
        expect([name, (await call(who, 'GET', path)).status]).toEqual([name, status]);
      const { json } = await call(who, 'GET', `?q=${project.slug}`);
      expect([name, json.data.map(({ id }: Project) => id)]).toEqual([name, status === 200 ? [project.id] : []]);
      expect([name, json.meta.pagination.total]).toEqual([name, status === 200 ? 1 : 0]);
    }
  });

  test('B87: to a stranger a private project is a project that never was, in every operation', async () => {
    const project = await staffed();
    const told = ({ status, json }: { status: number; json: { error: { code: string; message: string } } }) => [
      status,
      json.error.code,
      json.error.message,
    ];
    const calls = (id: string, slug: string) =>
      [
        ['GET', `/${id}`],
        ['GET', `/by-slug/${slug}`],
        ['PATCH', `/${id}`, { name: 'Mine' }],
        ['POST', `/${id}/archive`],
        ['POST', `/${id}/restore`],
        ['DELETE', `/${id}`],
        ['GET', `/${id}/members`],
        ['POST', `/${id}/members`, { userId: stranger.userId }],
        ['PUT', `/${id}/members/${viewer.userId}`, { role: 'owner' }],
        ['DELETE', `/${id}/members/${viewer.userId}`],
        ['POST', `/${id}/leave`],
        ['POST', `/${id}/invitations`, { email: 'ada@example.com' }],
        ['POST', `/${id}/join`],
      ] as const;
    const never = calls(uuidv7(), unused());
    for (const [i, [method, path, body]] of calls(project.id, project.slug).entries()) {
      const reply = await call(stranger, method, path, body);
      expect([path, reply.status]).toEqual([path, 404]);
      expect(reply.text).not.toMatch(new RegExp(`${project.id}|${project.slug}`));
      const [otherMethod, otherPath, otherBody] = never[i]!;
      expect(told(reply)).toEqual(told(await call(stranger, otherMethod, otherPath, otherBody)));
    }
    expect((await call(owner, 'GET', `/${project.id}`)).json.data).toEqual(project);
  });

  test('B104: lists hold exactly what a look at each one finds, for everybody, in every order, by page and by cursor', async () => {
    const crew = await Promise.all([app.as('member'), app.as('member'), app.as('member')]);
    const word = `w${uuidv7().replaceAll('-', '')}`;
    const made: Project[] = [];
    for (let i = 0; i < 30; i++) {
      const by = crew[i % 3]!;
      const visibility = (['private', 'internal', 'public', 'private'] as const)[i % 4]!;
      const project = await makeProject({ app }, by, { name: `${word} ${i % 5}`, slug: unused(), visibility });
      if (i % 5 === 0) await addMember({ app }, by, project.id, crew[(i + 1) % 3]!, 'viewer');
      if (i % 7 === 0) {
        // Seen by a permission alone, given by an administrator.
        const body = { userId: stranger.userId, permission: 'projects:read', scope: { type: 'project', id: project.id } };
        expect((await app.call('POST', '/api/v1/access/grants', { token: admin.token, body })).status).toBe(201);
      }
      made.push(project);
    }
    const key = await app.call('POST', '/api/v1/api-keys', { token: crew[0].token, body: { label: 'x', scopes: ['projects:browse'] } });
    const everybody: [string, CallOptions][] = [
      ...[...crew, stranger, admin].map(({ userId, token }): [string, CallOptions] => [userId, { token }]),
      ['guest', {}],
      ['a key that may browse only', { headers: { 'x-api-key': key.json.data.key as string } }],
    ];
    const counts = new Set<number>();
    for (const [name, who] of everybody) {
      const found = new Set<string>();
      for (const { id } of made) if ((await call(null, 'GET', `/${id}`, undefined, who)).status === 200) found.add(id);
      counts.add(found.size);
      for (const sort of ['newest', 'updated', 'name']) {
        const byPage: string[] = [];
        for (let page = 1; page <= 4; page++) {
          const { json } = await call(null, 'GET', `?q=${word}&sort=${sort}&limit=8&page=${page}`, undefined, who);
          expect([name, json.meta.pagination.total]).toEqual([name, found.size]);
          byPage.push(...json.data.map(({ id }: Project) => id));
        }
        const byCursor: string[] = [];
        for (let cursor: string | null = ''; cursor !== null && byCursor.length <= 30;) {
          const { json }: { json: { data: Project[]; meta: { pagination: { nextCursor: string | null } } } } = await call(
            null,
            'GET',
            `?q=${word}&sort=${sort}&limit=7&cursor=${encodeURIComponent(cursor)}`,
            undefined,
            who,
          );
          byCursor.push(...json.data.map(({ id }) => id));
          cursor = json.meta.pagination.nextCursor;
        }
        expect([name, sort, [...byPage].sort()]).toEqual([name, sort, [...found].sort()]);
        expect([name, sort, byCursor]).toEqual([name, sort, byPage]);
      }
    }
    expect(counts.size).toBeGreaterThan(3); // they do not all see the same
  });

  test('lists of one’s own, archived or not', async () => {
    const user = await app.as('member');
    const [own, archived] = [await makeProject({ app }, user), await makeProject({ app }, user)];
    await call(user, 'POST', `/${archived.id}/archive`);
    await makeProject({ app }, owner, { visibility: 'public' });
    const ids = async (query: string, who: Who = user) => (await call(who, 'GET', query)).json.data.map(({ id }: Project) => id);
    expect(await ids('?member=me')).toEqual([own.id]);
    expect(await ids('?member=me&state=archived')).toEqual([archived.id]);
    expect(await ids('?member=me&state=all')).toEqual([archived.id, own.id]);
    expect(await ids('?member=me&state=all', null)).toEqual([]);
    expect((await call(user, 'GET', '?member=me')).json.data[0].role).toBe('owner');
    expect((await call(user, 'GET', '?sort=slug')).status).toBe(422);
  });
});

describe('changing', () => {
  test('viewers see, editors change, owners do the rest', async () => {
    const { id } = await staffed();
    const may = async (who: Who, method: string, path: string, body?: unknown) => (await call(who, method, `/${id}${path}`, body)).status;
    expect(await may(null, 'PATCH', '', { name: 'X' })).toBe(401);
    expect(await may(viewer, 'PATCH', '', { name: 'X' })).toBe(403);
    expect(await may(editor, 'PATCH', '', { name: 'X' })).toBe(200);
    for (const who of [viewer, editor]) {
      expect(await may(who, 'POST', '/archive')).toBe(403);
      expect(await may(who, 'DELETE', '')).toBe(403);
      expect(await may(who, 'POST', '/members', { userId: stranger.userId })).toBe(403);
      expect(await may(who, 'GET', '/members')).toBe(200);
    }
    expect(await may(owner, 'POST', '/archive')).toBe(200);
    expect(await may(owner, 'DELETE', '')).toBe(204);
  });

  test('a fact with what was before and after, and only of what differs', async () => {
    const { id, slug } = await staffed();
    const reply = await call(editor, 'PATCH', `/${id}`, { name: 'Artemis', visibility: 'internal' });
    expect(reply.json.data).toMatchObject({ name: 'Artemis', visibility: 'internal', slug, version: 2, role: 'editor' });
    const { rows } = await app.owner.query(
      'select name, payload, changes, actor, subject_type, subject_id from (select name, payload, changes, actor, subject_type, subject_id, request_id from log.outbox union all select name, payload, changes, actor, subject_type, subject_id, request_id from log.events) f where request_id = $1',
      [reply.requestId],
    );
    expect(rows).toEqual([
      {
        name: 'projects.updated',
        payload: { projectId: id, slug, version: 2 },
        changes: { name: { before: 'Apollo', after: 'Artemis' }, visibility: { before: 'private', after: 'internal' } },
        actor: editor.userId,
        subject_type: 'project',
        subject_id: id,
      },
    ]);
  });

  test('412 from an old version, one winner among 16 from the same version', async () => {
    const { id } = await staffed();
    const ifMatch = { headers: { 'if-match': '"1"' } };
    const replies = await race(16, (i) => call(i % 2 ? owner : editor, 'PATCH', `/${id}`, { name: `Name ${i}` }, ifMatch));
    expect(statuses(replies)).toEqual({ 200: 1, 412: 15 });
    for (const [method, path] of [
      ['DELETE', ''],
      ['POST', '/archive'],
    ] as const)
      // prettier-ignore
      expect((await call(owner, method, `/${id}${path}`, undefined, ifMatch)).status).toBe(412);
    expect((await call(owner, 'GET', `/${id}`)).json.data.version).toBe(2);
  });

  test('B99: who lost the right while their change waited for another has lost it', async () => {
    const { id } = await staffed();
    await app.owner.query('begin');
    await app.owner.query('select 1 from projects.projects where id = $1 for update', [id]);
    const waiting = call(editor, 'PATCH', `/${id}`, { name: 'Mine' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await app.owner.query('delete from access.assignments where user_id = $1 and scope_id = $2', [editor.userId, id]);
    await app.owner.query('commit');
    expect((await waiting).status).toBe(404);
    expect((await call(owner, 'GET', `/${id}`)).json.data.name).toBe('Apollo');
  });

  test('409 for the slug of another project, whether one sees that or not', async () => {
    const [one, two] = [await makeProject({ app }, stranger), await makeProject({ app }, owner)];
    const reply = await call(owner, 'PATCH', `/${two.id}`, { slug: one.slug });
    expect([reply.status, reply.json.error.code]).toEqual([409, 'SLUG_TAKEN']);
  });

  test('an archived project stays as it is until it is restored; twice is once', async () => {
    const { id } = await staffed();
    const archived = await call(owner, 'POST', `/${id}/archive`);
    expect(archived.json.data).toMatchObject({ version: 2, archivedAt: expect.any(String) });
    expect(await app.facts(archived.requestId)).toEqual(['projects.archived']);
    const again = await call(owner, 'POST', `/${id}/archive`);
    expect([again.status, again.json.data, await app.facts(again.requestId)]).toEqual([200, archived.json.data, []]);
    const refused = await call(editor, 'PATCH', `/${id}`, { name: 'X' });
    expect([refused.status, refused.json.error.code]).toEqual([409, 'PROJECT_ARCHIVED']);
    const restored = await call(owner, 'POST', `/${id}/restore`);
    expect(restored.json.data).toMatchObject({ version: 3, archivedAt: null });
    expect(await app.facts(restored.requestId)).toEqual(['projects.restored']);
    expect((await call(editor, 'PATCH', `/${id}`, { name: 'X' })).status).toBe(200);
  });

  test('deleting: 204 once, then 404 for all, and nobody holds anything inside', async () => {
    const { id } = await staffed();
    const scope = { type: 'project', id };
    const body = { userId: stranger.userId, permission: 'projects:read', scope };
    await app.call('POST', '/api/v1/access/grants', { token: admin.token, body });
    expect((await call(stranger, 'GET', `/${id}`)).status).toBe(200);
    const deleted = await call(owner, 'DELETE', `/${id}`);
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect((await app.facts(deleted.requestId)).filter((name) => name.startsWith('projects.'))).toEqual(['projects.deleted']);
    for (const who of [owner, editor, viewer, stranger, admin]) expect((await call(who, 'GET', `/${id}`)).status).toBe(404);
    for (const table of ['assignments', 'grants'])
      expect((await app.owner.query(`select 1 from access.${table} where scope_id = $1`, [id])).rowCount).toBe(0);
    expect((await app.call('POST', '/api/v1/access/grants', { token: admin.token, body })).status).toBe(404);
  });

  test('B107: explain answers for one project by the roles inside it, and never opens a private one', async () => {
    const { id } = await staffed();
    const ask = async ({ userId }: Actor, action: string): Promise<string> => {
      const path = `/api/v1/access/explain?user=${userId}&action=${action}&resource=project:${id}`;
      return (await app.call('GET', path, { token: admin.token })).json.data.outcome;
    };
    const asked = async (action: string) => [await ask(editor, action), await ask(viewer, action), await ask(stranger, action)];
    expect(await asked('projects.update')).toEqual(['allowed', 'refused', 'refused']);
    for (const action of ['projects.get', 'projects.getBySlug', 'projects:browse'])
      expect([action, await asked(action)]).toEqual([action, ['allowed', 'allowed', 'refused']]);
  });
});
