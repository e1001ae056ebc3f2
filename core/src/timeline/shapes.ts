import { z } from 'zod';

const Id = z.string().min(1).max(200);
const ORIGINS = ['id', 'requestId', 'position', 'factId', 'jobId', 'deliveryId', 'subjectId'] as const;

export const Query = z
  .strictObject({
    id: Id.optional().describe('Of whatever it is: a request, an entry of the audit log, a job, a delivery, an order, a payment'),
    requestId: Id.optional().describe('`X-Request-Id` of a reply'),
    position: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional().describe('Of an entry of the audit log'),
    factId: z.uuid().optional().describe('Of an entry of the audit log'),
    jobId: z.uuid().optional(),
    deliveryId: z.uuid().optional().describe('Of a webhook'),
    subjectType: z.string().min(1).max(60).optional().describe('With `subjectId`: `order`, `payment`'),
    subjectId: Id.optional(),
  })
  .refine((query) => ORIGINS.filter((name) => query[name] !== undefined).length === 1, 'must name exactly one thing to begin with')
  .refine(({ subjectType, subjectId }) => (subjectType === undefined) === (subjectId === undefined), {
    path: ['subjectType'],
    message: 'goes with subjectId, and subjectId with it',
  });
export type Query = z.output<typeof Query>;

export const KINDS = ['request', 'fact', 'job', 'attempt', 'provider', 'webhook', 'mail'] as const;
const Reference = z.object({
  type: z.string(),
  id: z.string(),
  path: z.string().nullable().describe('Where this API answers for it: `/jobs/…`; null where it has no such place'),
});
export type Reference = z.output<typeof Reference>;
export const Step = z.object({
  id: z.string().describe('Within this timeline'),
  kind: z
    .enum(KINDS)
    .describe(
      '`attempt`: a run of a job, or a try of a delivery; `provider`: what a provider of payments was asked for, or said; `webhook`: a delivery',
    ),
  at: z.string().describe('When it began, ISO-8601 with microseconds'),
  title: z.string(),
  name: z.string().nullable().describe('The operation, event, job or mail: `orders.placed`'),
  state: z.string().nullable().describe('Of a fact its outcome, of anything else how it stands: `completed`, `delivered`, `refused`'),
  detail: z.string().nullable().describe('A few words more: `POST /orders`, `answered 204`'),
  durationMs: z.int().nullable().describe('How long it took; null where that is not known, or it goes on'),
  cause: z.string().nullable().describe('The step that led to it; null where it began, or you may not see that'),
  reference: Reference.nullable().describe('What it is a step of'),
  subject: Reference.nullable().describe('What it was done to'),
  origin: z.boolean().describe('It is what was asked for'),
});
export type Step = z.output<typeof Step>;

export const Timeline = z.object({
  origin: z
    .object({ type: z.string(), id: z.string() })
    .describe('What it begins with: `request`, `fact`, `job`, `delivery`, or the type of a thing'),
  steps: z.array(Step).describe('Oldest first, and none before its cause'),
  shows: z
    .object({ facts: z.boolean(), jobs: z.boolean(), payments: z.boolean(), webhooks: z.boolean() })
    .describe('Which kinds of steps you may see, wherever there are some'),
  cut: z.boolean().describe('There are more than are shown: the oldest are left out'),
});
export type Timeline = z.output<typeof Timeline>;
