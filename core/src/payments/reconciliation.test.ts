import type { Actor } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signed } from '../webhooks/index.ts';
import { CasesRepository } from './cases.repository.ts';
import { createCloseCase, createOpenCase } from './cases.ts';
import { payments } from './index.ts';
import { caller, payApp, type PayApp, SECRET } from './payments.testing.ts';
import type { Movement, Provider } from './provider.ts';
import { Reconciliations } from './reconciliation.ts';
import { PaymentsRepository } from './repository.ts';

let app: PayApp;
let [payer, admin]: Actor[] = [];
beforeAll(async () => {
  app = await payApp([], { quiet: true });
  [payer, admin] = [await app.as('member'), await app.as('admin')];
});
afterAll(() => app?.stop());

const ago = (ms = 120_000): string => new Date(Date.now() - ms).toISOString();
const begun = async () => {
  const { id } = await app.due(payer!.userId);
  return (await app.api(payments).start(caller, id, {})).payment;
};
const paid = async () => {
  const { id } = await app.due(payer!.userId);
  return (await app.api(payments).start(caller, id, { method: 'tok_visa' })).payment;
};
/** Captured two minutes ago, here and in the report. */
const paidAgo = async () => {
  const payment = await begun();
  const { id: paymentId, reference } = payment;
  const at = ago();
  const data = {
    paymentId, reference, state: 'captured', amount: 10_000, currency: 'EUR', captured: 10_000, capturedAt: at, fee: 0, failure: null, url: null,
    refunds: [], disputes: [], at: new Date().toISOString(),
  }; // prettier-ignore
  const body = JSON.stringify({ type: 'payment.captured', timestamp: at, data });
  const headers = signed({ id: `msg_${crypto.randomUUID()}`, timestamp: Math.floor(Date.now() / 1000), body }, [SECRET]);
  expect((await app.call('POST', '/api/v1/payments/webhooks/sandbox', { headers, body })).json.data.outcome).toBe('done');
  return payment;
};
const slip = (over: object) =>
  app.sandbox.control('POST', 'book', {
    kind: 'capture',
    reference: 'x',
    paymentId: null,
    amount: 10_000,
    currency: 'EUR',
    at: ago(),
    ...over,
  });
const reconcile = async () => (await app.call('POST', '/api/v1/payments/reconciliation', { token: admin!.token, body: {} })).json;
const found = async (subject: string) =>
  (await app.owner.query('select kind, details, payment_id, closed_at is null as open, reason from payments.cases where subject = $1 order by id', [subject])).rows; // prettier-ignore

const look = (id: string) => (app.api(payments) as unknown as { look(by: typeof caller, id: string): Promise<void> }).look(caller, id);

describe('what nobody tells of', () => {
  it('S27: what was asked about 200 times is asked about by reconciliation', async () => {
    const payment = await begun();
    await app.owner.query('update payments.payments set polls = 200, poll_at = now() where id = $1', [payment.id]);
    await look(payment.id);
    expect((await app.owner.query('select poll_at from payments.payments where id = $1', [payment.id])).rows[0].poll_at).toBe(null);
    await app.sandbox.visit(payment, { token: 'tok_visa' });
    await app.call('POST', '/api/v1/payments/reconciliation', { token: admin!.token, body: {} });
    await expect.poll(async () => (await app.now(payment.id)).state, { timeout: 10_000 }).toBe('captured');
  });
  it('S27: where the report differs, reconciliation asks how the payment stands', async () => {
    const { id, reference } = await paid();
    const { disputes } = await app.sandbox.control('POST', `payments/${reference}/dispute`);
    await app.sandbox.control('POST', 'book', { kind: 'dispute', reference: `${disputes[0].reference}_x`, paymentId: id, amount: -1, currency: 'EUR', at: ago() }); // prettier-ignore
    await app.call('POST', '/api/v1/payments/reconciliation', { token: admin!.token, body: {} });
    await expect.poll(async () => (await app.now(id)).state, { timeout: 10_000 }).toBe('disputed');
  });
});

describe('P5: reconciliation', () => {
  it('P5: sums what moved: the same, moved twice, is twice as much', async () => {
    const { id: paymentId, reference } = await paidAgo();
    await slip({ reference, paymentId });
    await reconcile();
    expect(await found(`sandbox:capture:${reference}`)).toEqual([]);
    await slip({ reference, paymentId });
    await reconcile();
    expect(await found(`sandbox:capture:${reference}`)).toMatchObject([
      { kind: 'amount', payment_id: paymentId, open: true, details: { told: 20_000, booked: 10_000 } },
    ]);
  });
  it('P5: a movement of somebody else’s, and one of a kind that we do not know, are cases, and stop nothing', async () => {
    await slip({ reference: 'pay_other_shop', paymentId: 'order-1001', amount: 1 });
    await slip({ reference: 'po_1', kind: 'payout-to-bank', amount: -5_000 });
    await slip({ reference: 'pay_last', amount: 3 });
    expect((await reconcile()).error).toBe(undefined);
    for (const subject of ['sandbox:capture:pay_other_shop', 'sandbox:other:po_1', 'sandbox:capture:pay_last'])
      expect(await found(subject), subject).toMatchObject([{ kind: 'provider-only', payment_id: null, open: true }]);
  });
  it('P5: a difference that is gone closes by itself, and only then', async () => {
    const { id: paymentId, reference } = await paidAgo();
    const subject = `sandbox:capture:${reference}`;
    for (let i = 0; i < 2; i++) await reconcile();
    expect(await found(subject)).toMatchObject([{ kind: 'ledger-only', open: true }]);
    await slip({ reference, paymentId });
    await reconcile();
    expect(await found(subject)).toMatchObject([{ kind: 'ledger-only', open: false, reason: 'seen equal' }]);
    // And of a payment and its entries.
    await app.owner.query('update payments.payments set captured = 9000 where id = $1', [paymentId]);
    for (let i = 0; i < 2; i++) await reconcile();
    expect(await found(paymentId)).toMatchObject([{ kind: 'ledger', open: true }]);
    await app.owner.query('update payments.payments set captured = 10000 where id = $1', [paymentId]);
    await reconcile();
    expect(await found(paymentId)).toMatchObject([{ kind: 'ledger', open: false, reason: 'seen equal' }]);
  });
  it('P5: a report that breaks off opens nothing', async () => {
    await slip({ reference: 'pay_half', amount: 7 });
    await app.sandbox.control('POST', 'faults', { on: 'GET /v1/report', how: 'error' });
    expect((await reconcile()).error.code).toBe('PAYMENT_PROVIDER_SILENT');
    expect(await found('sandbox:capture:pay_half')).toEqual([]);
    await reconcile();
    expect(await found('sandbox:capture:pay_half')).toHaveLength(1);
  });
  it('P5: a provider that is silent keeps no other from being compared, and is told of', async () => {
    const { kit } = app;
    const provider = (name: string, report: () => AsyncGenerator<readonly Movement[]>) =>
      ({ name, settleSeconds: 0, report }) as unknown as Provider;
    const all = [
      provider('silent', async function* () {
        yield [];
        throw new Error('it hung up');
      }),
      provider('talking', async function* () {
        yield [{ kind: 'capture', reference: 'pay_talking', paymentId: null, amount: 1, currency: 'EUR', at: ago() }];
      }),
    ];
    const providers = { all, get: (name?: string) => all.find((each) => each.name === name)!, start: async () => {}, stop: async () => {} };
    const cases = new CasesRepository();
    const deps = { ...kit, cases, payments: new PaymentsRepository(), providers };
    const both = new Reconciliations({ ...deps, openCase: createOpenCase(deps), closeCase: createCloseCase(deps) });
    await expect(both.all(caller)).rejects.toMatchObject({ code: 'PAYMENT_PROVIDER_SILENT' });
    const { rows } = await app.owner.query(`select subject from payments.cases where subject like '%pay_talking'`);
    expect(rows).toEqual([{ subject: 'talking:capture:pay_talking' }]);
  });
  it('P5: goes through payments page by page, by when they changed', async () => {
    await app.owner.query(`insert into payments.payments (id, purpose_type, purpose_id, description, provider, currency, amount, capture)
      select gen_random_uuid(), 'bulk', n::text, '', 'sandbox', 'EUR', 100, 'automatic' from generate_series(1, 1200) n`); // prettier-ignore
    await app.owner.query(
      `update payments.payments set state = 'captured', captured = 100, updated_at = now() where purpose_type = 'bulk'`,
    );
    await reconcile();
    const { rows } = await app.owner.query(`select count(*)::int as n from payments.cases c join payments.payments p on p.id = c.payment_id where purpose_type = 'bulk' and c.kind = 'ledger'`); // prettier-ignore
    expect(rows).toEqual([{ n: 1200 }]);
  });
});
