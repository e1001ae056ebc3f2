import { type Caller, type Controller, defineFeature } from '@plinth/kit';
import { audit, type AuditApi } from '../audit/index.ts';
import { organizations, type OrganizationsApi } from '../organizations/index.ts';
import * as contract from './contract.ts';

interface Needs {
  readonly audit: AuditApi;
  readonly organizations: OrganizationsApi;
}
/** Looks for the organization first, so that another's is told from none by nobody (B87). */
function controllerOf({ audit, organizations }: Needs): Controller<typeof contract.operations> {
  const inside = async (caller: Caller, { organizationId }: { readonly organizationId: string }) => ({
    organization: (await organizations.seen(caller, organizationId, contract.read)).id,
  });
  return {
    search: async ({ caller, params, query: { page: _page, limit: _limit, cursor: _cursor, ...filters }, paging }) =>
      audit.search(caller, { ...filters, ...(await inside(caller, params)) }, paging),
    exportNdjson: async ({ caller, params, query }) => audit.export(caller, 'ndjson', { ...query, ...(await inside(caller, params)) }),
    exportCsv: async ({ caller, params, query }) => audit.export(caller, 'csv', { ...query, ...(await inside(caller, params)) }),
  };
}

/** The audit log of organizations: what their administrators may see of it (B148). */
export const organizationAudit = defineFeature({
  name: 'organization-audit',
  needs: { audit, organizations },
  contract,
  setup: (_kit, needs) => ({ api: {}, controller: controllerOf(needs) }),
});
