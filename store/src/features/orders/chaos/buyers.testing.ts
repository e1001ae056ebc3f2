// oxlint-disable vitest/no-standalone-expect -- a test runs what is made here
import { payments } from '@plinth/core';
import { uuidv7 } from '@plinth/kit';
import fc from 'fast-check';
import { expect } from 'vitest';
import { orders } from '../index.ts';
import { codeOf, command, death, one, orderOf, part, partOf, rowOf, token, trouble, which } from './command.testing.ts';
import { type Death, mortal } from './death.testing.ts';
import type { Trouble } from './gate.testing.ts';
import { newPay, type Ord, type Token } from './model.testing.ts';
import { caller, type Run } from './run.testing.ts';

// What buyers and sellers do.

export const place = command<{ product: number; quantity: number; death: Death | null }>(
  {
    name: 'place',
    needs: 'nothing',
    async run(model, run, { product, quantity, death }) {
      const { id: productId, price } = model.products[product]!;
      const buyer = run.world.buyer();
      const body = { lines: [{ productId, quantity }] };
      const reply = await run.insist(buyer, '/orders', body, death);
      if (reply.status !== 201) {
        expect(codeOf(reply)).toBe('OUT_OF_STOCK');
        const [row] = await run.world.sql<{ left: number }>('select stock - reserved as left from products.products where id = $1', [
          productId,
        ]);
        expect(row!.left).toBeLessThan(quantity);
        return;
      }
      const { id, paymentId, total } = reply.json.data;
      expect(total.amount).toBe(price * quantity);
      const order: Ord = { id, buyer, total: total.amount, product, quantity, pays: [], end: null, over: false, fulfilled: false };
      const pay = newPay({ id: paymentId, amount: total.amount, manual: false, payer: buyer, order });
      order.pays.push(pay);
      model.orders.push(order);
      model.pays.push(pay);
    },
  },
  { product: fc.nat({ max: 1 }), quantity: fc.integer({ min: 1, max: 3 }), death },
);
export const due = command<{ amount: number; manual: boolean }>(
  {
    name: 'due',
    needs: 'nothing',
    async run(model, run, { amount, manual }) {
      const payer = run.world.buyer();
      const order = { amount, currency: 'EUR', purpose: { type: 'test', id: uuidv7() }, payer: payer.userId, description: 'A kettle' };
      const { id } = await run.world.node.kit.db.transaction((tx) =>
        run.world.node.api(payments).create(caller, tx, { ...order, capture: manual ? 'manual' : 'automatic' }),
      );
      model.pays.push(newPay({ id, amount, manual, payer, order: null }));
    },
  },
  { amount: fc.integer({ min: 1, max: 20_000 }), manual: fc.boolean() },
);
export const start = command<{ which: number; token: Token | null; trouble: Trouble | null; death: Death | null }>(
  {
    name: 'start',
    needs: 'payments',
    async run({ pays }, run, { which, token, trouble, death }) {
      const pay = one(pays, which);
      const body = token === null ? {} : { method: token };
      await run.troubled(pay.id, trouble, async () => {
        const reply = await run.world.call(pay.payer, 'POST', `/payments/${pay.id}/start`, body, undefined, death);
        if (reply === null) return;
        expect(['200', '202', 'PAYMENT_STATE']).toContain(codeOf(reply));
        if (codeOf(reply) === 'PAYMENT_STATE')
          expect(['created', 'requires_action', 'processing']).not.toContain((await rowOf(run, pay)).state);
      });
      if (death) await run.world.kill();
      await run.noteStart(pay);
    },
  },
  { which, token: fc.option(token, { freq: 2, nil: null }), trouble, death },
);
export const cancelOrder = command<{ which: number; death: Death | null }>(
  {
    name: 'cancelOrder',
    needs: 'orders',
    async run({ orders }, run, { which, death }) {
      const order = one(orders, which);
      const before = await orderOf(run, order);
      const reply = await run.insist(order.buyer, `/orders/${order.id}/cancel`, undefined, death);
      expect(codeOf(reply)).toBe(['awaiting_payment', 'payment_failed', 'cancelled'].includes(before) ? '200' : 'ORDER_STATE');
      if (reply.status === 200) order.end = 'cancelled';
    },
  },
  { which, death },
);
/** Those whose time was over before, and that somebody held then, end with the next. */
export const noteExpired = async (run: Run, all: readonly Ord[]): Promise<void> => {
  for (const order of all) if (order.over && order.end === null && (await orderOf(run, order)) === 'expired') order.end = 'expired';
};
export const expire = command<{ which: number; death: Death | null }>(
  {
    name: 'expire',
    needs: 'orders',
    async run({ orders: all }, run, { which, death }) {
      const order = one(all, which);
      const before = await orderOf(run, order);
      order.over = true;
      await run.world.sql(`update orders.orders set expires_at = now() - interval '1 second' where id = $1`, [order.id]);
      const outcome = await mortal(death, () => run.world.node.api(orders).expire(caller, 50));
      if (outcome.died) {
        await run.world.kill();
        await run.world.node.api(orders).expire(caller, 50);
      }
      const [row] = await run.world.sql<{ waits: boolean }>(
        'select processing_since is not null as waits from orders.orders where id = $1',
        [order.id],
      );
      // While its bank has the payment at work it stays, and ends with the next.
      const unpaid = ['awaiting_payment', 'payment_failed'].includes(before) && !row!.waits;
      expect(await orderOf(run, order)).toBe(unpaid ? 'expired' : before);
      await noteExpired(run, all);
    },
  },
  { which, death },
);
export const fulfil = command<{ which: number; death: Death | null }>(
  {
    name: 'fulfil',
    needs: 'orders',
    async run({ orders }, run, { which, death }) {
      const order = one(orders, which);
      const reply = await run.insist(run.world.admin, `/orders/${order.id}/fulfil`, undefined, death);
      if (reply.status === 200) order.fulfilled = true;
      else expect(['ORDER_STATE', 'ORDER_DISPUTED', 'ORDER_GOES_BACK']).toContain(codeOf(reply));
    },
  },
  { which, death },
);
export const payAgain = command<{ which: number; death: Death | null }>(
  {
    name: 'payAgain',
    needs: 'orders',
    async run({ orders, pays }, run, { which, death }) {
      const order = one(orders, which);
      const before = await orderOf(run, order);
      const reply = await run.insist(order.buyer, `/orders/${order.id}/payments`, undefined, death);
      expect(codeOf(reply)).toBe(before === 'payment_failed' ? '201' : 'ORDER_STATE');
      if (reply.status !== 201) return;
      const pay = newPay({ id: reply.json.data.paymentId, amount: order.total, manual: false, payer: order.buyer, order });
      order.pays.push(pay);
      pays.push(pay);
    },
  },
  { which, death },
);
export const capture = command<{ which: number; part: number; death: Death | null }>(
  {
    name: 'capture',
    needs: 'payments',
    async run({ pays }, run, { which, part, death }) {
      const pay = one(pays, which);
      const { state } = await rowOf(run, pay);
      const amount = partOf(pay.amount, part);
      const reply = await run.insist(run.world.admin, `/payments/${pay.id}/capture`, part === 4 ? {} : { amount }, death);
      if (reply.status < 300) pay.captures.push(amount);
      else expect(codeOf(reply)).toBe(state === 'authorized' ? 'PAYMENT_ACTION_UNDER_WAY' : 'PAYMENT_STATE');
    },
  },
  { which, part, death },
);
export const cancel = command<{ which: number; death: Death | null }>(
  {
    name: 'cancel',
    needs: 'payments',
    async run({ pays }, run, { which, death }) {
      const pay = one(pays, which);
      const { state } = await rowOf(run, pay);
      const open = ['created', 'requires_action', 'processing', 'authorized'].includes(state);
      const reply = await run.insist(run.world.admin, `/payments/${pay.id}/cancel`, undefined, death);
      if (reply.status < 300) pay.cancels += 1;
      else expect(codeOf(reply)).toBe(open ? 'PAYMENT_ACTION_UNDER_WAY' : 'PAYMENT_STATE');
      await run.noteStart(pay);
    },
  },
  { which, death },
);
/** At once as often as asked for: together they are never more than was captured. */
export const refund = command<{ which: number; part: number; times: number; death: Death | null }>(
  {
    name: 'refund',
    needs: 'payments',
    async run({ pays }, run, { which, part, times, death }) {
      const pay = one(pays, which);
      const amount = partOf(pay.amount, part);
      const ask = (death: Death | null) =>
        run.insist(run.world.admin, `/payments/${pay.id}/refunds`, { amount, reason: 'The lid was broken' }, death);
      const replies = times === 1 ? [await ask(death)] : await Promise.all(Array.from({ length: times }, () => ask(null)));
      const { captured, refunding, disputed } = await rowOf(run, pay);
      expect(refunding).toBeLessThanOrEqual(captured);
      for (const reply of replies) {
        if (reply.status < 300) pay.refunds.set(reply.json.data.id, amount);
        else if (captured === 0) expect(codeOf(reply)).toBe('PAYMENT_STATE');
        else {
          expect(codeOf(reply)).toBe('REFUND_TOO_MUCH');
          expect(refunding + disputed + amount).toBeGreaterThan(captured);
        }
      }
    },
  },
  { which, part, times: fc.constantFrom(1, 1, 2, 3), death },
);
