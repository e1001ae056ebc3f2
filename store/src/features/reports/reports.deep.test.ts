import { coreApp, type CoreApp } from '@plinth/core/testing';
import type { Actor } from '@plinth/kit/testing';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { features } from '../../features.ts';
import type { Report } from './contract.ts';
import { askFor } from './reports.fixtures.ts';
import { manySold } from './reports.testing.ts';

// A million lines by a worker of its own process: how much memory that takes, and what becomes of the file when the worker is killed.
const LINES = Number(process.env['LINES'] ?? 1_000_000);
const LINES_OF_EACH = 4;

let app: CoreApp;
let admin: Actor;
const workers = new Set<ChildProcess>();
beforeAll(async () => {
  app = await coreApp(features, { env: { PLINTH_ROLES: 'api' } });
  admin = await app.as('admin');
  await manySold(app, await app.as('member'), LINES / LINES_OF_EACH, LINES_OF_EACH);
}, 600_000);
afterAll(async () => {
  for (const worker of workers) await end(worker, 'SIGKILL');
  await app?.stop();
});

async function startWorker(): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    ['--conditions=plinth-source', '--max-semi-space-size=8', join(import.meta.dirname, '../../main.ts')],
    {
      env: {
        PATH: process.env['PATH'] ?? '',
        NODE_ENV: 'test',
        PLINTH_ROLES: 'worker',
        PORT: '0',
        LOG_LEVEL: 'silent',
        DATABASE_URL: app.database.appUrl,
        DATABASE_OWNER_URL: app.database.ownerUrl,
        PLINTH_SECRET: app.kit.config.secret!,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  workers.add(child);
  child.once('exit', () => workers.delete(child));
  await once(child.stdout, 'data');
  return child;
}
async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (!workers.has(child)) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}
/** MiB in memory. */
const rss = async ({ pid }: ChildProcess): Promise<number> =>
  Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid!}/status`, 'utf8'))![1]) / 1024;
const look = async (id: string): Promise<Report> =>
  (await app.call('GET', `/api/v1/reports/${id}`, { token: admin.token })).json.data as Report;
/** Lines of the file as it comes, and how often each order stands in it. */
async function taken(id: string): Promise<{ lines: number; bytes: number; orders: number; largest: number }> {
  const response = await fetch(`${app.url}/api/v1/reports/${id}/file`, { headers: { authorization: `Bearer ${admin.token}` } });
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

test(`${LINES} lines take no more memory than a few, in the worker and in the server that sends them`, async () => {
  const worker = await startWorker();
  await delay(3000);
  const before = await rss(worker);
  const startedAt = performance.now();
  const { id } = await askFor({ app }, admin, { kind: 'sales' });
  let most = 0;
  let report = await look(id);
  for (; report.state === 'waiting' || report.state === 'running'; report = await look(id)) {
    most = Math.max(most, await rss(worker));
    await delay(100);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  expect(report, JSON.stringify(report)).toMatchObject({ state: 'done', rows: LINES });
  const [here, file] = [process.memoryUsage().rss / 2 ** 20, await taken(id)];
  expect(file).toEqual({ lines: LINES, bytes: report.bytes, orders: LINES / LINES_OF_EACH, largest: LINES_OF_EACH });
  const sent = process.memoryUsage().rss / 2 ** 20 - here;
  process.stdout.write(
    `${LINES} lines, ${(report.bytes / 2 ** 20).toFixed(0)} MiB in ${seconds.toFixed(1)} s; worker ${before.toFixed(0)} MiB before, ${most.toFixed(0)} MiB at most; sending it: ${sent.toFixed(0)} MiB more\n`,
  );
  expect(most - before).toBeLessThan(80);
  await end(worker, 'SIGTERM');
});

test('S51: a worker that is killed in the middle: the next one makes the whole file, once', async () => {
  const first = await startWorker();
  const { id } = await askFor({ app }, admin, { kind: 'sales' });
  while ((await look(id)).percent < 30) await delay(50);
  await end(first, 'SIGKILL');
  expect(await look(id)).toMatchObject({ state: 'running' });
  // As if the half minute had passed after which its job goes to another.
  await app.owner.query(
    `update pgboss.job_common set heartbeat_on = now() - interval '1 hour' where name = 'reports.build' and state = 'active'`,
  );
  await startWorker();
  let report = await look(id);
  for (; report.state === 'waiting' || report.state === 'running'; report = await look(id)) await delay(200);
  expect(report, JSON.stringify(report)).toMatchObject({ state: 'done', rows: LINES });
  expect(await taken(id)).toEqual({ lines: LINES, bytes: report.bytes, orders: LINES / LINES_OF_EACH, largest: LINES_OF_EACH });
  const { rows } = await app.owner.query<{ run: number }>('select run from reports.reports where id = $1', [id]);
  expect(rows[0]!.run).toBe(2);
});
