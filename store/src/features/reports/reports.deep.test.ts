import { coreApp, type CoreApp } from '@plinth/core/testing';
import type { Actor } from '@plinth/kit/testing';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { features } from '../../features.ts';
import type { Report } from './contract.ts';
import { askFor } from './reports.fixtures.ts';
import { manySold } from './reports.testing.ts';

// A million lines in a process of their own: how much memory that takes, and what becomes of the file when the process is killed.
const LINES = Number(process.env['LINES'] ?? 1_000_000);
const LINES_OF_EACH = 4;
const FEW = LINES / 10;
/** MiB of V8: with more, what is garbage lies about, and nobody sees what is not. */
const HEAP = 96;

let app: CoreApp;
let admin: Actor;
let buyer: Actor;
interface Server {
  readonly url: string;
  readonly child: ChildProcess;
}
const servers = new Set<ChildProcess>();
beforeAll(async () => {
  app = await coreApp(features, { env: { PLINTH_ROLES: 'api' } });
  [admin, buyer] = await Promise.all([app.as('admin'), app.as('member')]);
  await manySold(app, buyer, FEW / LINES_OF_EACH, LINES_OF_EACH);
  await manySold(app, await app.as('member'), (LINES - FEW) / LINES_OF_EACH, LINES_OF_EACH, FEW);
}, 900_000);
afterEach(async () => {
  for (const child of servers) await end(child, 'SIGKILL');
});
afterAll(() => app?.stop());

/** A process that makes reports and sends them. */
async function startServer(): Promise<Server> {
  const child = spawn(
    process.execPath,
    ['--conditions=plinth-source', '--max-semi-space-size=8', `--max-old-space-size=${HEAP}`, join(import.meta.dirname, '../../main.ts')],
    {
      env: {
        PATH: process.env['PATH'] ?? '',
        NODE_ENV: 'test',
        PORT: '0',
        BASE_URL: 'http://localhost:3000', // tokens of the other server hold here too
        LOG_LEVEL: 'silent',
        DATABASE_URL: app.database.appUrl,
        DATABASE_OWNER_URL: app.database.ownerUrl,
        PLINTH_SECRET: app.kit.config.secret!,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  servers.add(child);
  child.once('exit', () => servers.delete(child));
  let said = '';
  const url = await new Promise<string>((ready, failed) => {
    child.stdout.on('data', (part: Buffer) => {
      said += part.toString();
      const found = /listening +(http\S+)[^]*ready in/.exec(said);
      if (found) ready(found[1]!);
    });
    child.once('exit', () => failed(new Error(`the server ended before it was ready: ${said}`)));
  });
  return { url, child };
}
async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (!servers.has(child)) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}
/** MiB in memory. */
const rss = async ({ child: { pid } }: Server): Promise<number> =>
  Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid!}/status`, 'utf8'))![1]) / 1024;
const look = async (id: string): Promise<Report> =>
  (await app.call('GET', `/api/v1/reports/${id}`, { token: admin.token })).json.data as Report;
/** Lines of the file as it comes, and how often each order stands in it. */
async function taken({ url }: Server, id: string): Promise<{ lines: number; bytes: number; orders: number; largest: number }> {
  const response = await fetch(`${url}/api/v1/reports/${id}/file`, { headers: { authorization: `Bearer ${admin.token}` } });
  const counts = new Map<string, number>();
  let [bytes, lines, rest] = [0, 0, ''];
  const text = new TextDecoder();
  for await (const part of response.body!) {
    bytes += (part as Uint8Array).length;
    const all = (rest + text.decode(part as Uint8Array, { stream: true })).split('\r\n');
    rest = all.pop()!;
    for (const line of all) {
      lines++;
      const order = line.slice(0, line.indexOf(','));
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
  }
  expect(rest).toBe('');
  let largest = 0;
  for (const count of counts.values()) if (count > largest) largest = count;
  return { lines: lines - 1, bytes, orders: counts.size - 1, largest };
}

/** @returns the report and the most memory of the server meanwhile, in MiB. */
async function made(server: Server, who: Actor): Promise<{ report: Report; most: number; seconds: number }> {
  const startedAt = performance.now();
  const { id } = await askFor({ app }, who, { kind: 'sales' });
  let [most, report] = [0, await look(id)];
  for (; report.state === 'waiting' || report.state === 'running'; report = await look(id)) {
    most = Math.max(most, await rss(server));
    await delay(100);
  }
  expect(report, JSON.stringify(report)).toMatchObject({ state: 'done', rows: who === admin ? LINES : FEW });
  return { report, most, seconds: (performance.now() - startedAt) / 1000 };
}
async function watched<T>(server: Server, work: () => Promise<T>): Promise<{ result: T; most: number }> {
  let most = 0;
  const sample = async (): Promise<void> => {
    most = Math.max(most, await rss(server));
  };
  const timer = setInterval(() => void sample(), 50);
  const result = await work().finally(() => clearInterval(timer));
  return { result, most };
}

test(`${LINES} lines take no more memory than ${FEW}, to make and to send`, async () => {
  const server = await startServer();
  const few = await made(server, buyer);
  const fewSent = await watched(server, () => taken(server, few.report.id));
  const many = await made(server, admin);
  const manySent = await watched(server, () => taken(server, many.report.id));
  expect(manySent.result).toEqual({ lines: LINES, bytes: many.report.bytes, orders: LINES / LINES_OF_EACH, largest: LINES_OF_EACH });
  const mib = (n: number): string => `${n.toFixed(0)} MiB`;
  process.stdout.write(
    `${FEW} lines: ${mib(few.report.bytes / 2 ** 20)} in ${few.seconds.toFixed(1)} s, at most ${mib(few.most)} of memory; sent, ${mib(fewSent.most)}\n` +
      `${LINES} lines: ${mib(many.report.bytes / 2 ** 20)} in ${many.seconds.toFixed(1)} s, at most ${mib(many.most)} of memory; sent, ${mib(manySent.most)}\n`,
  );
  expect(many.most - few.most).toBeLessThan(50);
  expect(manySent.most - fewSent.most).toBeLessThan(50);
});

test('S51: a worker that is killed in the middle: the next one makes the whole file, once', async () => {
  const first = await startServer();
  const { id } = await askFor({ app }, admin, { kind: 'sales' });
  while ((await look(id)).percent < 30) await delay(50);
  await end(first.child, 'SIGKILL');
  expect(await look(id)).toMatchObject({ state: 'running' });
  // As if the half minute had passed after which its job goes to another.
  await app.owner.query(
    `update pgboss.job_common set heartbeat_on = now() - interval '1 hour' where name = 'reports.build' and state = 'active'`,
  );
  const second = await startServer();
  let report = await look(id);
  for (; report.state === 'waiting' || report.state === 'running'; report = await look(id)) await delay(200);
  expect(report, JSON.stringify(report)).toMatchObject({ state: 'done', rows: LINES });
  expect(await taken(second, id)).toEqual({ lines: LINES, bytes: report.bytes, orders: LINES / LINES_OF_EACH, largest: LINES_OF_EACH });
  const { rows } = await app.owner.query<{ run: number }>('select run from reports.reports where id = $1', [id]);
  expect(rows[0]!.run).toBe(2);
});
