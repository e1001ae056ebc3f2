import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { context, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterEach, expect, test } from 'vitest';
import { Forbidden } from '../errors.ts';
import { createLogger } from './logger.ts';
import { clientSpan, currentTraceparent, jobSpan, querySpan, requestSpan, startTracing } from './spans.ts';
import { parseTraceparent } from './trace-context.ts';

const silent = createLogger({ log: { level: 'silent', pretty: false } }, { write: () => {} });
const request = {
  method: 'GET',
  route: '/api/v1/products/:id',
  operation: 'products.get',
  requestId: 'r-1',
  traceparent: undefined,
  trusted: false,
} as const;
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const sql = querySpan({ query: () => {} });
const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));

let stop: () => Promise<void> = async () => {};
afterEach(async () => {
  await stop();
  trace.disable();
  context.disable();
});
async function recorded(): Promise<() => ReadableSpan[]> {
  const exporter = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
  stop = await startTracing({ otlpEndpoint: null }, silent);
  return () => exporter.getFinishedSpans();
}

test('without an SDK nothing is made and everything still runs', async () => {
  stop = await startTracing({ otlpEndpoint: null }, silent);
  expect(requestSpan(request)).toBeNull();
  expect(currentTraceparent()).toBeNull();
  let counted = 0;
  querySpan({ query: (ms) => void (counted += ms) })(5, 'select 1');
  expect(counted).toBe(5);
  expect(await jobSpan({ name: 'a.b', id: '1', attempt: 1, traceparent: TRACEPARENT }, async () => 7)).toBe(7);
  expect(await clientSpan({ method: 'GET', url: 'http://x.test/' }, async (headers) => ({ status: 200, headers }))).toEqual({
    status: 200,
    headers: {},
  });
});

test('one trace from the route through SQL and an HTTP call to a job and its SQL', async () => {
  const spans = await recorded();
  const route = requestSpan(request)!;
  let sent = '';
  let carried: string | null = null;
  await route.within(async () => {
    await tick();
    sql(3, 'select id from products.products where id = $1');
    await clientSpan({ method: 'POST', url: 'https://user:pw@pay.test/v1/charges?token=canary' }, async (headers) => {
      sent = headers['traceparent']!;
      await tick();
      return { status: 201 };
    });
    carried = currentTraceparent();
  });
  route.end(200);
  await jobSpan({ name: 'orders.expire', id: 'j-1', attempt: 2, traceparent: carried }, async () => {
    await tick();
    sql(1, 'update orders.orders set state = $1');
  });
  const byName = Object.fromEntries(spans().map((span) => [span.name, span]));
  expect(Object.keys(byName).toSorted()).toEqual([
    'GET /api/v1/products/:id',
    'POST pay.test',
    'SQL SELECT',
    'SQL UPDATE',
    'job orders.expire',
  ]);
  expect(new Set(spans().map((span) => span.spanContext().traceId))).toEqual(new Set([route.traceId]));
  const root = byName['GET /api/v1/products/:id']!;
  const idOf = (name: string): string => byName[name]!.spanContext().spanId;
  expect(root.parentSpanContext).toBeUndefined();
  expect(root.attributes).toMatchObject({
    'http.route': '/api/v1/products/:id',
    'http.response.status_code': 200,
    'plinth.operation': 'products.get',
    'plinth.request_id': 'r-1',
  });
  for (const name of ['SQL SELECT', 'POST pay.test', 'job orders.expire'])
    expect(byName[name]!.parentSpanContext?.spanId).toBe(idOf(root.name));
  expect(byName['SQL UPDATE']!.parentSpanContext?.spanId).toBe(idOf('job orders.expire'));
  expect(sent).toBe(`00-${route.traceId}-${idOf('POST pay.test')}-01`);
  expect(byName['POST pay.test']!.attributes['url.full']).toBe('https://pay.test/v1/charges');
});

test('B131: a traceparent is continued only from a trusted proxy; else a new trace links to it', async () => {
  const spans = await recorded();
  requestSpan({ ...request, traceparent: TRACEPARENT, trusted: true })!.end(200);
  requestSpan({ ...request, traceparent: TRACEPARENT, trusted: false })!.end(200);
  const [continued, linked] = spans();
  expect(continued!.spanContext().traceId).toBe(TRACE);
  expect(continued!.parentSpanContext?.spanId).toBe('00f067aa0ba902b7');
  expect(linked!.spanContext().traceId).not.toBe(TRACE);
  expect(linked!.links.map(({ context: { traceId } }) => traceId)).toEqual([TRACE]);
});

test('B131: a malformed traceparent begins a new trace and never fails', async () => {
  expect(parseTraceparent(TRACEPARENT)).toEqual({ traceId: TRACE, spanId: '00f067aa0ba902b7', flags: 1 });
  expect(parseTraceparent(`01-${TRACE}-00f067aa0ba902b7-03-future`)).toMatchObject({ traceId: TRACE, flags: 1 });
  const spans = await recorded();
  const malformed = [
    '',
    'x',
    TRACEPARENT.toUpperCase(),
    `ff${TRACEPARENT.slice(2)}`,
    `${TRACEPARENT}-x`,
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `${TRACEPARENT}\n`,
    'é'.repeat(5000),
    [TRACEPARENT, TRACEPARENT],
  ];
  for (const traceparent of malformed) {
    expect(parseTraceparent(traceparent)).toBeNull();
    requestSpan({ ...request, traceparent, trusted: true })!.end(200);
  }
  expect(spans().filter((span) => span.parentSpanContext === undefined && span.links.length === 0).length).toBe(malformed.length);
});

test('B132: failures name kind and code, never a message, value or query', async () => {
  const spans = await recorded();
  const route = requestSpan(request)!;
  await expect(
    route.within(() =>
      clientSpan({ method: 'GET', url: 'https://x.test/a?key=canary-1' }, () => Promise.reject(new TypeError('Bearer canary-2'))),
    ),
  ).rejects.toThrow('canary-2');
  await expect(
    jobSpan({ name: 'a.b', id: '1', attempt: 1, traceparent: 'canary-3' }, () => Promise.reject(new Forbidden({ token: 'canary-4' }))),
  ).rejects.toThrow();
  route.end(500, 'INTERNAL_ERROR');
  const text = JSON.stringify(spans().map(({ name, attributes, status, events, links }) => ({ name, attributes, status, events, links })));
  expect(text).not.toContain('canary');
  expect(spans().map(({ attributes, status }) => [attributes['error.type'], status.code])).toEqual([
    ['TypeError', 2],
    ['FORBIDDEN', 0],
    ['INTERNAL_ERROR', 2],
  ]);
});

test('SQL outside any span is counted but makes no trace of its own', async () => {
  const spans = await recorded();
  sql(1, 'select 1');
  expect(spans()).toEqual([]);
});

test('with an OTLP endpoint spans arrive there', async () => {
  const bodies: string[] = [];
  const collector = createServer((incoming, reply) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      bodies.push(`${incoming.url} ${Buffer.concat(chunks).toString()}`);
      reply.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => collector.once('listening', resolve));
  const end = await startTracing({ otlpEndpoint: `http://127.0.0.1:${(collector.address() as AddressInfo).port}/` }, silent);
  requestSpan(request)!.end(204);
  await end();
  collector.close();
  expect(bodies.length).toBe(1);
  expect(bodies[0]).toMatch(/^\/v1\/traces /);
  expect(bodies[0]).toContain('products.get');
  expect(bodies[0]).toContain('"plinth"');
});

test('with an OTLP endpoint but no SDK one line says what to install, and the server runs', async () => {
  const lines: string[] = [];
  const logger = createLogger({ log: { level: 'info', pretty: false } }, { write: (line) => void lines.push(line) });
  const missing = (): Promise<never> => Promise.reject(Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' }));
  stop = await startTracing({ otlpEndpoint: 'http://127.0.0.1:1' }, logger, missing);
  expect(lines.length).toBe(1);
  expect(lines[0]).toContain('npm install @opentelemetry/sdk-trace @opentelemetry/resources @opentelemetry/exporter-trace-otlp-http');
  expect(requestSpan(request)).toBeNull();
});
