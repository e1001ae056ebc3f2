import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSocketServer, type AddressInfo, type Server as SocketServer } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { createReachable } from './addresses.ts';
import { createOutbound, outboundOf } from './fetch.ts';

const servers: Server[] = [];
const sockets: SocketServer[] = [];
/** Answers with these very bytes, and tells how many connections are open. */
async function serveBytes(...parts: string[]): Promise<{ url: string; open: () => number }> {
  let open = 0;
  const server = createSocketServer((socket) => {
    open++;
    socket.on('error', () => {}).on('close', () => open--);
    socket.once('data', () => parts.forEach((part) => socket.write(part)));
  }).listen(0, '127.0.0.1');
  sockets.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, open: () => open };
}
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
afterAll(() => {
  servers.forEach((server) => server.close().closeAllConnections());
  sockets.forEach((server) => server.close());
});
const inside = createOutbound({ allow: ['127.0.0.0/8'] });

describe('B59: calling addresses that others named', () => {
  it('brings method, headers and body, and the answer back', async () => {
    const url = await serve((request, reply) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () =>
        reply
          .writeHead(201, { 'x-a': 'b', 'set-cookie': ['a=1', 'b=2'] })
          .end(JSON.stringify([request.method, request.headers['content-type'], Buffer.concat(parts).toString()])),
      );
    });
    const reply = await inside(url, { method: 'POST', body: new URLSearchParams({ a: 'b c' }) });
    expect([reply.status, reply.headers.get('x-a'), reply.headers.getSetCookie(), await reply.json()]).toEqual([
      201,
      'b',
      ['a=1', 'b=2'],
      ['POST', 'application/x-www-form-urlencoded;charset=UTF-8', 'a=b+c'],
    ]);
    const empty = await inside(await serve((_request, answer) => answer.writeHead(204).end()));
    expect([empty.status, await empty.text()]).toEqual([204, '']);
  });

  it.each([
    'http://127.0.0.1/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://017700000001/',
    'https://0/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[fe80::1]/',
    'https://[fc00::1]/',
    'https://[ff02::1]/',
    'https://10.0.0.1/',
    'https://172.16.0.1/',
    'https://192.168.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://100.64.0.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://198.18.0.1/',
    'https://192.0.2.1/',
    'https://168.63.129.16/metadata/instance',
    'https://[::ffff:168.63.129.16]/',
    'https://192.88.99.1/',
    'https://240.0.0.1/',
    'https://[3fff::1]/',
    'https://[64:ff9b:1::1]/',
    'https://[2001::1]/',
    'https://[fec0::1]/',
    'https://127.0.0.1./',
    'https://①②⑦.0.0.1/',
    'https://127。0。0。1/',
    'https:\\\\127.0.0.1',
    'http://93.184.216.34/',
    'https://user:password@93.184.216.34/',
    'ftp://93.184.216.34/',
    'file:///etc/passwd',
    'data:,x',
  ])('B59: never calls %s', async (url) => {
    await expect(createOutbound({ allow: [] })(url)).rejects.toThrow(/is not called/);
  });
  it('B59: judges a name by all it leads to, when it is connected to', async () => {
    const leading = (...addresses: string[]) =>
      createOutbound({
        allow: [],
        resolve: (_host, done) =>
          done(
            null,
            addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
          ),
      });
    for (const addresses of [['127.0.0.1'], ['93.184.216.34', '10.0.0.1'], ['::ffff:10.0.0.1'], []])
      await expect(leading(...addresses)('https://rebind.example/')).rejects.toThrow(/leads to a private network/);
    // Asked anew for each connection: the first answer is worth nothing for the second.
    let asked = 0;
    const { port } = new URL(await serve((_request, reply) => reply.end('private')));
    const turning = createOutbound({
      allow: ['127.0.0.2/32'],
      resolve: (_host, done) => done(null, [{ address: asked++ === 0 ? '127.0.0.2' : '127.0.0.1', family: 4 }]),
    });
    await turning(`http://rebind.example:${port}/`).catch(() => {});
    await expect(turning(`http://rebind.example:${port}/`)).rejects.toThrow(/leads to a private network/);
    expect(asked).toBe(2);
  });
  it('B59: follows no redirect', async () => {
    const url = await serve((_request, reply) => reply.writeHead(302, { location: 'http://169.254.169.254/' }).end());
    await expect(inside(url)).rejects.toThrow(/redirects/);
  });
  // What is thrown in an event of a socket ends the process, and what never answers holds a request for ever.
  it.each([
    ['a status that is none', ['HTTP/1.1 999 X\r\ncontent-length: 0\r\n\r\n'], /answers 999/],
    ['a status below all', ['HTTP/1.1 000 X\r\ncontent-length: 0\r\n\r\n'], /answers 0/],
    ['another protocol', ['HTTP/1.1 101 X\r\nconnection: upgrade\r\nupgrade: x\r\n\r\nx'], /switches protocols/],
    ['two lengths', ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n'], /Parse Error/],
    ['endless headers', [`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(20_000)}`], /Header overflow/],
    ['a header that ends a line', ['HTTP/1.1 200 OK\r\nx: a\rset-cookie: b\r\n\r\n'], /Parse Error/],
    ['interim answers without end', Array.from({ length: 50 }, () => 'HTTP/1.1 103 X\r\nlink: x\r\n\r\n'), /timeout/],
    ['half a body', ['HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx'], /timeout/],
  ])('B59: survives %s, and leaves no socket behind', async (_title, parts, problem) => {
    const { url, open } = await serveBytes(...parts);
    await expect(inside(url, { timeoutMs: 300 })).rejects.toThrow(problem);
    await expect.poll(open).toBe(0);
  });
  it('B59: takes no more bytes, and waits no longer, than it was told', async () => {
    const big = await serve((_request, reply) => reply.end('x'.repeat(2000)));
    await expect(inside(big, { limitBytes: 1999 })).rejects.toThrow(/more than 1999 bytes/);
    expect((await (await inside(big, { limitBytes: 2000 })).text()).length).toBe(2000);
    const silent = await serve(() => {});
    await expect(inside(silent, { timeoutMs: 50 })).rejects.toMatchObject({ name: 'TimeoutError' });
    const slow = await serve((_request, reply) => void reply.writeHead(200).write('x'));
    await expect(inside(slow, { timeoutMs: 50 })).rejects.toMatchObject({ name: 'TimeoutError' });
    const gone = new AbortController();
    setTimeout(() => gone.abort(), 20);
    await expect(inside(silent, { signal: gone.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });
  it('reaches its own machine in development only, and without TLS only what the owner names', async () => {
    const url = await serve((_request, reply) => reply.end('x'));
    expect((await outboundOf({ production: false, outboundAllow: [] })(url)).status).toBe(200);
    await expect(outboundOf({ production: true, outboundAllow: ['10.0.0.0/8'] })(url)).rejects.toThrow(/is not called/);
    expect((await outboundOf({ production: true, outboundAllow: ['127.0.0.1'] })(url)).status).toBe(200);
    const { any, named } = createReachable(['10.0.0.0/8']);
    expect(['10.1.2.3', '93.184.216.34', '2606:4700::1111'].map((address) => [any(address), named(address)])).toEqual([
      [true, true],
      [true, false],
      [true, false],
    ]);
  });
});
