import type pg from 'pg';
import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { isPooled } from '../database/pooled.ts';

const CHANNEL = 'plinth_log';
const COALESCE_MS = 20;
const LONGEST_PAUSE_MS = 30_000;

export interface Signal {
  /** Tells the other nodes that the log has grown: at most once in 20 ms. */
  send(): void;
  stop(): Promise<void>;
}

/**
 * Wakes the other nodes, on a connection of its own: a NOTIFY inside a business transaction would make commits queue. It is
 * an optimisation only (S65): polling carries everything while it is down, and behind a pooler, where nobody can listen (S66).
 */
export function startSignal({
  db,
  logger,
  onSignal,
}: {
  readonly db: Database;
  readonly logger: Logger;
  readonly onSignal: () => void;
}): Signal {
  let client: pg.Client | undefined;
  let failures = 0;
  let stopped = false;
  let sending: NodeJS.Timeout | undefined;
  let sentAt = -Infinity;
  let retry: NodeJS.Timeout | undefined;

  const lost = (gone: pg.Client): void => {
    if (gone !== client) return;
    client = undefined;
    void gone.end().catch(() => undefined);
    again();
  };
  const again = (): void => {
    if (stopped) return;
    retry = setTimeout(() => void connect(), Math.min(500 * 2 ** failures++, LONGEST_PAUSE_MS) * (0.75 + Math.random() / 2));
    retry.unref();
  };
  const connect = async (): Promise<void> => {
    try {
      const next = await db.connect();
      next.on('error', () => lost(next));
      next.on('end', () => lost(next));
      next.on('notification', ({ processId }) => {
        if (processId !== (next as unknown as { processID: number }).processID) onSignal();
      });
      client = next;
      if (stopped) return await next.end();
      if (await isPooled(next)) {
        client = undefined;
        return await next.end();
      }
      await next.query(`listen ${CHANNEL}`);
      failures = 0;
      onSignal(); // what was said while we did not listen
    } catch (error) {
      if (failures === 3) logger.info({ err: error }, 'no connection to listen on; polling goes on');
      if (client) lost(client);
      else again();
    }
  };
  const connecting = connect();

  return {
    send() {
      // The first goes at once; those that come soon after it go together.
      sending ??= setTimeout(
        () => {
          sending = undefined;
          sentAt = performance.now();
          const speaker = client;
          speaker?.query(`notify ${CHANNEL}`).catch(() => lost(speaker));
        },
        Math.max(0, sentAt + COALESCE_MS - performance.now()),
      ).unref();
    },
    async stop() {
      stopped = true;
      clearTimeout(sending);
      clearTimeout(retry);
      await connecting;
      const last = client;
      client = undefined;
      await last?.end().catch(() => undefined);
    },
  };
}
