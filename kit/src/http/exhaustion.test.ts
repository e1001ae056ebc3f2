import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { testServer, type TestServer } from './server.fixtures.ts';
import { things } from './things.fixtures.ts';

let server: TestServer;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.stop();
});

/** A request whose body stays behind. */
const begun = (): Promise<{ socket: Socket; answer: () => string }> =>
  new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => {
      socket.write(
        'POST /api/v1/things HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ada\r\nContent-Type: application/json\r\nContent-Length: 34\r\n\r\n{"name":"x",',
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
    const slow = await Promise.all(Array.from({ length: 10 }, begun));
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (let i = 0; i < 5; i++) expect((await server.call('GET', '/api/v1/open')).status).toBe(200);
    expect(slow.map(({ answer }) => answer())).toEqual(slow.map(() => ''));
    slow[0]!.socket.write('"price":{"amount":1}}\n'); // and one that comes after all is served
    await expect.poll(slow[0]!.answer).toMatch(/^HTTP\/1\.1 201 /);
  });
  test('B119: one network may have a hundred of them on their way, and others go on', async () => {
    server = await testServer([things]);
    const slow = await Promise.all(Array.from({ length: 101 }, begun));
    await expect.poll(() => slow.filter(({ answer }) => answer().startsWith('HTTP/1.1 429 ')).length).toBe(1);
    expect((await server.call('GET', '/api/v1/open')).status).toBe(200);
    for (const { socket } of slow) socket.destroy();
    await expect
      .poll(async () => (await server.call('POST', '/api/v1/things', { token: 'ada', body: { name: 'x', price: { amount: 1 } } })).status)
      .toBe(201);
  });
});
