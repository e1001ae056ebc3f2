import type { Actor } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CoreApp } from '../testing/index.ts';
import type { Payment, PaymentOrder } from './index.ts';

// One interface: what every provider has to do, asked of each in the same words, over the server's own operations.

/** A provider in a test: what the payer, their bank and the provider do there. */
export interface Bench extends CoreApp {
  readonly tokens: Readonly<Record<'pays' | 'declines' | 'asks', string>>;
  due(payer: string | null, over?: Partial<PaymentOrder>): Promise<Payment>;
  now(paymentId: string): Promise<Payment>;
  /** On the provider's page. */
  choose(payment: Payment, token: string): Promise<void>;
  /** The bank has asked. */
  answer(payment: Payment, passed: boolean): Promise<void>;
  failRefund(reference: string): Promise<void>;
  /** @returns the provider's id of it */
  dispute(payment: Payment, amount?: number): Promise<string>;
  closeDispute(reference: string, outcome: 'won' | 'lost'): Promise<void>;
  /** Its clock is behind by more than a minute: so its report, which leaves out what is too new, has all of the test. */
  readonly behind: boolean;
  /** The next answer is lost, after it was done. */
  loseAnswer(of: 'start' | 'capture' | 'refund'): Promise<void>;
  /** How often the provider's own book has this, and how much. Not of its fees: those are its affair. */
  moved(paymentId: string): Promise<[kind: string, amount: number][]>;
}

export function conforms(name: string, open: () => Promise<Bench>): void {
  describe(`one interface: ${name}`, () => {
    let bench: Bench;
    let [payer, admin]: Actor[] = [];
    beforeAll(async () => {
      bench = await open();
      [payer, admin] = [await bench.as('member'), await bench.as('admin')];
    });
    afterAll(() => bench?.stop());

    const call = async (paymentId: string, what: string, body: object, who = admin!): Promise<{ status: number; data: Payment }> => {
      const { status, json } = await bench.call('POST', `/api/v1/payments/${paymentId}/${what}`, { token: who.token, body });
      return { status, data: json.data };
    };
    const start = async (over: Partial<PaymentOrder>, body: object): Promise<Payment> => {
      const { id } = await bench.due(payer!.userId, over);
      return (await call(id, 'start', body, payer)).data;
    };
    const paid = async (over: Partial<PaymentOrder> = {}): Promise<Payment> => {
      const payment = await start(over, { method: bench.tokens.pays });
      await reaches(payment.id, over.capture === 'manual' ? 'authorized' : 'captured');
      return bench.now(payment.id);
    };
    const reaches = async (id: string, state: string, timeout = 15_000): Promise<void> => {
      await expect.poll(async () => (await bench.now(id)).state, { timeout }).toBe(state);
    };
    const facts = async (id: string): Promise<string[]> => {
      const { rows } = await bench.owner.query(
        `select name from (select name, subject_id, id from log.outbox union all select name, subject_id, id from log.events) f where subject_id = $1 order by id`,
        [id],
      );
      return rows.map((row) => String(row.name).replace('payments.', '')).filter((each) => !/created|-asked|refused|case/.test(each));
    };
    /** The accounts, by sum. */
    const booked = async (id: string): Promise<Record<string, number>> => {
      const { rows } = await bench.owner.query(
        `select e.account, sum(e.amount)::int as sum from payments.postings p join payments.entries e on e.posting_id = p.id where p.payment_id = $1 and p.kind not in ('fee', 'dispute-fee') group by e.account`,
        [id],
      );
      return Object.fromEntries(rows.map(({ account, sum }) => [account, sum]));
    };

    it('a token pays: captured once, in both books', async () => {
      const { id } = await paid();
      expect(await bench.moved(id)).toEqual([['capture', 10_000]]);
      expect(await booked(id)).toEqual({ customer: 0, revenue: -10_000, clearing: 10_000 });
      expect(await facts(id)).toEqual(['captured']);
    });
    it('on its page the payer chooses, the bank asks, and the webhook tells', async () => {
      const begun = await start({}, { returnUrl: 'https://shop.example.com/thanks' });
      expect(begun).toMatchObject({ state: 'requires_action', checkoutUrl: expect.stringMatching(/^http/) });
      await bench.choose(begun, bench.tokens.asks);
      expect((await bench.now(begun.id)).state).toBe('requires_action');
      await bench.answer(begun, true);
      await reaches(begun.id, 'captured');
      expect(await bench.moved(begun.id)).toEqual([['capture', 10_000]]);
    });
    it('with a token whose bank asks: the payer goes there, and says no', async () => {
      const begun = await start({}, { method: bench.tokens.asks, returnUrl: 'https://shop.example.com/thanks' });
      expect(begun).toMatchObject({ state: 'requires_action', checkoutUrl: expect.stringMatching(/^http/) });
      await bench.answer(begun, false);
      await reaches(begun.id, 'failed');
      expect(await bench.moved(begun.id)).toEqual([]);
    });
    it('a token that is declined fails, with its reason', async () => {
      const payment = await start({}, { method: bench.tokens.declines });
      expect(payment).toMatchObject({ state: 'failed', captured: 0, failure: expect.stringMatching(/declined?/) });
      expect([await bench.moved(payment.id), await facts(payment.id)]).toEqual([[], ['failed']]);
    });
    it('authorised by hand, captured in part, and the rest let go', async () => {
      const { id } = await paid({ capture: 'manual' });
      expect(await bench.moved(id)).toEqual([]);
      expect((await call(id, 'capture', { amount: 4_000 })).status).toBe(202);
      await reaches(id, 'captured');
      expect([(await bench.now(id)).captured, await bench.moved(id)]).toEqual([4_000, [['capture', 4_000]]]);
      expect(await booked(id)).toEqual({ customer: 0, revenue: -4_000, clearing: 4_000 });
    });
    it('authorised, and let go', async () => {
      const { id } = await paid({ capture: 'manual' });
      await call(id, 'cancel', {});
      await reaches(id, 'canceled');
      expect([await bench.moved(id), await facts(id)]).toEqual([[], ['authorized', 'canceled']]);
    });
    it('a page that nobody paid on is closed', async () => {
      const begun = await start({}, {});
      await call(begun.id, 'cancel', {});
      await reaches(begun.id, 'canceled');
      await expect(bench.choose(begun, bench.tokens.pays)).rejects.toThrow();
    });
    it('refunds in part and in full', async () => {
      const { id } = await paid();
      await call(id, 'refunds', { amount: 2_500, reason: 'Broken lid' });
      await reaches(id, 'partially_refunded');
      await call(id, 'refunds', { reason: 'Broken kettle' });
      await reaches(id, 'refunded');
      expect(await bench.moved(id)).toEqual([['capture', 10_000], ['refund', -2_500], ['refund', -7_500]]); // prettier-ignore
      expect(await booked(id)).toEqual({ customer: 0, revenue: -10_000, refunds: 10_000, clearing: 0 });
      expect(await facts(id)).toEqual(['captured', 'refunded', 'refunded']);
    });
    it('a refund that was given fails: its money is ours, and may be given again', async () => {
      const { id } = await paid();
      await call(id, 'refunds', { amount: 6_000, reason: 'Broken lid' });
      await reaches(id, 'partially_refunded');
      const given = await bench.owner.query('select reference from payments.refunds where payment_id = $1', [id]);
      await bench.failRefund(given.rows[0].reference);
      await reaches(id, 'captured');
      expect(await bench.now(id)).toMatchObject({ refunded: 0, refunding: 0 });
      expect(await booked(id)).toEqual({ customer: 0, revenue: -10_000, refunds: 0, clearing: 10_000 });
      expect(await bench.moved(id)).toEqual([['capture', 10_000], ['refund', -6_000], ['refund-failed', 6_000]]); // prettier-ignore
      expect((await call(id, 'refunds', { reason: 'Once more, to another account' })).data.amount).toBe(10_000);
      await reaches(id, 'refunded');
      expect(await facts(id)).toEqual(['captured', 'refunded', 'refund-failed', 'refunded']);
    });
    it.each([
      ['won', 'captured', 10_000, 0],
      ['lost', 'disputed', 0, 10_000],
    ] as const)('a dispute that is %s', async (outcome, state, clearing, disputes) => {
      const payment = await paid();
      const dispute = await bench.dispute(payment);
      await reaches(payment.id, 'disputed');
      await bench.closeDispute(dispute, outcome);
      await expect.poll(() => facts(payment.id), { timeout: 15_000 }).toEqual(['captured', 'disputed', 'dispute-closed']);
      expect((await bench.now(payment.id)).state).toBe(state);
      expect(await booked(payment.id)).toEqual({ customer: 0, revenue: -10_000, clearing, disputes });
    });
    it.each(['start', 'capture', 'refund'] as const)(
      'the answer to %s is lost after it was done: found by asking, done once',
      async (what) => {
        const payment =
          what === 'start' ? await bench.due(payer!.userId) : await paid({ capture: what === 'capture' ? 'manual' : 'automatic' });
        await bench.loseAnswer(what);
        // 200 where the provider's webhook was faster than the reply.
        if (what === 'start') expect([200, 202]).toContain((await call(payment.id, 'start', { method: bench.tokens.pays }, payer)).status);
        else await call(payment.id, what === 'refund' ? 'refunds' : what, what === 'refund' ? { reason: 'Broken lid' } : {});
        await reaches(payment.id, what === 'refund' ? 'refunded' : 'captured', 25_000);
        const moved = await bench.moved(payment.id);
        expect(moved).toEqual(what === 'refund' ? [['capture', 10_000], ['refund', -10_000]] : [['capture', 10_000]]); // prettier-ignore
      },
    );
    it('its report and the ledger agree on all of this', async () => {
      await bench.owner.query(`update payments.cases set closed_at = now(), reason = 'before' where closed_at is null`);
      const { json } = await bench.call('POST', '/api/v1/payments/reconciliation', { token: admin!.token, body: {} });
      const cases = await bench.call('GET', '/api/v1/payments/cases?state=open', { token: admin!.token });
      expect([json.data.differences, cases.json.data]).toEqual([0, []]);
      if (bench.behind) expect(json.data.movements).toBeGreaterThan(30);
    });
  });
}
