import type { Controller } from '@plinth/kit';
import type { operations } from './contract.ts';
import type { ReportsService } from './service.ts';

export const reportsController = (service: ReportsService): Controller<typeof operations> => ({
  list: ({ caller, query, paging }) => service.list(caller, query, paging),
  request: ({ caller, tx, body }) => service.request(caller, tx, body),
  get: ({ caller, params }) => service.get(caller, params.reportId),
  download: ({ caller, params }) => service.download(caller, params.reportId),
  cancel: ({ caller, tx, params }) => service.cancel(caller, tx, params.reportId),
  delete: ({ caller, tx, params }) => service.delete(caller, tx, params.reportId),
});
