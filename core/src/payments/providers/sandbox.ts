import type { Clock, OutboundFetch, SandboxSettings } from '@plinth/kit';
import { z } from 'zod';
import { standardWebhooks } from '../../webhooks/index.ts';
import { type Known, type Movement, type Provider, ProviderRefused, type Snapshot, type StartOrder } from '../provider.ts';

const State = z.enum(['requires_action', 'processing', 'authorized', 'captured', 'failed', 'canceled']);
/** What Postgres can hold: a message that cannot be stored would be sent again for ever. */
const Text = z.string().refine((text) => !text.includes('\0') && text.isWellFormed(), 'holds what cannot be stored');
const Time = z.iso.datetime();
const Told = z.object({
  paymentId: z.uuid(),
  reference: Text.min(1).max(100),
  state: State,
  amount: z.int(),
  currency: z.string(),
  captured: z.int().min(0),
  capturedAt: Time.nullable(),
  fee: z.int().min(0),
  failure: Text.max(200).nullable(),
  url: Text.max(2000).nullable(),
  refunds: z.array(
    z.object({
      refundId: Text.max(100).nullable(),
      reference: Text.min(1).max(100),
      amount: z.int().min(1),
      state: z.enum(['pending', 'succeeded', 'failed']),
      failure: Text.max(200).nullable(),
      at: Time,
      returnedAt: Time.nullable().default(null),
    }),
  ),
  disputes: z.array(
    z.object({
      reference: Text.min(1).max(100),
      amount: z.int().min(1),
      fee: z.int().min(0),
      reason: Text.max(200),
      state: z.enum(['open', 'won', 'lost']),
      at: Time,
      closedAt: Time.nullable(),
    }),
  ),
  at: Time,
});
const Message = z.object({ type: z.string(), timestamp: z.string(), data: Told });
const Page = z.object({
  movements: z.array(
    z.object({
      kind: z.enum(['capture', 'fee', 'refund', 'refund-failed', 'dispute', 'dispute-fee', 'dispute-won', 'other']).catch('other'),
      reference: z.string(),
      paymentId: z.string().nullable(),
      amount: z.int(),
      currency: z.string(),
      at: z.string(),
    }),
  ),
  next: z.string().nullable(),
});

/**
 * What it says where it did not do it, and will not. Of everything else the outcome is unknown: a key that is under way, a gateway in
 * front of it, keys of ours that it does not know for a while.
 */
const REFUSALS = new Set([
  'amount_invalid',
  'body_invalid',
  'capture_invalid',
  'currency_invalid',
  'method_unknown',
  'not_authorized',
  'not_cancelable',
  'not_captured',
  'payment_id_invalid',
  'payment_unknown',
  'refund_disputed',
  'refund_refused',
  'refund_too_much',
]);

/** Our own provider, over HTTP like any other. @param url where it is, once it is there. */
export function sandboxProvider(
  { key, webhookSecret }: Pick<SandboxSettings, 'key' | 'webhookSecret'>,
  url: () => Promise<string>,
  fetch: OutboundFetch,
  clock: Pick<Clock, 'now'>,
): Provider {
  const call = async (method: 'GET' | 'POST', path: string, body?: object, idempotencyKey?: string): Promise<unknown> => {
    const reply = await fetch(`${await url()}${path}`, {
      method,
      timeoutMs: 10_000,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body && { 'content-type': 'application/json' }),
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (reply.ok) return reply.json();
    const { success, data } = z.object({ error: z.string().max(100) }).safeParse(await reply.json().catch(() => null));
    if (success && [400, 402, 404, 422].includes(reply.status) && REFUSALS.has(data.error)) throw new ProviderRefused(data.error);
    throw new Error(`the sandbox answered ${reply.status}`);
  };
  const post = async (path: string, body: object, idempotencyKey: string): Promise<Snapshot> =>
    Told.parse(await call('POST', path, body, idempotencyKey));
  const at = ({ reference }: Known): string => `/v1/payments/${encodeURIComponent(reference ?? 'unknown')}`;

  return {
    name: 'sandbox',
    settleSeconds: 5,
    keySeconds: Infinity,
    takesMethods: true,
    start: (order: StartOrder, idempotencyKey) => post('/v1/payments', order, idempotencyKey),
    capture: (payment, amount, idempotencyKey) => post(`${at(payment)}/capture`, { amount }, idempotencyKey),
    cancel: (payment, idempotencyKey) => post(`${at(payment)}/cancel`, {}, idempotencyKey),
    refund: (payment, refund, idempotencyKey) => post(`${at(payment)}/refunds`, refund, idempotencyKey),
    async find({ paymentId }) {
      if (paymentId === null) return null;
      const found = z.object({ payments: z.array(Told) }).parse(await call('GET', `/v1/payments?paymentId=${paymentId}`));
      return found.payments[0] ?? null;
    },
    async *report({ from, to }): AsyncGenerator<readonly Movement[]> {
      for (let after: string | null = null; ;) {
        const query = new URLSearchParams({ from, to, limit: '500', ...(after !== null && { after }) });
        const page = Page.parse(await call('GET', `/v1/report?${query.toString()}`));
        yield page.movements;
        if (page.next === null) return;
        after = page.next;
      }
    },
    webhooks: {
      verify: standardWebhooks([webhookSecret], clock),
      read(body, headers) {
        const { type, timestamp, data } = Message.parse(JSON.parse(body));
        return { id: String(headers['webhook-id']), type, occurredAt: timestamp, paymentId: data.paymentId, snapshot: data };
      },
    },
  };
}
