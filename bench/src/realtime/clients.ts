/** A thousand clients in one process, as cheap as can be: they count frames and look at nothing. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export type Order =
  | { readonly do: 'open'; readonly port: number; readonly path: string; readonly count: number; readonly first: readonly string[] }
  | { readonly do: 'expect'; readonly frames: number }
  | { readonly do: 'close' };
export type Report =
  | { readonly said: 'open' }
  /** Milliseconds from the first frame to the last. */
  | { readonly said: 'all'; readonly milliseconds: number }
  | { readonly said: 'closed' };

let sockets: Socket[] = [];
let seen = 0;
let expected = 0;
let firstAt = 0;
const report = (said: Report): void => void process.send!(said);

function masked(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const head = length < 126 ? Buffer.from([0x81, 0x80 | length]) : Buffer.from([0x81, 0xfe, length >> 8, length & 255]);
  return Buffer.concat([head, Buffer.alloc(4), Buffer.from(text)]); // a mask of zeros
}

/** Counts whole frames; what a frame holds is skipped. */
function counter(onFrame: () => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  let skip = 0;
  return (chunk) => {
    let bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    rest = Buffer.alloc(0);
    for (;;) {
      if (skip > 0) {
        const taken = Math.min(skip, bytes.length);
        skip -= taken;
        bytes = bytes.subarray(taken);
        if (skip > 0) return;
        onFrame();
      }
      if (bytes.length < 4) break;
      const short = bytes[1]! & 127;
      skip = short < 126 ? short : bytes.readUInt16BE(2);
      bytes = bytes.subarray(short < 126 ? 2 : 4);
    }
    rest = Buffer.from(bytes);
  };
}

function onFrame(): void {
  if (expected === 0) return;
  if (seen++ === 0) firstAt = performance.now();
  if (seen < expected) return;
  expected = 0;
  report({ said: 'all', milliseconds: performance.now() - firstAt });
}

async function open({ port, path, count, first }: Extract<Order, { do: 'open' }>): Promise<void> {
  for (let i = 0; i < count; i += 20)
    await Promise.all(
      Array.from({ length: Math.min(20, count - i) }, async () => {
        const socket = connect(port, '127.0.0.1').setNoDelay();
        socket.write(
          `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
        );
        const [answer] = (await once(socket, 'data')) as [Buffer];
        if (!answer.toString().startsWith('HTTP/1.1 101')) throw new Error(answer.toString());
        for (const text of first) {
          socket.write(masked(text));
          await once(socket, 'data');
        }
        socket.on('data', counter(onFrame));
        sockets.push(socket);
      }),
    );
  report({ said: 'open' });
}

process.on('message', (order: Order) => {
  if (order.do === 'open') void open(order);
  if (order.do === 'expect') {
    seen = 0;
    expected = order.frames;
  }
  if (order.do === 'close') {
    for (const socket of sockets) socket.destroy();
    sockets = [];
    report({ said: 'closed' });
  }
});
process.on('disconnect', () => process.exit(0));
