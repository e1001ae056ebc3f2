import type { Actor } from '@plinth/kit/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AttemptsRepository } from './attempts.repository.ts';
import { payments } from './index.ts';
import { caller, payApp, type PayApp } from './payments.testing.ts';

// A provider that is slow, away, or says what is not an answer.

let app: PayApp;
let [payer, admin]: Actor[] = [];
beforeAll(async () => {
  app = await payApp([], { quiet: true });
  [payer, admin] = [await app.as('member'), await app.as('admin')];
});
afterAll(() => app?.stop());
beforeEach(() => app.sandbox.control('POST', 'heal'));

const START = 'POST /v1/payments$';
const LOOK = 'GET /v1/payments$';
const fault = (on: string, how: string, over: object = {}) => app.sandbox.control('POST', 'faults', { on, how, ...over });
const start = async (method = 'tok_visa') => {
  const { id } = await app.due(payer!.userId);
  return (await app.api(payments).start(caller, id, { method })).payment;
};
const refund = (id: string, body: object) => app.call('POST', `/api/v1/payments/${id}/refunds`, { token: admin!.token, body });
const reaches = async (id: string, state: string, timeout = 25_000): Promise<void> => {
  await expect.poll(async () => (await app.now(id)).state, { timeout }).toBe(state);
};
const moved = async (id: string, kind: string) => (await app.sandbox.moved(id)).filter((each) => each.kind === kind).length;
const attempt = async (id: string, action = 'start') =>
  (await app.owner.query('select id, state, error from payments.attempts where payment_id = $1 and action like $2', [id, `${action}%`]))
    .rows[0];
const soon = (name: string, payload = {}) =>
  app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, app.kit.catalog.jobs.get(name)!, payload));

describe('what is no refusal', () => {
  it('S10: that we may not look leaves the outcome open: charged once, and captured here too', { timeout: 40_000 }, async () => {
    await fault(START, 'cut');
    await fault(LOOK, 'forbid', { times: 2 });
    const { id, state } = await start();
    expect(state).toBe('created');
    await reaches(id, 'captured');
    expect([await moved(id, 'capture'), await app.sandbox.asked(`${id}:start`)]).toEqual([1, 1]);
  });
  it('S10: a refund that we may not look for is given once, and counts', { timeout: 40_000 }, async () => {
    const { id } = await start();
    await fault('refunds$', 'cut');
    await fault(LOOK, 'forbid', { times: 2 });
    await refund(id, { amount: 4_000, reason: 'Broken lid' });
    await expect.poll(async () => (await attempt(id, 'refund')).state).toBe('unknown');
    expect((await app.now(id)).refunding).toBe(4_000);
    await reaches(id, 'partially_refunded');
    expect([await moved(id, 'refund'), (await app.now(id)).refunded]).toEqual([1, 4_000]);
  });
  it.each(['forbid', 'busy', 'error'])('S10: %s says nothing about what was done: it is asked again', { timeout: 40_000 }, async (how) => {
    await fault(START, how, { when: 'before' });
    const { id } = await start();
    await reaches(id, 'captured');
    expect([await moved(id, 'capture'), await app.sandbox.asked(`${id}:start`)]).toEqual([1, 2]);
  });
  it('S10: nothing is asked again while a call may be under way', { timeout: 60_000 }, async () => {
    await fault(START, 'hang', { when: 'before' });
    const began = Date.now();
    const { id } = await start();
    const waited = Date.now() - began;
    expect(waited).toBeGreaterThan(9_000); // until the call is given up
    await reaches(id, 'captured', 40_000);
    expect(Date.now() - began - waited).toBeGreaterThan(4_900); // and the provider has had its time to settle
    expect(await moved(id, 'capture')).toBe(1);
  });
  it('S10: the payer reads a word for it, and none of our errors', async () => {
    await fault(START, 'cut');
    const { id } = await start();
    const { json } = await app.call('GET', `/api/v1/payments/${id}/timeline`, { token: payer!.token });
    expect(json.data.attempts).toMatchObject([{ action: 'start', error: 'no_answer' }]);
  });
});

describe('a provider that is away', () => {
  it('S10: is asked ever more rarely, by one job, and a case after an hour, until it is back', { timeout: 60_000 }, async () => {
    await fault(START, 'cut');
    await fault(LOOK, 'error', { times: 10_000 });
    const { id } = await start();
    await new Promise((resolve) => setTimeout(resolve, 15_000));
    const { id: attemptId } = await attempt(id);
    const jobs = `select count(*)::int as n from pgboss.job_common where name = 'payments.act' and state in ('created', 'retry', 'active') and data::text like '%' || $1 || '%'`;
    expect((await app.owner.query(jobs, [attemptId])).rows[0].n).toBe(1);
    // Begun, and asked about after 2, 6 and 14 seconds.
    const { rows } = await app.owner.query('select fence from payments.attempts where id = $1', [attemptId]);
    expect(rows[0].fence).toBeLessThanOrEqual(4);
    await app.owner.query(`update payments.attempts set asked_at = now() - interval '2 hours' where id = $1`, [attemptId]);
    await soon('payments.act', { attemptId });
    const cases = async () =>
      (await app.owner.query('select kind, closed_at is null as open from payments.cases where payment_id = $1', [id])).rows;
    await expect.poll(cases).toEqual([{ kind: 'unknown', open: true }]);
    await app.sandbox.control('POST', 'heal');
    await soon('payments.act', { attemptId });
    await reaches(id, 'captured');
    expect(await cases()).toEqual([{ kind: 'unknown', open: false }]);
  });
  it('S10: an attempt whose job has died gets another', { timeout: 30_000 }, async () => {
    await fault(START, 'cut');
    const { id } = await start();
    const { id: attemptId } = await attempt(id);
    await app.owner.query(`delete from pgboss.job_common where name = 'payments.act' and data::text like '%' || $1 || '%'`, [attemptId]);
    await app.owner.query(`update payments.attempts set state = 'unknown', leased_until = null, settled_at = null, next_at = now() - interval '2 minutes' where id = $1`, [attemptId]); // prettier-ignore
    await soon('payments.poll');
    await reaches(id, 'captured');
    expect(await moved(id, 'capture')).toBe(1);
  });
});

describe('the lease', () => {
  it('S7: a holder who comes back late settles nothing, and whoever took over does', async () => {
    const { id } = await app.due(null);
    const [attempts, attemptId] = [new AttemptsRepository(), crypto.randomUUID()];
    const { db } = app.kit;
    const take = () => db.transaction((tx) => attempts.take(tx, attemptId));
    await db.transaction((tx) => attempts.insert(tx, { id: attemptId, paymentId: id, action: 'cancel', request: {} }, 0));
    const late = (await take())!;
    expect(await take()).toBe(undefined);
    await app.owner.query('update payments.attempts set leased_until = now() where id = $1', [attemptId]);
    const holder = (await take())!;
    expect([late.fence, holder.fence, holder.asked]).toEqual([1, 2, true]);
    const settled = { state: 'done', error: null, askIn: 0 } as const;
    expect(await attempts.calling(db, late)).toBe(false);
    expect(await db.transaction((tx) => attempts.settle(tx, late, settled))).toBe(false);
    expect((await attempt(id, 'cancel')).state).toBe('calling');
    expect(await attempts.calling(db, holder)).toBe(true);
    expect(await db.transaction((tx) => attempts.settle(tx, holder, settled))).toBe(true);
  });
});
