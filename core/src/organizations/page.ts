import { formPage } from '@plinth/kit';

export const joinPage = formPage({
  title: 'Join an organization',
  lead: 'You were invited. Sign in with the address that got the mail first.',
  api: 'organizations/invitations/accept',
  button: 'Join',
  done: 'Done. You are a member now.',
});
