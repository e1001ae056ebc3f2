import { setTimeout as delay } from 'node:timers/promises';
import { defineFeature, defineJob, definePermission, perform, schedule, giveUp } from '@plinth/kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { access } from '../access/index.ts';
import { audit } from '../audit/index.ts';
import { coreApp, type CoreApp } from '../testing/index.ts';
import { auth } from '../auth/index.ts';
import type { Job, WholeJob } from './contract.ts';
import { jobs } from './index.ts';
import { JobsService } from './service.ts';

const send = defineJob('shop.send', z.object({ n: z.int(), secret: z.string() }), { title: 'Send', attempts: 2, backoffSeconds: 1 });
const nightly = defineJob('shop.nightly', z.object({}));
const look = definePermission('shop:look', 'Look', ['admin']);
let broken = true;
const done: number[] = [];
const shop = defineFeature({
  name: 'shop',
  contract: { send, nightly, look },
  setup: () => ({
    api: {},
    handlers: [
      perform(send, async ({ n }, { signal, progress }) => {
        if (n === 99) progress({ percent: 40 });
        if (n === 99) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        if (broken) throw giveUp('the provider is away');
        done.push(n);
        return { sent: n };
      }),
      perform(nightly, async () => undefined),
      schedule(nightly, '30 2 * * *', {}, 'Europe/Berlin'),
    ],
  }),
});

let app: CoreApp;
let admin: string;
let clerk: string;
let member: string;
beforeAll(async () => {
  app = await coreApp([jobs, shop, access, auth, audit], { env: { PLINTH_ROLES: 'api,worker' } });
  admin = (await app.as('admin')).token;
  member = (await app.as('member')).token;
  await app.call('POST', '/api/v1/access/roles', {
    token: admin,
    body: { name: 'clerk', title: 'Clerk', permissions: ['jobs:read', 'jobs:manage'] },
  });
  clerk = (await app.as('clerk')).token;
});
afterAll(() => app?.stop());

const put = (n: number, after = 0): Promise<string> =>
  app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, send, { n, secret: 'hush' }, { after }));
const get = async (id: string, token = admin): Promise<WholeJob> =>
  (await app.call('GET', `/api/v1/jobs/${id}`, { token })).json.data as WholeJob;
const post = (path: string, body?: unknown, token = admin) => app.call('POST', `/api/v1/jobs${path}`, { token, body });
const list = async (query = ''): Promise<Job[]> =>
  (await app.call('GET', `/api/v1/jobs?job=shop.send${query}`, { token: admin })).json.data as Job[];
async function becomes(id: string, state: string): Promise<WholeJob> {
  for (let tries = 0; tries < 300; tries++) {
    const job = await get(id);
    if (job.state === state) return job;
    await delay(20);
  }
  throw new Error(`the job did not become ${state}, it is ${(await get(id)).state}`);
}
/** What was recorded of an event, the newest first. @param jobId of this job only: earlier tests left facts of the same name. */
async function recorded(name: string, count: number, jobId?: string) {
  for (let tries = 0; ; tries++) {
    const found = (await app.kit.log.search({ name }, { by: 'cursor', after: null, limit: 50 })).items;
    const items = jobId === undefined ? found : found.filter(({ subject }) => subject?.id === jobId);
    if (items.length >= count || tries > 200) return items;
    await delay(20);
  }
}

test('a dead letter is shown with its error, and redriven under its own id', async () => {
  broken = true;
  const ids = [await put(1), await put(2), await put(3)];
  for (const id of ids) await becomes(id, 'failed');
  expect((await get(ids[0]!)).output).toMatchObject({ message: 'the provider is away' });
  expect((await list('&state=failed')).map(({ id }) => id)).toEqual(ids.toReversed());
  broken = false;
  expect((await post('/redrive', { ids: [ids[0]] })).json.data).toEqual({ redriven: 1 });
  expect(await becomes(ids[0]!, 'completed')).toMatchObject({ output: { sent: 1 }, attempt: 1, attempts: 2 });
  expect((await post('/redrive', { job: 'shop.send' })).json.data).toEqual({ redriven: 2 });
  for (const id of ids) await becomes(id, 'completed');
  expect(done.toSorted((a, b) => a - b)).toEqual([1, 2, 3]); // two of them run side by side
  expect((await post('/redrive', { all: true })).json.data).toEqual({ redriven: 0 });
  expect((await recorded('jobs.redriven', 3)).map(({ payload }) => payload)).toMatchObject([
    { redriven: 0 },
    { redriven: 2 },
    { asked: { ids: [ids[0]] } },
  ]);
});

test('a dead letter whose job is no longer kept is found, and redriven with what it carried', async () => {
  broken = true;
  const id = await put(7);
  await becomes(id, 'failed');
  await app.kit.db.run({ text: `delete from pgboss.job where id = $1::uuid`, values: [id] });
  expect(await get(id)).toMatchObject({ state: 'failed', payload: { n: 7 } });
  broken = false;
  expect((await post(`/${id}/retry`)).status).toBe(204);
  await becomes(id, 'completed');
});

test('S115: what a job carries is shown by permission only, and each look is recorded; each act is, with before and after', async () => {
  const id = await put(4, 3600);
  expect(await get(id)).toMatchObject({ masked: false, payload: { n: 4, secret: 'hush' } });
  expect(await get(id, clerk)).toMatchObject({ masked: true, payload: null, output: null });
  expect((await app.call('GET', `/api/v1/jobs/${id}?show=state`, { token: admin })).json.data).toMatchObject({
    masked: true,
    payload: null,
  });
  expect(JSON.stringify(await list())).not.toContain('hush');
  expect(await recorded('jobs.payload-read', 1, id)).toHaveLength(1);
  for (const path of [`/${id}/retry`, `/${id}/cancel`, '/redrive', '/queues/shop.send/pause', '/queues/shop.send/resume'])
    expect((await post(path, path === '/redrive' ? { all: true } : undefined, member)).status, path).toBe(403);
  expect((await post(`/${id}/cancel`, undefined, clerk)).status).toBe(204);
  const [entry] = await recorded('jobs.cancelled', 1, id);
  expect(entry).toMatchObject({ subject: { type: 'job', id }, changes: { state: { before: 'waiting', after: 'cancelled' } } });
  expect((await post(`/${id}/cancel`)).json).toMatchObject({ error: { code: 'JOB_HAS_ENDED' } });
  broken = false;
  expect((await post(`/${id}/retry`)).status).toBe(204);
  await becomes(id, 'completed');
  expect((await post(`/${id}/retry`)).json).toMatchObject({ error: { code: 'JOB_CANNOT_BE_RETRIED' } });
});

test('a running job is cancelled: its signal fires and its outcome no longer counts', async () => {
  const id = await put(99);
  await becomes(id, 'running');
  await expect.poll(async () => (await list()).find((job) => job.id === id)?.percent).toBe(40); // who may not see outputs does too
  expect((await post(`/${id}/cancel`)).status).toBe(204);
  await delay(2500);
  expect((await get(id)).state).toBe('cancelled');
});

test('a queue is paused and resumed once, however often it is asked', async () => {
  expect((await post('/queues/shop.send/pause')).status).toBe(204);
  expect((await post('/queues/shop.send/pause')).status).toBe(204);
  await delay(600);
  const id = await put(5);
  await delay(500);
  const queues = (await app.call('GET', '/api/v1/jobs/queues', { token: admin })).json.data as { job: string }[];
  const queue = queues.find(({ job }) => job === send.name);
  expect(queue).toMatchObject({ title: 'Send', paused: true, ready: 1, running: 0 });
  expect((await post('/queues/shop.send/resume')).status).toBe(204);
  await becomes(id, 'completed');
  expect(await recorded('jobs.queue-paused', 1)).toHaveLength(1);
  expect((await post('/queues/shop.unknown/pause')).json).toMatchObject({ error: { code: 'QUEUE_NOT_FOUND' } });
});

test('S61: a schedule says its next times in its zone', async () => {
  const schedules = (await app.call('GET', '/api/v1/jobs/schedules', { token: admin })).json.data as { job: string; next: string[] }[];
  const { next, ...of } = schedules.find(({ job }) => job === nightly.name)!;
  expect(of).toMatchObject({ cron: '30 2 * * *', timezone: 'Europe/Berlin', missed: 'once', lastAt: null });
  expect(next).toHaveLength(5);
  expect(next).toEqual(next.toSorted());
  expect(Date.parse(next[0]!)).toBeGreaterThan(Date.now());
});

test('pages by cursor and by number, filtered', async () => {
  for (let n = 100; n < 105; n++) await put(n, 3600);
  const first = await app.call('GET', '/api/v1/jobs?job=shop.send&state=waiting&cursor=&limit=3', { token: admin });
  const { pagination } = first.json.meta as { pagination: { cursor?: string; nextCursor?: string } };
  const cursor = Object.values(pagination).find((value) => typeof value === 'string') as unknown as string;
  const second = await app.call('GET', `/api/v1/jobs?job=shop.send&state=waiting&limit=3&cursor=${encodeURIComponent(cursor)}`, {
    token: admin,
  });
  const ids = [...(first.json.data as Job[]), ...(second.json.data as Job[])].map(({ id }) => id);
  expect(ids).toHaveLength(5);
  expect(new Set(ids).size).toBe(5);
  const page = await app.call('GET', '/api/v1/jobs?job=shop.send&state=waiting&page=2&limit=3', { token: admin });
  expect((page.json.data as Job[]).map(({ id }) => id)).toEqual(ids.slice(3));
  expect((await app.call('GET', '/api/v1/jobs/0197a000-0000-7000-8000-000000000000', { token: admin })).status).toBe(404);
});

test('what waits too long is said in the log, and numbers are in the metrics', async () => {
  const waits = await put(500, 3600);
  const at = (seconds: number) =>
    app.owner.query(`update pgboss.job set start_after = now() - $2 * interval '1 second' where id = $1`, [waits, seconds]);
  await app.kit.db.transaction((tx) => app.kit.jobs.admin.pause(tx, send.name, true));
  await delay(700);
  await at(2000);
  const service = new JobsService(app.kit);
  expect(await service.check()).toMatchObject({ late: [] }); // paused on purpose
  expect(await service.total('ready')).toBe(1);
  expect(await service.total('oldestSeconds')).toBeGreaterThan(1900);
  await app.owner.query('update pgboss.job set blocked = true where id = $1', [waits]); // so that no worker takes it
  await app.kit.db.transaction((tx) => app.kit.jobs.admin.pause(tx, send.name, false));
  expect(await service.check()).toMatchObject({ late: [send.name] });
  expect((await app.call('GET', '/metrics')).text).toMatch(/jobs_ready 1\b/);
});
