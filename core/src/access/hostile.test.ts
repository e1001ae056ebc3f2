import { uuidv7 } from '@plinth/kit';
import { race, tally } from '@plinth/kit/testing';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessApp, type AccessApp } from './access.testing.ts';
import { scenarios } from './authzen.testing.ts';

// What an attacker sends, and what breaks underneath.

let app: AccessApp;
let admin: string;
let victim: string;
beforeAll(async () => {
  app = await accessApp({}, scenarios);
  admin = await app.user('admin');
  victim = await app.user('member');
});
afterAll(() => app?.stop());

const call = (method: string, path: string, options: Parameters<AccessApp['call']>[2] = {}) => app.call(method, path, options);
const access = (method: string, path: string, token: string | undefined, body?: unknown) =>
  call(method, `/api/v1/access${path}`, { token, body });
/** All that the database knows of who may do what. */
const state = async (): Promise<unknown> => {
  const tables = ['roles', 'role_permissions', 'assignments', 'grants'];
  const hashes = tables.map((table) => `(select md5(string_agg(t::text, ',' order by t::text)) from access.${table} t) as ${table}`);
  return (await app.owner.query(`select ${hashes.join()}`)).rows[0];
};

describe('input of any shape', () => {
  /** As text; an object without a prototype has none of its own. */
  const spelt = (value: unknown): string => (typeof value === 'string' ? value : fc.stringify(value));
  const strange = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      0,
      -1,
      1e308,
      '',
      ' ',
      '*',
      '*:*',
      'things:*',
      'admin',
      'guest',
      '__proto__',
      'constructor',
      'a\0b',
      '\ud800',
      '😀'.repeat(300),
      'x'.repeat(20_000),
      "'; drop table access.roles; --",
      '{',
      '%00',
      '../..',
      'infinity',
      '0001-01-01T00:00:00Z',
      '9999-12-31T23:59:59Z',
      '2027-01-01T00:00:00+99:99',
      [],
      {},
      [[]],
      { $ne: null },
      Array.from({ length: 1000 }, (_, i) => `things:read${i}`),
    ),
    fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>,
    fc.uuid(),
  );
  const BODIES: Readonly<Record<string, readonly [method: string, path: string, fields: readonly string[]]>> = {
    'a role': ['POST', '/api/v1/access/roles', ['name', 'title', 'permissions']],
    'its permissions': ['PUT', '/api/v1/access/roles/member/permissions', ['permissions']],
    'its title': ['PATCH', '/api/v1/access/roles/member', ['title']],
    'an assignment': ['POST', '/api/v1/access/assignments', ['userId', 'role', 'scope', 'expiresAt', 'reason']],
    'a grant': ['POST', '/api/v1/access/grants', ['userId', 'permission', 'scope', 'expiresAt', 'reason']],
    'a question': ['POST', '/access/v1/evaluation', ['subject', 'action', 'resource', 'context']],
    questions: ['POST', '/access/v1/evaluations', ['subject', 'action', 'resource', 'context', 'evaluations', 'options']],
  };
  it.each(Object.entries(BODIES))('of %s is answered, and breaks nothing', async (_what, [method, path, fields]) => {
    const valid: Readonly<Record<string, unknown>> = {
      name: 'strange',
      title: 'Strange',
      permissions: ['things:read'],
      userId: victim,
      role: 'member',
      permission: 'things:read',
      scope: { type: 'project', id: victim },
      expiresAt: '2031-01-01T00:00:00Z',
      reason: 'testing',
      subject: { type: 'user', id: victim },
      action: { name: 'things.both' },
      resource: { type: 'thing', id: '1' },
      context: {},
      evaluations: [{}],
      options: {},
    };
    const deep = (name: string): fc.Arbitrary<unknown> =>
      name === 'scope' || name === 'subject' || name === 'resource'
        ? fc.record({ type: fc.oneof(fc.constantFrom('project', 'thing', 'user', 'record', 'todo'), strange), id: strange, properties: strange }, { requiredKeys: [] }) // prettier-ignore
        : strange;
    const body = fc.record(
      Object.fromEntries(fields.map((name) => [name, fc.oneof({ weight: 2, arbitrary: fc.constant(valid[name]) }, deep(name))])),
    );
    await fc.assert(
      fc.asyncProperty(body, async (sent) => {
        const reply = await call(method, path, { token: admin, body: sent });
        expect(reply.status, `${JSON.stringify(sent).slice(0, 500)}: ${reply.text}`).toBeLessThan(500);
      }),
      { numRuns: 60 },
    );
    await app.owner.query(`delete from access.role_permissions where role in ('member', 'guest'); delete from access.assignments where user_id = $1`.replace('$1', `'${victim}'`)); // prettier-ignore
    await app.owner.query(`insert into access.role_permissions values ('member', 'things:read'), ('guest', 'things:touch')`);
    await access('POST', '/assignments', admin, { userId: victim, role: 'member' });
  });

  it('in addresses and questions is answered too', async () => {
    const asked = fc.record({
      user: fc.oneof(fc.constant(victim), strange.map(spelt)),
      action: fc.oneof(fc.constantFrom('things.both', 'things.scope', 'things:read', 'constructor'), strange.map(spelt)),
      resource: fc.oneof(
        fc
          .tuple(fc.constantFrom('project', 'thing', 'todo', 'record', '__proto__', 'toString'), strange.map(spelt))
          .map((parts) => parts.join(':')),
        strange.map(spelt),
      ),
      scopes: strange.map(spelt),
    });
    await fc.assert(
      fc.asyncProperty(
        asked,
        strange.map((id) => spelt(id).toWellFormed()),
        async (query, id) => {
          const replies = [
            await access('GET', `/explain?${new URLSearchParams(query).toString()}`, admin),
            await access('GET', `/grants?${new URLSearchParams({ permission: query.action, scopeType: query.user }).toString()}`, admin),
            await access('GET', `/roles/${encodeURIComponent(id)}`, admin),
            await access('DELETE', `/grants/${encodeURIComponent(id)}`, admin),
          ];
          for (const reply of replies)
            expect(reply.status, `${JSON.stringify(query).slice(0, 500)}, ${id}: ${reply.text}`).toBeLessThan(500);
        },
      ),
      { numRuns: 120 },
    );
  });
});

describe('whoever may not', () => {
  it('B88: changes nothing, whatever key, scope or session of someone else they come with', async () => {
    const inside = await app.user();
    const temporary = await app.user();
    const project = uuidv7();
    const until = new Date(Date.now() + 3_600_000).toISOString();
    await access('POST', '/grants', admin, { userId: inside, permission: '*', scope: { type: 'project', id: project } });
    await access('POST', '/grants', admin, { userId: temporary, permission: '*', expiresAt: until });
    const [assignment] = (await access('GET', `/assignments?userId=${admin}`, admin)).json.data;
    const [grant] = (await access('GET', `/grants?userId=${temporary}`, admin)).json.data;
    const byKey = (...scopes: string[]) => ({ headers: { 'x-api-key': [admin, ...scopes].join('~') } });
    const callers = {
      nobody: {},
      'a guest with an empty token': { token: '' },
      'a member': { token: victim },
      'who holds everything in one project': { token: inside },
      'a key without scopes': byKey(),
      'a key to look': byKey('access.read', 'things.any'),
      'a key of another feature': byKey('things.any', 'users.any'),
      'a key with a scope outside the grammar': byKey('access', 'access.', 'access.manag', 'any.any.any', '**', 'access.any.manage'),
      'a key and a claim to be someone else': {
        headers: { ...byKey('things.any').headers, 'x-user-id': admin, 'x-forwarded-user': admin },
      },
    };
    const before = await state();
    for (const [who, options] of Object.entries(callers)) {
      const replies = await Promise.all([
        call('POST', '/api/v1/access/roles', { ...options, body: { name: 'sneaky', title: 'Sneaky', permissions: [] } }),
        call('PUT', '/api/v1/access/roles/guest/permissions', { ...options, body: { permissions: ['*'] } }),
        call('PATCH', '/api/v1/access/roles/guest', { ...options, body: { title: 'Sneaky' } }),
        call('DELETE', '/api/v1/access/roles/reader', options),
        call('POST', '/api/v1/access/assignments', { ...options, body: { userId: victim, role: 'admin' } }),
        call('POST', '/api/v1/access/assignments', {
          ...options,
          body: { userId: victim, role: 'admin', scope: { type: 'project', id: project } },
        }),
        call('DELETE', `/api/v1/access/assignments/${assignment.id}`, options),
        call('POST', '/api/v1/access/grants', {
          ...options,
          body: { userId: victim, permission: 'things:manage', scope: { type: 'project', id: project } },
        }),
        call('DELETE', `/api/v1/access/grants/${grant.id}`, options),
        call('GET', `/api/v1/access/explain?user=${admin}&action=things:read`, options),
        call('POST', '/access/v1/evaluation', { ...options, body: { subject: { type: 'user', id: admin }, action: { name: 'things:read' }, resource: { type: 'thing', id: '1' } } }), // prettier-ignore
      ]);
      expect([who, replies.map(({ status }) => status).filter((status) => status !== 401 && status !== 403)]).toEqual([who, []]);
    }
    expect(await state()).toEqual(before);
  });

  it('B88: gives away, as someone else, no more than they hold themselves, and for no longer', async () => {
    // Their session names both: `user~as~impersonator` (access.testing.ts).
    const [manager, support] = [await app.user(), await app.user()];
    for (const permission of ['access:manage', 'things:read', 'things:manage'])
      await access('POST', '/grants', admin, { userId: manager, permission });
    const until = new Date(Date.now() + 3_600_000).toISOString();
    await access('POST', '/grants', admin, { userId: support, permission: '*', expiresAt: until });
    const acting = `${manager}~as~${support}`;
    const give = (more: object) => access('POST', '/grants', acting, { userId: support, ...more });
    expect((await give({ permission: 'things:manage' })).json.error?.code).toBe('GRANT_EXCEEDS_OWN');
    expect((await access('POST', '/assignments', acting, { userId: support, role: 'member' })).json.error?.code).toBe('GRANT_EXCEEDS_OWN');
    expect((await give({ permission: 'things:manage', expiresAt: until })).status).toBe(201);
    // Of themselves the manager may.
    expect((await access('POST', '/grants', manager, { userId: support, permission: 'things:read' })).status).toBe(201);
  });
});

describe('races', () => {
  it('B89: of 16 administrators who all step down at once, one stays', async () => {
    for (let round = 0; round < 3; round++) {
      await app.owner.query(`delete from access.assignments where role = 'admin'`);
      app.kit.cache.drop(['access:roles']);
      const all = await Promise.all(Array.from({ length: 16 }, () => app.user('admin')));
      const { rows } = await app.owner.query<{ id: string; user_id: string }>(
        `select id, user_id from access.assignments where role = 'admin'`,
      );
      const mine = new Map(rows.map(({ id, user_id }) => [user_id, id]));
      const replies = await race(16, (i) => access('DELETE', `/assignments/${mine.get(all[i]!)}`, all[i]));
      expect(tally(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 0)))).toEqual({ 204: 15, 409: 1 });
      const left = await app.owner.query<{ user_id: string }>(`select user_id from access.assignments where role = 'admin'`);
      expect(left.rows.length).toBe(1);
      admin = left.rows[0]!.user_id;
    }
  });

  it('the same grant 16 times at once is given once, and taken away once', async () => {
    const user = await app.user();
    const given = await race(16, () => access('POST', '/grants', admin, { userId: user, permission: 'things:manage' }));
    expect(tally(given.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 0)))).toEqual({ 201: 1, 409: 15 });
    const [grant] = (await access('GET', `/grants?userId=${user}`, admin)).json.data;
    const taken = await race(16, () => access('DELETE', `/grants/${grant.id}`, admin));
    expect(tally(taken.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 0)))).toEqual({ 204: 1, 404: 15 });
  });

  it('B135, B99: connections cut in the middle leave each change with its fact, and memory says what the database says', async () => {
    const superuser = new pg.Client({ connectionString: app.database.superuserUrl });
    await superuser.connect();
    const users = await Promise.all(Array.from({ length: 8 }, () => app.user()));
    const stopped = new AbortController();
    let cuts = 0;
    const cutting = (async () => {
      while (!stopped.signal.aborted) {
        const { rowCount } = await superuser.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = 'plinth_app' and pid <> pg_backend_pid() and random() < 0.3`,
        );
        cuts += rowCount ?? 0;
        await new Promise((resolve) => setTimeout(resolve, 15));
      }
    })();
    const statuses = new Set<number>();
    await Promise.all(
      users.map(async (user) => {
        for (let round = 0; round < 12; round++) {
          const made = await access('POST', '/grants', admin, { userId: user, permission: 'things:read' });
          statuses.add(made.status);
          statuses.add((await call('GET', '/api/v1/things/plain', { token: user })).status);
          const { json } = await access('GET', `/grants?userId=${user}`, admin);
          for (const { id } of json?.data ?? []) if (round % 3 !== 2) statuses.add((await access('DELETE', `/grants/${id}`, admin)).status);
        }
      }),
    );
    stopped.abort();
    await cutting;
    expect(cuts).toBeGreaterThan(5);
    expect([...statuses].filter((status) => status === 201 || status === 204).length).toBe(2);
    // A second later whatever answer was lost has been heard of.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    for (const user of users) {
      const { rows } = await superuser.query<{ held: number; told: number }>(
        `select (select count(*)::int from access.grants where user_id = $1) as held,
                (select count(*) filter (where name = 'access.permission-granted') - count(*) filter (where name = 'access.permission-revoked')
                 from (select name, subject_id, outcome from log.events union all select name, subject_id, outcome from log.outbox) f
                 where subject_id = $1::text and outcome = 'success')::int as told`,
        [user],
      );
      const { held, told } = rows[0]!;
      expect([user, told, (await call('GET', '/api/v1/things/plain', { token: user })).status]).toEqual([user, held, held > 0 ? 200 : 403]);
    }
    await superuser.end();
  }, 40_000);
});
