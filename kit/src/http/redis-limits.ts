import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { memoryCounters, type Counter, type Counters, type Taken } from './limits.ts';

/** One atomic step (B110): count, begin the window with the first, say how long it lasts. Refused requests do not extend it. */
const TAKE = `local used = redis.call('incr', KEYS[1])
if used == 1 then redis.call('pexpire', KEYS[1], ARGV[1]) end
local left = redis.call('pttl', KEYS[1])
if left < 0 then redis.call('pexpire', KEYS[1], ARGV[1]) left = tonumber(ARGV[1]) end
return { used, left }`;
const COMMAND_MS = 200;

interface Scripted extends Redis {
  plinthTake(key: string, milliseconds: number): Promise<[used: number, left: number]>;
}

/** Limits shared by all nodes. While Redis is away each node counts for itself: limits then hold per node, and requests go on. */
export async function redisCounters(url: string, clock: Clock, logger: Logger): Promise<Counters> {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_MS,
    connectTimeout: 2000,
    lazyConnect: true,
  }) as Scripted;
  redis.defineCommand('plinthTake', { numberOfKeys: 1, lua: TAKE });
  let away = false;
  const lost = (error: unknown): void => {
    if (!away) logger.warn({ err: error }, 'Redis is away: rate limits are counted by this node alone');
    away = true;
  };
  redis.on('error', lost);
  redis.on('ready', () => {
    if (away) logger.info('Redis is back: rate limits are shared again');
    away = false;
  });
  await redis.connect().catch(lost);

  const memory = memoryCounters(clock);
  return {
    create(policy): Counter {
      const alone = memory.create(policy);
      const prefix = `plinth:limit:${policy.name}:`;
      const milliseconds = policy.seconds * 1000;
      return {
        take(key): Taken | Promise<Taken> {
          if (redis.status !== 'ready') return alone.take(key);
          return redis.plinthTake(prefix + key, milliseconds).then(
            ([used, left]) => ({ used, reset: Math.ceil(left / 1000) }),
            (error: unknown) => {
              lost(error);
              return alone.take(key);
            },
          );
        },
      };
    },
    async close() {
      redis.disconnect();
    },
  };
}
