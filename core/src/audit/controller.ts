import type { Controller } from '@plinth/kit';
import type { operations } from './contract.ts';
import type { ProofService } from './proof.ts';
import type { AuditService } from './service.ts';

export const auditController = (service: AuditService, proof: ProofService): Controller<typeof operations> => ({
  search: ({ caller, query: { page: _page, limit: _limit, cursor: _cursor, ...filters }, paging }) =>
    service.search(caller, filters, paging),
  get: ({ caller, params }) => service.get(caller, params.position),
  exportNdjson: ({ caller, query }) => service.export(caller, 'ndjson', query),
  exportCsv: ({ caller, query }) => service.export(caller, 'csv', query),
  seal: () => proof.seal(),
  verify: ({ caller, query, signal }) => proof.verify(caller, query.from, signal),
  rotateKey: ({ caller, tx }) => proof.rotateKey(caller, tx),
  keys: () => proof.keys(),
});
