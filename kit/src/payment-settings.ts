import { z } from 'zod';

// The part of the configuration that says who takes payments. Read by config.ts only.

const web = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));
/** Known to everybody, for money that does not exist. */
const KEY = 'sandbox-key';
const SECRET = `whsec_${Buffer.from('plinth sandbox webhook secret').toString('base64')}`;

export const paymentVariables = {
  PAYMENT_PROVIDERS: z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean),
    )
    .pipe(z.array(z.enum(['sandbox', 'stripe'])))
    .optional()
    .describe('Who takes payments, the default first: `sandbox`, `stripe`. Default: the sandbox in development, nobody in production'),
  SANDBOX_URL: web
    .optional()
    .describe('Sandbox of payments in a process of its own: npm run sandbox. Absent: inside the server, in development'),
  SANDBOX_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(3001)
    .describe('Port on 127.0.0.1 that the sandbox of payments listens on'),
  SANDBOX_KEY: z.string().min(8).default(KEY).describe('What the server shows the sandbox'),
  SANDBOX_WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/=]{24,}$/, 'must be whsec_ and base64')
    .default(SECRET)
    .describe('Signs what the sandbox sends'),
  SANDBOX_IN_PRODUCTION: z
    .enum(['0', '1', 'true', 'false'])
    .transform((text) => text === '1' || text === 'true')
    .default(false)
    .describe('Allow the sandbox in production, for a staging server: whoever chooses it has "paid", and no money moves'),
  SANDBOX_WEBHOOK_URL: web
    .optional()
    .describe('Where the sandbox sends its webhooks. Default: http://127.0.0.1:PORT/api/v1/payments/webhooks/sandbox'),
  STRIPE_SECRET_KEY: z
    .string()
    .trim()
    .regex(/^[sr]k_(test|live)_[A-Za-z0-9_]{8,}$/, 'must be a secret or restricted key: sk_live_… or rk_live_…, for tests sk_test_…')
    .optional()
    .describe('Key of your account at Stripe, secret or restricted: sk_live_…, rk_live_…'),
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean),
    )
    .pipe(
      z
        .array(z.string().regex(/^whsec_[A-Za-z0-9+/=_-]{16,}$/, 'must be the signing secret of the endpoint: whsec_…'))
        .min(1)
        .max(4),
    )
    .optional()
    .describe('Signing secret of the webhook endpoint at Stripe: whsec_…; two, with a comma, while one is being replaced'),
  STRIPE_ALLOW_TEST_KEY: z
    .enum(['0', '1', 'true', 'false'])
    .transform((text) => text === '1' || text === 'true')
    .default(false)
    .describe('Allow a test key of Stripe in production: for a staging server. No money moves with it'),
  STRIPE_API_URL: web
    .optional()
    .describe('Another address of the API of Stripe, for a simulator. The key is sent there. Default: https://api.stripe.com'),
};
export type ProviderName = 'sandbox' | 'stripe';
export interface SandboxSettings {
  /** null: inside the server. */
  readonly url: string | null;
  readonly port: number;
  readonly key: string;
  readonly webhookSecret: string;
  /** null: the server on this machine, at its port. */
  readonly webhookUrl: string | null;
}
export interface StripeSettings {
  readonly key: string;
  /** Any of them signs. */
  readonly webhookSecrets: readonly string[];
  /** null: Stripe's own. */
  readonly url: string | null;
}
export interface PaymentSettings {
  readonly providers: readonly ProviderName[];
  readonly sandbox: SandboxSettings;
  /** null: not among the providers. */
  readonly stripe: StripeSettings | null;
}

type Read = z.output<z.ZodObject<typeof paymentVariables>> & {
  readonly NODE_ENV: 'development' | 'test' | 'production';
};
export function paymentsOf(read: Read): { settings: PaymentSettings; problems: string[] } {
  const production = read.NODE_ENV === 'production';
  const providers = read.PAYMENT_PROVIDERS ?? (production ? [] : ['sandbox' as const]);
  const problems: string[] = [];
  if (production && providers.includes('sandbox')) {
    if (!read.SANDBOX_IN_PRODUCTION)
      problems.push(
        'PAYMENT_PROVIDERS: the sandbox moves no money: anybody would get anything. On a staging server set SANDBOX_IN_PRODUCTION=1',
      );
    if (read.SANDBOX_URL === undefined) problems.push('SANDBOX_URL: is required in production: the sandbox is a process of its own there');
    if (read.SANDBOX_KEY === KEY || read.SANDBOX_WEBHOOK_SECRET === SECRET)
      problems.push('SANDBOX_KEY, SANDBOX_WEBHOOK_SECRET: everybody knows the defaults: choose your own in production');
  }
  const sandbox: SandboxSettings = {
    url: read.SANDBOX_URL ?? null,
    // Tests run side by side.
    port: read.NODE_ENV === 'test' ? 0 : read.SANDBOX_PORT,
    key: read.SANDBOX_KEY,
    webhookSecret: read.SANDBOX_WEBHOOK_SECRET,
    webhookUrl: read.SANDBOX_WEBHOOK_URL ?? null,
  };
  const stripe = providers.includes('stripe') ? stripeOf(read, problems) : null;
  return { settings: { providers, sandbox, stripe }, problems };
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
/** Without its keys it is no provider, anywhere; with test keys it is none where people pay. */
function stripeOf(read: Read, problems: string[]): StripeSettings | null {
  const { STRIPE_SECRET_KEY: key, STRIPE_WEBHOOK_SECRET: webhookSecrets, STRIPE_API_URL: url = null } = read;
  if (key === undefined) problems.push('STRIPE_SECRET_KEY: is required where PAYMENT_PROVIDERS has stripe: dashboard.stripe.com/apikeys');
  if (webhookSecrets === undefined)
    problems.push(
      'STRIPE_WEBHOOK_SECRET: is required where PAYMENT_PROVIDERS has stripe: the signing secret of the endpoint BASE_URL/api/v1/payments/webhooks/stripe',
    );
  if (read.NODE_ENV === 'production' && key !== undefined && /^.k_test_/.test(key) && !read.STRIPE_ALLOW_TEST_KEY)
    problems.push(
      'STRIPE_SECRET_KEY: is a test key: nobody would pay. Use a live one in production, or STRIPE_ALLOW_TEST_KEY=1 on a staging server',
    );
  if (url !== null) {
    const { protocol, hostname, username, password, pathname, search } = new URL(url);
    if ((protocol !== 'https:' && !LOOPBACK.has(hostname)) || username + password + search !== '' || pathname !== '/')
      problems.push('STRIPE_API_URL: must be https (http only on this machine), and nothing but a host and a port');
  }
  return key === undefined || webhookSecrets === undefined ? null : { key, webhookSecrets, url };
}
