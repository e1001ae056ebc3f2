import { uuidv7 } from '@plinth/kit';
import type { CallOptions, CallReply } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessApp, type AccessApp } from './access.testing.ts';
import { BATCHES, EVALUATIONS, people, PERSONS, scenarios } from './authzen.testing.ts';

const BASE = 'https://pdp.example.test';
let app: AccessApp;
let admin: string;
/** The key of a service that holds nothing but the permission to ask. */
let key: string;
const give = (userId: string, permission: string, more = {}) =>
  app.call('POST', '/api/v1/access/grants', { token: admin, body: { userId, permission, ...more } });
beforeAll(async () => {
  app = await accessApp({ env: { BASE_URL: BASE } }, scenarios);
  admin = await app.user('admin');
  const service = await app.user();
  await give(service, 'access:evaluate');
  key = `${service}~access.evaluate`;
});
afterAll(() => app?.stop());

const ask = (path: string, body: unknown, { headers, ...options }: CallOptions = {}): Promise<CallReply> =>
  app.call('POST', `/access/v1/${path}`, { ...options, headers: { 'x-api-key': key, ...headers }, body });
const one = async (body: unknown): Promise<unknown> => {
  const { status, json } = await ask('evaluation', body);
  expect(status).toBe(200);
  return json.decision;
};
const many = async (body: unknown): Promise<boolean[]> => {
  const { status, json } = await ask('evaluations', body);
  expect(status).toBe(200);
  return json.evaluations.map(({ decision }: { decision: boolean }) => decision);
};

describe('the certification scenario of AuthZEN 1.0', () => {
  beforeAll(async () => {
    const alice = await app.user();
    const bob = await app.user();
    people.set('alice', alice).set('bob', bob);
    for (const permission of ['records:read', 'records:write', 'records:soft-delete']) await give(alice, permission);
    for (const permission of ['records:read', 'records:write-archived']) await give(bob, permission);
  });
  const alice = { type: 'user', id: 'alice' };
  const bob = { type: 'user', id: 'bob' };
  const admin = { ...bob, properties: { role: 'admin' } };
  const [read, write] = [{ name: 'read' }, { name: 'write' }];
  const [record, archived] = [
    { type: 'record', id: 'record-1' },
    { type: 'record', id: 'record-2', properties: { status: 'archived' } },
  ];
  const active = { ...record, properties: { status: 'active' } };
  const remove = (soft: boolean) => ({ name: 'delete', properties: { soft } });

  it.each([
    ['2.2.1', { subject: alice, action: read, resource: record }, true],
    ['rule 2', { subject: alice, action: write, resource: record }, true],
    ['rule 3', { subject: bob, action: read, resource: record }, true],
    ['2.2.2', { subject: bob, action: write, resource: record }, false],
    ['2.2.3', { subject: alice, action: read, resource: record, context: { time: '2025-06-27T18:03-07:00', ip: '192.168.1.1' } }, true],
    ['2.2.4', { subject: alice, action: write, resource: archived }, false],
    ['2.2.5', { subject: admin, action: write, resource: archived }, true],
    ['2.2.6', { subject: alice, action: remove(true), resource: record }, true],
    ['2.2.7', { subject: alice, action: remove(false), resource: record }, false],
    [
      '2.2.8',
      {
        subject: { ...alice, properties: { department: 'Sales', role: 'manager' } },
        action: { ...read, properties: { method: 'GET' } },
        resource: { ...record, properties: { status: 'active', owner: 'bob' } },
      },
      true,
    ],
    ['2.2.9', { subject: alice, action: read, resource: record, foo: 'bar', futureField: { nested: true } }, true],
  ])('§%s: %j is %s', async (_section, question, decision) => {
    for (let again = 0; again < 3; again++) expect(await one(question)).toBe(decision); // §2.6
    expect((await ask('evaluations', question)).json.decision).toBe(decision); // §3.4.2
    expect((await ask('evaluations', { ...question, evaluations: [] })).json.decision).toBe(decision); // §3.4.3
  });

  it.each([
    [
      '3.2.1',
      { subject: alice, action: read, evaluations: [{ resource: record }, { resource: { ...record, id: 'record-2' } }] },
      [true, true],
    ],
    ['3.2.2', { subject: bob, resource: record, evaluations: [{ action: read }, { action: write }] }, [true, false]],
    ['3.2.3', { subject: alice, action: write, evaluations: [{ resource: active }, { resource: archived }] }, [true, false]],
    ['3.2.4', { action: write, resource: archived, evaluations: [{ subject: alice }, { subject: admin }] }, [false, true]],
    [
      '3.2.5',
      {
        evaluations: [
          { subject: alice, action: read, resource: record },
          { subject: bob, action: write, resource: record },
        ],
      },
      [true, false],
    ],
    [
      '3.2.6',
      {
        subject: alice,
        action: read,
        context: { time: '2025-06-27T18:03-07:00' },
        evaluations: [{ resource: record }, { resource: { ...record, id: 'record-2' }, context: { source: 'batch-override' } }],
      },
      [true, true],
    ],
    ['3.2.7', { subject: alice, action: write, resource: active, evaluations: [{}, { resource: archived }] }, [true, false]],
    [
      '3.4.1',
      { subject: alice, action: read, options: { evaluations_semantic: 'execute_all' }, evaluations: [{ resource: record }, {}] },
      [true, false],
    ],
  ])('§%s: %j is %j', async (_section, question, decisions) => {
    expect(await many(question)).toEqual(decisions);
  });

  const whole = { subject: alice, action: read, resource: record };
  it.each([
    ['subject', { ...whole, subject: undefined }],
    ['action', { ...whole, action: undefined }],
    ['resource', { ...whole, resource: undefined }],
    ['subject.type', { ...whole, subject: { id: 'alice' } }],
    ['subject.id', { ...whole, subject: { type: 'user' } }],
    ['action.name', { ...whole, action: {} }],
    ['resource.type', { ...whole, resource: { id: 'record-1' } }],
    ['resource.id', { ...whole, resource: { type: 'record' } }],
    ['subject', { ...whole, subject: 'alice' }],
    ['action.name', { ...whole, action: { name: 123 } }],
  ])('§2.4: 400 names %s: %j', async (field, question) => {
    for (const path of ['evaluation', 'evaluations']) {
      const { status, json } = await ask(path, question);
      expect([path, status, Object.keys(json.error.fields)]).toEqual([path, 400, [field]]);
    }
  });

  it('§2.4.3, §2.4.4, §2.4.5: 400 for another media type, broken JSON and no body', async () => {
    const text = JSON.stringify(whole);
    for (const path of ['evaluation', 'evaluations']) {
      const sent = async (options: CallOptions) =>
        (await app.call('POST', `/access/v1/${path}`, { ...options, headers: { 'x-api-key': key, ...options.headers } })).status;
      expect(await sent({ body: text })).toBe(200);
      expect(await sent({ body: text, headers: { 'content-type': 'application/json; charset=utf-8' } })).toBe(200);
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'multipart/form-data; boundary=x'])
        expect([type, await sent({ body: text, headers: { 'content-type': type } })]).toEqual([type, 400]);
      for (const body of ['{"subject":', '', 'null', '[]', '"text"', '{"__proto__":{"a":1}}'])
        expect([body, await sent({ body })]).toEqual([body, 400]);
      expect(await sent({})).toBe(400);
    }
  });

  it('§2.3, §2.5: the reply is bare JSON, and brings the id of the request back', async () => {
    for (const id of ['bfe9eb29-ab87-4ca3-be83-a1d5d8305716', 'x', 'an id: any (string) at all/1']) {
      const { headers, json } = await ask('evaluation', whole, { headers: { 'x-request-id': id } });
      expect(headers.get('x-request-id')).toBe(id);
      expect(headers.get('content-type')).toMatch(/^application\/json/);
      expect(json).toEqual({ decision: true });
    }
    expect((await ask('evaluation', {}, { headers: { 'x-request-id': 'bad-request-1' } })).headers.get('x-request-id')).toBe(
      'bad-request-1',
    );
    expect((await ask('evaluation', whole)).headers.get('x-request-id')).toEqual(expect.any(String));
  });

  it('§6: the metadata name this point and its addresses', async () => {
    const { status, headers, json } = await app.call('GET', '/.well-known/authzen-configuration');
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringMatching(/^application\/json/)]);
    expect(json).toEqual({
      policy_decision_point: BASE,
      access_evaluation_endpoint: `${BASE}/access/v1/evaluation`,
      access_evaluations_endpoint: `${BASE}/access/v1/evaluations`,
    });
  });
});

describe('the Todo scenario', () => {
  beforeAll(async () => {
    const role = (name: string, permissions: string[]) =>
      app.call('POST', '/api/v1/access/roles', { token: admin, body: { name, title: name, permissions } });
    await role('viewer', ['todos:read']);
    await role('editor', ['todos:read', 'todos:create', 'todos:change']);
    await role('evil-genius', ['todos:*']);
    for (const person of PERSONS) {
      const user = await app.user(person.role);
      people.set(person.id, user).set(person.email, user);
    }
  });
  it.each(
    EVALUATIONS.map(
      ({ request, expected }) => [request.subject.id.slice(4, 6), request.action.name, request.resource.id, expected, request] as const,
    ),
  )('%s %s %s: %s', async (_who, _action, _what, expected, request) => {
    expect(await one(request)).toBe(expected);
  });
  it.each(BATCHES)('$request.evaluations: $expected', async ({ request, expected }) => {
    expect(await many(request)).toEqual(expected.map(({ decision }) => decision));
  });
});

describe('decisions for other services', () => {
  const question = (
    id: string,
    name = 'things:read',
    resource: { type: string; id: string; properties?: object } = { type: 'things', id: '1' },
  ) => ({
    subject: { type: 'user', id },
    action: { name },
    resource,
  });

  it('B107: are for those who hold the permission to ask; a refusal says why to them alone', async () => {
    const user = await app.user();
    const asked = (options: CallOptions) => app.call('POST', '/access/v1/evaluation', { ...options, body: question(user) });
    expect((await asked({})).status).toBe(401);
    expect((await asked({ token: user })).status).toBe(403);
    expect((await asked({ headers: { 'x-api-key': `${admin}~things.any` } })).status).toBe(403);
    expect((await ask('evaluation', question(user))).json).toEqual({
      decision: false,
      context: { id: expect.any(String), reason: 'no-role-grants' },
    });
    const { rows } = await app.owner.query<{ email: string }>('select email from users.users where id = $1', [user]);
    expect((await ask('evaluation', question(rows[0]!.email))).json.context.reason).toBe('no-role-grants');
    for (const [id, reason] of [
      [uuidv7(), 'unknown-subject'],
      ['nobody@example.test', 'unknown-subject'],
      ["' or 1=1 --", 'unknown-subject'],
    ] as const)
      expect((await ask('evaluation', question(id))).json.context.reason).toBe(reason);
    expect((await ask('evaluation', { ...question(admin), subject: { type: 'group', id: admin } })).json.decision).toBe(false);
    expect((await ask('evaluation', question(admin, 'things:fly'))).json.context.reason).toBe('unknown-action');
  });

  it('B94: nobody may who is not active, whatever they hold', async () => {
    const user = await app.user('member');
    people.set('member-1', user);
    expect(await one(question('member-1'))).toBe(true);
    await app.call('POST', `/api/v1/users/${user}/suspend`, { token: admin, body: { reason: 'testing' } });
    const refused = await ask('evaluation', question('member-1'));
    expect(refused.json).toMatchObject({ decision: false, context: { reason: 'user-not-active' } });
  });

  it('B88: believe no role and no permission that the question claims', async () => {
    const user = await app.user();
    people.set('claimer', user);
    const claims = { role: 'admin', roles: ['admin'], permissions: ['*'] };
    const claimed = { ...question('claimer'), context: claims };
    expect(await one({ ...claimed, subject: { ...claimed.subject, properties: claims } })).toBe(false);
    expect(
      await one({
        ...claimed,
        resource: { type: 'todo', id: 'x', properties: { ownerID: 'claimer' } },
        action: { name: 'can_update_todo' },
      }),
    ).toBe(false);
  });

  it('B104: take what is granted in a scope or on one thing, by the filter that lists have', async () => {
    const [user, one1, other] = [await app.user(), uuidv7(), uuidv7()];
    people.set('sharer', user);
    expect((await give(user, 'things:read', { scope: { type: 'project', id: one1 } })).status).toBe(201);
    expect((await give(user, 'todos:change', { scope: { type: 'todo', id: one1 } })).status).toBe(201);
    expect(await one(question('sharer', 'things:read', { type: 'project', id: one1 }))).toBe(true);
    expect(await one(question('sharer', 'things:read', { type: 'project', id: other }))).toBe(false);
    expect(await one(question('sharer', 'things:read', { type: 'todo', id: one1 }))).toBe(false);
    expect(await one(question('sharer', 'todos:change', { type: 'todo', id: one1 }))).toBe(true);
    expect(await one(question('sharer', 'change', { type: 'todos', id: one1 }))).toBe(false);
    expect(await one(question('sharer', 'things:manage', { type: 'project', id: one1 }))).toBe(false);
    expect(await one(question('sharer', 'things.scope', { type: 'project', id: one1 }))).toBe(true);
    expect(await one(question('sharer', 'things.scope', { type: 'things', id: '1' }))).toBe(false); // nobody says where it stands
    expect(await one(question('sharer', 'access.mine', { type: 'things', id: '1' }))).toBe(true);
    expect(await one(question('sharer', 'access.listRoles', { type: 'things', id: '1' }))).toBe(false);
  });

  it('B102: a batch answers each item, also repeated ones, in their order', async () => {
    const [may, not] = [await app.user('member'), await app.user()];
    people.set('may', may).set('not', not);
    const items = ['may', 'not', 'may', 'may', 'not', 'not', 'may'].map((id) => ({ subject: { type: 'user', id } }));
    const { subject: _, ...rest } = question('may');
    expect(await many({ ...rest, evaluations: items })).toEqual([true, false, true, true, false, false, true]);
    const broken = (
      await ask('evaluations', { ...rest, evaluations: [items[0], { subject: { type: 'user' } }, { subject: 'may' }, items[0]] })
    ).json;
    expect(broken.evaluations.map(({ decision }: { decision: boolean }) => decision)).toEqual([true, false, false, true]);
    expect(broken.evaluations[1].context.error).toMatchObject({ status: 400, message: expect.stringContaining('subject.id') });
    expect((await ask('evaluations', { ...rest, evaluations: Array.from({ length: 201 }, () => items[0]) })).status).toBe(400);
  });

  it.each([
    ['execute_all', [true, false, true]],
    ['deny_on_first_deny', [true, false]],
    ['permit_on_first_permit', [true]],
  ])('evaluations_semantic %s answers %j', async (evaluations_semantic, expected) => {
    people.set('may', await app.user('member')).set('not', await app.user());
    const evaluations = ['may', 'not', 'may'].map((id) => ({ subject: { type: 'user', id } }));
    const { subject: _, ...rest } = question('may');
    expect(await many({ ...rest, evaluations, options: { evaluations_semantic, another_option: 'value' } })).toEqual(expected);
  });
  it('an unknown semantic is refused, not taken for another', async () => {
    const asked = { ...question('may'), evaluations: [{}], options: { evaluations_semantic: 'deny_on_last_deny' } };
    expect((await ask('evaluations', asked)).status).toBe(400);
  });
});
