import { z } from 'zod';
import type { ProviderEvent } from '../provider.ts';

const id = z.string().min(1).max(255);
const Named = z.object({
  object: z.string(),
  metadata: z.record(z.string(), z.string()).nullish(),
  payment_intent: z.union([id, z.object({ id })]).nullish(),
});
const News = z.object({
  id,
  type: z.string().min(1).max(255),
  created: z.int(),
  data: z.object({ object: Named }),
});
/** What may carry our id itself. A refund made at the dashboard, and every dispute, names its payment intent only. */
const OURS = new Set(['payment_intent', 'charge', 'checkout.session', 'refund']);
const TRACED = new Set(['refund', 'dispute']);

/**
 * An event of Stripe says what happened, in the version of the endpoint and perhaps days ago: here it only names the payment, and
 * Stripe is asked what holds now. What names none of ours says nothing.
 */
export function newsOf(body: string): ProviderEvent {
  const { id: eventId, type, created, data } = News.parse(JSON.parse(body));
  const { object, metadata, payment_intent: intent } = data.object;
  const paymentId = OURS.has(object) ? (z.uuid().safeParse(metadata?.['paymentId']).data ?? null) : null;
  const traced = paymentId === null && TRACED.has(object) ? (typeof intent === 'string' ? intent : intent?.id) : undefined;
  return { id: eventId, type, occurredAt: new Date(created * 1000).toISOString(), paymentId, reference: traced ?? null, snapshot: null };
}
