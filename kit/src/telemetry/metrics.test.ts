import { setTimeout as delay } from 'node:timers/promises';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { AppError } from '../definitions.ts';
import { registerMetrics } from '../http/metrics.ts';
import { BUCKETS, createMetrics } from './metrics.ts';

test('rate, errors and duration per route template, as Prometheus reads them', async () => {
  const metrics = createMetrics();
  const observe = metrics.observeRoute('GET', '/api/v1/products/:id');
  observe(200, 0.003);
  observe(200, 0.3);
  observe(503, 20);
  metrics.query(12);
  metrics.job('orders.expire')('failed', 1);
  metrics.counter('orders_placed_total', 'Orders placed').add(3);
  metrics.gauge('db_pool_waiting', 'Requests waiting for a connection', () => 4);
  metrics.gauge('job_queue_depth', 'Waiting jobs', () => Promise.resolve(7), { queue: 'a"b\n' });
  metrics.gauge('broken', 'Throws', () => Promise.reject(new Error('no')));
  const text = await metrics.text();
  metrics.close();
  expect(text).toContain('http_request_duration_seconds_bucket{method="GET",route="/api/v1/products/:id",status="2xx",le="0.005"} 1\n');
  expect(text).toContain('http_request_duration_seconds_count{method="GET",route="/api/v1/products/:id",status="2xx"} 2\n');
  expect(text).toContain('http_request_duration_seconds_bucket{method="GET",route="/api/v1/products/:id",status="5xx",le="10"} 0\n');
  expect(text).toContain('http_request_duration_seconds_bucket{method="GET",route="/api/v1/products/:id",status="5xx",le="+Inf"} 1\n');
  expect(text).toContain('db_query_duration_seconds_count 1\n');
  expect(text).toContain('job_duration_seconds_count{job="orders.expire",outcome="failed"} 1\n');
  expect(text).toContain('orders_placed_total 3\n');
  expect(text).toContain('db_pool_waiting 4\n');
  expect(text).toContain('job_queue_depth{queue="a\\"b\\n"} 7\n');
  expect(text).toMatch(/# TYPE broken gauge\n(?!broken)/);
  expect(text).toMatch(/event_loop_delay_seconds \d/);
  expect(text).toMatch(/process_resident_memory_bytes \d/);
  // Each line is a comment or a sample, and each family is declared once.
  for (const line of text.split('\n').filter(Boolean)) expect(line).toMatch(/^(# (HELP|TYPE) .+|[a-z_0-9]+(\{.*\})? [-+0-9.eInfNa]+)$/i);
  const declared = text.match(/^# TYPE (\S+)/gm)!;
  expect(new Set(declared).size).toBe(declared.length);
});

test('replies of all routes together: by time, but for those that last as long as the client stays, and by class', () => {
  const metrics = createMetrics();
  const one = metrics.observeRoute('GET', '/one');
  const two = metrics.observeRoute('POST', '/two');
  one(200, 0.003);
  one(404, 0.003);
  two(500, 20);
  metrics.observeRoute('GET', '/events', true)(200, 3600);
  const { buckets, classes } = metrics.replies();
  metrics.close();
  expect([buckets.length, buckets[1], buckets.at(-1)]).toEqual([BUCKETS.length + 1, 2, 1]);
  expect(buckets.reduce((sum, count) => sum + count)).toBe(3);
  expect(classes).toEqual([0, 2, 0, 1, 1]);
});

test('whoever reads the delay of the event loop hears the worst since they last did, also what another has read', async () => {
  const metrics = createMetrics();
  const [often, seldom] = [metrics.loopDelay(), metrics.loopDelay()];
  await delay(50);
  const until = performance.now() + 300;
  while (performance.now() < until);
  await delay(50);
  expect(often()).toBeGreaterThan(0.2);
  await delay(100);
  expect(often()).toBeLessThan(0.2);
  expect(seldom()).toBeGreaterThan(0.2);
  expect(seldom()).toBeLessThan(0.2);
  const quiet: number[] = [];
  for (let n = 0; n < 8; n++) {
    await delay(100);
    quiet.push(often());
  }
  expect(Math.min(...quiet)).toBeLessThan(0.015); // and not what lies between two looks
  metrics.close();
});

test('B130: labels come from a closed set and the number of series is capped', async () => {
  const metrics = createMetrics();
  for (let i = 0; i < 5000; i++) metrics.observeRoute(`M${i}`, `/r/${i}`)(i, 0.1);
  const counts = (await metrics.text()).match(/^http_request_duration_seconds_count.*$/gm)!;
  metrics.close();
  expect(counts.length).toBe(2001);
  expect(counts.at(-1)).toBe('http_request_duration_seconds_count{method="other",route="other",status="other"} 3000');
  expect(counts.every((line) => /method="(OTHER|other)"/.test(line) && /status="([1-5]xx|other)"/.test(line))).toBe(true);
});

async function serverOf(config: {
  production: boolean;
  trustProxy: readonly string[];
}): Promise<(headers?: Record<string, string>, remoteAddress?: string) => Promise<number>> {
  const fastify = Fastify();
  fastify.setErrorHandler((error, _request, reply) => reply.code(error instanceof AppError ? error.status : 500).send());
  registerMetrics(fastify, { metrics: createMetrics(), config });
  await fastify.ready();
  return async (headers = {}, remoteAddress = '127.0.0.1') =>
    (await fastify.inject({ url: '/metrics', headers, remoteAddress })).statusCode;
}

test('in production only loopback and trusted networks see /metrics', async () => {
  const development = await serverOf({ production: false, trustProxy: [] });
  expect(await development({}, '203.0.113.7')).toBe(200);
  const alone = await serverOf({ production: true, trustProxy: [] });
  expect(await alone()).toBe(200);
  expect(await alone({}, '::1')).toBe(200);
  expect(await alone({}, '203.0.113.7')).toBe(404);
  expect(await alone({}, '10.1.2.3')).toBe(404);
  // A proxy on this machine that nobody declared: its clients come from loopback, but are not here.
  expect(await alone({ 'x-forwarded-for': '203.0.113.7' })).toBe(404);
  expect(await alone({ 'x-forwarded-for': '127.0.0.1' })).toBe(404);
  expect(await alone({ forwarded: 'for=203.0.113.7' })).toBe(404);
  const behind = await serverOf({ production: true, trustProxy: ['10.0.0.0/8'] });
  expect(await behind({}, '10.1.2.3')).toBe(200);
  expect(await behind({ 'x-forwarded-for': '203.0.113.7' }, '10.1.2.3')).toBe(404);
  expect(await behind({ 'x-forwarded-for': '127.0.0.1' }, '10.1.2.3')).toBe(404);
  expect(await behind({ 'x-forwarded-for': '10.9.9.9' }, '203.0.113.7')).toBe(404);
});
