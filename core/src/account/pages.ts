import { formPage } from '@plinth/kit';
import { NEW_PASSWORD } from '../auth/index.ts';

export const resetPage = formPage({
  title: 'Choose a new password',
  lead: 'It takes the place of the old one and ends all sessions.',
  api: 'account/reset-password',
  button: 'Change the password',
  done: 'Done. You can sign in with it now.',
  password: NEW_PASSWORD,
});
export const verifyPage = formPage({
  title: 'Confirm your address',
  lead: 'One more click, and this address is yours.',
  api: 'account/verify-email/confirm',
  button: 'Confirm',
  done: 'Done. Your address is confirmed.',
});
export const changePage = formPage({
  title: 'Confirm your new address',
  lead: 'From then on you sign in with this address.',
  api: 'account/change-email/confirm',
  button: 'Use this address',
  done: 'Done. You sign in with this address from now on.',
});
