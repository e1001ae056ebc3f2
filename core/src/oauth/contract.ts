import { defineError, defineJob, defineOperations, file, form, fresh, redirect } from '@plinth/kit';
import { z } from 'zod';
import { roleAssigned } from '../access/index.ts';
import {
  accountClaimed,
  DeliveryField,
  factorAdded,
  factorRemoved,
  InvalidCredentials,
  LastWayIn,
  signedIn,
  SignInReply,
} from '../auth/index.ts';
import { EmailTaken, userCreated, userEmailVerified } from '../users/index.ts';

// ---- Shapes -------------------------------------------------------------------------------------

const Provider = z.object({ id: z.string(), name: z.string() });
const ProviderId = z.object({ provider: z.string().min(1).max(40) });

export const Beginning = z.strictObject({
  returnTo: z
    .string()
    .min(1)
    .max(2000)
    .default('/')
    .describe('Where to go afterwards: a path of this server, or a page of an origin in CORS_ORIGINS'),
  redirectUri: z
    .string()
    .min(1)
    .max(2000)
    .optional()
    .describe('A page of your own that takes the answer itself, from OAUTH_REDIRECT_URIS. Absent: the page of this server'),
});
export type Beginning = z.output<typeof Beginning>;
export const Begun = z.object({
  url: z.string().describe('Send the browser there'),
  flow: z.string().optional().describe('With `redirectUri`: keep it, it goes with the answer. Else it is in a cookie'),
  expiresIn: z.int().describe('Seconds to come back within'),
});
export type Begun = z.output<typeof Begun>;

/** What a provider sends the browser back with (RFC 6749 §4.1.2, RFC 9207). */
const answered = {
  state: z.string().min(1).max(200),
  code: z.string().min(1).max(8000).optional(),
  iss: z.string().min(1).max(2000).optional(),
  error: z.string().min(1).max(200).optional(),
  user: z.string().max(2000).optional().describe('From Apple, the first time: the name'),
};
export const Answer = z.strictObject({
  ...answered,
  flow: z.string().min(1).max(200).optional().describe('From the beginning; absent: taken from the cookie'),
  delivery: DeliveryField.default('body'),
});
export type Answer = z.output<typeof Answer>;

const returnTo = { returnTo: z.string().describe('Where to go now') };
const [SignedIn, Challenge] = SignInReply.options;
export const Identity = z.object({
  id: z.uuid(),
  provider: z.string(),
  email: z.string().nullable().describe('As the provider told it; null where it told none, or what is no address'),
  createdAt: z.string(),
  lastUsedAt: z.string().nullable(),
});
export type Identity = z.output<typeof Identity>;
export const Completed = z.discriminatedUnion('status', [
  SignedIn.extend(returnTo),
  Challenge.extend(returnTo),
  z.object({ status: z.literal('linked'), ...returnTo }),
  z.object({ status: z.literal('denied'), ...returnTo }).describe('They went to the provider and said no'),
]);
export type Completed = z.output<typeof Completed>;

// ---- Errors and jobs ----------------------------------------------------------------------------

export const ProviderNotFound = defineError('OAUTH_PROVIDER_NOT_FOUND', 404, 'This server does not offer that way to sign in');
export const RedirectRefused = defineError('REDIRECT_REFUSED', 422, 'This server does not send anyone there');
/** One answer for a state that is unknown, used, too old, of another provider, browser or session. */
export const FlowRefused = defineError(
  'OAUTH_FLOW_REFUSED',
  401,
  'This sign-in was not begun here, was finished, or took too long: begin again',
);
export const AnswerRefused = defineError('OAUTH_ANSWER_REFUSED', 401, 'What the provider answered could not be verified: begin again');
export const ProviderFailed = defineError('OAUTH_PROVIDER_FAILED', 502, 'The provider could not be asked: try again shortly');
export const AddressUnproved = defineError(
  'OAUTH_ADDRESS_UNPROVED',
  403,
  'The provider has not verified your e-mail address: verify it there, or sign in another way and link this one',
);
export const LinkNeeded = defineError(
  'OAUTH_LINK_NEEDED',
  409,
  'There is an account with your address: sign in to it as before, and link this one there',
);
export const IdentityTaken = defineError('IDENTITY_TAKEN', 409, 'Another account is linked with this one there', {
  constraint: 'identities_subject',
});
export const IdentityNotFound = defineError('IDENTITY_NOT_FOUND', 404, 'You have linked no such account');
export const TooManyIdentities = defineError('TOO_MANY_IDENTITIES', 409, 'You have linked 20 accounts: unlink one first');

export const cleanUp = defineJob('oauth.clean-up', z.object({}), { title: 'Delete sign-ins that nobody came back from', concurrency: 1 });

// ---- Operations ---------------------------------------------------------------------------------

const limit = { requests: 30, seconds: 60, by: 'address' as const };
const begun = 'nothing, because somebody only sets out' as const;

export const operations = defineOperations({
  providers: { method: 'GET', path: '/auth/oauth', summary: 'With whom one can sign in here', access: 'public', reply: z.array(Provider) },
  begin: {
    method: 'POST',
    path: '/auth/oauth/:provider',
    summary: 'Begin to sign in with a provider',
    access: 'public',
    tx: 'own',
    secret: true,
    params: ProviderId,
    body: Beginning,
    reply: Begun,
    publishes: begun,
    errors: [ProviderNotFound, RedirectRefused, ProviderFailed],
    limit,
    example: { body: { returnTo: '/welcome' } },
  },
  complete: {
    method: 'POST',
    path: '/auth/oauth/:provider/callback',
    summary: 'Sign in, or link, with what the provider answered',
    description:
      'Creates an account where the provider has verified the address and nobody has it. Links an existing one only if both sides have verified the address.',
    access: 'public',
    tx: 'own',
    secret: true,
    params: ProviderId,
    body: Answer,
    reply: Completed,
    publishes: [signedIn, factorAdded, factorRemoved, userCreated, roleAssigned, userEmailVerified, accountClaimed],
    errors: [
      ProviderNotFound,
      FlowRefused,
      AnswerRefused,
      ProviderFailed,
      AddressUnproved,
      LinkNeeded,
      IdentityTaken,
      TooManyIdentities,
      EmailTaken,
      InvalidCredentials,
    ],
    limit,
  },
  callbackPage: {
    method: 'GET',
    path: '/auth/oauth/:provider/callback',
    at: 'root',
    summary: 'The page that providers send the browser to',
    description: 'Its script hands the answer to the API and goes on to `returnTo`.',
    access: 'public',
    params: ProviderId,
    reply: file('text/html; charset=utf-8'),
  },
  formPost: {
    method: 'POST',
    path: '/auth/oauth/:provider/callback',
    at: 'root',
    summary: 'The same for providers that post their answer, as Apple does',
    description: 'A form from another site brings no cookie along; the page it leads to does.',
    access: 'public',
    params: ProviderId,
    body: form(z.looseObject(answered)), // providers add words of their own
    bodyLimit: 32_768,
    reply: redirect(),
    publishes: 'nothing, because it only hands on',
    limit,
    example: { body: { state: 'x', error: 'user_cancelled_authorize' } },
  },
  identities: {
    method: 'GET',
    path: '/oauth/identities',
    summary: 'Accounts elsewhere that yours is linked with',
    access: 'signed-in',
    reply: z.array(Identity),
  },
  link: {
    method: 'POST',
    path: '/oauth/identities/:provider',
    summary: 'Begin to link an account elsewhere',
    access: fresh('10m'),
    tx: 'own',
    secret: true,
    params: ProviderId,
    body: Beginning,
    reply: Begun,
    publishes: begun,
    errors: [ProviderNotFound, RedirectRefused, ProviderFailed],
    limit: { ...limit, by: 'caller' }, // each is a row for an hour
    example: { body: { returnTo: '/settings' } },
  },
  unlink: {
    method: 'DELETE',
    path: '/oauth/identities/:identityId',
    summary: 'Unlink an account elsewhere',
    access: fresh('10m'),
    params: z.object({ identityId: z.uuid() }),
    status: 204,
    publishes: [factorRemoved],
    errors: [IdentityNotFound, LastWayIn],
  },
});
