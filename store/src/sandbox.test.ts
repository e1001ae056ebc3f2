import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder = '';
const running: ChildProcess[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plinth-sandbox-'));
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

async function sandbox(): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, ['--conditions=plinth-source', join(import.meta.dirname, 'sandbox.ts')], {
    env: { PATH: process.env['PATH'], SANDBOX_PORT: '0', PLINTH_DATA: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(child);
  let said = '';
  child.stdout.on('data', (part: Buffer) => (said += part.toString()));
  await expect.poll(() => said, { timeout: 20_000 }).toContain('SANDBOX_URL=');
  return { url: /SANDBOX_URL=(\S+)/.exec(said)![1]!, child };
}
const call = async (url: string, method: string, path: string, body?: object, key?: string) => {
  const headers = { authorization: 'Bearer sandbox-key', ...(key !== undefined && { 'idempotency-key': key }) };
  const reply = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  return { status: reply.status, json: (await reply.json()) as Record<string, unknown> };
};

it('npm run sandbox: keeps its book over kill -9, and repeats an answer under its key', async () => {
  const order = { paymentId: 'p-1', amount: 500, currency: 'JPY', method: 'tok_visa' };
  const first = await sandbox();
  const paid = await call(first.url, 'POST', '/v1/payments', order, 'k-1');
  expect([paid.status, paid.json['state'], paid.json['captured']]).toEqual([200, 'captured', 500]);
  first.child.kill('SIGKILL');
  await once(first.child, 'close');
  const { url, child } = await sandbox();
  expect(await call(url, 'POST', '/v1/payments', order, 'k-1')).toEqual(paid);
  expect((await call(url, 'POST', '/v1/payments', { ...order, amount: 1 }, 'k-1')).status).toBe(409);
  expect((await call(url, 'POST', '/v1/payments', order, 'k-2')).json).toEqual({ error: 'payment_id_taken' });
  const { json } = await call(url, 'GET', '/test/book');
  expect((json['movements'] as { kind: string }[]).map(({ kind }) => kind)).toEqual(['capture', 'fee']);
  child.kill('SIGTERM');
  expect((await once(child, 'close'))[0]).toBe(0);
});
it.each([
  ['without a key', { paymentId: 'x', amount: 1, currency: 'EUR' }, undefined, 400],
  ['of no amount', { paymentId: 'x', amount: 0, currency: 'EUR' }, 'a', 422],
  ['of half a cent', { paymentId: 'x', amount: 0.5, currency: 'EUR' }, 'b', 422],
  ['in no currency', { paymentId: 'x', amount: 1, currency: 'EURO' }, 'c', 422],
  ['with a card', { paymentId: 'x', amount: 1, currency: 'EUR', method: '4242424242424242' }, 'd', 422],
])('npm run sandbox: refuses a payment %s by rules of its own', async (_what, order, key, status) => {
  const { url } = await sandbox();
  expect((await call(url, 'POST', '/v1/payments', order, key)).status).toBe(status);
  expect((await fetch(`${url}/v1/payments`, { method: 'POST', body: '{}' })).status).toBe(401);
});
