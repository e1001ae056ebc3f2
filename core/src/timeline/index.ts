import { defineFeature } from '@plinth/kit';
import { organizationWebhooks } from '../organization-webhooks/index.ts';
import { payments } from '../payments/index.ts';
import { webhooks } from '../webhooks/index.ts';
import * as contract from './contract.ts';
import { timelineController } from './controller.ts';
import { TimelineService } from './service.ts';

export const timeline = defineFeature({
  name: 'timeline',
  needs: { payments, webhooks, organizationWebhooks },
  contract,
  setup: (kit, needs) => ({ api: {}, controller: timelineController(new TimelineService({ ...kit, ...needs })) }),
});
