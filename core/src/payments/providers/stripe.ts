import type { Provider } from '../provider.ts';
import { newsOf } from '../stripe/news.ts';
import type { StripeCalls, StripeParts } from '../stripe/provider.ts';

/** The SDK has all of Stripe in it, 40 MB and half a second: a server that pays with another provider has none of that. */
export function stripeProvider(parts: StripeParts): Provider {
  let opened: Promise<StripeCalls> | undefined;
  const open = (): Promise<StripeCalls> => (opened ??= import('../stripe/provider.ts').then(({ openProvider }) => openProvider(parts)));
  return {
    name: 'stripe',
    // What is not in its lists by then did not happen.
    settleSeconds: 60,
    // "Removed automatically once they're at least 24 hours old."
    keySeconds: 23 * 3600,
    takesMethods: true,
    open: async () => void (await open()),
    start: async (...of) => (await open()).start(...of),
    capture: async (...of) => (await open()).capture(...of),
    cancel: async (...of) => (await open()).cancel(...of),
    refund: async (...of) => (await open()).refund(...of),
    find: async (...of) => (await open()).find(...of),
    async *report(...of) {
      yield* (await open()).report(...of);
    },
    webhooks: { verify: async (...of) => (await open()).verify(...of), read: newsOf },
  };
}
