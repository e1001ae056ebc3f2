import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { context, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { defineEvent, defineJob } from '../definitions.ts';
import { defineFeature, perform } from '../feature.ts';
import { until } from '../log/log.testing.ts';
import { defineOperations } from '../operation.ts';
import { testApp, type TestApp } from '../testing/app.ts';

const charge = defineJob('pay.charge', z.object({ url: z.string() }));
const asked = defineEvent('pay.asked', z.object({}), { title: 'Asked' });
const operations = defineOperations({
  ask: { method: 'POST', path: '/charges', summary: 'Charge', access: 'public', body: z.object({ url: z.string() }), publishes: [asked] },
});
const heard: { readonly traceparent: unknown; readonly requestId: unknown }[] = [];
let caller: string | undefined;
const pay = defineFeature({
  name: 'pay',
  contract: { charge, asked, operations },
  setup: ({ jobs, fetch }) => ({
    api: {},
    door: {
      authenticate: () => null,
      decide: () => ({ id: 'd', allowed: true, reason: 'test' }),
      visible: () => {
        throw new Error('not here');
      },
    },
    controller: { ask: async ({ tx, body }) => void (await jobs.enqueue(tx, charge, body)) },
    handlers: [
      perform(charge, async ({ url }, run) => {
        caller = run.caller.origin.requestId;
        await fetch(url);
      }),
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

test('one trace and one request id from the HTTP call through the job to the provider', async () => {
  const url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/charges`;
  const { requestId, status } = await app.call('POST', '/api/v1/charges', { body: { url } });
  expect(status).toBe(204);
  await until(() => heard.length === 1);
  await until(() => exporter.getFinishedSpans().some(({ name }) => name === 'job pay.charge'));
  expect(heard[0]!.requestId).toBe(requestId);
  expect(caller).toBe(requestId);
  const named = (name: string) => exporter.getFinishedSpans().find((span) => span.name === name)!;
  const [route, job, call] = [named('POST /api/v1/charges'), named('job pay.charge'), named('GET 127.0.0.1')];
  expect(new Set([route, job, call].map((span) => span.spanContext().traceId)).size).toBe(1);
  expect(job.parentSpanContext?.spanId).toBe(route.spanContext().spanId);
  expect(call.parentSpanContext?.spanId).toBe(job.spanContext().spanId);
  expect(heard[0]!.traceparent).toBe(`00-${call.spanContext().traceId}-${call.spanContext().spanId}-01`);
});
