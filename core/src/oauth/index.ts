import { createRedirectUris, createReturnTo, defineFeature, perform, schedule } from '@plinth/kit';
import { access } from '../access/index.ts';
import { auth } from '../auth/index.ts';
import { users } from '../users/index.ts';
import { Accounts } from './accounts.ts';
import * as contract from './contract.ts';
import { oauthController } from './controller.ts';
import { Flows } from './flows.ts';
import { createProviders } from './providers/create.ts';
import { OauthRepository } from './repository.ts';
import { OauthService } from './service.ts';

export const oauth = defineFeature({
  name: 'oauth',
  needs: { users, access, auth },
  contract,
  migrations: `${import.meta.dirname}/migrations`,
  setup(kit, needs) {
    const { config, db } = kit;
    const repository = new OauthRepository();
    const providers = createProviders(config.oauth, kit.fetch, kit.clock);
    const flows = new Flows({
      db,
      repository,
      key: kit.seal.derive('oauth.flows', 32),
      baseUrl: config.baseUrl,
      returnTo: createReturnTo(config),
      isRedirectUri: createRedirectUris(config.oauth.redirectUris),
    });
    const accounts = new Accounts({ ...kit, ...needs, repository });
    const service = new OauthService({ ...kit, ...needs, providers, flows, accounts, repository });
    return {
      api: {},
      controller: oauthController(service, needs.auth.finish),
      personalData: (userId) => repository.list(db, userId),
      handlers: [
        perform(contract.cleanUp, () => db.transaction(async (tx) => repository.deleteExpired(tx))),
        schedule(contract.cleanUp, '53 * * * *', {}),
      ],
    };
  },
});
