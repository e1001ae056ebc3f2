import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { coreApp, type CoreApp } from '../testing/index.ts';
import { Client, features, print } from './realtime.testing.ts';

let app: CoreApp;
let ada: { userId: string; token: string };
const clients: Client[] = [];
const sockets: Socket[] = [];
const kept = (client: Client): Client => {
  clients.push(client);
  return client;
};
const open = async (url = app.url, options = {}): Promise<Client> => kept(await Client.open(url, ada.token, options));
beforeAll(async () => {
  app = await coreApp(features, { env: { REALTIME_BUFFER_BYTES: '65536' } });
  ada = await app.as('member');
});
afterEach(() => {
  clients.splice(0).forEach((client) => client.kill());
  sockets.splice(0).forEach((socket) => socket.destroy());
});
afterAll(() => app.stop());
/** What is held, and not what only waits to be collected. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
const metric = async (name: string): Promise<number> => {
  const { text } = await app.call('GET', '/metrics');
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.split(' ')[1] ?? 0,
  );
};

describe('slow, silent and too many', () => {
  test('S107: twenty sockets that never read are closed with a code and leave memory flat; who reads misses nothing', async () => {
    const reader = await open();
    await reader.subscribe('news');
    const deaf = await Promise.all(Array.from({ length: 20 }, () => open()));
    for (const client of deaf) {
      await client.subscribe('news');
      client.ws.pause();
    }
    const before = heldBytes();
    const text = 'x'.repeat(150_000);
    // The network itself takes some megabytes for each before anything waits here.
    let n = 0;
    while ((await metric('realtime_closed_total{reason="TOO_SLOW"}')) < 20 && n < 120) {
      await print(app, ++n, text);
      await reader.hears((said) => said.type === 'event' && said.data.n === n);
      reader.told.length = 0;
    }
    expect(await metric('realtime_closed_total{reason="TOO_SLOW"}')).toBe(20);
    await expect.poll(() => metric('realtime_connections')).toBe(1);
    // What waited for them goes a moment after they do.
    await expect.poll(() => heldBytes() - before).toBeLessThan(8_000_000);
    await print(app, 1000);
    await reader.hears((said) => said.type === 'event' && said.data.n === 1000);
    // One that begins to read again learns why.
    for (const client of deaf) client.ws.resume();
    const ends = await Promise.all(deaf.map((client) => client.ends(6000)));
    expect(ends.every(({ code }) => code === 3008 || code === 1006)).toBe(true);
  });
  test('S108: a half-open socket is reaped; one that answers pings stays', async () => {
    const node = await coreApp(features, { realtime: { pingMs: 300, pongMs: 300 }, database: app.database });
    try {
      const lives = await open(node.url);
      const dead = await open(node.url, { autoPong: false });
      expect(await dead.ends(3000)).toMatchObject({ code: 3012 });
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(lives.closed).toBeNull();
      lives.ws.pause(); // and from now on it answers nothing, takes nothing, and says no farewell
      const connections = async (): Promise<boolean> => (await node.call('GET', '/metrics')).text.includes('\nrealtime_connections 0\n');
      await expect.poll(connections, { timeout: 3000 }).toBe(true);
    } finally {
      await node.stop();
    }
  });
  test('S109: of those that come back at once most are told when to come again, before anything is asked about them', async () => {
    const node = await coreApp(features, { realtime: { acceptsPerSecond: 5 }, database: app.database });
    try {
      const storm = Array.from({ length: 40 }, () => kept(new Client(node.url, { headers: { authorization: `Bearer ${ada.token}` } })));
      await expect.poll(() => storm.every(({ ws, status }) => ws.readyState === ws.OPEN || status !== null)).toBe(true);
      const refused = storm.filter(({ status }) => status === 503);
      expect(refused.length).toBeGreaterThan(30);
      expect(storm.length - refused.length).toBeGreaterThanOrEqual(5);
      expect((await node.call('GET', '/health/ready')).status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 400));
      const later = await Client.open(node.url, ada.token);
      expect(await later.subscribe('news')).toMatchObject({ type: 'subscribed' });
      later.kill();
    } finally {
      await node.stop();
    }
  });
  test('one user has so many connections, and one node', async () => {
    const node = await coreApp(features, {
      env: { REALTIME_CONNECTIONS: '4', REALTIME_CONNECTIONS_PER_USER: '2' },
      database: app.database,
    });
    try {
      await Client.open(node.url, ada.token).then(kept);
      const second = await Client.open(node.url, ada.token).then(kept);
      const third = kept(new Client(node.url));
      await once(third.ws, 'open');
      third.send({ type: 'authenticate', token: ada.token });
      expect(await third.ends()).toEqual({ code: 3504, reason: 'TOO_MANY_CONNECTIONS' });
      second.kill();
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await (await Client.open(node.url, ada.token).then(kept)).subscribe('news')).toMatchObject({ type: 'subscribed' });
      for (let i = 0; i < 2; i++) await once(kept(new Client(node.url)).ws, 'open');
      const beyond = kept(new Client(node.url));
      await expect.poll(() => beyond.status).toBe(503);
    } finally {
      await node.stop();
    }
  });
});

describe('what is no command', () => {
  const badRequest = { code: 3501, reason: 'BAD_REQUEST' };
  test.each([
    ['no JSON', '{"type":'],
    ['no object', '[1]'],
    ['null', 'null'],
    ['an unknown type', { type: 'constructor' }],
    ['no type', { channel: 'news' }],
    ['a channel of another type', { type: 'subscribe', channel: { toString: 'news' } }],
    ['a field that is none', { type: 'ping', more: 1 }],
    ['an overlong name', { type: 'subscribe', channel: 'x'.repeat(201) }],
    ['an id of another type', { type: 'ping', id: {} }],
    ['a prototype', '{"type":"ping","__proto__":{"id":1}}'],
    ['binary', Buffer.from('{"type":"ping"}')],
  ])('%s closes the connection', async (_what, message) => {
    const client = await open();
    client.send(message);
    expect(await client.ends()).toEqual(badRequest);
  });
  test('a message that is too large is refused before it is read, and text that is no UTF-8', async () => {
    const client = await open();
    client.send({ type: 'ping', id: 'x'.repeat(20_000) });
    expect((await client.ends()).code).toBe(1009);
    const other = await open();
    (other.ws as unknown as { _sender: { send(data: Buffer, options: object): void } })._sender.send(Buffer.from([0xff, 0xfe]), {
      binary: false,
      mask: true,
      fin: true,
    });
    expect((await other.ends()).code).toBe(1007);
  });
  test('compression is not offered, and a compressed frame is an error', async () => {
    const client = await open(app.url, { perMessageDeflate: true });
    expect(client.ws.extensions).toBe('');
    const frame = Buffer.from([0xc1, 0x80, 0, 0, 0, 0]); // RSV1: compressed
    (client.ws as unknown as { _socket: Socket })._socket.write(frame);
    expect((await client.ends()).code).toBe(1002);
  });
  test('frames that are none end the connection, and the server goes on', async () => {
    const handshake = `GET /realtime HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`;
    const { port } = new URL(app.url);
    for (const bytes of [
      Buffer.from([0x81, 0x05, 1, 2, 3, 4, 5]), // not masked
      Buffer.from([0x83, 0x80, 0, 0, 0, 0]), // an opcode that is none
      Buffer.from([0x89, 0xfe, 0x01, 0x00, 0, 0, 0, 0]), // a ping of 256 bytes
      Buffer.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]), // of 2^63 bytes
      Buffer.from([0x80, 0x80, 0, 0, 0, 0]), // the rest of nothing
    ]) {
      const socket = connect(Number(port), '127.0.0.1');
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.resume();
      socket.write(handshake);
      await once(socket, 'data').catch(() => undefined);
      socket.write(bytes);
      await once(socket, 'close');
    }
    const broken = handshake.replace('AAAAAAAAAAAAAAAAAAAAAA==', 'short');
    const socket = connect(Number(port), '127.0.0.1');
    sockets.push(socket);
    socket.write(broken);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 /);
    expect(await (await open()).subscribe('news')).toMatchObject({ type: 'subscribed' });
  });
  test('ten thousand channels: two hundred are followed, and a flood of commands ends the connection', async () => {
    const client = await open();
    await client.subscribe('news');
    for (let i = 0; i < 250; i++) client.send({ type: 'subscribe', channel: `inbox:${ada.userId}`, id: i });
    await client.hears((said) => said.id === 249);
    expect(client.told.filter(({ code }) => code === 'ALREADY_SUBSCRIBED').length).toBe(249);
    for (let i = 0; i < 10_000 && client.ws.readyState === client.ws.OPEN; i++) client.send({ type: 'subscribe', channel: `room:${i}` });
    expect(await client.ends(5000)).toEqual({ code: 3013, reason: 'TOO_MANY_COMMANDS' });
    await expect.poll(() => metric('realtime_channels')).toBe(0);
  });
  test('commands are done in their order', async () => {
    const client = await open();
    for (let i = 0; i < 30; i++) {
      client.send({ type: 'subscribe', channel: 'news', id: `s${i}` });
      client.send({ type: 'unsubscribe', channel: 'news', id: `u${i}` });
    }
    await client.hears((said) => said.id === 'u29');
    expect(client.told.slice(-60).map(({ type }) => type)).toEqual(Array.from({ length: 30 }, () => ['subscribed', 'unsubscribed']).flat());
  });
});
