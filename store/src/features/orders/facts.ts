import { userChannel } from '@plinth/core';
import { allow, defineEvent, definePermission } from '@plinth/kit';
import { z } from 'zod';
import { ORDER_STATES } from './transitions.ts';

// Who may do what with orders, what happens to them, and who hears of it. Part of the contract.

/** Type of the resource, the subject of facts, and the holder of reserved stock. */
export const ORDER = 'order';

export const placeOrders = definePermission('orders:place', 'Place orders, and cancel one’s own', ['member']);
export const readOrders = definePermission('orders:read', 'See one’s own orders', ['member']);
export const manageOrders = definePermission('orders:manage', 'See every order; cancel, fulfil and refund them');

export const rules = {
  place: allow(placeOrders),
  read: allow(readOrders, { own: manageOrders }),
  change: allow(placeOrders, { own: manageOrders }),
  manage: allow(manageOrders),
};

const Told = z.strictObject({
  orderId: z.uuid(),
  number: z.string(),
  userId: z.uuid().describe('Whose order it is'),
  state: z.enum(ORDER_STATES),
  total: z.int().describe('Minor units of the currency'),
  currency: z.string(),
  version: z.int(),
});
export type ToldOfOrder = z.output<typeof Told>;

const subject = ({ orderId }: { orderId: string }) => [ORDER, orderId] as const;
/** To whose order it is, wherever they are, and to webhooks. */
const about = {
  public: true,
  subject,
  thread: subject,
  channels: ({ userId }: { userId: string }) => [userChannel({ userId })],
  changes: z.object({
    state: z.string(),
    processingSince: z.string().nullable(),
    refunded: z.int(),
    disputes: z.int(),
    chargedBack: z.int(),
    fulfilledAt: z.string().nullable(),
  }),
};
export const orderPlaced = defineEvent('orders.placed', Told, { ...about, title: 'Order placed' });
export const orderPaid = defineEvent('orders.paid', Told, { ...about, title: 'Order paid' });
export const orderPaymentFailed = defineEvent('orders.payment-failed', Told, { ...about, title: 'Payment of an order failed' });
/** The bank has it at work, or not any more: the buyer has to act again. */
export const orderPaymentProcessing = defineEvent('orders.payment-processing', Told.extend({ processing: z.boolean() }), {
  ...about,
  title: 'Payment of an order processed by the bank',
});
export const orderPaymentRenewed = defineEvent('orders.payment-renewed', Told, { ...about, title: 'Order to be paid anew' });
export const orderCancelled = defineEvent('orders.cancelled', Told, { ...about, title: 'Order cancelled' });
export const orderExpired = defineEvent('orders.expired', Told, { ...about, title: 'Order expired unpaid' });
export const orderFulfilled = defineEvent('orders.fulfilled', Told, { ...about, title: 'Order fulfilled' });
export const orderRefunded = defineEvent('orders.refunded', Told.extend({ refunded: z.int().describe('In all, in minor units') }), {
  ...about,
  title: 'Order refunded, in part or in full',
});
/** From now on it is not sent, until every dispute of it is decided. */
export const orderDisputed = defineEvent('orders.disputed', Told.extend({ disputed: z.int().describe('In minor units') }), {
  ...about,
  title: 'Payment of an order disputed',
});
export const orderDisputeClosed = defineEvent(
  'orders.dispute-closed',
  Told.extend({ outcome: z.enum(['won', 'lost']), chargedBack: z.int().describe('In all, in minor units') }),
  { ...about, title: 'Dispute of an order decided' },
);
/** Money came for an order that takes none (any more): it goes back. */
export const orderPaidInVain = defineEvent('orders.paid-in-vain', Told.extend({ paymentId: z.uuid() }), {
  ...about,
  title: 'Payment of an order given back: it was not to be paid (any more)',
});
