import { defineFeature } from '@plinth/kit';
import * as contract from './contract.ts';
import { auditController } from './controller.ts';
import { AuditService } from './service.ts';

export { auditSearched, readAudit } from './contract.ts';

export const audit = defineFeature({
  name: 'audit',
  contract,
  setup({ db, log, catalog }) {
    const service = new AuditService({ db, log, catalog });
    return { api: {}, controller: auditController(service), personalData: (userId) => service.of(userId) };
  },
});
