import { defineError, defineJob, defineMail, defineOperations, file } from '@plinth/kit';
import { z } from 'zod';
import { accountClaimed, DeliveryField, InvalidCredentials, InvalidLink, signedIn, SignInReply, TooManyAttempts } from '../auth/index.ts';
import { Email, userEmailVerified } from '../users/index.ts';

export const CodeRefused = defineError('MAILED_CODE_REFUSED', 401, 'This code is wrong, too old, or was used: ask for a new one');

const Said = z.object({ message: z.string() });
const Asking = z.strictObject({ email: Email });
const Flow = z.object({ flow: z.string().describe('Goes with the code: it works for nobody else'), message: z.string() });

export const magicLinkMail = defineMail('passwordless.magic-link', z.object({ link: z.url() }), {
  title: 'Link to sign in with',
  render: ({ link }) => ({
    subject: 'Sign in',
    text: `Someone, hopefully you, wants to sign in. Open this link within 10 minutes:\n\n${link}\n\nIf it was not you, do not open it.\n`,
  }),
});
export const codeMail = defineMail('passwordless.code', z.object({ code: z.string() }), {
  title: 'Code to sign in with',
  render: ({ code }) => ({
    subject: 'Your code',
    text: `To sign in, type this code where you asked for it, within 10 minutes:\n\n${code}\n\nTell it nobody: we never ask for it. If it was not you, there is nothing to do.\n`,
  }),
});

/** The address is sealed: a queue is no place for it. */
const Asked = z.object({ requestId: z.uuid(), email: z.string() });
const AskedFrom = Asked.extend({ network: z.string().optional() });
export const sendMagicLink = defineJob('passwordless.send-magic-link', AskedFrom, { title: 'Mail a link to sign in with' });
export const sendCode = defineJob('passwordless.send-code', Asked, { title: 'Mail a code to sign in with' });
export const cleanUp = defineJob('passwordless.clean-up', z.object({}), { title: 'Delete codes whose time is over', concurrency: 1 });

const minute = (requests: number) => ({ requests, seconds: 60, by: 'address' as const });
const asked = 'nothing, because asking changes nothing' as const;

export const operations = defineOperations({
  askMagicLink: {
    method: 'POST',
    path: '/auth/magic-link',
    summary: 'Ask for a link to sign in with',
    description: 'The answer is the same for every address, known or not.',
    access: 'public',
    body: Asking,
    status: 202,
    reply: Said,
    publishes: asked,
    limit: minute(10),
    example: { body: { email: 'ada@example.com' } },
  },
  redeemMagicLink: {
    method: 'POST',
    path: '/auth/magic-link/redeem',
    summary: 'Sign in with a mailed link',
    access: 'public',
    tx: 'own',
    secret: true,
    body: z.strictObject({ token: z.string().min(1).max(200), delivery: DeliveryField.default('body') }),
    reply: SignInReply,
    publishes: [signedIn, userEmailVerified, accountClaimed],
    errors: [InvalidLink, InvalidCredentials],
    limit: minute(30),
    example: { body: { token: 'N0pV3n2mJm4l6Jq8cWm0Yx1bq5oJt7kq2sXr9uZt4wE' } },
  },
  magicPage: {
    method: 'GET',
    path: '/auth/magic',
    at: 'root',
    summary: 'The page behind a link to sign in with',
    access: 'public',
    reply: file('text/html; charset=utf-8'),
  },
  askCode: {
    method: 'POST',
    path: '/auth/email-code',
    summary: 'Ask for a code to sign in with',
    description: 'The answer looks the same for every address, known or not. Its `flow` belongs to whoever asked.',
    access: 'public',
    secret: true,
    body: Asking,
    status: 202,
    reply: Flow,
    publishes: asked,
    limit: minute(10),
    example: { body: { email: 'ada@example.com' } },
  },
  redeemCode: {
    method: 'POST',
    path: '/auth/email-code/redeem',
    summary: 'Sign in with a mailed code',
    description: 'Five guesses a code, ten failures an account.',
    access: 'public',
    tx: 'own',
    secret: true,
    body: z.strictObject({
      email: Email,
      flow: z.string().min(1).max(200),
      code: z
        .string()
        .max(30)
        .transform((text) => text.replace(/[\s-]/g, ''))
        .pipe(z.string().regex(/^\d{8}$/, 'A code has eight digits')),
      delivery: DeliveryField.default('body'),
    }),
    reply: SignInReply,
    publishes: [signedIn, userEmailVerified, accountClaimed],
    errors: [CodeRefused, TooManyAttempts, InvalidCredentials],
    limit: minute(30),
    example: { body: { email: 'ada@example.com', flow: 'm0pV3n2mJm4l6Jq8cWm0Yx1bq5oJt7kq2sXr9uZt4wE', code: '40183327' } },
  },
});
