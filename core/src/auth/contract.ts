import { bare, defineError, defineEvent, defineJob, defineOperations, file } from '@plinth/kit';
import { z } from 'zod';
import { roleAssigned } from '../access/index.ts';
import { BEFORE, DisplayName, Email, EmailTaken, User, userCreated, UserNotFound } from '../users/index.ts';

// ---- Shapes -------------------------------------------------------------------------------------

/** In code points after NFKC. NIST SP 800-63B-4 §3.1.1: at least 15 where the password is the only factor; no rules of composition. */
export const PASSWORD_LENGTH = { min: 15, max: 128 } as const;
const codePoints = (text: string): number => Array.from(text).length;
/** A password as it is set. The bound of 1,024 comes first, so that nobody makes us normalise megabytes. */
export const NewPassword = z
  .string()
  .max(1024, { ...BEFORE, error: `A password has at most ${PASSWORD_LENGTH.max} characters` })
  .normalize('NFKC')
  .refine(
    (text) => codePoints(text) >= PASSWORD_LENGTH.min,
    `A password has at least ${PASSWORD_LENGTH.min} characters; a sentence is a good one`,
  )
  .refine((text) => codePoints(text) <= PASSWORD_LENGTH.max, `A password has at most ${PASSWORD_LENGTH.max} characters`)
  .meta({ description: 'At least 15 characters of any kind', examples: ['quiet harbour under a tin moon'] });
/** A password as it is proved. */
const GivenPassword = z.string().min(1).max(1024, BEFORE).normalize('NFKC');

export const Delivery = z.enum(['body', 'cookie']).describe('`cookie`: HttpOnly cookies, and no token in the body');
export type Delivery = z.output<typeof Delivery>;
export const SignedInReply = z.object({
  userId: z.uuid(),
  sessionId: z.uuid(),
  delivery: Delivery,
  tokenType: z.literal('Bearer'),
  accessToken: z.string().optional().describe('Absent with cookies'),
  refreshToken: z.string().optional().describe('Absent with cookies. Good for one use'),
  expiresIn: z.int().describe('Seconds the access token lives'),
});
export type SignedInReply = z.output<typeof SignedInReply>;

export const Session = z.object({
  id: z.uuid(),
  current: z.boolean().describe('The session that asks'),
  factors: z.array(z.string()),
  delivery: Delivery,
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  createdAt: z.string(),
  lastUsedAt: z.string(),
  expiresAt: z.string().describe('Unless used before'),
});
export type Session = z.output<typeof Session>;

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
const SessionId = z.object({ sessionId: z.uuid() });

// ---- Errors -------------------------------------------------------------------------------------

/** One answer for an unknown address, a wrong password, a suspended and a deleted user (B20). */
export const InvalidCredentials = defineError('INVALID_CREDENTIALS', 401, 'The e-mail address or the password is wrong');
export const InvalidRefreshToken = defineError('INVALID_REFRESH_TOKEN', 401, 'The refresh token is not valid: sign in again');
export const WrongPassword = defineError('WRONG_PASSWORD', 403, 'The current password is wrong');
export const PasswordRefused = defineError('PASSWORD_REFUSED', 422, 'This password is too easy to guess: take another one');
export const InvalidLink = defineError('INVALID_LINK', 400, 'This link is not valid any more: it was used, replaced, or is too old');
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
export const passwordChanged = defineEvent('auth.password-changed', z.object({ userId: z.uuid() }), {
  ...ofUser,
  title: 'Password changed',
  public: true,
});
export const refreshReuseDetected = defineEvent('auth.refresh-reuse-detected', OfSession, {
  ...ofUser,
  title: 'Stolen refresh token: session ended',
  public: true,
});
export const keyRotated = defineEvent('auth.key-rotated', z.object({ kid: z.string(), signsFrom: z.string() }), {
  title: 'New signing key',
  subject: ({ kid }) => ['signing-key', kid],
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
  confirmScript: {
    method: 'GET',
    path: '/auth/confirm.js',
    at: 'root',
    summary: 'Script of that page',
    access: 'public',
    reply: file('text/javascript; charset=utf-8'),
  },
  signIn: {
    method: 'POST',
    path: '/auth/sign-in',
    summary: 'Sign in',
    access: 'public',
    tx: 'own',
    secret: true,
    body: SigningIn,
    reply: SignedInReply,
    publishes: [signedIn],
    errors: [InvalidCredentials],
    limit: minute(20),
    example: { body: { email: 'ada@example.com', password: 'quiet harbour under a tin moon' } },
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
    errors: [WrongPassword, PasswordRefused, InvalidCredentials, UserNotFound],
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
