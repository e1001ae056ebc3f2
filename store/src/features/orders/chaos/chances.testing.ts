// oxlint-disable vitest/no-standalone-expect -- a test runs what is made here
import fc from 'fast-check';
import { expect } from 'vitest';
import * as buyers from './buyers.testing.ts';
import { command, death, one, trouble, which } from './command.testing.ts';
import type { Death } from './death.testing.ts';
import type { Trouble } from './gate.testing.ts';
import { orders } from '../index.ts';
import * as provider from './provider.testing.ts';
import { caller } from './run.testing.ts';

// Webhooks that come twice, late, backwards, forged or never; jobs that are done or die half-way; time.

const deliver = command<{ which: number; pick: 'oldest' | 'newest' | 'all' | 'backwards'; copies: number; death: Death | null }>(
  {
    name: 'deliver',
    needs: 'payments',
    async run({ pays }, run, { which, pick, copies, death }) {
      const waiting = await run.messages(one(pays, which));
      const picked =
        pick === 'oldest'
          ? waiting.slice(0, 1)
          : pick === 'newest'
            ? waiting.slice(-1)
            : pick === 'all'
              ? [...waiting]
              : waiting.toReversed();
      for (const message of picked) {
        const answers = await Promise.all(
          Array.from({ length: copies }, (_, i) => run.world.deliver(message, 'well', i === 0 ? death : null)),
        );
        if (answers.includes(null)) {
          run.unsure.add(message.id);
          await run.world.kill();
        }
        // What was answered well is not sent again.
        const taken = answers.filter((reply) => reply !== null && reply.status < 300);
        if (taken.length === 0) continue;
        waiting.splice(waiting.indexOf(message), 1);
        const done = taken.filter((reply) => reply!.json.data.outcome !== 'duplicate').length;
        // Nobody knows what one that died has done.
        if (answers.includes(null) || run.unsure.has(message.id)) expect(done).toBeLessThanOrEqual(1);
        else expect(done).toBe(1);
      }
    },
  },
  { which, pick: fc.constantFrom('oldest', 'newest', 'all', 'backwards'), copies: fc.constantFrom(1, 1, 2, 4), death },
);
const forge = command<{ which: number; how: 'forged' | 'stale' }>(
  {
    name: 'forge',
    needs: 'payments',
    async run({ pays }, run, { which, how }) {
      const pay = one(pays, which);
      for (const message of await run.messages(pay)) expect((await run.world.deliver(message, how))!.status).toBe(401);
    },
  },
  { which, how: fc.constantFrom('forged', 'stale') },
);
const drop = command<{ which: number }>(
  {
    name: 'drop',
    needs: 'payments',
    async run({ pays }, run, { which }) {
      const pay = one(pays, which);
      if ((await run.messages(pay)).splice(0).length > 0) run.lost.add(pay.id);
    },
  },
  { which },
);
const work = command<{ which: number; trouble: Trouble | null; death: Death | null }>(
  {
    name: 'work',
    needs: 'payments',
    async run(_model, run, { which, trouble, death }) {
      const jobs = await run.world.waiting(run.ids);
      if (jobs.length > 0) await run.perform(one(jobs, which), trouble, death);
    },
  },
  { which, trouble, death },
);
/** Somebody asks and is taken for dead; another one asks; the first comes back, now or when all is over. */
const takeOver = command<{ which: number; when: 'before' | 'after'; back: boolean }>(
  {
    name: 'takeOver',
    needs: 'payments',
    async run(_model, run, { which, when, back }) {
      const jobs = await run.world.waiting(run.ids);
      if (jobs.length === 0) return;
      const job = one(jobs, which);
      await run.perform(job, `hold ${when}`, null);
      await run.world.kill();
      await run.world.later(run.ids);
      await run.world.perform(job);
      if (back) await run.release();
    },
  },
  { which, when: fc.constantFrom('before', 'after'), back: fc.boolean() },
);
/** Everything that waits, at once. */
const storm = command<{ copies: number }>(
  {
    name: 'storm',
    needs: 'payments',
    async run({ pays }, run, { copies }) {
      const jobs = await run.world.waiting(run.ids);
      const mail = await Promise.all(pays.map((pay) => run.messages(pay)));
      const told = mail.flatMap((waiting) =>
        waiting.splice(0).map(async (message) => {
          const answers = await Promise.all(Array.from({ length: copies }, () => run.world.deliver(message)));
          if (!answers.some((reply) => reply !== null && reply.status < 300)) waiting.push(message);
        }),
      );
      await Promise.all([
        ...told,
        ...jobs.map((job) => run.world.perform(job)),
        ...pays.map((pay) => run.look(pay).catch(() => undefined)),
      ]);
    },
  },
  { copies: fc.constantFrom(1, 2) },
);
/** The buyer pays and thinks better of it while time runs out and the provider tells: at once. */
const rush = command<{ which: number; acts: readonly ('pay' | 'cancel' | 'expire' | 'hear' | 'fulfil' | 'work')[] }>(
  {
    name: 'rush',
    needs: 'orders',
    async run(model, run, { which, acts }) {
      const order = one(model.orders, which);
      const pay = order.pays.at(-1)!;
      const { world } = run;
      const [waiting, jobs] = [await run.messages(pay), await world.waiting([pay.id])];
      if (acts.includes('expire')) {
        order.over = true;
        await world.sql(`update orders.orders set expires_at = now() - interval '1 second' where id = $1`, [order.id]);
      }
      const told = acts.includes('hear') ? waiting.splice(0) : [];
      const does = {
        pay: () => world.call(pay.payer, 'POST', `/payments/${pay.id}/start`, { method: 'tok_visa' }),
        cancel: () => world.call(order.buyer, 'POST', `/orders/${order.id}/cancel`),
        expire: () => world.node.api(orders).expire(caller, 50),
        hear: () =>
          Promise.all(told.map(async (message) => ((await world.deliver(message))!.status < 300 ? undefined : waiting.push(message)))),
        fulfil: () => world.call(world.admin, 'POST', `/orders/${order.id}/fulfil`),
        work: () => Promise.all(jobs.map((job) => world.perform(job))),
      };
      await Promise.all(acts.map((act) => does[act]()));
      // Which of them was first is for nobody to know.
      const [row] = await world.sql<{ state: string; fulfilled: boolean }>(
        'select state, fulfilled_at is not null as fulfilled from orders.orders where id = $1',
        [order.id],
      );
      if (row!.state === 'cancelled' || row!.state === 'expired') order.end ??= row!.state;
      order.fulfilled = row!.fulfilled;
      await buyers.noteExpired(run, model.orders);
      await run.noteStart(pay);
    },
  },
  { which, acts: fc.shuffledSubarray(['pay', 'cancel', 'expire', 'hear', 'fulfil', 'work'], { minLength: 2 }) },
);
const later = command<object>({ name: 'later', needs: 'payments', run: (_model, run) => run.world.later(run.ids) }, {});
const release = command<object>({ name: 'release', needs: 'payments', run: (_model, run) => run.release() }, {});
const kill = command<object>({ name: 'kill', needs: 'payments', run: (_model, run) => run.world.kill() }, {});
const reconcile = command<object>(
  {
    name: 'reconcile',
    needs: 'payments',
    async run(_model, { world }) {
      // At most ten a minute over HTTP.
      const reply = await world.call(world.admin, 'POST', '/payments/reconciliation', {
        from: new Date(Date.now() - 180_000).toISOString(),
      });
      expect([200, 429]).toContain(reply!.status);
    },
  },
  {},
);

const weigh = <T>(weight: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T>[] => Array.from({ length: weight }, () => arbitrary);
/** Each as often as it has work to do. */
export const commands = [
  ...weigh(3, buyers.place),
  ...weigh(2, buyers.due),
  ...weigh(7, buyers.start),
  ...weigh(4, provider.choose),
  ...weigh(4, provider.payTooLate),
  ...weigh(3, provider.answer),
  ...weigh(3, buyers.capture),
  ...weigh(2, buyers.cancel),
  ...weigh(4, buyers.refund),
  ...weigh(2, provider.refundByHand),
  ...weigh(2, provider.dispute),
  ...weigh(2, provider.closeDispute),
  ...weigh(2, buyers.cancelOrder),
  ...weigh(2, buyers.expire),
  ...weigh(2, buyers.fulfil),
  ...weigh(2, buyers.payAgain),
  ...weigh(5, deliver),
  forge,
  drop,
  ...weigh(7, work),
  ...weigh(4, takeOver),
  ...weigh(2, storm),
  ...weigh(3, rush),
  ...weigh(2, later),
  release,
  kill,
  reconcile,
];
