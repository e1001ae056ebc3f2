import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { signed } from '../../webhooks/index.ts';
import { type Held, snapshotOf } from './book.ts';

// Not imported: the module would bring in a client that nobody here uses.
const http = process.getBuiltinModule('node:http');

/** How badly it delivers. */
export interface Habits {
  readonly url: string | null;
  readonly delayMs: number;
  /** Of each message, all under one id. */
  readonly copies: number;
  /** Holds messages back until this many are there, and sends the newest first. */
  readonly hold: number;
  /** Sends none. */
  readonly lose: boolean;
}
export interface Message {
  readonly id: string;
  readonly body: string;
}
const ATTEMPTS = 6;

/** Webhooks as Standard Webhooks has them: delayed, doubled, reordered and lost as asked for; retried while they are refused. */
export class Deliveries {
  readonly #secret: string;
  readonly #stopped = new AbortController();
  #habits: Habits;
  #held: Message[] = [];
  /** The newest ones, for tests that send them again. */
  readonly sent: Message[] = [];
  constructor(secret: string, url: string | null) {
    this.#secret = secret;
    this.#habits = { url, delayMs: 0, copies: 1, hold: 1, lose: false };
  }
  get habits(): Habits {
    return this.#habits;
  }
  behave(habits: Partial<Habits>): void {
    this.#habits = { ...this.#habits, ...habits };
    this.#release();
  }
  announce(type: string, payment: Held): void {
    const body = JSON.stringify({ type, timestamp: payment.at, data: snapshotOf(payment) });
    const message = { id: `msg_${randomUUID().replaceAll('-', '')}`, body };
    this.sent.push(message);
    if (this.sent.length > 1000) this.sent.shift();
    if (this.#habits.lose || this.#habits.url === null) return;
    this.#held.push(message);
    this.#release();
  }
  /** @returns the status of the answer; 0 without one. */
  async send({ id, body }: Message): Promise<number> {
    const { url } = this.#habits;
    if (url === null) return 0;
    const headers = signed({ id, timestamp: Math.floor(Date.now() / 1000), body }, [this.#secret]);
    return new Promise((settle) => {
      const request = http.request(url, { method: 'POST', headers, timeout: 15_000, signal: this.#stopped.signal }, (answer) => {
        answer.resume();
        settle(answer.statusCode ?? 0);
      });
      request.on('timeout', () => request.destroy());
      request.on('error', () => settle(0));
      request.end(body);
    });
  }
  stop(): void {
    this.#stopped.abort();
  }

  #release(): void {
    const { hold, copies, delayMs } = this.#habits;
    if (this.#held.length < hold) return;
    const messages = this.#held.splice(0);
    if (hold > 1) messages.reverse();
    const all = messages.flatMap((message) => Array.from({ length: copies }, () => message));
    // Asked for in order, they go in order: side by side would be an order by chance.
    const round = async (): Promise<void> => {
      await this.#rest(delayMs);
      for (const message of all) await this.#deliver(message);
    };
    void round();
  }
  async #deliver(message: Message, attempt = 1): Promise<void> {
    const status = await this.send(message);
    if ((status >= 200 && status < 300) || attempt >= ATTEMPTS || this.#stopped.signal.aborted) return;
    void this.#rest(1000 * 2 ** (attempt - 1)).then(() => this.#deliver(message, attempt + 1));
  }
  async #rest(milliseconds: number): Promise<void> {
    if (milliseconds > 0) await sleep(milliseconds, undefined, { ref: false, signal: this.#stopped.signal }).catch(() => undefined);
  }
}
