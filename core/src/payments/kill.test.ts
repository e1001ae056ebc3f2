import { uuidv7 } from '@plinth/kit';
import type { Actor } from '@plinth/kit/testing';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signed } from '../webhooks/index.ts';
import { payApp, type PayApp, SECRET } from './payments.testing.ts';

// A node that is killed with SIGKILL while money moves; another one finishes what it left.

let app: PayApp;
let payer: Actor;
const nodes: ChildProcess[] = [];
beforeAll(async () => {
  app = await payApp([], { quiet: true });
  payer = await app.as('member');
});
afterAll(async () => {
  for (const node of nodes) node.kill('SIGKILL');
  await app?.stop();
});

async function startNode(): Promise<{ url: string; kill(): Promise<void> }> {
  const child = spawn(process.execPath, ['--conditions=plinth-source', join(import.meta.dirname, 'node.fixtures.ts')], {
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      PORT: '0',
      PLINTH_ROLES: 'api',
      LOG_LEVEL: 'error',
      BASE_URL: 'http://localhost:3000',
      DATABASE_URL: app.database.appUrl,
      DATABASE_OWNER_URL: app.database.ownerUrl,
      PLINTH_SECRET: 'test-secret-that-is-long-enough-to-be-taken-0123456789',
      SANDBOX_URL: app.sandbox.url,
      OUTBOUND_ALLOW: '127.0.0.0/8',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  nodes.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const url = (): string | undefined => /listening\s+(http:\S+)/.exec(said)?.[1];
  while (!url() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20));
  if (!url()) throw new Error(said);
  return {
    url: url()!,
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

describe('a node that is killed', () => {
  it('S10: between the charge and the commit leaves the attempt, and another asks what became of it: one charge', async () => {
    const node = await startNode();
    const { id } = await app.due(payer.userId);
    // The charge is made, and its answer kept back: there the node dies.
    await app.sandbox.control('POST', 'faults', { on: 'POST /v1/payments$', how: 'hang' });
    const call = fetch(`${node.url}/api/v1/payments/${id}/start`, {
      method: 'POST',
      headers: { authorization: `Bearer ${payer.token}`, 'content-type': 'application/json', 'idempotency-key': 'killed' },
      body: JSON.stringify({ method: 'tok_visa' }),
    }).catch(() => null);
    await expect.poll(async () => (await app.sandbox.moved(id)).length, { timeout: 10_000 }).toBe(2);
    await node.kill();
    expect(await call).toBe(null);
    const { rows } = await app.owner.query('select id, state from payments.attempts where payment_id = $1', [id]);
    expect([rows[0].state, (await app.now(id)).state]).toEqual(['calling', 'created']);
    // Nobody takes it while its lease holds.
    const act = () =>
      app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, app.kit.catalog.jobs.get('payments.act')!, { attemptId: rows[0].id }));
    await act();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect((await app.now(id)).state).toBe('created');
    await app.owner.query('update payments.attempts set leased_until = now() where id = $1', [rows[0].id]);
    await act();
    await expect.poll(async () => (await app.now(id)).state, { timeout: 20_000 }).toBe('captured');
    expect((await app.sandbox.moved(id)).map(({ kind }) => kind)).toEqual(['capture', 'fee']);
    const { keys } = await app.sandbox.control('GET', 'book');
    expect(keys.filter(([key]: [string]) => key.startsWith(id))).toHaveLength(1);
    expect(await app.sandbox.asked(`${id}:start`)).toBe(1);
  });
  it('S20: in the middle of a webhook has done nothing of it: sent again to another, it is done once', async () => {
    const node = await startNode();
    const { id, amount, currency } = await app.due(payer.userId);
    const at = new Date().toISOString();
    const data = {
      paymentId: id, reference: `pay_${uuidv7()}`, state: 'captured', amount, currency, captured: amount, capturedAt: at, fee: 150, failure: null,
      url: null, refunds: [], disputes: [], at,
    }; // prettier-ignore
    const message = { id: `msg_${uuidv7()}`, body: JSON.stringify({ type: 'payment.captured', timestamp: at, data }) };
    const send = (url: string) =>
      fetch(`${url}/api/v1/payments/webhooks/sandbox`, {
        method: 'POST',
        headers: signed({ ...message, timestamp: Math.floor(Date.now() / 1000) }, [SECRET]),
        body: message.body,
      });
    await app.owner.query('begin');
    await app.owner.query('select 1 from payments.payments where id = $1 for update', [id]);
    const first = send(node.url).catch(() => null);
    await new Promise((resolve) => setTimeout(resolve, 500)); // it waits for the row
    await node.kill();
    expect(await first).toBe(null);
    await app.owner.query('rollback');
    expect((await app.now(id)).state).toBe('created');
    for (const outcome of ['done', 'duplicate'])
      await expect
        .poll(async () => ((await (await send(app.url)).json()) as { data?: object }).data, { timeout: 5000 })
        .toEqual({ outcome });
    const { rows } = await app.owner.query('select kind from payments.postings where payment_id = $1 order by kind', [id]);
    expect(rows.map(({ kind }) => kind)).toEqual(['capture', 'fee', 'sale']);
  });
});
