/** `npm run realtime --prefix bench`: one fact to a thousand sockets against `ws` by itself, and what an idle connection costs. */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../port.ts';
import { openPostgres } from '../postgres.ts';
import type { Order, Report } from './clients.ts';
import { ask, type Asked, start, type Usage } from './server.ts';

const SOCKETS = 1000;
const IDLE = [500, 4500] as const;
const rounds = Number(process.argv[2] ?? 15);
/** Facts that are committed together. */
const FACTS = Number(process.argv[3] ?? 20);
/** What a small fact is: its payload, and the frame that it becomes. */
const text = 'x'.repeat(100);
const frame = JSON.stringify({
  type: 'event',
  channel: 'news',
  id: '01990000-0000-7000-8000-000000000000',
  event: 'bench.printed',
  at: '2026-01-01T00:00:00.000000Z',
  data: { text },
  offset: randomBytes(66).toString('base64url'),
});
const publish: Asked = { do: 'publish', count: FACTS, text, frame };
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const children: ChildProcess[] = [];

interface Side {
  readonly name: string;
  readonly server: ChildProcess;
  readonly clients: ChildProcess;
  readonly open: Omit<Extract<Order, { do: 'open' }>, 'count'>;
  readonly rates: number[];
  readonly costs: number[];
}
const side = (name: string, server: ChildProcess, port: number, path: string, first: readonly string[]): Side => {
  const clients = start('clients.ts', []);
  children.push(server, clients);
  return { name, server, clients, open: { do: 'open', port, path, first }, rates: [], costs: [] };
};
const usage = ({ server }: Side, collected = false): Promise<Usage> => ask<Usage>(server, { do: 'usage', collected } satisfies Asked);

async function measure(each: Side): Promise<void> {
  const before = await usage(each);
  const all = once(each.clients, 'message') as Promise<[Extract<Report, { said: 'all' }>]>;
  each.clients.send({ do: 'expect', frames: SOCKETS * FACTS } satisfies Order);
  each.server.send(publish);
  const [{ milliseconds }] = await all;
  const after = await usage(each);
  each.rates.push((SOCKETS * FACTS) / milliseconds);
  each.costs.push((after.cpu - before.cpu) / (SOCKETS * FACTS));
}
/** Kilobytes for each of so many more connections that only wait. */
async function idle(each: Side): Promise<string> {
  const sizes: Usage[] = [];
  for (const count of IDLE) {
    await ask<Report>(each.clients, { ...each.open, count } satisfies Order);
    await sleep(1500);
    await usage(each, true);
    await sleep(500);
    sizes.push(await usage(each, true));
  }
  await ask<Report>(each.clients, { do: 'close' } satisfies Order);
  await sleep(1000);
  const [few, many] = sizes as [Usage, Usage];
  const grown = (what: 'resident' | 'held'): string => ((many[what] - few[what]) / IDLE[1] / 1024).toFixed(1);
  return `${grown('resident')} KB resident, ${grown('held')} KB held`;
}

const postgres = await openPostgres(process.env.BENCH_DATABASE_URL);
try {
  const database = await postgres.createDatabase('realtime');
  const [barePort, port] = [await freePort(), await freePort()];
  const bareServer = start('bare.ts', [String(barePort)]);
  await once(bareServer, 'message');
  const plinthServer = start('plinth.ts', [], {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
    BASE_URL: `http://127.0.0.1:${port}`,
    DATABASE_URL: database.url,
    PLINTH_SECRET: randomBytes(32).toString('base64url'),
    PLINTH_ROLES: 'api',
    SMTP_URL: 'smtp://127.0.0.1:9',
    LOG_LEVEL: 'error',
    ACCESS_TOKEN_SECONDS: '86400',
    RATE_LIMIT_SAFE: '1000000000',
    REALTIME_CONNECTIONS_PER_USER: '100000',
  });
  const [{ token }] = (await once(plinthServer, 'message')) as [{ token: string }];
  const first = [JSON.stringify({ type: 'authenticate', token }), JSON.stringify({ type: 'subscribe', channel: 'news' })];
  const sides = [side('bare ws', bareServer, barePort, '/', ['{}']), side('plinth', plinthServer, port, '/realtime', first)] as const;

  console.log(`memory of an idle connection (${IDLE[1]} more of them)`);
  for (const each of sides) console.log(`  ${each.name.padEnd(8)} ${await idle(each)}`);

  for (const each of sides) await ask<Report>(each.clients, { ...each.open, count: SOCKETS } satisfies Order);
  for (let round = -2; round < rounds; round++) {
    for (const each of round % 2 ? sides : sides.toReversed()) {
      await sleep(200);
      await measure(each);
    }
    if (round === -1) for (const each of sides) each.rates.length = each.costs.length = 0;
  }
  const [bare, plinth] = sides;
  console.log(`\n1 to ${SOCKETS}, ${FACTS} facts a burst, ${rounds} rounds`);
  for (const { name, rates, costs } of sides)
    console.log(
      `  ${name.padEnd(8)} ${Math.round(median(rates)).toLocaleString('en')} frames/ms   ${median(costs).toFixed(2)} µs of CPU a frame`,
    );
  const ratios = plinth.rates.map((rate, i) => rate / bare.rates[i]!);
  const costs = bare.costs.map((cost, i) => cost / plinth.costs[i]!);
  console.log(
    `  throughput against bare: ${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
  );
  console.log(
    `  CPU of bare against it:  ${median(costs).toFixed(2)} (${Math.min(...costs).toFixed(2)} to ${Math.max(...costs).toFixed(2)})`,
  );
} finally {
  for (const child of children) child.disconnect();
  await postgres.stop();
}
