import { setTimeout as sleep } from 'node:timers/promises';
import { defineEvent, defineFeature, defineJob, defineOperations, handle, perform, schedule } from '@plinth/kit';
import { z } from 'zod';
import { features } from '../src/features.ts';

// The store, with one feature more in which a request leads to a job and to a handler, and a schedule to a job: each leaves a
// row that names the process which did it.

const Deed = z.strictObject({ name: z.string(), seconds: z.number() });
const work = defineJob('deeds.work', Deed, { backoffSeconds: 1, concurrency: 8 });
const tick = defineJob('deeds.tick', z.strictObject({}), { total: 4 });
const asked = defineEvent('deeds.asked', Deed, { title: 'Deed asked for' });
const operations = defineOperations({
  ask: { method: 'POST', path: '/deeds', summary: 'Ask for a deed', access: 'public', body: Deed, publishes: [asked] },
});

const DONE = 'insert into deeds.done (what, name, pid, attempt, request_id) values ($1, $2, $3, $4, $5)';
const done = (what: string, name: string, attempt: number, requestId: string) => ({
  text: DONE,
  values: [what, name, process.pid, attempt, requestId],
});

const deeds = defineFeature({
  name: 'deeds',
  contract: { work, tick, asked, operations },
  migrations: `${import.meta.dirname}/migrations`,
  setup({ db, jobs, log }) {
    return {
      api: {},
      controller: {
        ask: async ({ caller, tx, body }) => {
          await log.publish(tx, caller, asked, body);
          await jobs.enqueue(tx, work, body);
        },
      },
      handlers: [
        perform(work, async ({ name, seconds }, { attempt, signal, caller }) => {
          const { requestId } = caller.origin;
          await db.run(done('began', name, attempt, requestId));
          const slept = await sleep(seconds * 1000, true, { signal }).catch(() => false);
          await db.run(done(slept ? 'ended' : 'stopped', name, attempt, requestId));
          signal.throwIfAborted();
        }),
        handle(asked, 'deeds.hear', async (tx, { payload, requestId }) => tx.write(done('heard', payload.name, 1, requestId))),
        perform(tick, async (_payload, { attempt, caller }) => void (await db.run(done('tick', '', attempt, caller.origin.requestId)))),
        schedule(tick, '0 0 1 1 *', {}),
      ],
    };
  },
});

/** What every process of these tests is made of. */
export const withDeeds = [...features, deeds];
