// oxlint-disable vitest/no-standalone-expect -- a test runs what is made here
import fc from 'fast-check';
import { expect } from 'vitest';
import { command, one, part, partOf, which } from './command.testing.ts';
import { type Token, TOKENS } from './model.testing.ts';

// What happens at the provider: payers on its page, their banks, refunds by hand.

/** Nobody here hears of what the payer chooses, unless they are told; somebody there may give it back before that. */
export const choose = command<{ which: number; token: Token; back: number }>(
  {
    name: 'choose',
    needs: 'payments',
    async run({ pays }, run, { which, token, back }) {
      const pay = one(pays, which);
      const said = await run.snapshot(pay);
      if (said?.state !== 'requires_action' || pay.token !== null) return;
      expect(await run.world.visit(said.reference, { token })).toBe(303);
      pay.token = token;
      if (back === 0 || token !== 'tok_visa' || pay.manual) return;
      const amount = partOf(pay.amount, back);
      await run.world.atSandbox('POST', `/v1/payments/${said.reference}/refunds`, { amount });
      pay.byHand.push(amount);
    },
  },
  { which, token: fc.constantFrom(...TOKENS), back: fc.constantFrom(0, 0, 2, 4) },
);
/** The buyer ends the order while its payer is on the page, and pays there; somebody there sees it and gives it back. */
export const payTooLate = command<{ which: number; back: number }>(
  {
    name: 'payTooLate',
    needs: 'orders',
    async run({ orders }, run, { which, back }) {
      const order = one(orders, which);
      const pay = order.pays.at(-1)!;
      if (order.end !== null || pay.begun) return;
      await run.world.call(pay.payer, 'POST', `/payments/${pay.id}/start`, {});
      await run.noteStart(pay);
      const said = await run.snapshot(pay);
      const ended = await run.world.call(order.buyer, 'POST', `/orders/${order.id}/cancel`);
      if (ended?.status === 200) order.end = 'cancelled';
      if (said?.state !== 'requires_action' || pay.token !== null) return;
      expect(await run.world.visit(said.reference, { token: 'tok_visa' })).toBe(303);
      pay.token = 'tok_visa';
      if (back === 0) return;
      const amount = partOf(pay.amount, back);
      await run.world.atSandbox('POST', `/v1/payments/${said.reference}/refunds`, { amount });
      pay.byHand.push(amount);
    },
  },
  { which, back: fc.constantFrom(0, 2, 4) },
);
export const answer = command<{ which: number; ok: boolean }>(
  {
    name: 'answer',
    needs: 'payments',
    async run({ pays }, run, { which, ok }) {
      const pay = one(pays, which);
      const said = await run.snapshot(pay);
      if (said?.state === 'requires_action' && pay.token === 'tok_3ds')
        expect(await run.world.visit(said.reference, { answer: ok ? 'yes' : 'no' }, '/authenticate')).toBe(303);
      else if (said?.state === 'processing')
        await run.world.atSandbox('POST', `/test/payments/${said.reference}/finish`, ok ? {} : { failure: 'no_cover' });
      else return;
      pay.answer = ok ? 'ok' : 'failed';
    },
  },
  { which, ok: fc.constantFrom(true, true, false) },
);
export const refundByHand = command<{ which: number; part: number }>(
  {
    name: 'refundByHand',
    needs: 'payments',
    async run({ pays }, run, { which, part }) {
      const pay = one(pays, which);
      const said = await run.snapshot(pay);
      if (!said || said.captured === 0 || pay.token === 'tok_refund_refused') return;
      const gone = [...said.refunds, ...said.disputes].filter(({ state }) => state !== 'failed' && state !== 'won');
      const left = said.captured - gone.reduce((sum, { amount }) => sum + amount, 0);
      if (left <= 0) return;
      const amount = Math.min(left, partOf(said.captured, part));
      await run.world.atSandbox('POST', `/v1/payments/${said.reference}/refunds`, { amount });
      pay.byHand.push(amount);
    },
  },
  { which, part },
);
export const dispute = command<{ which: number }>(
  {
    name: 'dispute',
    needs: 'payments',
    async run({ pays }, run, { which }) {
      const pay = one(pays, which);
      const said = await run.snapshot(pay);
      if (said?.state === 'captured') await run.world.atSandbox('POST', `/test/payments/${said.reference}/dispute`, {});
    },
  },
  { which },
);
export const closeDispute = command<{ which: number; outcome: 'won' | 'lost' }>(
  {
    name: 'closeDispute',
    needs: 'payments',
    async run({ pays }, run, { which, outcome }) {
      const open = (await run.snapshot(one(pays, which)))?.disputes.find(({ state }) => state === 'open');
      if (!open) return;
      await run.world.atSandbox('POST', `/test/disputes/${open.reference}/close`, { outcome });
      one(pays, which).disputes.set(open.reference, outcome);
    },
  },
  { which, outcome: fc.constantFrom('won', 'lost') },
);
