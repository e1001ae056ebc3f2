import { defineFeature, during, handle, perform, schedule, type Tx } from '@plinth/kit';
import { access } from '../access/index.ts';
import { auth, factorAdded, factorRemoved } from '../auth/index.ts';
import { userDeleted, userErased, users } from '../users/index.ts';
import * as contract from './contract.ts';
import { mfaController } from './controller.ts';
import { MfaRepository } from './repository.ts';
import { MfaService } from './service.ts';

export { CodeRefused, EmailNotVerified, factorNotice, factorsReset, recoveryCodesMade, recoveryCodeUsed } from './contract.ts';
/** For features that enrol a second factor of another kind. */
export type MfaApi = Pick<MfaService, 'issueCodes' | 'dropCodes'>;

export const mfa = defineFeature({
  name: 'mfa',
  needs: { users, access, auth },
  contract,
  migrations: `${import.meta.dirname}/migrations`,
  setup(kit, needs) {
    const { db, jobs, mail, compose } = kit;
    const tell = (tx: Tx, userId: string, what: 'added' | 'removed' | 'recovery-code', kind?: 'totp' | 'passkey' | 'oauth') =>
      jobs.enqueue(tx, contract.tellUser, { userId, what, ...(kind && { kind }) });
    const repository = new MfaRepository();
    const service = new MfaService({ ...kit, ...needs, mfa: repository });
    const api: MfaApi = service;
    needs.auth.acceptRecoveryCodes(async (on, userId) => (await repository.countCodes(on, userId)) > 0);
    return {
      api,
      controller: mfaController(service, needs.auth.finish),
      handlers: [
        during(userDeleted, 'mfa.forget', async (tx, { payload }) => repository.deleteEnrolment(tx, payload.userId)),
        during(userErased, 'mfa.erase', async (tx, { payload }) => repository.deleteCodes(tx, payload.userId)),
        handle(factorAdded, 'mfa.tell-added', (tx, { payload }) => tell(tx, payload.userId, 'added', payload.kind)),
        handle(factorRemoved, 'mfa.tell-removed', (tx, { payload }) => tell(tx, payload.userId, 'removed', payload.kind)),
        handle(contract.recoveryCodeUsed, 'mfa.tell-recovery-code', (tx, { payload }) => tell(tx, payload.userId, 'recovery-code')),
        perform(contract.tellUser, async ({ userId, ...what }, { id }) => {
          const user = await needs.users.find(db, userId);
          if (user?.status === 'active') await mail.send({ id, to: user.email, ...compose(contract.factorNotice, what) });
        }),
        perform(contract.cleanUp, () => db.transaction(async (tx) => repository.deleteExpired(tx))),
        schedule(contract.cleanUp, '41 * * * *', {}),
      ],
    };
  },
});
