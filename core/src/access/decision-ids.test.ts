import { context, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessApp, type AccessApp } from './access.testing.ts';

const exporter = new InMemorySpanExporter();
const lines: string[] = [];
let app: AccessApp;
beforeAll(async () => {
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
  app = await accessApp({ logger: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }) });
});
afterAll(async () => {
  await app?.stop();
  trace.disable();
  context.disable();
});

interface Seen {
  readonly decisionId?: string;
  readonly msg: string;
  readonly requestId?: string;
}

it('B107: a refusal has one decision id, the same in reply, log line, trace and fact', async () => {
  const [member, clerk] = [await app.user('member'), await app.user()];
  const admin = await app.user('admin');
  await app.call('POST', '/api/v1/access/grants', { token: admin, body: { userId: clerk, permission: 'access:manage' } });
  const refusals = {
    'by the permission': await app.call('GET', '/api/v1/access/roles', { token: member }),
    'by a key on what is for people': await app.call('GET', '/api/v1/access/me', { headers: { 'x-api-key': `${member}~any` } }),
    'by the scopes of a key': await app.call('GET', '/api/v1/things/plain', { headers: { 'x-api-key': `${member}~other.read` } }),
    'by the origin': await app.call('POST', '/api/v1/access/grants', {
      body: {},
      headers: { cookie: `plinth_access=${admin}`, origin: 'https://evil.test' },
    }),
    'by a rule of the service': await app.call('POST', '/api/v1/access/grants', {
      token: clerk,
      body: { userId: member, permission: 'things:manage' },
    }),
  };
  const ids = new Set<string>();
  for (const [what, { status, headers, requestId }] of Object.entries(refusals)) {
    const id = headers.get('x-decision-id')!;
    expect([what, status, typeof id]).toEqual([what, 403, 'string']);
    ids.add(id);
    const line = lines.map((text) => JSON.parse(text) as Seen).find((seen) => seen.requestId === requestId && seen.msg === 'request');
    expect([what, line?.decisionId]).toEqual([what, id]);
    const span = exporter.getFinishedSpans().find(({ attributes }) => attributes['plinth.request_id'] === requestId);
    expect([what, span?.attributes['plinth.decision_id']]).toEqual([what, id]);
    const fact = async () =>
      (
        await app.owner.query<{ decision_id: string; outcome: string }>(
          `select decision_id, outcome from log.outbox where request_id = $1 union all select decision_id, outcome from log.events where request_id = $1`,
          [requestId],
        )
      ).rows;
    await expect.poll(fact, { timeout: 3000, message: what }).toEqual([{ decision_id: id, outcome: 'refused' }]);
  }
  expect(ids.size).toBe(Object.keys(refusals).length);
  // Strangers are no fact, and have their decision in reply and line all the same.
  const stranger = await app.call('GET', '/api/v1/things/plain');
  const line = lines.map((text) => JSON.parse(text) as Seen).find((seen) => seen.requestId === stranger.requestId);
  expect(stranger.status).toBe(401);
  expect(line?.decisionId).toBe(stranger.headers.get('x-decision-id'));
  expect(line?.decisionId).toEqual(expect.any(String));
});
