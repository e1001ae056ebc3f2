import { defineEvent, defineFeature, personal, system, uuidv7 } from '@plinth/kit';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { access } from '../access/index.ts';
import { auth } from '../auth/index.ts';
import { organizationWebhooks } from '../organization-webhooks/index.ts';
import { organizations } from '../organizations/index.ts';
import { makeOrganization } from '../organizations/organizations.fixtures.ts';
import { coreApp, type CoreApp } from '../testing/index.ts';
import { users } from '../users/index.ts';
import { webhooks } from './index.ts';
import { makeEndpoint } from './webhooks.fixtures.ts';
import { type Receiver, startReceiver } from './webhooks.testing.ts';

const thingMade = defineEvent('things.made', z.object({ thingId: z.string(), note: personal(z.string()).optional() }), {
  title: 'Thing made',
  public: true,
});
const thingKept = defineEvent('things.kept', z.object({ thingId: z.string() }), { title: 'Thing kept' });
const things = defineFeature({ name: 'things', contract: { thingMade, thingKept }, setup: () => ({ api: {} }) });
const features = [users, access, auth, organizations, webhooks, organizationWebhooks, things];
const caller = system('test.webhooks', null, uuidv7());

let app: CoreApp;
let receiver: Receiver;
let token: string;
beforeAll(async () => {
  app = await coreApp(features);
  ({ token } = await app.as('admin'));
});
afterAll(() => app?.stop());
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await receiver.stop();
  await app.owner.query('delete from webhooks.endpoints');
});

const call = (method: string, path: string, body?: object) => app.call(method, `/api/v1/webhooks${path}`, { token, ...(body && { body }) });
const endpoint = (body: object = {}) => makeEndpoint({ app }, { token }, '/webhooks', { url: receiver.url, events: ['things.*'], ...body });
const publish = (thingId: string, organization?: string, more: object = {}) =>
  app.kit.db.transaction((tx) =>
    app.kit.log.publish(tx, caller, thingMade, { thingId, ...more }, organization === undefined ? {} : { organization }),
  );
const thingsOf = (from = receiver) => from.received.map(({ body }) => (JSON.parse(body) as { data: { thingId: string } }).data.thingId);
const deliveriesOf = async (id: string): Promise<{ id: string; state: string; attempts: number; messageId: string }[]> =>
  (await call('GET', `/endpoints/${id}/deliveries`)).json.data;
const logOf = async (id: string, delivery: string) => (await call('GET', `/endpoints/${id}/deliveries/${delivery}`)).json.data.log;
/** What is waiting is due now. */
const hurry = (id: string) =>
  app.owner.query(
    `with due as (update webhooks.deliveries set next_at = now() where endpoint_id = $1 and state = 'pending' and leased_until is null)
     update webhooks.endpoints set paused_until = null, wake_at = now() where id = $1`,
    [id],
  );
/** Until everything that was published has become deliveries. */
async function read(): Promise<void> {
  const text = `select position = (select max(position) from log.events) and not exists (select 1 from log.outbox) as done from webhooks.cursor`;
  await expect.poll(async () => (await app.owner.query(text)).rows[0].done as boolean).toBe(true);
}
const failing = async (id: string, times: number): Promise<void> => {
  for (let i = (await statusOf(id)).failures; i < times; i++) {
    await hurry(id);
    await expect.poll(async () => (await statusOf(id)).failures).toBeGreaterThan(i);
  }
};
const statusOf = async (id: string) => (await call('GET', `/endpoints/${id}`)).json.data;
const verified = ({ headers, body }: Receiver['received'][number], secret: string) =>
  new Webhook(secret).verify(body, headers as Record<string, string>);

describe('a delivery', () => {
  it('S43: carries the event, signed as Standard Webhooks says, under an id that every attempt keeps', async () => {
    const { id, secret } = await endpoint();
    receiver.answer(500);
    await publish('one', undefined, { note: 'of Ada' });
    await expect.poll(async () => (await statusOf(id)).failures).toBe(1);
    receiver.answer(200);
    await hurry(id);
    await expect.poll(() => receiver.received.length).toBe(2);
    const [first, second] = receiver.received as [Receiver['received'][number], Receiver['received'][number]];
    expect(verified(first, secret)).toMatchObject({ type: 'things.made', data: { thingId: 'one', note: 'of Ada' } });
    expect(verified(second, secret)).toEqual(verified(first, secret));
    expect(first.headers['webhook-id']).toBe(second.headers['webhook-id']);
    expect(first.headers['webhook-id']).toMatch(/^msg_[^.]+$/);
    expect(Number(second.headers['webhook-timestamp'])).toBeGreaterThanOrEqual(Number(first.headers['webhook-timestamp']));
    expect(() => verified({ ...first, body: first.body.replace('one', 'two') }, secret)).toThrow();
    await expect
      .poll(async () => (await deliveriesOf(id))[0])
      .toMatchObject({ state: 'delivered', attempts: 2, last: { status: 200, error: null } });
    const delivery = (await deliveriesOf(id))[0]!.id;
    const { position, request } = (await call('GET', `/endpoints/${id}/deliveries/${delivery}`)).json.data;
    expect(request.body).toBe(first.body);
    expect(first.headers).toMatchObject(request.headers);
    expect((await app.kit.log.get(position))?.payload).toMatchObject({ thingId: 'one' });
  });
  it('S43: both secrets sign while the old one counts, and the old one alone never again', async () => {
    const { id, secret } = await endpoint();
    const rotated = await call('POST', `/endpoints/${id}/secret/rotate`, { graceSeconds: 60 });
    await publish('one');
    await expect.poll(() => receiver.received.length).toBe(1);
    for (const each of [secret, rotated.json.data.secret as string]) expect(verified(receiver.received[0]!, each)).toBeTruthy();
    await call('POST', `/endpoints/${id}/secret/rotate`, { graceSeconds: 0 });
    await publish('two');
    await expect.poll(() => receiver.received.length).toBe(2);
    expect(() => verified(receiver.received[1]!, rotated.json.data.secret as string)).toThrow();
    const { rows } = await app.owner.query('select secret, previous_secret from webhooks.endpoints where id = $1', [id]);
    expect(JSON.stringify(rows)).not.toContain('whsec_');
  });
  it('only what is public, wanted, and of its organization goes out; the server’s own endpoints get what all publish', async () => {
    const owner = await app.as('member');
    const [one, other] = [await makeOrganization({ app }, owner), await makeOrganization({ app }, owner)];
    const own = await startReceiver();
    await makeEndpoint({ app }, owner, `/organizations/${one.id}/webhooks`, { url: own.url, events: ['things.made'] });
    const deaf = await endpoint({ events: ['users.*'] });
    await endpoint();
    await publish('in-one', one.id);
    await publish('in-other', other.id);
    await publish('in-none');
    await app.kit.db.transaction((tx) => app.kit.log.publish(tx, caller, thingKept, { thingId: 'private' }, { organization: one.id }));
    await expect.poll(() => thingsOf().toSorted()).toEqual(['in-none', 'in-one', 'in-other']);
    await expect.poll(() => thingsOf(own)).toEqual(['in-one']);
    expect(await deliveriesOf(deaf.id)).toEqual([]);
    await app.call('DELETE', `/api/v1/organizations/${one.id}`, { token: owner.token });
    await publish('after', one.id);
    await expect.poll(() => thingsOf()).toContain('after');
    expect(thingsOf(own)).toEqual(['in-one']);
    await own.stop();
  });
  it('S39, S42: is made of a fact exactly once, whichever node reads it, and of none that was rolled back', async () => {
    const second = await coreApp(features, { database: app.database });
    try {
      await read(); // what earlier tests published is not what this endpoint gets
      const { id } = await endpoint();
      const ids = Array.from({ length: 60 }, (_, i) => `thing-${i}`);
      await Promise.all(ids.map((thing) => publish(thing)));
      const undone = app.kit.db.transaction(async (tx) => {
        await app.kit.log.publish(tx, caller, thingMade, { thingId: 'undone' });
        throw new Error('no');
      });
      await expect(undone).rejects.toThrow('no');
      await read();
      const states = `select state, count(*)::int as n from webhooks.deliveries where endpoint_id = $1 group by state`;
      await expect.poll(async () => (await app.owner.query(states, [id])).rows).toEqual([{ state: 'delivered', n: 60 }]);
      // An attempt whose answer came too late is made again, under the same id.
      const arrived = new Map(receiver.received.map(({ headers }, i) => [headers['webhook-id'], thingsOf()[i]!]));
      expect([...arrived.values()].toSorted()).toEqual(ids.toSorted());
    } finally {
      await second.stop();
    }
  });
});

describe('an answer', () => {
  it('S44, S46: other than 2xx is a failure; a redirect is not followed; what was answered is kept, cut, for the owner', async () => {
    const elsewhere = await startReceiver();
    const { id } = await endpoint();
    for (const [status, headers] of [
      [400, {}],
      [500, {}],
      [302, { location: elsewhere.url }],
    ] as const) {
      receiver.answer(status, headers, `<b>${'x'.repeat(9000)}\0`);
      await publish(`answered-${status}`);
      await expect.poll(() => thingsOf()).toContain(`answered-${status}`);
    }
    await expect.poll(async () => (await statusOf(id)).failures).toBe(3);
    expect(elsewhere.received).toEqual([]);
    const [redirected, , refused] = await deliveriesOf(id);
    expect(await logOf(id, redirected!.id)).toMatchObject([
      { number: 1, status: null, error: expect.stringContaining('redirects') as string },
    ]);
    const [attempt] = await logOf(id, refused!.id);
    expect(attempt).toMatchObject({ number: 1, status: 400, error: null, response: `<b>${'x'.repeat(1021)}` });
    await elsewhere.stop();
  });
  it('S44: 410 disables the endpoint; 429 and 503 are waited for as long as they ask, a day at most', async () => {
    const { id } = await endpoint();
    receiver.answer(429, { 'retry-after': '7200' });
    await publish('later');
    await expect.poll(async () => (await statusOf(id)).failures).toBe(1);
    const { rows } = await app.owner.query(
      'select extract(epoch from d.next_at - now())::int as again, extract(epoch from e.paused_until - now())::int as paused from webhooks.deliveries d join webhooks.endpoints e on e.id = d.endpoint_id',
    );
    expect(rows[0].again).toBeGreaterThan(7000);
    expect(rows[0].paused).toBeGreaterThan(7000);
    receiver.answer(410);
    await hurry(id);
    await expect.poll(() => statusOf(id)).toMatchObject({ status: 'disabled', disabledBecause: 'gone' });
    expect((await deliveriesOf(id)).map(({ state }) => state)).toEqual(['dead']);
    expect(
      (
        await app.mailbox.newest(
          (await app.owner.query(`select email from users.users u join webhooks.endpoints e on e.created_by = u.id`)).rows[0].email,
        )
      ).subject,
    ).toBe('Your webhook endpoint was disabled');
  });
  it('S45: from a private network is never asked for', async () => {
    const { id } = await endpoint({ url: 'https://10.0.0.1/hooks' });
    await publish('inside');
    await expect.poll(async () => (await statusOf(id)).failures).toBe(1);
    const [delivery] = await deliveriesOf(id);
    expect(await logOf(id, delivery!.id)).toMatchObject([{ status: null, error: '10.0.0.1 is not called' }]);
  });
});

describe('an endpoint that fails', () => {
  it('S47: holds up nobody else, however much waits for it', async () => {
    const dead = await startReceiver();
    dead.hang();
    const slow = await endpoint({ url: dead.url });
    await endpoint();
    await Promise.all(Array.from({ length: 60 }, (_, i) => publish(`thing-${i}`)));
    await expect.poll(() => receiver.received.length).toBe(60);
    expect(dead.received.length).toBe(5);
    expect((await deliveriesOf(slow.id)).every(({ state }) => state === 'pending')).toBe(true);
    await dead.stop();
  });
  it('S48: is tried one at a time after five failures, its owner told after ten, and disabled after a hundred, as a fact', async () => {
    const { id } = await endpoint();
    receiver.answer(500);
    await Promise.all(Array.from({ length: 12 }, (_, i) => publish(`thing-${i}`)));
    await expect.poll(async () => (await statusOf(id)).failures).toBeGreaterThanOrEqual(5);
    const before = (await statusOf(id)).failures as number;
    await hurry(id);
    await expect.poll(async () => (await statusOf(id)).failures).toBe(before + 1); // of all that are due, one
    await failing(id, 10);
    const { rows } = await app.owner.query(`select email from users.users u join webhooks.endpoints e on e.created_by = u.id`);
    const mail = await app.mailbox.newest(rows[0].email as string, ({ subject }) => subject === 'Your webhook endpoint fails');
    expect(mail.text).not.toContain('/hooks');
    await app.owner.query('update webhooks.endpoints set failures = 99');
    await failing(id, 100);
    await expect.poll(() => statusOf(id)).toMatchObject({ status: 'disabled', disabledBecause: 'failing', failures: 100 });
    await read();
    const { items } = await app.kit.log.search(
      { name: 'webhooks.endpoint-disabled', subjectId: id },
      { by: 'cursor', after: null, limit: 1 },
    );
    expect(items[0]).toMatchObject({ payload: { endpointId: id, because: 'failing', failures: 100 } });
    expect((await call('POST', `/endpoints/${id}/enable`)).json.error.code).toBe('WEBHOOK_ENDPOINT_COOLING_DOWN');
    await app.owner.query(`update webhooks.endpoints set disabled_at = now() - interval '61 seconds'`);
    expect((await call('POST', `/endpoints/${id}/enable`)).json.data).toMatchObject({ status: 'enabled', failures: 5 });
    expect((await call('POST', `/endpoints/${id}/enable`)).json.error.code).toBe('WEBHOOK_ENDPOINT_ENABLED');
    receiver.answer(200);
    await publish('mended');
    await expect.poll(async () => (await statusOf(id)).failures).toBe(0);
  });
  it('S49: once disabled or deleted, gets nothing of what was queued', async () => {
    const { id } = await endpoint();
    receiver.answer(500);
    await publish('one');
    await expect.poll(() => receiver.received.length).toBe(1);
    await call('POST', `/endpoints/${id}/disable`);
    await publish('two');
    await app.owner.query('update webhooks.endpoints set wake_at = now()');
    await read();
    const other = await endpoint({ url: `${receiver.url}/other` });
    await publish('three');
    await expect.poll(() => thingsOf()).toContain('three');
    expect(thingsOf()).toEqual(['one', 'three']);
    expect((await deliveriesOf(id)).map(({ state }) => state)).toEqual(['cancelled']);
    await call('DELETE', `/endpoints/${other.id}`);
    const left = `select (select count(*) from webhooks.deliveries where endpoint_id = $1) + (select count(*) from webhooks.endpoints where id = $1) as n`;
    await expect.poll(async () => Number((await app.owner.query(left, [other.id])).rows[0].n)).toBe(0);
  });
  it('S50: a delivery that was given up is dead, visible, and can be replayed', async () => {
    const { id } = await endpoint();
    receiver.answer(500);
    await publish('one');
    await expect.poll(async () => (await statusOf(id)).failures).toBe(1);
    await app.owner.query('update webhooks.deliveries set tries = 8');
    await failing(id, 2);
    const [dead] = await deliveriesOf(id);
    expect(dead).toMatchObject({ state: 'dead', attempts: 2 });
    receiver.answer(200);
    expect((await call('POST', `/endpoints/${id}/deliveries/${dead!.id}/replay`)).status).toBe(202);
    await expect
      .poll(async () => (await deliveriesOf(id))[0])
      .toMatchObject({ state: 'delivered', attempts: 3, messageId: dead!.messageId });
    expect(await logOf(id, dead!.id)).toHaveLength(3);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });
  it('what it missed is replayed from the log, by the thousand; what it got only when asked', async () => {
    const { id } = await endpoint();
    await publish('before');
    await expect.poll(() => thingsOf()).toEqual(['before']);
    // Received is not settled yet: disabled in between, it would be missed too.
    await expect.poll(async () => (await deliveriesOf(id))[0]).toMatchObject({ state: 'delivered' });
    await call('POST', `/endpoints/${id}/disable`);
    await publish('missed');
    await read(); // what is enabled before that would get it
    const { rows } = await app.owner.query(
      `select position from log.events where payload ->> 'thingId' = 'before' order by position desc limit 1`,
    );
    const since = (await app.kit.log.get(Number(rows[0].position)))!.occurredAt;
    const range = { from: since.slice(0, 23).replace(/Z?$/, 'Z'), to: '2100-01-01T00:00:00Z' };
    expect((await call('POST', `/endpoints/${id}/replay`, range)).json.error.code).toBe('WEBHOOK_ENDPOINT_DISABLED');
    await call('POST', `/endpoints/${id}/enable`);
    expect((await call('POST', `/endpoints/${id}/replay`, range)).json.data).toEqual({ deliveries: 1, next: null });
    await expect.poll(() => thingsOf()).toEqual(['before', 'missed']);
    await expect.poll(async () => (await deliveriesOf(id)).every(({ state }) => state === 'delivered')).toBe(true);
    expect((await call('POST', `/endpoints/${id}/replay`, { ...range, all: true })).json.data).toEqual({ deliveries: 2, next: null });
    await expect.poll(() => thingsOf().toSorted()).toEqual(['before', 'before', 'missed', 'missed']);
  });
});

describe('whoever attempts', () => {
  it('S52: and was too slow settles nothing: another has it by then', async () => {
    const { id } = await endpoint();
    receiver.hang();
    await publish('slow');
    await expect.poll(() => receiver.received.length).toBe(1);
    // As if the first had died a minute ago.
    await app.owner.query(`update webhooks.deliveries set leased_until = now() - interval '1 second'`);
    await app.owner.query(`update webhooks.endpoints set wake_at = now()`);
    await expect.poll(() => receiver.received.length).toBe(2);
    expect(await deliveriesOf(id)).toMatchObject([{ attempts: 2, state: 'pending' }]);
  });
  it('S53: and is stopped gives it back at once, untried', async () => {
    const node = await coreApp(features, { env: { PLINTH_ROLES: 'api' } });
    const worker = await coreApp(features, { database: node.database });
    try {
      const actor = await node.as('admin');
      await makeEndpoint({ app: node }, actor, '/webhooks', { url: receiver.url, events: ['things.*'] });
      receiver.hang();
      await node.kit.db.transaction((tx) => node.kit.log.publish(tx, caller, thingMade, { thingId: 'one' }));
      await expect.poll(() => receiver.received.length).toBe(1);
      await worker.stop();
      const { rows } = await node.owner.query(
        'select state, attempts, tries, leased_until as lease, e.wake_at <= now() as woken from webhooks.deliveries d join webhooks.endpoints e on e.id = d.endpoint_id',
      );
      expect(rows).toEqual([{ state: 'pending', attempts: 0, tries: 0, lease: null, woken: true }]);
    } finally {
      await node.stop();
    }
  });
});

describe('time', () => {
  it('old deliveries are swept, waiting ones never', async () => {
    const { id } = await endpoint();
    receiver.answer(500);
    await publish('one');
    await expect.poll(async () => (await statusOf(id)).failures).toBe(1);
    await app.owner.query(
      `insert into webhooks.deliveries (id, endpoint_id, message_id, event, state, next_at, ended_at, created_at)
      select gen_random_uuid(), $1, gen_random_uuid(), 'things.made', 'delivered', null, now() - make_interval(days => n), now() - interval '90 days' from unnest(array[29, 31, 60]) n`,
      [id],
    );
    await app.owner.query(`update webhooks.deliveries set created_at = now() - interval '90 days'`);
    await app.api(webhooks).endpoints.sweep();
    const { rows } = await app.owner.query(
      'select state, count(*)::int as n from webhooks.deliveries where endpoint_id = $1 group by 1 order by 1',
      [id],
    );
    expect(rows).toEqual([
      { state: 'delivered', n: 1 },
      { state: 'pending', n: 1 },
    ]);
  });
});
