import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { coreApp, type CoreApp } from '../testing/index.ts';
import { Client, features, grant, newRoom, print } from './realtime.testing.ts';

const tuning = { presence: { beatMs: 200, ttlSeconds: 1 } };
let app: CoreApp;
let other: CoreApp;
let admin: { userId: string; token: string };
let ada: { userId: string; token: string };
let bob: { userId: string; token: string };
const clients: Client[] = [];
const open = async ({ token }: { token: string }, node: CoreApp = app): Promise<Client> => {
  const client = await Client.open(node.url, token);
  clients.push(client);
  return client;
};
beforeAll(async () => {
  app = await coreApp(features, { realtime: tuning });
  other = await coreApp(features, { realtime: tuning, database: app.database });
  [admin, ada, bob] = await Promise.all([app.as('admin'), app.as('member'), app.as('member')]);
});
afterEach(() => clients.splice(0).forEach((client) => client.kill()));
afterAll(async () => {
  await other.stop();
  await app.stop();
});

describe('messages', () => {
  test('who may publish reaches everybody who follows, on every node, and nobody who comes later', async () => {
    const room = newRoom();
    const channel = `room:${room}`;
    for (const { userId } of [ada, bob]) await grant(app, admin.token, userId, 'rooms:read', room);
    await grant(app, admin.token, ada.userId, 'rooms:write', room);
    const [sender, near, far] = [await open(ada), await open(bob), await open(bob, other)];
    for (const client of [sender, near, far]) await client.subscribe(channel);
    const data = { typing: true, text: 'ü \u2028 \\ "' };
    expect(await sender.ask({ type: 'publish', channel, data })).toMatchObject({ type: 'published' });
    for (const client of [sender, near, far])
      expect(await client.hears((said) => said.type === 'message')).toEqual({ type: 'message', channel, from: ada.userId, data });
    expect(await near.ask({ type: 'publish', channel, data })).toMatchObject({ type: 'error', code: 'FORBIDDEN' });
    expect(await sender.ask({ type: 'publish', channel: 'news', data })).toMatchObject({ code: 'NOT_SUBSCRIBED' });
    expect(await sender.ask({ type: 'publish', channel, data: 'x'.repeat(5000) })).toMatchObject({ code: 'TOO_LARGE' });
    const late = await open(bob);
    await late.subscribe(channel);
    expect(late.told.some(({ type }) => type === 'message')).toBe(false);
  });
  test('over HTTP the same rule holds, and a feature speaks for itself', async () => {
    const mine = `user:${ada.userId}`;
    const device = await open(ada, other);
    await device.subscribe(mine);
    const publish = (token: string, channel: string, data: unknown = 1) =>
      app.call('POST', '/api/v1/realtime/messages', { token, body: { channel, data } }).then(({ status }) => status);
    expect(await publish(ada.token, mine, { read: 5 })).toBe(204);
    expect(await device.hears((said) => said.type === 'message')).toMatchObject({ from: ada.userId, data: { read: 5 } });
    expect(await publish(bob.token, mine)).toBe(403);
    expect(await publish(ada.token, 'news')).toBe(403);
    expect(await publish(ada.token, 'nothing')).toBe(404);
    expect(await publish(ada.token, mine, 'x'.repeat(5000))).toBe(413);
    app.kit.realtime.say(mine, { progress: 0.5 });
    expect(await device.hears((said) => said.data?.progress === 0.5)).toMatchObject({ from: null });
  });
});

describe('presence', () => {
  const members = async (client: Client): Promise<string[]> =>
    ((await client.ask({ type: 'presence', channel: 'news' })).members as { userId: string }[]).map(({ userId }) => userId).sort();

  test('S112: who is there is known on every node, once each, and told when it changes', async () => {
    const here = await open(ada);
    await here.subscribe('news');
    const there = await open(bob, other);
    await there.subscribe('news');
    const again = await open(bob);
    await again.subscribe('news');
    await here.hears((said) => said.type === 'joined' && said.userId === bob.userId);
    expect(await members(here)).toEqual([ada.userId, bob.userId].sort());
    expect(await members(there)).toEqual([ada.userId, bob.userId].sort());
    there.kill();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(here.told.filter(({ type }) => type === 'left')).toEqual([]); // bob is still here, on another device
    await again.ask({ type: 'unsubscribe', channel: 'news' });
    expect(await here.hears((said) => said.type === 'left')).toMatchObject({ userId: bob.userId });
    expect(await members(here)).toEqual([ada.userId]);
    expect(await again.ask({ type: 'presence', channel: 'news' })).toMatchObject({ code: 'NOT_SUBSCRIBED' });
  });
  test('S112: those on a node that crashed are gone within its time, and so is what a node left in its last moments', async () => {
    const here = await open(ada);
    await here.subscribe('news');
    const dead = newRoom();
    await app.owner.query(`insert into realtime.nodes (id) values ($1)`, [dead]);
    await app.owner.query(`insert into realtime.members values ('news', $1, $2), ('news', $3, $4)`, [
      bob.userId,
      dead,
      admin.userId,
      newRoom(),
    ]);
    expect(await members(here)).toEqual([ada.userId, bob.userId].sort());
    expect(await here.hears((said) => said.type === 'left', 3000)).toMatchObject({ userId: bob.userId });
    expect(await members(here)).toEqual([ada.userId]);
    await expect
      .poll(
        async () => (await app.owner.query(`select from realtime.members where node = $1 or user_id = $2`, [dead, admin.userId])).rowCount,
      )
      .toBe(0);
  });
  test('S112: when Postgres forgot who is where, every node tells it again', async () => {
    const here = await open(ada);
    await here.subscribe('news');
    expect(await members(here)).toEqual([ada.userId]);
    await app.owner.query('truncate realtime.nodes, realtime.members'); // as after a crash: the tables are unlogged
    await expect.poll(() => members(here)).toEqual([ada.userId]);
  });
});

describe('a node that stops', () => {
  test('sends every connection elsewhere with a code that says so, leaves no presence, and takes no more', async () => {
    const node = await coreApp(features, { database: app.database });
    const client = await open(ada, node);
    await client.subscribe('news');
    const stream = await fetch(`${node.url}/realtime/events?channels=news`, { headers: { authorization: `Bearer ${ada.token}` } });
    await print(node, 5);
    await client.hears((said) => said.type === 'event');
    const startedAt = performance.now();
    await node.stop();
    expect(performance.now() - startedAt).toBeLessThan(4000);
    expect(await client.ends()).toEqual({ code: 3001, reason: 'SHUTDOWN' });
    const text = await stream.text();
    expect(text).toMatch(/\nretry: \d+\ndata: \{"type":"closing","code":3001,"reason":"SHUTDOWN"\}\n\n$/);
    expect((await app.owner.query(`select from realtime.members where user_id = $1`, [ada.userId])).rowCount).toBe(0);
  });
  test('a process that only works has no address of realtime, and can still tell of its progress', async () => {
    const worker = await coreApp(features, { database: app.database, env: { PLINTH_ROLES: 'worker' } });
    try {
      const client = await open(ada);
      await client.subscribe('news');
      expect((await worker.call('GET', '/realtime')).status).toBe(404);
      worker.kit.realtime.say('news', { done: 3 });
      expect(await client.hears((said) => said.type === 'message')).toMatchObject({ data: { done: 3 } });
    } finally {
      await worker.stop();
    }
  });
});
