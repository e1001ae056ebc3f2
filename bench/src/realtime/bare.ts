/** `ws` by itself: every socket gets the same frame, with nothing before it and nothing behind it. */
import { createRequire } from 'node:module';
import type * as Ws from 'ws';
import type { Asked } from './server.ts';

const { WebSocketServer } = createRequire(new URL('../../../kit/package.json', import.meta.url))('ws') as typeof Ws;
const server = new WebSocketServer({ host: '127.0.0.1', port: Number(process.argv[2]), perMessageDeflate: false });
server.on('connection', (socket) => socket.on('message', () => socket.send('{}')));
server.on('listening', () => process.send!('listening'));

process.on('message', (asked: Asked) => {
  if (asked.do === 'usage') {
    if (asked.collected) (globalThis as { gc?: () => void }).gc?.();
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed, external } = process.memoryUsage();
    process.send!({ cpu: user + system, resident: rss, held: heapUsed + external });
  }
  if (asked.do === 'publish') {
    const frame = Buffer.from(asked.frame);
    for (let i = 0; i < asked.count; i++) for (const socket of server.clients) socket.send(frame, { binary: false });
  }
});
process.on('disconnect', () => process.exit(0));
