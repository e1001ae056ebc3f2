import { defineEvent, defineFeature, defineJob, giveUp, perform, system, uuidv7 } from '@plinth/kit';
import pg from 'pg';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { makeOrganization } from '../../core/src/organizations/organizations.fixtures.ts';
import { makeEndpoint } from '../../core/src/webhooks/webhooks.fixtures.ts';
import { type Receiver, startReceiver } from '../../core/src/webhooks/webhooks.testing.ts';
import { asIntruder } from '../../kit/src/log/tamper.testing.ts';
import { features } from '../../store/src/features.ts';
import { executablePath, found, studio, type Studio } from './console.testing.ts';

const flaky = defineJob('work.flaky', z.object({ n: z.int() }), { title: 'Flaky work', attempts: 1 });
const slow = defineJob('work.slow', z.object({}), { title: 'Slow work' });
const told = defineEvent('work.told', z.object({ thingId: z.string() }), { title: 'Work told', public: true });
let broken = true;
const work = defineFeature({
  name: 'work',
  contract: { flaky, slow, told },
  setup: () => ({
    api: {},
    handlers: [
      perform(flaky, async ({ n }) => {
        if (broken) throw giveUp('the provider is away');
        return { sent: n };
      }),
      perform(slow, async (_payload, { signal, progress }) => {
        progress({ percent: 40 });
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      }),
    ],
  }),
});

// Audit, jobs and webhooks: what an operator looks at when something went wrong, and what they do about it.
describe.skipIf(!found)(`work, with the browser at ${executablePath} (CHROMIUM)`, () => {
  let at: Studio;
  let receiver: Receiver;
  beforeAll(async () => {
    at = await studio([...features, work]);
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await at?.stop();
    await receiver?.stop();
  });
  const put = (n: number): Promise<string> => at.app.kit.db.transaction((tx) => at.app.kit.jobs.enqueue(tx, flaky, { n }));
  const stateOf = async (id: string, token: string): Promise<string> =>
    (await at.app.call('GET', `/api/v1/jobs/${id}?show=state`, { token })).json.data.state as string;
  /** Who did this last, by the log. */
  const actorIs = async (name: string, userId: string): Promise<void> => {
    await expect
      .poll(async () => (await at.app.kit.log.search({ name }, { by: 'cursor', after: null, limit: 1 })).items[0]?.actor, { message: name })
      .toBe(userId);
  };
  const confirm = (page: Page) => page.getByRole('dialog').getByRole('button').last().click();
  const goto = (page: Page, path: string) => page.goto(`${at.origin}/console/r${path}`);

  test('jobs: a dead letter is found from its queue and redriven; a queue is paused; what runs shows how far it is', async () => {
    const { page, context, token, userId } = await at.signedIn('admin');
    const [first, second] = [await put(1), await put(2)];
    for (const id of [first, second]) await expect.poll(() => stateOf(id, token)).toBe('failed');
    await goto(page, '/jobs/queues');
    const row = page.getByRole('row').filter({ hasText: 'work.flaky' });
    await row.getByRole('link', { name: '2', exact: true }).waitFor();
    await at.look(page, 'jobs-queues');
    await row.getByRole('link', { name: '2', exact: true }).click();
    await page.waitForURL(/\/r\/jobs\?.*state=failed/);
    expect(page.url()).toContain('job=work.flaky');
    await expect.poll(() => page.getByRole('row').count()).toBe(3);
    await at.look(page, 'jobs-dead');
    await page.getByRole('link', { name: 'Flaky work' }).last().click();
    await page.getByText('the provider is away').first().waitFor();
    await at.look(page, 'job-dead');
    broken = false;
    await page.getByRole('button', { name: 'Redrive' }).click();
    await confirm(page);
    await page.getByText('completed', { exact: true }).waitFor();
    await page.getByText('"sent": 1').waitFor();
    await at.look(page, 'job-completed');
    await actorIs('jobs.retried', userId);

    await goto(page, '/jobs/queues');
    await row.getByRole('button', { name: 'Redrive' }).click();
    await at.look(page, 'jobs-redrive');
    await confirm(page);
    await page.getByText('1 redriven').waitFor();
    await expect.poll(() => stateOf(second, token)).toBe('completed');
    await actorIs('jobs.redriven', userId);

    await row.getByRole('button', { name: 'Pause' }).click();
    await confirm(page);
    await row.getByText('paused').waitFor();
    await actorIs('jobs.queue-paused', userId);
    await new Promise((resolve) => setTimeout(resolve, 1200)); // within a second no node takes one
    const third = await put(3);
    await row.getByRole('link', { name: '1', exact: true }).waitFor();
    await at.look(page, 'jobs-paused');
    expect(await stateOf(third, token)).toBe('waiting');
    await row.getByRole('button', { name: 'Resume' }).click();
    await confirm(page);
    await expect.poll(() => stateOf(third, token)).toBe('completed');
    await actorIs('jobs.queue-resumed', userId);

    const long = await at.app.kit.db.transaction((tx) => at.app.kit.jobs.enqueue(tx, slow, {}));
    await goto(page, `/jobs/${long}`);
    await page.getByText('40 %').first().waitFor();
    await at.look(page, 'job-running');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await confirm(page);
    await page.getByText('cancelled', { exact: true }).waitFor();
    await actorIs('jobs.cancelled', userId);
    await goto(page, '/jobs');
    await page.getByRole('link', { name: 'Flaky work' }).first().waitFor();
    await at.look(page, 'jobs');
    await page.getByLabel('Queue').selectOption('work.slow');
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    expect(page.url()).toContain('job=work.slow');
    await page.getByRole('link', { name: 'Running' }).click();
    await page.getByText('Nothing runs in this queue').waitFor();
    expect(page.url()).toMatch(/state=running.*job=work.slow/);
    await goto(page, '/jobs/schedules');
    await page.getByText('jobs.clean-up').waitFor();
    await page.locator('summary').first().click();
    await at.look(page, 'jobs-schedules');
    await context.close();
  });

  test('S115: following a job in the console records each look at what it carries, and not each look at how far it is', async () => {
    const { page, context } = await at.signedIn('admin');
    const long = await at.app.kit.db.transaction((tx) => at.app.kit.jobs.enqueue(tx, slow, {}));
    await goto(page, `/jobs/${long}`);
    await page.getByText('40 %').first().waitFor();
    const looks = async () =>
      (await at.app.kit.log.search({ name: 'jobs.payload-read' }, { by: 'cursor', after: null, limit: 50 })).items.filter(
        ({ subject }) => subject?.id === long,
      ).length;
    await expect.poll(looks).toBeGreaterThan(0);
    const before = await looks();
    let asked = 0;
    page.on('request', (request) => (asked += request.url().includes('show=state') ? 1 : 0));
    await expect.poll(() => asked, { timeout: 10_000 }).toBeGreaterThan(2);
    expect(await looks()).toBe(before);
    await at.app.kit.db.transaction((tx) => at.app.kit.jobs.admin.cancel(tx, long));
    await context.close();
  });

  test('webhooks: an endpoint is made, its secret shown once; a delivery is replayed and arrives again under its id', async () => {
    const { page, context, token, userId } = await at.signedIn('admin');
    await goto(page, '/webhooks/endpoints');
    await page.getByText('There are no endpoints yet').waitFor();
    await at.look(page, 'webhooks-empty');
    await page.getByRole('button', { name: 'Add an endpoint' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Url').fill(receiver.url);
    await dialog.getByLabel('Events').fill('work.*');
    await dialog.getByLabel('Description').fill('CRM');
    await confirm(page);
    await dialog.getByText(/^whsec_/).waitFor();
    await at.look(page, 'webhooks-secret');
    await dialog.getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('heading', { name: receiver.url }).waitFor();
    expect(await page.getByText(/whsec_/).count()).toBe(0);
    await actorIs('webhooks.endpoint-created', userId);
    const id = page.url().split('/').at(-1)!;

    const caller = system('test.work', null, uuidv7());
    const publish = (thingId: string) => at.app.kit.db.transaction((tx) => at.app.kit.log.publish(tx, caller, told, { thingId }));
    receiver.answer(200, {}, 'thank you');
    await publish('one');
    await page.getByRole('link', { name: 'work.told' }).click();
    await page.getByText('thank you').waitFor();
    await page.getByText('"thingId": "one"').waitFor();
    receiver.answer(204);
    await page.getByRole('button', { name: 'Replay' }).click();
    await confirm(page);
    await expect.poll(() => receiver.received.length).toBe(2);
    await page.getByText('204', { exact: true }).waitFor();
    const [one, two] = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(one).toBe(two);
    await at.look(page, 'webhooks-delivery');
    await actorIs('webhooks.deliveries-replayed', userId);

    receiver.answer(500, {}, 'no room');
    await publish('two');
    await goto(page, `/webhooks/endpoints/${id}`);
    await page.getByText(/^\d+ failed attempts? in a row/).waitFor();
    await page.getByText('500', { exact: true }).waitFor();
    await at.look(page, 'webhooks-failing');
    receiver.answer(204);
    await page.getByRole('row').nth(1).getByText('delivered').waitFor(); // tried again by itself
    let count = receiver.received.length;
    await page.getByRole('button', { name: 'Test' }).click();
    await confirm(page);
    await page.getByRole('link', { name: 'webhooks.test' }).waitFor();
    await expect.poll(() => receiver.received.length).toBe(++count);
    await page.getByRole('button', { name: 'Replay a range' }).click();
    await dialog.getByLabel('Also what was delivered already').check();
    await at.look(page, 'webhooks-range');
    await confirm(page);
    await page.getByText('2 deliveries are queued').waitFor();
    await expect.poll(() => receiver.received.length).toBe(count + 2);
    await page.getByLabel('State').selectOption('dead');
    await page.getByText('Nothing fits these filters').waitFor();
    expect(page.url()).toContain('state=dead');
    await page.getByRole('button', { name: 'Clear' }).click();
    await at.look(page, 'webhooks-endpoint');

    await page.getByRole('button', { name: 'Rotate secret' }).click();
    await confirm(page);
    await dialog.getByText(/^whsec_/).waitFor();
    await dialog.getByRole('button', { name: 'I have it' }).click();
    await actorIs('webhooks.secret-rotated', userId);
    await page.getByRole('button', { name: 'Disable' }).click();
    await confirm(page);
    await page.getByText('Disabled by hand').waitFor();
    expect(await page.getByRole('button', { name: 'Test' }).isDisabled()).toBe(true);
    await at.look(page, 'webhooks-disabled');
    await actorIs('webhooks.endpoint-disabled', userId);
    await page.getByRole('button', { name: 'Enable' }).click();
    await confirm(page);
    await page.getByText('enabled', { exact: true }).waitFor();
    await makeEndpoint({ app: at.app }, { token });
    await goto(page, '/webhooks/endpoints');
    await page.getByRole('link', { name: receiver.url }).waitFor();
    await at.look(page, 'webhooks');
    await goto(page, '/webhooks/events');
    await page.getByText('work.told').click();
    await page.getByText('thingId').waitFor();
    await at.look(page, 'webhooks-events');
    await page.getByLabel('Search events').fill('work');
    await expect.poll(() => page.url()).toContain('q=work');
    await expect.poll(() => page.locator('details').count()).toBe(1);
    await context.close();
  });

  test('webhooks of an organization are the same pages', async () => {
    const { page, context, token } = await at.signedIn('admin');
    const { id } = await makeOrganization({ app: at.app }, { token });
    const base = `/organizations/${id}/webhooks`;
    const endpoint = await makeEndpoint({ app: at.app }, { token }, base, { url: receiver.url });
    const before = receiver.received.length;
    await goto(page, `${base}/endpoints`);
    await page.getByRole('link', { name: receiver.url }).click();
    await page.waitForURL(new RegExp(`${endpoint.id}$`));
    await page.getByRole('button', { name: 'Test' }).click();
    await confirm(page);
    await page.getByRole('link', { name: 'webhooks.test' }).click();
    await page.getByText('delivered', { exact: true }).waitFor();
    await expect.poll(() => receiver.received.length).toBeGreaterThan(before);
    await page.getByRole('link', { name: 'Deliveries' }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByLabel(`Type ${receiver.url}`).fill(receiver.url);
    await confirm(page);
    await page.getByText('There are no endpoints yet').waitFor();
    await context.close();
  });

  test('audit: filters in the address, an entry before and after, the filtered log as a file', async () => {
    const { page, context, token, userId, email } = await at.signedIn('admin');
    const made = await at.app.call('POST', '/api/v1/products', {
      token,
      body: { sku: 'AUD-1', name: 'Lamp', category: 'lamps', price: { amount: 1250, currency: 'EUR' }, stock: 1 },
    });
    const { id } = made.json.data as { id: string };
    const changed = await at.app.call('PATCH', `/api/v1/products/${id}`, { token, body: { name: 'Desk lamp', description: 'Bright' } });
    await actorIs('products.changed', userId);
    await goto(page, '/audit/events');
    await expect.poll(() => page.getByRole('row').count()).toBeGreaterThan(5);
    await at.look(page, 'audit');
    await page.getByLabel('Name').fill('products.*');
    await expect.poll(() => page.getByRole('row').count()).toBe(3);
    await page.getByLabel('From').fill('2026-01-01T00:00');
    await expect.poll(() => page.url()).toMatch(/name=products.*from=202[56]/);
    await page.getByLabel('Outcome').selectOption('success');
    const linked = await at.open(context, new URL(page.url()).pathname.replace('/console', '') + new URL(page.url()).search);
    await expect.poll(() => linked.getByRole('row').count()).toBe(3);
    const { json } = await at.app.call('GET', `/api/v1/users/${userId}`, { token });
    await linked
      .getByText(json.data.displayName || email)
      .first()
      .waitFor();
    await at.look(linked, 'audit-filtered');

    for (const [button, first] of [
      ['CSV', 'position,id,when'],
      ['NDJSON', '{"position":'],
    ] as const) {
      const [file] = await Promise.all([
        linked.waitForEvent('download'),
        linked.getByRole('button', { name: button, exact: true }).click(),
      ]);
      const parts: Buffer[] = [];
      for await (const part of await file.createReadStream()) parts.push(part as Buffer);
      const text = Buffer.concat(parts).toString();
      expect(text.startsWith(first)).toBe(true);
      expect(text.trim().split('\n')).toHaveLength(button === 'CSV' ? 3 : 2); // as the filters leave it
      await linked
        .getByText(`audit.${button.toLowerCase()}: 1 KB`)
        .or(linked.getByText(`audit.${button.toLowerCase()}: 2 KB`))
        .waitFor();
    }
    await actorIs('audit.exported', userId);
    await linked.getByRole('row').nth(1).getByRole('link').first().click();
    await linked.getByRole('heading', { name: 'What changed' }).waitFor();
    await linked.getByText('Desk lamp').first().waitFor();
    await at.look(linked, 'audit-entry');
    expect(await linked.getByRole('main').getByRole('link', { name: 'Timeline' }).getAttribute('href')).toContain(
      `/timeline?requestId=${changed.requestId}`,
    );
    await linked.getByRole('link', { name: 'Same request' }).click();
    await linked.waitForURL(new RegExp(`requestId=.*${changed.requestId}`));
    await linked.goBack();
    await linked.getByRole('link', { name: 'Trail of the product' }).click();
    await expect.poll(() => linked.getByRole('row').count()).toBe(3);
    expect(linked.url()).toContain(`subjectId=${id}`);
    await context.close();
  });

  test('B141: the console verifies the log, and names the entry that somebody changed in the database', async () => {
    const { page, context, userId } = await at.signedIn('admin');
    await goto(page, '/audit/seal');
    await page.getByText('signs', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('The log is whole').waitFor();
    await page.getByText(/^verified from 1 to \d+/).waitFor();
    await at.look(page, 'audit-whole');
    await actorIs('audit.verified', userId);

    const superuser = new pg.Client({ connectionString: at.app.database.superuserUrl });
    await superuser.connect();
    const { rows } = await superuser.query<{ payload: string }>('select payload::text from log.events where position = 7');
    const set = (payload: string) =>
      asIntruder(superuser, `update log.events set payload = ${pg.escapeLiteral(payload)} where position = 7`);
    await set('{"nothing":"to see"}');
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('The log does not verify').waitFor();
    await page.getByText(/^broken at position 7: /).waitFor();
    await page.getByRole('link', { name: 'Entry 7' }).waitFor();
    await at.look(page, 'audit-broken');
    await set(rows[0]!.payload);
    await page.getByLabel('From position').fill('3');
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('The log is whole').waitFor();
    await superuser.end();

    const cut = 'event: progress\ndata: {"at":3,"to":9,"result":null}\n\n';
    await page.route('**/api/v1/audit/verify*', (route) => route.fulfill({ contentType: 'text/event-stream', body: cut }));
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('It ended without a verdict').waitFor();
    expect(await page.getByText('The log is whole').count()).toBe(0);
    await page.unrouteAll();

    await page.getByRole('button', { name: 'New key' }).click();
    await confirm(page);
    await expect.poll(() => page.getByText('Ed25519').count()).toBe(2);
    await actorIs('log.head-key-created', userId);
    await context.close();
  });

  test('no page complained, and axe finds no serious fault', () => expect([at.complaints, at.faults]).toEqual([[], []]));
});
