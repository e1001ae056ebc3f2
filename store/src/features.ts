import {
  access,
  account,
  apiKeys,
  audit,
  auth,
  impersonation,
  jobs,
  mfa,
  monitoring,
  oauth,
  organizations,
  organizationAudit,
  organizationWebhooks,
  passkeys,
  passwordless,
  payments,
  realtime,
  serviceAccounts,
  timeline,
  tokens,
  users,
  webhooks,
} from '@plinth/core';
import { orders } from './features/orders/index.ts';
import { products } from './features/products/index.ts';

import { projects } from './features/projects/index.ts';
import { reports } from './features/reports/index.ts';

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
  webhooks,
  organizationAudit,
  organizationWebhooks,
  tokens,
  impersonation,
  audit,
  realtime,
  jobs,
  monitoring,
  payments,
  timeline,
  products,
  projects,
  orders,
  reports,
];
