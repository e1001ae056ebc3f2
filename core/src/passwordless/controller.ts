import { type Controller, formPage } from '@plinth/kit';
import type { AuthApi } from '../auth/index.ts';
import type { operations } from './contract.ts';
import type { PasswordlessService } from './service.ts';

const magicPage = formPage({
  title: 'Sign in',
  lead: 'One more click, and you are signed in in this browser.',
  api: 'auth/magic-link/redeem',
  with: { delivery: 'cookie' },
  button: 'Sign in',
  done: 'You are signed in. You can close this page.',
  otherwise: {
    'second-factor-required': 'Your account asks for a second factor: sign in where you began, with your password.',
    'enrolment-required': 'Your account must set up a second factor first: sign in where you began, with your password.',
  },
});

export const passwordlessController = (service: PasswordlessService, finish: AuthApi['finish']): Controller<typeof operations> => ({
  askMagicLink: ({ caller, tx, body }) => service.askMagicLink(caller, tx, body.email),
  redeemMagicLink: async ({ caller, body }) => finish(await service.redeemMagicLink(caller, body.token, body.delivery)),
  magicPage,
  askCode: ({ caller, tx, body }) => service.askCode(caller, tx, body.email),
  redeemCode: async ({ caller, body }) => finish(await service.redeemCode(caller, body)),
});
