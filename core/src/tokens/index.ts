import { defineFeature } from '@plinth/kit';
import { auth } from '../auth/index.ts';
import * as contract from './contract.ts';
import { tokensController } from './controller.ts';
import { TokensService } from './service.ts';

export const tokens = defineFeature({
  name: 'tokens',
  needs: { auth },
  contract,
  setup: ({ config }, needs) => ({ api: {}, controller: tokensController(new TokensService({ config, ...needs })) }),
});
