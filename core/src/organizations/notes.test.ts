import { uuidv7 } from '@plinth/kit';
import type { Actor } from '@plinth/kit/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NOTES, notes } from './notes.testing.ts';
import { organizedApp, type Organized } from './organizations.testing.ts';

// A feature of one's own inside organizations.

let app: Organized;
beforeAll(async () => {
  app = await organizedApp([notes]);
  await app.owner.query(NOTES);
});
afterAll(() => app?.stop());

const list = (who: Actor | null, id: string) => app.send(who, 'GET', `/${id}/notes`);
const write = (who: Actor, id: string, text = 'Hello') => app.send(who, 'POST', `/${id}/notes`, { text });

it('B87: a list inside another organization is a 404, not an empty list; a member sees what their role grants and changes nothing more', async () => {
  const [ours, theirs] = [await app.team(['organization-admin'], ['organization-member']), await app.team()];
  const [admin, member] = ours.others as [Actor, Actor];
  const written = await write(admin, ours.id);
  expect(written.status, written.text).toBe(201);
  await write(theirs.owner, theirs.id, 'Ours alone');
  expect((await list(member, ours.id)).json.data).toEqual([written.json.data]);
  expect((await write(member, ours.id)).status).toBe(403);
  for (const who of [ours.owner, admin, member]) {
    const refused = await list(who, theirs.id);
    expect([refused.status, refused.json.error.code]).toEqual([404, 'NOT_FOUND']);
    expect(refused.text.replace(refused.requestId, '')).toBe(
      (await list(who, uuidv7())).text.replace(/"requestId":"[^"]+"/, '"requestId":""'),
    );
    expect((await write(who, theirs.id)).status).toBe(404);
  }
  expect((await list(null, theirs.id)).status).toBe(401);
});

it('a fact, and a refusal, carry the organization of the path without being told', async () => {
  const [ours, theirs] = [await app.team(), await app.team()];
  const { requestId } = await write(ours.owner, ours.id);
  const refused = await write(ours.owner, theirs.id);
  const of = async (id: string) => {
    const columns = 'name, organization, reason, request_id';
    const { rows } = await app.owner.query(
      `select name, organization, reason from (select ${columns} from log.outbox union all select ${columns} from log.events) f where request_id = $1`,
      [id],
    );
    return rows;
  };
  expect(await of(requestId)).toEqual([{ name: 'notes.written', organization: ours.id, reason: null }]);
  await expect
    .poll(() => of(refused.requestId), { timeout: 3000 })
    .toEqual([{ name: 'log.refused', organization: theirs.id, reason: 'outside-scope' }]);
});

it('B99: who joins, is promoted, demoted and removed meets it with the next request', async () => {
  const team = await app.team();
  const user = await app.as('member');
  expect((await list(user, team.id)).status).toBe(404);
  await app.join(team.owner, team, user);
  expect((await list(user, team.id)).status).toBe(200);
  const path = `/${team.id}/members/${user.userId}`;
  for (let round = 0; round < 5; round++) {
    await app.send(team.owner, 'PUT', path, { roles: ['organization-admin'] });
    expect((await write(user, team.id)).status).toBe(201);
    await app.send(team.owner, 'PUT', path, { roles: ['organization-member'] });
    expect((await write(user, team.id)).status).toBe(403);
  }
  await app.send(team.owner, 'DELETE', path);
  expect((await list(user, team.id)).status).toBe(404);
});

it('what belongs to an organization goes with it', async () => {
  const team = await app.team();
  await write(team.owner, team.id);
  expect((await app.send(team.owner, 'DELETE', `/${team.id}`)).status).toBe(204);
  expect((await app.owner.query('select 1 from notes.notes where organization_id = $1', [team.id])).rowCount).toBe(0);
  expect((await list(team.owner, team.id)).status).toBe(404);
});
