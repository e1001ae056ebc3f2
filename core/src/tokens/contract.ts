import { allow, bare, defineOperations, definePermission, form } from '@plinth/kit';
import { z } from 'zod';
import { signedOut } from '../auth/index.ts';

export const introspectTokens = definePermission('tokens:introspect', 'Ask whether a token is valid, and whose it is', ['admin']);

const Presented = z.strictObject({
  token: z.string().min(1).max(16_384).describe('As long as a request header can be'),
  token_type_hint: z.string().max(100).optional().describe('`access_token` or `refresh_token`; not needed'),
});
/** RFC 7662 §2.2: whatever is wrong with a token, no more is said than that it is not active. */
export const Introspection = z.object({
  active: z.boolean(),
  sub: z.string().optional(),
  sid: z.string().optional().describe('The session'),
  iss: z.string().optional(),
  aud: z.string().optional(),
  exp: z.int().optional(),
  nbf: z.int().optional(),
  token_type: z.literal('Bearer').optional(),
  act: z.object({ sub: z.string() }).optional().describe('Who acts as `sub` (RFC 8693 §4.1)'),
});
export type Introspection = z.output<typeof Introspection>;
/** RFC 8414, with what OpenID Connect Discovery asks for beyond it. */
const Metadata = z.object({
  issuer: z.string(),
  jwks_uri: z.string(),
  introspection_endpoint: z.string(),
  revocation_endpoint: z.string(),
  response_types_supported: z.array(z.string()),
  subject_types_supported: z.array(z.string()),
  id_token_signing_alg_values_supported: z.array(z.string()),
  service_documentation: z.string(),
});

export const operations = defineOperations({
  configuration: {
    method: 'GET',
    path: '/.well-known/openid-configuration',
    at: 'root',
    summary: 'Where keys and token services are (RFC 8414)',
    description: 'This server is no OpenID provider: it names no authorization endpoint.',
    access: 'public',
    reply: bare(Metadata),
  },
  introspect: {
    method: 'POST',
    path: '/oauth/introspect',
    summary: 'Is this access token valid, and whose is it? (RFC 7662)',
    description: 'For services, with an API key. Says at once when the session ended; the signature alone does not.',
    access: allow(introspectTokens),
    safe: true,
    secret: true,
    body: form(Presented),
    reply: bare(Introspection),
  },
  revoke: {
    method: 'POST',
    path: '/oauth/revoke',
    summary: 'End the session of this token (RFC 7009)',
    description: 'Takes an access or a refresh token; holding it is all it needs. Answers the same for every token.',
    access: 'public',
    secret: true,
    body: form(Presented),
    reply: bare(z.object({})),
    publishes: [signedOut],
    limit: { requests: 120, seconds: 60, by: 'address' },
  },
});
