import { defineFeature } from '@plinth/kit';
import * as contract from './contract.ts';
import { auditController } from './controller.ts';
import { AuditService } from './service.ts';

export { auditSearched, readAudit } from './contract.ts';

export const audit = defineFeature({
  name: 'audit',
  contract,
  setup: ({ db, log, catalog }) => ({ api: {}, controller: auditController(new AuditService({ db, log, catalog })) }),
});
