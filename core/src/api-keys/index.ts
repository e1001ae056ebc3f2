import { defineFeature, during } from '@plinth/kit';
import { access } from '../access/index.ts';
import { accountClaimed, auth } from '../auth/index.ts';
import { userErased, users } from '../users/index.ts';
import * as contract from './contract.ts';
import { keysController } from './controller.ts';
import { KeysRepository } from './repository.ts';
import { KeysService } from './service.ts';
import { KeyVerifier } from './verifier.ts';

export { ApiKey, ExpiryRefused, keyCreated, KeyNotFound, keyRevoked, keyRotated, NewApiKey, TooManyKeys, WithSecret } from './contract.ts';
export type KeysApi = Pick<KeysService, 'create' | 'list' | 'revoke' | 'rotate'>;

export const apiKeys = defineFeature({
  name: 'api-keys',
  needs: { users, access, auth },
  contract,
  migrations: `${import.meta.dirname}/migrations`,
  setup(kit, needs) {
    const keys = new KeysRepository();
    const service = new KeysService({ ...kit, ...needs, keys });
    const verifier = new KeyVerifier({ ...kit, ...needs, revocations: needs.auth.revocations, keys });
    needs.auth.acceptKeys((token) => verifier.verify(token));
    const api: KeysApi = service;
    return {
      api,
      controller: keysController(service),
      personalData: (userId) => keys.list(kit.db, userId),
      handlers: [
        during(userErased, 'api-keys.erase', async (tx, { payload }) => keys.erase(tx, payload.userId)),
        // Whoever set the account up may be someone else; what nodes remember ends with the user's sessions.
        during(accountClaimed, 'api-keys.erase-on-claim', async (tx, { payload }) => keys.erase(tx, payload.userId)),
      ],
      start: async () => verifier.start(),
      stop: () => verifier.stop(),
    };
  },
});
