import { allow, defineError, defineEvent, defineJob, defineMail, defineOperations, definePermission } from '@plinth/kit';
import { z } from 'zod';
import { InvalidCredentials, SignInReply } from '../auth/index.ts';
import { UserNotFound } from '../users/index.ts';

export const start = definePermission('impersonation:start', 'Act as someone else, for thirty minutes, with a reason', ['admin']);

export const OutOfReach = defineError('IMPERSONATION_REFUSED', 403, 'You can act only as active people who may do less than you');
export const NotImpersonating = defineError('NOT_IMPERSONATING', 409, 'You act as yourself');

const Between = z.object({ userId: z.uuid(), impersonatorId: z.uuid(), sessionId: z.uuid() });
const ofUser = { subject: ({ userId }: { userId: string }) => ['user', userId] as const };
export const impersonationStarted = defineEvent('impersonation.started', Between, { ...ofUser, title: 'Someone began to act as the user' });
export const impersonationStopped = defineEvent('impersonation.stopped', Between, {
  ...ofUser,
  title: 'Someone stopped acting as the user',
});

export const impersonationMail = defineMail('impersonation.notice', z.object({ reason: z.string() }), {
  title: 'Tells someone that an administrator acts as them',
  render: ({ reason }) => ({
    subject: 'An administrator looked into your account',
    text: `An administrator is acting as you for at most thirty minutes, with this reason:\n\n${reason}\n\nThey cannot change your password, address or factors. You see the session among yours, and can end it.\n`,
  }),
});
export const tellUser = defineJob('impersonation.tell-user', z.object({ userId: z.uuid(), reason: z.string() }), {
  title: 'Mail that an administrator acts as the user',
});

export const operations = defineOperations({
  start: {
    method: 'POST',
    path: '/impersonation',
    summary: 'Act as someone else',
    description:
      'Opens a session of theirs for thirty minutes, beside your own. Every fact and log line of it names both of you; it can change no credentials, and begin no other impersonation. They are told by mail.',
    access: allow(start, { fresh: '10m' }),
    tx: 'own',
    secret: true,
    body: z.strictObject({ userId: z.uuid(), reason: z.string().trim().min(3, 'Say why, for the audit').max(500) }),
    status: 201,
    reply: SignInReply,
    publishes: [impersonationStarted],
    errors: [OutOfReach, UserNotFound, InvalidCredentials],
    example: { body: { userId: '0199c4de-7d31-7c6e-8a7e-0d9f3c1b2a10', reason: 'Ticket 4711: cannot see their orders' } },
  },
  stop: {
    method: 'DELETE',
    path: '/impersonation',
    summary: 'Stop acting as someone else',
    description: 'With the token of the impersonated session. Your own goes on.',
    access: 'signed-in',
    status: 204,
    publishes: [impersonationStopped],
    errors: [NotImpersonating],
  },
});
