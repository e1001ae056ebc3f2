import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { defineFeature } from '../feature.ts';
import { defineOperations, stream } from '../operation.ts';
import { testServer, type TestServer } from './server.fixtures.ts';
import { things } from './things.fixtures.ts';

let server: TestServer;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.stop();
});

/** A request whose body stays behind. */
const begun = (length = 34): Promise<{ socket: Socket; answer: () => string }> =>
  new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => {
      socket.write(
        `POST /api/v1/things HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ada\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n{"name":"x",`,
        () => resolve({ socket, answer: () => answer }),
      );
    });
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', () => {});
    sockets.push(socket);
  });

describe('slow senders', () => {
  test('B119: bodies that do not come take no place from requests that are there', async () => {
    server = await testServer([things], { more: { shed: { inFlight: 3 } } });
    const slow = await Promise.all(Array.from({ length: 10 }, () => begun()));
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (let i = 0; i < 5; i++) expect((await server.call('GET', '/api/v1/open')).status).toBe(200);
    expect(slow.map(({ answer }) => answer())).toEqual(slow.map(() => ''));
    slow[0]!.socket.write('"price":{"amount":1}}\n'); // and one that comes after all is served
    await expect.poll(slow[0]!.answer).toMatch(/^HTTP\/1\.1 201 /);
  });
  test('B119: one network may have 128 MB of them on their way, which is many small ones, and others go on', async () => {
    server = await testServer([things]);
    const slow = await Promise.all([...Array.from({ length: 129 }, () => begun(1_000_000)), ...Array.from({ length: 100 }, () => begun())]);
    slow.push(...(await Promise.all(Array.from({ length: 6 }, () => begun(1_000_000)))));
    await expect.poll(() => slow.filter(({ answer }) => answer().startsWith('HTTP/1.1 429 ')).length).toBe(1);
    expect((await server.call('GET', '/api/v1/open')).status).toBe(200);
    for (const { socket } of slow) socket.destroy();
    await expect
      .poll(async () => (await server.call('POST', '/api/v1/things', { token: 'ada', body: { name: 'x', price: { amount: 1 } } })).status)
      .toBe(201);
  });
});

describe('slow readers', () => {
  const flood = defineFeature({
    name: 'flood',
    contract: {
      operations: defineOperations({
        flood: { method: 'GET', path: '/flood', summary: 'More than a socket holds', access: 'public', reply: stream('text/plain') },
      }),
    },
    setup: () => ({
      api: undefined,
      controller: {
        flood: async function* () {
          for (let i = 0; i < 1000; i++) yield Buffer.alloc(65_536);
        },
      },
    }),
  });
  test('B119: a connection on which nothing moves is closed', async () => {
    server = await testServer([flood]);
    expect(server.http.server.timeout).toBe(120_000);
    server.http.server.timeout = 300;
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => {
      socket.pause();
      socket.write('GET /api/v1/flood HTTP/1.1\r\nHost: x\r\n\r\n');
    });
    sockets.push(socket);
    socket.on('error', () => {});
    const open = () =>
      new Promise<number>((resolve, reject) =>
        server.http.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      );
    await expect.poll(open).toBe(1);
    await expect.poll(open, { timeout: 5000 }).toBe(0);
  });
});

describe('protocol', () => {
  test('B127: what Node would answer by itself has our form as well', async () => {
    server = await testServer([things]);
    const asked = async (lines: string) => server.raw(`GET /api/v1/open HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`);
    expect(await asked('Host: x\r\n')).toMatch(/^HTTP\/1\.1 200 /);
    for (const lines of ['', 'Host: x\r\nHost: y\r\n', 'Host: x\r\nhost: x\r\n'])
      expect(await asked(lines)).toMatch(/^HTTP\/1\.1 400 .*x-request-id: .*"code":"MALFORMED_REQUEST"/s);
    expect(await asked('Host: x\r\nExpect: the-unexpected\r\n')).toMatch(/^HTTP\/1\.1 200 .*x-request-id: /s);
  });
  test('B117: codings that we do not take off end the connection; so does h2c in any spelling', async () => {
    server = await testServer([things]);
    const post = 'POST /api/v1/search HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: ';
    const body = '\r\n\r\nb\r\n{"q":"text"}\r\n0\r\n\r\n';
    for (const coding of ['gzip, chunked', 'identity, chunked', ',chunked'])
      expect(await server.raw(post + coding + body)).toMatch(/^HTTP\/1\.1 400 .*connection: close.*"code":"MALFORMED_REQUEST"/s);
    for (const upgrade of ['H2C', 'websocket, h2c'])
      expect(await server.raw(`GET /api/v1/open HTTP/1.1\r\nHost: x\r\nConnection: close, Upgrade\r\nUpgrade: ${upgrade}\r\n\r\n`)).toMatch(
        /^HTTP\/1\.1 400 /,
      );
  });
  test('B115: a fragment is no part of a request', async () => {
    server = await testServer([things]);
    expect(await server.raw('GET /api/v1/open#x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 400 .*"code":"MALFORMED_REQUEST"/s,
    );
  });
});
