import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Carrier } from './bus.ts';

const CHANNEL = 'plinth:realtime';

/** Redis' own publish and subscribe: no message touches Postgres. */
export function createRedisCarrier(url: string, logger: Logger): Carrier {
  const speaker = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 2000,
    connectTimeout: 2000,
    lazyConnect: true,
  });
  let listener: Redis | undefined;
  let away = false;
  const lost = (error: unknown): void => {
    if (!away) logger.warn({ err: error }, 'Redis is away: realtime messages stay on their node; facts go on');
    away = true;
  };
  const watched = (redis: Redis): Redis => redis.on('error', lost).on('ready', () => (away = false));
  watched(speaker);
  const ready = speaker.connect().catch(lost);
  return {
    most: 65_536,
    listen(onText) {
      if (listener) return;
      listener = watched(new Redis(url, { connectTimeout: 2000, lazyConnect: true }));
      listener.on('message', (_channel: string, text: string) => onText(text));
      void listener.subscribe(CHANNEL).catch(lost); // again by itself after each reconnect
    },
    async send(texts) {
      await ready;
      await Promise.all(texts.map((text) => speaker.publish(CHANNEL, text)));
    },
    async stop() {
      speaker.disconnect();
      listener?.disconnect();
    },
  };
}
