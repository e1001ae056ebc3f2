import { AsyncLocalStorage } from 'node:async_hooks';
import type * as Api from '@opentelemetry/api';
import type { Attributes, Context, ContextManager, Span, SpanContext, Tracer } from '@opentelemetry/api';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { AppError } from '../definitions.ts';
import type { Metrics } from './metrics.ts';
import { redactText } from './redact.ts';
import { exportTraces } from './otlp.ts';
import { parseTraceparent, type RemoteParent } from './trace-context.ts';

// Spans are made by hand at four seams: route, SQL, job, HTTP client. The API alone would cost 60 ms of every start
// (HOT-PATH), so it is loaded only where an OTLP endpoint is set or someone registered an SDK before us; without it each
// function here is one comparison.
let tracing: { readonly api: typeof Api; readonly tracer: Tracer } | null = null;

const isRegistered = (): boolean =>
  (globalThis as Record<symbol, { trace?: unknown } | undefined>)[Symbol.for('opentelemetry.js.api.1')]?.trace !== undefined;

/** Carries the active span through `await`; only where the registered SDK brought nothing for it. */
class AsyncContext implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();
  readonly #root: Context;
  constructor(root: Context) {
    this.#root = root;
  }
  active(): Context {
    return this.#storage.getStore() ?? this.#root;
  }
  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    context: Context,
    fn: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#storage.run(context, () => fn.apply(thisArg, args));
  }
  bind<T>(context: Context, target: T): T {
    return typeof target === 'function'
      ? (((...args: unknown[]) => this.#storage.run(context, () => (target as unknown as (...given: unknown[]) => unknown)(...args))) as T)
      : target;
  }
  enable(): this {
    return this;
  }
  disable(): this {
    this.#storage.disable();
    return this;
  }
}

/**
 * Begins tracing where it is asked for: an OTLP endpoint in the configuration, or an SDK registered by the one who started
 * the process. @returns what flushes and ends it.
 */
export async function startTracing(
  config: Pick<Config, 'otlpEndpoint'>,
  logger: Logger,
  load?: (name: string) => Promise<unknown>,
): Promise<() => Promise<void>> {
  if (tracing || (config.otlpEndpoint === null && !isRegistered())) return async () => {};
  const api = await import('@opentelemetry/api');
  const end = isRegistered() ? async () => {} : await exportTraces(api, config.otlpEndpoint!, logger, load);
  if (end === null) return async () => {};
  const probe = api.createContextKey('plinth probe');
  const carried = api.context.with(api.ROOT_CONTEXT.setValue(probe, true), () => api.context.active().getValue(probe) === true);
  const own = carried ? null : new AsyncContext(api.ROOT_CONTEXT);
  if (own) api.context.setGlobalContextManager(own);
  tracing = { api, tracer: api.trace.getTracer('plinth') };
  return async () => {
    tracing = null;
    if (own) api.context.disable();
    await end();
  };
}

const contextOf = ({ traceId, spanId, flags }: RemoteParent): SpanContext => ({ traceId, spanId, traceFlags: flags, isRemote: true });

/** Marks a span failed: kind and code only, since messages can hold what people typed (B132). */
function fail(span: Span, error: unknown): void {
  const expected = error instanceof AppError && error.status < 500;
  span.setAttribute('error.type', error instanceof AppError ? error.code : error instanceof Error ? error.name : 'unknown');
  if (!expected) span.setStatus({ code: tracing?.api.SpanStatusCode.ERROR ?? 2 });
}

/** One request being traced. */
export interface RequestSpan {
  readonly traceId: string;
  /** Runs what belongs to the request: everything started in it becomes a child. */
  within<T>(work: () => T): T;
  /** Call once, when the reply is sent. @param code of our error, where there was one. @param decisionId of what let the request in, or refused it. */
  end(status: number, code?: string, decisionId?: string | null): void;
}

/**
 * Begins the span of a request; null when nothing traces.
 * @param request.trusted whether the request reached us through a trusted proxy: only then does its trace go on in ours, else a new one links to it (B131).
 */
export function requestSpan(request: {
  readonly method: string;
  readonly route: string;
  readonly operation: string;
  readonly requestId: string;
  readonly traceparent: string | readonly string[] | undefined;
  readonly trusted: boolean;
}): RequestSpan | null {
  if (!tracing) return null;
  const { api, tracer } = tracing;
  const remote = parseTraceparent(request.traceparent);
  const parent = remote && request.trusted ? api.trace.setSpanContext(api.ROOT_CONTEXT, contextOf(remote)) : api.ROOT_CONTEXT;
  const attributes = {
    'http.request.method': request.method,
    'http.route': request.route,
    'plinth.operation': request.operation,
    'plinth.request_id': request.requestId,
  };
  const links = remote && !request.trusted ? [{ context: contextOf(remote) }] : [];
  const span = tracer.startSpan(`${request.method} ${request.route}`, { kind: api.SpanKind.SERVER, attributes, links }, parent);
  const inside = api.trace.setSpan(parent, span);
  return {
    traceId: span.spanContext().traceId,
    within: (work) => api.context.with(inside, work),
    end(status, code, decisionId) {
      span.setAttribute('http.response.status_code', status);
      if (decisionId) span.setAttribute('plinth.decision_id', decisionId);
      if (code !== undefined) span.setAttribute('error.type', code);
      if (status >= 500) span.setStatus({ code: api.SpanStatusCode.ERROR });
      span.end();
    },
  };
}

async function traced<T>(
  name: string,
  kind: 'CONSUMER' | 'CLIENT',
  attributes: Attributes,
  parent: Context | null,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const { api, tracer } = tracing!;
  const around = parent ?? api.context.active();
  const span = tracer.startSpan(name, { kind: api.SpanKind[kind], attributes }, around);
  try {
    return await api.context.with(api.trace.setSpan(around, span), () => work(span));
  } catch (error) {
    fail(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** Runs a job in a span. @param job.traceparent what `currentTraceparent` gave where it was enqueued: one trace across the queue. */
export function jobSpan<T>(
  job: { readonly name: string; readonly id: string; readonly attempt: number; readonly traceparent: string | null },
  work: () => Promise<T>,
): Promise<T> {
  if (!tracing) return work();
  const { api } = tracing;
  const remote = parseTraceparent(job.traceparent ?? undefined);
  const parent = remote ? api.trace.setSpanContext(api.ROOT_CONTEXT, contextOf(remote)) : api.ROOT_CONTEXT;
  return traced(
    `job ${job.name}`,
    'CONSUMER',
    { 'plinth.job': job.name, 'plinth.job.id': job.id, 'plinth.job.attempt': job.attempt },
    parent,
    work,
  );
}

/** Runs one call to another server in a span. `work` sends the headers it is given, which name this span, and answers with something that has a `status`. */
export function clientSpan<T extends { readonly status: number }>(
  call: { readonly method: string; readonly url: string },
  work: (headers: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  if (!tracing) return work({});
  const { api } = tracing;
  const { origin, pathname, hostname } = new URL(call.url);
  const attributes = { 'http.request.method': call.method, 'server.address': hostname, 'url.full': redactText(origin + pathname) };
  return traced(`${call.method} ${hostname}`, 'CLIENT', attributes, null, async (span) => {
    const reply = await work({ traceparent: traceparentOf(span.spanContext()) });
    span.setAttribute('http.response.status_code', reply.status);
    if (reply.status >= 400) span.setStatus({ code: api.SpanStatusCode.ERROR });
    return reply;
  });
}

const SQL_LENGTH = 2000;

/** What the database calls after each statement: counts it, and where a span is open adds one for it. Values are never in the text. */
export function querySpan(metrics: Pick<Metrics, 'query'>): (milliseconds: number, text: string) => void {
  return (milliseconds, text) => {
    metrics.query(milliseconds);
    if (!tracing) return;
    const { api, tracer } = tracing;
    // Statements outside any span are polling: roots of their own would drown the traces.
    if (!api.trace.getActiveSpan()?.isRecording()) return;
    const end = Date.now();
    const verb = /^\s*(\w+)/.exec(text)?.[1]?.toUpperCase() ?? 'SQL';
    const attributes = { 'db.system.name': 'postgresql', 'db.operation.name': verb, 'db.query.text': text.slice(0, SQL_LENGTH) };
    tracer.startSpan(`SQL ${verb}`, { kind: api.SpanKind.CLIENT, startTime: end - milliseconds, attributes }).end(end);
  };
}

const traceparentOf = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${(traceFlags & 1).toString(16).padStart(2, '0')}`;

/** The `traceparent` of what runs now, to travel with a job; null when nothing traces. */
export function currentTraceparent(): string | null {
  const span = tracing?.api.trace.getActiveSpan();
  return span ? traceparentOf(span.spanContext()) : null;
}
