import { allow, CursorPaging, defineOperations, definePermission, paged, stream } from '@plinth/kit';
import { z } from 'zod';
import { auditExported, auditSearched, Entry, Filters } from '../audit/index.ts';
import { ORGANIZATION, ORGANIZATION_ADMIN } from '../organizations/index.ts';

export const readOrganizationAudit = definePermission(
  'organization-audit:read',
  'Search the audit log of an organization, and take it away as a file',
  [ORGANIZATION_ADMIN],
);
export const read = allow(readOrganizationAudit, { scope: ORGANIZATION });

const params = z.object({ organizationId: z.uuid() });
const filters = Filters.omit({ organization: true }).shape;
const exporting = {
  method: 'GET',
  access: read,
  params,
  query: z.strictObject(filters),
  publishes: [auditExported],
  limit: { requests: 5, seconds: 60, by: 'caller' },
} as const;

export const operations = defineOperations({
  search: {
    method: 'GET',
    path: '/organizations/:organizationId/audit/events',
    summary: 'Search the audit log of an organization',
    description:
      'Newest first: what was done inside it, and what was refused. Addresses and programs of people are the server’s own business, and null here. Reading is itself recorded.',
    access: read,
    params,
    query: CursorPaging.extend(filters),
    reply: paged(Entry, { cursor: true }),
    publishes: [auditSearched],
  },
  exportNdjson: {
    ...exporting,
    path: '/organizations/:organizationId/audit/export.ndjson',
    summary: 'Export the audit entries of an organization as NDJSON',
    reply: stream('application/x-ndjson; charset=utf-8'),
  },
  exportCsv: {
    ...exporting,
    path: '/organizations/:organizationId/audit/export.csv',
    summary: 'Export the audit entries of an organization as CSV',
    reply: stream('text/csv; charset=utf-8'),
  },
});
