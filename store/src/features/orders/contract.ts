import { paymentCreated, ProviderMissing } from '@plinth/core';
import { CursorPaging, defineError, defineJob, defineOperations, Instant, paged } from '@plinth/kit';
import { z } from 'zod';
import { Money, OutOfStock, ProductNotFound, stockReleased, stockReserved, stockSold } from '../products/index.ts';
import { orderCancelled, orderFulfilled, orderPaid, orderPaymentRenewed, orderPlaced, rules } from './facts.ts';
import { ORDER_STATES } from './transitions.ts';

export * from './facts.ts';

const MOST_LINES = 100;
const MOST_UNITS = 10_000;
/** Days that an order waits at most for a payment that its bank has at work: SEPA debits and transfers take up to two weeks. */
export const PROCESSING_DAYS = 14;
/** The most that an order may cost: what a payment may. */
export const LARGEST_TOTAL = 1_000_000_000_000;

// ---- Shapes ---------------------------------------------------------------------------------------

const State = z.enum(ORDER_STATES);
const Line = z.strictObject({
  productId: z.uuid(),
  sku: z.string(),
  name: z.string(),
  price: Money.describe('Of one unit, when it was ordered'),
  quantity: z.int(),
});
export const Order = z
  .strictObject({
    id: z.uuid(),
    number: z.string().describe('What people call it: `K7QM-3XRD`'),
    userId: z.uuid(),
    state: State,
    lines: z.array(Line),
    total: Money,
    paymentId: z.uuid().nullable().describe('Pay it at `/payments/:paymentId/start`; null: it costs nothing'),
    refunded: z.int().describe('Minor units of the currency that went back'),
    disputes: z.int().describe('Of its payment, open now: meanwhile it is not sent'),
    chargedBack: z.int().describe('Minor units of the currency that disputes took'),
    version: z.int(),
    placedAt: z.string(),
    expiresAt: z.string().describe('Unpaid until then, it ends and lets go of its stock'),
    paidAt: z.string().nullable(),
    fulfilledAt: z.string().nullable(),
    processingSince: z.string().nullable().describe('The bank has the payment at work: meanwhile it does not expire, for 14 days at most'),
    updatedAt: z.string(),
  })
  .meta({ id: 'Order' });
export type Order = z.output<typeof Order>;

export const NewOrder = z
  .strictObject({
    lines: z
      .array(z.strictObject({ productId: z.uuid(), quantity: z.int().min(1).max(MOST_UNITS) }))
      .min(1)
      .max(MOST_LINES)
      .describe('A product that stands on several is summed. Prices are the server’s'),
    cartId: z
      .uuid()
      .exactOptional()
      .describe('One order a cart: placed again with the same lines, it answers the order that there is. One that ended unpaid frees it'),
  })
  .meta({ id: 'NewOrder' });
export type NewOrder = z.output<typeof NewOrder>;

export const OrderFilter = CursorPaging.extend({
  state: State.optional(),
  productId: z.uuid().optional().describe('Only those with this product in them'),
  userId: z.uuid().optional().describe('Only this person’s'),
  number: z.string().trim().toUpperCase().max(20).optional(),
  from: Instant.optional().describe('Placed at this time or later'),
  to: Instant.optional().describe('Placed before this time'),
});
export type OrderFilter = z.output<typeof OrderFilter>;

const Step = z.strictObject({ number: z.int(), from: State.nullable(), to: State, at: z.string() });
export type Step = z.output<typeof Step>;
const OrderId = z.strictObject({ orderId: z.uuid() });

// ---- Errors and jobs --------------------------------------------------------------------------------

export const OrderNotFound = defineError('ORDER_NOT_FOUND', 404, 'There is no such order');
export const NotInThisState = defineError('ORDER_STATE', 409, 'The order is in a state in which this is not possible');
export const OrderDisputed = defineError(
  'ORDER_DISPUTED',
  409,
  'The payment of this order is disputed: it is not sent until that is decided',
);
export const OrderGoesBack = defineError('ORDER_GOES_BACK', 409, 'All that was paid for this order is being refunded: it is not sent');
export const CartChanged = defineError(
  'CART_CHANGED',
  409,
  'This cart was ordered with other lines: draw another `cartId` for another order',
);
export const TooManyUnpaid = defineError('ORDERS_UNPAID', 409, 'Too many of your orders wait to be paid: pay or cancel one first');
export const CurrenciesMixed = defineError('CURRENCIES_MIXED', 422, 'The products of one order must have prices in one currency');
export const OrderTooLarge = defineError('ORDER_TOO_LARGE', 422, 'An order costs at most a thousand billion minor units of its currency');

export const expireOrders = defineJob('orders.expire', z.strictObject({}), { title: 'End unpaid orders', total: 1, attempts: 1 });
export const cancelPayment = defineJob('orders.cancel-payment', z.strictObject({ paymentId: z.uuid() }), {
  title: 'Let the payment of an ended order go',
});

// ---- Operations -------------------------------------------------------------------------------------

const one = '/orders/:orderId';

export const operations = defineOperations({
  list: {
    method: 'GET',
    path: '/orders',
    summary: 'List orders, newest first',
    description:
      'One’s own; with `orders:manage` everybody’s. By page with a total, or by cursor (`?cursor=` for the first page) without one.',
    access: rules.read,
    query: OrderFilter,
    reply: paged(Order, { cursor: true }),
  },
  place: {
    method: 'POST',
    path: '/orders',
    summary: 'Place an order',
    description:
      'Prices and names are those of the products now; the stock is held until the order is paid, or ends. What lacks stock is named line by line. One person has `ORDERS_UNPAID_AT_MOST` orders unpaid at once. 200 with the order that there is, where the cart was ordered before with the same lines.',
    access: rules.place,
    body: NewOrder,
    status: 201,
    reply: Order,
    publishes: [orderPlaced, stockReserved, paymentCreated, orderPaid],
    limit: { requests: 60, seconds: 60, by: 'caller' },
    errors: [ProductNotFound, OutOfStock, TooManyUnpaid, CartChanged, CurrenciesMixed, OrderTooLarge, ProviderMissing],
    example: { body: { lines: [{ productId: '0199a3f0-0000-7000-8000-000000000000', quantity: 2 }] } },
  },
  get: { method: 'GET', path: one, summary: 'Get an order', access: rules.read, params: OrderId, reply: Order, errors: [OrderNotFound] },
  timeline: {
    method: 'GET',
    path: `${one}/timeline`,
    summary: 'Each step of an order',
    access: rules.read,
    params: OrderId,
    reply: z.array(Step),
    errors: [OrderNotFound],
  },
  payAgain: {
    method: 'POST',
    path: `${one}/payments`,
    summary: 'Make another payment, where the last one failed',
    description: 'Until the order expires; its stock stays reserved meanwhile. The order names the new payment.',
    access: rules.change,
    params: OrderId,
    status: 201,
    reply: Order,
    publishes: [orderPaymentRenewed, paymentCreated],
    errors: [OrderNotFound, NotInThisState, ProviderMissing],
  },
  cancel: {
    method: 'POST',
    path: `${one}/cancel`,
    summary: 'Cancel an order that is not paid',
    description: 'Lets go of its stock. Once more changes nothing. One that costs nothing: until it is sent.',
    access: rules.change,
    params: OrderId,
    reply: Order,
    publishes: [orderCancelled, stockReleased],
    errors: [OrderNotFound, NotInThisState],
  },
  fulfil: {
    method: 'POST',
    path: `${one}/fulfil`,
    summary: 'Say that the goods of a paid order are on their way',
    description:
      'Takes them out of the stock. Once more changes nothing. Not while a dispute of its payment is open, or all of it is being refunded.',
    access: rules.manage,
    params: OrderId,
    reply: Order,
    publishes: [orderFulfilled, stockSold],
    errors: [OrderNotFound, NotInThisState, OrderDisputed, OrderGoesBack],
  },
});
