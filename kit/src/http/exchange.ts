import type { FastifyReply, FastifyRequest } from 'fastify';
import { nobody, type Principal } from '../caller.ts';
import type { Running } from '../context.ts';
import type { Credentials } from '../feature.ts';
import type { RequestSpan } from '../telemetry/spans.ts';
import type { malformed } from './credentials.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether it is a signature over the raw body that tells strangers from others. */
    signed?: boolean;
  }
  interface FastifyRequest {
    /** What the server found out about this request; the one thing it hangs on it. Null before the first hook. */
    exchange: Exchange | null;
  }
}

export interface Inbound {
  readonly traceparent: string;
  readonly trusted: boolean;
}

/** One request and what is known of it so far. A class, so that all have one shape. */
export class Exchange {
  readonly address: string | null;
  /** What limits and logs count by: the address, or its /56. */
  readonly network: string;
  readonly credentials: Credentials | typeof malformed | null;
  /** The trace that the request says it belongs to, and whether a proxy of ours says so. */
  readonly inbound: Inbound | null;
  /** null: nothing traces, and no proxy of ours named a trace. */
  traceId: string | null;
  span: RequestSpan | null = null;
  principal: Principal = nobody;
  /** Credentials were shown and are not valid, on an operation that takes strangers too. */
  staleCookie = false;
  /** A signature over the body shall show who it is: not counted as a stranger's, until it is refused. */
  unproved = false;
  /** Bytes of its body while that is on its way, and it not yet counted among those at work; null otherwise. */
  arriving: number | null = null;
  decisionId: string | null = null;
  running: Running | null = null;
  /** Code of the error it was answered with, and what only the log may say. */
  failure: { readonly code: string; readonly details: Readonly<Record<string, unknown>> | undefined } | null = null;
  constructor(
    address: string | null,
    network: string,
    credentials: Credentials | typeof malformed | null,
    inbound: Inbound | null,
    traceId: string | null,
  ) {
    this.address = address;
    this.network = network;
    this.credentials = credentials;
    this.inbound = inbound;
    this.traceId = traceId;
  }
}

/** A signal that ends when the client goes away or the server shuts down. */
export function signalOf(request: FastifyRequest, reply: FastifyReply, shutdown: AbortSignal): AbortSignal {
  const gone = new AbortController();
  if (request.raw.destroyed && !request.raw.complete) gone.abort();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return AbortSignal.any([gone.signal, shutdown]);
}
