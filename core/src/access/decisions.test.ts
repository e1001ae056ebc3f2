import { definePermission, nobody, uuidv7, type Principal } from '@plinth/kit';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessApp, type AccessApp, type RuleName } from './access.testing.ts';
import { createAccessDoor } from './door.ts';
import { Grants } from './grants.ts';
import { AccessRepository } from './repository.ts';

let app: AccessApp;
let admin: string;
beforeAll(async () => {
  app = await accessApp();
  admin = await app.user('admin');
});
afterAll(() => app?.stop());

const get = (token: string | undefined, path: string, on: Pick<AccessApp, 'call'> = app) => on.call('GET', `/api/v1${path}`, { token });
const post = (path: string, body: unknown) => app.call('POST', `/api/v1/access${path}`, { token: admin, body });
const remove = (path: string) => app.call('DELETE', `/api/v1/access${path}`, { token: admin });

describe('what a key sees', () => {
  it('B91: is what its owner sees and its scopes allow: at the door, and row by row', async () => {
    await app.owner.query('delete from things.things');
    const [owner, other, project] = [await app.user('admin'), await app.user(), uuidv7()];
    for (const [i, [who, where]] of [
      [owner, null],
      [other, null],
      [other, project],
    ].entries())
      await app.owner.query('insert into things.things values ($1, $2, $3)', [i, who, where]);
    const seen = async (rule: RuleName, ...scopes: string[]) => {
      const replies = await Promise.all(
        ['0', '1'].map((cold) =>
          app.call('GET', `/api/v1/things/${rule}?cold=${cold}`, { headers: { 'x-api-key': [owner, ...scopes].join('~') } }),
        ),
      );
      const [warm, cold] = replies.map(({ status, json }) => json.data?.ids ?? status);
      expect(cold).toEqual(warm);
      return warm as unknown;
    };
    expect((await get(owner, '/things/own')).json.data.ids).toEqual([0, 1, 2]);
    // The owner manages all things; a key that may only read them sees its owner's.
    expect(await seen('own', 'things.read')).toEqual([0]);
    expect(await seen('both', 'things.read')).toEqual([0]);
    expect(await seen('own', 'things.read', 'things.manage')).toEqual([0, 1, 2]);
    expect(await seen('own', 'things.any')).toEqual([0, 1, 2]);
    expect(await seen('plain', 'any')).toEqual([0, 1, 2]);
    for (const scopes of [['things.manage'], ['things.touch'], ['other.any'], ['things'], []])
      expect([scopes, await seen('plain', ...scopes)]).toEqual([scopes, 403]);
  });
});

describe('decisions', () => {
  it('B99: see every change from the moment its reply has come, though readers fill memory all the while', async () => {
    await post('/roles', { name: 'visitor', title: 'Visitors', permissions: ['things:read'] });
    const user = await app.user();
    const reading = new AbortController();
    const statuses = new Set<number>();
    const readers = Array.from({ length: 4 }, async () => {
      while (!reading.signal.aborted) statuses.add((await get(user, '/things/plain')).status);
    });
    try {
      for (let round = 0; round < 25; round++) {
        const made = await post('/assignments', { userId: user, role: 'visitor' });
        expect(made.status).toBe(201);
        expect((await get(user, '/things/plain')).status).toBe(200);
        expect((await remove(`/assignments/${made.json.data.id}`)).status).toBe(204);
        expect((await get(user, '/things/plain')).status).toBe(403);
      }
    } finally {
      reading.abort();
      await Promise.all(readers);
    }
    expect(statuses).toEqual(new Set([200, 403]));
  });

  it('B107: a refusal has a machine reason in the log, and tells the caller nothing of the rules', async () => {
    const user = await app.user();
    const refused = await get(user, '/things/plain');
    expect(refused.status).toBe(403);
    expect(refused.json.error).toEqual({ code: 'FORBIDDEN', message: 'You may not do this', requestId: refused.requestId });
    const anonymous = await get(undefined, '/things/plain');
    expect([anonymous.status, anonymous.json.error.code]).toEqual([401, 'SIGN_IN_REQUIRED']);
    const found = async () => {
      const columns = 'request_id, reason, outcome, actor, decision_id';
      const { rows } = await app.owner.query(
        `select reason, outcome, actor, decision_id from (select ${columns} from log.outbox union all select ${columns} from log.events) f where request_id = $1`,
        [refused.requestId],
      );
      return rows;
    };
    await expect
      .poll(found, { timeout: 3000 })
      .toEqual([{ reason: 'no-role-grants', outcome: 'refused', actor: user, decision_id: expect.any(String) }]);
  });

  it('come out of a cold memory inside an open transaction too', async () => {
    const { kit } = app;
    const door = createAccessDoor({ grants: new Grants({ ...kit, repository: new AccessRepository(kit.db) }), catalog: kit.catalog });
    const member = await app.user('member');
    const decided = await kit.db.transaction(async (tx) => {
      await tx.run({ text: 'select 1', values: [] });
      return door.decide({ ...nobody, user: { id: member } }, kit.catalog.permissions.get('things:read')!);
    });
    expect(decided).toMatchObject({ allowed: true, reason: 'granted' });
  });

  it.each([
    ['granted', true, 'member', 'things:read', undefined],
    ['no-role-grants', false, 'member', 'things:manage', undefined],
    ['only-in-scope', false, 'scoped', 'things:read', undefined],
    ['granted-in-scope', true, 'scoped', 'things:read', 'project'],
    ['no-role-grants', false, 'scoped', 'things:manage', 'project'],
    ['only-in-scope', false, 'scoped', 'things:read', 'organization'],
    ['guest', false, 'nobody', 'things:read', undefined],
    ['unknown-permission', false, 'member', 'things:fly', undefined],
    ['unknown-permission', false, 'admin', 'things:fly', undefined],
    ['system', true, 'job', 'things:manage', undefined],
  ])('B107: say %s: %s for %s on %s in %s', async (reason, allowed, who, name, scope) => {
    const { kit } = app;
    const door = createAccessDoor({ grants: new Grants({ ...kit, repository: new AccessRepository(kit.db) }), catalog: kit.catalog });
    const people: Readonly<Record<string, () => Promise<Principal>>> = {
      member: async () => ({ ...nobody, user: { id: await app.user('member') } }),
      admin: async () => ({ ...nobody, user: { id: admin } }),
      nobody: async () => nobody,
      job: async () => ({ ...nobody, job: { name: 'a-job', cause: null } }),
      scoped: async () => {
        const id = await app.user();
        await post('/assignments', { userId: id, role: 'member', scope: { type: 'project', id } });
        return { ...nobody, user: { id } };
      },
    };
    const permission = kit.catalog.permissions.get(name) ?? definePermission(name, 'Declared by no feature');
    const decision = await door.decide(await people[who]!(), permission, scope);
    expect(decision).toEqual({ id: expect.any(String), allowed, reason });
  });

  it('lets everybody do what a guest may', async () => {
    await app.owner.query(`insert into access.role_permissions values ('guest', 'things:touch') on conflict do nothing`);
    app.kit.cache.drop(['access:roles']);
    expect((await get(undefined, '/things/touch')).status).toBe(200);
    expect((await get(await app.user(), '/things/touch')).status).toBe(200);
  });
});

describe('starting', () => {
  it('gives a new permission to its roles once: what an administrator takes away stays away', async () => {
    const first = await accessApp();
    try {
      const chief = await first.user('admin');
      const member = await first.user('member');
      expect((await get(member, '/things/plain', first)).status).toBe(200);
      const { rows } = await first.owner.query(
        `select name from log.events where name = 'access.permissions-seeded' union all select name from log.outbox where name = 'access.permissions-seeded'`,
      );
      expect(rows.length).toBe(1);
      const emptied = await first.call('PUT', '/api/v1/access/roles/member/permissions', { token: chief, body: { permissions: [] } });
      expect(emptied.status).toBe(200);
      const second = await accessApp({ database: first.database });
      try {
        expect((await get(member, '/things/plain', second)).status).toBe(403);
      } finally {
        await second.stop();
      }
    } finally {
      await first.stop();
    }
  });

  it('B94, B95: names the grants that match nothing', async () => {
    await app.owner.query(`insert into access.roles (name, title) values ('legacy', 'Legacy')`);
    await app.owner.query(
      `insert into access.role_permissions select 'legacy', unnest(array['things:fly', 'things:*:typo', 'things:re*', '*:', 'things:read'])`,
    );
    const lines: string[] = [];
    const other = await accessApp({
      database: app.database,
      logger: pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) }),
    });
    await other.stop();
    const warning = lines
      .map((line) => JSON.parse(line) as { msg: string; grants?: { permission: string; role: string }[] })
      .find(({ msg }) => msg.includes('match no permission'));
    expect(warning?.grants?.filter(({ role }) => role === 'legacy').map(({ permission }) => permission)).toEqual([
      '*:',
      'things:*:typo',
      'things:fly',
      'things:re*',
    ]);
    const user = await app.user('legacy');
    expect((await get(user, '/access/me')).json.data.permissions.filter((name: string) => name !== 'things:touch')).toEqual([
      'things:read',
    ]);
  });
});
