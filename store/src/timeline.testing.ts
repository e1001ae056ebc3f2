import { startSandbox } from '@plinth/core';
import { type CoreApp, type Receiver, startReceiver } from '@plinth/core/testing';
import { defineFeature, defineJob, defineMail, handle, perform } from '@plinth/kit';
import type { Actor } from '@plinth/kit/testing';
import { z } from 'zod';
import type { Order } from './features/orders/contract.ts';
import { orderPaid } from './features/orders/index.ts';
import { placeOrder } from './features/orders/orders.fixtures.ts';
import { makeProduct } from './features/products/products.fixtures.ts';

// A shop whose orders go all the way: a provider, a customer's endpoint, a mail.

const thanks = defineJob('receipts.thank', z.object({ orderId: z.uuid() }), { title: 'Thank for an order' });
const thanksMail = defineMail('receipts.thanks', z.object({ orderId: z.string() }), {
  title: 'Thanks for an order',
  render: ({ orderId }) => ({ subject: 'Thank you', text: orderId }),
});
/** Thanks buyers by mail: a reaction to a fact, a job, a mail. */
export const receipts = defineFeature({
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

export interface Outside {
  readonly env: Readonly<Record<string, string>>;
  readonly sandboxUrl: string;
  readonly receiver: Receiver;
  stop(): Promise<unknown>;
}
const KEY = 'sandbox-key';
/** The provider and the customer. */
export async function startOutside(): Promise<Outside> {
  const webhookSecret = `whsec_${Buffer.from('plinth sandbox webhook secret').toString('base64')}`;
  const sandbox = await startSandbox({ port: 0, key: KEY, webhookSecret, webhookUrl: null, file: null });
  const receiver = await startReceiver();
  return {
    env: { SANDBOX_URL: sandbox.url, OUTBOUND_ALLOW: '127.0.0.0/8' },
    sandboxUrl: sandbox.url,
    receiver,
    stop: () => Promise.all([sandbox.stop(), receiver.stop()]),
  };
}
/** Until then nobody is told of anything. */
export async function connect(app: CoreApp, admin: Actor, { sandboxUrl, receiver }: Outside): Promise<void> {
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ url: `${app.url}/api/v1/payments/webhooks/sandbox` });
  await fetch(`${sandboxUrl}/test/webhooks`, { method: 'POST', headers, body });
  const endpoint = { url: receiver.url, events: ['orders.paid'] };
  const reply = await app.call('POST', '/api/v1/webhooks/endpoints', { token: admin.token, body: endpoint });
  if (reply.status !== 201) throw new Error(reply.text);
}
/** An order that is paid on the provider's page; what follows from that goes on behind it. */
export async function paidOrder(app: CoreApp, admin: Actor, buyer: Actor): Promise<{ order: Order; started: string }> {
  const { id: productId } = await makeProduct(app, admin, { stock: 5 });
  // Another's order of the same product, at the same time: none of its steps may get in.
  await placeOrder({ app }, buyer, [{ productId, quantity: 1 }]);
  const order = await placeOrder({ app }, buyer, [{ productId, quantity: 1 }]);
  const begun = await app.call('POST', `/api/v1/payments/${order.paymentId!}/start`, {
    token: buyer.token,
    body: { returnUrl: '/thanks' },
  });
  if (begun.status !== 200) throw new Error(begun.text);
  const form = new URLSearchParams({ token: 'tok_visa' });
  const paid = await fetch(begun.json.data.checkoutUrl, { method: 'POST', body: form, redirect: 'manual' });
  if (paid.status !== 303) throw new Error(`the provider answered ${paid.status}`);
  return { order, started: begun.requestId };
}
/** All has happened that follows from it. */
export const isWhole = (steps: readonly { kind: string; state: string | null }[]): boolean =>
  ['mail sent', 'webhook delivered'].every((each) => steps.some(({ kind, state }) => `${kind} ${state}` === each)) &&
  steps.every(({ kind, state }) => kind !== 'job' || state === 'completed' || state === 'waiting');
