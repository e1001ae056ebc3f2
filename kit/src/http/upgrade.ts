import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { UpgradeRequired } from '../errors.ts';
import type { Takeover } from '../realtime/websocket.ts';
import { pathOf } from './path.ts';

// Not imported: see errors.ts.
const { ServerResponse } = process.getBuiltinModule('node:http');

interface Waiting {
  readonly socket: Duplex;
  readonly head: Buffer;
}
const waiting = new WeakMap<IncomingMessage, Waiting>();

/** Addresses where a connection may become a socket. Everywhere else an `Upgrade` is not heard (RFC 9110 §7.8). */
export class Upgrades {
  readonly #paths = new Set<string>();
  add(path: string): void {
    this.#paths.add(path);
  }
  /** Node asks before it takes the connection out of HTTP. */
  readonly heeds = ({ method, url, headers }: IncomingMessage): boolean =>
    method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && this.#paths.has(pathOf(url ?? ''));

  /** Sends such a request through the same steps as every other: what is refused is refused in the same words. */
  listen(app: FastifyInstance): void {
    app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => undefined); // a client that goes away meanwhile
      waiting.set(request, { socket, head });
      const response = new ServerResponse(request);
      response.shouldKeepAlive = false; // Node reads no further request from it
      response.assignSocket(socket as never);
      response.once('finish', () => (socket as Duplex & { destroySoon(): void }).destroySoon());
      app.routing(request, response);
    });
  }
}

/** Hands the connection over. @throws UpgradeRequired when the request asked for no socket. */
export function takeOver(request: FastifyRequest, reply: FastifyReply, become: Takeover): void {
  const found = waiting.get(request.raw);
  if (!found) throw new UpgradeRequired(undefined, { headers: { upgrade: 'websocket', connection: 'Upgrade' } });
  waiting.delete(request.raw);
  void reply.hijack();
  reply.raw.detachSocket(found.socket as never);
  reply.raw.statusCode = 101;
  become({ request: request.raw, ...found });
}
