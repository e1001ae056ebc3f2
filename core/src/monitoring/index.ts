import { defineFeature, perform, schedule } from '@plinth/kit';
import * as contract from './contract.ts';
import { monitoringController } from './controller.ts';
import { MonitoringRepository } from './repository.ts';
import { Sampler } from './sampler.ts';
import { MonitoringService } from './service.ts';

export { readMails, readMonitoring } from './contract.ts';

/** How the whole fleet does, for whoever looks after it: load, latency, errors, queues, nodes; and the mails of development. */
export const monitoring = defineFeature({
  name: 'monitoring',
  contract,
  migrations: `${import.meta.dirname}/migrations`,
  setup(kit) {
    const repository = new MonitoringRepository(kit.db);
    const sampler = new Sampler(kit, repository);
    return {
      api: {},
      controller: monitoringController(new MonitoringService({ ...kit, name: sampler.name }, repository)),
      // Where mails are really sent there is nothing to look into, for nobody.
      absent: kit.mailbox === null ? ['mailbox'] : [],
      handlers: [
        perform(contract.cleanUp, async () => ({ deleted: await repository.deleteOld() })),
        schedule(contract.cleanUp, '*/10 * * * *', {}, { missed: 'skip' }),
      ],
      start: async () => sampler.start(),
      stop: () => sampler.stop(),
    };
  },
});
