import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { defineEvent, defineJob } from '../definitions.ts';
import { defineFeature, during, perform } from '../feature.ts';
import { defineOperations } from '../operation.ts';
import { serve } from './serve.ts';

// A server with careless code in it: nobody waits for what fails.

const strayed = defineEvent('stray.happened', z.object({}), { title: 'Strayed' });
const operations = defineOperations({
  promise: { method: 'POST', path: '/stray/promise', summary: 'Forgets a promise', access: 'public', publishes: [strayed] },
  throws: { method: 'POST', path: '/stray/throw', summary: 'Throws where nobody catches', access: 'public', publishes: [strayed] },
  slow: { method: 'GET', path: '/stray/slow', summary: 'Takes its time', access: 'public', reply: z.object({ ok: z.boolean() }) },
  well: { method: 'GET', path: '/stray/well', summary: 'Is well', access: 'public', reply: z.object({ ok: z.boolean() }) },
});
const stray = defineFeature({
  name: 'stray',
  contract: { operations, strayed, job: defineJob('stray.do', z.object({})) },
  setup: ({ log }) => ({
    api: {},
    controller: {
      promise: async ({ caller, tx }) => {
        void log.publish(tx, caller, strayed, {});
      },
      throws: async () => {
        setTimeout(() => {
          throw new Error('nobody catches this');
        }, 10);
      },
      well: () => ({ ok: true }),
      slow: async () => {
        await sleep(400);
        return { ok: true };
      },
    },
    handlers: [
      during(strayed, 'stray.fail', async (tx) => {
        await tx.run({ text: 'select 1 / 0', values: [] });
      }),
      perform(defineJob('stray.do', z.object({})), async () => undefined),
    ],
    door: {
      authenticate: () => null,
      decide: () => ({ id: 'd', allowed: true, reason: 'test' }),
      visible: () => {
        throw new Error('not here');
      },
    },
  }),
});

await serve([stray], '0');
