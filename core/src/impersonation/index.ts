import { defineFeature, during, perform } from '@plinth/kit';
import { access, roleUnassigned } from '../access/index.ts';
import { auth } from '../auth/index.ts';
import { users } from '../users/index.ts';
import * as contract from './contract.ts';
import { impersonationController } from './controller.ts';
import { ImpersonationService } from './service.ts';

export { impersonationMail, impersonationStarted, impersonationStopped } from './contract.ts';

export const impersonation = defineFeature({
  name: 'impersonation',
  needs: { users, access, auth },
  contract,
  setup(kit, needs) {
    const { db, mail, compose } = kit;
    const service = new ImpersonationService({ ...kit, ...needs });
    needs.auth.allowImpersonation((impersonatorId, userId) => service.mayGoOn(impersonatorId, userId));
    return {
      api: {},
      controller: impersonationController(service, needs.auth.finish),
      handlers: [
        // Whoever loses a role stops acting as others at once; with everything else that ends their own sessions, `auth` sees to it.
        during(roleUnassigned, 'impersonation.end', (tx, { payload }) => needs.auth.endAllOpenedBy(tx, payload.userId)),
        perform(contract.tellUser, async ({ userId, reason }, { id }) => {
          const user = await needs.users.find(db, userId);
          if (user?.status === 'active') await mail.send({ id, to: user.email, ...compose(contract.impersonationMail, { reason }) });
        }),
      ],
    };
  },
});
