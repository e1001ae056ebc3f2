import {
  allow,
  bare,
  CursorPaging,
  defineError,
  defineEvent,
  defineJob,
  defineOperations,
  definePermission,
  headKeyCreated,
  paged,
  sse,
  stream,
} from '@plinth/kit';
import { z } from 'zod';
import { Entry, Filters, HeadKeys, Seal, VerificationMessage } from './shapes.ts';

export const readAudit = definePermission('audit:read', 'Search the audit log');
export const exportAudit = definePermission('audit:export', 'Take the audit log away as a file');
export const verifyAudit = definePermission('audit:verify', 'Recompute the audit log and say whether it is whole');
export const manageAudit = definePermission('audit:manage', 'Change the key that signs the audit log');

export const VerificationRuns = defineError(
  'AUDIT_VERIFICATION_RUNS',
  409,
  'The audit log is being verified already on this node: wait for that to end',
);

export const auditSearched = defineEvent(
  'audit.searched',
  z.object({ filters: Filters, page: z.int().nullable().describe('Null: by cursor'), limit: z.int() }),
  { title: 'Audit log searched' },
);
export const auditEntryRead = defineEvent('audit.entry-read', z.object({ position: z.int() }), {
  title: 'Audit entry read',
  subject: ({ position }) => ['audit-entry', String(position)],
});
export const auditExported = defineEvent('audit.exported', z.object({ format: z.enum(['ndjson', 'csv']), filters: Filters }), {
  title: 'Audit log exported',
});
export const auditVerified = defineEvent(
  'audit.verified',
  z.object({ ok: z.boolean(), from: z.int(), to: z.int(), position: z.int().nullable().describe('The first that is wrong') }),
  { title: 'Audit log verified' },
);

export const auditArchived = defineEvent(
  'audit.archived',
  z.object({ first: z.int(), last: z.int(), name: z.string(), sha256: z.string() }),
  { title: 'Audit entries moved to the archive' },
);

export const archiveOld = defineJob('audit.archive-old', z.object({}), {
  title: 'Move entries older than AUDIT_RETENTION_DAYS to AUDIT_ARCHIVE_DIR',
  concurrency: 1,
  timeoutSeconds: 6 * 3600,
});
// Neither leaves a fact: each fact makes a new head, and each head an anchor.
export const anchorToFile = defineJob('audit.anchor-to-file', z.object({}), {
  title: 'Append the signed head of the log to AUDIT_ANCHOR_FILE',
  concurrency: 1,
});
export const anchorToWebhook = defineJob('audit.anchor-to-webhook', z.object({}), {
  title: 'Send the signed head of the log to AUDIT_ANCHOR_URL',
  concurrency: 1,
  backoffSeconds: 10,
});

const exported = 'Oldest first, everything that the log holds now; what comes while it flows is not in it. The export is itself recorded.';
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
  exportNdjson: {
    method: 'GET',
    path: '/audit/export.ndjson',
    summary: 'Export audit entries as NDJSON',
    description: `${exported} One entry a line, as the search shows it.`,
    access: allow(exportAudit),
    query: Filters,
    reply: stream('application/x-ndjson; charset=utf-8'),
    publishes: [auditExported],
    limit: { requests: 5, seconds: 60, by: 'caller' },
    example: { query: { subjectType: 'user', from: '2026-11-01T00:00:00Z' } },
  },
  exportCsv: {
    method: 'GET',
    path: '/audit/export.csv',
    summary: 'Export audit entries as CSV',
    description: `${exported} A cell that a spreadsheet would take for a formula begins with an apostrophe; for exact values take NDJSON.`,
    access: allow(exportAudit),
    query: Filters,
    reply: stream('text/csv; charset=utf-8'),
    publishes: [auditExported],
    limit: { requests: 5, seconds: 60, by: 'caller' },
  },
  seal: {
    method: 'GET',
    path: '/audit/seal',
    summary: 'The newest signed head of the log, and what was archived',
    access: allow(readAudit),
    reply: Seal,
  },
  verify: {
    method: 'GET',
    path: '/audit/verify',
    summary: 'Recompute the audit log and name the first entry that is wrong',
    description:
      'Server-sent events: how far it has come, and at the end the result. The same verifier as `plinth audit verify`, with the anchors of AUDIT_ANCHOR_FILE.',
    access: allow(verifyAudit),
    query: z.strictObject({
      from: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional().describe('First position; default: all'),
    }),
    reply: sse(VerificationMessage),
    errors: [VerificationRuns],
    publishes: [auditVerified],
    limit: { requests: 10, seconds: 60, by: 'caller' },
  },
  rotateKey: {
    method: 'POST',
    path: '/audit/keys',
    summary: 'Sign the log with a new key from now on',
    description: 'The private part of the key before is destroyed; what it signed still verifies.',
    access: allow(manageAudit, { fresh: '10m' }),
    status: 201,
    reply: z.object({ kid: z.string() }),
    publishes: [headKeyCreated],
  },
  keys: {
    method: 'GET',
    path: '/.well-known/audit-keys.json',
    at: 'root',
    summary: 'Keys that the heads of the audit log verify with (RFC 7517)',
    description: 'All that ever signed. An auditor keeps a copy: with it and an anchor the log is verified without trusting this server.',
    access: 'public',
    reply: bare(HeadKeys),
  },
});
