import { race, tally, type Actor, type CallReply } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOTES, notes } from './notes.testing.ts';
import { organizedApp, type Organized } from './organizations.testing.ts';

// What ends while others act: organizations, invitations, members.

let app: Organized;
let root: Actor;
beforeAll(async () => {
  app = await organizedApp([notes]);
  await app.owner.query(NOTES);
  root = await app.as('admin');
});
afterAll(() => app?.stop());

const [OWNER, ADMIN, MEMBER] = ['organization-owner', 'organization-admin', 'organization-member'] as const;
const statuses = (replies: readonly PromiseSettledResult<CallReply>[]) =>
  tally(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 0)));
const only = (counted: Record<string, number>, allowed: readonly number[]) =>
  expect(
    Object.keys(counted).filter((status) => !allowed.includes(Number(status))),
    JSON.stringify(counted),
  ).toEqual([]);
const rows = async (table: string, id: string) =>
  (await app.owner.query(`select 1 from ${table} where ${table === 'notes.notes' ? 'organization_id' : 'scope_id'} = $1`, [id])).rowCount;
const server = (method: string, path: string, body?: unknown) =>
  app.call(method, `/api/v1${path}`, { token: root.token, ...(body !== undefined && { body }) });

describe('an organization that is deleted', () => {
  it('is deleted once, however many do it at once', async () => {
    const { id, owner, others } = await app.team([OWNER]);
    const counted = statuses(await race(16, (i) => app.send(i % 2 ? owner : others[0]!, 'DELETE', `/${id}`)));
    expect(counted).toEqual({ 204: 1, 404: 15 });
    expect(await app.told(id, 'organizations.deleted')).toBe(1);
    expect(await app.told(id, 'access.role-unassigned')).toBe(2);
  });

  it('keeps nothing that its members write meanwhile', async () => {
    for (let round = 0; round < 5; round++) {
      const { id, owner, others } = await app.team([ADMIN], [ADMIN]);
      const counted = statuses(
        await race(16, (i) =>
          i === 8 ? app.send(owner, 'DELETE', `/${id}`) : app.send(others[i % 2]!, 'POST', `/${id}/notes`, { text: `Note ${i}` }),
        ),
      );
      expect(counted[204]).toBe(1);
      only(counted, [201, 204, 404]);
      expect([counted, await rows('notes.notes', id)]).toEqual([counted, 0]);
    }
  });

  it('B84: has no member afterwards, by an invitation, a role of an administrator or a permission given at that moment', async () => {
    for (let round = 0; round < 3; round++) {
      const { id, name, owner } = await app.team();
      const people = await Promise.all(Array.from({ length: 15 }, () => app.as('member')));
      const tokens = new Map<string, string>();
      for (const person of people.slice(0, 5)) {
        const email = await app.emailOf(person);
        await app.invite(owner, id, email);
        tokens.set(person.userId, await app.mailed(email, name));
      }
      const scope = { type: 'organization', id };
      const counted = statuses(
        await race(16, (i) => {
          const person = people[i === 15 ? 0 : i]!;
          if (i === 15) return app.send(owner, 'DELETE', `/${id}`);
          if (i < 5) return app.send(person, 'POST', '/invitations/accept', { token: tokens.get(person.userId) });
          if (i < 10) return server('POST', '/access/assignments', { userId: person.userId, role: MEMBER, scope });
          return server('POST', '/access/grants', { userId: person.userId, permission: 'organizations:read', scope });
        }),
      );
      expect(counted[204]).toBe(1);
      only(counted, [200, 201, 204, 400, 404]);
      expect([await rows('access.assignments', id), await rows('access.grants', id)]).toEqual([0, 0]);
      for (const person of people) expect((await app.send(person, 'GET', `/${id}`)).status).toBe(404);
      const joined = await app.told(id, 'organizations.member-joined');
      expect(joined).toBe(1 + (counted[200] ?? 0) + (await assignedIn(id)));
    }
  }, 60_000);
});
/** By administrators of the server: the first role is the owner's. */
const assignedIn = async (id: string): Promise<number> => {
  const { rows: found } = await app.owner.query<{ n: number }>(
    `select count(*)::int as n from (select name, operation, organization from log.outbox union all select name, operation, organization from log.events) f
     where organization = $1 and name = 'access.role-assigned' and operation = 'access.assign'`,
    [id],
  );
  return found[0]!.n;
};

describe('an invitation', () => {
  it('B82: is revoked or accepted, never both, for 16 at once', async () => {
    for (let round = 0; round < 4; round++) {
      const { id, name, owner } = await app.team();
      const person = await app.as('member');
      const email = await app.emailOf(person);
      const { id: invitationId } = await app.invite(owner, id, email);
      const token = await app.mailed(email, name);
      const counted = statuses(
        await race(16, (i) =>
          i % 2
            ? app.send(owner, 'DELETE', `/${id}/invitations/${invitationId}`)
            : app.send(person, 'POST', '/invitations/accept', { token }),
        ),
      );
      only(counted, [200, 204, 400, 404, 409]);
      expect((counted[200] ?? 0) + (counted[204] ?? 0)).toBe(1);
      expect((await app.send(person, 'GET', `/${id}`)).status).toBe(counted[200] ? 200 : 404);
    }
  });

  it('B82: of 16 to one address at once one stands, and lets in with its own roles', async () => {
    const { id, name, owner } = await app.team();
    const person = await app.as('member');
    const email = await app.emailOf(person);
    const replies = await race(16, (i) => app.send(owner, 'POST', `/${id}/invitations`, { email, roles: [i % 2 ? ADMIN : MEMBER] }));
    expect(statuses(replies)).toEqual({ 201: 16 });
    const pending = (await app.send(owner, 'GET', `/${id}/invitations`)).json.data as { id: string; roles: string[] }[];
    expect(pending).toHaveLength(1);
    expect(await app.told(id, 'organizations.invitation-revoked')).toBe(15);
    const joined = await app.send(person, 'POST', '/invitations/accept', { token: await app.mailed(email, name) });
    if (joined.status === 200) expect(joined.json.data.roles).toEqual(pending[0]!.roles);
    else expect(joined.status).toBe(400); // a mail of one that was replaced had left already
  });
});

describe('members', () => {
  it('B89: an organization is handed over once: of 16 transfers to 16 people at once one is made', async () => {
    const roles = Array.from({ length: 16 }, () => [MEMBER]);
    const { id, owner, others } = await app.team(...roles);
    const counted = statuses(await race(16, (i) => app.send(owner, 'POST', `/${id}/transfer`, { userId: others[i]!.userId })));
    expect(counted[204]).toBe(1);
    only(counted, [204, 403, 404]);
    expect(await app.owners(id)).toHaveLength(1);
    expect(await app.owners(id)).not.toContain(owner.userId);
  }, 60_000);

  it('who is promoted, removed, given roles by an administrator and deleted at once is no member afterwards, and nothing fails', async () => {
    for (let round = 0; round < 6; round++) {
      const { id, owner, others } = await app.team([MEMBER]);
      const { userId, token } = others[0]!;
      const scope = { type: 'organization', id };
      const ways = [
        () => app.send(owner, 'PUT', `/${id}/members/${userId}`, { roles: [ADMIN] }),
        () => server('POST', '/access/assignments', { userId, role: ADMIN, scope }),
        () => app.send(owner, 'PUT', `/${id}/members/${userId}`, { roles: [MEMBER, ADMIN] }),
        () => app.send(owner, 'DELETE', `/${id}/members/${userId}`),
      ];
      const counted = statuses(
        await race(16, (i) => (i === 15 ? app.call('DELETE', '/api/v1/account', { token }) : ways[(i + round) % 4]!())),
      );
      only(counted, [200, 201, 204, 403, 404, 409, 422]);
      const { rows: left } = await app.owner.query('select 1 from access.assignments where user_id = $1 and scope_id = $2', [userId, id]);
      expect([counted, left.length]).toEqual([counted, 0]);
      expect(await app.told(id, 'organizations.member-joined')).toBe(1 + (await app.told(id, 'organizations.member-left')));
    }
  }, 60_000);
});

it('B99: another node sees who joins, is promoted and removed, and an organization that ends, within a second', async () => {
  const second = await organizedApp([notes], { database: app.database });
  try {
    const [team, user] = [await app.team(), await app.as('member')];
    const there = async (method = 'GET', path = '/notes', body?: unknown) =>
      (await second.send(user, method, `/${team.id}${path}`, body)).status;
    const within = async (status: number, method?: string, path?: string, body?: unknown): Promise<void> => {
      await expect.poll(() => there(method, path, body), { timeout: 1000, interval: 25 }).toBe(status);
    };
    expect(await there()).toBe(404);
    // Not by mail: the job could run on the other node, which has a mailbox of its own.
    const scope = { type: 'organization', id: team.id };
    expect((await server('POST', '/access/assignments', { userId: user.userId, role: MEMBER, scope })).status).toBe(201);
    await within(200);
    const path = `/${team.id}/members/${user.userId}`;
    await app.send(team.owner, 'PUT', path, { roles: [ADMIN] });
    await within(201, 'POST', '/notes', { text: 'Hello' });
    await app.send(team.owner, 'PUT', path, { roles: [MEMBER] });
    await within(403, 'POST', '/notes', { text: 'Hello' });
    await app.send(team.owner, 'DELETE', path);
    await within(404);
    const given = { userId: user.userId, permission: 'notes:read', scope };
    expect((await server('POST', '/access/grants', given)).status).toBe(201);
    await within(200);
    expect((await app.send(team.owner, 'DELETE', `/${team.id}`)).status).toBe(204);
    await within(404);
  } finally {
    await second.stop();
  }
});
