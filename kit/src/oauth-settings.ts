import { z } from 'zod';

// The part of the configuration that says whom people may sign in with. Read by config.ts only.

const text = z.string().trim().min(1).max(2000);
const web = z.url({ protocol: /^https?$/ });

/** A provider by its issuer, as `OIDC_PROVIDERS` lists it. */
const Issuer = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,30}$/)
    .refine((id) => !['google', 'github', 'microsoft', 'apple'].includes(id), 'is the name of a preset'),
  name: z.string().min(1).max(60).optional(),
  issuer: web, // to the letter: some end in a slash, and say so in every token
  clientId: text,
  clientSecret: text,
  scope: z.string().min(1).max(500).default('openid email profile'),
});
const json = z
  .string()
  .transform((value, context) => {
    try {
      return JSON.parse(value) as unknown;
    } catch {
      context.addIssue('must be JSON: [{"id":"acme","issuer":"https://id.example.com","clientId":"…","clientSecret":"…"}]');
      return z.NEVER;
    }
  })
  .pipe(z.array(Issuer).max(50));
/** RFC 8252: https, a loopback address, or a scheme of the app's own, which holds a dot. */
const REDIRECT_URI = /^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/]|[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:\/)[^\s?#@\\]*$/;

export const oauthVariables = {
  GOOGLE_CLIENT_ID: text
    .optional()
    .describe('Sign-in with Google: client id and secret from its console. Redirect URI: BASE_URL/auth/oauth/google/callback'),
  GOOGLE_CLIENT_SECRET: text.optional().describe('Secret of that client'),
  GITHUB_CLIENT_ID: text.optional().describe('Sign-in with GitHub: an OAuth app. Redirect URI: BASE_URL/auth/oauth/github/callback'),
  GITHUB_CLIENT_SECRET: text.optional().describe('Secret of that app'),
  GITHUB_URL: web
    .transform((url) => url.replace(/\/+$/, ''))
    .default('https://github.com')
    .describe('GitHub Enterprise Server: its address'),
  MICROSOFT_CLIENT_ID: text
    .optional()
    .describe('Sign-in with Microsoft: an app registration. Redirect URI: BASE_URL/auth/oauth/microsoft/callback'),
  MICROSOFT_CLIENT_SECRET: text.optional().describe('Secret of that registration'),
  MICROSOFT_TENANT: z
    .string()
    .regex(/^[\w.-]+$/)
    .default('common')
    .describe('Who may come: `common`, `organizations`, `consumers`, or the id of one tenant'),
  APPLE_CLIENT_ID: text.optional().describe('Sign-in with Apple: the Services ID. Redirect URI: BASE_URL/auth/oauth/apple/callback'),
  APPLE_TEAM_ID: text.optional().describe('Team that the Services ID belongs to'),
  APPLE_KEY_ID: text.optional().describe('Id of the private key'),
  APPLE_PRIVATE_KEY: z
    .string()
    .transform((pem) => pem.replaceAll('\\n', '\n').trim())
    .pipe(z.string().regex(/^-----BEGIN PRIVATE KEY-----/, 'must be the .p8 file: -----BEGIN PRIVATE KEY-----…'))
    .optional()
    .describe('The private key (.p8, PEM); `\\n` stands for a line break'),
  OIDC_PROVIDERS: json
    .default([])
    .describe('Any other OpenID Connect provider, as JSON: [{"id","name","issuer","clientId","clientSecret"}]'),
  OAUTH_REDIRECT_URIS: z
    .string()
    .transform((list) =>
      list
        .split(',')
        .map((uri) => uri.trim())
        .filter(Boolean),
    )
    .pipe(
      z.array(
        z.string().max(2000).regex(REDIRECT_URI, 'must be https, a loopback address, or a scheme with a dot, without query and fragment'),
      ),
    )
    .default([])
    .describe('Pages of your own that take the answer of a provider themselves, exactly as registered there'),
};
const Read = z.object(oauthVariables);

export interface ProviderSettings {
  readonly kind: 'google' | 'microsoft' | 'apple' | 'github' | 'oidc';
  readonly id: string;
  readonly name: string;
  /** What identities are told apart by, with the subject. For GitHub its address. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | { readonly teamId: string; readonly keyId: string; readonly privateKey: string };
  readonly scope: string;
}
export interface OauthSettings {
  readonly providers: readonly ProviderSettings[];
  readonly redirectUris: readonly string[];
}

/** @returns the settings, and what is wrong with them. */
export function oauthOf(env: z.output<typeof Read>): { readonly settings: OauthSettings; readonly problems: readonly string[] } {
  const problems: string[] = [];
  /** All of a preset, or none. */
  const whole = <const N extends readonly (keyof typeof env)[]>(...names: N): { [I in keyof N]: string } | null => {
    const missing = names.filter((name) => env[name] === undefined);
    if (missing.length > 0 && missing.length < names.length)
      problems.push(
        `${missing.join(', ')}: ${missing.length === 1 ? 'is' : 'are'} missing beside ${names.find((name) => env[name] !== undefined)!}`,
      );
    return missing.length > 0 ? null : (names.map((name) => env[name]) as { [I in keyof N]: string });
  };
  const scope = 'openid email profile';
  const providers: ProviderSettings[] = [];
  const google = whole('GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET');
  if (google)
    providers.push({
      kind: 'google',
      id: 'google',
      name: 'Google',
      issuer: 'https://accounts.google.com',
      clientId: google[0],
      clientSecret: google[1],
      scope,
    });
  const github = whole('GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET');
  if (github)
    providers.push({
      kind: 'github',
      id: 'github',
      name: 'GitHub',
      issuer: env.GITHUB_URL,
      clientId: github[0],
      clientSecret: github[1],
      scope: 'read:user user:email',
    });
  const microsoft = whole('MICROSOFT_CLIENT_ID', 'MICROSOFT_CLIENT_SECRET');
  if (microsoft)
    providers.push({
      kind: 'microsoft',
      id: 'microsoft',
      name: 'Microsoft',
      issuer: `https://login.microsoftonline.com/${env.MICROSOFT_TENANT}/v2.0`,
      clientId: microsoft[0],
      clientSecret: microsoft[1],
      scope,
    });
  const apple = whole('APPLE_CLIENT_ID', 'APPLE_TEAM_ID', 'APPLE_KEY_ID', 'APPLE_PRIVATE_KEY');
  if (apple) {
    const [clientId, teamId, keyId, privateKey] = apple;
    providers.push({
      kind: 'apple',
      id: 'apple',
      name: 'Apple',
      issuer: 'https://appleid.apple.com',
      clientId,
      clientSecret: { teamId, keyId, privateKey },
      scope: 'openid email name',
    });
  }
  for (const { id, name = id, ...rest } of env.OIDC_PROVIDERS) providers.push({ kind: 'oidc', id, name, ...rest });
  const twice = providers.find(({ id }, index) => providers.findIndex((other) => other.id === id) !== index);
  if (twice) problems.push(`OIDC_PROVIDERS: '${twice.id}' is there twice`);
  return { settings: { providers, redirectUris: env.OAUTH_REDIRECT_URIS }, problems };
}
