import { payments } from '@plinth/core';
import { coreApp, type CoreApp } from '@plinth/core/testing';
import { uuidv7 } from '@plinth/kit';
import type { Actor, CallReply } from '@plinth/kit/testing';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll } from 'vitest';
import { features } from '../../features.ts';
import { makeProduct } from '../products/products.fixtures.ts';
import type { Order } from './contract.ts';
import { orders } from './index.ts';
import { placeOrder } from './orders.fixtures.ts';

const SECRET = `whsec_${Buffer.from('plinth sandbox webhook secret').toString('base64')}`;

/** A shop of its own for a test file, its buyer, and the provider's word. To be called once, at the top. */
export function payingShop() {
  let app: CoreApp;
  let admin: Actor;
  let buyer: Actor;
  beforeAll(async () => {
    app = await coreApp(features, { env: { ORDERS_UNPAID_AT_MOST: '1000' } });
    [admin, buyer] = await Promise.all([app.as('admin'), app.as('member')]);
  });
  afterAll(() => app?.stop());

  const call = (who: Pick<Actor, 'token'>, method: string, path: string, body?: unknown) =>
    app.call(method, `/api/v1${path}`, { token: who.token, ...(body !== undefined && { body }) });
  const now = async ({ id }: Pick<Order, 'id'>): Promise<Order> => (await app.api(orders).find(id))!;
  const paymentOf = async ({ paymentId }: Pick<Order, 'paymentId'>) => (await app.api(payments).find(app.kit.db, paymentId!))!;
  const units = async (productId: string) =>
    (await app.owner.query<{ stock: number; reserved: number }>('select stock, reserved from products.products where id = $1', [productId]))
      .rows[0];
  const placed = async (stock = 5): Promise<Order & { productId: string }> => {
    const { id: productId } = await makeProduct(app, admin, { stock });
    return { ...(await placeOrder({ app }, buyer, [{ productId, quantity: 1 }])), productId };
  };
  const start = (order: Pick<Order, 'paymentId'>, method: string, who = buyer) =>
    call(who, 'POST', `/payments/${order.paymentId!}/start`, { method });
  const refundsOf = async (paymentId: string) =>
    (await call(admin, 'GET', `/payments/${paymentId}/refunds`)).json.data as { amount: number; reason: string; state: string }[];
  /** What the provider says, signed. Each delivery has an id of its own. */
  const tell = (order: Order, said: object = {}): Promise<CallReply> => {
    const at = new Date();
    const { amount, currency } = order.total;
    const data = {
      paymentId: order.paymentId, reference: `pay_${order.paymentId!}`, state: 'captured', amount, currency, captured: amount, capturedAt: at.toISOString(),
      fee: 150, failure: null, url: null, refunds: [], disputes: [], at: at.toISOString(), ...said,
    }; // prettier-ignore
    const body = JSON.stringify({ type: 'payment.updated', timestamp: at.toISOString(), data });
    const id = `msg_${uuidv7()}`;
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': `${Math.floor(at.getTime() / 1000)}`,
      'webhook-signature': new Webhook(SECRET).sign(id, at, body),
      'content-type': 'application/json',
    };
    return app.call('POST', '/api/v1/payments/webhooks/sandbox', { body, headers });
  };
  const factsOf = async ({ id }: Pick<Order, 'id'>) => {
    const { rows } = await app.owner.query<{ name: string; n: number }>(
      `select name, count(*)::int as n from (select name, subject_id from log.outbox union all select name, subject_id from log.events) f
       where subject_id = $1 and name like 'orders.%' group by 1 order by 1`,
      [id],
    );
    return rows.map(({ name, n }) => `${name} ${n}`);
  };
  const queue = (what: 'pause' | 'resume') => call(admin, 'POST', `/jobs/queues/orders.cancel-payment/${what}`);
  return {
    get app() {
      return app;
    },
    get admin() {
      return admin;
    },
    get buyer() {
      return buyer;
    },
    call,
    now,
    paymentOf,
    units,
    placed,
    start,
    refundsOf,
    tell,
    factsOf,
    queue,
  };
}
