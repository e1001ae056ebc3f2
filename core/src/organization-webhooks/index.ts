import { defineFeature } from '@plinth/kit';
import { endpointsController, webhooks } from '../webhooks/index.ts';
import * as contract from './contract.ts';

export { manage as manageOrganizationWebhooks } from './contract.ts';

/** The webhooks of organizations: the same operations as on the server's own, below the organization's path. */
export const organizationWebhooks = defineFeature({
  name: 'organization-webhooks',
  needs: { webhooks },
  contract,
  setup: (_kit, { webhooks: { endpoints } }) => ({
    api: {},
    controller: endpointsController(endpoints, (caller, params) => ({
      organizationId: params['organizationId']!,
      visible: caller.visible(contract.manage),
    })),
  }),
});
