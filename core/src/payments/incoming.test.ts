import { race, tally, type Actor } from '@plinth/kit/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signed } from '../webhooks/index.ts';
import { payments } from './index.ts';
import { caller, payApp, type PayApp, SECRET } from './payments.testing.ts';

// What the sandbox would send, sent by the test: copies, other orders, forgeries.

let app: PayApp;
let [payer, admin]: Actor[] = [];
beforeAll(async () => {
  app = await payApp([], { quiet: true });
  [payer, admin] = [await app.as('member'), await app.as('admin')];
});
afterAll(() => app?.stop());

interface Message {
  id: string;
  body: string;
}
const send = ({ id, body }: Message, { secret = SECRET, at = Date.now() } = {}) =>
  app.call('POST', '/api/v1/payments/webhooks/sandbox', {
    headers: { ...signed({ id, timestamp: Math.floor(at / 1000), body }, [secret]) },
    body,
  });
const sentFor = async (paymentId: string): Promise<Message[]> =>
  (await app.sandbox.control('GET', 'webhooks')).filter(({ body }: Message) => body.includes(paymentId));
/** Paid on the page, so that nobody here has heard of it yet. */
const paidThere = async (token = 'tok_visa') => {
  const { id } = await app.due(payer!.userId);
  const { payment } = await app.api(payments).start(caller, id, {});
  await app.sandbox.visit(payment, { token });
  return { ...payment, messages: await sentFor(id) };
};
const count = async (id: string, name: string): Promise<number> =>
  Number(
    (await app.owner.query(
      'select count(*) as n from (select name, subject_id from log.outbox union all select name, subject_id from log.events) f where subject_id = $1 and name = $2',
      [id, name],
    )).rows[0].n,
  ); // prettier-ignore
const postings = async (id: string): Promise<string[]> =>
  (await app.owner.query('select kind from payments.postings where payment_id = $1 order by kind', [id])).rows.map(({ kind }) => kind);

const badly: [string, { secret?: string; at?: number }][] = [
  ['forged', { secret: `whsec_${Buffer.alloc(24, 9).toString('base64')}` }],
  ['of six minutes ago', { at: Date.now() - 360_000 }],
  ['from the future', { at: Date.now() + 360_000 }],
];

describe('what a provider says', () => {
  it('S20: twenty copies at once have one effect', async () => {
    const { id, messages } = await paidThere();
    const captured = messages.at(-1)!;
    const replies = await race(20, () => send(captured));
    const told = tally(
      replies.map((reply) => (reply.status === 'fulfilled' ? `${reply.value.status} ${reply.value.json.data?.outcome}` : 'died')),
    );
    expect(told).toEqual({ '200 done': 1, '200 duplicate': 19 });
    expect(await app.now(id)).toMatchObject({ state: 'captured', captured: 10_000 });
    expect([await count(id, 'payments.captured'), await postings(id)]).toEqual([1, ['capture', 'fee', 'sale']]);
  });
  it('S20: the same news under another id has no second effect', async () => {
    const { id, messages } = await paidThere();
    const captured = messages.at(-1)!;
    await race(10, (i) => send({ id: `${captured.id}x${i}`, body: captured.body }));
    expect([await count(id, 'payments.captured'), await postings(id)]).toEqual([1, ['capture', 'fee', 'sale']]);
  });
  it('S20: an effect that is killed before its commit leaves no mark: sent again, it is done', async () => {
    const { id, messages } = await paidThere();
    const captured = messages.at(-1)!;
    // The connection dies under the effect, as with its process.
    const role = new pg.Client({ connectionString: app.database.appUrl });
    await role.connect();
    await app.owner.query('begin');
    await app.owner.query('select 1 from payments.payments where id = $1 for update', [id]);
    const first = send(captured);
    const waits = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and usename = current_user and wait_event_type = 'Lock'`;
    await expect.poll(async () => (await role.query(waits)).rowCount, { timeout: 1900, interval: 20 }).toBeGreaterThan(0);
    expect((await first).status).toBeGreaterThanOrEqual(500);
    await app.owner.query('rollback');
    await role.end();
    expect((await app.now(id)).state).toBe('requires_action');
    expect((await send(captured)).json.data).toEqual({ outcome: 'done' });
    expect((await send(captured)).json.data).toEqual({ outcome: 'duplicate' });
    expect([await count(id, 'payments.captured'), await postings(id)]).toEqual([1, ['capture', 'fee', 'sale']]);
  });
  it('S21: in any order it ends where the provider is', async () => {
    const { id, reference, messages: first } = await paidThere('tok_3ds');
    await app.sandbox.visit({ reference }, { answer: 'yes' }, '/authenticate');
    await app.sandbox.control('POST', `payments/${reference}/dispute`);
    const messages = await sentFor(id);
    expect(messages.length).toBeGreaterThan(first.length + 1);
    for (const message of messages.toReversed()) expect((await send(message)).status).toBe(200);
    expect(await app.now(id)).toMatchObject({ state: 'disputed', captured: 10_000 });
    expect(await postings(id)).toEqual(['capture', 'dispute', 'dispute-fee', 'fee', 'sale']);
  });
  it('S21: old news does not lead back where the table would let it', async () => {
    const { id, messages } = await paidThere('tok_processing');
    await send(messages.at(-1)!);
    expect((await app.now(id)).state).toBe('processing');
    expect((await send(messages[0]!)).json.data).toEqual({ outcome: 'done' });
    expect((await app.now(id)).state).toBe('processing');
  });
  it('S22: of one moment it is heard, and changes what it changes once', async () => {
    const { id, messages } = await paidThere();
    const captured = JSON.parse(messages.at(-1)!.body);
    const before = { ...captured, data: { ...captured.data, state: 'processing', captured: 0, capturedAt: null, fee: 0 } };
    await send({ id: `msg_a_${id}`, body: JSON.stringify(before) });
    await send({ id: `msg_b_${id}`, body: JSON.stringify(captured) });
    await send({ id: `msg_c_${id}`, body: JSON.stringify(before) });
    expect((await app.now(id)).state).toBe('captured');
    expect(await count(id, 'payments.captured')).toBe(1);
  });
  it('S23: cancelled stays cancelled, and that it is told to have been paid is a case', async () => {
    const { id, messages } = await paidThere();
    await app.owner.query(`update payments.payments set state = 'canceled' where id = $1`, [id]);
    expect((await send(messages.at(-1)!)).json.data).toEqual({ outcome: 'done' });
    expect((await app.now(id)).state).toBe('canceled');
    expect(await postings(id)).toEqual([]);
    const { json } = await app.call('GET', '/api/v1/payments/cases?state=open', { token: admin!.token });
    expect(json.data).toContainEqual(expect.objectContaining({ kind: 'state', paymentId: id }));
  });
  it('S14: that speaks of another amount, currency or payment changes nothing, and is a case', async () => {
    for (const lie of [{ amount: 9_999 }, { currency: 'JPY' }, { reference: 'pay_of_somebody_else' }, { captured: 10_001 }]) {
      const { id, messages } = await paidThere();
      const captured = JSON.parse(messages.at(-1)!.body);
      const body = JSON.stringify({ ...captured, data: { ...captured.data, ...lie } });
      expect((await send({ id: `msg_lie_${id}`, body })).json.data).toEqual({ outcome: 'done' });
      expect((await app.now(id)).state).toBe('requires_action');
      expect(await count(id, 'payments.captured')).toBe(0);
      const { rows } = await app.owner.query('select kind from payments.cases where payment_id = $1', [id]);
      expect(rows).toEqual([{ kind: 'mismatch' }]);
    }
  });
  it('S24: that comes before the payment is here is kept, and done once it is', async () => {
    const { messages } = await paidThere();
    const captured = JSON.parse(messages.at(-1)!.body);
    const paymentId = crypto.randomUUID();
    const data = { ...captured.data, paymentId, reference: `pay_${paymentId}` };
    expect((await send({ id: `msg_${paymentId}`, body: JSON.stringify({ ...captured, data }) })).json.data).toEqual({ outcome: 'early' });
    await app.owner.query(
      `insert into payments.payments (id, purpose_type, purpose_id, description, provider, currency, amount, capture) values ($1, 'test', 'early', '', 'sandbox', 'EUR', 10000, 'automatic')`,
      [paymentId],
    );
    await app.owner.query(`update webhooks.received set next_at = now() where state = 'early'`);
    await app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, app.kit.catalog.jobs.get('webhooks.retry-incoming')!, {}));
    await expect.poll(async () => (await app.now(paymentId)).state, { timeout: 10_000 }).toBe('captured');
  });
  it('S20: that cannot be kept is refused as unreadable, not failed at for ever', async () => {
    const { id, messages } = await paidThere();
    const captured = JSON.parse(messages.at(-1)!.body);
    const lies = [
      { failure: 'a\0b' },
      { capturedAt: 'yesterday' },
      { reference: '\ud800' },
      { refunds: [{ refundId: 'x', reference: 'r' }] },
    ];
    for (const [i, lie] of lies.entries()) {
      const reply = await send({ id: `msg_odd_${i}_${id}`, body: JSON.stringify({ ...captured, data: { ...captured.data, ...lie } }) });
      expect(reply.status, JSON.stringify(lie)).toBe(422);
    }
    expect((await app.now(id)).state).toBe('requires_action');
  });
  it.each(badly)('S19: %s it is refused, and nothing moves', async (_what, how) => {
    const { id, messages } = await paidThere();
    expect((await send(messages.at(-1)!, how)).status).toBe(401);
    expect((await app.now(id)).state).toBe('requires_action');
  });
  it('S18: is judged over the raw bytes', async () => {
    const { id, messages } = await paidThere();
    const message = messages.at(-1)!;
    const headers = signed({ ...message, timestamp: Math.floor(Date.now() / 1000) }, [SECRET]);
    const path = '/api/v1/payments/webhooks/sandbox';
    expect((await app.call('POST', path, { headers, body: `${message.body} ` })).status).toBe(401);
    expect((await app.now(id)).state).toBe('requires_action');
    expect((await app.call('POST', '/api/v1/payments/webhooks/nobody', { headers, body: message.body })).status).toBe(404);
  });
  it('S26: the payer who comes back and the webhook at once complete it once', async () => {
    const { id, messages } = await paidThere();
    const api = app.api(payments) as unknown as { look(c: typeof caller, id: string): Promise<void> };
    await race(12, (i) =>
      i % 2 === 0 ? api.look(caller, id) : send({ id: `msg_${i}_${id}`, body: messages.at(-1)!.body }).then(() => undefined),
    );
    expect([await count(id, 'payments.captured'), await postings(id)]).toEqual([1, ['capture', 'fee', 'sale']]);
  });
});

describe('disputes', () => {
  const tell = async (id: string) => {
    for (const message of await sentFor(id)) await send(message);
  };
  it.each([
    ['won', 'captured', ['capture', 'dispute', 'dispute-fee', 'dispute-won', 'fee', 'sale']],
    ['lost', 'disputed', ['capture', 'dispute', 'dispute-fee', 'fee', 'sale']],
  ] as const)('P4: %s: the payment is %s, and the ledger says so', async (outcome, state, kinds) => {
    const { id, reference } = await paidThere();
    const { disputes } = await app.sandbox.control('POST', `payments/${reference}/dispute`);
    await tell(id);
    expect((await app.now(id)).state).toBe('disputed');
    const { json } = await app.call('GET', '/api/v1/payments/disputes?state=open', { token: admin!.token });
    expect(json.data).toContainEqual(expect.objectContaining({ paymentId: id, amount: 10_000, state: 'open' }));
    await app.sandbox.control('POST', `disputes/${disputes[0].reference}/close`, { outcome });
    await tell(id);
    expect([(await app.now(id)).state, await postings(id)]).toEqual([state, kinds]);
    expect([await count(id, 'payments.disputed'), await count(id, 'payments.dispute-closed')]).toEqual([1, 1]);
  });
});

describe('two disputes of one payment', () => {
  /** As the provider would have it now, told in one message. */
  const tell = async (captured: { data: object }, disputes: object[], at = new Date()) => {
    const data = { ...captured.data, disputes, at: at.toISOString() };
    await send({ id: `msg_${crypto.randomUUID()}`, body: JSON.stringify({ ...captured, data }) });
  };
  const at = new Date().toISOString();
  const dispute = (reference: string, state: 'open' | 'won' | 'lost') => ({
    reference,
    amount: 4_000,
    fee: 0,
    reason: 'fraudulent',
    state,
    at,
    closedAt: state === 'open' ? null : at,
  });
  const ends = ['won', 'lost'] as const;
  const orders = ends.flatMap((a) => ends.flatMap((b) => ['one by one', 'both at once', 'unheard of'].map((how) => [a, b, how] as const)));
  it.each(orders)('P4: the first is %s, the second %s, %s: it is back where it was only when both are won', async (a, b, how) => {
    const { id, messages } = await paidThere();
    const captured = JSON.parse(messages.at(-1)!.body);
    const [first, second] = [`dsp_a_${id}`, `dsp_b_${id}`];
    if (how !== 'unheard of') await tell(captured, [dispute(first, 'open'), dispute(second, 'open')]);
    if (how === 'one by one') {
      await tell(captured, [dispute(first, a), dispute(second, 'open')]);
      expect((await app.now(id)).state).toBe('disputed');
    }
    await tell(captured, [dispute(first, a), dispute(second, b)]);
    expect((await app.now(id)).state).toBe(a === 'won' && b === 'won' ? 'captured' : 'disputed');
    expect([await count(id, 'payments.disputed'), await count(id, 'payments.dispute-closed')]).toEqual([2, 2]);
    const { rows } = await app.owner.query(`select sum(e.amount)::int as sum from payments.postings p join payments.entries e on e.posting_id = p.id where p.payment_id = $1 and e.account = 'disputes'`, [id]); // prettier-ignore
    expect(rows[0].sum).toBe([a, b].filter((end) => end === 'lost').length * 4_000);
  });
});

describe('P5: reconciliation', () => {
  const run = async () => (await app.call('POST', '/api/v1/payments/reconciliation', { token: admin!.token, body: {} })).json.data;
  const open = async () => (await app.call('GET', '/api/v1/payments/cases?state=open&limit=100', { token: admin!.token })).json.data;
  it('P5: finds what only the provider knows, once, and closes it with a reason', async () => {
    const { json } = await app.call('GET', '/api/v1/payments/reconciliation', { token: admin!.token });
    expect(json.data.latest).toBe(null);
    await app.sandbox.control('POST', 'book', { kind: 'capture', reference: 'pay_nobody', paymentId: null, amount: 500, currency: 'EUR', at: new Date(Date.now() - 120_000).toISOString() }); // prettier-ignore
    expect((await run()).differences).toBeGreaterThan(0);
    const found = (await open()).find(({ subject }: { subject: string }) => subject === 'sandbox:capture:pay_nobody');
    expect(found).toMatchObject({ kind: 'provider-only', details: { told: 500, booked: null } });
    await run();
    expect((await open()).filter(({ subject }: { subject: string }) => subject === 'sandbox:capture:pay_nobody')).toHaveLength(1);
    const close = () =>
      app.call('POST', `/api/v1/payments/cases/${found.id}/close`, { token: admin!.token, body: { reason: 'A test of theirs' } });
    expect((await close()).json.data).toMatchObject({ reason: 'A test of theirs' });
    expect((await close()).json.error.code).toBe('PAYMENT_CASE_CLOSED');
  });
  it('P5: finds what only the ledger knows, and a payment that is not what its entries say', async () => {
    const { id, messages } = await paidThere();
    const captured = JSON.parse(messages.at(-1)!.body);
    const at = new Date(Date.now() - 120_000).toISOString();
    // A provider that forgot: told to us, and in no report.
    const [paymentId, reference] = [crypto.randomUUID(), `pay_${crypto.randomUUID()}`];
    await app.owner.query(
      `insert into payments.payments (id, purpose_type, purpose_id, description, provider, currency, amount, capture) values ($1, 'test', 'x', '', 'sandbox', 'EUR', 10000, 'automatic')`,
      [paymentId],
    );
    await send({
      id: `msg_${paymentId}`,
      body: JSON.stringify({ ...captured, data: { ...captured.data, paymentId, reference, capturedAt: at } }),
    });
    expect((await app.now(paymentId)).state).toBe('captured');
    // And one whose row was written past the ledger.
    await app.owner.query(`update payments.payments set state = 'captured', captured = 10000 where id = $1`, [id]);
    await run();
    const cases = await open();
    expect(cases).toContainEqual(expect.objectContaining({ kind: 'ledger-only', subject: `sandbox:capture:${reference}`, paymentId }));
    expect(cases).toContainEqual(expect.objectContaining({ kind: 'ledger', paymentId: id }));
  });
});
