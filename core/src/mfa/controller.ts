import { respond, type Controller, type Response } from '@plinth/kit';
import type { AuthApi, SignInReply } from '../auth/index.ts';
import type { operations } from './contract.ts';
import type { Enrolling, MfaService } from './service.ts';

export const mfaController = (service: MfaService, finish: AuthApi['finish']): Controller<typeof operations> => {
  const enrolled = async ({ recoveryCodes, proved }: Enrolling): Promise<Response<{ recoveryCodes: string[]; session: SignInReply }>> => {
    const { data, options } = await finish(proved);
    return respond({ recoveryCodes, session: data }, options);
  };
  return {
    factors: ({ caller }) => service.factors(caller),
    factorsOf: ({ caller, params }) => service.factorsOf(caller, params.userId),
    startTotp: ({ caller, tx }) => service.start(tx, caller.userId),
    confirmTotp: async ({ caller, body }) => enrolled(await service.confirm(caller, body.code)),
    removeTotp: ({ caller, tx }) => service.remove(caller, tx),
    newRecoveryCodes: ({ caller, tx }) => service.newRecoveryCodes(caller, tx),
    passTotp: async ({ caller, body }) => finish(await service.passTotp(caller, body.challenge, body.code)),
    passRecoveryCode: async ({ caller, body }) => finish(await service.passRecoveryCode(caller, body.challenge, body.code)),
    enrolTotp: ({ caller, tx, body }) => service.startFor(caller, tx, body.challenge),
    confirmEnrolTotp: async ({ caller, body }) => enrolled(await service.confirmFor(caller, body.challenge, body.code)),
    stepUpTotp: async ({ caller, body }) => finish(await service.stepUp(caller, body.code)),
    reset: ({ caller, tx, params, body }) => service.reset(caller, tx, params.userId, body.reason),
  };
};
