// A process with many sockets, for the deep test: when the first and the last of them heard of each fact. It shares two cores with
// what it measures, so it reads the bytes themselves: WebSocket clients take as much of them as the server.
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from './realtime.testing.ts';

const [url = '', token = '', count = '0'] = process.argv.slice(2);
const first = new Map<number, number>();
const last = new Map<number, number>();
let frames = 0;
const NUMBER = /"n":(\d+)/g;
const clients: Client[] = [];

// Slower than a node refuses: it takes so many new connections a second.
for (let i = 0; i < Number(count); i += 20)
  await Promise.all([
    sleep(250),
    ...Array.from({ length: 20 }, async () => {
      const client = await Client.open(url, token);
      await client.subscribe('news');
      clients.push(client);
      const { _socket: socket } = client.ws as unknown as { readonly _socket: Socket };
      socket.removeAllListeners('data').on('data', (data: Buffer) => {
        const now = performance.timeOrigin + performance.now();
        for (const [, found] of data.toString('latin1').matchAll(NUMBER)) {
          const n = Number(found);
          frames++;
          if (!first.has(n)) first.set(n, now);
          last.set(n, now);
        }
      });
    }),
  ]);
// Nobody reads the server's pings.
setInterval(() => clients.forEach(({ ws }) => ws.pong()), 10_000);
process.send!(Number(count));
process.on('message', () => process.send!({ frames, first: [...first], last: [...last] }));
