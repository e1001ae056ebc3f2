import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** Says what a PostgreSQL 14 says: there is none on this machine to ask. */
export async function oldPostgres(): Promise<{ url: string; close: () => void }> {
  const message = (type: string, ...parts: Buffer[]): Buffer => {
    const body = Buffer.concat(parts);
    const head = Buffer.alloc(5);
    head.write(type);
    head.writeInt32BE(body.length + 4, 1);
    return Buffer.concat([head, body]);
  };
  const int16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
  const int32 = (value: number): Buffer => Buffer.concat([int16(value >>> 16), int16(value & 0xffff)]);
  const text = (value: string): Buffer => Buffer.from(`${value}\0`);
  const cell = (value: string): Buffer => Buffer.concat([int32(value.length), Buffer.from(value)]);
  const ready = message('Z', Buffer.from('I'));
  const columns = [
    ['role', 'ada', 25],
    ['version', '14.9', 25],
    ['number', '140009', 23],
    ['identity', '1 x', 25],
  ] as const;
  const server = createServer((socket: Socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(Buffer.concat([message('R', int32(0)), ready]));
      socket.on('data', (chunk) => {
        if (chunk[0] !== 'Q'.charCodeAt(0)) return;
        const described = columns.map(([name, , type]) =>
          Buffer.concat([text(name), int32(0), int16(0), int32(type), int16(0), int32(0), int16(0)]),
        );
        const row = columns.map(([, value]) => cell(value));
        socket.write(
          Buffer.concat([
            message('T', int16(columns.length), ...described),
            message('D', int16(columns.length), ...row),
            message('C', text('SELECT 1')),
            ready,
          ]),
        );
      });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `postgres://ada:secret@127.0.0.1:${(server.address() as { port: number }).port}/shop`, close: () => server.close() };
}
