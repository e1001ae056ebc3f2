import { allow, definePermission } from '@plinth/kit';
import { z } from 'zod';
import { ORGANIZATION, ORGANIZATION_ADMIN } from '../organizations/index.ts';
import { endpointOperations } from '../webhooks/index.ts';

export const manageWebhooks = definePermission(
  'organization-webhooks:manage',
  'Manage the webhooks of an organization, and see what was delivered',
  [ORGANIZATION_ADMIN],
);
export const manage = allow(manageWebhooks, { scope: ORGANIZATION });
export const operations = endpointOperations('/organizations/:organizationId/webhooks', manage, z.object({ organizationId: z.uuid() }));
