import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { context, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { defineEvent, defineJob } from '../definitions.ts';
import { defineFeature, handle, perform } from '../feature.ts';
import { until } from '../log/log.testing.ts';
import { defineOperations } from '../operation.ts';
import { testApp, type TestApp } from '../testing/app.ts';

const charge = defineJob('pay.charge', z.object({ url: z.string() }));
const asked = defineEvent('pay.asked', z.object({ url: z.string() }), { title: 'Asked' });
const paid = defineEvent('pay.paid', z.object({}), { title: 'Paid' });
const body = z.object({ url: z.string() });
const operations = defineOperations({
  charge: { method: 'POST', path: '/charges', summary: 'Charge', access: 'public', body, publishes: [paid] },
  ask: { method: 'POST', path: '/asked', summary: 'Charge, by a handler', access: 'public', body, publishes: [asked] },
});
const heard: { readonly traceparent: unknown; readonly requestId: unknown }[] = [];
let caller: string | undefined;
const pay = defineFeature({
  name: 'pay',
  contract: { charge, asked, paid, operations },
  setup: ({ db, jobs, log, fetch }) => ({
    api: {},
    door: {
      authenticate: () => null,
      decide: () => ({ id: 'd', allowed: true, reason: 'test' }),
      visible: () => {
        throw new Error('not here');
      },
    },
    controller: {
      charge: async ({ tx, body }) => void (await jobs.enqueue(tx, charge, body)),
      ask: ({ caller, tx, body }) => log.publish(tx, caller, asked, body),
    },
    handlers: [
      perform(charge, async ({ url }, run) => {
        caller = run.caller.origin.requestId;
        await fetch(url);
        await db.transaction((tx) => log.publish(tx, run.caller, paid, {}));
      }),
      handle(asked, 'pay.hear', async (tx, { payload }) => void (await jobs.enqueue(tx, charge, payload))),
    ],
  }),
});

const provider = createServer((request, reply) => {
  heard.push({ traceparent: request.headers['traceparent'], requestId: request.headers['x-request-id'] });
  reply.end();
});
const exporter = new InMemorySpanExporter();
let app: TestApp;
beforeAll(async () => {
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
  provider.listen(0, '127.0.0.1');
  app = await testApp([pay], { env: { PLINTH_ROLES: 'api,worker' } });
});
afterAll(async () => {
  await app?.stop();
  provider.close();
  trace.disable();
  context.disable();
});

const named = (name: string) => exporter.getFinishedSpans().find((span) => span.name === name)!;
const finished = (name: string) => until(() => exporter.getFinishedSpans().some((span) => span.name === name));
/** The spans of one trace, each the parent of the next. */
function followEachOther(spans: readonly ReturnType<typeof named>[]): void {
  expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(1);
  for (const [i, span] of spans.slice(1).entries()) expect(span.parentSpanContext?.spanId).toBe(spans[i]!.spanContext().spanId);
}
const url = (): string => `http://127.0.0.1:${(provider.address() as AddressInfo).port}/charges`;
beforeEach(() => {
  exporter.reset();
  heard.length = 0;
});

test('one trace and one request id from the HTTP call through the job to the provider', async () => {
  const { requestId, status } = await app.call('POST', '/api/v1/charges', { body: { url: url() } });
  expect(status).toBe(204);
  await finished('job pay.charge');
  expect(heard).toHaveLength(1);
  expect(heard[0]!.requestId).toBe(requestId);
  expect(caller).toBe(requestId);
  const call = named('GET 127.0.0.1');
  followEachOther([named('POST /api/v1/charges'), named('job pay.charge'), call]);
  expect(heard[0]!.traceparent).toBe(`00-${call.spanContext().traceId}-${call.spanContext().spanId}-01`);
});

test('one trace and one request id from the HTTP call through the fact, its handler and the job of that to the provider', async () => {
  const { requestId, status } = await app.call('POST', '/api/v1/asked', { body: { url: url() } });
  expect(status).toBe(204);
  await finished('job pay.charge');
  await finished('job pay.hear');
  expect(heard.map((call) => call.requestId)).toEqual([requestId]);
  const route = named('POST /api/v1/asked');
  followEachOther([route, named('job pay.hear'), named('job pay.charge'), named('GET 127.0.0.1')]);
  // What was published on the way says so as well.
  const { traceId } = route.spanContext();
  const facts = await app.owner.query<{ name: string; trace: string }>(
    `select name, trace_id as trace from (select name, trace_id, request_id from log.events union all select name, trace_id, request_id from log.outbox) f
     where request_id = $1 order by name`,
    [requestId],
  );
  expect(facts.rows).toEqual(['pay.asked', 'pay.paid'].map((name) => ({ name, trace: traceId })));
});
