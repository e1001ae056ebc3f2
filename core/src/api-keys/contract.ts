import { defineError, defineEvent, defineOperations, fresh, Instant } from '@plinth/kit';
import { z } from 'zod';
import { UnknownPermission } from '../access/index.ts';
import { GrantExceedsOwn, UserNotFound } from '../users/index.ts';

// ---- Shapes -------------------------------------------------------------------------------------

const Label = z.string().trim().min(1).max(100).describe('What you call it');
const Scopes = z
  .array(z.string().min(1).max(200))
  .min(1)
  .max(100)
  .describe('Permissions, also by pattern, that you hold yourself: `products:read`, `orders:*`');
export const ApiKey = z.object({
  id: z.uuid(),
  label: z.string(),
  prefix: z.string().describe('How the key begins, to tell it from others'),
  scopes: z.array(z.string()),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  lastUsedAt: z.string().nullable().describe('To the minute'),
});
export type ApiKey = z.output<typeof ApiKey>;
export const WithSecret = ApiKey.extend({ key: z.string().describe('The whole key: shown this once. Goes in `X-API-Key`') });
export const NewApiKey = z.strictObject({
  label: Label,
  scopes: Scopes,
  expiresAt: Instant.optional().describe('Absent: 90 days from now'),
});
export type NewApiKey = z.output<typeof NewApiKey>;
const KeyId = z.object({ keyId: z.uuid() });

// ---- Errors and facts ---------------------------------------------------------------------------

export const KeyNotFound = defineError('API_KEY_NOT_FOUND', 404, 'You have no such key');
export const TooManyKeys = defineError('TOO_MANY_API_KEYS', 409, 'You have 50 keys: revoke one first');
export const ExpiryRefused = defineError('EXPIRY_REFUSED', 422, 'A key ends in the future, and within a year', {
  constraint: 'keys_expires_later',
});
export const NoKey = defineError('NO_API_KEY', 401, 'Send an API key in X-API-Key');

const OfKey = z.object({ userId: z.uuid(), keyId: z.uuid() });
const ofKey = { subject: ({ userId }: { userId: string }) => ['user', userId] as const, public: true };
const changes = z.object({ label: z.string(), scopes: z.array(z.string()), expiresAt: z.string().nullable() });
export const keyCreated = defineEvent('api-keys.created', OfKey, { ...ofKey, title: 'API key created', changes });
export const keyRotated = defineEvent('api-keys.rotated', OfKey.extend({ graceSeconds: z.int() }), {
  ...ofKey,
  title: 'API key got a new secret',
});
export const keyRevoked = defineEvent('api-keys.revoked', OfKey, { ...ofKey, title: 'API key revoked', changes });

// ---- Operations ---------------------------------------------------------------------------------

export const operations = defineOperations({
  list: { method: 'GET', path: '/api-keys', summary: 'Your API keys', access: 'signed-in', reply: z.array(ApiKey) },
  create: {
    method: 'POST',
    path: '/api-keys',
    summary: 'Create an API key',
    description: 'It may do what you may and its scopes allow, whichever is less, from now on and whatever you are given or lose later.',
    access: fresh('10m'),
    secret: true,
    body: NewApiKey,
    status: 201,
    reply: WithSecret,
    publishes: [keyCreated],
    errors: [TooManyKeys, ExpiryRefused, UnknownPermission, GrantExceedsOwn, UserNotFound],
    example: { body: { label: 'Nightly export', scopes: ['products:read'] } },
  },
  rotate: {
    method: 'POST',
    path: '/api-keys/:keyId/rotate',
    summary: 'Give a key a new secret',
    access: fresh('10m'),
    secret: true,
    params: KeyId,
    body: z.strictObject({ graceSeconds: z.int().min(0).max(86_400).default(0).describe('How long the old secret still works') }),
    reply: WithSecret,
    publishes: [keyRotated],
    errors: [KeyNotFound],
    example: { body: { graceSeconds: 3600 } },
  },
  revoke: {
    method: 'DELETE',
    path: '/api-keys/:keyId',
    summary: 'Revoke a key',
    description: 'It is refused from the next request here, and within a second everywhere.',
    access: 'signed-in',
    params: KeyId,
    status: 204,
    publishes: [keyRevoked],
    errors: [KeyNotFound],
  },
  current: {
    method: 'GET',
    path: '/api-keys/current',
    summary: 'What the key you send is',
    access: 'public',
    reply: ApiKey.extend({ userId: z.uuid() }),
    errors: [NoKey],
  },
});
