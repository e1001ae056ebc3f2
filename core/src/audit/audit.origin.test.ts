import { defineEvent, system } from '@plinth/kit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type AuditApp, auditApp, eventually } from './audit.testing.ts';
import type { Entry } from './shapes.ts';

let app: AuditApp;
let admin: string;
beforeAll(async () => {
  app = await auditApp({ env: { TRUST_PROXY: '127.0.0.1/32' } });
  admin = await app.person('admin');
});
afterAll(() => app?.stop());

const entry = (query: string) =>
  eventually(async () => ((await app.call('GET', `/api/v1/audit/events?${query}`, { token: admin })).json.data as Entry[])[0]);

it('B147: who acts as whom, in which session, from which address and browser, in which trace, by which decision and why, stand with what they do', async () => {
  const other = await app.person('admin');
  const guest = await app.person('guest');
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const changed = await app.call('POST', '/api/v1/access/assignments', {
    token: `${admin}~as~${other}`,
    body: { userId: guest, role: 'member', reason: 'asked for by the board' },
    headers: { 'user-agent': 'Mozilla/5.0 (tests)', 'x-forwarded-for': '203.0.113.7', traceparent: `00-${traceId}-b7ad6b7169203331-01` },
  });
  expect(changed.status).toBe(201);
  expect(await entry(`requestId=${changed.requestId}`)).toMatchObject({
    who: { actor: other, impersonator: admin, session: `session of ${admin}`, key: null, job: null },
    where: {
      address: '203.0.113.7',
      userAgent: 'Mozilla/5.0 (tests)',
      operation: 'access.assign',
      requestId: changed.requestId,
      traceId,
    },
    why: { outcome: 'success', reason: 'asked for by the board', decisionId: expect.stringMatching(/./) },
  });
  // A refusal says as much.
  const refused = await app.call('POST', '/api/v1/access/roles', {
    token: `${admin}~as~${guest}`,
    body: { name: 'mine', title: 'Mine', permissions: [] },
    headers: { 'user-agent': 'Mozilla/5.0 (tests)', 'x-forwarded-for': '203.0.113.7', traceparent: `00-${traceId}-b7ad6b7169203331-01` },
  });
  expect(refused.status).toBe(403);
  expect(await entry(`requestId=${refused.requestId}`)).toMatchObject({
    who: { actor: guest, impersonator: admin, session: `session of ${admin}` },
    where: { address: '203.0.113.7', userAgent: 'Mozilla/5.0 (tests)', traceId },
    why: { outcome: 'refused', reason: expect.stringMatching(/./), decisionId: expect.stringMatching(/./) },
  });
});

it('B147: no fact of a request is without its address: of all that were ever written here, none', async () => {
  await entry('name=access.*');
  const { rows } = await app.owner.query<{ operation: string }>(
    `select distinct e.operation from log.events e left join log.personal p on p.seq = e.seq
      where e.job is null and e.operation like 'a%.%' and e.actor is not null and coalesce(p.data::jsonb->>'address', '') = ''`,
  );
  expect(rows).toEqual([]);
});

it('B145: before and after hold what the event lists, and of an event without a list nothing, whatever is given', async () => {
  const created = app.catalog.events.get('access.role-created')!;
  const unlisted = app.catalog.events.get('audit.exported')!;
  expect(unlisted.changes).toBeUndefined();
  const secret = 'a secret that nobody may read';
  await app.kit.db.transaction(async (tx) => {
    const caller = system('test.publish', null, 'listed');
    const after = { title: 'Title', permissions: [], password: secret, nested: { token: secret } };
    await app.kit.log.publish(
      tx,
      caller,
      created,
      { role: 'listed' },
      { before: { title: 'Was', permissions: [], password: secret }, after },
    );
    await app.kit.log.publish(tx, caller, unlisted, { format: 'csv', filters: {} }, { before: { password: secret }, after });
  });
  const listed = await entry('requestId=listed&name=access.role-created');
  expect(listed.what.changes).toEqual({ title: { before: 'Was', after: 'Title' } });
  expect((await entry('requestId=listed&name=audit.exported')).what.changes).toBeNull();
  const { rows } = await app.owner.query<{ text: string }>(
    `select e::text || coalesce(p.data, '') as text from log.events e left join log.personal p on p.seq = e.seq where e.request_id = 'listed'`,
  );
  expect(rows).toHaveLength(2);
  for (const { text } of rows) expect(text).not.toContain(secret);
  // An event is declared with its list, or without.
  expect(defineEvent('test.bare', z.object({}), { title: 'Bare' }).changes).toBeUndefined();
});

it('B148: the trail of one resource: everything that was done to it, by whomever, newest first', async () => {
  const other = await app.person('admin');
  await app.call('POST', '/api/v1/access/roles', { token: admin, body: { name: 'traced', title: 'One', permissions: [] } });
  await app.call('PATCH', '/api/v1/access/roles/traced', { token: other, body: { title: 'Two' } });
  await app.call('PATCH', '/api/v1/access/roles/traced', { token: admin, body: { title: 'Three' } });
  await entry('subjectType=role&subjectId=traced&name=access.role-changed');
  const trail = await eventually(async () => {
    const { data } = (await app.call('GET', '/api/v1/audit/events?subjectType=role&subjectId=traced', { token: admin })).json;
    return (data as Entry[]).length === 3 ? (data as Entry[]) : undefined;
  });
  expect(trail.map(({ who, what }) => [who.actor, what.name, what.changes?.['title']])).toEqual([
    [admin, 'access.role-changed', { before: 'Two', after: 'Three' }],
    [other, 'access.role-changed', { before: 'One', after: 'Two' }],
    [admin, 'access.role-created', { before: null, after: 'One' }],
  ]);
});
