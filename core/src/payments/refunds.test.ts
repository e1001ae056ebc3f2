import { race, tally, type Actor } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { payments } from './index.ts';
import { caller, ok, payApp, type PayApp } from './payments.testing.ts';

let app: PayApp;
let [payer, admin]: Actor[] = [];
beforeAll(async () => {
  app = await payApp([], { quiet: true });
  [payer, admin] = [await app.as('member'), await app.as('admin')];
});
afterAll(() => app?.stop());

const paid = async (over: Parameters<PayApp['due']>[1] = {}) => {
  const { id } = await app.due(payer!.userId, over);
  return (await app.api(payments).start(caller, id, { method: 'tok_visa' })).payment;
};
const refund = (id: string, body: object) => app.call('POST', `/api/v1/payments/${id}/refunds`, { token: admin!.token, body });
const reaches = async (id: string, state: string): Promise<void> => {
  await expect.poll(async () => (await app.now(id)).state, { timeout: 10_000 }).toBe(state);
};
const booked = async (id: string): Promise<[string, string, number][]> => {
  const { rows } = await app.owner.query(
    'select p.kind, e.account, e.amount::int from payments.postings p join payments.entries e on e.posting_id = p.id where p.payment_id = $1 order by e.id',
    [id],
  );
  return rows.map(({ kind, account, amount }) => [kind, account, amount]);
};

describe('refunds', () => {
  it('S11: two of 60 on 100 at once: one is taken, and the sandbox has seen one', async () => {
    for (let round = 0; round < 5; round++) {
      const { id } = await paid();
      const replies = await race(2, () => refund(id, { amount: 6_000, reason: 'Broken lid' }));
      expect(tally(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 'died')))).toEqual({ 202: 1, 409: 1 });
      await reaches(id, 'partially_refunded');
      expect((await app.sandbox.moved(id)).filter(({ kind }) => kind === 'refund').map(({ amount }) => amount)).toEqual([-6_000]);
    }
  });
  it('S11: not even SQL of the role that serves gives back more than was captured', async () => {
    const { id } = await paid();
    const insert = (amount: number) =>
      app.kit.db.run({
        text: `insert into payments.refunds (id, payment_id, amount, reason) values (gen_random_uuid(), $1, $2, 'x')`,
        values: [id, amount],
      });
    await expect(insert(10_001)).rejects.toThrow(/payments_refunding_within_captured/);
    const both = await race(2, () => insert(6_000));
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
  it('S12: the measure is what was captured, not what was authorised', async () => {
    const { id } = await paid({ capture: 'manual' });
    expect((await refund(id, { amount: 1, reason: 'Too early' })).json.error.code).toBe('PAYMENT_STATE');
    await app.call('POST', `/api/v1/payments/${id}/capture`, { token: admin!.token, body: { amount: 4_000 } });
    await reaches(id, 'captured');
    expect(await app.now(id)).toMatchObject({ amount: 10_000, captured: 4_000 });
    const much = await refund(id, { amount: 4_001, reason: 'Broken lid' });
    expect([much.status, much.json.error.code]).toEqual([409, 'REFUND_TOO_MUCH']);
    for (const amount of [0, -1, 0.5]) expect((await refund(id, { amount, reason: 'Broken lid' })).status).toBe(422);
    expect((await refund(id, { reason: 'Broken lid' })).json.data.amount).toBe(4_000);
    await reaches(id, 'refunded');
  });
  it('P4: in part, then in full, each booked, each a fact', async () => {
    const { id } = await paid();
    const first = await refund(id, { amount: 2_500, reason: 'Broken lid' });
    await reaches(id, 'partially_refunded');
    await refund(id, { amount: 2_500, reason: 'Broken handle' });
    await expect.poll(async () => (await app.now(id)).refunded, { timeout: 10_000 }).toBe(5_000);
    await refund(id, { reason: 'Broken kettle' });
    await reaches(id, 'refunded');
    expect((await booked(id)).filter(([kind]) => kind === 'payout')).toHaveLength(6);
    const { json } = await app.call('GET', `/api/v1/payments/${id}/refunds`, { token: payer!.token });
    expect(json.data.map(({ amount, state }: { amount: number; state: string }) => [amount, state])).toEqual([
      [2_500, 'succeeded'],
      [2_500, 'succeeded'],
      [5_000, 'succeeded'],
    ]);
    expect(json.data[0].id).toBe(first.json.data.id);
  });
  it('P4: that the provider refuses fails, and what it held back is free again', async () => {
    const { id } = await app.due(payer!.userId);
    await app.api(payments).start(caller, id, { method: 'tok_refund_refused' });
    await refund(id, { amount: 6_000, reason: 'Broken lid' });
    await expect.poll(async () => (await app.now(id)).refunding, { timeout: 10_000 }).toBe(0);
    expect(await app.now(id)).toMatchObject({ state: 'captured', refunded: 0 });
  });
  it('P4: that was given and fails is ours again: booked back, and free to be given once more', async () => {
    const { id } = await paid();
    await refund(id, { amount: 6_000, reason: 'Broken lid' });
    await reaches(id, 'partially_refunded');
    await refund(id, { amount: 4_000, reason: 'Broken handle' });
    await reaches(id, 'refunded');
    const first = (await app.sandbox.moved(id)).find(({ kind }) => kind === 'refund');
    const look = () => (app.api(payments) as unknown as { look(by: typeof caller, id: string): Promise<void> }).look(caller, id);
    await app.sandbox.control('POST', `refunds/${first!.reference}/fail`);
    for (let i = 0; i < 3; i++) await look();
    expect(await app.now(id)).toMatchObject({ state: 'partially_refunded', refunded: 4_000, refunding: 4_000 });
    expect((await booked(id)).filter(([kind]) => kind.endsWith('-failed'))).toEqual([
      ['payout-failed', 'clearing', 6_000],
      ['payout-failed', 'customer', -6_000],
      ['refund-failed', 'customer', 6_000],
      ['refund-failed', 'refunds', -6_000],
    ]);
    expect((await refund(id, { amount: 6_001, reason: 'Too much' })).json.error.code).toBe('REFUND_TOO_MUCH');
    await refund(id, { amount: 6_000, reason: 'To another account' });
    await reaches(id, 'refunded');
  });
  it('P4: that fails before anybody has heard of it is booked both ways, and told once', async () => {
    const { id } = await paid();
    await app.sandbox.control('POST', 'faults', { on: 'refunds$', how: 'cut' });
    await refund(id, { amount: 6_000, reason: 'Broken lid' });
    await expect.poll(async () => (await app.sandbox.moved(id)).length).toBe(3);
    const given = (await app.sandbox.moved(id)).find(({ kind }) => kind === 'refund');
    await app.sandbox.control('POST', `refunds/${given!.reference}/fail`);
    await expect.poll(async () => (await app.now(id)).refunding, { timeout: 15_000 }).toBe(0);
    expect((await app.now(id)).state).toBe('captured');
    expect((await booked(id)).filter(([, account]) => account === 'refunds')).toEqual([
      ['refund', 'refunds', 6_000],
      ['refund-failed', 'refunds', -6_000],
    ]);
    const { rows } = await app.owner.query(`select name from (select name, subject_id from log.outbox union all select name, subject_id from log.events) f where subject_id = $1 and name like 'payments.refund%'`, [id]); // prettier-ignore
    expect(rows.map(({ name }) => String(name)).toSorted()).toEqual(['payments.refund-asked', 'payments.refund-failed']);
  });
  it('S10: whose answer is lost is found by asking: it is given back once', async () => {
    const { id } = await paid();
    await app.sandbox.control('POST', 'faults', { on: 'refunds$', how: 'cut' });
    const { json } = await refund(id, { amount: 6_000, reason: 'Broken lid' });
    await reaches(id, 'partially_refunded');
    expect((await app.sandbox.moved(id)).filter(({ kind }) => kind === 'refund')).toHaveLength(1);
    expect(await app.sandbox.asked(`${id}:refund:${json.data.id}`)).toBe(1);
  });
});

describe('authorisation', () => {
  const act = (id: string, what: string, body?: object) =>
    app.call('POST', `/api/v1/payments/${id}/${what}`, { token: admin!.token, body });
  it('P1: is captured once, however many ask', async () => {
    const { id, state } = await paid({ capture: 'manual' });
    expect(state).toBe('authorized');
    expect(await app.sandbox.moved(id)).toEqual([]);
    const replies = await race(16, () => act(id, 'capture', {}));
    expect(tally(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 'died')))).toEqual({ 202: 1, 409: 15 });
    await reaches(id, 'captured');
    expect((await app.sandbox.moved(id)).filter(({ kind }) => kind === 'capture')).toHaveLength(1);
  });
  it('S10: a capture whose answer is lost is found by asking: it is taken once', async () => {
    const { id } = await paid({ capture: 'manual' });
    await app.sandbox.control('POST', 'faults', { on: 'capture$', how: 'cut' });
    await act(id, 'capture', {});
    await reaches(id, 'captured');
    expect((await app.sandbox.moved(id)).filter(({ kind }) => kind === 'capture')).toHaveLength(1);
    expect(await app.sandbox.asked(`${id}:capture`)).toBe(1);
  });
  it('P1: is let go, and then takes no capture', async () => {
    const { id } = await paid({ capture: 'manual' });
    expect((await act(id, 'cancel')).status).toBe(202);
    await reaches(id, 'canceled');
    expect((await act(id, 'capture', {})).json.error.code).toBe('PAYMENT_STATE');
    expect(await app.sandbox.moved(id)).toEqual([]);
  });
  it('P1: with a card whose holder disputes it is authorised, and disputed once it is captured', async () => {
    const { id } = await app.due(payer!.userId, { capture: 'manual' });
    expect((await app.api(payments).start(caller, id, { method: 'tok_disputed' })).payment.state).toBe('authorized');
    await act(id, 'capture', {});
    await reaches(id, 'disputed');
    expect((await app.sandbox.moved(id)).map(({ kind }) => kind)).toEqual(['capture', 'fee', 'dispute', 'dispute-fee']);
  });
  it('P1: capture and cancellation at once: one of the two', async () => {
    const { id } = await paid({ capture: 'manual' });
    const replies = await race(2, (i) => (i === 0 ? act(id, 'capture', {}) : act(id, 'cancel')));
    expect(tally(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 'died')))).toEqual({ 202: 1, 409: 1 });
    await expect.poll(async () => (await app.now(id)).state, { timeout: 10_000 }).toMatch(/captured|canceled/);
  });
  it('P1: what no provider has heard of is cancelled at once', async () => {
    const { id } = await app.due(payer!.userId);
    expect(ok(await act(id, 'cancel')).state).toBe('canceled');
  });
  it('P1: cancelled while its start has no answer: let go once it is known how it began', async () => {
    const { id } = await app.due(payer!.userId, { capture: 'manual' });
    await app.sandbox.control('POST', 'faults', { on: 'POST /v1/payments$', how: 'cut' });
    const { known } = await app.api(payments).start(caller, id, { method: 'tok_visa' });
    expect([known, (await app.now(id)).state]).toEqual([false, 'created']);
    expect((await act(id, 'cancel')).status).toBe(202);
    await expect.poll(async () => (await app.now(id)).state, { timeout: 15_000 }).toBe('canceled');
    const { rows } = await app.owner.query('select action, state from payments.attempts where payment_id = $1 order by action', [id]);
    expect(rows).toEqual([
      { action: 'cancel', state: 'done' },
      { action: 'start', state: 'done' },
    ]);
  });
  it('P1: cancelled after the start was decided and before anybody asked: the provider never hears of it', async () => {
    const { id } = await app.due(payer!.userId);
    const attemptId = crypto.randomUUID();
    // As a process leaves it that dies between the two.
    await app.owner.query(`insert into payments.attempts (id, payment_id, action, key, request) values ($1, $2, 'start', $3, '{"method":"tok_visa"}')`, [attemptId, id, `${id}:start`]); // prettier-ignore
    expect(ok(await act(id, 'cancel')).state).toBe('canceled');
    await app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, app.kit.catalog.jobs.get('payments.act')!, { attemptId }));
    const left = `select 1 from pgboss.job where data -> 'payload' ->> 'attemptId' = $1 and state < 'completed'`;
    await expect.poll(async () => (await app.owner.query(left, [attemptId])).rowCount).toBe(0);
    expect([await app.sandbox.asked(`${id}:start`), await app.sandbox.moved(id)]).toEqual([0, []]);
  });
});
