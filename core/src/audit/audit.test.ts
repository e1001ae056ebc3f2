import { defineFeature, nobody, system } from '@plinth/kit';
import { testApp, type TestApp } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { access } from '../access/index.ts';
import { users } from '../users/index.ts';
import type { Entry } from './shapes.ts';
import { audit } from './index.ts';

/** A door whose token is the user's id: these tests are about what is read, not about who someone is. */
const entrance = defineFeature({
  name: 'entrance',
  setup: () => ({ api: {}, door: { authenticate: ({ token }) => ({ ...nobody, user: { id: token } }) } }),
});

let app: TestApp;
let admin: string;
let member: string;
const user = (role: string): Promise<string> =>
  app.kit.db.transaction(async (tx) => {
    const caller = system('test.make-user', null, 'test');
    const { id } = await app
      .api(users)
      .create(caller, tx, { email: `${role}-${Math.random()}@example.test`, displayName: role, verified: true });
    await app.api(access).assign(caller, tx, { userId: id, role });
    return id;
  });
beforeAll(async () => {
  app = await testApp([audit, access, entrance]);
  admin = await user('admin');
  member = await user('member');
});
afterAll(() => app?.stop());

const agent = 'plinth-test/1.0';
const search = (query: Readonly<Record<string, string>>, token = admin) =>
  app.call('GET', `/api/v1/audit/events?${new URLSearchParams(query).toString()}`, { token });
const makeRole = (name: string, token = admin) =>
  app.call('POST', '/api/v1/access/roles', {
    token,
    body: { name, title: `The ${name}`, permissions: [] },
    headers: { 'user-agent': agent },
  });
/** What was published is in the log a moment later. */
async function entries(query: Readonly<Record<string, string>>, count: number): Promise<Entry[]> {
  const until = performance.now() + 5000;
  for (;;) {
    const found = (await search(query)).json.data as Entry[];
    if (found.length >= count || performance.now() > until) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('an entry', () => {
  it('says who, what, when, where and why of a change', async () => {
    const made = await makeRole('first');
    expect(made.status).toBe(201);
    const [entry, ...others] = await entries({ requestId: made.requestId }, 1);
    expect(others).toEqual([]);
    expect(entry).toEqual({
      position: expect.any(Number),
      id: expect.any(String),
      who: { actor: admin, impersonator: null, session: null, key: null, job: null, organization: null },
      what: {
        name: 'access.role-created',
        title: 'Role created',
        subject: { type: 'role', id: 'first' },
        payload: { role: 'first' },
        changes: { title: { before: null, after: 'The first' }, permissions: { before: null, after: [] } },
      },
      when: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      where: {
        address: expect.stringMatching(/127\.0\.0\.1$/),
        userAgent: agent,
        operation: 'access.createRole',
        requestId: made.requestId,
        traceId: entry!.where.traceId,
      },
      why: { outcome: 'success', reason: null, decisionId: expect.any(String) },
      erased: false,
    });
    const single = await app.call('GET', `/api/v1/audit/events/${entry!.position}`, { token: admin });
    expect(single.json.data).toEqual(entry);
  });

  it('says who was refused what, and the reason', async () => {
    const refused = await search({}, member);
    expect(refused.status).toBe(403);
    const [entry] = await entries({ requestId: refused.requestId }, 1);
    expect(entry).toMatchObject({
      who: { actor: member },
      where: { operation: 'audit.search', requestId: refused.requestId },
      why: { outcome: 'refused', reason: 'no-role-grants', decisionId: expect.any(String) },
    });
    expect((await search({}, '')).status).toBe(401);
  });

  it('B146: cannot forge a line: control characters leave encoded', async () => {
    const reason = 'ok\r\n{"success":true}\u001b[31m\tend';
    const made = await app.call('POST', '/api/v1/access/assignments', {
      token: admin,
      body: { userId: await user('guest'), role: 'member', reason },
    });
    expect(made.status).toBe(201);
    const [entry] = await entries({ requestId: made.requestId }, 1);
    expect(entry!.why.reason).toBe(reason);
    const { text } = await search({ requestId: made.requestId });
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    expect(text).not.toMatch(/[\u0000-\u001f]/);
  });

  it('that does not exist is a 404, and what is no position a 422', async () => {
    expect((await app.call('GET', '/api/v1/audit/events/999999999', { token: admin })).status).toBe(404);
    for (const wrong of ['0', '-1', 'abc', '1.5'])
      expect((await app.call('GET', `/api/v1/audit/events/${wrong}`, { token: admin })).status).toBe(422);
  });
});

describe('searching', () => {
  it('narrows by each filter, and by all of them together', async () => {
    const made = await makeRole('second');
    await app.call('PATCH', '/api/v1/access/roles/second', { token: admin, body: { title: 'Changed' } });
    await entries({ subjectType: 'role', subjectId: 'second' }, 2);
    const names = async (query: Readonly<Record<string, string>>) =>
      ((await search({ limit: '100', ...query })).json.data as Entry[]).map(({ what }) => what.name);
    expect(await names({ subjectType: 'role', subjectId: 'second' })).toEqual(['access.role-changed', 'access.role-created']);
    expect(await names({ subjectType: 'role', subjectId: 'second', name: 'access.role-created' })).toEqual(['access.role-created']);
    expect(new Set(await names({ name: 'access.*' })).size).toBeGreaterThan(2);
    expect((await names({ name: 'access.*' })).every((name) => name.startsWith('access.'))).toBe(true);
    expect(await names({ name: 'acces.*' })).toEqual([]);
    expect(
      await names({
        requestId: made.requestId,
        actor: admin,
        outcome: 'success',
        name: 'access.*',
        subjectType: 'role',
        subjectId: 'second',
      }),
    ).toEqual(['access.role-created']);
    expect(await names({ requestId: made.requestId, actor: member })).toEqual([]);
    expect(await names({ requestId: made.requestId, outcome: 'refused' })).toEqual([]);
    const [entry] = await entries({ requestId: made.requestId }, 1);
    expect(await names({ requestId: made.requestId, from: entry!.when })).toEqual(['access.role-created']);
    expect(await names({ requestId: made.requestId, to: entry!.when })).toEqual([]);
  });

  it('refuses filters that it does not know', async () => {
    for (const wrong of [
      { name: 'orders' },
      { name: '*' },
      { name: 'orders.*.x' },
      { outcome: 'maybe' },
      { from: 'yesterday' },
      { sql: '1' },
      { actor: '' },
    ]) {
      expect([wrong, (await search(wrong as never)).status]).toEqual([wrong, 422]);
    }
  });

  it('B148: is a fact itself, with what was asked for; without that fact nothing is shown', async () => {
    const read = await search({ name: 'access.*', limit: '5' });
    expect(read.status).toBe(200);
    expect(await app.facts(read.requestId)).toEqual(['audit.searched']);
    const [entry] = await entries({ requestId: read.requestId }, 1);
    expect(entry).toMatchObject({
      who: { actor: admin },
      what: { name: 'audit.searched', payload: { filters: { name: 'access.*' }, page: 1, limit: 5 } },
    });
    const single = await app.call('GET', `/api/v1/audit/events/${entry!.position}`, { token: admin });
    expect(await app.facts(single.requestId)).toEqual(['audit.entry-read']);
    await app.owner
      .query(`create function public.no_facts() returns trigger language plpgsql as $$ begin raise exception 'no facts today'; end $$;
      create trigger no_facts before insert on log.outbox for each row when (new.name like 'audit.%') execute function public.no_facts()`);
    const blind = await search({ name: 'access.*' });
    await app.owner.query('drop trigger no_facts on log.outbox; drop function public.no_facts()');
    expect([blind.status, blind.json.data]).toEqual([500, undefined]);
  });

  it('B134: times that Postgres cannot hold are refused', async () => {
    expect((await search({ from: '2024-01-01T00:00:00.123456789Z', to: '9999-12-31T23:59:59Z' })).status).toBe(200);
    for (const from of ['0000-01-01T00:00:00Z', `2024-01-01T00:00:00.${'1'.repeat(200)}Z`])
      expect((await search({ from })).json.error.fields).toHaveProperty('from');
  });

  it('B148: pages by a cursor that stays true while the log grows', async () => {
    let last = '';
    for (let i = 0; i < 7; i++) last = (await makeRole(`paged-${i}`)).requestId;
    await entries({ name: 'access.role-created', requestId: last }, 1); // then those before it are there as well
    const total = (await search({ name: 'access.role-created', limit: '3' })).json.meta.pagination.total as number;
    expect(total).toBeGreaterThanOrEqual(7);
    const seen: number[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null && pages < 20; pages++) {
      const page = await search({ name: 'access.role-created', limit: '3', cursor });
      expect(page.status).toBe(200);
      seen.push(...(page.json.data as Entry[]).map(({ position }) => position));
      await makeRole(`late-${pages}`);
      cursor = page.json.meta.pagination.nextCursor;
    }
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => b - a));
    expect(seen.length).toBe(total);
  });
});
