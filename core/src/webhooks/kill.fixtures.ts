import { defineEvent, defineFeature, defineOperations, raw } from '@plinth/kit';
import { serve } from '@plinth/kit/cli';
import { z } from 'zod';
import { access } from '../access/index.ts';
import { auth } from '../auth/index.ts';
import { organizations } from '../organizations/index.ts';
import { users } from '../users/index.ts';
import { SignatureRefused, standardWebhooks, webhooks, WebhookUnreadable } from './index.ts';

// A whole server that is killed: `kill.testing.ts` starts it. It knows nothing of vitest.

export const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
/** Where it kills itself, at the first webhook it is sent. */
export type Point = 'before its commit' | 'after its commit';
const point = process.env['KILL_AT'];
const dieAt = async (at: Point): Promise<void> => {
  if (point !== at) return;
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => undefined);
};

export const paid = defineEvent('counter.paid', z.object({ n: z.int() }), { title: 'Paid', public: true });
const Body = z.object({ type: z.string(), timestamp: z.string(), data: z.object({ n: z.int() }) });
const operations = defineOperations({
  receive: {
    method: 'POST',
    path: '/counter/hooks',
    summary: 'What the bank says',
    access: 'public',
    tx: 'own',
    body: raw({ types: ['application/json'], limit: 65_536 }),
    reply: z.object({ outcome: z.string() }),
    publishes: [paid],
    errors: [SignatureRefused, WebhookUnreadable],
  },
});
/** Each webhook adds a row and publishes a fact. */
const counter = defineFeature({
  name: 'counter',
  needs: { webhooks },
  contract: { paid, operations },
  setup: (kit, needs) => {
    const source = {
      name: 'counter.bank',
      verify: standardWebhooks([SECRET], kit.clock),
      read(body: string, headers: Readonly<Record<string, unknown>>) {
        const { type, timestamp, data } = Body.parse(JSON.parse(body));
        return { id: String(headers['webhook-id']), type, occurredAt: timestamp, data };
      },
      async handle(...[tx, { data }, caller]: Parameters<Parameters<typeof needs.webhooks.declare>[0]['handle']>) {
        const { n } = data as { n: number };
        await tx.run({ text: 'insert into public.kill_effects (n) values ($1)', values: [n] });
        await kit.log.publish(tx, caller, paid, { n });
        await dieAt('before its commit');
        return 'done' as const;
      },
    };
    needs.webhooks.declare(source);
    return {
      api: {},
      controller: {
        receive: async ({ caller, body, headers }) => {
          const outcome = await needs.webhooks.receive(caller, source, body, headers);
          await dieAt('after its commit');
          return { outcome };
        },
      },
    };
  },
});
export const killFeatures = [users, access, auth, organizations, webhooks, counter];

if (process.env['KILL_SERVE'] !== undefined) await serve(killFeatures, '0.0.0');
