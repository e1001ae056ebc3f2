import { access, userDeleted, users } from '@plinth/core';
import { defineFeature, during, perform, schedule } from '@plinth/kit';
import { orders } from '../orders/index.ts';
import { products } from '../products/index.ts';
import { Building } from './building.ts';
import * as contract from './contract.ts';
import { reportsController } from './controller.ts';
import { FilesRepository } from './files.repository.ts';
import { ReportsRepository } from './repository.ts';
import { inventorySource, salesSource } from './rows.ts';
import { ReportsService } from './service.ts';

export { createReports, manageReports, REPORT, reportDone, reportFailed } from './contract.ts';
export type ReportsApi = Pick<ReportsService, 'request' | 'get'>;

export const reports = defineFeature({
  name: 'reports',
  needs: { users, access, orders, products },
  contract,
  migrations: `${import.meta.dirname}/migrations`,
  setup(kit, needs) {
    const sources = { sales: salesSource(needs.orders), inventory: inventorySource(needs.products) };
    const deps = { ...kit, ...needs, sources, reports: new ReportsRepository(kit.db), files: new FilesRepository(kit.db) };
    const building = new Building(deps);
    const service = new ReportsService({ ...deps, building });
    const api: ReportsApi = {
      request: (caller, tx, report) => service.request(caller, tx, report),
      get: (caller, reportId) => service.get(caller, reportId),
    };
    return {
      api,
      controller: reportsController(service),
      resources: { [contract.REPORT]: { place: ({ id }) => service.placeOf(id) } },
      personalData: (userId) => service.of(userId),
      handlers: [
        during(userDeleted, 'reports.end', (tx, { payload }) => service.end(tx, payload.userId)),
        perform(contract.buildReport, ({ reportId }, run) => building.build(reportId, run)),
        perform(contract.tellOwner, ({ reportId }, run) => building.tell(reportId, run)),
        perform(contract.sweepReports, (_payload, run) => service.sweep(run)),
        schedule(contract.sweepReports, '*/5 * * * *', {}),
      ],
    };
  },
});
