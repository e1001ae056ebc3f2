import { defineFeature } from '@plinth/kit';
import { apiKeys } from '../api-keys/index.ts';
import { users } from '../users/index.ts';
import * as contract from './contract.ts';
import { serviceAccountsController } from './controller.ts';
import { ServiceAccounts } from './service.ts';

export const serviceAccounts = defineFeature({
  name: 'service-accounts',
  needs: { users, apiKeys },
  contract,
  setup: (kit, needs) => ({ api: {}, controller: serviceAccountsController(new ServiceAccounts({ ...kit, ...needs })) }),
});
