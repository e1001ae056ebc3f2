import { defineError, defineEvent, defineJob, defineOperations, fresh } from '@plinth/kit';
import { z } from 'zod';
import {
  DeliveryField,
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
import { EmailNotVerified, recoveryCodesMade } from '../mfa/index.ts';
import { UserNotFound } from '../users/index.ts';

// ---- Shapes -------------------------------------------------------------------------------------

/** What the browser is handed: WebAuthn's own JSON (Level 3 §5.1.8, §5.1.9). */
const Options = z.looseObject({ challenge: z.string() }).describe('For `PublicKeyCredential.parse…OptionsFromJSON`');
/** What the browser answers: `credential.toJSON()`. */
const Answer = z
  .looseObject({
    id: z.string().min(1).max(1400),
    rawId: z.string().min(1).max(1400),
    type: z.literal('public-key'),
    response: z.looseObject({ clientDataJSON: z.string().min(1).max(10_000) }),
    clientExtensionResults: z.record(z.string(), z.unknown()).default({}),
  })
  .describe('`credential.toJSON()`');
export type Answer = z.output<typeof Answer>;
const Challenge = z.string().min(1).max(200).describe('From the answer to the first factor');
const Label = z.string().trim().min(1).max(100).describe('What you call it');

export const Passkey = z.object({
  id: z.uuid(),
  label: z.string(),
  aaguid: z.string().describe('The model of the authenticator'),
  backedUp: z.boolean().describe('Synchronised with your other devices'),
  createdAt: z.string(),
  lastUsedAt: z.string().nullable(),
});
const Registered = z.object({
  passkey: Passkey,
  recoveryCodes: z.array(z.string()).describe('Shown this once, with the first second factor; else empty'),
  session: SignInReply,
});
const PasskeyId = z.object({ passkeyId: z.uuid() });

// ---- Errors, facts, jobs ------------------------------------------------------------------------

export const PasskeyRefused = defineError('PASSKEY_REFUSED', 401, 'This passkey could not be verified: try again');
export const PasskeyNotFound = defineError('PASSKEY_NOT_FOUND', 404, 'You have no such passkey');
export const PasskeyTaken = defineError('PASSKEY_TAKEN', 409, 'This passkey is registered already', { constraint: 'credentials_id' });
export const TooManyPasskeys = defineError('TOO_MANY_PASSKEYS', 409, 'You have 20 passkeys: remove one first');

const OfPasskey = z.object({ userId: z.uuid(), passkeyId: z.uuid() });
/** Its counter went backwards: there may be a copy of the key. */
export const passkeySuspected = defineEvent('passkeys.suspected', OfPasskey, {
  title: 'A passkey counted backwards: there may be a copy of it',
  subject: ({ userId }) => ['user', userId],
  public: true,
});
export const cleanUp = defineJob('passkeys.clean-up', z.object({}), { title: 'Delete challenges that nobody answered', concurrency: 1 });

// ---- Operations ---------------------------------------------------------------------------------

const own = fresh('10m');
const waits = 'nothing, because a challenge changes nothing before it is answered' as const;
const minute = { requests: 60, seconds: 60, by: 'address' as const };
const bodyLimit = 65_536;
const refusals = [PasskeyRefused, TooManyAttempts, InvalidCredentials];

export const operations = defineOperations({
  list: { method: 'GET', path: '/passkeys', summary: 'Your passkeys', access: 'signed-in', reply: z.array(Passkey) },
  registrationOptions: {
    method: 'POST',
    path: '/passkeys/options',
    summary: 'Begin to register a passkey',
    access: own,
    reply: Options,
    publishes: waits,
    errors: [EmailNotVerified, TooManyPasskeys, UserNotFound],
  },
  register: {
    method: 'POST',
    path: '/passkeys',
    summary: 'Register a passkey',
    description:
      'It signs in by itself, and stands as a second factor after every other one. Ends your other sessions; this one goes on under a new id.',
    access: own,
    tx: 'own',
    secret: true,
    body: z.strictObject({ label: Label, credential: Answer }),
    bodyLimit,
    status: 201,
    reply: Registered,
    publishes: [factorAdded, steppedUp, recoveryCodesMade],
    errors: [PasskeyRefused, PasskeyTaken, TooManyPasskeys, InvalidCredentials],
  },
  rename: {
    method: 'PATCH',
    path: '/passkeys/:passkeyId',
    summary: 'Call a passkey something else',
    access: 'signed-in',
    params: PasskeyId,
    body: z.strictObject({ label: Label }),
    reply: Passkey,
    publishes: 'nothing, because what you call it concerns nobody else',
    errors: [PasskeyNotFound],
    example: { body: { label: 'Work laptop' } },
  },
  remove: {
    method: 'DELETE',
    path: '/passkeys/:passkeyId',
    summary: 'Remove a passkey',
    access: own,
    params: PasskeyId,
    status: 204,
    publishes: [factorRemoved],
    errors: [PasskeyNotFound, LastWayIn],
  },
  signInOptions: {
    method: 'POST',
    path: '/auth/passkey/options',
    summary: 'Begin to sign in with a passkey, alone or as the second factor',
    description: 'Without a `challenge` the authenticator says whose it is; nothing here tells whether an account exists.',
    access: 'public',
    body: z.strictObject({ challenge: Challenge.optional() }),
    reply: Options,
    publishes: waits,
    errors: [InvalidChallenge],
    limit: minute,
    example: { body: {} },
  },
  signIn: {
    method: 'POST',
    path: '/auth/passkey',
    summary: 'Sign in with a passkey, alone or as the second factor',
    access: 'public',
    tx: 'own',
    secret: true,
    body: z.strictObject({ credential: Answer, challenge: Challenge.optional(), delivery: DeliveryField.default('body') }),
    bodyLimit,
    reply: SignInReply,
    publishes: [signedIn, steppedUp, passkeySuspected],
    errors: [InvalidChallenge, ...refusals],
    limit: minute,
  },
  enrolOptions: {
    method: 'POST',
    path: '/auth/passkey/enrol/options',
    summary: 'Begin to register a passkey where signing in demands a second factor',
    access: 'public',
    body: z.strictObject({ challenge: Challenge }),
    reply: Options,
    publishes: waits,
    errors: [InvalidChallenge, EmailNotVerified, TooManyPasskeys, UserNotFound],
    limit: minute,
  },
  enrol: {
    method: 'POST',
    path: '/auth/passkey/enrol',
    summary: 'Register that passkey and finish signing in',
    access: 'public',
    tx: 'own',
    secret: true,
    body: z.strictObject({ challenge: Challenge, label: Label, credential: Answer }),
    bodyLimit,
    status: 201,
    reply: Registered,
    publishes: [factorAdded, signedIn, steppedUp, recoveryCodesMade],
    errors: [InvalidChallenge, PasskeyRefused, PasskeyTaken, TooManyPasskeys, InvalidCredentials],
    limit: minute,
  },
  stepUpOptions: {
    method: 'POST',
    path: '/auth/passkey/step-up/options',
    summary: 'Begin to prove yourself again with a passkey',
    access: 'signed-in',
    reply: Options,
    publishes: waits,
  },
  stepUp: {
    method: 'POST',
    path: '/auth/passkey/step-up',
    summary: 'Prove yourself again with a passkey',
    description: 'The session goes on under a new id and new tokens (RFC 9470).',
    access: 'signed-in',
    tx: 'own',
    secret: true,
    body: z.strictObject({ credential: Answer }),
    bodyLimit,
    reply: SignInReply,
    publishes: [steppedUp, passkeySuspected],
    errors: refusals,
  },
});
