import { Instant } from '@plinth/kit';
import { z } from 'zod';

const EventName = z
  .string()
  .max(128)
  .regex(/^[a-z][a-z0-9-]*\.(\*|[a-z][a-z0-9-]*)$/, 'a name such as `orders.placed`, or `orders.*`');
const Id = z.string().min(1).max(128);

export const Filters = z.strictObject({
  actor: Id.optional().describe('Id of the user who acted'),
  subjectType: z.string().min(1).max(64).optional().describe('Type of what it was done to: `order`'),
  subjectId: Id.optional().describe('Id of what it was done to'),
  organization: Id.optional().describe('Id of the organization in which it was done'),
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

const Signed = {
  at: z.string().describe('When it was signed, by the clock of the database'),
  key: z.string().describe('Thumbprint of the key (RFC 7638)'),
  signature: z.string().describe('Ed25519 (RFC 8032), base64'),
};
const Head = z.object({
  position: z.int(),
  count: z.int().describe('Entries up to there'),
  chain: z.string().describe('SHA-256, hex'),
  ...Signed,
});
const Archive = z.object({
  first: z.int(),
  last: z.int(),
  before: z.string().describe('The chain before the first entry, hex'),
  chain: z.string().describe('The chain at the last entry, hex'),
  name: z.string(),
  bytes: z.int(),
  sha256: z.string().describe('Of the file, hex'),
  ...Signed,
});
export const Seal = z.object({
  head: Head.nullable().describe('A line of an anchor file'),
  position: z.int().describe('The newest entry'),
  unsealed: z.int().describe('Entries behind the head'),
  waiting: z.int().describe('Entries without a place yet'),
  archives: z.array(Archive).describe('Oldest first'),
});
export type Seal = z.output<typeof Seal>;

export const HeadKeys = z.object({
  keys: z.array(
    z.object({
      kty: z.literal('OKP'),
      crv: z.literal('Ed25519'),
      x: z.string(),
      kid: z.string(),
      alg: z.literal('EdDSA'),
      use: z.literal('sig'),
    }),
  ),
});

const Verification = z.object({
  ok: z.boolean(),
  from: z.int(),
  to: z.int(),
  facts: z.int(),
  heads: z.int(),
  anchors: z.int(),
  unsealed: z.int(),
  unsealedSeconds: z.number().describe('How long the oldest of them waits to be signed'),
  waiting: z.int(),
  position: z.int().nullable().describe('The first that is wrong'),
  message: z.string(),
});
export const VerificationMessage = z.object({
  at: z.int().describe('Entries up to here were looked at'),
  to: z.int(),
  result: Verification.nullable().describe('Null until the end'),
});
export type VerificationMessage = z.output<typeof VerificationMessage>;
