import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { createResolve, type Resolve } from './resolve.ts';

const sockets: Socket[] = [];
afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));
const A = 1;
/** A name server. @param answer for the type that is asked for; null: none, ever. */
async function nameServer(answer: ((type: number) => { code: number; addresses: readonly string[] }) | null): Promise<string> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  socket.on('message', (query, from) => {
    if (!answer) return;
    let end = 12;
    while (query[end] !== 0) end += query[end]! + 1;
    const type = query.readUInt16BE(end + 1);
    const { code, addresses } = answer(type);
    const head = Buffer.from(query.subarray(0, 12));
    head.writeUInt16BE(0x8180 | code, 2);
    head.writeUInt16BE(addresses.length, 6);
    head.writeUInt32BE(0, 8);
    const answers = addresses.map((address) => Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]));
    socket.send(Buffer.concat([head, query.subarray(12, end + 5), ...answers]), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return `127.0.0.1:${socket.address().port}`;
}
const resolved = (resolve: Resolve, host: string) =>
  new Promise<string>((settle) =>
    resolve(host, (error, found) => settle(error ? String((error as { code?: string }).code) : found.map((each) => each.address).join())),
  );
/** Answers when it is told to. */
function system() {
  const asked: { host: string; answer: () => void }[] = [];
  const resolve: Resolve = (host, done) => void asked.push({ host, answer: () => done(null, [{ address: '192.0.2.9', family: 4 }]) });
  return { asked, resolve };
}

it('S47: a name that nobody answers for is given up, and never asked of the system, whose threads it would hold', async () => {
  const { asked, resolve } = system();
  const silent = createResolve({ servers: [await nameServer(null)], system: resolve, askMs: 100 });
  const names = Array.from({ length: 20 }, (_, i) => resolved(silent, `silent-${i}.example`));
  expect(new Set(await Promise.all(names))).toEqual(new Set(['ETIMEOUT']));
  const failing = createResolve({ servers: [await nameServer(() => ({ code: 2, addresses: [] }))], system: resolve, askMs: 100 });
  expect(await resolved(failing, 'failing.example')).toBe('ESERVFAIL');
  expect(asked).toEqual([]);
});
it('all that a name leads to is found; what DNS does not know, the system is asked for, one name at a time', async () => {
  const { asked, resolve } = system();
  const addresses = ['192.0.2.1', '10.0.0.1'];
  const known = createResolve({
    servers: [await nameServer((type) => ({ code: 0, addresses: type === A ? addresses : [] }))],
    system: resolve,
    askMs: 100,
  });
  expect((await resolved(known, 'known.example')).split(',').toSorted()).toEqual(addresses.toSorted());
  expect(asked).toEqual([]);
  const unknown = createResolve({ servers: [await nameServer(() => ({ code: 3, addresses: [] }))], system: resolve, askMs: 100 });
  const found = ['hosts.example', 'LOCALHOST'].map((host) => resolved(unknown, host));
  await expect.poll(() => asked.length).toBe(1);
  asked[0]!.answer();
  await expect.poll(() => asked.length).toBe(2);
  asked[1]!.answer();
  expect(await Promise.all(found)).toEqual(['192.0.2.9', '192.0.2.9']);
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const nobody = `127.0.0.1:${socket.address().port}`;
  await new Promise<void>((closed) => socket.close(closed));
  const alone = resolved(createResolve({ servers: [nobody], system: resolve, askMs: 100 }), 'hosts.example');
  await expect.poll(() => asked.length).toBe(3);
  asked[2]!.answer();
  expect(await alone).toBe('192.0.2.9');
});
