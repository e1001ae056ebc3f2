import { uuidv7 } from '@plinth/kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { access } from '../access/index.ts';
import { auth } from '../auth/index.ts';
import { organizationWebhooks } from '../organization-webhooks/index.ts';
import { organizations } from '../organizations/index.ts';
import { coreApp, type CoreApp } from '../testing/index.ts';
import { users } from '../users/index.ts';
import { webhooks } from './index.ts';
import { QueueRepository } from './queue.repository.ts';
import { makeEndpoint } from './webhooks.fixtures.ts';

// 10,000 endpoints of 200 organizations, and a million deliveries: half of them wait for one endpoint, half another has had.
const ENDPOINTS = Number(process.env['ENDPOINTS'] ?? 10_000);
const DELIVERIES = Number(process.env['DELIVERIES'] ?? 1_000_000);
/** Milliseconds that the app's role has for a statement: 5,000. None of these may come near. */
const MOST_MS = 500;

let app: CoreApp;
let token: string;
let flooded: string;
let old: string;
const organization = uuidv7();
const queue = new QueueRepository();
beforeAll(async () => {
  app = await coreApp([users, access, auth, organizations, webhooks, organizationWebhooks], { env: { PLINTH_ROLES: 'api' } });
  const actor = await app.as('admin');
  ({ token } = actor);
  flooded = (await makeEndpoint({ app }, actor)).id;
  old = (await makeEndpoint({ app }, actor)).id;
  await app.owner.query(`set statement_timeout = 0; insert into organizations.organizations (id, name) values ('${organization}', 'One');
    insert into organizations.organizations (id, name) select gen_random_uuid(), 'Other' from generate_series(1, ${ENDPOINTS / 50 - 1});
    insert into webhooks.endpoints (id, organization_id, url, description, events, secret, created_at)
      select gen_random_uuid(), o.id, 'https://example.com/', '', '{users.*}', 'x', now() - interval '1 day' from organizations.organizations o, generate_series(1, 50)`);
  await app.owner.query(
    `insert into webhooks.deliveries (id, endpoint_id, message_id, event, state, next_at, ended_at)
     select uuidv7.id, uuidv7.endpoint, gen_random_uuid(), 'users.created', case when pending then 'pending' else 'delivered' end,
       case when pending then now() - interval '1 hour' end, case when not pending then now() end
     from (select gen_random_uuid() as id, n % 2 = 0 as pending, case when n % 2 = 0 then $1::uuid else $2::uuid end as endpoint from generate_series(1, ${DELIVERIES}) n) uuidv7`,
    [flooded, old],
  );
  await app.owner.query(`update webhooks.endpoints set wake_at = now() where id = $1`, [flooded]);
  await app.owner.query('analyze webhooks.deliveries; analyze webhooks.endpoints');
}, 600_000);
afterAll(() => app?.stop());

async function timed<T>(what: string, work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const startedAt = performance.now();
  const result = await work();
  const ms = performance.now() - startedAt;
  process.stdout.write(`${what}: ${ms.toFixed(1)} ms\n`);
  return { result, ms };
}
const call = (method: string, path: string, body?: object) => app.call(method, `/api/v1/webhooks${path}`, { token, ...(body && { body }) });

test(`S47: among ${DELIVERIES} deliveries, what is due is found at once`, async () => {
  for (let i = 0; i < 8; i++) {
    await app.owner.query(`update webhooks.endpoints set wake_at = now() where id = $1`, [flooded]);
    const { result, ms } = await timed('claim', () => queue.claim(app.kit.db, 50));
    expect(result.length).toBe(i === 0 ? 5 : 0);
    expect(ms).toBeLessThan(MOST_MS);
  }
});
test(`S39: of ${ENDPOINTS} endpoints, those that want 500 facts are found at once`, async () => {
  const facts = Array.from({ length: 500 }, (_, i) => ({
    messageId: uuidv7(),
    event: 'users.created',
    position: i + 1,
    occurredAt: new Date().toISOString(),
    organizationId: i % 10 === 0 ? organization : null,
    patterns: ['users.created', 'users.*', '*'],
  }));
  const { result, ms } = await timed('wanted', () => app.kit.db.transaction((tx) => queue.wanted(tx, facts)));
  expect(result.length).toBe(500 * 2 + 50 * 50);
  expect(ms).toBeLessThan(MOST_MS);
});
test('lists are found at once, whatever they are filtered by', async () => {
  for (const state of ['dead', 'delivered', 'pending', 'cancelled'])
    for (const id of [old, flooded]) {
      const { result, ms } = await timed(`list ${state}`, () => call('GET', `/endpoints/${id}/deliveries?state=${state}`));
      expect([result.status, ms < MOST_MS]).toEqual([200, true]);
    }
});
test(`a range is replayed at once from a log of ${DELIVERIES} facts, wherever it lies and however little is wanted of it`, async () => {
  await app.owner.query(`insert into log.events (position, leaf, seq, id, name, occurred_at, operation, request_id, outcome, payload)
    select 1000 + n, '', 100000000 + n, gen_random_uuid(), case when n % 2 = 0 or n > ${DELIVERIES * 0.9} then 'users.created' else 'products.viewed' end, timestamptz '2026-01-01' + n * interval '10 seconds', 'test', 'test', 'success', '{}' from generate_series(1, ${DELIVERIES}) n`);
  await app.owner.query('analyze log.events');
  const at = (share: number) => new Date(Date.parse('2026-01-01T00:00:00Z') + DELIVERIES * 10_000 * share).toISOString();
  const replay = (from: number, to: number, after?: string) =>
    call('POST', `/endpoints/${old}/replay`, { from: at(from), to: at(to), ...(after && { after }) });
  await replay(0, 0.0001); // the first touch of so many new pages is theirs, not the statement's
  for (const [from, to] of [
    [0.999, 1],
    [0, 0.001],
    [0.5, 0.501],
  ] as const) {
    let deliveries = 0;
    let after: string | undefined;
    do {
      const { result, ms } = await timed(`replay ${from} to ${to}`, () => replay(from, to, after));
      expect([result.status, ms < MOST_MS]).toEqual([202, true]);
      deliveries += result.json.data.deliveries as number;
      after = result.json.data.next ?? undefined;
    } while (after !== undefined);
    expect(deliveries).toBeGreaterThan(DELIVERIES * 0.0004);
  }
});
test('S49: an endpoint is disabled and deleted at once, whatever waits for it', async () => {
  const disabled = await timed('disable', () => call('POST', `/endpoints/${flooded}/disable`));
  expect([disabled.result.status, disabled.ms < MOST_MS]).toEqual([200, true]);
  const deleted = await timed('delete', () => call('DELETE', `/endpoints/${old}`));
  expect([deleted.result.status, deleted.ms < MOST_MS]).toEqual([204, true]);
});
