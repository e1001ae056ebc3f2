import { defineFeature, perform, schedule } from '@plinth/kit';
import { createAnchoring } from './anchoring.ts';
import { archiveAll } from './archiving.ts';
import * as contract from './contract.ts';
import { auditController } from './controller.ts';
import { ProofService } from './proof.ts';
import { AuditService } from './service.ts';

export { auditExported, auditSearched, readAudit } from './contract.ts';
export { Entry, Filters } from './shapes.ts';
/** The log as tenants see it: without where people came from. Whoever calls says of which organization. */
export type AuditApi = Pick<AuditService, 'search' | 'export'>;

const EACH_MINUTE = '* * * * *';
const EACH_NIGHT = '20 3 * * *';

export const audit = defineFeature({
  name: 'audit',
  contract,
  setup(kit) {
    const { anchorFile, anchorUrl, retentionDays } = kit.config.audit;
    const service = new AuditService(kit, { origins: true });
    const api: AuditApi = new AuditService(kit, { origins: false });
    const anchoring = createAnchoring(kit);
    return {
      api,
      controller: auditController(service, new ProofService(kit)),
      personalData: (userId) => service.of(userId),
      handlers: [
        perform(contract.anchorToFile, () => anchoring.toFile()),
        perform(contract.anchorToWebhook, (_payload, { signal }) => anchoring.toWebhook(signal)),
        perform(contract.archiveOld, (_payload, run) => archiveAll(kit, run)),
        ...(anchorFile === null ? [] : [schedule(contract.anchorToFile, EACH_MINUTE, {})]),
        ...(anchorUrl === null ? [] : [schedule(contract.anchorToWebhook, EACH_MINUTE, {})]),
        ...(retentionDays === null ? [] : [schedule(contract.archiveOld, EACH_NIGHT, {})]),
      ],
    };
  },
});
