import { z } from 'zod';

// What operations take and answer.

export const STATES = ['pending', 'delivered', 'dead', 'cancelled'] as const;
const Url = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .refine((text) => {
    const { username, password, hash } = new URL(text);
    return username === '' && password === '' && hash === '';
  }, 'must be without user name, password and fragment')
  .describe('Where deliveries are posted to: https, on the public internet');
const Events = z
  .array(z.string().min(1).max(200))
  .min(1)
  .max(100)
  .describe('Names of events, or patterns: `orders.placed`, `orders.*`, `*`. What there is: `GET /webhooks/events`');
export const NewEndpoint = z.strictObject({ url: Url, events: Events, description: z.string().trim().max(200).default('') });
export type NewEndpoint = z.output<typeof NewEndpoint>;
export const EndpointChange = z.strictObject({ url: Url, events: Events, description: z.string().trim().max(200) }).partial();
export type EndpointChange = z.output<typeof EndpointChange>;
export const Endpoint = z.object({
  id: z.uuid(),
  url: z.string(),
  description: z.string(),
  events: z.array(z.string()),
  status: z.enum(['enabled', 'disabled']),
  disabledBecause: z.enum(['owner', 'failing', 'gone']).nullable().describe('`gone`: it answered 410'),
  disabledAt: z.string().nullable(),
  failures: z.int().describe('Attempts that failed since the last that succeeded'),
  version: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Endpoint = z.output<typeof Endpoint>;
export const WithSecret = Endpoint.extend({ secret: z.string().describe('Signs its deliveries: shown this once') });
export const Delivery = z.object({
  id: z.uuid(),
  event: z.string(),
  messageId: z.string().describe('`webhook-id` of every attempt and replay'),
  state: z.enum(STATES),
  attempts: z.int(),
  last: z
    .object({ status: z.int().nullable().describe('Null: there was no answer'), error: z.string().nullable() })
    .nullable()
    .describe('How the last attempt ended; null: none has yet'),
  nextAt: z.string().nullable().describe('Not before this time'),
  createdAt: z.string(),
  endedAt: z.string().nullable(),
});
export type Delivery = z.output<typeof Delivery>;
const Attempt = z.object({
  number: z.int(),
  at: z.string(),
  milliseconds: z.int(),
  status: z.int().nullable().describe('Null: there was no answer'),
  error: z.string().nullable(),
  response: z.string().nullable().describe('How the answer began, 1,024 characters at most'),
});
export const DeliveryWithAttempts = Delivery.extend({
  position: z.int().nullable().describe('The entry of the log that it tells of; null: a test'),
  request: z
    .object({
      headers: z.record(z.string(), z.string()).describe('Those of every attempt; its time and its signature are its own'),
      body: z.string(),
    })
    .nullable()
    .describe('What is sent; null: the log has dropped it, or it is `masked`'),
  masked: z
    .boolean()
    .describe('`request` is not shown: of the server’s own endpoints that takes `webhooks:read-payloads`, or `state` was asked for'),
  log: z.array(Attempt).describe('The last 50'),
});
export type DeliveryWithAttempts = z.output<typeof DeliveryWithAttempts>;
export const EventType = z.object({
  name: z.string(),
  title: z.string(),
  payload: z.record(z.string(), z.unknown()).describe('JSON Schema of `data`'),
});
export type EventType = z.output<typeof EventType>;
