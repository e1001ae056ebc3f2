import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { Caller, createDecisionIds, type Decision, type Principal } from '../caller.ts';
import { running } from '../context.ts';
import { type Allow, type AppError, type Duration, maxAgeOf, ruleOf, scopeParamOf } from '../definitions.ts';
import { Forbidden, FreshSignInRequired, InvalidToken, NotFound, OriginRefused, SignInRequired } from '../errors.ts';
import type { CatalogOperation, Door } from '../feature.ts';
import type { Kit } from '../kit.ts';
import { requestSpan } from '../telemetry/spans.ts';
import { isUuid } from '../uuid.ts';
import type { Origins } from './cors.ts';
import { malformed } from './credentials.ts';
import type { Edge } from './edge.ts';
import type { Exchange } from './exchange.ts';
import { Limit, type Counters } from './limits.ts';
import { urlOf } from './path.ts';

export interface AdmissionParts {
  readonly kit: Kit;
  readonly door: Door;
  readonly edge: Edge;
  readonly counters: Counters;
  /** Of every signed-in caller, all operations together. */
  readonly callerLimit: Limit;
  /** Origins whose pages may act with the user's cookie. */
  readonly trusted: Origins;
}
type Step = (request: FastifyRequest, reply: FastifyReply, exchange: Exchange) => void | Promise<void>;

const UNIT_SECONDS = { s: 1, m: 60, h: 3600 };
const seconds = (fresh: Duration): number => Number.parseInt(fresh, 10) * UNIT_SECONDS[fresh.slice(-1) as 's' | 'm' | 'h'];

/** For what is refused, or let in, before `access` is asked. */
const newDecisionId = createDecisionIds();

const isKnown = ({ user, key, job }: Principal): boolean => user !== null || key !== null || job !== null;
/** What a known caller is counted and scoped by; an impersonator is not the user. */
export function callerKey({ user, key, impersonator }: Principal): string | null {
  if (key) return `key:${key.id}`;
  if (!user) return null;
  return impersonator ? `user:${user.id} by ${impersonator.id}` : `user:${user.id}`;
}

function organizationOf({ params }: FastifyRequest): { organization: string } | undefined {
  const id = (params as Readonly<Record<string, string | undefined>> | undefined)?.['organizationId'];
  return id !== undefined && isUuid(id) ? { organization: id.toLowerCase() } : undefined;
}

export function callerOf(request: FastifyRequest, exchange: Exchange, door: Door, operation: string): Caller {
  const origin = {
    address: exchange.address,
    userAgent: request.raw.headers['user-agent'] ?? null,
    requestId: request.id,
    traceId: exchange.traceId,
    operation,
    ...organizationOf(request),
  };
  return new Caller(exchange.principal, origin, door, exchange.decisionId);
}

/** RFC 9745 and RFC 8594: since when an operation is deprecated, and when it ends. */
function deprecationHeaders({ since, sunset }: NonNullable<CatalogOperation['operation']['deprecated']>): Readonly<Record<string, string>> {
  const at = Math.floor(new Date(since).getTime() / 1000);
  return { deprecation: `@${at}`, ...(sunset !== undefined && { sunset: new Date(sunset).toUTCString() }) };
}

/** Who calls, whether too often, and whether they may: decided before a byte of the body is read, from memory where it can be. */
export function createAdmission({ id, operation }: CatalogOperation, parts: AdmissionParts): onRequestHookHandler {
  const { kit, door, edge, counters, callerLimit, trusted } = parts;
  const { access, limit, method } = operation;
  const route = urlOf(operation);
  const ownLimit =
    limit && new Limit({ name: id, requests: limit.requests * (kit.config.production ? 1 : 100), seconds: limit.seconds }, counters);

  /** Refusals of someone we know are facts; those of strangers are a log line (DESIGN §3). */
  const refuse = (request: FastifyRequest, exchange: Exchange, error: AppError, reason: string): never => {
    exchange.decisionId ??= newDecisionId();
    if (isKnown(exchange.principal)) kit.log.refused(callerOf(request, exchange, door, id), { code: error.code, reason });
    throw error;
  };

  const authenticate: Step = (request, reply, exchange) => {
    const { credentials } = exchange;
    if (credentials === null) return;
    if (credentials === malformed) throw new InvalidToken({ reason: 'malformed' });
    const accept = (principal: Principal | null): void | Promise<void> => {
      if (principal !== null) {
        exchange.principal = principal;
        exchange.running!.userId = principal.user?.id ?? null;
        return;
      }
      const counted = edge.countStranger(exchange, method, reply);
      // A cookie comes along unasked, so a stale one is nobody; a header was sent on purpose, so it must be right.
      if (credentials.from === 'cookie') {
        exchange.staleCookie = true;
        return counted;
      }
      if (!counted) throw new InvalidToken();
      return counted.then(() => {
        throw new InvalidToken();
      });
    };
    const found = door.authenticate(credentials);
    return found !== null && 'then' in found ? found.then(accept) : accept(found);
  };

  /** A browser sends cookies along with requests that other sites make; an allowed origin shows that it was not one of them (B81). */
  const checkOrigin: Step = (request, _reply, exchange) => {
    const { cookie, origin, 'sec-fetch-site': site } = request.raw.headers;
    if (cookie === undefined || !cookie.includes('plinth_')) return;
    const { credentials } = exchange;
    if (credentials !== null && credentials !== malformed && credentials.from !== 'cookie') return;
    if (origin === undefined ? site === 'same-origin' : trusted.allows(origin)) return;
    refuse(request, exchange, new OriginRefused({ origin, site }), 'origin');
  };

  const countCaller: Step = (_request, reply, { principal, network }) => {
    const key = callerKey(principal);
    const counted = key === null ? undefined : callerLimit.take(key, reply);
    if (!ownLimit || limit.by === 'address') return counted;
    const countOwn = (): void | Promise<void> => ownLimit.take(key ?? network, reply);
    return counted ? counted.then(countOwn) : countOwn();
  };

  /** A person in a session: what is theirs alone has no permission that a key's scopes could name. */
  const requireUser: Step = (request, _reply, exchange) => {
    const { principal, staleCookie } = exchange;
    exchange.decisionId = newDecisionId();
    if (principal.user === null) throw staleCookie ? new InvalidToken() : new SignInRequired();
    if (principal.key !== null) refuse(request, exchange, new Forbidden({ reason: 'key' }), 'key');
  };

  const scopeParam = scopeParamOf(access, operation.path);
  const decide: Step = (request, _reply, exchange) => {
    const { permission, scope } = access as Allow;
    const judge = (decision: Decision): void => {
      exchange.decisionId = decision.id;
      if (decision.allowed) return;
      const details = { permission: permission.name, decisionId: decision.id, reason: decision.reason };
      if (!isKnown(exchange.principal)) throw exchange.staleCookie ? new InvalidToken(details) : new SignInRequired(details);
      refuse(request, exchange, decision.hides ? new NotFound(details) : new Forbidden(details), decision.reason);
    };
    const scopeId = scopeParam && (request.params as Readonly<Record<string, string>>)[scopeParam];
    const decision = door.decide(exchange.principal, permission, scope, scopeId);
    return 'then' in decision ? decision.then(judge) : judge(decision);
  };

  const limitOfAge = maxAgeOf(access);
  const maxAge = limitOfAge === undefined ? null : seconds(limitOfAge);
  /** RFC 9470: the token is fine, the proof behind it is too old. A key proves nobody's presence, ever; an impersonator not the user's. */
  const requireFresh: Step = (request, _reply, exchange) => {
    const { session, key, impersonator } = exchange.principal;
    if (impersonator !== null) refuse(request, exchange, new Forbidden({ reason: 'impersonated' }), 'impersonated');
    if (session !== null && key === null && kit.clock.now().getTime() / 1000 - session.provedAt <= maxAge!) return;
    const challenge = `Bearer error="insufficient_user_authentication", error_description="A more recent sign-in is required", max_age="${maxAge}"`;
    refuse(request, exchange, new FreshSignInRequired({ maxAge }, { headers: { 'www-authenticate': challenge } }), 'not-fresh');
  };

  const steps: Step[] = [];
  const warning = operation.deprecated && deprecationHeaders(operation.deprecated);
  if (warning) steps.push((_request, reply) => void reply.headers(warning));
  if (ownLimit && limit?.by === 'address') steps.push((_request, reply, { network }) => ownLimit.take(network, reply));
  steps.push(authenticate);
  if (method !== 'GET' || operation.upgrade) steps.push(checkOrigin); // no CORS guards a socket (S110)
  steps.push(countCaller);
  if (ruleOf(access) !== null) steps.push(decide);
  else if (access !== 'public') steps.push(requireUser);
  if (maxAge !== null) steps.push(requireFresh);

  // Synchronous while nothing must be waited for: an async hook costs 7 % of a read.
  const run = (request: FastifyRequest, reply: FastifyReply, exchange: Exchange, done: (error?: Error) => void, from: number): void => {
    try {
      for (let i = from; i < steps.length; i++) {
        const waiting = steps[i]!(request, reply, exchange);
        if (waiting) {
          waiting.then(() => run(request, reply, exchange, done, i + 1), done);
          return;
        }
      }
    } catch (error) {
      return done(error as Error);
    }
    done();
  };
  return (request, reply, done) => {
    const exchange = request.exchange!;
    const store = { requestId: request.id, operation: id, userId: null, inTransaction: false };
    exchange.running = store;
    const { inbound } = exchange;
    const span = requestSpan({
      method,
      route,
      operation: id,
      requestId: request.id,
      traceparent: inbound?.traceparent,
      trusted: inbound?.trusted === true,
    });
    if (span === null) return running.run(store, run, request, reply, exchange, done, 0);
    exchange.span = span;
    exchange.traceId = span.traceId;
    span.within(() => running.run(store, run, request, reply, exchange, done, 0));
  };
}
