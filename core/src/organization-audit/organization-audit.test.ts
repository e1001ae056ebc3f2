import type { Actor } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit } from '../audit/index.ts';
import { organizedApp, type Organized } from '../organizations/organizations.testing.ts';
import { organizationAudit } from './index.ts';

let app: Organized;
beforeAll(async () => {
  app = await organizedApp([audit, organizationAudit]);
});
afterAll(() => app?.stop());

interface Entry {
  readonly position: number;
  readonly who: { readonly organization: string | null; readonly actor: string | null };
  readonly what: { readonly name: string };
  readonly where: { readonly address: string | null; readonly userAgent: string | null };
}
const search = async (who: Actor, organizationId: string, query = ''): Promise<Entry[]> => {
  const reply = await app.send(who, 'GET', `/${organizationId}/audit/events?limit=100${query}`);
  expect(reply.status, reply.text).toBe(200);
  return reply.json.data;
};
const names = (entries: readonly Entry[]): string[] => entries.map(({ what }) => what.name);
/** Who leads, who administers and who belongs; what they did so far is in the log. */
const settled = async () => {
  const team = await app.team(['organization-admin'], ['organization-member']);
  const [admin, member] = team.others as [Actor, Actor];
  const joined = () => search(team.owner, team.id, '&name=organizations.member-joined');
  await expect.poll(joined).toHaveLength(3); // the owner is one
  return { ...team, admin, member };
};

describe('B148: the audit log of an organization', () => {
  it('B148: holds what happened inside it and nothing else, without where people came from', async () => {
    const [team, other] = [await settled(), await settled()];
    const seen = await search(team.admin, team.id);
    expect(new Set(seen.map(({ who }) => who.organization))).toEqual(new Set([team.id]));
    expect(names(seen)).toEqual(expect.arrayContaining(['organizations.created', 'organizations.member-joined', 'access.role-assigned']));
    expect(seen.every(({ where }) => where.address === null && where.userAgent === null)).toBe(true);
    // The server's own administrators see where from.
    const root = await app.as('admin');
    const whole = await app.call('GET', `/api/v1/audit/events?organization=${team.id}&limit=100`, { token: root.token });
    expect((whole.json.data as Entry[]).some(({ where }) => where.address !== null)).toBe(true);
    expect((await search(team.admin, team.id, `&actor=${other.owner.userId}`)).length).toBe(0);
    const wider = await app.send(team.admin, 'GET', `/${team.id}/audit/events?organization=${other.id}`);
    expect([wider.status, wider.json.error.code]).toEqual([422, 'INVALID_INPUT']);
  });

  it('B148: reading and exporting it are facts inside it', async () => {
    const team = await settled();
    await search(team.admin, team.id);
    const files = [];
    for (const path of ['export.ndjson', 'export.csv']) {
      const reply = await app.send(team.admin, 'GET', `/${team.id}/audit/${path}`);
      expect(reply.status, reply.text).toBe(200);
      files.push(reply.text.trim().split('\n'));
    }
    const [lines, rows] = files as [string[], string[]];
    expect(lines.map((line) => (JSON.parse(line) as Entry).who.organization)).toEqual(lines.map(() => team.id));
    expect(rows.slice(1).every((row) => row.includes(`"${team.id}"`))).toBe(true);
    const own = async () =>
      names(await search(team.owner, team.id, `&actor=${team.admin.userId}`)).filter((name) => name.startsWith('audit.'));
    await expect.poll(own).toEqual(['audit.exported', 'audit.exported', 'audit.searched']);
  });

  it('B148: a member who may not read it is refused, a stranger is told of nothing, a page goes on where it ended', async () => {
    const [team, other] = [await settled(), await settled()];
    const ask = async (who: Actor, id: string) => {
      const { status, json } = await app.send(who, 'GET', `/${id}/audit/events`);
      return [status, json.error.code];
    };
    expect(await ask(team.member, team.id)).toEqual([403, 'FORBIDDEN']);
    expect(await ask(other.owner, team.id)).toEqual([404, 'NOT_FOUND']);
    const all = (await search(team.owner, team.id)).map(({ position }) => position);
    const paged: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const reply = await app.send(team.owner, 'GET', `/${team.id}/audit/events?limit=3&cursor=${cursor}`);
      expect(reply.status, reply.text).toBe(200);
      paged.push(...(reply.json.data as Entry[]).map(({ position }) => position));
      cursor = reply.json.meta.pagination.nextCursor as string | null;
    }
    expect(paged.filter((position) => all.includes(position))).toEqual(all);
    expect(paged).toEqual([...paged].sort((a, b) => b - a));
  });
});
