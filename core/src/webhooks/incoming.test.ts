import { defineEvent, defineFeature, defineOperations, raw, uuidv7 } from '@plinth/kit';
import { race, tally } from '@plinth/kit/testing';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { access } from '../access/index.ts';
import { auth } from '../auth/index.ts';
import { organizations } from '../organizations/index.ts';
import { coreApp, type CoreApp } from '../testing/index.ts';
import { users } from '../users/index.ts';
import { SignatureRefused, standardWebhooks, webhooks, WebhookUnreadable } from './index.ts';

const [OLD, NEW] = [`whsec_${Buffer.alloc(24, 1).toString('base64')}`, `whsec_${Buffer.alloc(24, 2).toString('base64')}`] as const;
const Body = z.object({ type: z.string(), timestamp: z.string(), data: z.object({ paymentId: z.string() }) });
const paid = defineEvent('till.paid', z.object({ paymentId: z.string() }), { title: 'Paid' });
const operations = defineOperations({
  receive: {
    method: 'POST',
    path: '/till/hooks',
    summary: 'What the bank says',
    access: 'public',
    tx: 'own',
    body: raw({ types: ['application/json'], limit: 65_536 }),
    reply: z.object({ outcome: z.string() }),
    publishes: [paid],
    errors: [SignatureRefused, WebhookUnreadable],
  },
});
/** A feature that gets webhooks, as docs/guides/webhooks.md shows it. */
const till = defineFeature({
  name: 'till',
  needs: { webhooks },
  contract: { paid, operations },
  setup: (kit, needs) => {
    const source = {
      name: 'till.bank',
      verify: standardWebhooks([NEW, OLD], kit.clock),
      read(body: string, headers: Readonly<Record<string, unknown>>) {
        const { type, timestamp, data } = Body.parse(JSON.parse(body));
        return { id: String(headers['webhook-id']), type, occurredAt: timestamp, data };
      },
      async handle(...[tx, { data }, caller]: Parameters<Parameters<typeof needs.webhooks.declare>[0]['handle']>) {
        const { paymentId } = data as { paymentId: string };
        if (paymentId === 'broken') throw new Error('the till is broken');
        const found = await tx.run({ text: 'update till set paid = paid + 1 where id = $1', values: [paymentId] });
        if (found.rowCount === 0) return 'early' as const;
        await kit.log.publish(tx, caller, paid, { paymentId });
        tx.write({ text: 'update till set paid = paid + 1 where id = $1', values: [`${paymentId} too`] });
        if (paymentId === 'half' && halves) throw new Error('the till broke half-way');
        return 'done' as const;
      },
    };
    needs.webhooks.declare(source);
    return {
      api: {},
      controller: {
        receive: async ({ caller, body, headers }) => ({ outcome: await needs.webhooks.receive(caller, source, body, headers) }),
      },
    };
  },
});

let app: CoreApp;
let halves = true;
beforeAll(async () => {
  app = await coreApp([users, access, auth, organizations, webhooks, till]);
  await app.owner.query('create table public.till (id text primary key, paid int not null default 0)');
  await app.owner.query('grant select, update on public.till to public');
});
afterAll(() => app?.stop());
beforeEach(async () => {
  await app.owner.query('truncate public.till; delete from webhooks.received');
});

const due = (id: string) => app.owner.query('insert into public.till (id) values ($1)', [id]);
const paidOf = async (id: string): Promise<number> =>
  (await app.owner.query('select paid from public.till where id = $1', [id])).rows[0].paid;
interface Sent {
  readonly id?: string;
  readonly secret?: string;
  readonly at?: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}
const bodyOf = (paymentId: string) => JSON.stringify({ type: 'payment.paid', timestamp: '2026-01-01T00:00:00Z', data: { paymentId } });
const send = (paymentId: string, { id = `msg_${uuidv7()}`, secret = NEW, at = 0, body = bodyOf(paymentId), headers = {} }: Sent = {}) => {
  const when = new Date(Date.now() + at * 1000);
  const signature = new Webhook(secret).sign(id, when, bodyOf(paymentId));
  return app.call('POST', '/api/v1/till/hooks', {
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(when.getTime() / 1000)),
      'webhook-signature': signature,
      ...headers,
    },
    body,
  });
};
const retry = async () => {
  await app.owner.query(`update webhooks.received set next_at = now() where state = 'early'`);
  await app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, app.kit.catalog.jobs.get('webhooks.retry-incoming')!, {}));
};

describe('a webhook that comes in', () => {
  it('S18: is verified over its raw bytes: the same JSON in other bytes is refused', async () => {
    await due('one');
    expect((await send('one')).json.data).toEqual({ outcome: 'done' });
    const spaced = await send('one', { body: `${bodyOf('one')} ` });
    expect([spaced.status, spaced.json.error.code]).toEqual([401, 'WEBHOOK_SIGNATURE_REFUSED']);
    // Not JSON at all, and signed by somebody else: the signature is what it hears of.
    expect((await send('one', { body: '{' })).status).toBe(401);
    expect(await paidOf('one')).toBe(1);
  });
  it.each([
    ['another secret', { secret: `whsec_${Buffer.alloc(24, 3).toString('base64')}` }],
    ['301 seconds ago', { at: -302 }],
    ['301 seconds ahead', { at: 302 }],
    ['without an id', { headers: { 'webhook-id': '' } }],
    ['under another id', { headers: { 'webhook-id': 'msg_other' } }],
    ['with another time', { headers: { 'webhook-timestamp': String(Math.floor(Date.now() / 1000) - 100) } }],
    ['with no number for a time', { headers: { 'webhook-timestamp': '1e9' } }],
    ['without a signature', { headers: { 'webhook-signature': '' } }],
    ['with a signature of another version', { headers: { 'webhook-signature': 'v2,AAAA' } }],
    ['with half a signature', { headers: { 'webhook-signature': 'v1,AAAA' } }],
  ] as const)('S19: sent %s is refused', async (_what, sent) => {
    await due('one');
    const { status, json } = await send('one', sent);
    expect([status, json.error.code]).toEqual([401, 'WEBHOOK_SIGNATURE_REFUSED']);
    expect(await paidOf('one')).toBe(0);
  });
  it('S19: counts with any signature of several, and of either secret while one is replaced', async () => {
    await due('one');
    expect((await send('one', { secret: OLD })).status).toBe(200);
    const id = `msg_${uuidv7()}`;
    const signature = new Webhook(NEW).sign(id, new Date(), bodyOf('one'));
    expect((await send('one', { id, headers: { 'webhook-signature': `v1,AAAA v2,BBBB ${signature}` } })).status).toBe(200);
    expect(await paidOf('one')).toBe(2);
  });
  it('S20: has one effect, however many copies come at once; all are answered 2xx', async () => {
    await due('one');
    const id = `msg_${uuidv7()}`;
    const replies = await race(20, () => send('one', { id }));
    expect(
      tally(replies.map((reply) => (reply.status === 'fulfilled' ? `${reply.value.status} ${reply.value.json.data?.outcome}` : 'died'))),
    ).toEqual({
      '200 done': 1,
      '200 duplicate': 19,
    });
    expect(await paidOf('one')).toBe(1);
  });
  it('S20: whose effect fails leaves no mark: sent again, it is done', async () => {
    const id = `msg_${uuidv7()}`;
    expect((await send('broken', { id })).status).toBe(500);
    expect((await app.owner.query('select 1 from webhooks.received')).rowCount).toBe(0);
  });
  it('S20: whose effect fails half-way leaves nothing of it, when it comes and when it is tried again', async () => {
    const id = `msg_${uuidv7()}`;
    await send('half', { id }); // too early
    await due('half');
    await due('half too');
    await retry();
    await expect.poll(async () => (await app.owner.query('select tries from webhooks.received')).rows[0].tries).toBe(3);
    expect((await send('half', { id })).status).toBe(500);
    expect([await paidOf('half'), await paidOf('half too')]).toEqual([0, 0]);
    halves = false;
    expect((await send('half', { id })).json.data).toEqual({ outcome: 'done' });
    expect([await paidOf('half'), await paidOf('half too')]).toEqual([1, 1]);
    halves = true;
  });
  it('S24: that comes before what it speaks of is kept, and done once that is there', async () => {
    const id = `msg_${uuidv7()}`;
    expect((await send('early', { id })).json.data).toEqual({ outcome: 'early' });
    await due('early');
    await retry();
    await expect.poll(() => paidOf('early')).toBe(1);
    expect((await send('early', { id })).json.data).toEqual({ outcome: 'duplicate' });
    expect(await paidOf('early')).toBe(1);
    const { rows } = await app.owner.query('select state, event from webhooks.received');
    expect(rows).toEqual([{ state: 'done', event: null }]);
  });
  it('S28: that was given up and is sent again is done', async () => {
    const id = `msg_${uuidv7()}`;
    await send('late', { id });
    await app.owner.query('update webhooks.received set tries = 30');
    await retry();
    await expect.poll(async () => (await app.owner.query('select state from webhooks.received')).rows[0].state).toBe('dead');
    await due('late');
    expect((await send('late', { id })).json.data).toEqual({ outcome: 'done' });
    expect(await paidOf('late')).toBe(1);
  });
  it('that says nothing known is refused as that, and leaves no mark', async () => {
    const id = `msg_${uuidv7()}`;
    const body = '{"type":"payment.paid"}';
    const signature = new Webhook(NEW).sign(id, new Date(), body);
    const { status, json } = await send('x', { id, body, headers: { 'webhook-signature': signature } });
    expect([status, json.error.code]).toEqual([422, 'WEBHOOK_UNREADABLE']);
  });
});
it.each([
  ['as a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }, [415]],
  ['with no type', { headers: { 'content-type': '' } }, [415]],
  ['larger than its limit', { body: 'x'.repeat(65_537) }, [413]],
  ['within its limit, and forged', { body: 'x'.repeat(65_536) }, [401]],
] as const)('S18: sent %s, it is refused', async (_what, sent, statuses) => {
  await due('one');
  expect(statuses).toContain((await send('one', sent)).status);
  expect(await paidOf('one')).toBe(0);
});
it('whose type Postgres cannot hold is refused as unreadable, not sent again for ever', async () => {
  const id = `msg_${uuidv7()}`;
  const body = JSON.stringify({ ...JSON.parse(bodyOf('x')), type: 'a\0' });
  const { status, json } = await send('x', { id, body, headers: { 'webhook-signature': new Webhook(NEW).sign(id, new Date(), body) } });
  expect([status, json.error.code]).toEqual([422, 'WEBHOOK_UNREADABLE']);
});
it('S19: no source begins with a secret that everybody knows', () => {
  const short = `whsec_${Buffer.alloc(23, 1).toString('base64')}`;
  for (const secrets of [[], [''], ['whsec_'], [NEW, ''], [short]])
    expect(() => standardWebhooks(secrets, app.kit.clock), JSON.stringify(secrets)).toThrow(/24 bytes/);
});
it('what was done, or given up, is forgotten after 90 days; what waits, never', async () => {
  await app.owner.query(`insert into webhooks.received (source, external_id, type, state, event, next_at, received_at)
    select 'till.bank', state || days, 'x', state, case when state <> 'done' then '{}' end, case when state = 'early' then now() + interval '1 hour' end, now() - make_interval(days => days)
    from unnest(array['done', 'early', 'dead']) state, unnest(array[89, 91]) days`);
  await app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, app.kit.catalog.jobs.get('webhooks.sweep')!, {}));
  const left = async () =>
    (await app.owner.query('select external_id as id from webhooks.received order by 1')).rows.map(({ id }) => id as string);
  await expect.poll(left).toEqual(['dead89', 'done89', 'early89', 'early91']);
});
it('two sources of one name are refused at the start', () => {
  const source = { name: 'till.bank' } as never;
  expect(() => app.api(webhooks).declare(source)).toThrow(/two sources/);
});
