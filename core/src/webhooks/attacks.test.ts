import { defineEvent, defineFeature, system, uuidv7 } from '@plinth/kit';
import { createServer as createSocketServer, type AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { access } from '../access/index.ts';
import { auth } from '../auth/index.ts';
import { organizationWebhooks } from '../organization-webhooks/index.ts';
import { ORGANIZATION_ADMIN, organizations } from '../organizations/index.ts';
import { emailOf, join, makeOrganization } from '../organizations/organizations.fixtures.ts';
import { coreApp, type CoreApp } from '../testing/index.ts';
import { users } from '../users/index.ts';
import { webhooks } from './index.ts';
import { makeEndpoint } from './webhooks.fixtures.ts';
import { type Receiver, startReceiver } from './webhooks.testing.ts';

const made = defineEvent('gadgets.made', z.object({ n: z.int() }), { title: 'Gadget made', public: true });
const gadgets = defineFeature({ name: 'gadgets', contract: { made }, setup: () => ({ api: {} }) });
const caller = system('test.attacks', null, uuidv7());

let app: CoreApp;
let receiver: Receiver;
let token: string;
beforeAll(async () => {
  app = await coreApp([users, access, auth, organizations, webhooks, organizationWebhooks, gadgets]);
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
const endpoint = (body: object = {}) =>
  makeEndpoint({ app }, { token }, '/webhooks', { url: receiver.url, events: ['gadgets.*'], ...body });
const publish = (from: number, to = from, organization?: string) =>
  app.kit.db.transaction(async (tx) => {
    for (let n = from; n <= to; n++) await app.kit.log.publish(tx, caller, made, { n }, organization === undefined ? {} : { organization });
  });
const rowOf = async (id: string) => (await app.owner.query('select * from webhooks.endpoints where id = $1', [id])).rows[0];
const deliveriesOf = async (id: string): Promise<{ id: string; state: string; attempts: number }[]> =>
  (await call('GET', `/endpoints/${id}/deliveries`)).json.data;
const logOf = async (id: string, delivery: string) => (await call('GET', `/endpoints/${id}/deliveries/${delivery}`)).json.data.log;
/** A server that answers with these bytes. */
async function serveBytes(...parts: (string | Buffer)[]) {
  const server = createSocketServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => parts.forEach((part) => socket.write(part)));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, stop: () => server.close() };
}
/** One server for many endpoints: what each path answers is decided by the test. */
async function serve(answer: (path: string) => { status: number; headers?: Record<string, string> } | Promise<{ status: number }> | null) {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      paths.push(request.url!);
      void Promise.resolve(answer(request.url!)).then((given) => {
        if (given) response.writeHead(given.status, 'headers' in given ? given.headers : {}).end();
      });
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const stop = (): void => server.close().closeAllConnections();
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, paths, stop };
}

describe('one that stands in the way', () => {
  it('S47: twenty endpoints that hang, on the same host, hold up no other of it', async () => {
    const host = await serve((path) => (path.startsWith('/dead') ? null : { status: 204 }));
    for (let i = 0; i < 20; i++) await endpoint({ url: `${host.url}/dead-${i}` });
    await publish(1, 10);
    const dead = (): number => host.paths.filter((path) => path.startsWith('/dead')).length;
    await expect.poll(dead).toBeGreaterThanOrEqual(50);
    await endpoint({ url: `${host.url}/alive` });
    const startedAt = performance.now();
    await publish(11, 20);
    await expect.poll(() => host.paths.filter((path) => path === '/alive').length, { interval: 20 }).toBe(10);
    expect(performance.now() - startedAt).toBeLessThan(5000); // each of them hangs for 15 s
    await expect.poll(dead).toBe(100); // five of each, all the same
    host.stop();
  });
  it('S39: a fact of an organization that is no uuid holds up nothing that comes after it', async () => {
    const { id } = await endpoint();
    await publish(1, 1, 'not a uuid');
    await publish(2);
    await expect.poll(() => receiver.received.length).toBe(2);
    expect((await deliveriesOf(id)).length).toBe(2);
  });
  it('S44: a Retry-After is waited for, also when others that were under way succeed or fail', async () => {
    const { promise: open, resolve } = Promise.withResolvers<void>();
    let n = 0;
    const host = await serve(async () => {
      const status = [503, 200, 500][n++] ?? 200;
      if (status !== 503) await open;
      return { status, headers: status === 503 ? { 'retry-after': '600' } : {} };
    });
    const { id } = await endpoint({ url: `${host.url}/` });
    await publish(1, 3);
    await expect.poll(async () => (await rowOf(id)).paused_until).not.toBeNull();
    resolve();
    await expect.poll(async () => (await deliveriesOf(id)).filter(({ state }) => state === 'delivered').length).toBe(1);
    await expect.poll(async () => (await app.owner.query('select 1 from webhooks.attempts')).rowCount).toBe(3);
    await publish(4);
    await expect.poll(async () => (await deliveriesOf(id)).length).toBe(4);
    const { paused_until: until, wake_at: wake } = await rowOf(id);
    expect(Date.parse(until) - Date.now()).toBeGreaterThan(550_000);
    expect(Date.parse(wake)).toBeGreaterThanOrEqual(Date.parse(until));
    expect(host.paths.length).toBe(3);
    host.stop();
  });
});

describe('what is not the endpoint’s fault', () => {
  it('S50: an event that the log has dropped is dead, and no failure of the endpoint', async () => {
    const { id } = await endpoint();
    await app.owner.query(
      `insert into webhooks.deliveries (id, endpoint_id, message_id, event, position) select gen_random_uuid(), $1, gen_random_uuid(), 'gadgets.made', 900000000 + n from generate_series(1, 120) n`,
      [id],
    );
    await app.owner.query('update webhooks.endpoints set wake_at = now() where id = $1', [id]);
    await expect.poll(async () => (await app.owner.query(`select 1 from webhooks.deliveries where state = 'dead'`)).rowCount).toBe(120);
    expect(await rowOf(id)).toMatchObject({ failures: 0, disabled_at: null });
    const [dead] = await deliveriesOf(id);
    expect(await logOf(id, dead!.id)).toMatchObject([{ status: null, error: 'the log has dropped the event' }]);
  });
  it('S52: whoever was too slow counts neither as failure nor as success', async () => {
    const answers = [Promise.withResolvers<{ status: number }>(), Promise.withResolvers<{ status: number }>()];
    let n = 0;
    const host = await serve(() => answers[n++]!.promise);
    const { id } = await endpoint({ url: `${host.url}/` });
    await publish(1);
    await expect.poll(() => host.paths.length).toBe(1);
    await app.owner.query(`update webhooks.deliveries set leased_until = now() - interval '1 second'`);
    await app.owner.query('update webhooks.endpoints set wake_at = now(), failures = 3');
    await expect.poll(() => host.paths.length).toBe(2);
    answers[0]!.resolve({ status: 500 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await rowOf(id)).toMatchObject({ failures: 3 });
    answers[1]!.resolve({ status: 204 });
    await expect.poll(async () => (await rowOf(id)).failures).toBe(0);
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
    host.stop();
  });
});

describe('an answer', () => {
  it.each([
    ['a body without end', ['HTTP/1.1 200 OK\r\n\r\n', 'x'.repeat(100_000)], { status: 200, response: 'x'.repeat(1024) }],
    ['what Postgres cannot hold', ['HTTP/1.1 400 X\r\ncontent-length: 7\r\n\r\n', Buffer.from([0, 0xff, 0xfe, 0xed, 0xa0, 0x80, 65])], { status: 400, response: '\ufffd\ufffd\ufffd\ufffd\ufffdA' }], // prettier-ignore
    ['half of an emoji', ['HTTP/1.1 400 X\r\n\r\n', `${'x'.repeat(1023)}${'\u{1f600}'.repeat(900)}`], { status: 400, response: `${'x'.repeat(1023)}\u{1f600}` }], // prettier-ignore
    ['headers without end', ['HTTP/1.1 200 OK\r\n', ...Array.from({ length: 5000 }, (_, i) => `x-${i}: ${'y'.repeat(100)}\r\n`)], { status: null, error: 'HPE_HEADER_OVERFLOW' }], // prettier-ignore
    ['no HTTP at all', ['220 mail.example ESMTP\r\n'], { status: null, error: 'HPE_INVALID_CONSTANT' }],
  ] as const)('S46: %s is survived, and kept as far as it can be', async (_what, parts, kept) => {
    const strange = await serveBytes(...parts);
    const { id } = await endpoint({ url: strange.url });
    await publish(1);
    await expect.poll(async () => (await deliveriesOf(id))[0]?.attempts).toBe(1);
    const [delivery] = await deliveriesOf(id);
    await expect.poll(() => logOf(id, delivery!.id)).toMatchObject([kept]);
    strange.stop();
  });
  it('S46: a bomb stays packed', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const strange = await serveBytes(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`, bomb);
    const { id } = await endpoint({ url: strange.url });
    await publish(1);
    await expect.poll(async () => (await deliveriesOf(id))[0]).toMatchObject({ state: 'delivered', attempts: 1 });
    strange.stop();
  });
});

describe('an owner', () => {
  it('S46: of two organizations reaches the endpoints of each by its own path only, and a stranger neither', async () => {
    const [owner, stranger] = [await app.as('member'), await app.as('member')];
    const [one, other] = [await makeOrganization({ app }, owner), await makeOrganization({ app }, owner)];
    const mine = await makeEndpoint({ app }, owner, `/organizations/${one.id}/webhooks`, { url: receiver.url });
    const test = await app.call('POST', `/api/v1/organizations/${one.id}/webhooks/endpoints/${mine.id}/test`, { token: owner.token });
    const delivery = test.json.data.id as string;
    const paths = ['', `/deliveries/${delivery}`, '/deliveries'];
    const get = async (base: string, by: string) =>
      Promise.all(paths.map(async (path) => (await app.call('GET', `/api/v1${base}/endpoints/${mine.id}${path}`, { token: by })).status));
    expect(await get(`/organizations/${one.id}/webhooks`, owner.token)).toEqual([200, 200, 200]);
    expect(await get(`/organizations/${other.id}/webhooks`, owner.token)).toEqual([404, 404, 404]);
    expect(await get('/webhooks', token)).toEqual([404, 404, 404]);
    for (const status of await get(`/organizations/${one.id}/webhooks`, stranger.token)) expect([403, 404]).toContain(status);
    const into = await app.call('POST', `/api/v1/organizations/${one.id}/webhooks/endpoints`, {
      token: stranger.token,
      body: { url: receiver.url, events: ['*'] },
    });
    expect([403, 404]).toContain(into.status);
  });
  it('S49: of an endpoint for which much waits disables and deletes it at once; what waited is cleared away behind', async () => {
    const { id } = await endpoint();
    await app.owner.query(
      `insert into webhooks.deliveries (id, endpoint_id, message_id, event, position, next_at) select gen_random_uuid(), $1, gen_random_uuid(), 'gadgets.made', n, now() + interval '1 hour' from generate_series(1, 3500) n`,
      [id],
    );
    const waiting = async () => (await app.owner.query(`select 1 from webhooks.deliveries where state = 'pending'`)).rowCount;
    expect((await call('POST', `/endpoints/${id}/disable`)).status).toBe(200);
    await expect.poll(waiting).toBe(0);
    expect((await call('POST', `/endpoints/${id}/enable`)).status).toBe(200);
    await call('DELETE', `/endpoints/${id}`);
    expect((await call('GET', `/endpoints/${id}`)).status).toBe(404);
    expect((await call('GET', '/endpoints')).json.data).toEqual([]);
    await expect.poll(async () => (await app.owner.query('select 1 from webhooks.endpoints')).rowCount).toBe(0);
  });
  it('S49: who disables an endpoint while its deliveries are being queued finds none waiting for it', async () => {
    const { id } = await endpoint();
    await app.owner.query('begin');
    await app.owner.query(`update webhooks.endpoints set disabled_because = 'owner', disabled_at = now(), wake_at = null where id = $1`, [
      id,
    ]);
    await publish(1);
    const waiting = `select count(*)::int as n from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`;
    await expect.poll(async () => (await app.owner.query(waiting)).rows[0].n).toBeGreaterThan(0);
    await app.owner.query('commit');
    const read = 'select position = (select max(position) from log.events) as all from webhooks.cursor';
    await expect.poll(async () => (await app.owner.query(read)).rows[0].all).toBe(true);
    expect(await deliveriesOf(id)).toEqual([]);
  });
  it('S48: who enables an endpoint need not wait for what the breaker, or it itself, had asked for', async () => {
    const { id } = await endpoint();
    receiver.answer(503, { 'retry-after': '7200' });
    await publish(1);
    await expect.poll(async () => (await rowOf(id)).paused_until).not.toBeNull();
    await call('POST', `/endpoints/${id}/disable`);
    receiver.answer(204);
    await call('POST', `/endpoints/${id}/enable`);
    await call('POST', `/endpoints/${id}/test`);
    await expect.poll(() => receiver.received.length).toBe(2);
    await expect.poll(async () => (await rowOf(id)).failures).toBe(0);
  });
  it('S48: who has left the organization hears nothing of its endpoints any more', async () => {
    const [owner, admin] = [await app.as('member'), await app.as('member')];
    const organization = await makeOrganization({ app }, owner);
    await join({ app }, owner, organization, admin, [ORGANIZATION_ADMIN]);
    const { id: endpointId } = await makeEndpoint({ app }, admin, `/organizations/${organization.id}/webhooks`, { url: receiver.url });
    const { endpoints } = app.api(webhooks);
    const email = await emailOf({ app }, admin);
    const mails = () => app.mailbox.messages.filter(({ to, subject }) => to === email && subject === 'Your webhook endpoint fails').length;
    await endpoints.notify({ endpointId, because: 'warning', failures: 10 });
    expect(mails()).toBe(1);
    await app.call('DELETE', `/api/v1/organizations/${organization.id}/members/${admin.userId}`, { token: owner.token });
    await endpoints.notify({ endpointId, because: 'warning', failures: 50 });
    expect(mails()).toBe(1);
  });
});
