import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

const LIVE = {
  NODE_ENV: 'production',
  PLINTH_SECRET: 'JmC8l0yQm1tq0Vn2n9wq3yXo0o7Vh1b2c3d4e5f6g7h8',
  BASE_URL: 'https://api.example.com',
  DATABASE_URL: 'postgres://plinth@db.example.com/plinth',
  SMTP_URL: 'smtp://mail.example.com',
  PAYMENT_PROVIDERS: 'stripe',
  STRIPE_SECRET_KEY: 'sk_live_0123456789abcdef',
  STRIPE_WEBHOOK_SECRET: 'whsec_0123456789abcdef',
};
const read = (env: Readonly<Record<string, string>>) => readConfig(env, false).payments;

describe('who takes payments', () => {
  it('the sandbox in development, nobody in production', () => {
    expect(read({}).providers).toEqual(['sandbox']);
    const { PAYMENT_PROVIDERS: _, ...without } = LIVE;
    expect(read(without)).toMatchObject({ providers: [], stripe: null });
  });
  it('Stripe with its keys; two secrets of webhooks while one is replaced', () => {
    expect(read(LIVE).stripe).toEqual({ key: LIVE.STRIPE_SECRET_KEY, webhookSecrets: [LIVE.STRIPE_WEBHOOK_SECRET], url: null });
    const two = `${LIVE.STRIPE_WEBHOOK_SECRET}, whsec_fedcba9876543210`;
    expect(read({ ...LIVE, STRIPE_WEBHOOK_SECRET: two }).stripe?.webhookSecrets).toHaveLength(2);
    expect(read({ ...LIVE, STRIPE_API_URL: 'https://stripe.internal/' }).stripe?.url).toBe('https://stripe.internal');
  });
  it('a test key in production only where that is said', () => {
    const test = { ...LIVE, STRIPE_SECRET_KEY: 'rk_test_0123456789abcdef' };
    expect(() => read(test)).toThrow(/STRIPE_SECRET_KEY: is a test key: .* STRIPE_ALLOW_TEST_KEY=1/);
    expect(read({ ...test, STRIPE_ALLOW_TEST_KEY: '1' }).stripe?.key).toBe(test.STRIPE_SECRET_KEY);
    expect(
      read({ PAYMENT_PROVIDERS: 'stripe', STRIPE_SECRET_KEY: test.STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET: LIVE.STRIPE_WEBHOOK_SECRET })
        .stripe,
    ).not.toBe(null);
  });
  it.each([
    ['no key', { STRIPE_SECRET_KEY: '' }, /STRIPE_SECRET_KEY: is required/],
    ['no secret of webhooks', { STRIPE_WEBHOOK_SECRET: '' }, /STRIPE_WEBHOOK_SECRET: is required/],
    ['a publishable key', { STRIPE_SECRET_KEY: 'pk_live_0123456789abcdef' }, /must be a secret or restricted key/],
    ['a secret that is none', { STRIPE_WEBHOOK_SECRET: 'whsec_0123456789abcdef,topsecret' }, /must be the signing secret/],
    ['an address in clear', { STRIPE_API_URL: 'http://stripe.internal' }, /STRIPE_API_URL: must be https/],
    ['an address with a path', { STRIPE_API_URL: 'https://stripe.internal/v1' }, /STRIPE_API_URL: .* nothing but a host/],
  ])('not with %s, and no key is quoted', (_what, env, problem) => {
    expect(() => read({ ...LIVE, ...env })).toThrow(problem);
    expect(() => read({ ...LIVE, ...env })).not.toThrow(/0123456789/);
  });
});
