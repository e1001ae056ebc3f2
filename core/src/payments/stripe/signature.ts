import type Stripe from 'stripe';
import type { Clock } from '@plinth/kit';
import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { SignatureRefused } from '../../webhooks/index.ts';

/** Seconds (S19): the SDK's default for what is old, and the same for what is from the future. */
const TOLERANCE = 300;

/** By the SDK's own check, over the raw bytes. @param secrets two while one is being replaced. @throws SignatureRefused */
export async function verify(
  stripe: Pick<Stripe, 'webhooks' | 'errors'>,
  secrets: readonly string[],
  clock: Pick<Clock, 'now'>,
  body: Buffer,
  headers: IncomingHttpHeaders,
): Promise<void> {
  const header = headers['stripe-signature'];
  const now = clock.now().getTime();
  const [, timestamp] = /(?:^|,)t=(\d{1,12})(?:,|$)/.exec(typeof header === 'string' ? header : '') ?? [];
  if (timestamp === undefined) throw new SignatureRefused({ reason: 'headers' });
  if (Number(timestamp) > now / 1000 + TOLERANCE) throw new SignatureRefused({ reason: 'from the future' });
  // The SDK judges text, and of bytes it drops a mark at their beginning and replaces what is no text: given text, it judges each byte.
  if (!isUtf8(body)) throw new SignatureRefused({ reason: 'no UTF-8' });
  const text = body.toString();
  let refused: unknown;
  for (const secret of secrets) {
    try {
      await stripe.webhooks.constructEventAsync(text, header as string, secret, TOLERANCE, undefined, now);
      return;
    } catch (error) {
      // Signed, and no event: that is for the reader to say.
      if (!(error instanceof stripe.errors.StripeSignatureVerificationError)) return;
      refused = error;
    }
  }
  throw new SignatureRefused({ reason: 'signature' }, { cause: refused });
}
