import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { once } from 'node:events';
import { connect } from 'node:net';
import pino from 'pino';
import { coreApp, type CoreApp } from '../testing/index.ts';
import { Client, features, grant, happen, newRoom, print } from './realtime.testing.ts';

const PASSWORD = 'quiet harbour under a tin moon';
/** Time that a test can put forward. */
let ahead = 0;
const clock = { now: () => new Date(), monotonic: () => performance.now() + ahead };

let app: CoreApp;
let other: CoreApp;
let admin: { userId: string; token: string };
const logged: string[] = [];
const clients: Client[] = [];
const kept = (client: Client): Client => {
  clients.push(client);
  return client;
};
const open = async (token: string, url = app.url): Promise<Client> => kept(await Client.open(url, token));

beforeAll(async () => {
  const logger = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });
  app = await coreApp(features, { realtime: { authenticateMs: 400 }, clock, logger });
  other = await coreApp(features, { realtime: { authenticateMs: 400 }, database: app.database });
  admin = await app.as('admin');
});
afterEach(() => clients.splice(0).forEach((client) => client.kill()));
afterAll(async () => {
  await other.stop();
  await app.stop();
});

async function session(role = 'member'): Promise<{ userId: string; token: string; refreshToken: string }> {
  const { userId } = await app.as(role);
  const { rows } = await app.owner.query<{ email: string }>('select email from users.users where id = $1', [userId]);
  const { json } = await app.call('POST', '/api/v1/auth/sign-in', { body: { email: rows[0]!.email, password: PASSWORD } });
  return { userId, token: json.data.accessToken, refreshToken: json.data.refreshToken };
}

describe('sessions', () => {
  test('S101: a sign-out closes the sockets of its session within a second on every node, for good; another session stays', async () => {
    const ada = await session();
    const sockets = [await open(ada.token), await open(ada.token, other.url)];
    const { rows } = await app.owner.query<{ email: string }>('select email from users.users where id = $1', [ada.userId]);
    const again = await app.call('POST', '/api/v1/auth/sign-in', { body: { email: rows[0]!.email, password: PASSWORD } });
    const bystander = await open(again.json.data.accessToken);
    await Promise.all(sockets.map((socket) => socket.subscribe('news')));
    await bystander.subscribe('news');
    const startedAt = performance.now();
    expect((await app.call('POST', '/api/v1/auth/sign-out', { token: ada.token, body: {} })).status).toBeLessThan(300);
    for (const socket of sockets) expect(await socket.ends(1500)).toEqual({ code: 3503, reason: 'SESSION_ENDED' });
    expect(performance.now() - startedAt).toBeLessThan(1500);
    await print(app, 1);
    await bystander.hears((said) => said.type === 'event');
  });
  test('S101: a suspended user is out, and a refresh of the session kicks nobody', async () => {
    const ada = await session();
    const socket = await open(ada.token);
    await socket.subscribe('news');
    const refreshed = await app.call('POST', '/api/v1/auth/refresh', { body: { refreshToken: ada.refreshToken } });
    expect(refreshed.status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(socket.closed).toBeNull();
    expect((await app.call('POST', `/api/v1/users/${ada.userId}/suspend`, { token: admin.token, body: { reason: 'test' } })).status).toBe(
      200,
    );
    expect(await socket.ends(1500)).toMatchObject({ code: 3503 });
  });
  test('S101: when the token is over the socket is closed with a code that asks for a fresh one', async () => {
    const ada = await session();
    const socket = new Client(app.url);
    kept(socket);
    await once(socket.ws, 'open');
    const told = await socket.ask({ type: 'authenticate', token: ada.token });
    expect(told).toMatchObject({ type: 'authenticated', userId: ada.userId });
    expect(told.expiresIn).toBeGreaterThan(800);
    ahead += 950_000;
    expect(await socket.ends(1500)).toEqual({ code: 3005, reason: 'TOKEN_EXPIRED' });
  });
  test('S103: a fresh token on the open socket replaces the one before; one that is nobody’s or another’s does not', async () => {
    const [ada, eve] = [await session(), await session()];
    const socket = await open(ada.token);
    await socket.subscribe('news');
    expect(await socket.ask({ type: 'authenticate', token: 'nonsense' })).toMatchObject({ type: 'error', code: 'INVALID_TOKEN' });
    expect(await socket.ask({ type: 'authenticate', token: eve.token })).toMatchObject({ type: 'error', code: 'OTHER_CALLER' });
    const { json } = await app.call('POST', '/api/v1/auth/refresh', { body: { refreshToken: ada.refreshToken } });
    ahead += 880_000; // the first token has 20 s left
    expect(await socket.ask({ type: 'authenticate', token: json.data.accessToken })).toMatchObject({ type: 'authenticated' });
    ahead += 40_000;
    await new Promise((resolve) => setTimeout(resolve, 600));
    await print(app, 2);
    await socket.hears((said) => said.type === 'event' && said.data.n === 2);
    expect(socket.closed).toBeNull();
  });
  test('S103: a socket that comes with a token which is over is closed at once, and told not to come back with it', async () => {
    const ada = await session();
    await app.call('POST', '/api/v1/auth/sign-out', { token: ada.token, body: {} });
    const socket = kept(new Client(app.url));
    await once(socket.ws, 'open');
    socket.send({ type: 'authenticate', token: ada.token });
    expect(await socket.ends()).toEqual({ code: 3500, reason: 'INVALID_TOKEN' });
  });
});

describe('permissions', () => {
  test('S102: what is taken away ends the subscription within a second, on every node, and nothing else', async () => {
    const ada = await session();
    const [lost, still] = [newRoom(), newRoom()];
    const id = await grant(app, admin.token, ada.userId, 'rooms:read', lost);
    await grant(app, admin.token, ada.userId, 'rooms:read', still);
    const sockets = [await open(ada.token), await open(ada.token, other.url)];
    for (const socket of sockets)
      for (const room of [lost, still]) expect(await socket.subscribe(`room:${room}`)).toMatchObject({ type: 'subscribed' });
    expect((await app.call('DELETE', `/api/v1/access/grants/${id}`, { token: admin.token })).status).toBeLessThan(300);
    for (const socket of sockets)
      expect(await socket.hears((said) => said.type === 'unsubscribed', 1500)).toMatchObject({
        channel: `room:${lost}`,
        code: 'FORBIDDEN',
      });
    await happen(app, [lost, still], 5);
    for (const socket of sockets) await socket.hears((said) => said.type === 'event' && said.channel === `room:${still}`);
    for (const socket of sockets) expect(socket.numbers(`room:${lost}`)).toEqual([]);
    expect(await sockets[0]!.subscribe(`room:${lost}`)).toMatchObject({ code: 'FORBIDDEN' });
  });
  test('S102: who may not connect any more is closed', async () => {
    const ada = await session();
    const socket = await open(ada.token);
    const { rows } = await app.owner.query<{ id: string }>('select id from access.assignments where user_id = $1', [ada.userId]);
    for (const { id } of rows) await app.call('DELETE', `/api/v1/access/assignments/${id}`, { token: admin.token });
    expect(await socket.ends(1500)).toEqual({ code: 3507, reason: 'FORBIDDEN' });
  });
  test('S102: somebody else’s channel, and one that nobody declared, are refused', async () => {
    const [ada, eve] = [await session(), await session()];
    const socket = await open(ada.token);
    expect(await socket.subscribe(`user:${ada.userId}`)).toMatchObject({ type: 'subscribed' });
    expect(await socket.subscribe(`user:${eve.userId}`)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await socket.subscribe(`user:${ada.userId.toUpperCase()}`)).toMatchObject({ code: 'NO_SUCH_CHANNEL' });
    for (const name of ['room:', 'room:*', 'room:{roomId}', 'nothing', 'news ', 'room:a:b', '__proto__'])
      expect(await socket.subscribe(name)).toMatchObject({ code: 'NO_SUCH_CHANNEL' });
  });
});

describe('coming in', () => {
  const upgrade = async (headers: Record<string, string>): Promise<Client> => {
    const client = kept(new Client(app.url, { headers }));
    await expect.poll(() => client.ws.readyState === client.ws.OPEN || client.status !== null).toBe(true);
    return client;
  };
  test('S110: a cookie counts with an allowed Origin only; a token needs none', async () => {
    const ada = await session();
    const cookie = `plinth_access=${ada.token}`;
    const ours = await upgrade({ cookie, origin: 'http://localhost:3000' });
    expect(await ours.hears((said) => said.type === 'authenticated')).toMatchObject({ userId: ada.userId });
    for (const headers of [
      { cookie, origin: 'https://evil.example' },
      { cookie, origin: 'null' },
      { cookie },
      { cookie: 'plinth_refresh=x', origin: 'https://evil.example' },
    ] as Record<string, string>[]) {
      const refused = await upgrade(headers);
      expect(refused.status, JSON.stringify(headers)).toBe(403);
    }
    const program = await upgrade({ authorization: `Bearer ${ada.token}` });
    expect(await program.hears((said) => said.type === 'authenticated')).toMatchObject({ userId: ada.userId });
    expect((await upgrade({ authorization: 'Bearer nonsense' })).status).toBe(401);
  });
  test('S111: a socket that does not say who it is may do nothing and is closed; a token in the address is not heard, nor written anywhere', async () => {
    const ada = await session();
    const silent = kept(new Client(app.url));
    await once(silent.ws, 'open');
    expect(await silent.ask({ type: 'subscribe', channel: 'news' })).toMatchObject({ type: 'error', code: 'SIGN_IN_REQUIRED' });
    expect(await silent.ask({ type: 'ping' })).toEqual({ type: 'pong', id: 2 });
    expect(await silent.ends(1500)).toEqual({ code: 3502, reason: 'UNAUTHENTICATED' });
    const { WebSocket } = await import('ws');
    const told: string[] = [];
    const inAddress = new WebSocket(`${app.url.replace('http', 'ws')}/realtime?token=${ada.token}&access_token=${ada.token}`);
    inAddress.on('message', (data: Buffer) => told.push(data.toString()));
    const [code] = (await once(inAddress, 'close')) as [number];
    expect([code, told]).toEqual([3502, []]);
    expect(logged.join('')).toContain('"route":"/realtime"');
    expect(logged.join('')).not.toContain(ada.token);
  });
  test('an address that speaks WebSocket only says so, and an upgrade elsewhere is not heard', async () => {
    expect((await app.call('GET', '/realtime')).status).toBe(426);
    const { hostname, port } = new URL(app.url);
    for (const [path, status] of [
      ['/health/live', 200],
      ['/api/v1/realtime', 404],
      ['/realtime/events', 401],
    ] as const) {
      const socket = connect(Number(port), hostname);
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      expect(answer.toString()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      socket.destroy();
    }
  });
});
