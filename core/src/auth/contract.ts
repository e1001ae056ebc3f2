import { bare, defineError, defineEvent, defineJob, defineMail, defineOperations, file } from '@plinth/kit';
import { z } from 'zod';
import { roleAssigned } from '../access/index.ts';
import { BEFORE, DisplayName, Email, EmailTaken, User, userCreated, UserNotFound } from '../users/index.ts';
import { Delivery, GivenPassword, NewPassword, Session } from './fields.ts';

export { Delivery, NewPassword, PASSWORD_LENGTH, Session } from './fields.ts';

// ---- Shapes -------------------------------------------------------------------------------------

export const SignedInReply = z.object({
  status: z.literal('signed-in'),
  userId: z.uuid(),
  sessionId: z.uuid(),
  delivery: Delivery,
  tokenType: z.literal('Bearer'),
  accessToken: z.string().optional().describe('Absent with cookies'),
  refreshToken: z.string().optional().describe('Absent with cookies. Good for one use'),
  expiresIn: z.int().describe('Seconds the access token lives'),
});
export type SignedInReply = z.output<typeof SignedInReply>;
/** What a first factor alone gets where a second is needed: nothing that opens anything (B17). */
export const ChallengeReply = z.object({
  status: z.enum(['second-factor-required', 'enrolment-required']),
  challenge: z.string().describe('Goes with the second factor, or with its set-up; good once, for ten minutes'),
  factors: z.array(z.string()).describe('What it can be passed with'),
  expiresIn: z.int().describe('Seconds'),
});
export type ChallengeReply = z.output<typeof ChallengeReply>;
/** The answer to every first factor. */
export const SignInReply = z.discriminatedUnion('status', [SignedInReply, ChallengeReply]);
export type SignInReply = z.output<typeof SignInReply>;

/** Public keys that access tokens verify with (RFC 7517). */
export const Jwks = z.object({
  keys: z.array(z.object({ kty: z.string(), crv: z.string(), x: z.string(), kid: z.string(), alg: z.string(), use: z.string() })),
});

export const Registering = z.strictObject({ email: Email, displayName: DisplayName });
export type Registering = z.output<typeof Registering>;
export const Confirming = z.strictObject({
  token: z.string().min(1).max(200).describe('What stands behind `#token=` in the mailed link'),
  password: NewPassword,
});
export type Confirming = z.output<typeof Confirming>;
export const SigningIn = z.strictObject({
  email: z.string().max(1000, BEFORE).normalize('NFKC').trim(),
  password: GivenPassword,
  delivery: Delivery.default('body'),
});
export type SigningIn = z.output<typeof SigningIn>;
export const PasswordChange = z.strictObject({ currentPassword: GivenPassword, newPassword: NewPassword });
export type PasswordChange = z.output<typeof PasswordChange>;
const Redeeming = z
  .strictObject({ refreshToken: z.string().min(1).max(200).optional().describe('Absent: taken from the cookie') })
  .optional();
export const SteppingUp = z.strictObject({ password: GivenPassword });
const SessionId = z.object({ sessionId: z.uuid() });

// ---- Errors -------------------------------------------------------------------------------------

/** One answer for an unknown address, a wrong password, a suspended and a deleted user (B20). */
export const InvalidCredentials = defineError('INVALID_CREDENTIALS', 401, 'The e-mail address or the password is wrong');
export const InvalidRefreshToken = defineError('INVALID_REFRESH_TOKEN', 401, 'The refresh token is not valid: sign in again');
export const WrongPassword = defineError('WRONG_PASSWORD', 403, 'The current password is wrong');
export const PasswordRefused = defineError('PASSWORD_REFUSED', 422, 'This password is too easy to guess: take another one');
export const InvalidLink = defineError('INVALID_LINK', 400, 'This link is not valid any more: it was used, replaced, or is too old');
export const InvalidChallenge = defineError('INVALID_CHALLENGE', 401, 'This sign-in took too long or was finished before: begin again');
export const TooManyAttempts = defineError(
  'TOO_MANY_ATTEMPTS',
  429,
  'Too many failed attempts: wait, or sign in with a passkey or a mailed link',
);
export const LastWayIn = defineError('LAST_WAY_IN', 409, 'This is the last way into the account: set up another one first');
export const SessionNotFound = defineError('SESSION_NOT_FOUND', 404, 'You have no such session');

// ---- Facts --------------------------------------------------------------------------------------

const OfSession = z.object({ userId: z.uuid(), sessionId: z.uuid() });
const ofUser = { subject: ({ userId }: { userId: string }) => ['user', userId] as const };

export const signedIn = defineEvent('auth.signed-in', OfSession.extend({ factors: z.array(z.string()) }), {
  ...ofUser,
  title: 'Signed in',
});
export const signedOut = defineEvent('auth.signed-out', OfSession, { ...ofUser, title: 'Signed out' });
export const sessionRevoked = defineEvent('auth.session-revoked', OfSession, { ...ofUser, title: 'Session ended by its user' });
export const sessionExpired = defineEvent('auth.session-expired', OfSession.extend({ endedAt: z.iso.datetime() }), {
  ...ofUser,
  title: 'Session ended by its timeout',
});
export const passwordChanged = defineEvent('auth.password-changed', z.object({ userId: z.uuid() }), {
  ...ofUser,
  title: 'Password changed',
  public: true,
});
export const steppedUp = defineEvent('auth.stepped-up', OfSession.extend({ factors: z.array(z.string()), replaced: z.uuid() }), {
  ...ofUser,
  title: 'Proved anew who they are; the session goes on under a new id',
});
export const passwordImported = defineEvent('auth.password-imported', z.object({ userId: z.uuid() }), {
  ...ofUser,
  title: 'Password taken over from another system',
});
export const accountClaimed = defineEvent('auth.account-claimed', z.object({ userId: z.uuid() }), {
  ...ofUser,
  title: 'Whoever has the address took the account; what others had set up for it is gone',
  public: true,
});
const OfFactor = z.object({ userId: z.uuid(), factorId: z.uuid(), kind: z.enum(['totp', 'passkey', 'oauth']) });
export const factorAdded = defineEvent('auth.factor-added', OfFactor, { ...ofUser, title: 'Factor added', public: true });
export const factorRemoved = defineEvent('auth.factor-removed', OfFactor, { ...ofUser, title: 'Factor removed', public: true });
export const refreshReuseDetected = defineEvent('auth.refresh-reuse-detected', OfSession, {
  ...ofUser,
  title: 'Stolen refresh token: session ended',
  public: true,
});
export const keyRotated = defineEvent('auth.key-rotated', z.object({ kid: z.string(), signsFrom: z.string() }), {
  title: 'New signing key',
  subject: ({ kid }) => ['signing-key', kid],
});

// ---- Mails --------------------------------------------------------------------------------------

export const confirmAddress = defineMail('auth.confirm-address', z.object({ link: z.url() }), {
  title: 'Proves an address, for a new account',
  render: ({ link }) => ({
    subject: 'Confirm your address',
    text: `Someone, hopefully you, asked for an account with this address. To confirm, open this link within 24 hours and choose a password there:\n\n${link}\n\nIf it was not you, do not open it: without that, there will be no account.\n`,
  }),
});
export const accountExists = defineMail('auth.account-exists', z.object({ baseUrl: z.string() }), {
  title: 'Someone asked for an account where there is one',
  render: ({ baseUrl }) => ({
    subject: 'You already have an account',
    text: `Someone, perhaps you, asked for an account with this address. It has one already: sign in at ${baseUrl}.\n\nIf it was not you, there is nothing to do: nothing has changed.\n`,
  }),
});

// ---- Jobs ---------------------------------------------------------------------------------------

export const sendRegistration = defineJob('auth.send-registration', z.object({ registrationId: z.uuid() }), {
  title: 'Mail the link that proves an address',
});
export const rotateKey = defineJob('auth.rotate-key', z.object({}), { title: 'Rotate the key that signs access tokens', concurrency: 1 });
export const cleanUp = defineJob('auth.clean-up', z.object({}), {
  title: 'Delete sessions, registrations and keys whose time is over',
  concurrency: 1,
});

// ---- Operations ---------------------------------------------------------------------------------

const minute = (requests: number) => ({ requests, seconds: 60, by: 'address' as const });

export const operations = defineOperations({
  register: {
    method: 'POST',
    path: '/auth/register',
    summary: 'Ask for an account',
    description: 'Mails a link, and who opens it chooses the password. The answer is the same whether the address has an account or not.',
    access: 'public',
    tx: 'own',
    body: Registering,
    status: 202,
    reply: z.object({ message: z.string() }),
    publishes: 'nothing, because there is no account before its address is proved',
    limit: minute(10),
    example: { body: { email: 'ada@example.com', displayName: 'Ada Lovelace' } },
  },
  confirmRegistration: {
    method: 'POST',
    path: '/auth/register/confirm',
    summary: 'Prove the address, choose a password and create the account',
    description: 'The token of a mailed link is good for one account. A refused password does not use it up.',
    access: 'public',
    tx: 'own',
    body: Confirming,
    status: 201,
    reply: User,
    publishes: [userCreated, roleAssigned],
    errors: [InvalidLink, PasswordRefused, EmailTaken],
    limit: minute(30),
    example: { body: { token: 'N0pV3n2mJm4l6Jq8cWm0Yx1bq5oJt7kq2sXr9uZt4wE', password: 'quiet harbour under a tin moon' } },
  },
  confirmPage: {
    method: 'GET',
    path: '/auth/confirm',
    at: 'root',
    summary: 'The page that a mailed link opens',
    description: 'Opening it consumes nothing: the token is in the fragment, and the button sends it with the password chosen there.',
    access: 'public',
    reply: file('text/html; charset=utf-8'),
  },
  signIn: {
    method: 'POST',
    path: '/auth/sign-in',
    summary: 'Sign in',
    access: 'public',
    tx: 'own',
    secret: true,
    body: SigningIn,
    reply: SignInReply,
    publishes: [signedIn],
    errors: [InvalidCredentials, TooManyAttempts],
    limit: minute(20),
    example: { body: { email: 'ada@example.com', password: 'quiet harbour under a tin moon' } },
  },
  stepUp: {
    method: 'POST',
    path: '/auth/step-up',
    summary: 'Prove your password again',
    description:
      'For operations that want a recent proof (RFC 9470). The session goes on under a new id and new tokens. Who has a second factor must prove that one too.',
    access: 'signed-in',
    tx: 'own',
    secret: true,
    body: SteppingUp,
    reply: SignInReply,
    publishes: [steppedUp],
    errors: [WrongPassword, TooManyAttempts, InvalidCredentials],
    limit: { requests: 10, seconds: 60, by: 'caller' },
    example: { body: { password: 'quiet harbour under a tin moon' } },
  },
  refresh: {
    method: 'POST',
    path: '/auth/refresh',
    summary: 'New tokens for a refresh token',
    description: 'A refresh token is good for one use; using an old one again ends the session.',
    access: 'public',
    tx: 'own',
    secret: true,
    body: Redeeming,
    reply: SignedInReply,
    publishes: 'nothing, because a session that goes on is no news; only its refusal can be (auth.refresh-reuse-detected)',
    errors: [InvalidRefreshToken],
    limit: minute(120),
  },
  signOut: {
    method: 'POST',
    path: '/auth/sign-out',
    summary: 'End this session',
    description: 'Named by the access token, or by the refresh token when that one has expired.',
    access: 'public',
    body: Redeeming,
    status: 204,
    publishes: [signedOut],
  },
  sessions: { method: 'GET', path: '/auth/sessions', summary: 'Your sessions', access: 'signed-in', reply: z.array(Session) },
  endSession: {
    method: 'DELETE',
    path: '/auth/sessions/:sessionId',
    summary: 'End one of your sessions',
    access: 'signed-in',
    params: SessionId,
    status: 204,
    publishes: [sessionRevoked],
    errors: [SessionNotFound],
  },
  endOtherSessions: {
    method: 'DELETE',
    path: '/auth/sessions',
    summary: 'End all your sessions but this one',
    access: 'signed-in',
    reply: z.object({ ended: z.int() }),
    publishes: [sessionRevoked],
  },
  changePassword: {
    method: 'POST',
    path: '/auth/password',
    summary: 'Change your password',
    description: 'Ends all your sessions; this one goes on under new tokens.',
    access: 'signed-in',
    tx: 'own',
    secret: true,
    body: PasswordChange,
    reply: SignedInReply,
    publishes: [passwordChanged],
    errors: [WrongPassword, PasswordRefused, TooManyAttempts, InvalidCredentials, UserNotFound],
    limit: { requests: 10, seconds: 60, by: 'caller' },
    example: { body: { currentPassword: 'quiet harbour under a tin moon', newPassword: 'seven slow trains to Lisbon' } },
  },
  jwks: {
    method: 'GET',
    path: '/.well-known/jwks.json',
    at: 'root',
    summary: 'Keys that access tokens verify with',
    access: 'public',
    reply: bare(Jwks),
  },
});
