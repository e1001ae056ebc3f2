import { defineFeature, handle, perform } from '@plinth/kit';
import { access } from '../access/index.ts';
import { auth, passwordChanged } from '../auth/index.ts';
import { users } from '../users/index.ts';
import * as contract from './contract.ts';
import { accountController } from './controller.ts';
import { AccountService } from './service.ts';

export { addressTakenMail, newAddressMail, oldAddressMail, passwordChangedMail, resetMail, verifyMail } from './contract.ts';

export const account = defineFeature({
  name: 'account',
  needs: { users, access, auth },
  contract,
  setup(kit, needs) {
    const service = new AccountService({ ...kit, ...needs });
    return {
      api: {},
      controller: accountController(service, kit.personalData),
      handlers: [
        perform(contract.sendReset, ({ requestId, email, network }) => service.sendReset(requestId, email, network)),
        perform(contract.sendVerification, ({ requestId, userId }) => service.sendVerification(requestId, userId)),
        perform(contract.sendChange, ({ requestId, userId, email }) => service.sendChange(requestId, userId, email)),
        perform(contract.tellOldAddress, ({ email, changed }, { id }) => service.tellOldAddress(id, email, changed)),
        handle(passwordChanged, 'account.tell', (tx, { payload }) =>
          kit.jobs.enqueue(tx, contract.tellPasswordChanged, { userId: payload.userId }),
        ),
        perform(contract.tellPasswordChanged, ({ userId }, { id }) => service.tellPasswordChanged(id, userId)),
      ],
    };
  },
});
