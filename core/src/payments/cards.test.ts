import type { Actor } from '@plinth/kit/testing';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { payApp, type PayApp } from './payments.testing.ts';

const CARD = '4242424242424242';
const PRINTED = '4242 4242 4242 4242';
let app: PayApp;
let admin: Actor;
let told = ''; // logs and traces
const collector = createServer((request, response) => {
  request.on('data', (part: Buffer) => (told += part.toString('latin1')));
  request.on('end', () => response.end());
});
beforeAll(async () => {
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const logger = pino({ level: 'trace' }, { write: (line: string) => void (told += line) });
  const OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  app = await payApp([], { quiet: true, logger, env: { OTEL_EXPORTER_OTLP_ENDPOINT } });
  admin = await app.as('admin');
});
afterAll(async () => {
  await app?.stop();
  collector.close();
});

/** Whether any row of any table reads like this. */
async function stored(text: string): Promise<string[]> {
  const { rows } = await app.owner.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  const found: string[] = [];
  for (const { name } of rows)
    if ((await app.owner.query(`select 1 from ${name} t where t::text like $1 limit 1`, [`%${text}%`])).rowCount) found.push(name);
  return found;
}

it('P6: a card number in any JSON body, or broken one, is refused, with a code, and is nowhere afterwards', async () => {
  const { id } = await app.due(admin.userId);
  const key = (n: number) => ({ 'idempotency-key': `card-${n}` });
  const at = `/api/v1/payments/${id}`;
  const replies = [
    await app.call('POST', `${at}/start`, { token: admin.token, headers: key(1), body: { method: CARD } }),
    await app.call('POST', `${at}/start`, {
      token: admin.token,
      headers: key(2),
      body: { method: 'tok_visa', card: { number: Number(CARD) } },
    }),
    await app.call('POST', `${at}/refunds`, { token: admin.token, headers: key(3), body: { reason: `Give it to ${PRINTED}, please` } }),
    await app.call('POST', `${at}/start`, { token: admin.token, headers: key(4), body: `{"method":"${CARD}"` }),
    await app.call('POST', `${at}/refunds`, { token: admin.token, headers: key(7), body: { reason: `Refund to ${PRINTED} 12/27 123` } }),
    await app.call('POST', `${at}/start`, { token: admin.token, headers: key(8), body: { method: `card_${CARD}` } }),
    await app.call('POST', `/api/v1/organizations`, { token: admin.token, headers: key(5), body: { name: PRINTED } }),
    await app.call('POST', `/api/v1/auth/sign-in`, { body: { email: 'ada@example.com', password: CARD } }),
    await app.call('POST', `${at}/start`, { token: admin.token, headers: { ...key(6), 'content-type': 'application/vnd.x+json' }, body: { method: CARD } }), // prettier-ignore
  ];
  for (const { status, json, text } of replies) {
    expect([status, json.error.code]).toEqual([422, 'CARD_NUMBER_REFUSED']);
    expect(text).not.toContain('4242');
  }
  for (const method of [`tok_${CARD}`, `tok_a${CARD}b`, `tok_${CARD}_1227`]) {
    const { status, json, text } = await app.call('POST', `${at}/start`, { token: admin.token, headers: key(9), body: { method } });
    expect([method, status, Object.keys(json.error.fields ?? {})]).toEqual([method, 422, ['method']]);
    expect(text).not.toContain('4242');
  }
  await expect.poll(() => told.includes('CARD_NUMBER_REFUSED')).toBe(true);
  await expect.poll(() => told.includes('service.name'), { timeout: 15_000 }).toBe(true); // traces have come
  expect(told).not.toMatch(/4242.?4242/);
  expect(await stored(CARD)).toEqual([]);
  expect(await stored(PRINTED)).toEqual([]);
  expect((await app.owner.query(`select 1 from http.claims where operation like 'payments.%'`)).rowCount).toBe(0);
  // It would have been found.
  expect(await stored(id)).toContain('payments.payments');
});
it('P6: who is nobody is told that first, and nothing of what they sent is read', async () => {
  const { id } = await app.due(admin.userId);
  expect((await app.call('POST', `/api/v1/payments/${id}/start`, { body: { method: CARD } })).status).toBe(401);
  expect(told).not.toContain(CARD);
});
