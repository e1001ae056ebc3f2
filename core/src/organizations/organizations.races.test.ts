import { uuidv7 } from '@plinth/kit';
import { race, tally, type CallReply } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { organizedApp, type Organized } from './organizations.testing.ts';

let app: Organized;
beforeAll(async () => {
  app = await organizedApp();
});
afterAll(() => app?.stop());

const OWNER = ['organization-owner'];
const statuses = (replies: readonly PromiseSettledResult<CallReply>[]) =>
  tally(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 0)));

describe('the last owner', () => {
  /** Two owners, and how each takes the other or themselves away. */
  const ways = {
    demoting: (pair: readonly { userId: string; token: string }[], id: string, i: number) =>
      app.send(pair[i % 2]!, 'PUT', `/${id}/members/${pair[1 - (i % 2)]!.userId}`, { roles: ['organization-member'] }),
    removing: (pair: readonly { userId: string; token: string }[], id: string, i: number) =>
      app.send(pair[i % 2]!, 'DELETE', `/${id}/members/${pair[1 - (i % 2)]!.userId}`),
    leaving: (pair: readonly { userId: string; token: string }[], id: string, i: number) => app.send(pair[i % 2]!, 'POST', `/${id}/leave`),
  };
  it.each(['removing', 'leaving'] as const)('B89: stays: two owners %s at once, 16 of them, and one does', async (way) => {
    for (let round = 0; round < 3; round++) {
      const { id, owner, others } = await app.team(OWNER);
      const pair = [owner, others[0]!];
      const counted = statuses(await race(16, (i) => ways[way](pair, id, i)));
      expect(counted[204]).toBe(1);
      expect(
        Object.keys(counted).every((status) => ['204', '403', '404', '409'].includes(status)),
        JSON.stringify(counted),
      ).toBe(true);
      expect(await app.owners(id)).toHaveLength(1);
      expect(await app.told(id, 'organizations.member-left')).toBe(1);
    }
  });
  it('B89: stays: demoting, removing and leaving at once, 16 of them, take one owner', async () => {
    for (let round = 0; round < 6; round++) {
      const { id, owner, others } = await app.team(OWNER);
      const pair = [owner, others[0]!];
      const chosen = [ways.demoting, ways.removing, ways.leaving];
      const counted = statuses(await race(16, (i) => chosen[(i + round) % 3]!(pair, id, (i >> 2) + i)));
      expect(
        Object.keys(counted).every((status) => ['200', '204', '403', '404', '409'].includes(status)),
        JSON.stringify(counted),
      ).toBe(true);
      expect(await app.owners(id)).toHaveLength(1);
      const lost = `select 1 from (select organization, name, payload from log.outbox union all select organization, name, payload from log.events) f
        where organization = $1 and name = 'access.role-unassigned' and payload ->> 'role' = 'organization-owner'`;
      expect((await app.owner.query(lost, [id])).rowCount).toBe(1);
    }
  });
  it('B89: stays: an owner who deletes their account while the other leaves', async () => {
    for (let round = 0; round < 4; round++) {
      const { id, owner, others } = await app.team(OWNER, ['organization-member']);
      const counted = statuses(
        await race(2, (i) =>
          i === 0 ? app.call('DELETE', '/api/v1/account', { token: owner.token }) : app.send(others[0]!, 'POST', `/${id}/leave`),
        ),
      );
      expect(counted).toEqual({ 204: 1, 409: 1 });
      expect(await app.owners(id)).toHaveLength(1);
    }
  });
});

describe('a right that is lost', () => {
  it('B88: while the call waited is asked for again: an administrator who was demoted meanwhile removes, invites and renames nobody', async () => {
    const { id, others } = await app.team(['organization-admin'], ['organization-member']);
    const [admin, member] = others as [(typeof others)[0], (typeof others)[0]];
    expect((await app.send(admin, 'GET', `/${id}/invitations`)).status).toBe(200);
    await app.owner.query('begin');
    await app.owner.query('select from organizations.organizations where id = $1 for update', [id]);
    const waiting = [
      app.send(admin, 'DELETE', `/${id}/members/${member.userId}`),
      app.send(admin, 'POST', `/${id}/invitations`, { email: `guest-${uuidv7()}@example.com` }),
      app.send(admin, 'PATCH', `/${id}`, { name: 'Mine' }),
    ];
    const blocked =
      'select count(*)::int as n from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0';
    await expect.poll(async () => (await app.owner.query(blocked)).rows[0].n, { timeout: 5000 }).toBe(3);
    await app.owner.query(`update access.assignments set role = 'organization-member' where user_id = $1 and scope_id = $2`, [
      admin.userId,
      id,
    ]);
    await app.owner.query('commit');
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([404, 404, 404]);
  });
});

describe('an invitation that is revoked while someone accepts it', () => {
  it('B82: lets nobody in', async () => {
    const { id, name, owner } = await app.team();
    const person = await app.as('member');
    const email = await app.emailOf(person);
    const { id: invitationId } = await app.invite(owner, id, email);
    const token = await app.mailed(email, name);
    await app.owner.query('begin');
    await app.owner.query('select from organizations.organizations where id = $1 for update', [id]);
    const accepting = app.send(person, 'POST', '/invitations/accept', { token });
    const blocked =
      'select count(*)::int as n from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0';
    await expect.poll(async () => (await app.owner.query(blocked)).rows[0].n, { timeout: 5000 }).toBe(1);
    await app.owner.query('update organizations.invitations set ended_at = now() where id = $1', [invitationId]);
    await app.owner.query('commit');
    const reply = await accepting;
    expect([reply.status, reply.json.error.code]).toEqual([400, 'INVALID_INVITATION']);
    expect((await app.send(person, 'GET', `/${id}`)).status).toBe(404);
  });
});

describe('seats', () => {
  const seats = (id: string, n: number) => app.owner.query('update organizations.organizations set seats = $2 where id = $1', [id, n]);

  it('B84: 16 invitations at once take the seats there are', async () => {
    const { id, owner, others } = await app.team(['organization-admin']);
    await seats(id, 7);
    const both = [owner, others[0]!];
    const replies = await race(16, (i) => app.send(both[i % 2]!, 'POST', `/${id}/invitations`, { email: `guest-${uuidv7()}@example.com` }));
    expect(statuses(replies)).toEqual({ 201: 5, 409: 11 });
    expect((await app.send(owner, 'GET', `/${id}/invitations`)).json.meta.pagination.total).toBe(5);
  });

  it('B84: 16 people who accept at once take the seats there are, and the links of the others still stand', async () => {
    const { id, name, owner } = await app.team();
    const people = await Promise.all(Array.from({ length: 16 }, () => app.as('member')));
    const tokens: string[] = [];
    for (const person of people) {
      const email = await app.emailOf(person);
      await app.invite(owner, id, email);
      tokens.push(await app.mailed(email, name));
    }
    await seats(id, 6);
    const accept = (i: number) => app.send(people[i]!, 'POST', '/invitations/accept', { token: tokens[i] });
    expect(statuses(await race(16, accept))).toEqual({ 200: 5, 409: 11 });
    expect((await app.send(owner, 'GET', `/${id}/members`)).json.meta.pagination.total).toBe(6);
    await seats(id, 20);
    expect(statuses(await race(16, accept))).toEqual({ 200: 11, 400: 5 });
  }, 60_000);

  it('B82, B84: one invitation lets one in, however many use it at once', async () => {
    const { id, name, owner } = await app.team();
    const person = await app.as('member');
    const email = await app.emailOf(person);
    await app.invite(owner, id, email);
    const token = await app.mailed(email, name);
    const replies = await race(16, () => app.send(person, 'POST', '/invitations/accept', { token }));
    expect(statuses(replies)[200]).toBe(1);
    expect(await app.told(id, 'organizations.invitation-accepted')).toBe(1);
    expect(await app.told(id, 'organizations.member-joined')).toBe(2);
  });

  it('B84: one user owns fifty organizations, for many asked at once too', async () => {
    const owner = await app.as('member');
    await app.owner.query(
      `with made as (insert into organizations.organizations (id, name) select gen_random_uuid(), 'Many' from generate_series(1, 45) returning id)
       insert into access.assignments (id, user_id, role, scope_type, scope_id) select gen_random_uuid(), $1, 'organization-owner', 'organization', id from made`,
      [owner.userId],
    );
    const replies = await race(16, () => app.send(owner, 'POST', '', { name: 'One more' }));
    expect(statuses(replies)).toEqual({ 201: 5, 409: 11 });
  });
});
