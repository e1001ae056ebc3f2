import Fastify from 'fastify';
import { expect, test, vi } from 'vitest';
import { createLogger } from '../telemetry/logger.ts';
import { type Check, createReadiness, registerHealth } from './health.ts';

async function server(checks: Record<string, Check>, draining = { now: false }) {
  const fastify = Fastify();
  const lines: string[] = [];
  const logger = createLogger({ log: { level: 'info', pretty: false } }, { write: (line) => void lines.push(line) });
  const readiness = createReadiness(checks, logger);
  registerHealth(fastify, { readiness, startedAt: performance.now() - 61_000, isDraining: () => draining.now });
  await fastify.ready();
  return { lines, get: async (url: string) => fastify.inject(url) };
}
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('health tells status, uptime, checks and memory', async () => {
  const { get } = await server({ database: async () => {}, storage: async () => {} });
  const reply = await get('/health');
  expect(reply.statusCode).toBe(200);
  expect(reply.headers['cache-control']).toBe('no-store');
  expect(reply.json()).toEqual({
    status: 'ok',
    uptime: 61,
    failed: [],
    checks: { database: { status: 'ok', ms: expect.any(Number) }, storage: { status: 'ok', ms: expect.any(Number) } },
    memory: { rss: expect.any(Number), heapUsed: expect.any(Number), heapTotal: expect.any(Number), external: expect.any(Number) },
  });
  expect((await get('/health/live')).json()).toEqual({ status: 'ok' });
  expect((await get('/health/ready')).json()).toEqual({ status: 'ok', failed: [] });
});

test('503 names what failed and keeps why in the log, once', async () => {
  const { get, lines } = await server({
    database: () => Promise.reject(new Error('password of host db-7 refused')),
    storage: async () => {},
    queue: () => {
      throw new Error('thrown at once');
    },
  });
  for (const url of ['/health', '/health/ready']) {
    const reply = await get(url);
    expect(reply.statusCode).toBe(503);
    expect(reply.json()).toMatchObject({ status: 'failed', failed: ['database', 'queue'] });
    expect(reply.body).not.toContain('db-7');
  }
  expect((await get('/health/live')).statusCode).toBe(200);
  await pause(1050);
  await get('/health/ready');
  expect(lines.filter((line) => line.includes('db-7')).length).toBe(1);
});

test('a check that hangs fails after a second, beside the others, and is not begun again', async () => {
  const hangs = vi.fn(() => new Promise<void>(() => {}));
  const { get } = await server({ hangs, fine: () => pause(900) });
  const startedAt = performance.now();
  expect((await get('/health/ready')).json()).toEqual({ status: 'failed', failed: ['hangs'] });
  expect(performance.now() - startedAt).toBeLessThan(1500);
  await pause(1050);
  expect((await get('/health/ready')).json()).toEqual({ status: 'failed', failed: ['hangs'] });
  expect(hangs).toHaveBeenCalledTimes(1);
});

test('probes cannot hammer: a hundred at once ask each check once, and so for a second', async () => {
  const database = vi.fn(() => pause(20));
  const { get } = await server({ database });
  await Promise.all(Array.from({ length: 100 }, (_, i) => get(i % 2 ? '/health' : '/health/ready')));
  await get('/health');
  expect(database).toHaveBeenCalledTimes(1);
  await pause(1050);
  await get('/health');
  expect(database).toHaveBeenCalledTimes(2);
});

test('while it drains it is alive, but not ready', async () => {
  const draining = { now: false };
  const { get } = await server({ database: async () => {} }, draining);
  expect((await get('/health/ready')).statusCode).toBe(200);
  draining.now = true;
  const reply = await get('/health/ready');
  expect(reply.statusCode).toBe(503);
  expect(reply.json()).toEqual({ status: 'draining', failed: [] });
  expect((await get('/health/live')).statusCode).toBe(200);
});

test('a check that works again is ready again', async () => {
  let broken = true;
  const { get, lines } = await server({ database: async () => void (broken && (await Promise.reject(new Error('down')))) });
  expect((await get('/health/ready')).statusCode).toBe(503);
  broken = false;
  await pause(1050);
  expect((await get('/health/ready')).statusCode).toBe(200);
  expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['check failed', 'check passes again']);
});
