import type { Actor, CallReply } from '@plinth/kit/testing';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { sweepExpired } from '../access/contract.ts';
import { organizedApp, type Organized } from './organizations.testing.ts';

// Two that wait for each other cost a second, and one of them its answer. Whoever touches what is held inside an organization holds
// the user first, then the organization, then the rows.

let app: Organized;
let root: Actor;
beforeAll(async () => {
  app = await organizedApp();
  root = await app.as('admin');
});
afterAll(() => app?.stop());
afterEach(() => vi.restoreAllMocks());

const [ADMIN, MEMBER] = ['organization-admin', 'organization-member'] as const;
interface Team {
  readonly id: string;
  readonly owner: Actor;
  readonly member: Actor;
}
type Call = (team: Team) => Promise<Pick<CallReply, 'status'>>;
const server = (method: string, path: string, body?: unknown) =>
  app.call(method, `/api/v1${path}`, { token: root.token, ...(body !== undefined && { body }) });
const path = ({ id, member }: Team) => `/${id}/members/${member.userId}`;
const assignmentOf = async ({ id, member }: Team): Promise<string> =>
  (await app.owner.query('select id from access.assignments where user_id = $1 and scope_id = $2', [member.userId, id])).rows[0].id;

const setRoles: Call = (team) => app.send(team.owner, 'PUT', path(team), { roles: [MEMBER, ADMIN] });
const remove: Call = (team) => app.send(team.owner, 'DELETE', path(team));
const transfer: Call = ({ id, owner, member }) => app.send(owner, 'POST', `/${id}/transfer`, { userId: member.userId });
const invite: Call = ({ id, owner }) => app.send(owner, 'POST', `/${id}/invitations`, { email: `x-${Math.random()}@example.com` });
const deleteOwner: Call = ({ owner }) => app.call('DELETE', '/api/v1/account', { token: owner.token });
const deleteMember: Call = ({ member }) => app.call('DELETE', '/api/v1/account', { token: member.token });
const assign: Call = ({ id, member }) =>
  server('POST', '/access/assignments', { userId: member.userId, role: ADMIN, scope: { type: 'organization', id } });
const unassign: Call = async (team) => server('DELETE', `/access/assignments/${await assignmentOf(team)}`);
const give: Call = ({ id, member }) =>
  server('POST', '/access/grants', { userId: member.userId, permission: 'organizations:read', scope: { type: 'organization', id } });
const end: Call = ({ id, owner }) => app.send(owner, 'DELETE', `/${id}`);
const sweep: Call = async () => {
  await app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, sweepExpired, {}));
  return { status: 0 };
};
/** The member's role has ended, and nobody has swept it yet. */
const expired = ({ id, member }: Team) =>
  app.owner.query(
    `update access.assignments set created_at = now() - interval '1 hour', expires_at = now() - interval '1 second' where user_id = $1 and scope_id = $2`,
    [member.userId, id],
  );

/** A permission that they were given has ended, and stands in the way of the same. */
const givenOnce = ({ id, member }: Team) =>
  app.owner.query(
    `insert into access.grants (id, user_id, permission, scope_type, scope_id, created_at, expires_at)
     values (gen_random_uuid(), $1, 'organizations:read', 'organization', $2, now() - interval '1 hour', now() - interval '1 second')`,
    [member.userId, id],
  );

const PAIRS: Record<string, [first: Call, second: Call, statuses: [number, number], before?: (team: Team) => Promise<unknown>]> = {
  'setting roles, and an administrator who assigns one': [setRoles, assign, [200, 409]],
  'setting roles, and an account that is deleted': [setRoles, deleteMember, [200, 204]],
  'removing, and an administrator who takes the role away': [remove, unassign, [204, 404]],
  'removing, and an account that is deleted': [remove, deleteMember, [204, 204]],
  'handing over, and the old owner’s account that is deleted': [transfer, deleteOwner, [204, 204]],
  'handing over, and the new owner’s account that is deleted': [transfer, deleteMember, [204, 409]],
  'inviting, and an account that is deleted': [invite, deleteOwner, [201, 409]],
  'assigning, and an account that is deleted': [assign, deleteMember, [201, 204]],
  'giving a permission, and an account that is deleted': [give, deleteMember, [201, 204]],
  'removing, and an administrator who gives a permission once more': [remove, give, [204, 201], givenOnce],
  'deleting the account of a member, and setting their roles': [deleteMember, setRoles, [204, 404]],
  'deleting an organization, and the sweep of roles in it that have ended': [end, sweep, [204, 0], expired],
};

it.each(Object.entries(PAIRS))('%s, at once, do not wait for each other', async (_name, [first, second, statuses, before]) => {
  const { id, owner, others } = await app.team([MEMBER]);
  const team = { id, owner, member: others[0]! };
  const info = vi.spyOn(app.kit.logger, 'info');
  const waiting = async () =>
    (
      await app.owner.query<{ n: number }>(
        'select count(distinct pid)::int as n from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0',
      )
    ).rows[0]!.n;
  await before?.(team);
  const replies: ReturnType<Call>[] = [];
  await app.owner.query('begin');
  try {
    await app.owner.query('select 1 from organizations.organizations where id = $1 for update', [id]);
    for (const [i, one] of [first, second].entries()) {
      replies.push(one(team));
      await expect.poll(waiting, { timeout: 5000 }).toBe(i + 1);
    }
  } finally {
    await app.owner.query('rollback');
  }
  expect((await Promise.all(replies)).map(({ status }) => status)).toEqual(statuses);
  await expect.poll(waiting, { timeout: 5000 }).toBe(0);
  expect(info.mock.calls.filter(([, message]) => message === 'transaction retried')).toEqual([]);
});
