import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';

/** Something for whoever follows a channel, on any node, that is in no log: it may be lost, and nobody resumes it. */
export interface Ephemeral {
  readonly channel: string;
  readonly message: Readonly<Record<string, unknown>>;
}
/** Carries what is in no log between nodes. Facts need none of it: every node reads the log. */
export interface Bus {
  readonly node: string;
  /** Hears from the other nodes from now on. */
  listen(): void;
  /** To the other nodes; the own one has told its sockets already. Never throws, never waits. */
  send(ephemeral: Ephemeral): void;
  stop(): Promise<void>;
}
export interface BusOptions {
  readonly db: Database;
  readonly redisUrl: string | null;
  readonly logger: Logger;
  readonly onMessage: (ephemeral: Ephemeral) => void;
}
/** What carries texts, at most once each, in no order that is promised. */
export interface Carrier {
  /** Bytes of one text at most. */
  readonly most: number;
  listen(onText: (text: string) => void): void;
  send(texts: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

const COALESCE_MS = 20;
/** Messages that wait to be sent: what comes beyond them is lost. */
const WAITING = 10_000;

export function createBus({ db, redisUrl, logger, onMessage }: BusOptions): Bus {
  const node = randomUUID();
  let carrier: Promise<Carrier> | undefined;
  let listening = false;
  let waiting: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let sending = false;
  let lost = 0;

  const open = (): Promise<Carrier> =>
    (carrier ??=
      redisUrl === null
        ? import('./bus-postgres.ts').then(({ createPostgresCarrier }) => createPostgresCarrier(db, logger))
        : import('./bus-redis.ts').then(({ createRedisCarrier }) => createRedisCarrier(redisUrl, logger)));
  const receive = (text: string): void => {
    let said: unknown;
    try {
      said = JSON.parse(text);
    } catch {
      return;
    }
    if (!Array.isArray(said) || said[0] === node) return;
    for (const [channel, message] of (said as [string, ...[string, Record<string, unknown>][]]).slice(1) as [
      string,
      Record<string, unknown>,
    ][])
      onMessage({ channel, message });
  };
  /** As few texts as the messages fit into. */
  const packed = (messages: readonly string[], most: number): string[] => {
    const texts: string[] = [];
    const head = `["${node}"`;
    let text = head;
    for (const message of messages) {
      const bytes = Buffer.byteLength(message) + 2;
      if (text !== head && Buffer.byteLength(text) + bytes > most) {
        texts.push(`${text}]`);
        text = head;
      }
      text += `,${message}`;
    }
    return [...texts, `${text}]`];
  };
  const flush = async (): Promise<void> => {
    timer = undefined;
    if (sending || waiting.length === 0) return;
    sending = true;
    const messages = waiting;
    waiting = [];
    try {
      const opened = await open();
      await opened.send(packed(messages, opened.most));
      if (lost > 0) logger.warn({ lost }, 'realtime messages for other nodes were lost while those could not be reached');
      lost = 0;
    } catch {
      lost += messages.length;
    } finally {
      sending = false;
      if (waiting.length > 0) schedule();
    }
  };
  const schedule = (): void => {
    timer ??= setTimeout(() => void flush(), COALESCE_MS).unref();
  };

  return {
    node,
    listen() {
      if (listening) return;
      listening = true;
      void open().then(
        (opened) => opened.listen(receive),
        (error: unknown) => logger.warn({ err: error }, 'realtime hears nothing from other nodes'),
      );
    },
    send({ channel, message }) {
      if (waiting.length >= WAITING) lost++;
      else waiting.push(JSON.stringify([channel, message]));
      schedule();
    },
    async stop() {
      clearTimeout(timer);
      await flush();
      await (await carrier)?.stop();
    },
  };
}
