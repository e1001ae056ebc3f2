import { setTimeout as delay } from 'node:timers/promises';
import { durationBuckets, uuidv7 } from '@plinth/kit';
import { race } from '@plinth/kit/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { access } from '../access/index.ts';
import { auth } from '../auth/index.ts';
import { jobs } from '../jobs/index.ts';
import { coreApp, type CoreApp } from '../testing/index.ts';
import type { Health, Node, Samples } from './contract.ts';
import { monitoring } from './index.ts';
import { percentile } from './percentile.ts';
import { MonitoringRepository, type Sample } from './repository.ts';
import { Sampler } from './sampler.ts';

const production = { NODE_ENV: 'production', PLINTH_EMBEDDED: '1', BASE_URL: 'https://example.com' };
const features = [monitoring, jobs, access, auth];
let app: CoreApp;
let admin: string;
let repository: MonitoringRepository;
beforeAll(async () => {
  app = await coreApp(features, { env: { PLINTH_ROLES: 'api,worker' } });
  admin = (await app.as('admin')).token;
  repository = new MonitoringRepository(app.kit.db);
});
afterAll(() => app?.stop());

const get = async <T>(path: string, from: CoreApp = app): Promise<T> => {
  const { status, text, json } = await from.call('GET', `/api/v1/monitoring${path}`, { token: admin });
  if (status !== 200) throw new Error(`${path} answered ${status}: ${text}`);
  return (json as { data: T }).data;
};
const of = (counts: Readonly<Record<number, number>>, length: number): number[] => Array.from({ length }, (_, i) => counts[i] ?? 0);
const quiet: Sample = {
  node: '',
  host: 'box',
  process: 1,
  roles: ['api'],
  version: '1',
  startedAt: '2026-01-01T00:00:00Z',
  seconds: 10,
  buckets: of({}, durationBuckets.length + 1),
  classes: of({}, 5),
  loopDelayMs: 20,
  memoryBytes: 1e8,
  heapBytes: 5e7,
  connections: 0,
  subscriptions: 0,
  poolUsed: 1,
  poolWaiting: 0,
  poolMax: 10,
  last: false,
};
/** A sample of a node of its own, written this many seconds ago. */
async function wrote(secondsAgo: number, sample: Partial<Sample> = {}): Promise<string> {
  const node = sample.node ?? uuidv7();
  const { now } = await repository.add({ ...quiet, ...sample, node });
  const moved = `update monitoring.samples set at = to_timestamp($2) where node = $1 and at = (select max(at) from monitoring.samples where node = $1)`;
  await app.owner.query(moved, [node, now - secondsAgo]);
  return node;
}
/** Seconds since the middle of a step that lies this far back, so that nothing falls into the next. */
const middle = (seconds: number): number => seconds + ((Date.now() / 1000) % 10) - 5;
const pointAt = ({ points }: Samples, seconds: number) =>
  points.find(({ at }) => Math.abs(Date.parse(at) - 5000 - (Date.now() - seconds * 1000)) < 3000);

test('S131: percentiles of the fleet come from the buckets of all nodes together, and no average of theirs', async () => {
  const second = durationBuckets.indexOf(0.005);
  const ninth = durationBuckets.indexOf(1);
  const length = durationBuckets.length + 1;
  const ago = middle(1200);
  await wrote(ago, { buckets: of({ [second]: 90 }, length), classes: of({ 1: 88, 3: 2 }, 5), connections: 3 });
  // Sampled twice in this step: 10 of its replies in 10 seconds, whichever way they are cut.
  const twice = uuidv7();
  await wrote(ago + 3, { node: twice, seconds: 6, buckets: of({ [ninth]: 6 }, length), classes: of({ 1: 6 }, 5), connections: 4 });
  await wrote(ago - 1, { node: twice, seconds: 4, buckets: of({ [ninth]: 4 }, length), classes: of({ 1: 1, 4: 3 }, 5), connections: 4 });
  // Of a release with other buckets: nothing to add them to.
  await wrote(ago, { buckets: [1000, 1000], classes: of({ 1: 2000 }, 5) });
  const samples = await get<Samples>('/samples?minutes=30');
  expect(pointAt(samples, ago)).toMatchObject({
    nodes: 2,
    requests: 10,
    clientErrors: 0.2,
    serverErrors: 0.3,
    p50: 3.222,
    p95: 750,
    p99: 950,
    connections: 7,
    poolUsed: 2,
  });
  const series = samples.nodes.find(({ node }) => node === twice)!;
  const i = samples.points.indexOf(pointAt(samples, ago)!);
  expect(series).toMatchObject({ name: 'box · 1' });
  expect([series.connections[i], series.loopDelayMs[i], series.connections[i + 1]]).toEqual([4, 20, null]);
});

test('a percentile lies inside its bucket, and what is beyond all bounds is told as the last', () => {
  const bounds = [1, 2, 4];
  expect(percentile([0, 0, 0, 0], bounds, 0.5)).toBeNull();
  expect(percentile([0, 0, 10, 0], bounds, 0.5)).toBe(3);
  expect(percentile([10, 0, 0, 0], bounds, 0.99)).toBe(0.99);
  expect(percentile([1, 0, 0, 9], bounds, 0.5)).toBe(4);
});

test('S132: a node that fell silent is said to be, counts for nothing, and drops out; one that says good-bye is gone at once', async () => {
  const silent = await wrote(31, { connections: 50, subscriptions: 70 });
  const dead = await wrote(301);
  const second = await coreApp(features, { database: app.database });
  let health: Health;
  const nodes = async (): Promise<Node[]> => (health = await get<Health>('/health')).nodes;
  for (let tries = 0; (await nodes()).filter(({ state }) => state === 'up').length < 2; tries++) {
    if (tries > 60) throw new Error(`not both nodes are heard: ${JSON.stringify(health!.nodes)}`);
    await delay(100);
  }
  expect(health!.nodes.find(({ node }) => node === silent)).toMatchObject({
    state: 'silent',
    silentSeconds: expect.toSatisfy((seconds: number) => seconds > 30 && seconds < 45),
    connections: 50,
    poolMax: 10,
  });
  expect(health!.nodes.find(({ node }) => node === dead)).toBeUndefined();
  expect(health!).toMatchObject({ connections: 0, subscriptions: 0 });
  await second.stop();
  expect((await nodes()).filter(({ state }) => state === 'up')).toHaveLength(1);
});

test('what this node did is what is told of it: replies a second, memory, the checks by name', async () => {
  for (let n = 0; n < 20; n++) await app.call('GET', '/api/v1/no-such-thing');
  const sampler = new Sampler({ ...app.kit, config: app.kit.config }, repository);
  sampler.start();
  const before = app.kit.metrics.replies();
  for (let n = 0; n < 30; n++) await app.call('GET', '/api/v1/access/me', { token: admin });
  await sampler.sample();
  await sampler.stop();
  const { rows } = await app.owner.query<{ n: number; buckets: number }>(
    `select (select sum(c) from unnest(classes) c)::int as n, (select sum(b) from unnest(buckets) b)::int as buckets from monitoring.samples where node = $1 order by at limit 1`,
    [sampler.identity.node],
  );
  expect(rows[0]).toEqual({ n: 30, buckets: 30 });
  expect(app.kit.metrics.replies().classes[1]! - before.classes[1]!).toBe(30);
  const health = await get<Health>('/health');
  expect(health).toMatchObject({ status: 'ok', environment: 'test', version: '0.0.0' });
  expect(health.checks.map(({ name, status }) => [name, status])).toEqual(expect.arrayContaining([['database', 'ok'], ['log', 'ok']])); // prettier-ignore
  const own = health.nodes.find(({ name }) => name === health.name)!;
  expect(own).toMatchObject({ state: 'up', roles: ['api', 'worker'] });
  expect(own.memoryBytes).toBeGreaterThan(1e7);
});

test('S133: it reaches an hour back at most, in 180 points and 20 nodes at most', async () => {
  for (const bad of ['0', '61', 'all', '1.5', '']) {
    const { status } = await app.call('GET', `/api/v1/monitoring/samples?minutes=${bad}`, { token: admin });
    expect({ bad, status }).toEqual({ bad, status: 422 });
  }
  for (let n = 0; n < 25; n++) await wrote(middle(600));
  const sizes = { 1: [10, 6], 15: [10, 90], 30: [10, 180], 31: [20, 93], 60: [20, 180] };
  for (const [minutes, [step, count]] of Object.entries(sizes)) {
    const { stepSeconds, points, nodes } = await get<Samples>(`/samples?minutes=${minutes}`);
    expect([minutes, stepSeconds, points.length]).toEqual([minutes, step, count]);
    const last = points.at(-1)!.at;
    expect(Date.now() - Date.parse(last)).toBeLessThan((step! + 2) * 1000);
    expect(points.every(({ at }, i) => i === 0 || Date.parse(at) - Date.parse(points[i - 1]!.at) === step! * 1000)).toBe(true);
    expect(nodes.length).toBeLessThanOrEqual(20);
  }
});

test('what belongs to no node is counted once in ten seconds, however many nodes would', async () => {
  const count = async (): Promise<number> => (await app.owner.query('select 1 from monitoring.shared')).rowCount!;
  await app.owner.query('delete from monitoring.shared');
  const shared = { ready: 3, running: 1, dead: 2, oldestSeconds: 7, lagFacts: 5, lagSeconds: 1.5 };
  const first = Math.floor(Date.now() / 10_000);
  await race(16, () => repository.addShared(shared));
  const slots = Math.floor(Date.now() / 10_000) - first + 1;
  expect(await count()).toBeLessThanOrEqual(slots);
  expect(await repository.add({ ...quiet, node: uuidv7() })).toMatchObject({ due: false });
  await app.owner.query('update monitoring.shared set slot = slot - 60');
  const told = (await get<Samples>('/samples?minutes=14')).points.find(({ ready }) => ready !== null);
  const { running: _running, ...shown } = shared;
  expect(told).toMatchObject(shown);
});

test('S134: a database that takes no samples hurts nothing: said once, made up for later, and no stop waits for it', async () => {
  const written: Sample[] = [];
  const said: string[] = [];
  let broken: 'no' | 'fails' | 'hangs' = 'fails';
  const taking = {
    async add(sample: Sample) {
      if (broken === 'hangs') await new Promise(() => undefined);
      if (broken === 'fails') throw new Error('away');
      written.push(sample);
      return { now: Date.now() / 1000, due: false };
    },
  } as unknown as MonitoringRepository;
  const logger = { info: (text: string) => said.push(text), warn: (_about: object, text: string) => said.push(text) };
  const sampler = new Sampler({ ...app.kit, logger } as never, taking);
  sampler.start();
  for (let n = 0; n < 3; n++) {
    await app.call('GET', '/api/v1/access/me', { token: admin });
    expect(await sampler.sample()).toBe(10_000);
  }
  expect(said).toEqual(['a sample of the load could not be written']);
  broken = 'no';
  const pause = await sampler.sample();
  expect(pause).toBeGreaterThanOrEqual(5000);
  expect(pause).toBeLessThanOrEqual(15_000);
  expect(written.map(({ classes }) => classes[1])).toEqual([3]);
  expect(said).toHaveLength(2);
  broken = 'hangs';
  const startedAt = performance.now();
  await sampler.stop();
  expect(performance.now() - startedAt).toBeLessThan(2000);
});

test('large queues are counted less often: one part in a hundred of the time', async () => {
  let counted = 0;
  const slow = { admin: { queues: async () => (counted++, await delay(60), []) } };
  const kept = { add: async () => ({ now: 0, due: true }), addShared: async () => undefined } as unknown as MonitoringRepository;
  const sampler = new Sampler({ ...app.kit, jobs: slow } as never, kept);
  sampler.start();
  for (let n = 0; n < 5; n++) await sampler.sample();
  expect(counted).toBe(1);
  await sampler.stop();
});

test('S135: the mails of development are shown by permission, and nowhere else', async () => {
  const body = { name: 'watcher', title: 'Watcher', permissions: ['monitoring:read'] };
  expect((await app.call('POST', '/api/v1/access/roles', { token: admin, body })).status).toBe(201);
  const watcher = (await app.as('watcher')).token;
  expect((await app.call('GET', '/api/v1/monitoring/health', { token: watcher })).status).toBe(200);
  expect((await app.call('GET', '/api/v1/monitoring/mailbox', { token: watcher })).status).toBe(403);
  expect(await get('/mailbox')).toEqual([]);
  const paths = async (of: CoreApp): Promise<string[]> => Object.keys((await of.call('GET', '/openapi.json')).json.paths as object);
  expect(await paths(app)).toContain('/api/v1/monitoring/mailbox');
  for (const env of [{ SMTP_URL: 'smtp://localhost:9' }, { ...production, SMTP_URL: 'smtp://localhost:9' }]) {
    const sending = await coreApp(features, { database: app.database, env });
    expect((await sending.call('GET', '/api/v1/monitoring/mailbox', { token: admin })).status).toBe(404);
    expect(await paths(sending)).not.toContain('/api/v1/monitoring/mailbox');
    expect((await sending.call('GET', '/dev/mailbox.json')).status).toBe(404);
    await sending.stop();
  }
});
