import { defineFeature, during } from '@plinth/kit';
import type { Actor } from '@plinth/kit/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signed } from '../webhooks/index.ts';
import { type Payment, paymentCaptured, payments } from './index.ts';
import { caller, payApp, type PayApp, SECRET } from './payments.testing.ts';

/** Somebody who would give money back at once, as orders do that were cancelled. */
const seen = new Map<string, Payment>();
const watcher = defineFeature({
  name: 'watcher',
  needs: { payments },
  setup: (_kit, needs) => ({
    api: {},
    handlers: [
      during(paymentCaptured, 'watcher.see', async (tx, { payload: { paymentId } }) => {
        seen.set(paymentId, (await needs.payments.find(tx, paymentId))!);
      }),
    ],
  }),
});
let app: PayApp;
let [payer, admin]: Actor[] = [];
let role: pg.Client;
beforeAll(async () => {
  app = await payApp([watcher], { quiet: true });
  [payer, admin] = [await app.as('member'), await app.as('admin')];
  role = new pg.Client({ connectionString: app.database.appUrl });
  await role.connect();
});
afterAll(async () => {
  await role?.end();
  await app?.stop();
});

const at = (ms = 0): string => new Date(Date.now() + ms).toISOString();
const begun = async (start: object = {}, over: Parameters<PayApp['due']>[1] = {}) => {
  const { id } = await app.due(payer!.userId, over);
  return (await app.api(payments).start(caller, id, start)).payment;
};
const paid = () => begun({ method: 'tok_visa' });
/** As the provider would have it now, told by it. */
let later = 0;
const tell = async ({ id: paymentId, reference }: Payment, over: object = {}) => {
  const data = {
    paymentId, reference, state: 'captured', amount: 10_000, currency: 'EUR', captured: 10_000, capturedAt: at(), fee: 150, failure: null, url: null,
    refunds: [], disputes: [], at: at((later += 1000)), ...over,
  }; // prettier-ignore
  const body = JSON.stringify({ type: 'payment.updated', timestamp: at(), data });
  const headers = signed({ id: `msg_${crypto.randomUUID()}`, timestamp: Math.floor(Date.now() / 1000), body }, [SECRET]);
  const { status, json } = await app.call('POST', '/api/v1/payments/webhooks/sandbox', { headers, body });
  expect([status, json.data]).toEqual([200, { outcome: 'done' }]);
};
const refunded = (over: object) => ({ refundId: null, reference: `ref_${crypto.randomUUID()}`, amount: 6_000, state: 'succeeded', failure: null, at: at(), returnedAt: null, ...over }); // prettier-ignore
const disputed = (over: object) => ({ reference: 'dsp_1', amount: 10_000, fee: 0, reason: 'fraudulent', state: 'open', at: at(), closedAt: null, ...over }); // prettier-ignore
const look = (id: string) => (app.api(payments) as unknown as { look(by: typeof caller, id: string): Promise<void> }).look(caller, id);
const refund = (id: string, body: object) => app.call('POST', `/api/v1/payments/${id}/refunds`, { token: admin!.token, body });
const soon = (name: string, payload = {}) =>
  app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, app.kit.catalog.jobs.get(name)!, payload));
const kinds = async (id: string): Promise<string[]> =>
  (await app.owner.query('select kind from payments.postings where payment_id = $1 order by kind', [id])).rows.map(({ kind }) => kind);
const cases = async (id: string) =>
  (await app.owner.query('select kind, closed_at is null as open from payments.cases where payment_id = $1 order by kind', [id])).rows.map(
    ({ kind, open }) => `${kind} ${open ? 'open' : 'closed'}`,
  );
const polledIn = async (id: string): Promise<number | null> =>
  (await app.owner.query('select extract(epoch from poll_at - now())::int as s from payments.payments where id = $1', [id])).rows[0].s;

describe('what a dispute has taken', () => {
  it('S11: is not given back once more, open or lost: by request, by SQL, by the sandbox; won, it may be', async () => {
    for (const outcome of ['lost', 'won']) {
      const { id, reference } = await paid();
      const { disputes } = await app.sandbox.control('POST', `payments/${reference}/dispute`);
      await look(id);
      const refuses = async () => {
        expect((await refund(id, { reason: 'They asked' })).json.error.code).toBe('PAYMENT_STATE');
        expect((await refund(id, { amount: 1, reason: 'They asked' })).json.error.code).toBe('REFUND_TOO_MUCH');
        const insert = `insert into payments.refunds (id, payment_id, amount, reason) values (gen_random_uuid(), $1, 1, 'x')`;
        await expect(role.query(insert, [id])).rejects.toThrow(/beside what is disputed/);
        const reply = await fetch(`${app.sandbox.url}/v1/payments/${reference}/refunds`, {
          method: 'POST',
          headers: { authorization: 'Bearer sandbox-key', 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
          body: '{"amount":1}',
        });
        expect([reply.status, await reply.json()]).toEqual([422, { error: 'refund_disputed' }]);
      };
      await refuses();
      await app.sandbox.control('POST', `disputes/${disputes[0].reference}/close`, { outcome });
      await look(id);
      if (outcome === 'lost') await refuses();
      else expect((await refund(id, { reason: 'They asked' })).json.data.amount).toBe(10_000);
      expect((await app.now(id)).disputed).toBe(outcome === 'lost' ? 10_000 : 0);
    }
  });
  it('S11: counts, as what was given back by hand, before anybody hears of the capture', async () => {
    const payment = await begun();
    await tell(payment, { refunds: [refunded({ amount: 1_000 })], disputes: [disputed({ amount: 9_000 })] });
    expect(seen.get(payment.id)).toMatchObject({ captured: 10_000, refunding: 1_000, disputed: 9_000 });
    expect(await app.now(payment.id)).toMatchObject({ state: 'disputed', refunded: 1_000, disputed: 9_000 });
    expect(await kinds(payment.id)).toEqual(['capture', 'dispute', 'fee', 'payout', 'refund', 'sale']);
  });
  it('P4: won for another amount than it was opened for is a case, and books nothing', async () => {
    const payment = await paid();
    await tell(payment, { disputes: [disputed({})] });
    await tell(payment, { disputes: [disputed({ amount: 20_000, state: 'won', closedAt: at() })] });
    expect(await cases(payment.id)).toEqual(['mismatch open']);
    expect([(await app.now(payment.id)).state, await kinds(payment.id)]).toEqual(['disputed', ['capture', 'dispute', 'fee', 'sale']]);
  });
});

describe('a refund', () => {
  it('P4: made by hand where one of ours waits is a case; once ours is refused it is booked, and the case closes', async () => {
    const payment = await paid();
    const ours = crypto.randomUUID();
    await app.owner.query(`insert into payments.refunds (id, payment_id, amount, reason) values ($1, $2, 6000, 'x')`, [ours, payment.id]);
    const theirs = refunded({});
    await tell(payment, { refunds: [theirs] });
    expect([await cases(payment.id), (await app.now(payment.id)).refunded]).toEqual([['mismatch open'], 0]);
    expect(await polledIn(payment.id)).toBeGreaterThan(0);
    await app.owner.query(`update payments.refunds set state = 'failed', settled_at = now() where id = $1`, [ours]);
    await tell(payment, { refunds: [theirs] });
    expect([await cases(payment.id), (await app.now(payment.id)).refunded]).toEqual([['mismatch closed'], 6_000]);
  });
  it('P4: that we hold for refused, and was given after all, is booked, and a case', async () => {
    const payment = await paid();
    const refundId = crypto.randomUUID();
    await app.owner.query(`insert into payments.refunds (id, payment_id, amount, reason) values ($1, $2, 6000, 'x')`, [
      refundId,
      payment.id,
    ]);
    await app.owner.query(`update payments.refunds set state = 'failed', settled_at = now() where id = $1`, [refundId]);
    const given = refunded({ refundId });
    for (let i = 0; i < 2; i++) await tell(payment, { refunds: [given] });
    expect(await app.now(payment.id)).toMatchObject({ state: 'partially_refunded', refunding: 6_000, refunded: 6_000 });
    expect([await cases(payment.id), await kinds(payment.id)]).toEqual([['state open'], ['capture', 'fee', 'payout', 'refund', 'sale']]);
    // What the provider itself called failed stays so.
    await tell(payment, { refunds: [{ ...given, state: 'failed', returnedAt: at() }] });
    await tell(payment, { refunds: [given] });
    expect(await app.now(payment.id)).toMatchObject({ refunding: 0, refunded: 0 });
    expect(await cases(payment.id)).toEqual(['mismatch open', 'state open']);
  });
});

describe('a capture', () => {
  it('P5: whose fee is told later is booked with it, once; another fee is a case', async () => {
    const payment = await begun();
    await tell(payment, { fee: 0 });
    expect(await kinds(payment.id)).toEqual(['capture', 'sale']);
    for (const fee of [150, 150, 0]) await tell(payment, { fee });
    expect([await kinds(payment.id), await cases(payment.id)]).toEqual([['capture', 'fee', 'sale'], []]);
    await tell(payment, { fee: 300 });
    expect([await kinds(payment.id), await cases(payment.id)]).toEqual([['capture', 'fee', 'sale'], ['mismatch open']]);
  });
  it('S14: of which more is told to have been captured than before is a case', async () => {
    const payment = await begun({ method: 'tok_visa' }, { capture: 'manual' });
    await tell(payment, { captured: 4_000 });
    await tell(payment, { captured: 9_000 });
    expect([(await app.now(payment.id)).captured, await cases(payment.id)]).toEqual([4_000, ['mismatch open']]);
  });
  it('S14: of nothing is a case', async () => {
    const payment = await begun();
    await tell(payment, { captured: 0 });
    expect([(await app.now(payment.id)).state, await cases(payment.id)]).toEqual(['requires_action', ['mismatch open']]);
  });
  it('P1: that was asked for before is refused, not taken and dropped', async () => {
    const { id } = await begun({ method: 'tok_visa' }, { capture: 'manual' });
    await app.owner.query(`insert into payments.attempts (id, payment_id, action, key, request, state, settled_at) values (gen_random_uuid(), $1, 'capture', $2, '{}', 'done', now())`, [id, `${id}:capture`]); // prettier-ignore
    const { json } = await app.call('POST', `/api/v1/payments/${id}/capture`, { token: admin!.token, body: {} });
    expect(json.error.code).toBe('PAYMENT_ACTION_UNDER_WAY');
  });
});

describe('what nobody tells of', () => {
  it('S27: is asked about while a refund is on its way or a dispute open, and no longer', async () => {
    const payment = await paid();
    const pending = refunded({ state: 'pending' });
    await tell(payment, { refunds: [pending] });
    expect(await polledIn(payment.id)).toBeGreaterThan(0);
    await tell(payment, { refunds: [{ ...pending, state: 'succeeded' }] });
    expect(await polledIn(payment.id)).toBe(null);
  });
  it('S27: a dispute that is lost is heard by asking', async () => {
    const { id, reference } = await paid();
    const { disputes } = await app.sandbox.control('POST', `payments/${reference}/dispute`);
    await look(id);
    expect(await polledIn(id)).toBeGreaterThan(0);
    await app.sandbox.control('POST', `disputes/${disputes[0].reference}/close`, { outcome: 'lost' });
    await app.owner.query('update payments.payments set poll_at = now() where id = $1', [id]);
    await soon('payments.poll');
    const states = async () => (await app.owner.query('select state from payments.disputes where payment_id = $1', [id])).rows;
    await expect.poll(states, { timeout: 10_000 }).toEqual([{ state: 'lost' }]);
    await expect.poll(() => polledIn(id)).toBe(null);
  });
  it('S27: is asked about 200 times, and then no more', async () => {
    const { id } = await begun();
    await app.owner.query('update payments.payments set polls = 200, poll_at = now() where id = $1', [id]);
    await look(id);
    expect(await polledIn(id)).toBe(null);
  });
  it('S22: news of one moment that leads back is not believed: the provider is asked', async () => {
    const payment = await begun({ method: 'tok_processing' });
    const { at: moment } = JSON.parse(
      (await app.sandbox.control('GET', 'webhooks')).findLast(({ body }: { body: string }) => body.includes(payment.id)).body,
    ).data;
    const calls = async () =>
      (await app.sandbox.control('GET', 'calls')).filter((call: string) => call.startsWith('GET /v1/payments')).length;
    const before = await calls();
    await tell(payment, { state: 'requires_action', captured: 0, capturedAt: null, fee: 0, url: 'https://pay.example/x', at: moment });
    expect((await app.now(payment.id)).state).toBe('processing');
    await expect.poll(calls).toBe(before + 1);
    expect((await app.now(payment.id)).state).toBe('processing');
  });
});
