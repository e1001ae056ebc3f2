import type { OutboundFetch, StripeSettings } from '@plinth/kit';
import type Stripe from 'stripe';
import { ProviderRefused } from '../provider.ts';

/** All that is asked and answered is of this version; the SDK's next one does not compile before somebody has read what changed. */
const API_VERSION = '2026-10-28.endive';
/** Of the whole call. A lease holds 30 seconds. */
const TIMEOUT_MS = 10_000;
/** A page of a hundred movements with what moved them. */
const LIMIT_BYTES = 8_388_608;

/**
 * The SDK, over our own client: https without redirects, no private network, bounded in time and bytes, and in the trace. It repeats
 * nothing: what is repeated, and when, is decided by whoever holds the lease.
 */
export async function openStripe({ key, url }: Pick<StripeSettings, 'key' | 'url'>, fetch: OutboundFetch): Promise<Stripe> {
  const { default: Sdk } = await import('stripe');
  const at = url === null ? null : new URL(url);
  return new Sdk(key, {
    apiVersion: API_VERSION,
    maxNetworkRetries: 0,
    timeout: TIMEOUT_MS + 1000,
    telemetry: false,
    appInfo: { name: 'plinth' },
    httpClient: Sdk.createFetchHttpClient(plainly(fetch) as typeof globalThis.fetch),
    ...(at && {
      host: at.hostname,
      port: at.port || (at.protocol === 'http:' ? '80' : '443'),
      protocol: at.protocol === 'http:' ? 'http' : 'https',
    }),
  });
}
/** The SDK repeats a call once whose connection broke, whatever it is told, and tells it by the error's code. */
const plainly =
  (fetch: OutboundFetch) =>
  async (address: string, init: RequestInit): Promise<globalThis.Response> => {
    const { method = 'GET', headers, body, signal } = init;
    try {
      return await fetch(address, {
        method,
        headers,
        body: (body ?? null) as string | null,
        signal: signal ?? undefined,
        timeoutMs: TIMEOUT_MS,
        limitBytes: LIMIT_BYTES,
      });
    } catch (cause) {
      throw new Error(`no answer: ${(cause as Error).message}`, { cause });
    }
  };

/** Whether it was done is not known, or it was not asked at all. Of what the SDK throws, only what is safe in a log. */
export class StripeUnanswered extends Error {
  override readonly name = 'StripeUnanswered';
  readonly status: number | undefined;
  readonly code: string | undefined;
}

type Thrown = Partial<Record<'type' | 'code' | 'decline_code' | 'param' | 'requestId' | 'message', string>> & {
  readonly statusCode?: number;
  readonly detail?: unknown;
};
/** A card is declined, or the request is wrong: Stripe did nothing, and never will under this key. */
const REFUSALS = new Set(['StripeCardError', 'StripeInvalidRequestError']);

/** A question is no action: what is wrong with it says nothing of what was done. */
export async function reading<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await asking(call);
  } catch (error) {
    if (error instanceof ProviderRefused) throw new StripeUnanswered(`Stripe did not tell: ${error.code}`, { cause: error });
    throw error;
  }
}
/**
 * Calls, and tells a no from silence. 401, 403, 409 (the key is in use), 429 and 5xx are silence: asked what it did, or asked again
 * under the same key, it answers another time. So is `idempotency_error`: under this key something else was asked.
 */
export async function asking<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const { type, code, decline_code: decline, param, requestId, message, statusCode, detail } = error as Thrown;
    if (type === undefined || !type.startsWith('Stripe')) throw error;
    if (REFUSALS.has(type)) throw new ProviderRefused(decline ?? code ?? (param === undefined ? 'invalid_request' : `invalid_${param}`));
    const why = detail instanceof Error ? detail.message : message;
    const unanswered = new StripeUnanswered(
      `Stripe did not do it${statusCode ? `, ${statusCode}` : ''}: ${why}${requestId ? ` (${requestId})` : ''}`,
    );
    throw Object.assign(unanswered, { status: statusCode, code });
  }
}
