import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

// Stands between the server and the sandbox: what goes wrong on the way, and what becomes of webhooks, is decided here.

/** With one call about one payment: before the sandbox heard it, or after; `hold` gives no answer until `release`. */
export type Trouble = `${'error' | 'cut' | 'hold'} ${'before' | 'after'}`;
export interface Message {
  readonly id: string;
  readonly body: string;
  /** By the sandbox's clock. */
  readonly at: string;
}
interface Held {
  readonly paymentId: string;
  readonly go: () => void;
}
const SECRET = `whsec_${Buffer.from('plinth sandbox webhook secret').toString('base64')}`;
const OTHER = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;

/** As the sandbox signs them, or as somebody else would. */
export function headersOf({ id, body }: Message, how: 'well' | 'forged' | 'stale' = 'well'): Record<string, string> {
  const at = new Date(Date.now() - (how === 'stale' ? 360_000 : 0));
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(how === 'forged' ? OTHER : SECRET).sign(id, at, body),
  };
}

export class Gate {
  readonly #sandbox: string;
  readonly #server = createServer((request, response) => void this.#serve(request, response).catch(() => request.socket.destroy()));
  readonly #troubles = new Map<string, Trouble[]>();
  readonly #messages = new Map<string, Message[]>();
  readonly #archive = new Map<string, Message[]>();
  #held: Held[] = [];
  readonly #waiting = new Map<string, () => void>();
  constructor(sandbox: string) {
    this.#sandbox = sandbox;
  }
  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
  async stop(): Promise<void> {
    this.release();
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  /** The next call about this payment. */
  trouble(paymentId: string, trouble: Trouble): void {
    this.#troubles.set(paymentId, [...(this.#troubles.get(paymentId) ?? []), trouble]);
  }
  /** What has not come up goes well. */
  calm(paymentId: string): void {
    this.#troubles.delete(paymentId);
  }
  /** Resolves when the next call about this payment is held. */
  whenHeld(paymentId: string): Promise<void> {
    return new Promise((held) => this.#waiting.set(paymentId, held));
  }
  /** Those that were held go on, as late as it is. */
  release(): void {
    const held = this.#held;
    this.#held = [];
    for (const { go } of held) go();
  }
  /** What the sandbox has sent about a payment, and nobody has delivered. */
  messages(paymentId: string): Message[] {
    const found = this.#messages.get(paymentId) ?? [];
    this.#messages.set(paymentId, found);
    return found;
  }

  /** Whatever it has sent about it, delivered or not. */
  everything(paymentId: string): readonly Message[] {
    return this.#archive.get(paymentId) ?? [];
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const body = Buffer.concat(parts).toString();
    if (request.url === '/hook') {
      const { timestamp: at, data } = JSON.parse(body) as { timestamp: string; data: { paymentId: string } };
      const message = { id: String(request.headers['webhook-id']), body, at };
      this.messages(data.paymentId).push(message);
      this.#archive.set(data.paymentId, [...this.everything(data.paymentId), message]);
      response.writeHead(204).end();
      return;
    }
    const key = request.headers['idempotency-key'] as string | undefined;
    const paymentId = key?.split(':')[0] ?? new URL(request.url!, 'http://gate').searchParams.get('paymentId') ?? '';
    const [how = null, when] = (this.#troubles.get(paymentId)?.shift()?.split(' ') ?? []) as
      ['error' | 'cut' | 'hold', 'before' | 'after'] | [];
    if (when === 'before' && (await this.#goesWrong(how, paymentId, request, response))) return;
    const { method, headers } = request;
    const reply = await fetch(`${this.#sandbox}${request.url}`, {
      method: method!,
      headers: {
        authorization: headers.authorization ?? '',
        ...(key !== undefined && { 'idempotency-key': key }),
        ...(body !== '' && { 'content-type': 'application/json' }),
      },
      ...(body !== '' && { body }),
    });
    const text = await reply.text();
    if (when === 'after' && (await this.#goesWrong(how, paymentId, request, response))) return;
    response.writeHead(reply.status, { 'content-type': 'application/json' }).end(text);
  }
  /** @returns whether that was the answer. */
  async #goesWrong(
    how: 'error' | 'cut' | 'hold' | null,
    paymentId: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<boolean> {
    if (how === 'error') response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":"out_of_order"}');
    else if (how === 'cut') request.socket.destroy();
    else {
      await new Promise<void>((go) => {
        this.#held.push({ paymentId, go });
        this.#waiting.get(paymentId)?.();
        this.#waiting.delete(paymentId);
      });
      return false;
    }
    return true;
  }
}
