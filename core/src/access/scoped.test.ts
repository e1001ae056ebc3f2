import { nobody, uuidv7, type Principal } from '@plinth/kit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessApp, type AccessApp } from './access.testing.ts';
import { createAccessDoor } from './door.ts';
import { Grants } from './grants.ts';
import { AccessRepository } from './repository.ts';

// What counts inside one scope, when the path says which.

let app: AccessApp;
let admin: string;
const [ours, theirs] = [uuidv7(), uuidv7()];
beforeAll(async () => {
  app = await accessApp();
  admin = await app.user('admin');
  await app.owner.query(`insert into access.roles (name, title, system, scope_type) values ('project-owner', 'Owner', true, 'project')`);
  await app.owner.query(`insert into access.role_permissions values ('project-owner', '*')`);
});
afterAll(() => app?.stop());

const assign = (body: object) => app.call('POST', '/api/v1/access/assignments', { token: admin, body });
const inProject = (userId: string, role: string, id = ours, more = {}) => assign({ userId, role, scope: { type: 'project', id }, ...more });

const CASES = [
  ['granted-in-scope', true, 'member', 'things:read', ours],
  ['granted-in-scope', true, 'member', 'things:read', ours.toUpperCase()],
  ['no-role-grants', false, 'member', 'things:manage', ours],
  ['granted-in-scope', true, 'given', 'things:read', ours],
  ['no-role-grants', false, 'given', 'things:manage', ours],
  ['outside-scope', false, 'given', 'things:read', theirs],
  ['outside-scope', false, 'givenOnce', 'things:read', ours],
  ['outside-scope', false, 'member', 'things:read', theirs],
  ['outside-scope', false, 'member', 'things:manage', theirs],
  ['outside-scope', false, 'member', 'things:read', uuidv7()],
  ['outside-scope', false, 'member', 'things:read', 'no-uuid'],
  ['outside-scope', false, 'expired', 'things:read', ours],
  ['granted', true, 'admin', 'things:manage', theirs],
  ['key-scope', false, 'key', 'things:read', ours],
  ['guest', false, 'nobody', 'things:read', ours],
  ['unknown-permission', false, 'member', 'things:fly', ours],
] as const;
it.each(CASES)('B87: a decision inside a scope says %s: %s for %s on %s', async (reason, allowed, who, name, scopeId) => {
  const { kit } = app;
  const door = createAccessDoor({ grants: new Grants({ ...kit, repository: new AccessRepository(kit.db) }), catalog: kit.catalog });
  const member = await app.user();
  await inProject(member, 'member');
  const expired = await app.user();
  await app.owner.query(
    `insert into access.assignments (id, user_id, role, scope_type, scope_id, created_at, expires_at)
     values ($1, $2, 'member', 'project', $3, now() - interval '1 hour', now() - interval '1 second')`,
    [uuidv7(), expired, ours],
  );
  const [given, givenOnce] = [await app.user(), await app.user()];
  const direct = { userId: given, permission: 'things:read', scope: { type: 'project', id: ours } };
  expect((await app.call('POST', '/api/v1/access/grants', { token: admin, body: direct })).status).toBe(201);
  await app.owner.query(
    `insert into access.grants (id, user_id, permission, scope_type, scope_id, created_at, expires_at)
     values ($1, $2, 'things:read', 'project', $3, now() - interval '1 hour', now() - interval '1 second')`,
    [uuidv7(), givenOnce, ours],
  );
  const people: Readonly<Record<string, Principal>> = {
    member: { ...nobody, user: { id: member } },
    expired: { ...nobody, user: { id: expired } },
    given: { ...nobody, user: { id: given } },
    givenOnce: { ...nobody, user: { id: givenOnce } },
    admin: { ...nobody, user: { id: admin } },
    key: { ...nobody, user: { id: member }, key: { id: uuidv7(), scopes: new Set(['things:touch']) } },
    nobody,
  };
  const permission = kit.catalog.permissions.get(name) ?? { kind: 'permission', name, title: '', roles: [] };
  const hides = reason === 'outside-scope' ? { hides: true } : {};
  for (const _memory of ['cold', 'warm'])
    expect(await door.decide(people[who]!, permission, 'project', scopeId)).toEqual({ id: expect.any(String), allowed, reason, ...hides });
});

it('B94: a role made for one type of scope is given nowhere else, whoever gives it', async () => {
  const user = await app.user();
  const refused = await assign({ userId: user, role: 'project-owner' });
  expect([refused.status, refused.json.error.code]).toEqual([422, 'ROLE_OF_SCOPE']);
  await expect(
    app.owner.query(`insert into access.assignments (id, user_id, role) values ($1, $2, 'project-owner')`, [uuidv7(), user]),
  ).rejects.toThrow(/only inside scopes of its own type/);
  expect((await inProject(user, 'project-owner')).status).toBe(201);
  expect((await app.call('GET', '/api/v1/access/me', { token: user })).json.data).toMatchObject({
    roles: [],
    permissions: ['things:touch'],
  });
  const changed = await app.call('PUT', '/api/v1/access/roles/project-owner/permissions', { token: admin, body: { permissions: [] } });
  expect(changed.json.error.code).toBe('SYSTEM_ROLE');
});

it('B101: one decision reads one snapshot: who always holds it, everywhere or inside, is never refused', async () => {
  const { kit } = app;
  const user = await app.user();
  const principal: Principal = { ...nobody, user: { id: user } };
  await app.owner.query(`insert into access.grants (id, user_id, permission) values ($1, $2, 'things:read')`, [uuidv7(), user]);
  const moving = { on: true };
  const move = (async () => {
    for (let inside = true; moving.on; inside = !inside)
      await app.owner.query('update access.grants set scope_type = $2, scope_id = $3 where user_id = $1', [
        user,
        inside ? 'project' : null,
        inside ? ours : null,
      ]);
  })();
  const reasons = new Set<string>();
  try {
    for (let i = 0; i < 400; i++) {
      const door = createAccessDoor({ grants: new Grants({ ...kit, repository: new AccessRepository(kit.db) }), catalog: kit.catalog });
      reasons.add((await door.decide(principal, kit.catalog.permissions.get('things:read')!, 'project', ours)).reason);
    }
  } finally {
    moving.on = false;
    await move;
  }
  expect([...reasons].sort()).toEqual(['granted', 'granted-in-scope']);
});
