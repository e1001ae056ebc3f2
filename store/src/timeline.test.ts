import { startSandbox } from '@plinth/core';
import { coreApp, type CoreApp, type Receiver, startReceiver } from '@plinth/core/testing';
import { defineFeature, defineJob, defineMail, handle, perform } from '@plinth/kit';
import type { Actor } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { features } from './features.ts';
import { makeProduct } from './features/products/products.fixtures.ts';
import { orderPaid } from './features/orders/index.ts';
import type { Order } from './features/orders/contract.ts';
import { placeOrder } from './features/orders/orders.fixtures.ts';

// A shop that thanks its buyers by mail: a reaction to a fact, a job, a mail.
const thanks = defineJob('receipts.thank', z.object({ orderId: z.uuid() }), { title: 'Thank for an order' });
const thanksMail = defineMail('receipts.thanks', z.object({ orderId: z.string() }), {
  title: 'Thanks for an order',
  render: ({ orderId }) => ({ subject: 'Thank you', text: orderId }),
});
const receipts = defineFeature({
  name: 'receipts',
  contract: { thanks, thanksMail },
  setup: ({ jobs, mail, compose }) => ({
    api: {},
    handlers: [
      handle(orderPaid, 'receipts.order-paid', (tx, { payload }) => jobs.enqueue(tx, thanks, { orderId: payload.orderId })),
      perform(thanks, ({ orderId }) => mail.send({ id: orderId, to: 'buyer@example.com', ...compose(thanksMail, { orderId }) })),
    ],
  }),
});

interface Step {
  readonly id: string;
  readonly kind: string;
  readonly at: string;
  readonly title: string;
  readonly name: string | null;
  readonly state: string | null;
  readonly detail: string | null;
  readonly durationMs: number | null;
  readonly cause: string | null;
  readonly reference: { type: string; id: string; path: string | null } | null;
  readonly subject: { type: string; id: string; path: string | null } | null;
  readonly origin: boolean;
}
interface Timeline {
  readonly origin: { type: string; id: string };
  readonly steps: readonly Step[];
  readonly shows: Record<string, boolean>;
  readonly cut: boolean;
}

let app: CoreApp;
let sandbox: { url: string; stop(): Promise<void> };
let receiver: Receiver;
let admin: Actor;
let buyer: Actor;
let order: Order;
let placed: string;
let started: string;
let whole: Timeline;

const call = (who: Actor, method: string, path: string, body?: unknown) =>
  app.call(method, `/api/v1${path}`, { token: who.token, ...(body !== undefined && { body }) });
const get = (query: Record<string, string>, who = admin) => call(who, 'GET', `/timeline?${new URLSearchParams(query)}`);
const timelineOf = async (query: Record<string, string>): Promise<Timeline> => {
  const reply = await get(query);
  expect(reply.status, reply.text).toBe(200);
  return reply.json.data;
};
const named = (name: string, kind: string, from = whole) => from.steps.find((step) => step.name === name && step.kind === kind)!;
/** The way to a step, from where it began. */
function wayTo(step: Step, { steps } = whole): string[] {
  const before = steps.find(({ id }) => id === step.cause);
  return [...(before ? wayTo(before, { ...whole, steps }) : []), `${step.kind} ${step.name}`];
}
const key = 'sandbox-key';

beforeAll(async () => {
  const webhookSecret = `whsec_${Buffer.from('plinth sandbox webhook secret').toString('base64')}`;
  sandbox = await startSandbox({ port: 0, key, webhookSecret, webhookUrl: null, file: null });
  app = await coreApp([...features, receipts], { env: { SANDBOX_URL: sandbox.url, OUTBOUND_ALLOW: '127.0.0.0/8' } });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ url: `${app.url}/api/v1/payments/webhooks/sandbox` });
  await fetch(`${sandbox.url}/test/webhooks`, { method: 'POST', headers, body });
  receiver = await startReceiver();
  [admin, buyer] = await Promise.all([app.as('admin'), app.as('member')]);
  const endpoint = await call(admin, 'POST', '/webhooks/endpoints', { url: receiver.url, events: ['orders.paid'] });
  expect(endpoint.status, endpoint.text).toBe(201);
  const { id: productId } = await makeProduct(app, admin, { stock: 5 });
  // Another's order of the same product, at the same time: none of its steps may get in.
  await placeOrder({ app }, buyer, [{ productId, quantity: 1 }]);
  order = await placeOrder({ app }, buyer, [{ productId, quantity: 1 }]);
  const begun = await call(buyer, 'POST', `/payments/${order.paymentId!}/start`, { returnUrl: '/thanks' });
  expect(begun.status, begun.text).toBe(200);
  started = begun.requestId;
  const paid = await fetch(begun.json.data.checkoutUrl, {
    method: 'POST',
    body: new URLSearchParams({ token: 'tok_visa' }),
    redirect: 'manual',
  });
  expect(paid.status).toBe(303);
  // Until all has happened that follows from it.
  const done = (steps: readonly Step[]): boolean =>
    ['mail sent', 'webhook delivered'].every((each) => steps.some(({ kind, state }) => `${kind} ${state}` === each)) &&
    steps.every(({ kind, state }) => kind !== 'job' || state === 'completed' || state === 'waiting');
  await vi.waitUntil(
    async () => done((whole = (await get({ subjectType: 'order', subjectId: order.id })).json.data ?? { steps: [] }).steps),
    { timeout: 20_000, interval: 250 },
  );
  placed = named('orders.placed', 'fact').cause!.replace('request:', '');
}, 60_000);
afterAll(() => Promise.all([app?.stop(), sandbox?.stop(), receiver?.stop()]));

describe('an order that was paid', () => {
  it('L1: is one chain over its requests, in order: request, facts, provider, its webhook, job, mail, delivery; each with what led to it', () => {
    console.log(
      whole.steps
        .map(
          (s) =>
            `${s.at.slice(14)} ${s.id.slice(0, 40)} | ${s.kind} | ${s.name} | ${s.title} | ${s.state} | ${s.detail} | ${s.durationMs} <- ${s.cause?.slice(0, 40)}`,
        )
        .join('\n'),
    );
  });
});
