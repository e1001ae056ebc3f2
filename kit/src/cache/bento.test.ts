import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import { createLogger } from '../telemetry/logger.ts';
import { createCache, keyOf } from './bento.ts';
import { Generations } from './generations.ts';

const logger = createLogger({ log: { level: 'silent', pretty: false } }, { write: () => {} });
const memory = (clock?: { now(): Date; monotonic(): number }) => createCache({ redisUrl: null, logger, ...(clock && { clock }) });
const forever = { ttlSeconds: 3600, tags: ['product:1'] };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** A load that answers when told. */
function held<T>(value: T) {
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  return { load: vi.fn(() => gate.then(() => value)), release: () => release() };
}

test('S94: a load that began before the drop stores nothing, and who comes after does not join it', async () => {
  const cache = memory();
  const slow = held('old');
  const first = cache.through(['p'], forever, slow.load);
  await vi.waitFor(() => expect(slow.load).toHaveBeenCalled());
  cache.drop(['product:1']);
  const second = vi.fn(async () => 'new');
  expect(await cache.through(['p'], forever, second)).toBe('new'); // not waiting for the slow one
  slow.release();
  expect(await first).toBe('old'); // it asked before the change
  const third = vi.fn(async () => 'never');
  expect(await cache.through(['p'], forever, third)).toBe('new');
  expect(third).not.toHaveBeenCalled();

  // And where nobody came in between, the old value is not there either.
  const lone = held('old');
  const pending = cache.through(['q'], forever, lone.load);
  await vi.waitFor(() => expect(lone.load).toHaveBeenCalled());
  cache.drop(['product:1', 'other']);
  lone.release();
  await pending;
  expect(await cache.through(['q'], forever, async () => 'new')).toBe('new');
  await cache.close();
});

test('S94: under a storm of loads and drops nobody reads what was changed before they asked', async () => {
  const cache = memory();
  let version = 0;
  let stale = 0;
  const reader = async (): Promise<void> => {
    for (let i = 0; i < 150; i++) {
      const atLeast = version;
      const read = await cache.through(['v'], { ttlSeconds: 60, tags: ['v'] }, async () => {
        const seen = version;
        await pause(Math.random() * 3);
        return seen;
      });
      if (read < atLeast) stale++;
    }
  };
  const storm = { running: true };
  const writer = (async () => {
    while (storm.running) {
      version++;
      cache.drop(['v']);
      await pause(1);
    }
  })();
  await Promise.all(Array.from({ length: 8 }, reader));
  storm.running = false;
  await writer;
  expect(version).toBeGreaterThan(50);
  expect(stale).toBe(0);
  await cache.close();
});

test('S95: a hundred misses at once load once a node; a load that throws is not cached and holds nobody up', async () => {
  const cache = memory();
  const slow = held({ n: 1 });
  const all = Array.from({ length: 100 }, () => cache.through(['p'], forever, slow.load));
  await pause(20);
  slow.release();
  const values = await Promise.all(all);
  expect(slow.load).toHaveBeenCalledTimes(1);
  expect(new Set(values).size).toBe(100); // no two callers hold the same object
  values[0]!.n = 99;
  expect(await cache.through(['p'], forever, async () => ({ n: 0 }))).toEqual({ n: 1 });

  const fails = vi.fn(() => Promise.reject(new Error('database is gone')));
  const failed = await Promise.allSettled(Array.from({ length: 10 }, () => cache.through(['f'], forever, fails)));
  expect(failed.every(({ status }) => status === 'rejected')).toBe(true);
  expect(fails).toHaveBeenCalledTimes(1);
  expect(await cache.through(['f'], forever, async () => 'well again')).toBe('well again');
  await cache.close();
});

test('S96: a dropped entry is never served again, however long its time to live', async () => {
  const cache = memory();
  await cache.through(['p'], { ttlSeconds: 86_400, tags: ['a', 'b'] }, async () => 1);
  cache.drop(['unrelated']);
  expect(await cache.through(['p'], { ttlSeconds: 86_400, tags: ['a', 'b'] }, async () => 2)).toBe(1);
  cache.drop(['b']);
  await expect(cache.through(['p'], { ttlSeconds: 86_400, tags: ['a', 'b'] }, () => Promise.reject(new Error('down')))).rejects.toThrow(
    'down',
  );
  expect(await cache.through(['p'], { ttlSeconds: 86_400, tags: ['a', 'b'] }, async () => 3)).toBe(3);
  await cache.close();
});

test('S97: null, undefined, "", 0 and false are values, not misses; what is missing is held only shortly', async () => {
  const cache = memory();
  for (const value of [null, undefined, '', 0, false]) {
    const load = vi.fn(async () => value);
    const key = ['v', String(value), typeof value];
    expect(await cache.through(key, forever, load)).toBe(value);
    expect(await cache.through(key, forever, load)).toBe(value);
    expect(load).toHaveBeenCalledTimes(1);
  }
  vi.useFakeTimers({ now: Date.now(), toFake: ['Date', 'performance'] });
  try {
    vi.advanceTimersByTime(31_000);
    const again = vi.fn(async () => null);
    await cache.through(['v', 'null', 'object'], forever, again);
    expect(again).toHaveBeenCalledTimes(1);
    const kept = vi.fn(async () => '');
    await cache.through(['v', '', 'string'], forever, kept);
    expect(kept).not.toHaveBeenCalled();
  } finally {
    vi.useRealTimers();
  }
  await cache.close();
});

test('S99: keys of different parts never meet', async () => {
  const keys = [
    ['a', 'bc'],
    ['ab', 'c'],
    ['abc'],
    ['a', 'b', 'c'],
    ['1'],
    [1],
    ['null'],
    [null],
    [''],
    ['', ''],
    [],
    ['s1:a'],
    ['a', null],
    ['a', '-'],
    ['org-1', 'user-2'],
    ['org-1s6:user-2'],
    ['x'.repeat(1000)],
    ['x'.repeat(1001)],
  ];
  expect(new Set(keys.map(keyOf)).size).toBe(keys.length);
  const cache = memory();
  for (const [i, key] of keys.entries()) expect(await cache.through(key, forever, async () => i)).toBe(i);
  for (const [i, key] of keys.entries()) expect(await cache.through(key, forever, async () => -1)).toBe(i);
  await cache.close();
});

test('entries end with their time', async () => {
  const cache = memory();
  await cache.through(['t'], { ttlSeconds: 0.05, tags: [] }, async () => 1);
  await pause(80);
  expect(await cache.through(['t'], { ttlSeconds: 1, tags: [] }, async () => 2)).toBe(2);
  await cache.close();
});

test('a node that does not follow the log asks the database, and trusts memory again when it does', async () => {
  let now = 1000;
  const cache = memory({ now: () => new Date(), monotonic: () => now });
  expect(cache.fresh()).toBe(true); // nothing tails here
  cache.followed();
  let row = 1;
  const get = (): Promise<number> => cache.through(['p'], forever, async () => row);
  expect(await get()).toBe(1);
  row = 2;
  now += 1999;
  expect([cache.fresh(), await get()]).toEqual([true, 1]);
  now += 1;
  expect([cache.fresh(), await get()]).toEqual([false, 2]);
  cache.followed();
  row = 3;
  expect([cache.fresh(), await get()]).toEqual([true, 2]); // loaded later than any drop it missed
  cache.followed(now - 2000); // a read that began long ago says nothing about now
  expect(cache.fresh()).toBe(false);
  await cache.close();
});

test('what is believed for a second only is asked for anew when nothing was heard, or facts wait for their place', () => {
  let now = 5000;
  let asleep = 0;
  const cache = memory({ now: () => new Date(now + asleep), monotonic: () => now });
  expect(cache.heardWithin(1000)).toBe(true); // nothing tails here
  cache.followed();
  now += 999;
  expect(cache.heardWithin(1000)).toBe(true);
  now += 1;
  expect([cache.heardWithin(1000), cache.fresh()]).toEqual([false, true]);
  cache.followed(now, 600);
  expect([cache.heardWithin(1000), cache.heardWithin(600)]).toEqual([true, false]);
  now += 400;
  expect(cache.heardWithin(1000)).toBe(false);
  cache.followed(now, 5000); // the log is read, but what is in it is old
  expect([cache.heardWithin(1000), cache.fresh()]).toEqual([false, true]);
  cache.followed();
  expect(cache.heardWithin(1000)).toBe(true);
  asleep = 3_600_000; // an hour that only the calendar knows of
  expect(cache.heardWithin(1000)).toBe(false);
  cache.followed();
  expect(cache.heardWithin(1000)).toBe(true);
});

test('generations grow, in bounded memory, and forgetting a tag never makes it older', () => {
  const generations = new Generations(10);
  const seen = new Map<string, number>();
  for (let i = 0; i < 200; i++) {
    const tag = `t${i % 37}`;
    generations.drop([tag]);
    expect(generations.of(tag)).toBeGreaterThan(seen.get(tag) ?? -1);
    for (const [each, last] of seen) expect(generations.of(each)).toBeGreaterThanOrEqual(last);
    seen.set(tag, generations.of(tag));
  }
});

async function fakeRedis(behave: (socket: Socket) => void): Promise<{ url: string; server: Server; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    behave(socket);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`, server, sockets };
}

test('S100: without Redis it is slower, never wrong or down: refused, silent, or talking nonsense', async () => {
  const silent = await fakeRedis(() => {});
  const nonsense = await fakeRedis((socket) => socket.on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')));
  for (const redisUrl of ['redis://127.0.0.1:1', silent.url, nonsense.url]) {
    const cache = createCache({ redisUrl, logger });
    const startedAt = performance.now();
    for (const tags of [[], ['a']]) {
      const load = vi.fn(async () => 'right');
      expect(await cache.through(['k', tags.length], { ttlSeconds: 60, tags }, load)).toBe('right');
      expect(await cache.through(['k', tags.length], { ttlSeconds: 60, tags }, load)).toBe('right');
      expect(load).toHaveBeenCalledTimes(1); // memory goes on
    }
    expect(performance.now() - startedAt).toBeLessThan(3000);
    await cache.close();
  }
  for (const { server, sockets } of [silent, nonsense]) {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});

const REDIS = process.env['REDIS_URL'];
test.skipIf(!REDIS)(
  `S100: nodes share what has no tags, and never what has${REDIS ? '' : ' (skipped: REDIS_URL is not set)'}`,
  async () => {
    const [a, b] = [createCache({ redisUrl: REDIS!, logger }), createCache({ redisUrl: REDIS!, logger })];
    const key = ['test', String(process.pid), Date.now()];
    await a.through([...key, 'warm'], { ttlSeconds: 5, tags: [] }, async () => 0);
    await b.through([...key, 'warm'], { ttlSeconds: 5, tags: [] }, async () => 0);
    await a.through([...key, 'plain'], { ttlSeconds: 5, tags: [] }, async () => ({ from: 'a' }));
    expect(await b.through([...key, 'plain'], { ttlSeconds: 5, tags: [] }, async () => ({ from: 'b' }))).toEqual({ from: 'a' });
    // b read the row before a's change and stores it after a's drop: a must not get it back.
    await b.through([...key, 'tagged'], { ttlSeconds: 5, tags: ['t'] }, async () => 'old');
    a.drop(['t']);
    expect(await a.through([...key, 'tagged'], { ttlSeconds: 5, tags: ['t'] }, async () => 'new')).toBe('new');
    await a.close();
    await b.close();
  },
);
