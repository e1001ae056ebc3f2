import { allow, defineError, defineOperations, definePermission, paged, Paging } from '@plinth/kit';
import { z } from 'zod';
import { UnknownPermission } from '../access/index.ts';
import {
  ApiKey,
  ExpiryRefused,
  keyCreated,
  KeyNotFound,
  keyRevoked,
  keyRotated,
  NewApiKey,
  TooManyKeys,
  WithSecret,
} from '../api-keys/index.ts';
import { DisplayName, GrantExceedsOwn, userCreated, UserNotFound } from '../users/index.ts';

// ---- Shapes -------------------------------------------------------------------------------------

const Name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,61}[a-z0-9]$/, 'Three to 63 small letters, digits and hyphens, beginning with a letter')
  .describe('Unique among live service accounts');
export const ServiceAccount = z.object({
  id: z.uuid().describe('A user id: roles are assigned to it, and users are suspended, restored and deleted by it'),
  name: z.string(),
  title: z.string(),
  status: z.enum(['active', 'suspended', 'deleted']),
  createdAt: z.string(),
});
export type ServiceAccount = z.output<typeof ServiceAccount>;
export const NewServiceAccount = z.strictObject({ name: Name, title: DisplayName });
export type NewServiceAccount = z.output<typeof NewServiceAccount>;
const AccountId = z.object({ accountId: z.uuid() });
const KeyId = AccountId.extend({ keyId: z.uuid() });

// ---- Permission and errors ----------------------------------------------------------------------

export const manage = definePermission('service-accounts:manage', 'Make service accounts and their keys', ['admin']);

export const NameTaken = defineError('SERVICE_ACCOUNT_NAME_TAKEN', 409, 'There is a service account of this name', {
  constraint: 'users_email_live',
});
export const ServiceAccountNotFound = defineError('SERVICE_ACCOUNT_NOT_FOUND', 404, 'There is no such service account');

// ---- Operations ---------------------------------------------------------------------------------

const lately = allow(manage, { fresh: '10m' });

export const operations = defineOperations({
  list: {
    method: 'GET',
    path: '/service-accounts',
    summary: 'Service accounts',
    access: allow(manage),
    query: Paging,
    reply: paged(ServiceAccount),
  },
  create: {
    method: 'POST',
    path: '/service-accounts',
    summary: 'Create a service account',
    description: 'It has no role yet: assign one like to any user. It cannot sign in; it has keys.',
    access: lately,
    body: NewServiceAccount,
    status: 201,
    reply: ServiceAccount,
    publishes: [userCreated],
    errors: [NameTaken],
    example: { body: { name: 'nightly-export', title: 'Nightly export' } },
  },
  keys: {
    method: 'GET',
    path: '/service-accounts/:accountId/keys',
    summary: 'Keys of a service account',
    access: allow(manage),
    params: AccountId,
    reply: z.array(ApiKey),
    errors: [ServiceAccountNotFound],
  },
  createKey: {
    method: 'POST',
    path: '/service-accounts/:accountId/keys',
    summary: 'Create a key for a service account',
    description: 'You must hold all that the account holds: whoever has its key can do as much.',
    access: lately,
    secret: true,
    params: AccountId,
    body: NewApiKey,
    status: 201,
    reply: WithSecret,
    publishes: [keyCreated],
    errors: [ServiceAccountNotFound, TooManyKeys, ExpiryRefused, UnknownPermission, GrantExceedsOwn, UserNotFound],
    example: { body: { label: 'Nightly export', scopes: ['products:read'] } },
  },
  rotateKey: {
    method: 'POST',
    path: '/service-accounts/:accountId/keys/:keyId/rotate',
    summary: 'Give a key of a service account a new secret',
    access: lately,
    secret: true,
    params: KeyId,
    body: z.strictObject({ graceSeconds: z.int().min(0).max(86_400).default(0).describe('How long the old secret still works') }),
    reply: WithSecret,
    publishes: [keyRotated],
    errors: [ServiceAccountNotFound, KeyNotFound, GrantExceedsOwn],
    example: { body: { graceSeconds: 3600 } },
  },
  revokeKey: {
    method: 'DELETE',
    path: '/service-accounts/:accountId/keys/:keyId',
    summary: 'Revoke a key of a service account',
    access: allow(manage),
    params: KeyId,
    status: 204,
    publishes: [keyRevoked],
    errors: [ServiceAccountNotFound, KeyNotFound],
  },
});
