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
    .pipe(z.array(z.enum(['sandbox'])))
    .optional()
    .describe('Who takes payments, the default first: `sandbox`. Default: the sandbox in development, nobody in production'),
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
  SANDBOX_WEBHOOK_URL: web
    .optional()
    .describe('Where the sandbox sends its webhooks. Default: http://127.0.0.1:PORT/api/v1/payments/webhooks/sandbox'),
};
export type ProviderName = 'sandbox';
export interface SandboxSettings {
  /** null: inside the server. */
  readonly url: string | null;
  readonly port: number;
  readonly key: string;
  readonly webhookSecret: string;
  /** null: the server on this machine, at its port. */
  readonly webhookUrl: string | null;
}
export interface PaymentSettings {
  readonly providers: readonly ProviderName[];
  readonly sandbox: SandboxSettings;
}

type Read = z.output<z.ZodObject<typeof paymentVariables>> & {
  readonly NODE_ENV: 'development' | 'test' | 'production';
};
export function paymentsOf(read: Read): { settings: PaymentSettings; problems: string[] } {
  const production = read.NODE_ENV === 'production';
  const providers = read.PAYMENT_PROVIDERS ?? (production ? [] : ['sandbox' as const]);
  const problems: string[] = [];
  if (production && providers.includes('sandbox')) {
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
  return { settings: { providers, sandbox }, problems };
}
