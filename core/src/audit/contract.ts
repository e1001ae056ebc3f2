import { allow, CursorPaging, defineEvent, defineOperations, definePermission, Instant, paged } from '@plinth/kit';
import { z } from 'zod';

export const readAudit = definePermission('audit:read', 'Search the audit log');

const EventName = z
  .string()
  .max(128)
  .regex(/^[a-z][a-z0-9-]*\.(\*|[a-z][a-z0-9-]*)$/, 'a name such as `orders.placed`, or `orders.*`');
const Id = z.string().min(1).max(128);

export const Filters = z.strictObject({
  actor: Id.optional().describe('Id of the user who acted'),
  subjectType: z.string().min(1).max(64).optional().describe('Type of what it was done to: `order`'),
  subjectId: Id.optional().describe('Id of what it was done to'),
  name: EventName.optional().describe('Name of the event: `orders.placed`, or `orders.*` for all of a feature'),
  outcome: z.enum(['success', 'refused', 'failed']).optional(),
  requestId: Id.optional(),
  from: Instant.optional().describe('From this time on'),
  to: Instant.optional().describe('Before this time'),
});
export type Filters = z.output<typeof Filters>;

export const Entry = z.object({
  position: z.int().describe('Its gapless place in the log'),
  id: z.string(),
  who: z.object({
    actor: z.string().nullable(),
    impersonator: z.string().nullable().describe('Who acted as the actor'),
    session: z.string().nullable(),
    key: z.string().nullable().describe('API key'),
    job: z.string().nullable().describe('Job or handler that acted'),
    organization: z.string().nullable(),
  }),
  what: z.object({
    name: z.string(),
    title: z.string(),
    subject: z.object({ type: z.string(), id: z.string() }).nullable(),
    payload: z.unknown(),
    changes: z
      .record(z.string(), z.object({ before: z.unknown(), after: z.unknown() }))
      .nullable()
      .describe('Fields before and after'),
  }),
  when: z.string(),
  where: z.object({
    address: z.string().nullable(),
    userAgent: z.string().nullable(),
    operation: z.string(),
    requestId: z.string(),
    traceId: z.string().nullable(),
  }),
  why: z.object({
    outcome: z.enum(['success', 'refused', 'failed']),
    reason: z.string().nullable(),
    decisionId: z.string().nullable(),
  }),
  erased: z.boolean().describe('Personal data of this entry were erased'),
});
export type Entry = z.output<typeof Entry>;

export const auditSearched = defineEvent(
  'audit.searched',
  z.object({ filters: Filters, page: z.int().nullable().describe('Null: by cursor'), limit: z.int() }),
  { title: 'Audit log searched' },
);
export const auditEntryRead = defineEvent('audit.entry-read', z.object({ position: z.int() }), {
  title: 'Audit entry read',
  subject: ({ position }) => ['audit-entry', String(position)],
});

export const operations = defineOperations({
  search: {
    method: 'GET',
    path: '/audit/events',
    summary: 'Search the audit log',
    access: allow(readAudit),
    description: 'Newest first. Who, what, when, where and why of every change and every refusal. Reading is itself recorded.',
    query: CursorPaging.extend(Filters.shape),
    reply: paged(Entry, { cursor: true }),
    publishes: [auditSearched],
    example: { query: { name: 'access.*', outcome: 'refused' } },
  },
  get: {
    method: 'GET',
    path: '/audit/events/:position',
    summary: 'Read one audit entry',
    access: allow(readAudit),
    params: z.object({ position: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) }),
    reply: Entry,
    publishes: [auditEntryRead],
  },
});
