import { allow, defineError, defineEvent, defineJob, defineMail, defineOperations, definePermission, fresh } from '@plinth/kit';
import { z } from 'zod';
import {
  factorAdded,
  factorRemoved,
  InvalidChallenge,
  InvalidCredentials,
  LastWayIn,
  signedIn,
  SignInReply,
  steppedUp,
  TooManyAttempts,
} from '../auth/index.ts';
import { GrantExceedsOwn, UserNotFound } from '../users/index.ts';

// ---- Shapes -------------------------------------------------------------------------------------

const Code = z
  .string()
  .max(20)
  .trim()
  .regex(/^\d{6}$/, 'A code has six digits')
  .describe('What the authenticator app shows');
const Challenge = z.string().min(1).max(200).describe('From the answer to the first factor');
const RecoveryCode = z.string().min(20).max(60).describe('One of the codes that were shown at set-up');

export const TotpEnrolment = z.object({
  secret: z.string().describe('Base32, for typing in'),
  uri: z.string().describe('`otpauth://totp/…`'),
  qr: z.string().describe('The same as a QR code: SVG'),
  expiresIn: z.int().describe('Seconds to confirm it'),
});
export type TotpEnrolment = z.output<typeof TotpEnrolment>;
export const Enrolled = z.object({
  recoveryCodes: z.array(z.string()).describe('Shown this once. Each stands in for a lost factor, once. Empty when there were some before'),
  session: SignInReply,
});
export const Factors = z.object({
  factors: z.array(z.object({ id: z.uuid(), kind: z.enum(['totp', 'passkey', 'oauth']) })),
  recoveryCodesLeft: z.int(),
});
export type Factors = z.output<typeof Factors>;
const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });

export const resetFactors = definePermission('mfa:reset', 'Remove the second factors of others who lost them', ['admin']);

export const readFactors = definePermission('mfa:read', 'See which second factors others have', ['admin']);

// ---- Errors -------------------------------------------------------------------------------------

export const CodeRefused = defineError('CODE_REFUSED', 401, 'This code is wrong or was used before: wait for the next one');
export const TotpNotSetUp = defineError('TOTP_NOT_SET_UP', 409, 'There is no set-up to confirm: begin it again');
export const TotpSetUpBefore = defineError('TOTP_SET_UP_BEFORE', 409, 'An authenticator app is set up already: remove it first', {
  constraint: 'factors_one_totp',
});
export const EmailNotVerified = defineError(
  'EMAIL_NOT_VERIFIED',
  403,
  'Prove your e-mail address first: whoever owns it must not be locked out',
);
export const FactorNotFound = defineError('FACTOR_NOT_FOUND', 404, 'You have no such factor');

// ---- Facts and jobs -----------------------------------------------------------------------------

const OfUser = z.object({ userId: z.uuid() });
const ofUser = { subject: ({ userId }: { userId: string }) => ['user', userId] as const };
export const recoveryCodesMade = defineEvent('mfa.recovery-codes-made', OfUser, { ...ofUser, title: 'New recovery codes' });
export const recoveryCodeUsed = defineEvent('mfa.recovery-code-used', OfUser.extend({ left: z.int() }), {
  ...ofUser,
  title: 'Recovery code used',
  public: true,
});
export const factorsReset = defineEvent('mfa.factors-reset', OfUser, { ...ofUser, title: 'Second factors removed by an administrator' });

const FACTORS = { totp: 'An authenticator app', passkey: 'A passkey', oauth: 'A sign-in with another provider' } as const;
const What = z.object({ what: z.enum(['added', 'removed', 'recovery-code']), kind: z.enum(['totp', 'passkey', 'oauth']).optional() });
export const factorNotice = defineMail('mfa.notice', What, {
  title: 'Something about the second factors of an account changed',
  render({ what, kind = 'totp' }) {
    const done =
      what === 'recovery-code'
        ? 'One of your recovery codes was used to sign in'
        : `${FACTORS[kind]} was ${what === 'added' ? 'added to' : 'removed from'} your account`;
    return {
      subject: done,
      text: `${done}.\n\nIf it was you, there is nothing to do. If not, change your password now and look through your sessions.\n`,
    };
  },
});
export const tellUser = defineJob('mfa.tell-user', OfUser.extend(What.shape), { title: 'Mail that a second factor changed' });
export const cleanUp = defineJob('mfa.clean-up', z.object({}), { title: 'Delete set-ups that nobody confirmed', concurrency: 1 });

// ---- Operations ---------------------------------------------------------------------------------

const own = fresh('10m');
const guesses = { requests: 30, seconds: 60, by: 'address' as const };

export const operations = defineOperations({
  factors: { method: 'GET', path: '/mfa', summary: 'Your factors', access: 'signed-in', reply: Factors },
  startTotp: {
    method: 'POST',
    path: '/mfa/totp',
    summary: 'Begin to set up an authenticator app',
    description: 'Nothing changes before a code confirms it. Beginning again replaces what was begun.',
    access: own,
    secret: true,
    reply: TotpEnrolment,
    publishes: 'nothing, because an enrolment that is not confirmed has no effect',
    errors: [EmailNotVerified, TotpSetUpBefore, UserNotFound],
  },
  confirmTotp: {
    method: 'POST',
    path: '/mfa/totp/confirm',
    summary: 'Confirm the authenticator app with a code',
    description: 'From now on every sign-in asks for one. Ends your other sessions; this one goes on under a new id and new tokens.',
    access: own,
    tx: 'own',
    secret: true,
    body: z.strictObject({ code: Code }),
    reply: Enrolled,
    publishes: [factorAdded, steppedUp, recoveryCodesMade],
    errors: [CodeRefused, TotpNotSetUp, TotpSetUpBefore, EmailNotVerified, TooManyAttempts, InvalidCredentials, UserNotFound],
    example: { body: { code: '492039' } },
  },
  removeTotp: {
    method: 'DELETE',
    path: '/mfa/totp',
    summary: 'Remove the authenticator app',
    description: 'Recovery codes go with the last second factor.',
    access: own,
    status: 204,
    publishes: [factorRemoved],
    errors: [FactorNotFound, LastWayIn],
  },
  newRecoveryCodes: {
    method: 'POST',
    path: '/mfa/recovery-codes',
    summary: 'New recovery codes, in place of all old ones',
    access: own,
    secret: true,
    reply: RecoveryCodes,
    publishes: [recoveryCodesMade],
    errors: [FactorNotFound],
  },
  passTotp: {
    method: 'POST',
    path: '/mfa/challenge/totp',
    summary: 'Finish signing in with a code',
    access: 'public',
    tx: 'own',
    secret: true,
    body: z.strictObject({ challenge: Challenge, code: Code }),
    reply: SignInReply,
    publishes: [signedIn, steppedUp],
    errors: [InvalidChallenge, CodeRefused, TooManyAttempts, InvalidCredentials],
    limit: guesses,
    example: { body: { challenge: 'm0pV3n2mJm4l6Jq8cWm0Yx1bq5oJt7kq2sXr9uZt4wE', code: '492039' } },
  },
  passRecoveryCode: {
    method: 'POST',
    path: '/mfa/challenge/recovery-code',
    summary: 'Finish signing in with a recovery code',
    access: 'public',
    tx: 'own',
    secret: true,
    body: z.strictObject({ challenge: Challenge, code: RecoveryCode }),
    reply: SignInReply,
    publishes: [signedIn, steppedUp, recoveryCodeUsed],
    errors: [InvalidChallenge, CodeRefused, TooManyAttempts, InvalidCredentials],
    limit: guesses,
    example: { body: { challenge: 'm0pV3n2mJm4l6Jq8cWm0Yx1bq5oJt7kq2sXr9uZt4wE', code: 'k3v9x0-7mnp2q-4rstvw-8xyz01' } },
  },
  enrolTotp: {
    method: 'POST',
    path: '/mfa/challenge/totp/enrol',
    summary: 'Set up an authenticator app where signing in demands one',
    access: 'public',
    secret: true,
    body: z.strictObject({ challenge: Challenge }),
    reply: TotpEnrolment,
    publishes: 'nothing, because an enrolment that is not confirmed has no effect',
    errors: [InvalidChallenge, EmailNotVerified, TotpSetUpBefore, UserNotFound],
    limit: guesses,
    example: { body: { challenge: 'm0pV3n2mJm4l6Jq8cWm0Yx1bq5oJt7kq2sXr9uZt4wE' } },
  },
  confirmEnrolTotp: {
    method: 'POST',
    path: '/mfa/challenge/totp/enrol/confirm',
    summary: 'Confirm that set-up and finish signing in',
    access: 'public',
    tx: 'own',
    secret: true,
    body: z.strictObject({ challenge: Challenge, code: Code }),
    reply: Enrolled,
    publishes: [factorAdded, signedIn, steppedUp, recoveryCodesMade],
    errors: [
      InvalidChallenge,
      CodeRefused,
      TotpNotSetUp,
      TotpSetUpBefore,
      EmailNotVerified,
      TooManyAttempts,
      InvalidCredentials,
      UserNotFound,
    ],
    limit: guesses,
    example: { body: { challenge: 'm0pV3n2mJm4l6Jq8cWm0Yx1bq5oJt7kq2sXr9uZt4wE', code: '492039' } },
  },
  stepUpTotp: {
    method: 'POST',
    path: '/mfa/step-up/totp',
    summary: 'Prove the second factor again',
    description: 'For operations that want a recent proof (RFC 9470). The session goes on under a new id and new tokens.',
    access: 'signed-in',
    tx: 'own',
    secret: true,
    body: z.strictObject({ code: Code }),
    reply: SignInReply,
    publishes: [steppedUp],
    errors: [CodeRefused, TotpNotSetUp, TooManyAttempts, InvalidCredentials],
    limit: { requests: 10, seconds: 60, by: 'caller' },
    example: { body: { code: '492039' } },
  },
  factorsOf: {
    method: 'GET',
    path: '/mfa/users/:userId',
    summary: 'Which factors someone has',
    description: 'What kinds, and how many recovery codes are left. Nothing that could stand in for one.',
    access: allow(readFactors),
    params: z.object({ userId: z.uuid() }),
    reply: Factors,
    errors: [UserNotFound],
  },
  reset: {
    method: 'POST',
    path: '/mfa/users/:userId/reset',
    summary: 'Remove the second factors of someone who lost them',
    description: 'Ends their sessions and tells them by mail. Prove who they are first: whoever asks for this may not be them.',
    access: allow(resetFactors, { fresh: '10m' }),
    params: z.object({ userId: z.uuid() }),
    body: z.strictObject({ reason: z.string().trim().min(3, 'Say why, for the audit').max(500) }),
    status: 204,
    publishes: [factorRemoved, factorsReset],
    errors: [UserNotFound, GrantExceedsOwn, LastWayIn],
    example: { body: { reason: 'Lost phone; identity proved by video call' } },
  },
});
