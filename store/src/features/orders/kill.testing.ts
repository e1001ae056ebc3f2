import { coreApp } from '@plinth/core/testing';
import { uuidv7 } from '@plinth/kit';
import type { Actor } from '@plinth/kit/testing';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { features } from '../../features.ts';
import { makeProduct } from '../products/products.fixtures.ts';

// The whole server in a process that is killed, the sandbox in another that is not, and a Postgres of its own.

const WRITERS = 8;
const STOCK = 100_000;
const store = join(import.meta.dirname, '../..');

interface Reply {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- replies of every shape
  readonly json: any;
}
/** What was answered to the writers: each key once. */
export interface Acknowledged {
  readonly orders: Map<string, string>;
  readonly refunds: Map<string, string>;
  readonly again: Map<string, string>;
}

export async function killing() {
  const children = new Set<ChildProcess>();
  /** @returns the first group of what `ready` finds in what it says. */
  const launch = async (script: string, env: Record<string, string>, ready: RegExp): Promise<{ child: ChildProcess; url: string }> => {
    const child = spawn(process.execPath, ['--conditions=plinth-source', join(store, script)], {
      env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'test', PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.add(child);
    child.once('exit', () => children.delete(child));
    let said = '';
    const url = await new Promise<string>((found, failed) => {
      child.stdout.on('data', (part: Buffer) => {
        said += part.toString();
        const match = ready.exec(said);
        if (match) found(match[1]!);
      });
      child.once('exit', () => failed(new Error(`${script} ended before it was ready: ${said}`)));
    });
    return { child, url };
  };
  const sandbox = await launch('sandbox.ts', {}, /SANDBOX_URL=(\S+)/);
  const env = {
    SANDBOX_URL: sandbox.url,
    OUTBOUND_ALLOW: '127.0.0.0/8',
    RATE_LIMIT_CALLER: '1000000000',
    ACCESS_TOKEN_SECONDS: '86400',
    ORDERS_UNPAID_AT_MOST: '1000',
  };
  // Looks on: the servers that are killed do the work.
  const app = await coreApp(features, { env: { ...env, PLINTH_ROLES: 'api' } });
  const admin = await app.as('admin');
  const writers: Actor[] = await Promise.all(Array.from({ length: WRITERS }, () => app.as('member')));
  const products = [await makeProduct(app, admin, { stock: STOCK }), await makeProduct(app, admin, { stock: STOCK })];
  const atSandbox = async <T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> => {
    const headers = { authorization: 'Bearer sandbox-key', 'content-type': 'application/json' };
    return (await (
      await fetch(`${sandbox.url}/test/${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    ).json()) as T;
  };

  let server: { child: ChildProcess; url: string } | undefined;
  let startedAt = 0;
  const start = async (): Promise<void> => {
    const { appUrl, ownerUrl } = app.database;
    const own = {
      LOG_LEVEL: 'silent',
      BASE_URL: 'http://localhost:3000',
      DATABASE_URL: appUrl,
      DATABASE_OWNER_URL: ownerUrl,
      PLINTH_SECRET: app.kit.config.secret!,
    };
    server = await launch('main.ts', { ...env, ...own }, /listening +(http\S+)[^]*ready in/);
    startedAt = performance.now();
    await atSandbox('POST', 'webhooks', { url: `${server.url}/api/v1/payments/webhooks/sandbox` });
  };
  const kill = async (): Promise<void> => {
    const gone = once(server!.child, 'exit');
    server!.child.kill('SIGKILL');
    await gone;
  };
  const call = async (who: Actor, method: 'GET' | 'POST', path: string, body?: object, key?: string): Promise<Reply | null> => {
    try {
      const reply = await fetch(`${server!.url}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${who.token}`,
          ...(body && { 'content-type': 'application/json' }),
          ...(key !== undefined && { 'idempotency-key': key }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      return { status: reply.status, json: await reply.json() };
    } catch {
      return null;
    }
  };
  /** Until there is an answer that says something. */
  const insist = async (who: Actor, method: 'GET' | 'POST', path: string, body?: object, key?: string): Promise<Reply> => {
    for (;;) {
      const reply = await call(who, method, path, body, key);
      if (reply !== null && reply.status < 500 && reply.status !== 429 && reply.json.error?.code !== 'IDEMPOTENCY_KEY_BUSY') return reply;
      await delay(50);
    }
  };
  const sql = async <T>(text: string, values: unknown[] = []): Promise<T[]> => (await app.owner.query(text, values)).rows as T[];

  return {
    admin,
    writers,
    products,
    stock: STOCK,
    insist,
    atSandbox,
    sql,
    start,
    kill,
    /** Milliseconds since the server that lives was ready. */
    age: () => performance.now() - startedAt,
    visit: (reference: string, form: Record<string, string>) =>
      fetch(`${sandbox.url}/checkout/${reference}/authenticate`, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' }),
    /** While nobody lives: as if a minute had passed, and what the dead held is free. */
    async free(): Promise<void> {
      await sql(`update payments.attempts set leased_until = leased_until - interval '1 minute' where state = 'calling'`);
      await sql(`update pgboss.job set state = 'retry', start_after = now() where state = 'active'`);
    },
    /** What waits for its time waits no longer. */
    async hurry(): Promise<void> {
      await sql(
        `update pgboss.job set start_after = now() where state in ('created', 'retry') and (name like 'payments.%' or name like 'orders.%')`,
      );
    },
    async end(): Promise<void> {
      for (const child of children) {
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        await gone;
      }
      await app.stop();
    },
  };
}
export type Killing = Awaited<ReturnType<typeof killing>>;

const chance = (share: number): boolean => Math.random() < share;
/** One buyer, one cart after the other. */
async function write(place: Killing, buyer: Actor, acknowledged: Acknowledged, over: () => boolean): Promise<void> {
  const { insist, admin, products, atSandbox } = place;
  while (!over()) {
    const key = uuidv7();
    const lines = products
      .slice(0, chance(0.5) ? 1 : 2)
      .map(({ id: productId }) => ({ productId, quantity: 1 + Math.floor(Math.random() * 3) }));
    const placed = await insist(buyer, 'POST', '/orders', { lines }, key);
    if (placed.status !== 201) throw new Error(`placing answered ${placed.status}: ${JSON.stringify(placed.json)}`);
    const { id, total } = placed.json.data;
    let { paymentId } = placed.json.data;
    acknowledged.orders.set(key, id);
    const cancels = chance(0.2);
    // Before it is paid, or while.
    const cancelling = cancels && chance(0.5) ? insist(buyer, 'POST', `/orders/${id}/cancel`, undefined, uuidv7()) : null;
    if (cancels && !cancelling) await insist(buyer, 'POST', `/orders/${id}/cancel`, undefined, uuidv7());
    if (chance(0.1))
      await atSandbox('POST', 'faults', {
        on: 'POST /v1/payments',
        how: chance(0.5) ? 'cut' : 'error',
        when: chance(0.7) ? 'after' : 'before',
      });
    const method = ['tok_visa', 'tok_visa', 'tok_visa', 'tok_3ds', 'tok_processing', 'tok_declined'][Math.floor(Math.random() * 6)]!;
    await insist(buyer, 'POST', `/payments/${paymentId}/start`, { method });
    if (method === 'tok_declined' && chance(0.7)) {
      const againKey = uuidv7();
      const again = await insist(buyer, 'POST', `/orders/${id}/payments`, undefined, againKey);
      if (again.status === 201) {
        ({ paymentId } = again.json.data);
        acknowledged.again.set(againKey, paymentId);
        await insist(buyer, 'POST', `/payments/${paymentId}/start`, { method: 'tok_visa' });
      }
    }
    await cancelling;
    const { reference, state } = (await insist(buyer, 'GET', `/payments/${paymentId}`)).json.data;
    if (state === 'requires_action') await place.visit(reference, { answer: 'yes' });
    if (state === 'processing') await atSandbox('POST', `payments/${reference}/finish`, {});
    if (chance(0.3)) await insist(admin, 'POST', `/orders/${id}/fulfil`, undefined, uuidv7());
    for (let refunds = Math.floor(Math.random() * 3); refunds > 0 && chance(0.6); refunds--) {
      const refundKey = uuidv7();
      const amount = Math.max(1, Math.floor(total.amount * Math.random()));
      const refund = await insist(admin, 'POST', `/payments/${paymentId}/refunds`, { amount, reason: 'The lid was broken' }, refundKey);
      if (refund.status === 202) acknowledged.refunds.set(refundKey, refund.json.data.id);
    }
  }
}

/** @param pauseMs how long a server lives. @param between done while none lives. @returns what the writers were told. */
export async function killWhileTheyWrite(
  place: Killing,
  kills: number,
  pauseMs: readonly [number, number],
  between: () => Promise<void> = async () => undefined,
): Promise<Acknowledged> {
  const acknowledged: Acknowledged = { orders: new Map(), refunds: new Map(), again: new Map() };
  let over = false;
  await place.start();
  const writing = Promise.all(place.writers.map((buyer) => write(place, buyer, acknowledged, () => over)));
  const killer = async (): Promise<void> => {
    for (let i = 0; i < kills; i++) {
      const before = acknowledged.orders.size;
      await delay(pauseMs[0] + Math.random() * (pauseMs[1] - pauseMs[0]));
      // On a machine that is busy with something else there may have been nothing to kill it in the middle of.
      for (let waited = 0; acknowledged.orders.size < before + 4 && waited < 10_000; waited += 20) await delay(20);
      await place.kill();
      await between();
      await place.start();
    }
    over = true;
  };
  // One that fails ends the other.
  await Promise.all([killer(), writing.finally(() => (over = true))]);
  return acknowledged;
}
