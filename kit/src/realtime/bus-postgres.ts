import type pg from 'pg';
import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { isPooled } from '../database/pooled.ts';
import type { Carrier } from './bus.ts';

const CHANNEL = 'plinth_realtime';
/** A notification carries less than 8,000 bytes. */
const MOST = 7900;
const LONGEST_PAUSE_MS = 30_000;

/**
 * NOTIFY, on a connection of its own: never inside a business transaction, where it would make commits queue. Behind a pooler nobody
 * can listen (S66): set REDIS_URL there.
 */
export function createPostgresCarrier(db: Database, logger: Logger): Carrier {
  let onText: ((text: string) => void) | undefined;
  let client: Promise<pg.Client> | undefined;
  let failures = 0;
  let pooled = false;
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;

  const listen = async (opened: pg.Client): Promise<void> => {
    if (onText && !pooled) await opened.query(`listen ${CHANNEL}`);
  };
  const lost = (gone: Promise<pg.Client>): void => {
    if (gone !== client) return;
    client = undefined;
    void gone.then((closed) => closed.end()).catch(() => undefined);
    if (stopped || !onText) return;
    retry = setTimeout(
      () => void connected().catch(() => undefined),
      Math.min(500 * 2 ** failures++, LONGEST_PAUSE_MS) * (0.75 + Math.random() / 2),
    ).unref();
  };
  const connected = (): Promise<pg.Client> => {
    if (client) return client;
    const opening: Promise<pg.Client> = db.connect().then(async (opened) => {
      opened.on('error', () => lost(opening));
      opened.on('end', () => lost(opening));
      opened.on('notification', ({ payload }) => onText?.(payload ?? ''));
      pooled = await isPooled(opened);
      if (pooled) logger.info('behind a pooler messages and presence stay on their node: set REDIS_URL where there are several');
      await listen(opened);
      failures = 0;
      return opened;
    });
    client = opening;
    opening.catch((error: unknown) => {
      if (failures === 3) logger.info({ err: error }, 'no connection for realtime messages; facts go on without');
      lost(opening);
    });
    return opening;
  };
  return {
    most: MOST,
    listen(listener) {
      onText = listener;
      void connected().then(
        (opened) => listen(opened).catch(() => undefined),
        () => undefined,
      );
    },
    async send(texts) {
      const speaker = await connected();
      await speaker.query({ text: `select pg_notify('${CHANNEL}', t) from unnest($1::text[]) t`, values: [texts] });
    },
    async stop() {
      stopped = true;
      clearTimeout(retry);
      const last = client;
      client = undefined;
      await last?.then((opened) => opened.end()).catch(() => undefined);
    },
  };
}
