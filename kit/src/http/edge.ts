import type { FastifyReply, FastifyRequest, onRequestHookHandler, preValidationHookHandler } from 'fastify';
import type { Config } from '../config.ts';
import type { AppError } from '../definitions.ts';
import { MalformedRequest, MethodNotAllowed, ServiceUnavailable, TooManyRequests, UriTooLong } from '../errors.ts';
import { parseTraceparent } from '../telemetry/trace-context.ts';
import { uuidv7 } from '../uuid.ts';
import { createClientAddress, createTrust, networkOf } from './address.ts';
import { Arrivals } from './arrivals.ts';
import { allowOrigin, answerPreflight, type Origins } from './cors.ts';
import { countHeader, credentialsOf, malformed } from './credentials.ts';
import { Exchange, type Inbound } from './exchange.ts';
import { Limit, type Counters } from './limits.ts';
import { isPlainPath, pathOf, URL_LIMIT } from './path.ts';
import { accessCookie, jsonHeaders } from './security.ts';
import type { Shed } from './shed.ts';

/** A quarter of an hour: the window of what strangers may ask for (DESIGN §4). */
const WINDOW_SECONDS = 900;
const REQUEST_ID = /^[\w.-]{8,64}$/;
/** Asked by orchestrators and scrapers: never limited. */
const UNLIMITED = new Set(['/health', '/health/live', '/health/ready', '/metrics']);
const ALIVE = '/health/live';
const CLOSE = { headers: { connection: 'close' } };

/** The client's own id where it is harmless in a log, else a new one. */
export function requestIdOf(given: string | string[] | undefined): string {
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : uuidv7();
}

export interface EdgeOptions {
  readonly config: Config;
  readonly origins: Origins;
  readonly counters: Counters;
  readonly shed: Shed;
  readonly isReady: () => boolean;
}
export interface Edge {
  /** First hook of every request, known route or not: id, headers, address, load, address limit. */
  readonly hook: onRequestHookHandler;
  /** The body is there: from now on the request is at work. */
  readonly arrived: preValidationHookHandler;
  /** Headers that stand on every reply. Hooks do not run for what the router itself refuses, so errors call it then. */
  dress(request: FastifyRequest, reply: FastifyReply): void;
  /** Counts a request of nobody: one without credentials, or with ones that turned out invalid. */
  countStranger(exchange: Exchange, method: string, reply: FastifyReply): void | Promise<void>;
  /**
   * Counts what should have been signed, and was refused. Signed right it is never refused for others' failures: forgers do not
   * shut out whom they pretend to be. @returns what to answer: the same, or 429.
   */
  countRefused(error: AppError, request: FastifyRequest, reply: FastifyReply): AppError | Promise<AppError>;
  /** From now on new requests are told to go elsewhere. */
  close(): void;
}

/** RFC 9112 §6: a request has a body where a header says so. */
const hasBody = ({ headers }: FastifyRequest['raw']): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] !== undefined && headers['content-length'] !== '0');

export const isSafeMethod = (method: string): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

export function createEdge({ config, origins, counters, shed, isReady }: EdgeOptions): Edge {
  const headers = jsonHeaders(config);
  const cookie = accessCookie(config);
  const clientAddress = createClientAddress(config.trustProxy);
  const trusts = createTrust(config.trustProxy);
  const unsafe = new Limit({ name: 'anonymous-unsafe', requests: config.limits.unsafe, seconds: WINDOW_SECONDS }, counters);
  const safe = new Limit({ name: 'anonymous-safe', requests: config.limits.safe, seconds: WINDOW_SECONDS }, counters);
  const arrivals = new Arrivals();
  let closing = false;

  const dress = (request: FastifyRequest, reply: FastifyReply): void => {
    reply.headers(headers);
    reply.header('x-request-id', request.id);
    const { origin } = request.raw.headers;
    if (origin !== undefined && origins.allows(origin)) allowOrigin(reply, origin);
  };
  const inboundOf = ({ raw }: FastifyRequest): Inbound | null => {
    const { traceparent } = raw.headers;
    return typeof traceparent === 'string' ? { traceparent, trusted: trusts(raw.socket.remoteAddress) } : null;
  };
  const countStranger: Edge['countStranger'] = (exchange, method, reply) =>
    (isSafeMethod(method) ? safe : unsafe).take(exchange.network, reply);

  const countRefused: Edge['countRefused'] = (error, request, reply) => {
    const { exchange } = request;
    if (!exchange?.unproved || error.status < 400 || error.status >= 500) return error;
    exchange.unproved = false;
    try {
      const counted = countStranger(exchange, request.method, reply);
      return counted
        ? counted.then(
            () => error,
            (tooMany: unknown) => tooMany as AppError,
          )
        : error;
    } catch (tooMany) {
      return tooMany as AppError;
    }
  };

  /** What no request may be, whoever sends it. */
  const refuse = ({ raw, method }: FastifyRequest, path: string): Error | null => {
    if (raw.url!.length > URL_LIMIT) return new UriTooLong();
    if (
      countHeader(raw.rawHeaders, 'host') !== 1 &&
      !(raw.httpVersionMajor === 1 && raw.httpVersionMinor === 0 && raw.headers.host === undefined)
    )
      return new MalformedRequest({ reason: 'not one Host' }); // RFC 9112 §3.2
    if (!isPlainPath(path) && !(method === 'OPTIONS' && path === '*')) return new MalformedRequest({ reason: 'ambiguous path' });
    if (method === 'TRACE' || method === 'CONNECT')
      return new MethodNotAllowed(undefined, { headers: { allow: 'GET, HEAD, POST, PUT, PATCH, DELETE' } });
    if (raw.headers['http2-settings'] !== undefined || raw.headers.upgrade?.toLowerCase().includes('h2c') === true)
      return new MalformedRequest({ reason: 'h2c upgrade' });
    const coding = raw.headers['transfer-encoding'];
    if (coding !== undefined && coding.toLowerCase() !== 'chunked') return new MalformedRequest({ reason: 'transfer coding' }, CLOSE); // RFC 9112 §6.1
    return null;
  };

  const busy = (): AppError => new ServiceUnavailable(undefined, { headers: { 'retry-after': '1' } });
  const work = (reply: FastifyReply): void => {
    shed.enter();
    reply.raw.once('close', shed.leave);
  };
  /** False when too much is on its way. */
  const awaitBody = (exchange: Exchange, { raw }: FastifyRequest, reply: FastifyReply): boolean => {
    const bytes = Math.min(Number(raw.headers['content-length'] ?? config.limits.bodyBytes), config.limits.bodyBytes);
    if (!arrivals.enter(exchange.network, bytes)) return false;
    exchange.arriving = bytes;
    reply.raw.once('close', () => endWait(exchange));
    return true;
  };
  const endWait = (exchange: Exchange): boolean => {
    const { arriving, network } = exchange;
    if (arriving === null) return false;
    exchange.arriving = null;
    arrivals.leave(network, arriving);
    return true;
  };
  const arrived: preValidationHookHandler = (request, reply, done) => {
    if (!endWait(request.exchange!)) return done();
    if (shed.overloaded) return done(busy());
    work(reply);
    done();
  };

  const hook: onRequestHookHandler = (request, reply, done) => {
    const { raw } = request;
    dress(request, reply);
    const path = pathOf(raw.url!);
    const forwarded = raw.headers['x-forwarded-for'];
    const address = clientAddress(raw.socket.remoteAddress, typeof forwarded === 'string' ? forwarded : undefined);
    const inbound = inboundOf(request);
    const traceId = inbound?.trusted ? (parseTraceparent(inbound.traceparent)?.traceId ?? null) : null; // others' word is not taken (B131)
    const exchange = new Exchange(address, networkOf(address), credentialsOf(raw, cookie), inbound, traceId);
    request.exchange = exchange;

    const refused = refuse(request, path);
    if (refused) return done(refused);
    if (raw.method === 'OPTIONS' && raw.headers['access-control-request-method'] !== undefined) {
      return answerPreflight(reply, raw.headers.origin !== undefined && origins.allows(raw.headers.origin));
    }
    if (closing) reply.header('connection', 'close');
    if (UNLIMITED.has(path)) return path === ALIVE || !shed.overloaded ? done() : done(busy());
    if (closing || shed.overloaded || !isReady()) return done(new ServiceUnavailable({ closing }, { headers: { 'retry-after': '1' } }));
    if (!hasBody(raw)) work(reply);
    else if (!awaitBody(exchange, request, reply))
      return done(new TooManyRequests({ arriving: exchange.network }, { headers: { 'retry-after': '1' } }));

    // Who shows credentials is counted as a caller once they are found valid, and as a stranger when not. An unknown address
    // of a request is a route to nothing: those count by network whatever they carry.
    if (exchange.credentials !== null && exchange.credentials !== malformed && !request.is404) return done();
    if (request.routeOptions.config.signed === true) {
      exchange.unproved = true;
      return done();
    }
    const counted = countStranger(exchange, raw.method!, reply);
    if (counted) void counted.then(() => done(), done);
    else done();
  };
  return {
    hook,
    arrived,
    dress,
    countStranger,
    countRefused,
    close() {
      closing = true;
    },
  };
}
