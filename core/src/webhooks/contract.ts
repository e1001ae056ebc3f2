import {
  type Allow,
  allow,
  CursorPaging,
  defineError,
  defineJob,
  defineMail,
  defineOperations,
  definePermission,
  Instant,
  paged,
} from '@plinth/kit';
import { z } from 'zod';
import {
  deliveriesReplayed,
  endpointChanged,
  endpointCreated,
  endpointDeleted,
  endpointDisabled,
  endpointEnabled,
  endpointTested,
  payloadRead,
  secretRotated,
} from './facts.ts';
import { Delivery, DeliveryWithAttempts, Endpoint, EndpointChange, EventType, NewEndpoint, STATES, WithSecret } from './shapes.ts';

export * from './facts.ts';
export * from './shapes.ts';

export const manageWebhooks = definePermission('webhooks:manage', 'Manage the webhooks of the server, and see what was delivered');
export const readPayloads = definePermission('webhooks:read-payloads', 'See what webhooks of the server say');

// ---- Errors, mail and jobs ----------------------------------------------------------------------

export const EndpointNotFound = defineError('WEBHOOK_ENDPOINT_NOT_FOUND', 404, 'There is no such endpoint');
export const DeliveryNotFound = defineError('WEBHOOK_DELIVERY_NOT_FOUND', 404, 'There is no such delivery');
export const TooManyEndpoints = defineError('TOO_MANY_WEBHOOK_ENDPOINTS', 409, 'There are 50 endpoints: delete one first');
export const UnknownEvent = defineError('UNKNOWN_EVENT', 422, 'No public event has this name, or matches this pattern');
export const InsecureUrl = defineError('INSECURE_URL', 422, 'Deliveries go out over https only');
export const EndpointIsDisabled = defineError('WEBHOOK_ENDPOINT_DISABLED', 409, 'The endpoint is disabled: enable it first');
export const EndpointIsEnabled = defineError('WEBHOOK_ENDPOINT_ENABLED', 409, 'The endpoint is enabled already');
export const EnabledTooSoon = defineError(
  'WEBHOOK_ENDPOINT_COOLING_DOWN',
  409,
  'It was disabled a moment ago: where it fails, mend it; enable it in a minute',
);

export const SignatureRefused = defineError('WEBHOOK_SIGNATURE_REFUSED', 401, 'The signature is not valid, or too old', { lent: true });
export const WebhookUnreadable = defineError('WEBHOOK_UNREADABLE', 422, 'The signature is valid, but this is no event that is known here', {
  lent: true,
});

export const endpointMail = defineMail(
  'webhooks.endpoint',
  z.object({ url: z.string(), because: z.enum(['warning', 'failing', 'gone']), failures: z.int() }),
  {
    title: 'A webhook endpoint fails',
    render: ({ url, because, failures }) => ({
      subject: because === 'warning' ? 'Your webhook endpoint fails' : 'Your webhook endpoint was disabled',
      text: `${
        because === 'gone'
          ? `${url} answered 410 Gone, so nothing is delivered to it any more.`
          : `The last ${failures} deliveries to ${url} failed.`
      }\n\n${
        because === 'warning'
          ? 'They are tried again, more and more slowly. If it keeps failing, the endpoint is disabled.'
          : 'The endpoint is disabled. Once it is mended, enable it and replay what it missed.'
      }\n`,
    }),
  },
);
export const notifyOwner = defineJob(
  'webhooks.notify-owner',
  z.object({ endpointId: z.uuid(), because: z.enum(['warning', 'failing', 'gone']), failures: z.int() }),
  { title: 'Tell the owner of an endpoint that it fails' },
);
export const retryIncoming = defineJob('webhooks.retry-incoming', z.object({}), {
  title: 'Try webhooks again that came too early',
  concurrency: 1,
});
export const clearEndpoints = defineJob('webhooks.clear', z.object({}), {
  title: 'Cancel or remove what waited for webhook endpoints that are gone',
  concurrency: 1,
});
export const sweepDeliveries = defineJob('webhooks.sweep', z.object({}), { title: 'Remove old webhook deliveries', concurrency: 1 });

// ---- Operations ---------------------------------------------------------------------------------

/**
 * The operations on the endpoints of one place: the server's own, or an organization's.
 * @param base where they are mounted. @param params what the path names there.
 */
export const endpointOperations = <P extends z.ZodRawShape>(base: `/${string}`, access: Allow, params: z.ZodObject<P>) => {
  const one = params.extend({ endpointId: z.uuid() });
  const delivery = one.extend({ deliveryId: z.uuid() });
  const path = `${base}/endpoints` as const;
  return defineOperations({
    list: { method: 'GET', path, summary: 'Webhook endpoints', access, params, reply: z.array(Endpoint) },
    create: {
      method: 'POST',
      path,
      summary: 'Create a webhook endpoint',
      description: 'It gets what is published from now on. Keep its secret: it signs every delivery (Standard Webhooks).',
      access,
      params,
      secret: true,
      body: NewEndpoint,
      status: 201,
      reply: WithSecret,
      publishes: [endpointCreated],
      errors: [TooManyEndpoints, UnknownEvent, InsecureUrl],
      example: { body: { url: 'https://example.com/hooks', events: ['users.*'], description: 'CRM' } },
    },
    get: {
      method: 'GET',
      path: `${path}/:endpointId`,
      summary: 'One endpoint',
      access,
      params: one,
      reply: Endpoint,
      errors: [EndpointNotFound],
    },
    change: {
      method: 'PATCH',
      path: `${path}/:endpointId`,
      summary: 'Change an endpoint',
      access,
      params: one,
      ifMatch: true,
      body: EndpointChange,
      reply: Endpoint,
      publishes: [endpointChanged],
      errors: [EndpointNotFound, UnknownEvent, InsecureUrl],
      example: { body: { events: ['*'] } },
    },
    delete: {
      method: 'DELETE',
      path: `${path}/:endpointId`,
      summary: 'Delete an endpoint',
      description: 'With its deliveries, waiting ones too.',
      access,
      params: one,
      status: 204,
      publishes: [endpointDeleted],
      errors: [EndpointNotFound],
    },
    disable: {
      method: 'POST',
      path: `${path}/:endpointId/disable`,
      summary: 'Disable an endpoint',
      description: 'Nothing is delivered to it for now. What is waiting is cancelled; replay it later.',
      access,
      params: one,
      reply: Endpoint,
      publishes: [endpointDisabled],
      errors: [EndpointNotFound, EndpointIsDisabled],
    },
    enable: {
      method: 'POST',
      path: `${path}/:endpointId/enable`,
      summary: 'Enable an endpoint',
      access,
      params: one,
      reply: Endpoint,
      publishes: [endpointEnabled],
      errors: [EndpointNotFound, EndpointIsEnabled, EnabledTooSoon],
    },
    rotateSecret: {
      method: 'POST',
      path: `${path}/:endpointId/secret/rotate`,
      summary: 'Replace the secret of an endpoint',
      description: 'While the old one still counts, deliveries carry both signatures.',
      access,
      params: one,
      secret: true,
      body: z.strictObject({ graceSeconds: z.int().min(0).max(604_800).default(86_400) }),
      reply: WithSecret,
      publishes: [secretRotated],
      errors: [EndpointNotFound],
      example: { body: { graceSeconds: 86_400 } },
    },
    test: {
      method: 'POST',
      path: `${path}/:endpointId/test`,
      summary: 'Send a test delivery',
      description: 'An event `webhooks.test`, delivered like any other.',
      access,
      params: one,
      status: 202,
      reply: Delivery,
      publishes: [endpointTested],
      errors: [EndpointNotFound, EndpointIsDisabled],
    },
    deliveries: {
      method: 'GET',
      path: `${path}/:endpointId/deliveries`,
      summary: 'What was delivered, newest first',
      access,
      params: one,
      query: CursorPaging.omit({ page: true }).extend({ state: z.enum(STATES).optional() }),
      reply: paged(Delivery, { cursor: true }),
      errors: [EndpointNotFound],
    },
    delivery: {
      method: 'GET',
      path: `${path}/:endpointId/deliveries/:deliveryId`,
      summary: 'One delivery and its attempts',
      description: 'Each look at what it says is recorded.',
      access,
      params: delivery,
      query: z.strictObject({
        show: z.enum(['whole', 'state']).default('whole').describe('`state`: without what it says, so that no look is recorded'),
      }),
      reply: DeliveryWithAttempts,
      publishes: [payloadRead],
      errors: [EndpointNotFound, DeliveryNotFound],
    },
    replay: {
      method: 'POST',
      path: `${path}/:endpointId/deliveries/:deliveryId/replay`,
      summary: 'Replay a delivery',
      access,
      params: delivery,
      status: 202,
      reply: Delivery,
      publishes: [deliveriesReplayed],
      errors: [EndpointNotFound, DeliveryNotFound, EndpointIsDisabled],
    },
    replayRange: {
      method: 'POST',
      path: `${path}/:endpointId/replay`,
      summary: 'Replay what was published in a range of time',
      description:
        'What was not delivered in it, what came while the endpoint was disabled included; with `all`, also what was. 1,000 a call at most, maybe none: go on from `next`.',
      access,
      params: one,
      body: z.strictObject({ from: Instant, to: Instant, all: z.boolean().default(false), after: z.string().max(200).optional() }),
      status: 202,
      reply: z.object({ deliveries: z.int(), next: z.string().nullable().describe('Send as `after`; null: all done') }),
      publishes: [deliveriesReplayed],
      errors: [EndpointNotFound, EndpointIsDisabled],
      example: { body: { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' } },
    },
  });
};

export const operations = {
  events: {
    method: 'GET',
    path: '/webhooks/events',
    summary: 'Events that webhooks may be subscribed to',
    access: 'signed-in',
    reply: z.array(EventType),
  },
  ...endpointOperations('/webhooks', allow(manageWebhooks), z.object({})),
} as const;
