import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import pino from 'pino';
import type { Clock } from '../clock.ts';
import { race, tally } from '../testing/race.ts';
import { memoryCounters, type Counters } from './limits.ts';
import { redisCounters } from './redis-limits.ts';
import { testServer, type TestServer } from './server.fixtures.ts';
import { things } from './things.fixtures.ts';

class TestClock implements Clock {
  milliseconds = 1000;
  now = (): Date => new Date();
  monotonic = (): number => this.milliseconds;
}
const clock = new TestClock();
const tight = { production: true, limits: { unsafe: 2, safe: 3, caller: 4, bodyBytes: 1_048_576 } } as const;
let server: TestServer;
const started: TestServer[] = [];
const start = async (config: object = tight, more: object = {}): Promise<void> => {
  server = await testServer([things], { config, clock, more });
  started.push(server);
};
afterEach(async () => {
  for (const one of started.splice(0)) await one.stop();
});

const statuses = async (n: number, ask: () => Promise<{ status: number }>): Promise<Record<string, number>> => {
  const all: number[] = [];
  for (let i = 0; i < n; i++) all.push((await ask()).status);
  return tally(all);
};

describe('classes', () => {
  test('B110, B111: strangers by network, safe and unsafe apart; 429 says when to come back', async () => {
    await start();
    const { headers } = await server.call('GET', '/api/v1/open');
    expect([headers['ratelimit-policy'], headers['ratelimit']]).toEqual(['"anonymous-safe";q=3;w=900', '"anonymous-safe";r=2;t=900']);
    expect(await statuses(4, () => server.call('GET', '/api/v1/open'))).toEqual({ 200: 2, 429: 2 });
    expect(await statuses(3, () => server.call('POST', '/api/v1/search', { body: { q: 'x' } }))).toEqual({ 200: 2, 429: 1 });
    const refused = await server.call('GET', '/api/v1/open');
    expect([refused.status, refused.json.error.code, refused.headers['retry-after'], refused.headers['ratelimit']]).toEqual([
      429,
      'TOO_MANY_REQUESTS',
      '900',
      '"anonymous-safe";r=0;t=900',
    ]);
  });
  test('B111: what is signed right is never counted or refused; what is not counts as a stranger’s, whatever was wrong with it', async () => {
    await start();
    const sign = () => server.call('POST', '/api/v1/signed', { body: '"signed"' });
    expect(await statuses(5, sign)).toEqual({ 200: 5 });
    expect((await server.call('POST', '/api/v1/signed', { body: Buffer.alloc(1001) })).status).toBe(413);
    const forge = () => server.call('POST', '/api/v1/signed', { body: '"forged"' });
    const [first, second] = [await forge(), await forge()];
    expect([first.status, first.headers['ratelimit']]).toEqual([401, '"anonymous-unsafe";r=0;t=900']);
    expect([second.status, second.json.error.code, second.headers['retry-after']]).toEqual([429, 'TOO_MANY_REQUESTS', '900']);
    // Nor do forgers shut out whom they pretend to be; they have used up what strangers may.
    expect(await statuses(3, sign)).toEqual({ 200: 3 });
    expect((await server.call('POST', '/api/v1/search', { body: { q: 'x' } })).status).toBe(429);
  });
  test('B110: what is refused does not extend the window', async () => {
    await start();
    expect(await statuses(4, () => server.call('GET', '/api/v1/open'))).toEqual({ 200: 3, 429: 1 });
    clock.milliseconds += 600_000;
    const still = await server.call('GET', '/api/v1/open');
    expect([still.status, still.headers['retry-after']]).toEqual([429, '300']);
    clock.milliseconds += 300_000;
    expect((await server.call('GET', '/api/v1/open')).status).toBe(200);
  });
  test('unknown addresses count too, and so do credentials that are not valid: guessing is not free', async () => {
    await start();
    expect(await statuses(5, () => server.call('GET', '/nowhere', { token: 'ada' }))).toEqual({ 404: 3, 429: 2 });
    await start();
    expect(await statuses(5, () => server.call('GET', '/api/v1/mine', { token: 'guess' }))).toEqual({ 401: 3, 429: 2 });
    expect((await server.call('GET', '/api/v1/mine', { token: 'ada' })).status).toBe(200); // others behind the same address still get in
  });
  test('signed-in callers have a limit of their own, wherever they come from; a key beside its user', async () => {
    await start();
    expect(await statuses(6, () => server.call('GET', '/api/v1/mine', { token: 'ada' }))).toEqual({ 200: 4, 429: 2 });
    expect((await server.call('GET', '/api/v1/mine', { token: 'bob' })).headers['ratelimit']).toBe('"caller";r=3;t=60');
    expect((await server.call('GET', '/api/v1/open', { headers: { 'x-api-key': 'robot' } })).status).toBe(200);
  });
  test("an operation's own limit comes on top, and is named after it", async () => {
    await start({ ...tight, limits: { ...tight.limits, unsafe: 1000 } });
    const first = await server.call('POST', '/api/v1/session');
    expect([first.headers['ratelimit-policy'], first.headers['ratelimit']]).toEqual([
      '"anonymous-unsafe";q=1000;w=900, "things.session";q=3;w=60',
      '"anonymous-unsafe";r=999;t=900, "things.session";r=2;t=60',
    ]);
    expect(await statuses(4, () => server.call('POST', '/api/v1/session'))).toEqual({ 200: 2, 429: 2 });
  });
  test('B108, B109: the address is the rightmost untrusted hop; IPv6 counts by /56, an unknown address as one', async () => {
    await start({ ...tight, trustProxy: ['127.0.0.1/32', '10.0.0.0/8'] });
    const from = (forwarded: string) => server.call('GET', '/api/v1/open', { headers: { 'x-forwarded-for': forwarded } });
    expect(await statuses(4, () => from('6.6.6.6, 203.0.113.7, 10.0.0.1'))).toEqual({ 200: 3, 429: 1 });
    expect((await from('9.9.9.9, 203.0.113.7')).status).toBe(429); // what the client wrote further left is not believed
    expect((await from('203.0.113.8')).status).toBe(200);
    expect((await from('::ffff:203.0.113.7')).status).toBe(429);
    let i = 0;
    expect(await statuses(4, () => from(`2001:db8:1:2${i}${i++}::1`))).toEqual({ 200: 3, 429: 1 });
    expect((await from('2001:db8:1:300::1')).status).toBe(200);
  });
  test('B131: a trace is taken over from a trusted proxy only', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const traced = async (trustProxy: readonly string[]): Promise<unknown> => {
      await start({ ...tight, trustProxy });
      const { headers } = await server.call('GET', '/api/v1/open', { headers: { traceparent } });
      const line = () => server.logged.find(({ requestId }) => requestId === headers['x-request-id']);
      await expect.poll(line).toBeDefined();
      return line()!['traceId'];
    };
    expect(await traced(['127.0.0.1/32'])).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(await traced([])).toBeUndefined();
  });
});

describe('load', () => {
  test('more at work than may be: 503 with Retry-After, health excepted; what is at work finishes', async () => {
    await start({ ...tight, limits: { ...tight.limits, safe: 1000 } }, { shed: { inFlight: 2 } });
    const working = [server.call('GET', '/api/v1/slow'), server.call('GET', '/api/v1/slow')];
    await new Promise((resolve) => setTimeout(resolve, 100));
    const turned = await server.call('GET', '/api/v1/open');
    expect([turned.status, turned.json.error.code, turned.headers['retry-after']]).toEqual([503, 'SERVICE_UNAVAILABLE', '1']);
    expect((await server.call('GET', '/health/live')).status).not.toBe(503);
    expect((await Promise.all(working)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await server.call('GET', '/api/v1/open')).status).toBe(200);
  });
  test('until it is ready nobody but health gets in', async () => {
    let ready = false;
    await start(tight, { isReady: () => ready });
    expect((await server.call('GET', '/api/v1/open')).status).toBe(503);
    ready = true;
    expect((await server.call('GET', '/api/v1/open')).status).toBe(200);
  });
  test('while it shuts down, what is under way finishes and new requests are sent elsewhere', async () => {
    await start({ ...tight, limits: { ...tight.limits, safe: 1000 } });
    const under = server.raw('GET /api/v1/slow HTTP/1.1\r\nHost: x\r\n\r\n'); // and keeps the connection
    const { connect } = await import('node:net');
    const kept = connect(Number(new URL(server.url).port), '127.0.0.1');
    let answer = '';
    kept.on('data', (chunk) => (answer += chunk.toString()));
    const ended = new Promise((resolve) => kept.once('close', resolve));
    kept.write('GET /api/v1/slow HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const closing = server.http.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
    kept.write('GET /api/v1/open HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await under).toMatch(/^HTTP\/1\.1 200 /);
    await closing;
    await ended; // what was sent is read by then
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    const second = answer.slice(answer.indexOf('HTTP/1.1', 10));
    if (second !== answer) expect(second).toMatch(/^HTTP\/1\.1 503 .*connection: close/is);
    await expect(server.call('GET', '/api/v1/open')).rejects.toThrow();
  });
});

describe('counters', () => {
  test('memory: bounded; the oldest key goes when it is full', () => {
    const counter = memoryCounters(clock).create({ name: 'x', requests: 1, seconds: 60 });
    for (let i = 0; i < 100_005; i++) void counter.take(`key ${i}`);
    expect(counter.take('key 100004')).toMatchObject({ used: 2 });
    expect(counter.take('key 0')).toMatchObject({ used: 1 });
  });
});

const url = process.env['REDIS_URL'];
describe.skipIf(!url)('with Redis (skipped: REDIS_URL is not set)', () => {
  let a: Counters;
  let b: Counters;
  beforeAll(async () => {
    a = await redisCounters(url!, clock, pino({ level: 'silent' }));
    b = await redisCounters(url!, clock, pino({ level: 'silent' }));
  });
  afterAll(async () => {
    await a.close();
    await b.close();
  });
  test('two nodes count as one, in one atomic step', async () => {
    const policy = { name: `test-${Date.now()}`, requests: 5, seconds: 60 };
    const nodes = [a.create(policy), b.create(policy)];
    const taken = await race(16, async (i) => (await nodes[i % 2]!.take('key')).used);
    expect(taken.map((one) => (one as PromiseFulfilledResult<number>).value).sort((x, y) => x - y)).toEqual(
      Array.from({ length: 16 }, (_, i) => i + 1),
    );
  });
});
test('a Redis that is not there: each node counts for itself, and requests go on', async () => {
  await start();
  const counters = await redisCounters('redis://127.0.0.1:1', clock, pino({ level: 'silent' }));
  const counter = counters.create({ name: 'x', requests: 1, seconds: 60 });
  expect([await counter.take('a'), await counter.take('a')]).toMatchObject([{ used: 1 }, { used: 2 }]);
  await counters.close();
});
