import { defineFeature, perform, schedule } from '@plinth/kit';
import { auth } from '../auth/index.ts';
import { mfa } from '../mfa/index.ts';
import { users } from '../users/index.ts';
import { Ceremonies } from './ceremonies.ts';
import * as contract from './contract.ts';
import { passkeysController } from './controller.ts';
import { PasskeysRepository } from './repository.ts';
import { PasskeysService } from './service.ts';

export { passkeySuspected } from './contract.ts';

export const passkeys = defineFeature({
  name: 'passkeys',
  needs: { users, auth, mfa },
  contract,
  migrations: `${import.meta.dirname}/migrations`,
  setup(kit, needs) {
    const repository = new PasskeysRepository();
    const ceremonies = new Ceremonies({ ...kit, passkeys: repository });
    const service = new PasskeysService({ ...kit, ...needs, passkeys: repository, ceremonies });
    return {
      api: {},
      controller: passkeysController(service, needs.auth.finish),
      personalData: (userId) => repository.ofUser(kit.db, userId),
      handlers: [
        perform(contract.cleanUp, () => kit.db.transaction(async (tx) => repository.deleteExpired(tx))),
        schedule(contract.cleanUp, '47 * * * *', {}),
      ],
    };
  },
});
