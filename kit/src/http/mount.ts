import type { FastifyInstance, FastifyReply, FastifyRequest, onResponseHookHandler, RouteOptions } from 'fastify';
import type { Tx } from '../database/transaction.ts';
import { AppError } from '../definitions.ts';
import type { CatalogOperation } from '../feature.ts';
import { type AnyHandler, isSafe, type Operation } from '../operation.ts';
import type { Takeover } from '../realtime/websocket.ts';
import { callerKey, createAdmission, type AdmissionParts } from './admission.ts';
import { acceptBody, bodyForm, bodyLimit } from './bodies.ts';
import { writeCookie } from './call.ts';
import { type Claim, claimOf, type Claims, idempotencyKeyOf, once } from './idempotency.ts';
import { pathOf, urlOf } from './path.ts';
import { constraintErrors } from './problem.ts';
import { compileRead, type ReadParts } from './read.ts';
import { compileRender, isText, type Rendered } from './replies.ts';
import type { Shed } from './shed.ts';
import { compileFlow } from './streams.ts';
import { takeOver } from './upgrade.ts';

export interface MountParts extends AdmissionParts, ReadParts {
  readonly claims: Claims;
  readonly shed: Shed;
  /** What happens once a reply is out: the access log and the route's times. */
  finished(method: string, route: string, operation: string, stays?: boolean): onResponseHookHandler;
}

/** Bytes from which a reply is worth compressing: below, gzip costs more than the rest of the request. */
export const COMPRESS_FROM = 16_384;

/** One operation becomes one route; one with a body of its own kind gets a scope of its own, where only that is parsed. */
export function mount(scope: FastifyInstance, entry: CatalogOperation, handler: AnyHandler, parts: MountParts): void {
  const { operation } = entry;
  const { body } = operation;
  const route = routeOf(entry, handler, parts);
  if (body === undefined || !('kind' in body)) scope.route(route);
  else {
    void scope.register(async (own) => {
      await acceptBody(own, body);
      own.route(route);
    });
  }
}

function routeOf(entry: CatalogOperation, handler: AnyHandler, parts: MountParts): RouteOptions {
  const { id, operation } = entry;
  const { method } = operation;
  const url = urlOf(operation);
  const text = isText(operation.reply);
  const stays = operation.reply !== undefined && 'kind' in operation.reply && operation.reply.kind === 'sse';
  return {
    method,
    url,
    bodyLimit: bodyLimit(operation, parts.kit.config.limits.bodyBytes),
    config: {
      signed: operation.body !== undefined && 'kind' in operation.body && operation.body.kind === 'raw' && operation.body.signed === true,
    },
    // HEAD runs the GET once and keeps the body back; what flows without end has no HEAD.
    exposeHeadRoute: method === 'GET' && text && !operation.upgrade,
    onRequest: [createAdmission(entry, parts)],
    onResponse: [parts.finished(method, url, id, stays)],
    handler: operation.upgrade
      ? upgradeHandler(entry, handler, parts)
      : text
        ? textHandler(entry, handler, parts)
        : flowHandler(entry, handler, parts),
  };
}

type Handle = (request: FastifyRequest, reply: FastifyReply) => void;

/** Sends when it is there, and once only; an async handler would cost a promise more for every request. */
function answering(
  work: (request: FastifyRequest, reply: FastifyReply) => unknown,
  send: (request: FastifyRequest, reply: FastifyReply, result: unknown) => void,
  map: ((error: unknown) => unknown) | null,
): Handle {
  const fail = (reply: FastifyReply, error: unknown): void => {
    const known = map ? map(error) : error;
    void reply.send(known instanceof Error ? known : new Error('something that is no error was thrown', { cause: known }));
  };
  return (request, reply) => {
    let result: unknown;
    try {
      result = work(request, reply);
    } catch (error) {
      return fail(reply, error);
    }
    const finish = (value: unknown): void => {
      try {
        send(request, reply, value);
      } catch (error) {
        fail(reply, error);
      }
    };
    if (result instanceof Promise) result.then(finish, (error: unknown) => fail(reply, error));
    else finish(result);
  };
}

function textHandler(entry: CatalogOperation, handler: AnyHandler, parts: MountParts): Handle {
  const { operation } = entry;
  const { kit, claims } = parts;
  const read = compileRead(entry, parts);
  const render = compileRender(entry, kit);
  const fingerprintKey = kit.seal.derive('http.claims', 32);
  const send = sender(operation, kit.config.baseUrl.startsWith('https://'));
  const map = constraintErrors(operation.errors);

  const safe = (request: FastifyRequest, reply: FastifyReply): unknown => {
    const call = read(request, reply);
    const result = handler(call);
    return result instanceof Promise ? result.then((value) => render(value, call)) : render(result, call);
  };
  const inTransaction = (request: FastifyRequest, reply: FastifyReply): Promise<Rendered> => {
    const call = read(request, reply);
    const claim = claimFor(entry, request, fingerprintKey);
    // The reply is made before COMMIT: one that cannot be written must not have happened.
    const run = async (tx: Tx): Promise<Rendered> => {
      call.tx = tx;
      return render(await handler(call), call);
    };
    return kit.db.transaction((tx) => (claim === null ? run(tx) : once(tx, claim, () => run(tx))));
  };
  const ownTransactions = async (request: FastifyRequest, reply: FastifyReply): Promise<Rendered> => {
    const call = read(request, reply);
    const claim = claimFor(entry, request, fingerprintKey);
    call.lease = null;
    if (claim === null) return render(await handler(call), call);
    return claims.leased(
      claim,
      (result) => render(result, call),
      async (lease) => {
        call.lease = lease;
        return handler(call);
      },
      (error) => error instanceof AppError && error.status < 500,
    );
  };
  const work = isSafe(operation) ? safe : operation.tx === 'own' ? ownTransactions : inTransaction;
  return answering(work, (request, reply, rendered) => send(request, reply, rendered as Rendered), map);
}

function flowHandler(entry: CatalogOperation, handler: AnyHandler, parts: MountParts): Handle {
  const { operation } = entry;
  const { kit, shed } = parts;
  const read = compileRead(entry, parts);
  const flow = compileFlow(entry);
  const work = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const call = read(request, reply);
    if (isSafe(operation) || operation.tx === 'own') return handler(call);
    return kit.db.transaction(async (tx) => {
      call.tx = tx;
      return handler(call);
    });
  };
  return answering(
    work,
    (_request, reply, result) => {
      // A stream may last for hours: it is not work under way.
      reply.raw.removeListener('close', shed.leave);
      shed.leave();
      flow(reply, result);
    },
    constraintErrors(operation.errors),
  );
}

function upgradeHandler(entry: CatalogOperation, handler: AnyHandler, parts: MountParts): Handle {
  const { shed } = parts;
  const read = compileRead(entry, parts);
  const { method } = entry.operation;
  const finished = parts.finished(method, urlOf(entry.operation), entry.id);
  return answering(
    async (request, reply) => handler(read(request, reply)),
    (request, reply, become) => {
      takeOver(request, reply, (upgraded) => {
        reply.raw.removeListener('close', shed.leave);
        shed.leave();
        (become as Takeover)(upgraded);
      });
      // No reply will finish: the line is written now.
      finished.call(request.server, request, reply, () => undefined);
    },
    constraintErrors(entry.operation.errors),
  );
}

/** The execution that an Idempotency-Key names; null without one. Strangers have no scope of their own, so theirs is not heard. */
function claimFor({ id, operation }: CatalogOperation, request: FastifyRequest, fingerprintKey: Buffer): Claim | null {
  const key = idempotencyKeyOf(request.raw.headers['idempotency-key']);
  const caller = callerKey(request.exchange!.principal);
  if (key === null || caller === null) return null;
  const url = request.raw.url!;
  const path = pathOf(url);
  const sent = request.body;
  // Files of an upload have not been read yet: their announced length must do.
  const body =
    bodyForm(operation.body) === 'upload'
      ? (request.raw.headers['content-length'] ?? '')
      : Buffer.isBuffer(sent)
        ? sent
        : (JSON.stringify(sent) ?? '');
  return claimOf(
    caller,
    id,
    operation.secret === true,
    { method: operation.method, path, query: url.slice(path.length), key, body },
    fingerprintKey,
  );
}

function sender(
  { secret, reply: kind }: Operation,
  secure: boolean,
): (request: FastifyRequest, reply: FastifyReply, rendered: Rendered) => void {
  // Lists only: nothing in one is a secret that an attacker's own input beside it could bring to light (BREACH).
  const compresses = secret !== true && kind !== undefined && 'kind' in kind && kind.kind === 'paged';
  return (request, reply, { status, body, type, headers, cookies }) => {
    if (status !== 200) reply.code(status);
    if (headers !== undefined) reply.headers(headers);
    if (cookies !== undefined) for (const cookie of cookies) reply.header('set-cookie', writeCookie(cookie, secure));
    if (cookies !== undefined || secret === true) reply.header('cache-control', 'no-store'); // whatever the operation said (B14)
    if (body === null) {
      void reply.send();
      return;
    }
    if (headers === undefined || headers['content-type'] === undefined) reply.header('content-type', type);
    const small = body.length < COMPRESS_FROM || request.raw.headers['accept-encoding'] === undefined;
    if (small || !compresses || cookies !== undefined) void reply.send(body);
    else reply.compress(body);
  };
}
