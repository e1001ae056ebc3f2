import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import type { AppError } from '../definitions.ts';
import { HeadersTooLarge, MalformedRequest, PayloadTooLarge, RequestTimeout } from '../errors.ts';
import { uuidv7 } from '../uuid.ts';
import type { Edge } from './edge.ts';
import { outcomeOf, writeProblem } from './problem.ts';

// Not imported: an import reads every export of the module, and WebSocket among them brings in all of undici (16 MB).
const { STATUS_CODES } = process.getBuiltinModule('node:http');

export type AnswerError = (error: unknown, request: FastifyRequest, reply: FastifyReply) => void;

/** The one place where an error becomes a reply: the outcome to the client, the whole of it to the log (B127, B128). */
export function createAnswerError(logger: Logger, edge: Edge): AnswerError {
  const answer = (outcome: AppError, request: FastifyRequest, reply: FastifyReply): void => {
    const { status, code, details, headers } = outcome;
    if (status >= 500) {
      const operation = request.exchange?.running?.operation;
      // Busy is the server's state, not a defect: one line without a stack each time would hide the defects.
      if (status === 503)
        logger.warn(
          { requestId: request.id, operation, failure: code, reason: outcome.cause instanceof Error ? outcome.cause.message : undefined },
          'request shed',
        );
      else logger.error({ requestId: request.id, operation, err: outcome.cause ?? outcome }, 'request failed');
    }
    if (request.exchange) request.exchange.failure = { code, details };
    // What the operation had prepared for success is not true any more.
    for (const name of ['etag', 'location', 'set-cookie', 'content-disposition', 'content-encoding']) reply.removeHeader(name);
    reply.header('cache-control', 'no-store');
    const decisionId = request.exchange?.decisionId;
    // A refusal is named by its decision, in reply, log, trace and fact alike. Other errors are none.
    if (decisionId && (status === 401 || status === 403)) reply.header('x-decision-id', decisionId);
    if (headers) reply.headers(headers);
    if (status === 401 && !reply.hasHeader('www-authenticate'))
      reply.header('www-authenticate', code === 'INVALID_TOKEN' ? 'Bearer error="invalid_token"' : 'Bearer');
    const { type, body } = writeProblem(outcome, request.id, request.raw.headers.accept);
    void reply.code(status).header('content-type', type).send(body);
  };
  return (error, request, reply) => {
    const counted = edge.countRefused(outcomeOf(error), request, reply);
    if (counted instanceof Promise) void counted.then((outcome) => answer(outcomeOf(outcome), request, reply));
    else answer(counted, request, reply);
  };
}

/** What the router refuses before any hook ran: dressed here, and logged, since no hook will do it. */
export function createRouterErrors(edge: Edge, answer: AnswerError, logger: Logger): AnswerError {
  return (error, request, reply) => {
    edge.dress(request, reply);
    answer(error, request, reply);
    logger.info({ requestId: request.id, method: request.raw.method, route: 'none', status: reply.statusCode }, 'request');
  };
}

const PARSER_ERRORS: Readonly<Record<string, () => AppError>> = {
  HPE_HEADER_OVERFLOW: () => new HeadersTooLarge(),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: () => new PayloadTooLarge(),
  ERR_HTTP_REQUEST_TIMEOUT: () => new RequestTimeout(),
};
const LINGER_MS = 1000;

/**
 * Answers what is no HTTP request that a hook could see: overlong headers, ambiguous framing (B117), one that never
 * arrived. The connection is closed, after a moment to read the answer: closing at once resets it with the answer unread.
 */
export function createParserErrors(
  headers: Readonly<Record<string, string>>,
  logger: Logger,
): (error: Error & { code?: string }, socket: Socket) => void {
  const answered = new WeakSet<Socket>();
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
      socket.destroy();
      return;
    }
    if (answered.has(socket)) return; // the rest of what was sent fails to parse as well
    answered.add(socket);
    const outcome = (PARSER_ERRORS[error.code ?? ''] ?? (() => new MalformedRequest()))();
    const requestId = uuidv7();
    const { type, body } = writeProblem(outcome, requestId, undefined);
    const lines = Object.entries({
      ...headers,
      'content-type': type,
      'content-length': String(Buffer.byteLength(body)),
      'x-request-id': requestId,
      connection: 'close',
    });
    socket.end(
      `HTTP/1.1 ${outcome.status} ${STATUS_CODES[outcome.status] ?? ''}\r\n${lines.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`,
    );
    socket.resume();
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
    logger.info({ requestId, status: outcome.status, failure: error.code }, 'request refused by the parser');
  };
}
