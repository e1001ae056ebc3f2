import { expect, it } from 'vitest';
import { readConfig } from './config.ts';

const OWN = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://app@db.example/plinth',
  BASE_URL: 'https://shop.example.com',
  PLINTH_SECRET: 'a secret of a production server that is long enough 0123456789',
  SMTP_URL: 'smtp://user:password@mail.example:587',
  PAYMENT_PROVIDERS: 'sandbox',
  SANDBOX_URL: 'https://sandbox.example.com',
  SANDBOX_KEY: 'a key of our own',
  SANDBOX_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
};
const read = (over: Record<string, string> = {}) => readConfig({ ...OWN, ...over }, false).payments.providers;

it('the sandbox takes payments in production only where that is said aloud', () => {
  expect(() => read()).toThrow(/SANDBOX_IN_PRODUCTION/);
  expect(() => read({ SANDBOX_IN_PRODUCTION: '0' })).toThrow(/SANDBOX_IN_PRODUCTION/);
  expect(read({ SANDBOX_IN_PRODUCTION: '1' })).toEqual(['sandbox']);
});
