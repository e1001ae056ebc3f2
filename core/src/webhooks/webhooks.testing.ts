import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** From now on. */
  answer(status: number, headers?: Record<string, string>, body?: string): void;
  /** From now on: nothing, ever. */
  hang(): void;
  stop(): Promise<void>;
}

/** A server that webhooks are sent to. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let reply: { status: number; headers: Record<string, string>; body: string } | null = { status: 204, headers: {}, body: '' };
  const listener: RequestListener = (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
      if (reply) response.writeHead(reply.status, reply.headers).end(reply.body);
    });
  };
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    received,
    answer: (status, headers = {}, body = '') => void (reply = { status, headers, body }),
    hang: () => void (reply = null),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
