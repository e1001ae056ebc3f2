// A process with many sockets, for the deep test: when the first and the last of them heard of each fact.
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from './realtime.testing.ts';

const [url = '', token = '', count = '0'] = process.argv.slice(2);
const first = new Map<number, number>();
const last = new Map<number, number>();
let frames = 0;
const NUMBER = /"n":(\d+)/;

// Slower than a node refuses: it takes so many new connections a second.
for (let i = 0; i < Number(count); i += 20)
  await Promise.all([
    sleep(250),
    ...Array.from({ length: 20 }, async () => {
      const client = await Client.open(url, token);
      await client.subscribe('news');
      client.ws.removeAllListeners('message');
      client.ws.on('message', (data: Buffer) => {
        const found = NUMBER.exec(data.toString('latin1'));
        if (!found) return;
        const now = performance.timeOrigin + performance.now();
        const n = Number(found[1]);
        frames++;
        if (!first.has(n)) first.set(n, now);
        last.set(n, now);
      });
    }),
  ]);
process.send!(Number(count));
process.on('message', () => process.send!({ frames, first: [...first], last: [...last] }));
