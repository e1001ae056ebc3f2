import { once } from 'node:events';
import {
  allow,
  type AnyFeature,
  Caller,
  type Channel,
  defineChannel,
  defineEvent,
  defineFeature,
  defineOperations,
  definePermission,
  nobody,
  type Tx,
  uuidv7,
} from '@plinth/kit';
import type { TestApp } from '@plinth/kit/testing';
import { type ClientOptions, WebSocket } from 'ws';
import { z } from 'zod';
import { access } from '../access/index.ts';
import { auth } from '../auth/index.ts';
import { users } from '../users/index.ts';
import { realtime } from './index.ts';

// A feature with channels of each kind, and a client that writes down what it is told.

export const readRooms = definePermission('rooms:read', 'See rooms', []);
export const writeRooms = definePermission('rooms:write', 'Talk in rooms', []);
export const roomChannel = defineChannel('room:{roomId}', allow(readRooms, { scope: 'room' }), {
  publish: allow(writeRooms, { scope: 'room' }),
  presence: true,
});
export const newsChannel = defineChannel('news', 'signed-in', { presence: true });
export const inboxChannel = defineChannel('inbox:{userId}', 'signed-in', { owner: 'userId', publish: 'signed-in' });

const Happened = z.object({ roomIds: z.array(z.string()).default([]), n: z.int(), text: z.string().optional() });
export const happened = defineEvent('rooms.happened', Happened, {
  title: 'Something happened',
  channels: ({ roomIds }) => roomIds.map((roomId) => roomChannel({ roomId })),
});
export const printed = defineEvent('rooms.printed', z.object({ n: z.int(), text: z.string().optional() }), {
  title: 'News',
  channels: () => [newsChannel({})],
});
const operations = defineOperations({});
export const rooms = defineFeature({
  name: 'rooms',
  contract: { readRooms, writeRooms, roomChannel, newsChannel, inboxChannel, happened, printed, operations },
  setup: () => ({ api: {}, controller: {} }),
});
export const features: readonly AnyFeature[] = [users, access, auth, realtime, rooms];
export type AnyChannel = Channel;

const origin = { address: null, userAgent: null, requestId: 'rooms-test', traceId: null, operation: 'rooms.test' };
export const publisher = new Caller({ ...nobody, job: { name: 'rooms.test', cause: null } }, origin, null);

/** Publishes facts, each in a transaction of its own. */
export const print = (app: Pick<TestApp, 'kit'>, n: number, text?: string): Promise<void> =>
  app.kit.db.transaction((tx: Tx) => app.kit.log.publish(tx, publisher, printed, { n, ...(text !== undefined && { text }) }));
export const happen = (app: Pick<TestApp, 'kit'>, roomIds: readonly string[], n: number): Promise<void> =>
  app.kit.db.transaction((tx: Tx) => app.kit.log.publish(tx, publisher, happened, { roomIds: [...roomIds], n }));

/** Gives someone a permission in one room, and takes it away again. */
export async function grant(app: TestApp, admin: string, userId: string, permission: string, roomId: string | null): Promise<string> {
  const scope = roomId === null ? {} : { scope: { type: 'room', id: roomId } };
  const { status, text, json } = await app.call('POST', '/api/v1/access/grants', { token: admin, body: { userId, permission, ...scope } });
  if (status !== 201) throw new Error(`granting answered ${status}: ${text}`);
  return (json as { data: { id: string } }).data.id;
}

/** Publishes one after the other, numbered from 1, until it is stopped. */
export class Publishing {
  /** Committed: whoever reads the state from now on sees it. */
  last = 0;
  #going = true;
  readonly #ended: Promise<void>;
  constructor(publish: (n: number) => Promise<void>, restMs = 0) {
    this.#ended = this.#run(publish, restMs);
  }
  async #run(publish: (n: number) => Promise<void>, restMs: number): Promise<void> {
    while (this.#going) {
      await publish(this.last + 1);
      this.last++;
      if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
    }
  }
  async stop(): Promise<void> {
    this.#going = false;
    await this.#ended;
  }
}

// oxlint-disable-next-line typescript/no-explicit-any -- tests look into messages of every shape
export type Said = any;

/** A client of the protocol over a WebSocket. */
export class Client {
  readonly ws: WebSocket;
  readonly told: Said[] = [];
  closed: { code: number; reason: string } | null = null;
  status: number | null = null;
  #wake: (() => void)[] = [];
  #ids = 0;
  constructor(url: string, options: ClientOptions = {}) {
    this.ws = new WebSocket(`${url.replace('http', 'ws')}/realtime`, ['plinth.v1'], options);
    this.ws.on('message', (data: Buffer) => {
      this.told.push(JSON.parse(data.toString()));
      this.#roused();
    });
    this.ws.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.#roused();
    });
    this.ws.on('unexpected-response', (_request, response) => {
      this.status = response.statusCode ?? 0;
      this.closed = { code: 0, reason: 'refused' };
      response.resume();
      this.#roused();
    });
    this.ws.on('error', () => undefined);
  }
  static async open(url: string, token: string, options: ClientOptions = {}): Promise<Client> {
    const client = new Client(url, options);
    await once(client.ws, 'open');
    await client.ask({ type: 'authenticate', token });
    return client;
  }
  #roused(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
  send(message: unknown): void {
    this.ws.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message));
  }
  /** The first message that is so, told already or not yet. */
  async hears(is: (said: Said) => boolean, ms = 3000): Promise<Said> {
    const end = performance.now() + ms;
    for (;;) {
      const found: Said = this.told.find(is);
      if (found !== undefined) return found;
      const left = end - performance.now();
      if (left <= 0 || this.closed) throw new Error(`not heard: ${JSON.stringify(this.told.slice(-5))} ${JSON.stringify(this.closed)}`);
      await this.#next(left);
    }
  }
  async ends(ms = 3000): Promise<{ code: number; reason: string }> {
    const end = performance.now() + ms;
    while (!this.closed) {
      const left = end - performance.now();
      if (left <= 0) throw new Error('it stays open');
      await this.#next(left);
    }
    return this.closed;
  }
  #next(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
  /** Asks, and waits for the answer. */
  async ask(message: Record<string, unknown>): Promise<Said> {
    const id = ++this.#ids;
    this.send({ ...message, id });
    return this.hears((said) => said.id === id);
  }
  subscribe(channel: string, since?: string): Promise<Said> {
    return this.ask({ type: 'subscribe', channel, ...(since !== undefined && { since }) });
  }
  numbers(channel?: string): number[] {
    return this.told
      .filter((said) => said.type === 'event' && (channel === undefined || said.channel === channel))
      .map((said) => said.data.n as number);
  }
  /** Where to resume a channel from: the offset of the last message that names one. */
  offset(channel: string): string {
    return this.told.findLast((said) => said.offset !== undefined && said.channel === channel).offset as string;
  }
  kill(): void {
    this.ws.terminate();
  }
}
export const newRoom = (): string => uuidv7();
