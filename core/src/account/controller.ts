import type { Controller, Kit } from '@plinth/kit';
import type { operations } from './contract.ts';
import { changePage, resetPage, verifyPage } from './pages.ts';
import type { AccountService } from './service.ts';

export const accountController = (service: AccountService, personalData: Kit['personalData']): Controller<typeof operations> => ({
  forgotPassword: ({ caller, tx, body }) => service.forgotPassword(caller, tx, body.email),
  resetPassword: ({ caller, body }) => service.resetPassword(caller, body.token, body.password),
  resetPage,
  askVerification: ({ caller, tx }) => service.askVerification(caller, tx),
  verifyEmail: ({ caller, tx, body }) => service.verifyEmail(caller, tx, body.token),
  verifyPage,
  changeEmail: ({ caller, tx, body }) => service.changeEmail(caller, tx, body.email),
  confirmEmail: ({ caller, tx, body }) => service.confirmEmail(caller, tx, body.token),
  changePage,
  signOutEverywhere: ({ caller, tx }) => service.signOutEverywhere(caller, tx),
  endSessionsOf: ({ caller, tx, params, body }) => service.endSessionsOf(caller, tx, params.userId, body.reason),
  sessionsOf: ({ caller, params }) => service.sessionsOf(caller, params.userId),
  endSessionOf: ({ caller, tx, params, body }) => service.endSessionOf(caller, tx, params.userId, params.sessionId, body.reason),
  export: ({ caller }) => personalData(caller.userId),
  delete: ({ caller, tx }) => service.delete(caller, tx),
});
