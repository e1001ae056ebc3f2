import { defineFeature } from '@plinth/kit';
import * as contract from './contract.ts';
import { realtimeController } from './controller.ts';

export { connectRealtime, userChannel } from './contract.ts';

/** The addresses of realtime, and everybody's own channel. What goes through channels is the kit's work. */
export const realtime = defineFeature({
  name: 'realtime',
  contract,
  setup: (kit) => ({ api: undefined, controller: realtimeController(kit.realtime, kit.catalog) }),
});
