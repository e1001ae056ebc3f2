import { allow, defineError, defineEvent, defineJob, defineMail, defineOperations, definePermission, file, fresh } from '@plinth/kit';
import { z } from 'zod';
import { accountClaimed, InvalidLink, NewPassword, passwordChanged, PasswordRefused, Session, SessionNotFound } from '../auth/index.ts';
import { roleUnassigned } from '../access/index.ts';
import {
  Email,
  EmailTaken,
  GrantExceedsOwn,
  LastAdministrator,
  LastOwner,
  userDeleted,
  userEmailChanged,
  userEmailVerified,
  UserNotFound,
} from '../users/index.ts';

// ---- Shapes and errors --------------------------------------------------------------------------

const Said = z.object({ message: z.string() });
const Token = z.string().min(1).max(200).describe('What stands behind `#token=` in the mailed link');
export const Export = z.record(z.string(), z.unknown()).describe('By feature: what it keeps of you');
export const endSessions = definePermission('account:end-sessions', 'End all sessions of someone else', ['admin']);
export const readSessions = definePermission('account:read-sessions', 'See the sessions of someone else', ['admin']);
export const SameEmail = defineError('SAME_EMAIL', 409, 'This is your address already');

const OfUser = z.object({ userId: z.uuid() });
const Reason = z.strictObject({ reason: z.string().trim().min(3, 'Say why, for the audit').max(500) });
export const sessionsEnded = defineEvent('account.sessions-ended', OfUser, {
  title: 'All sessions of the user ended',
  subject: ({ userId }) => ['user', userId],
  public: true,
});

export const sessionEnded = defineEvent('account.session-ended', OfUser.extend({ sessionId: z.uuid() }), {
  title: 'One session of the user ended by someone else',
  subject: ({ userId }) => ['user', userId],
});

// ---- Mails --------------------------------------------------------------------------------------

const Link = z.object({ link: z.url() });
export const resetMail = defineMail('account.reset-password', Link, {
  title: 'Link to choose a new password',
  render: ({ link }) => ({
    subject: 'Choose a new password',
    text: `Someone, hopefully you, asked to choose a new password for your account. Open this link within 30 minutes:\n\n${link}\n\nIf it was not you, there is nothing to do: your password has not changed.\n`,
  }),
});
export const verifyMail = defineMail('account.verify-email', Link, {
  title: 'Link that proves an address',
  render: ({ link }) => ({
    subject: 'Confirm your address',
    text: `To confirm that this address is yours, open this link within a day:\n\n${link}\n`,
  }),
});
export const newAddressMail = defineMail('account.change-email', Link, {
  title: 'Link that proves a new address',
  render: ({ link }) => ({
    subject: 'Confirm your new address',
    text: `Someone, hopefully you, wants to use this address for an account. To confirm, open this link within an hour:\n\n${link}\n\nIf it was not you, do not open it: nothing changes then.\n`,
  }),
});
export const addressTakenMail = defineMail('account.address-taken', z.object({}), {
  title: 'Someone wants an address that has an account',
  render: () => ({
    subject: 'Your address was asked for',
    text: 'Someone, perhaps you, wants to use this address for another account. It has one already, so nothing has changed.\n',
  }),
});
export const oldAddressMail = defineMail('account.old-address', z.object({ changed: z.boolean() }), {
  title: 'Tells the old address of a change',
  render: ({ changed }) => ({
    subject: changed ? 'Your address was changed' : 'A change of your address was asked for',
    text: `${changed ? 'The e-mail address of your account is another one now; this one no longer opens it.' : 'Someone, hopefully you, asked to change the e-mail address of your account.'}\n\nIf it was not you, change your password now${changed ? ' and tell us' : ''}.\n`,
  }),
});
export const passwordChangedMail = defineMail('account.password-changed', z.object({}), {
  title: 'Tells that a password changed',
  render: () => ({
    subject: 'Your password was changed',
    text: 'The password of your account was changed, and other sessions were ended.\n\nIf it was not you, choose a new one now: ask for it where you sign in.\n',
  }),
});

// ---- Jobs ---------------------------------------------------------------------------------------

/** The address is sealed: a queue is no place for it. */
const Asked = z.object({ requestId: z.uuid(), email: z.string() });
export const sendReset = defineJob('account.send-reset', Asked.extend({ network: z.string().optional() }), {
  title: 'Mail the link to choose a new password',
});
export const sendVerification = defineJob('account.send-verification', z.object({ requestId: z.uuid(), userId: z.uuid() }), {
  title: 'Mail the link that proves an address',
});
export const sendChange = defineJob('account.send-change', Asked.extend({ userId: z.uuid() }), {
  title: 'Mail the link that proves a new address',
});
export const tellOldAddress = defineJob('account.tell-old-address', z.object({ email: z.string(), changed: z.boolean() }), {
  title: 'Tell the old address of a change',
});
export const tellPasswordChanged = defineJob('account.tell-password-changed', z.object({ userId: z.uuid() }), {
  title: 'Mail that a password changed',
});

// ---- Operations ---------------------------------------------------------------------------------

const minute = (requests: number) => ({ requests, seconds: 60, by: 'address' as const });
const page = (path: `/${string}`, summary: string) =>
  ({ method: 'GET', path, at: 'root', summary, access: 'public', reply: file('text/html; charset=utf-8') }) as const;
const lately = fresh('10m');

export const operations = defineOperations({
  forgotPassword: {
    method: 'POST',
    path: '/account/forgot-password',
    summary: 'Ask for a link to choose a new password',
    description: 'The answer is the same for every address, known or not.',
    access: 'public',
    body: z.strictObject({ email: Email }),
    status: 202,
    reply: Said,
    publishes: 'nothing, because asking changes nothing',
    limit: minute(10),
    example: { body: { email: 'ada@example.com' } },
  },
  resetPassword: {
    method: 'POST',
    path: '/account/reset-password',
    summary: 'Choose a new password with a mailed link',
    description: 'Ends all sessions. Signs nobody in: a second factor stays what it is. A refused password does not use the link up.',
    access: 'public',
    tx: 'own',
    body: z.strictObject({ token: Token, password: NewPassword }),
    status: 204,
    publishes: [passwordChanged, userEmailVerified, accountClaimed],
    errors: [InvalidLink, PasswordRefused],
    limit: minute(30),
    example: { body: { token: 'N0pV3n2mJm4l6Jq8cWm0Yx1bq5oJt7kq2sXr9uZt4wE', password: 'quiet harbour under a tin moon' } },
  },
  resetPage: page('/auth/reset', 'The page behind the link to choose a new password'),
  askVerification: {
    method: 'POST',
    path: '/account/verify-email',
    summary: 'Ask for a link that proves your address',
    access: 'signed-in',
    status: 202,
    reply: Said,
    publishes: 'nothing, because asking changes nothing',
    errors: [UserNotFound],
    limit: { requests: 5, seconds: 60, by: 'caller' },
  },
  verifyEmail: {
    method: 'POST',
    path: '/account/verify-email/confirm',
    summary: 'Prove an address with a mailed link',
    access: 'public',
    body: z.strictObject({ token: Token }),
    status: 204,
    publishes: [userEmailVerified],
    errors: [InvalidLink],
    limit: minute(30),
    example: { body: { token: 'N0pV3n2mJm4l6Jq8cWm0Yx1bq5oJt7kq2sXr9uZt4wE' } },
  },
  verifyPage: page('/auth/verify', 'The page behind the link that proves an address'),
  changeEmail: {
    method: 'POST',
    path: '/account/change-email',
    summary: 'Ask for another e-mail address',
    description: 'Mails a link to the new address and tells the old one. Nothing changes before the link is used.',
    access: lately,
    body: z.strictObject({ email: Email }),
    status: 202,
    reply: Said,
    publishes: 'nothing, because asking changes nothing',
    errors: [UserNotFound, SameEmail],
    limit: { requests: 5, seconds: 60, by: 'caller' },
    example: { body: { email: 'ada.lovelace@example.com' } },
  },
  confirmEmail: {
    method: 'POST',
    path: '/account/change-email/confirm',
    summary: 'Prove the new address with its mailed link',
    description: 'From now on the new address signs in. Links that the old one was sent are dead.',
    access: 'public',
    body: z.strictObject({ token: Token }),
    status: 204,
    publishes: [userEmailChanged],
    errors: [InvalidLink, EmailTaken, UserNotFound],
    limit: minute(30),
    example: { body: { token: 'N0pV3n2mJm4l6Jq8cWm0Yx1bq5oJt7kq2sXr9uZt4wE' } },
  },
  changePage: page('/auth/change-email', 'The page behind the link that proves a new address'),
  signOutEverywhere: {
    method: 'DELETE',
    path: '/account/sessions',
    summary: 'End all your sessions, this one too',
    access: 'signed-in',
    status: 204,
    publishes: [sessionsEnded],
  },
  endSessionsOf: {
    method: 'POST',
    path: '/account/users/:userId/end-sessions',
    summary: 'End all sessions of someone else',
    description: 'They can sign in again: to keep them out, suspend them.',
    access: allow(endSessions),
    params: OfUser,
    body: Reason,
    status: 204,
    publishes: [sessionsEnded],
    errors: [UserNotFound, GrantExceedsOwn],
    example: { body: { reason: 'Lost laptop' } },
  },
  sessionsOf: {
    method: 'GET',
    path: '/account/users/:userId/sessions',
    summary: 'The sessions of someone else',
    description: 'Those that go on, the last used first, with device and address.',
    access: allow(readSessions),
    params: OfUser,
    reply: z.array(Session),
    errors: [UserNotFound],
  },
  endSessionOf: {
    method: 'POST',
    path: '/account/users/:userId/sessions/:sessionId/end',
    summary: 'End one session of someone else',
    access: allow(endSessions),
    params: OfUser.extend({ sessionId: z.uuid() }),
    body: Reason,
    status: 204,
    publishes: [sessionEnded],
    errors: [UserNotFound, SessionNotFound, GrantExceedsOwn],
    example: { body: { reason: 'Not their device' } },
  },
  export: {
    method: 'GET',
    path: '/account/export',
    summary: 'Everything kept about you',
    access: lately,
    reply: Export,
    errors: [UserNotFound],
  },
  delete: {
    method: 'DELETE',
    path: '/account',
    summary: 'Delete your account',
    description: 'Ends all sessions. Your data are erased after a while; until then an administrator can restore the account.',
    access: lately,
    status: 204,
    publishes: [userDeleted, roleUnassigned],
    errors: [UserNotFound, LastAdministrator, LastOwner],
  },
});
