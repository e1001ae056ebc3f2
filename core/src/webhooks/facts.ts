import { defineEvent } from '@plinth/kit';
import { z } from 'zod';

const OfEndpoint = z.object({ endpointId: z.uuid() });
const changes = z.object({ url: z.string(), description: z.string(), events: z.array(z.string()) });
const ofEndpoint = { subject: ({ endpointId }: { endpointId: string }) => ['webhook-endpoint', endpointId] as const };

export const endpointCreated = defineEvent('webhooks.endpoint-created', OfEndpoint, {
  ...ofEndpoint,
  title: 'Webhook endpoint created',
  changes,
});
export const endpointChanged = defineEvent('webhooks.endpoint-changed', OfEndpoint, {
  ...ofEndpoint,
  title: 'Webhook endpoint changed',
  changes,
});
export const endpointDeleted = defineEvent('webhooks.endpoint-deleted', OfEndpoint, {
  ...ofEndpoint,
  title: 'Webhook endpoint deleted',
  changes,
});
export const endpointDisabled = defineEvent(
  'webhooks.endpoint-disabled',
  OfEndpoint.extend({ because: z.enum(['owner', 'failing', 'gone']), failures: z.int() }),
  { ...ofEndpoint, title: 'Webhook endpoint disabled' },
);
export const endpointEnabled = defineEvent('webhooks.endpoint-enabled', OfEndpoint, { ...ofEndpoint, title: 'Webhook endpoint enabled' });
export const secretRotated = defineEvent('webhooks.secret-rotated', OfEndpoint.extend({ graceSeconds: z.int() }), {
  ...ofEndpoint,
  title: 'Webhook endpoint got a new secret',
});
export const endpointTested = defineEvent('webhooks.endpoint-tested', OfEndpoint, { ...ofEndpoint, title: 'Webhook endpoint tested' });
export const payloadRead = defineEvent('webhooks.payload-read', OfEndpoint.extend({ deliveryId: z.uuid() }), {
  ...ofEndpoint,
  title: 'Content of a webhook delivery read',
});
export const deliveriesReplayed = defineEvent(
  'webhooks.deliveries-replayed',
  OfEndpoint.extend({ deliveries: z.int(), from: z.string().nullable(), to: z.string().nullable() }),
  { ...ofEndpoint, title: 'Webhook deliveries replayed' },
);
