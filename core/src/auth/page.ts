import { formPage } from '@plinth/kit';
import { PASSWORD_LENGTH } from './contract.ts';

/** What every page that takes a new password says. */
export const NEW_PASSWORD = {
  min: PASSWORD_LENGTH.min,
  rule: `At least ${PASSWORD_LENGTH.min} characters of any kind; a sentence is a good one.`,
};
export const confirmPage = formPage({
  title: 'Confirm your address',
  lead: 'Choose a password, and your account is there.',
  api: 'auth/register/confirm',
  button: 'Confirm',
  done: 'Done. You can sign in now.',
  password: NEW_PASSWORD,
});
