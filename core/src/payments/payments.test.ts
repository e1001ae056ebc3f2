import { race, tally } from '@plinth/kit/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '@plinth/kit/testing';
import { ok, payApp, type PayApp } from './payments.testing.ts';

let app: PayApp;
let payer: Actor | undefined;
beforeAll(async () => {
  app = await payApp([], { env: { CORS_ORIGINS: 'https://shop.example.com', BASE_URL: 'https://api.example.com' } });
  payer = await app.as('member');
});
afterAll(() => app?.stop());
beforeEach(() => app.sandbox.control('POST', 'webhooks', { delayMs: 0, copies: 1, hold: 1, lose: false }));

const start = (paymentId: string, body: object, headers: Record<string, string> = {}, who = payer!) =>
  app.call('POST', `/api/v1/payments/${paymentId}/start`, { token: who.token, body, headers });
const timeline = async (paymentId: string) =>
  (await app.call('GET', `/api/v1/payments/${paymentId}/timeline`, { token: payer!.token })).json.data;
const states = async (paymentId: string): Promise<string[]> => (await timeline(paymentId)).transitions.map(({ to }: { to: string }) => to);
const reaches = async (paymentId: string, state: string, timeout = 10_000): Promise<void> => {
  await expect.poll(async () => (await app.now(paymentId)).state, { timeout }).toBe(state);
};

describe('a payment', () => {
  it('P1: with a token that pays is captured, and the sandbox’s own book says the same', async () => {
    const { id } = await app.due(payer!.userId);
    const paid = ok(await start(id, { method: 'tok_visa' }));
    expect(paid).toMatchObject({ state: 'captured', captured: 10_000, refunded: 0, checkoutUrl: null });
    expect(await states(id)).toEqual(['created', 'captured']);
    expect((await app.sandbox.moved(id)).map(({ kind, amount }) => [kind, amount])).toEqual([
      ['capture', 10_000],
      ['fee', -150],
    ]);
  });
  it('P1: on the provider’s page, with the bank’s question, is captured by the webhook', async () => {
    const { id } = await app.due(payer!.userId);
    const begun = ok(await start(id, { returnUrl: 'https://shop.example.com/thanks' }));
    expect(begun).toMatchObject({ state: 'requires_action', checkoutUrl: `${app.sandbox.url}/checkout/${begun.reference}` });
    const page = await (await fetch(begun.checkoutUrl!)).text();
    expect(page).toContain('tok_3ds');
    expect(page).not.toMatch(/<input/); // no field that could take a card
    const asked = await app.sandbox.visit(begun, { token: 'tok_3ds' });
    expect(asked.headers.get('location')).toBe(`${begun.checkoutUrl}/authenticate`);
    const back = await app.sandbox.visit(begun, { answer: 'yes' }, '/authenticate');
    expect(back.headers.get('location')).toBe('https://shop.example.com/thanks');
    await reaches(id, 'captured');
    expect(await states(id)).toEqual(['created', 'requires_action', 'captured']);
  });
  it('B57: the payer is sent back to this server or to an origin of CORS_ORIGINS, and nowhere else', async () => {
    const { id } = await app.due(payer!.userId);
    for (const returnUrl of [
      'https://evil.example/phish',
      'https://shop.example.com.evil.example/',
      'https://shop.example.com@evil.example/',
      '//evil.example',
      '/\\evil.example',
      'javascript:alert(1)',
      'https:evil.example',
    ]) {
      const { status, json, text } = await start(id, { returnUrl });
      expect([returnUrl, status, json.error.code]).toEqual([returnUrl, 422, 'PAYMENT_RETURN_URL_REFUSED']);
      expect(text).not.toContain('evil');
    }
    expect((await app.now(id)).state).toBe('created');
    const begun = ok(await start(id, { returnUrl: '/thanks?order=1' }));
    const back = await app.sandbox.visit(begun, { token: 'tok_visa' });
    expect(back.headers.get('location')).toBe('https://api.example.com/thanks?order=1');
  });
  it.each([
    ['tok_declined', 'card_declined'],
    ['tok_insufficient_funds', 'insufficient_funds'],
  ])('P1: with %s fails, and nothing moves', async (method, failure) => {
    const { id } = await app.due(payer!.userId);
    expect(ok(await start(id, { method }))).toMatchObject({ state: 'failed', failure, captured: 0 });
    expect(await app.sandbox.moved(id)).toEqual([]);
    expect((await start(id, { method: 'tok_visa' })).json.error.code).toBe('PAYMENT_STATE');
  });
  it('P1: that the bank of the payer does not believe fails', async () => {
    const { id } = await app.due(payer!.userId);
    const begun = ok(await start(id, { method: 'tok_3ds' }));
    expect(begun.checkoutUrl).toMatch(/authenticate$/);
    await app.sandbox.visit(begun, { answer: 'no' }, '/authenticate');
    await reaches(id, 'failed');
  });
  it('P1: that takes its time is processing, then captured', async () => {
    const { id } = await app.due(payer!.userId);
    const { reference } = ok(await start(id, { method: 'tok_processing' }));
    expect((await app.now(id)).state).toBe('processing');
    await app.sandbox.control('POST', `payments/${reference}/finish`, {});
    await reaches(id, 'captured');
  });
  it('S14: a client can say neither amount nor state', async () => {
    const { id } = await app.due(payer!.userId);
    for (const lie of [{ amount: 1 }, { state: 'captured' }, { captured: 10_000 }, { currency: 'JPY' }])
      expect((await start(id, lie)).status).toBe(422);
    expect((await app.now(id)).state).toBe('created');
  });
  it('S27: whose payer never comes back is captured all the same', async () => {
    const { id } = await app.due(payer!.userId);
    const begun = ok(await start(id, {}));
    await app.sandbox.visit(begun, { token: 'tok_visa' }); // and the tab is closed
    await reaches(id, 'captured');
  });
  it('S27: whose webhooks are all lost is found by asking', async () => {
    const { id } = await app.due(payer!.userId);
    const begun = ok(await start(id, {}));
    await app.sandbox.control('POST', 'webhooks', { lose: true });
    await app.sandbox.visit(begun, { token: 'tok_visa' });
    expect((await app.now(id)).state).toBe('requires_action');
    await app.owner.query('update payments.payments set poll_at = now() where id = $1', [id]);
    await app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, app.kit.catalog.jobs.get('payments.poll')!, {}));
    await reaches(id, 'captured');
  });
  it('S25: is there, with what is asked of the provider, before the provider is asked', async () => {
    const { id } = await app.due(payer!.userId);
    await app.sandbox.control('POST', 'faults', { on: 'POST /v1/payments$', when: 'before', how: 'cut' });
    expect((await start(id, { method: 'tok_visa' })).status).toBe(202);
    expect((await timeline(id)).attempts).toMatchObject([{ action: 'start', state: 'unknown' }]);
    await reaches(id, 'captured', 20_000); // it said that it knows nothing of it, long enough after
    expect((await app.sandbox.moved(id)).filter(({ kind }) => kind === 'capture')).toHaveLength(1);
  });
});

describe('once', () => {
  it('S8: thirty callers with one key: one charge at the provider, under a key made of payment and action', async () => {
    const { id } = await app.due(payer!.userId);
    const replies = await race(30, () => start(id, { method: 'tok_visa' }, { 'idempotency-key': 'pay-once' }));
    const statuses = tally(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 'died')));
    expect(
      Object.keys(statuses).every((status) => ['200', '409'].includes(status)),
      JSON.stringify(statuses),
    ).toBe(true);
    expect((await app.sandbox.moved(id)).filter(({ kind }) => kind === 'capture')).toHaveLength(1);
    const { keys } = await app.sandbox.control('GET', 'book');
    expect(keys.filter(([key]: [string]) => key.startsWith(id)).map(([key]: [string]) => key)).toEqual([`${id}:start`]);
    expect(ok(await start(id, { method: 'tok_visa' }, { 'idempotency-key': 'pay-once' }))).toMatchObject({ state: 'captured' });
  });
  it('S8: a transaction that Postgres has run again does not ask the provider again', async () => {
    const other = await app.as('member');
    const { id } = await app.due(other.userId);
    await app.owner.query(`create sequence public.once;
      create function public.conflict() returns trigger language plpgsql security definer as $$ begin
        if new.state = 'captured' and nextval('public.once') <= 1 then raise exception 'could not serialize' using errcode = '40001'; end if; return new;
      end $$;
      create trigger conflict before update on payments.payments for each row execute function public.conflict()`);
    try {
      expect(ok(await start(id, { method: 'tok_visa' }, {}, other)).state).toBe('captured');
      expect((await app.owner.query('select last_value::int as n from public.once')).rows[0].n).toBeGreaterThan(1);
    } finally {
      await app.owner.query('drop trigger conflict on payments.payments; drop function public.conflict(); drop sequence public.once');
    }
    expect(await app.sandbox.asked(`${id}:start`)).toBe(1);
    expect((await app.sandbox.moved(id)).filter(({ kind }) => kind === 'capture')).toHaveLength(1);
  });
  it('S7: thirty callers without a key: one asks the provider, nobody asks beside it', async () => {
    const other = await app.as('member'); // the calls of one caller in a minute are counted
    const { id } = await app.due(other.userId);
    const replies = await race(30, () => start(id, { method: 'tok_visa' }, {}, other));
    const statuses = tally(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 'died')));
    expect(
      Object.keys(statuses).every((status) => ['200', '202'].includes(status)),
      JSON.stringify(statuses),
    ).toBe(true);
    expect((await app.sandbox.moved(id)).filter(({ kind }) => kind === 'capture')).toHaveLength(1);
    const { rows } = await app.owner.query('select state, fence from payments.attempts where payment_id = $1', [id]);
    expect(rows).toEqual([{ state: 'done', fence: 1 }]);
    expect(await app.sandbox.asked(`${id}:start`)).toBe(1);
  });
  it.each(['cut', 'error'] as const)('S10: the answer is lost after the charge (%s): unknown, found by asking, one charge', async (how) => {
    await app.sandbox.control('POST', 'webhooks', { lose: true });
    const { id } = await app.due(payer!.userId);
    await app.sandbox.control('POST', 'faults', { on: 'POST /v1/payments$', how });
    const reply = await start(id, { method: 'tok_visa' }, { 'idempotency-key': `lost-${how}` });
    expect([reply.status, reply.json.data.state]).toEqual([202, 'created']);
    expect((await timeline(id)).attempts).toMatchObject([{ action: 'start', state: 'unknown' }]);
    await reaches(id, 'captured');
    expect((await timeline(id)).attempts).toMatchObject([{ action: 'start', state: 'done' }]);
    expect(await app.sandbox.asked(`${id}:start`)).toBe(1); // asked what it did, never to do it again
    expect((await app.sandbox.moved(id)).filter(({ kind }) => kind === 'capture')).toHaveLength(1);
  });
  it('S10: a process that dies after the charge leaves a lease that runs out; whoever takes it asks first', async () => {
    await app.sandbox.control('POST', 'webhooks', { lose: true });
    const { id } = await app.due(payer!.userId);
    await app.sandbox.control('POST', 'faults', { on: 'POST /v1/payments$', how: 'cut' });
    await start(id, { method: 'tok_visa' });
    // As the dead process has left it.
    await app.owner.query(`update payments.attempts set state = 'calling', leased_until = now() - interval '1 second' where payment_id = $1 and state <> 'done'`, [id]); // prettier-ignore
    await reaches(id, 'captured', 45_000);
    expect((await app.sandbox.moved(id)).filter(({ kind }) => kind === 'capture')).toHaveLength(1);
  });
});
