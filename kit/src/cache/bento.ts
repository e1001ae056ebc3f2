import { createHash } from 'node:crypto';
import type { BentoCache } from 'bentocache';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { type Clock, systemClock } from '../clock.ts';
import type { Cache } from './cache.ts';
import { Generations } from './generations.ts';

/** The cache as its owner sees it. */
export interface TailedCache extends Cache {
  /**
   * Called by the log's tail each time this node has dropped the tags of everything up to the head.
   * @param at when the read began that found nothing more: `performance.now()`. Default: now.
   * @param waitingMs how long the oldest fact with tags had then been waiting for its place. Default: none waits.
   */
  followed(at?: number, waitingMs?: number): void;
  close(): Promise<void>;
}
export interface CacheOptionsOf {
  /** Shares untagged entries between nodes. null: memory only. */
  readonly redisUrl: string | null;
  readonly logger: Logger;
  readonly clock?: Clock;
}

/** What is held: the value, and the generations of its tags when its load began. */
interface Entry {
  readonly stamp: string;
  readonly value?: unknown;
}
/** One load under way, and what arrived before the same drops as it did may share it. */
interface Flight {
  readonly stamp: string;
  /** JSON, so that no two callers hold the same object. */
  readonly json: Promise<string>;
}

const FOLLOWED_MS = 2000;
const MEMORY_BYTES = 64 * 1024 * 1024;
const ENTRY_BYTES = 1024 * 1024;
const ITEMS = 100_000;
/** null and undefined are answers too ("no such row"), but what is missing may come soon (S97). */
const MISSING_SECONDS = 30;
const KEY_LENGTH = 400;
/** Of the form in which entries stand in Redis: a release that changes it changes this. */
const FORM = '1';

/** Each part with its type and length: no two keys are written alike, whatever their parts hold (S99). */
export function keyOf(parts: readonly (string | number | null)[]): string {
  const key = parts.map((part) => (part === null ? '-' : `${typeof part === 'number' ? 'n' : 's'}${String(part).length}:${part}`)).join('');
  return key.length <= KEY_LENGTH ? key : `h:${createHash('sha256').update(key).digest('base64url')}`;
}

const REDIS_COMMAND_MS = 250;
const CONNECT_MS = 1000;
const COMPLAIN_MS = 60_000;
/** Redis that fails fast: an outage must make loads slower, not hang them. */
async function connectRedis(url: string, logger: Logger): Promise<Redis> {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, {
    commandTimeout: REDIS_COMMAND_MS,
    connectTimeout: CONNECT_MS,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    retryStrategy: (times) => Math.min(times * 100, 2000),
  });
  let complainedAt = -COMPLAIN_MS;
  redis.on('error', (error: Error) => {
    if (performance.now() - complainedAt < COMPLAIN_MS) return;
    complainedAt = performance.now();
    logger.warn({ err: error }, 'Redis cannot be reached: the cache goes on in memory');
  });
  // The first commands would fail on a connection that is only being made, and close the circuit for two seconds.
  const ready = new Promise<void>((resolve) => void redis.once('ready', resolve).once('error', () => resolve()));
  await Promise.race([ready, new Promise((resolve) => setTimeout(resolve, CONNECT_MS).unref())]);
  return redis;
}

interface Stacks {
  readonly bento: BentoCache<{ local: never; shared: never }>;
  readonly redis: Redis | null;
}
/** bentocache costs 140 ms to load: at the first use, not at the start. */
async function openStacks(redisUrl: string | null, logger: Logger): Promise<Stacks> {
  const [{ BentoCache, bentostore }, { memoryDriver }] = await Promise.all([import('bentocache'), import('bentocache/drivers/memory')]);
  const memory = () => memoryDriver({ maxItems: ITEMS, maxSize: MEMORY_BYTES, maxEntrySize: ENTRY_BYTES, serialize: true });
  const local = bentostore().useL1Layer(memory());
  const shared = bentostore().useL1Layer(memory());
  const redis = redisUrl === null ? null : await connectRedis(redisUrl, logger);
  if (redis) shared.useL2Layer((await import('bentocache/drivers/redis')).redisDriver({ connection: redis }));
  const bento = new BentoCache({
    default: 'local',
    prefix: `plinth:${FORM}`,
    grace: false,
    suppressL2Errors: true,
    l2CircuitBreakerDuration: '2s',
    stores: { local, shared },
  });
  return { bento: bento as unknown as Stacks['bento'], redis };
}

/**
 * Cache-aside over bentocache. Entries with tags live in this node's memory only, and count while their tags' generations
 * stay as they were when the load began; so a drop is one increment, at once, and a slow loader cannot bring back what was
 * dropped (S94). Why they are not in Redis: docs/decisions/0009. Entries without tags live by their TTL alone, and
 * with REDIS_URL all nodes share them.
 */
export function createCache({ redisUrl, logger, clock = systemClock }: CacheOptionsOf): TailedCache {
  const generations = new Generations();
  const flights = new Map<string, Flight>();
  let stacks: Promise<Stacks> | undefined;
  let followedAt: number | null = null;
  let heardAt = 0;
  let heardAtWall = 0;

  const fresh = (): boolean => followedAt === null || clock.monotonic() - followedAt < FOLLOWED_MS;
  const open = (): Promise<Stacks> => {
    if (!stacks) {
      stacks = openStacks(redisUrl, logger);
      stacks.catch(() => (stacks = undefined));
    }
    return stacks;
  };
  const storeOf = async (tags: readonly string[]) => (await open()).bento.use(tags.length > 0 ? 'local' : 'shared');

  /** A cache that fails is a miss: slower, never down (S100). */
  const read = async (name: string, tags: readonly string[]): Promise<Entry | undefined> => {
    if (tags.length > 0 && !fresh()) return undefined;
    try {
      const entry = (await (await storeOf(tags)).get({ key: name })) as Entry | undefined;
      return entry !== undefined && entry.stamp === generations.stamp(tags) ? entry : undefined;
    } catch (error) {
      logger.warn({ err: error }, 'the cache could not be read');
      return undefined;
    }
  };
  const write = async (name: string, tags: readonly string[], entry: Entry, ttlSeconds: number): Promise<void> => {
    const seconds = entry.value === undefined || entry.value === null ? Math.min(ttlSeconds, MISSING_SECONDS) : ttlSeconds;
    try {
      await (await storeOf(tags)).set({ key: name, value: entry, ttl: seconds * 1000 });
    } catch (error) {
      logger.warn({ err: error }, 'the cache could not be written');
    }
  };
  const fly = async (name: string, tags: readonly string[], ttlSeconds: number, load: () => Promise<unknown>): Promise<string> => {
    const found = await read(name, tags); // stored since the caller looked
    if (found) return JSON.stringify({ value: found.value });
    const stamp = generations.stamp(tags);
    const value = await load();
    const json = JSON.stringify({ value });
    if (generations.stamp(tags) === stamp) await write(name, tags, { stamp, ...(JSON.parse(json) as { value?: unknown }) }, ttlSeconds);
    return json;
  };

  return {
    async through<T>(
      key: readonly (string | number | null)[],
      { ttlSeconds, tags }: { readonly ttlSeconds: number; readonly tags: readonly string[] },
      load: () => Promise<T>,
    ): Promise<T> {
      const name = keyOf(key);
      const found = await read(name, tags);
      if (found) return found.value as T;
      const stamp = generations.stamp(tags);
      let flight = flights.get(name);
      // Who comes after a drop must not be given what was read before it.
      if (!flight || flight.stamp !== stamp) {
        const started: Flight = { stamp, json: fly(name, tags, ttlSeconds, load) };
        flights.set(name, (flight = started));
        const landed = (): void => void (flights.get(name) === started && flights.delete(name));
        started.json.then(landed, landed);
      }
      return (JSON.parse(await flight.json) as { value: T }).value;
    },
    drop: (tags) => generations.drop(tags),
    generation: (tag) => generations.of(tag),
    fresh,
    // By both clocks: the monotonic one stands still while the machine sleeps, the other may be set back.
    heardWithin: (ms) => followedAt === null || (clock.monotonic() - heardAt < ms && Math.abs(clock.now().getTime() - heardAtWall) < ms),
    followed(at = clock.monotonic(), waitingMs = 0) {
      followedAt = at;
      heardAt = at - waitingMs;
      heardAtWall = clock.now().getTime() - (clock.monotonic() - heardAt);
    },
    async close() {
      if (!stacks) return;
      const { bento, redis } = await stacks;
      redis?.disconnect();
      await bento.disconnectAll();
    },
  };
}
