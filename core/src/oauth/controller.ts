import { type Controller, respond } from '@plinth/kit';
import type { AuthApi } from '../auth/index.ts';
import type { operations } from './contract.ts';
import { callbackPage } from './page.ts';
import type { Outcome, OauthService } from './service.ts';

export const oauthController = (service: OauthService, finish: AuthApi['finish']): Controller<typeof operations> => {
  const completed = async ({ returnTo, spent, ...outcome }: Outcome) => {
    const { data, options } = 'status' in outcome ? respond(outcome, {}) : await finish(outcome.proved);
    return respond({ ...data, returnTo }, { ...options, cookies: [...(options.cookies ?? []), ...spent] });
  };
  return {
    providers: () => service.providers(),
    begin: ({ caller, params, body }) => service.begin(caller, params.provider, body),
    complete: async ({ caller, params, body, cookies }) => completed(await service.complete(caller, params.provider, body, cookies)),
    callbackPage,
    formPost: ({ params, body }) => ({ location: service.handOn(params.provider, body), status: 303 }),
    identities: ({ caller }) => service.identities(caller),
    link: ({ caller, params, body }) => service.link(caller, params.provider, body),
    unlink: ({ caller, tx, params }) => service.unlink(caller, tx, params.identityId),
  };
};
