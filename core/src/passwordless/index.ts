import { defineFeature, during, perform, schedule } from '@plinth/kit';
import { auth, passwordChanged } from '../auth/index.ts';
import { userEmailChanged, userErased, users } from '../users/index.ts';
import * as contract from './contract.ts';
import { passwordlessController } from './controller.ts';
import { PasswordlessRepository } from './repository.ts';
import { PasswordlessService } from './service.ts';

export { codeMail, magicLinkMail } from './contract.ts';

export const passwordless = defineFeature({
  name: 'passwordless',
  needs: { users, auth },
  contract,
  migrations: `${import.meta.dirname}/migrations`,
  setup(kit, needs) {
    const codes = new PasswordlessRepository();
    const service = new PasswordlessService({ ...kit, ...needs, codes, key: kit.seal.derive('passwordless', 32) });
    return {
      api: {},
      controller: passwordlessController(service, needs.auth.finish),
      handlers: [
        perform(contract.sendMagicLink, ({ requestId, email, network }) => service.sendMagicLink(requestId, email, network)),
        perform(contract.sendCode, ({ requestId, email }) => service.sendCode(requestId, email)),
        // What was mailed before is worth nothing after (B18): the address may be another's now.
        during(passwordChanged, 'passwordless.forget-codes', async (tx, { payload }) => codes.deleteOf(tx, payload.userId)),
        during(userEmailChanged, 'passwordless.forget-codes-of-old-address', async (tx, { payload }) => codes.deleteOf(tx, payload.userId)),
        during(userErased, 'passwordless.erase', async (tx, { payload }) => codes.deleteOf(tx, payload.userId)),
        perform(contract.cleanUp, () => kit.db.transaction(async (tx) => codes.deleteExpired(tx))),
        schedule(contract.cleanUp, '29 * * * *', {}),
      ],
    };
  },
});
