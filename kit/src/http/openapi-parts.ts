import type { Json } from './openapi-schemas.ts';

// What every document holds, whatever the catalogue.
export const ref = (kind: string, name: string): Json => ({ $ref: `#/components/${kind}/${name}` });
const text = (description: string): Json => ({ description, schema: { type: 'string' } });

export const META_SCHEMAS: Readonly<Record<string, Json>> = {
  Meta: { type: 'object', required: ['timestamp'], properties: { timestamp: { type: 'string', format: 'date-time' } } },
  Pagination: {
    type: 'object',
    required: ['page', 'limit', 'total', 'totalPages', 'hasMore'],
    properties: {
      page: { type: 'integer' },
      limit: { type: 'integer' },
      total: { type: 'integer' },
      totalPages: { type: 'integer' },
      hasMore: { type: 'boolean' },
    },
  },
  CursorPagination: {
    type: 'object',
    description: 'Of a list asked for by `cursor`: no total.',
    required: ['limit', 'nextCursor', 'hasMore'],
    properties: { limit: { type: 'integer' }, nextCursor: { type: ['string', 'null'] }, hasMore: { type: 'boolean' } },
  },
};
export const HEADERS: Readonly<Record<string, Json>> = {
  'X-Request-Id': text('Id of this request: yours where you sent one, else new.'),
  'X-Decision-Id': text('Id of the decision that refused: the same in log, trace and audit. Absent where nothing was decided.'),
  'Retry-After': { description: 'Seconds to wait before trying again.', schema: { type: 'integer' } },
  'WWW-Authenticate': text('How to prove who you are (RFC 6750, RFC 9470).'),
  ETag: text('The version, to send back as `If-Match`.'),
  'Idempotent-Replayed': {
    description: '`true` when this is the stored reply to an earlier request with the same Idempotency-Key.',
    schema: { type: 'string', const: 'true' },
  },
  Location: text('Where to go.'),
};
export const PARAMETERS: Readonly<Record<string, Json>> = {
  'Idempotency-Key': {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description: 'Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
    example: '0b9d6d0e-5f6b-4a57-9d0c-6c1f1f0f7f10',
  },
  'If-Match': {
    name: 'If-Match',
    in: 'header',
    required: false,
    description: 'The `ETag` that you read: 412 when the resource has changed since.',
    schema: { type: 'string' },
    example: '"3"',
  },
};
export const SECURITY: Readonly<Record<string, Json>> = {
  bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'An access token in `Authorization: Bearer …`.' },
  accessToken: { type: 'apiKey', in: 'header', name: 'X-Access-Token', description: 'An access token, where `Authorization` is taken.' },
  cookie: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-plinth_access',
    description: 'The session cookie of browsers (`plinth_access` without https). Unsafe methods need a matching Origin.',
  },
  apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'A long-lived API key.' },
};

export const ABOUT = `Success is \`{ success: true, data, meta }\`; failure is \`{ success: false, error }\`, or the same as RFC 9457 when \`Accept\` names \`application/problem+json\`.

Times are ISO 8601 in UTC, ids UUIDv7, money whole minor units with an ISO 4217 currency. Besides what each operation lists, any may answer 405 for another method, 414 and 431 for an address or headers beyond the limits.`;
