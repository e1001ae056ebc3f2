import { coreApp, type CoreApp } from '@plinth/core/testing';
import { uuidv7 } from '@plinth/kit';
import type { Actor } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { features } from './features.ts';
import type { Order } from './features/orders/contract.ts';
import { placeOrder } from './features/orders/orders.fixtures.ts';
import { makeProduct } from './features/products/products.fixtures.ts';
import { connect, isWhole, type Outside, paidOrder, receipts, startOutside } from './timeline.testing.ts';

interface Step {
  readonly id: string;
  readonly kind: string;
  readonly at: string;
  readonly title: string;
  readonly name: string | null;
  readonly state: string | null;
  readonly detail: string | null;
  readonly durationMs: number | null;
  readonly cause: string | null;
  readonly reference: { type: string; id: string; path: string | null } | null;
  readonly subject: { type: string; id: string; path: string | null } | null;
  readonly origin: boolean;
}
interface Timeline {
  readonly origin: { type: string; id: string };
  readonly steps: readonly Step[];
  readonly shows: Record<string, boolean>;
  readonly cut: boolean;
}

let app: CoreApp;
let outside: Outside;
let admin: Actor;
let buyer: Actor;
let order: Order;
let placed: string;
let started: string;
let whole: Timeline;

const call = (who: Actor, method: string, path: string, body?: unknown) =>
  app.call(method, `/api/v1${path}`, { token: who.token, ...(body !== undefined && { body }) });
const get = (query: Record<string, string>, who = admin) => call(who, 'GET', `/timeline?${new URLSearchParams(query).toString()}`);
const timelineOf = async (query: Record<string, string>): Promise<Timeline> => {
  const reply = await get(query);
  expect(reply.status, reply.text).toBe(200);
  return reply.json.data;
};
const named = (name: string, kind: string, from = whole) => from.steps.find((step) => step.name === name && step.kind === kind)!;
/** The way to a step, from where it began. */
function wayTo(step: Step, { steps } = whole): string[] {
  const before = steps.find(({ id }) => id === step.cause);
  return [...(before ? wayTo(before, { ...whole, steps }) : []), `${step.kind} ${step.name}`];
}

beforeAll(async () => {
  outside = await startOutside();
  app = await coreApp([...features, receipts], { env: outside.env });
  [admin, buyer] = await Promise.all([app.as('admin'), app.as('member')]);
  await connect(app, admin, outside);
  ({ order, started } = await paidOrder(app, admin, buyer));
  const query = { subjectType: 'order', subjectId: order.id };
  await vi.waitUntil(async () => isWhole((whole = (await get(query)).json.data ?? { steps: [] }).steps), {
    timeout: 20_000,
    interval: 250,
  });
  placed = named('orders.placed', 'fact').cause!.replace('request:', '');
}, 60_000);
afterAll(() => Promise.all([app?.stop(), outside?.stop()]));

const idsOf = ({ steps }: Pick<Timeline, 'steps'>): string[] => steps.map(({ id }) => id).toSorted();
const someone = async (permissions: readonly string[]): Promise<Actor> => {
  const name = `role-${uuidv7()}`;
  const made = await call(admin, 'POST', '/access/roles', { name, title: 'Some', permissions });
  expect(made.status, made.text).toBe(201);
  return app.as(name);
};

describe('the course of an order', () => {
  it('goes over its requests to its mail, in order, each step with what led to it', () => {
    expect(wayTo(named('receipts.thanks', 'mail'))).toEqual([
      'request payments.start',
      'fact payments.start-asked',
      'provider start',
      'request payments.webhook',
      'provider payment.captured',
      'fact payments.captured',
      'fact orders.paid',
      'job receipts.order-paid',
      'attempt receipts.order-paid',
      'job receipts.thank',
      'attempt receipts.thank',
      'mail receipts.thanks',
    ]);
    const attempt = whole.steps.find(({ kind, name }) => kind === 'attempt' && name === 'orders.paid')!;
    expect(wayTo(attempt).slice(-3)).toEqual(['fact orders.paid', 'webhook orders.paid', 'attempt orders.paid']);
    const inPlace = whole.steps.filter(({ cause }) => cause === `request:${placed}`).map(({ name }) => name);
    expect(inPlace).toEqual(['products.stock-reserved', 'orders.placed', 'payments.created']);
    const answer = named('payments.requires-action', 'fact');
    expect(wayTo(answer).slice(-2)).toEqual(['provider start', 'fact payments.requires-action']);
    // In order, and none before its cause.
    const places = new Map(whole.steps.map(({ id }, place) => [id, place]));
    for (const { id, cause } of whole.steps) if (cause !== null) expect(places.get(cause)).toBeLessThan(places.get(id)!);
    const facts = whole.steps.filter(({ kind }) => kind === 'fact').map(({ at }) => at);
    expect(facts).toEqual(facts.toSorted());
    expect(facts.every((at) => /T[\d:]+\.\d{6}Z$/.test(at))).toBe(true);
    expect(whole).toMatchObject({ cut: false, origin: { type: 'order', id: order.id } });
  });

  it('says how each step stands, how long it took, and where it is shown', () => {
    expect(named('start', 'provider')).toMatchObject({
      title: 'sandbox asked to start',
      state: 'done',
      durationMs: expect.any(Number),
      reference: { type: 'payment', id: order.paymentId, path: `/payments/${order.paymentId!}` },
    });
    expect(named('receipts.thank', 'job')).toMatchObject({
      title: 'Thank for an order',
      state: 'completed',
      durationMs: expect.any(Number),
    });
    expect(named('orders.paid', 'attempt')).toMatchObject({ state: 'delivered', detail: 'answered 204' });
    expect(named('orders.place', 'request')).toMatchObject({ title: 'Place an order', detail: 'POST /orders' });
    expect(named('orders.paid', 'fact').subject).toEqual({ type: 'order', id: order.id, path: `/orders/${order.id}` });
    expect(named('receipts.thanks', 'mail')).toMatchObject({ title: 'Thanks for an order', state: 'sent' });
  });

  it('is the same from each of its ends, said by type or as an id of whatever', async () => {
    const { reference } = named('receipts.thank', 'job');
    const reaction = named('receipts.order-paid', 'job').reference!.id;
    const delivery = named('orders.paid', 'webhook').reference!.id;
    const paid = named('orders.paid', 'fact');
    const ends: [Record<string, string>, string, string | null][] = [
      [{ requestId: placed }, placed, `request:${placed}`],
      [{ requestId: started }, started, `request:${started}`],
      [{ subjectType: 'payment', subjectId: order.paymentId! }, order.paymentId!, null],
      [{ jobId: reference!.id }, reference!.id, `job:${reference!.id}`],
      [{ jobId: reaction }, reaction, `job:${reaction}`],
      [{ deliveryId: delivery }, delivery, `webhook:${delivery}`],
      [{ factId: paid.id.slice('fact:'.length) }, paid.id.slice('fact:'.length), paid.id],
      [{ position: paid.reference!.id }, paid.id.slice('fact:'.length), paid.id],
      [{ subjectType: 'order', subjectId: order.id }, order.id, null],
    ];
    for (const [query, id, origin] of ends)
      for (const asked of [query, { id }]) {
        const timeline = await timelineOf(asked);
        expect([asked, idsOf(timeline)]).toEqual([asked, idsOf(whole)]);
        expect(timeline.steps.filter((step) => step.origin).map((step) => step.id)).toEqual(origin === null ? [] : [origin]);
      }
  });

  it('holds nothing of another order that the same run ended, and that run itself holds both', async () => {
    const { id: productId } = await makeProduct(app, admin, { stock: 5 });
    const both = [
      await placeOrder({ app }, buyer, [{ productId, quantity: 1 }]),
      await placeOrder({ app }, buyer, [{ productId, quantity: 1 }]),
    ];
    await app.owner.query(`update orders.orders set expires_at = now() - interval '1 second' where id = any($1)`, [
      both.map(({ id }) => id),
    ]);
    await app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, app.kit.catalog.jobs.get('orders.expire')!, {}));
    const first = () => timelineOf({ subjectType: 'order', subjectId: both[0]!.id });
    await expect.poll(async () => (await first()).steps.map(({ name }) => name), { timeout: 10_000 }).toContain('orders.expired');
    const { steps } = await first();
    const subjects = new Set(steps.flatMap(({ subject }) => (subject?.type === 'order' ? [subject.id] : [])));
    expect([...subjects]).toEqual([both[0]!.id]);
    expect(
      wayTo(
        steps.find(({ name }) => name === 'orders.expired')!,
        { ...whole, steps },
      ),
    ).toEqual(['job orders.expire', 'attempt orders.expire', 'fact orders.expired']);
    const run = await timelineOf({
      jobId: steps.find(({ kind, name }) => kind === 'job' && name === 'orders.expire')!.reference!.id,
    });
    const expired = run.steps.filter(({ name }) => name === 'orders.expired').map(({ subject }) => subject!.id);
    expect(expired.toSorted()).toEqual(both.map(({ id }) => id).toSorted());
  });

  it('goes on where a reaction or its job is kept no longer', async () => {
    await app.owner.query(`delete from pgboss.job_common where name = 'log.handlers' and data->>'handler' = 'receipts.order-paid'`);
    const timeline = await timelineOf({ subjectType: 'order', subjectId: order.id });
    const job = timeline.steps.find(({ name, kind }) => name === 'receipts.order-paid' && kind === 'job')!;
    expect(job).toMatchObject({ state: 'completed', reference: null, cause: named('orders.paid', 'fact').id });
    expect(timeline.steps.find(({ name, kind }) => name === 'receipts.thank' && kind === 'job')!.cause).toBe(job.id);
  });
});

describe('whoever reads it', () => {
  it('S115: sees each kind of step as far as they may read it in its own place, and no trace of the rest', async () => {
    const kinds = (timeline: Timeline): string[] => [...new Set(timeline.steps.map(({ kind }) => kind))].toSorted();
    const query = { subjectType: 'order', subjectId: order.id };
    const as = async (permissions: readonly string[]): Promise<Timeline> =>
      (await get(query, await someone(['timeline:read', ...permissions]))).json.data;

    const jobs = await as(['jobs:read']);
    expect(kinds(jobs)).toEqual(['attempt', 'job', 'mail', 'request']);
    expect(jobs.shows).toEqual({ facts: false, jobs: true, payments: false, webhooks: false });
    const text = JSON.stringify(jobs);
    for (const hidden of whole.steps.filter(({ kind }) => kind === 'fact' || kind === 'webhook' || kind === 'provider'))
      expect(text).not.toContain(hidden.id.replace(/^[a-z]+:/, ''));
    // What led to a job over facts leads to it from the next step that they see.
    const act = jobs.steps.find(({ name, kind }) => name === 'receipts.thank' && kind === 'job')!;
    expect(jobs.steps.some(({ id }) => id === act.cause)).toBe(true);

    const facts = await as(['audit:read']);
    expect(kinds(facts)).toEqual(['fact', 'request']);
    expect(JSON.stringify(facts)).not.toContain('receipts.thank');
    expect(kinds(await as(['webhooks:manage']))).toEqual(['attempt', 'webhook']);
    expect(kinds(await as(['payments:read', 'payments:manage']))).toEqual(['provider', 'request']);
    // One's own payments only: these are the buyer's.
    expect((await get(query, await someone(['timeline:read', 'payments:read']))).status).toBe(404);
  });

  it('S115: finds nothing where they may see nothing of it, as where there is nothing', async () => {
    const nobody = await someone(['timeline:read']);
    const delivery = named('orders.paid', 'webhook').reference!.id;
    const asked = [
      { requestId: placed },
      { id: order.id },
      { deliveryId: delivery },
      { jobId: named('receipts.thank', 'job').reference!.id },
    ];
    for (const query of asked) {
      const reply = await get(query, nobody);
      expect([reply.status, reply.json.error.code]).toEqual([404, 'TIMELINE_NOT_FOUND']);
    }
    const clerk = await someone(['timeline:read', 'audit:read', 'jobs:read']);
    expect((await get({ deliveryId: delivery }, clerk)).status).toBe(404);
    expect((await get({ requestId: placed }, buyer)).status).toBe(403);
  });

  it('S115: sees the webhooks of an organization only as one of its own, those of the server only with its permission', async () => {
    const owner = await someone(['timeline:read', 'organizations:create']);
    const organization = (await call(owner, 'POST', '/organizations', { name: `Lovelace ${uuidv7()}` })).json.data.id as string;
    const path = `/organizations/${organization}/webhooks/endpoints`;
    const made = await call(owner, 'POST', path, { url: outside.receiver.url, events: ['organizations.*'] });
    expect(made.status, made.text).toBe(201);
    const renamed = await call(owner, 'PATCH', `/organizations/${organization}`, { name: 'Byron' });
    expect(renamed.status, renamed.text).toBe(200);
    let deliveries: { id: string }[] = [];
    await expect
      .poll(async () => (deliveries = (await call(owner, 'GET', `${path}/${made.json.data.id}/deliveries`)).json.data), { timeout: 10_000 })
      .toHaveLength(1);
    const deliveryId = deliveries[0]!.id;
    const seen = await get({ deliveryId }, owner);
    expect(seen.status, seen.text).toBe(200);
    expect((seen.json.data as Timeline).steps[0]).toMatchObject({
      kind: 'webhook',
      reference: { path: `${path}/${made.json.data.id}/deliveries/${deliveryId}` },
    });
    for (const permissions of [['webhooks:manage'], ['audit:read', 'jobs:read']])
      expect((await get({ deliveryId }, await someone(['timeline:read', ...permissions]))).status).toBe(404);
  });

  it('B148: leaves a fact of each look, also of one that finds nothing', async () => {
    for (const query of [{ id: order.id }, { requestId: 'never-was' }]) {
      const { requestId, status } = await get(query);
      expect(status).toBe('id' in query ? 200 : 404);
      expect(await app.facts(requestId)).toEqual(['timeline.read']);
    }
  });

  it.each([
    ['two origins', { requestId: 'a', jobId: uuidv7() }],
    ['none', {}],
    ['half of a thing', { subjectId: 'a' }],
    ['the other half beside an origin', { requestId: 'a', subjectType: 'order' }],
    ['what is no job', { jobId: 'abc' }],
    ['a place before the first', { position: '0' }],
    ['something else', { orderId: uuidv7() }],
  ])('is refused who names %s', async (_what, query) => {
    expect((await get(query as Record<string, string>)).status).toBe(422);
  });
  it.each([
    ['request', { requestId: 'never-was' }],
    ['job', { jobId: uuidv7() }],
    ['delivery', { deliveryId: uuidv7() }],
    ['fact', { factId: uuidv7() }],
    ['position', { position: '999999999' }],
    ['thing', { subjectType: 'order', subjectId: uuidv7() }],
    ['id', { id: 'x\u0000y' }],
    ['fact by type', { subjectType: 'fact', subjectId: 'abc' }],
    ['job by type', { subjectType: 'job', subjectId: 'abc' }],
    ['delivery by type', { subjectType: 'delivery', subjectId: 'abc' }],
    ['position by type', { subjectType: 'position', subjectId: 'abc' }],
  ])('learns that there is no such %s', async (_what, query) => {
    expect([404, 422]).toContain((await get(query as Record<string, string>)).status);
  });
});

it('a webhook that fails leads to the mail to whoever owns it', async () => {
  const endpoint = await call(admin, 'POST', '/webhooks/endpoints', { url: 'http://127.0.0.1:9/hooks', events: ['orders.placed'] });
  await app.owner.query('update webhooks.endpoints set failures = 9 where id = $1', [endpoint.json.data.id]);
  const { id: productId } = await makeProduct(app, admin, { stock: 5 });
  const { id } = await placeOrder({ app }, buyer, [{ productId, quantity: 1 }]);
  const timeline = () => timelineOf({ subjectType: 'order', subjectId: id });
  await expect.poll(async () => (await timeline()).steps.map(({ kind }) => kind), { timeout: 10_000 }).toContain('mail');
  const found = await timeline();
  expect(
    wayTo(
      found.steps.find(({ kind }) => kind === 'mail')!,
      found,
    ),
  ).toEqual([
    'request orders.place',
    'fact orders.placed',
    'webhook orders.placed',
    'job webhooks.notify-owner',
    'attempt webhooks.notify-owner',
    'mail webhooks.endpoint',
  ]);
  // What is known by its dead letter only is found as well.
  const jobId = found.steps.find(({ kind, name }) => kind === 'job' && name === 'webhooks.notify-owner')!.reference!.id;
  const died = `update pgboss.job_common set id = gen_random_uuid(), name = 'plinth.dead', source_id = id, source_name = name where id = $1`;
  await app.owner.query(died, [jobId]);
  for (const query of [{ jobId }, { id: jobId }])
    expect((await timelineOf(query)).steps.find(({ origin }) => origin)).toMatchObject({ name: 'webhooks.notify-owner', state: 'failed' });
});
