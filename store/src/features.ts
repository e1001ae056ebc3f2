import {
  access,
  account,
  apiKeys,
  audit,
  auth,
  impersonation,
  mfa,
  oauth,
  organizations,
  passkeys,
  passwordless,
  serviceAccounts,
  tokens,
  users,
} from '@plinth/core';
import { products } from './features/products/index.ts';

/** What this server is made of. Adding a feature is one folder and one line. */
export const features = [
  users,
  access,
  auth,
  passwordless,
  mfa,
  passkeys,
  oauth,
  account,
  apiKeys,
  serviceAccounts,
  organizations,
  tokens,
  impersonation,
  audit,
  products,
];
