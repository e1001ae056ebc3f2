import { createHash } from 'node:crypto';
import { uuidv7 } from '@plinth/kit';
import type { Actor } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweepInvitations } from './contract.ts';
import { organizedApp, type Organized } from './organizations.testing.ts';

let app: Organized;
beforeAll(async () => {
  app = await organizedApp();
});
afterAll(() => app?.stop());

const answer = ({ status, json }: { status: number; json: { error?: { code: string } } }) => [status, json?.error?.code];
const accept = (who: { token: string } | null, token: string, more: object = {}) =>
  app.send(who, 'POST', '/invitations/accept', { token, ...more });
/** Someone who was mailed an invitation. */
async function invited(owner: Actor, organization: { id: string; name: string }, roles?: readonly string[]) {
  const guest = await app.as('member');
  const email = await app.emailOf(guest);
  const { id } = await app.invite(owner, organization.id, email, roles);
  return { guest, email, id, token: await app.mailed(email, organization.name) };
}

describe('an invitation', () => {
  it('B82: lets in whoever has proved the address it was sent to, once, and nobody else', async () => {
    const team = await app.team();
    const { guest, token } = await invited(team.owner, team, ['organization-admin']);
    expect(answer(await accept(null, token))).toEqual([401, 'SIGN_IN_REQUIRED']);
    expect(answer(await accept(await app.as('member'), token))).toEqual([403, 'INVITED_ANOTHER']);
    expect(answer(await accept(guest, 'A'.repeat(43)))).toEqual([400, 'INVALID_INVITATION']);
    await app.owner.query('update users.users set email_verified_at = null where id = $1', [guest.userId]);
    expect(answer(await accept(guest, token))).toEqual([403, 'INVITED_ANOTHER']);
    await app.owner.query('update users.users set email_verified_at = now() where id = $1', [guest.userId]);
    const accepted = await accept(guest, token);
    expect(accepted.json.data).toMatchObject({ id: team.id, name: team.name, roles: ['organization-admin'] });
    expect(await app.facts(accepted.requestId)).toEqual([
      'organizations.invitation-accepted',
      'access.role-assigned',
      'organizations.member-joined',
    ]);
    expect((await app.send(guest, 'GET', `/${team.id}/invitations`)).status).toBe(200);
    expect(answer(await accept(guest, token))).toEqual([400, 'INVALID_INVITATION']);
    const { rows } = await app.owner.query('select granted_by from access.assignments where user_id = $1 and scope_id = $2', [
      guest.userId,
      team.id,
    ]);
    expect(rows).toEqual([{ granted_by: team.owner.userId }]);
  });

  it('B82: is to one organization with its roles, whatever the request says', async () => {
    const [team, other] = [await app.team(), await app.team()];
    const { guest, token } = await invited(team.owner, team);
    for (const more of [
      { organizationId: other.id },
      { roles: ['organization-owner'] },
      { role: 'organization-owner' },
      { email: 'x@example.com' },
    ])
      expect(answer(await accept(guest, token, more))).toEqual([422, 'INVALID_INPUT']);
    const reply = await app.send(guest, 'POST', `/invitations/accept`, { token }, { 'x-organization': other.id });
    expect(reply.json.data).toMatchObject({ id: team.id, roles: ['organization-member'] });
    expect((await app.send(guest, 'GET', `/${other.id}`)).status).toBe(404);
    expect((await app.send(guest, 'GET', `/${team.id}`)).json.data.roles).toEqual(['organization-member']);
  });

  it('B82: that was revoked, replaced or is a week old lets nobody in', async () => {
    const team = await app.team();
    const revoked = await invited(team.owner, team);
    const gone = await app.send(team.owner, 'DELETE', `/${team.id}/invitations/${revoked.id}`);
    expect(await app.facts(gone.requestId)).toEqual(['organizations.invitation-revoked']);
    expect(answer(await accept(revoked.guest, revoked.token))).toEqual([400, 'INVALID_INVITATION']);
    expect(answer(await app.send(team.owner, 'DELETE', `/${team.id}/invitations/${revoked.id}`))).toEqual([404, 'INVITATION_NOT_FOUND']);

    const replaced = await invited(team.owner, team, ['organization-admin']);
    const again = await app.send(team.owner, 'POST', `/${team.id}/invitations`, { email: ` ${replaced.email.toUpperCase()} ` });
    expect(again.status, again.text).toBe(201);
    expect(await app.facts(again.requestId)).toEqual(['organizations.invitation-revoked', 'organizations.member-invited']);
    expect(answer(await accept(replaced.guest, replaced.token))).toEqual([400, 'INVALID_INVITATION']);
    expect((await app.send(team.owner, 'GET', `/${team.id}/invitations`)).json.data).toMatchObject([
      { id: again.json.data.id, roles: ['organization-member'] },
    ]);
    const newest = await app.mailed(replaced.email.toUpperCase(), team.name);
    expect((await accept(replaced.guest, newest)).json.data.roles).toEqual(['organization-member']);

    const old = await invited(team.owner, team);
    const { rows } = await app.owner.query(
      `update organizations.invitations set expires_at = now(), created_at = created_at - interval '7 days' where id = $1 returning extract(epoch from expires_at - created_at) / 86400 as days`,
      [old.id],
    );
    expect(Math.round(Number(rows[0].days))).toBe(7);
    expect(answer(await accept(old.guest, old.token))).toEqual([400, 'INVALID_INVITATION']);
    expect((await app.send(team.owner, 'GET', `/${team.id}/invitations`)).json.data).toEqual([]);
    // One that expired stands in nobody's way.
    const anew = await app.send(team.owner, 'POST', `/${team.id}/invitations`, { email: old.email });
    expect(await app.facts(anew.requestId)).toEqual(['organizations.invitation-expired', 'organizations.member-invited']);
  });

  it('B88: is worth what its author may still give when it is used', async () => {
    const team = await app.team(['organization-admin'], ['organization-admin'], ['organization-admin']);
    const [demoted, left, suspended] = team.others as [Actor, Actor, Actor];
    const root = await app.as('admin');
    const ends: [Actor, () => Promise<{ status: number }>][] = [
      [demoted, () => app.send(team.owner, 'PUT', `/${team.id}/members/${demoted.userId}`, { roles: ['organization-member'] })],
      [left, () => app.send(left, 'POST', `/${team.id}/leave`)],
      [suspended, () => app.call('POST', `/api/v1/users/${suspended.userId}/suspend`, { token: root.token, body: { reason: 'testing' } })],
    ];
    for (const [author, end] of ends) {
      const { guest, token } = await invited(author, team);
      expect((await end()).status).toBeLessThan(300);
      expect(answer(await accept(guest, token))).toEqual([400, 'INVALID_INVITATION']);
      expect((await app.send(guest, 'GET', `/${team.id}`)).status).toBe(404);
    }
  });

  it('B19, B83: is read nowhere: no list, fact, job or table holds its token, which is a hash of nothing stored', async () => {
    const team = await app.team();
    const { email, token, id } = await invited(team.owner, team);
    expect(token).toMatch(/^[\w-]{43}$/);
    const replies = [
      await app.send(team.owner, 'GET', `/${team.id}/invitations`),
      await app.send(team.owner, 'POST', `/${team.id}/invitations`, { email: `x-${uuidv7()}@example.com` }),
      await app.send(team.owner, 'GET', `/${team.id}`),
      await app.call('GET', '/api/v1/account/export', { token: team.owner.token }),
    ];
    for (const { text } of replies) expect(text).not.toMatch(/token|hash/i);
    const hash = createHash('sha256').update(token).digest();
    const { rows } = await app.owner.query('select token_hash from organizations.invitations where id = $1', [id]);
    expect(rows[0].token_hash.equals(hash)).toBe(true);
    const tables = await app.owner.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('organizations', 'log', 'pgboss', 'http', 'access')`,
    );
    for (const { name } of tables.rows) {
      const found = await app.owner.query(`select 1 from ${name} t where t::text like '%' || $1 || '%'`, [token]);
      expect([name, found.rowCount]).toEqual([name, 0]);
    }
    // A queue is no place for an address either.
    const jobs = await app.owner.query(`select 1 from pgboss.job where data::text like '%' || $1 || '%'`, [email]);
    expect(jobs.rowCount).toBe(0);
  });

  it('B24, B25: its link is of the configured address, whatever Host said, and opening it does nothing', async () => {
    const team = await app.team();
    const guest = await app.as('member');
    const email = await app.emailOf(guest);
    await app.call('POST', `/api/v1/organizations/${team.id}/invitations`, {
      token: team.owner.token,
      body: { email },
      headers: { 'x-forwarded-host': 'evil.example' },
    });
    const { text } = await app.mailbox.newest(email, (message) => message.text.includes(team.name));
    expect(text).toContain('http://localhost:3000/organizations/join#token=');
    const page = await app.call('GET', '/organizations/join');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.text).toContain('organizations/invitations/accept');
    expect((await app.send(team.owner, 'GET', `/${team.id}/invitations`)).json.data).toHaveLength(1);
  });

  it('is for nobody who is a member already, and says so', async () => {
    const team = await app.team(['organization-member']);
    const email = await app.emailOf(team.others[0]!);
    const reply = await app.send(team.owner, 'POST', `/${team.id}/invitations`, { email: email.toUpperCase() });
    expect(answer(reply)).toEqual([409, 'ALREADY_MEMBER']);
    // Who became one in another way meanwhile keeps what they were given.
    const { guest, token } = await invited(team.owner, team, ['organization-admin']);
    const root = await app.as('admin');
    await app.call('POST', '/api/v1/access/assignments', {
      token: root.token,
      body: { userId: guest.userId, role: 'organization-member', scope: { type: 'organization', id: team.id } },
    });
    expect(answer(await accept(guest, token))).toEqual([409, 'ALREADY_MEMBER']);
    expect((await app.send(guest, 'GET', `/${team.id}`)).json.data.roles).toEqual(['organization-member']);
  });

  it('B28: goes to one address at most five times a day, from all organizations together', async () => {
    const guest = await app.as('member');
    const email = await app.emailOf(guest);
    const sent = () => app.mailbox.messages.filter(({ to, subject }) => to === email && subject === 'You are invited').length;
    const idle = async () => {
      const waiting = `select 1 from pgboss.job where name = 'organizations.send-invitation' and state in ('created', 'active', 'retry')`;
      await expect.poll(async () => (await app.owner.query(waiting)).rowCount, { timeout: 15_000 }).toBe(0);
    };
    const teams = [await app.team(), await app.team()];
    for (let i = 0; i < 7; i++) {
      await app.invite(teams[i % 2]!.owner, teams[i % 2]!.id, email);
      await idle(); // one that is replaced before its turn is not mailed at all
      expect(sent()).toBe(Math.min(i + 1, 5));
    }
    await app.owner.query(`update organizations.invitations set sent_at = sent_at - interval '1 day' where email_normalized = $1`, [email]);
    await app.invite(teams[0]!.owner, teams[0]!.id, email);
    await idle();
    expect(sent()).toBe(6);
  });

  it('B149: that expires is a fact, and leaves no address behind', async () => {
    const team = await app.team();
    const { id, email } = await invited(team.owner, team);
    await app.owner.query(`update organizations.invitations set expires_at = now() - interval '1 second' where id = $1`, [id]);
    await app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, sweepInvitations, {}));
    const left = async () =>
      (await app.owner.query('select 1 from organizations.invitations where email_normalized = $1', [email])).rowCount;
    await expect.poll(left, { timeout: 10_000 }).toBe(0);
    expect(await app.told(team.id, 'organizations.invitation-expired')).toBe(1);
  });

  it('B90: is accepted by its owner, not by who acts as them', async () => {
    const team = await app.team(['organization-member']);
    const { guest, token } = await invited(team.owner, team);
    const root = await app.as('admin');
    const acting = async (userId: string) =>
      (await app.call('POST', '/api/v1/impersonation', { token: root.token, body: { userId, reason: 'testing' } })).json.data
        .accessToken as string;
    expect(answer(await accept({ token: await acting(guest.userId) }, token))).toEqual([403, 'FORBIDDEN']);
    expect(answer(await app.send({ token: await acting(team.others[0]!.userId) }, 'POST', `/${team.id}/leave`))).toEqual([
      403,
      'FORBIDDEN',
    ]);
    expect((await accept(guest, token)).status).toBe(200);
  });
});
