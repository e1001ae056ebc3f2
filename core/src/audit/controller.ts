import type { Controller } from '@plinth/kit';
import type { operations } from './contract.ts';
import type { AuditService } from './service.ts';

export const auditController = (service: AuditService): Controller<typeof operations> => ({
  search: ({ caller, query: { page: _page, limit: _limit, cursor: _cursor, ...filters }, paging }) =>
    service.search(caller, filters, paging),
  get: ({ caller, params }) => service.get(caller, params.position),
});
