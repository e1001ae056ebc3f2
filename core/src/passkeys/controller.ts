import { respond, type Controller } from '@plinth/kit';
import type { AuthApi, Proved } from '../auth/index.ts';
import type { operations } from './contract.ts';
import type { PasskeysService } from './service.ts';

export const passkeysController = (service: PasskeysService, finish: AuthApi['finish']): Controller<typeof operations> => {
  const registered = async <P>({ proved, ...rest }: { readonly passkey: P; readonly recoveryCodes: string[]; readonly proved: Proved }) => {
    const { data, options } = await finish(proved);
    return respond({ ...rest, session: data }, options);
  };
  return {
    list: ({ caller }) => service.list(caller),
    registrationOptions: ({ caller, tx }) => service.registrationOptions(caller, tx),
    register: async ({ caller, body }) => registered(await service.register(caller, body.label, body.credential)),
    rename: ({ caller, tx, params, body }) => service.rename(caller, tx, params.passkeyId, body.label),
    remove: ({ caller, tx, params }) => service.remove(caller, tx, params.passkeyId),
    signInOptions: ({ caller, tx, body }) => service.signInOptions(caller, tx, body.challenge),
    signIn: async ({ caller, body: { challenge, credential, delivery } }) =>
      finish(
        await (challenge === undefined ? service.signIn(caller, credential, delivery) : service.passSecond(caller, challenge, credential)),
      ),
    enrolOptions: ({ caller, tx, body }) => service.enrolOptions(caller, tx, body.challenge),
    enrol: async ({ caller, body }) => registered(await service.enrol(caller, body.challenge, body.label, body.credential)),
    stepUpOptions: ({ caller, tx }) => service.stepUpOptions(caller, tx),
    stepUp: async ({ caller, body }) => finish(await service.stepUp(caller, body.credential)),
  };
};
