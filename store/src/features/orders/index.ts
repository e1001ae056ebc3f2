import {
  disputeClosed,
  paymentCanceled,
  paymentCaptured,
  paymentDisputed,
  paymentFailed,
  paymentRefunded,
  paymentProcessing,
  paymentRequiresAction,
  payments,
  refundFailed,
  users,
} from '@plinth/core';
import { type Caller, defineFeature, during, perform, schedule, type Tx } from '@plinth/kit';
import { products } from '../products/index.ts';
import * as contract from './contract.ts';
import { ordersController } from './controller.ts';
import { Moving } from './moving.ts';
import { Paying } from './paying.ts';
import { OrdersRepository } from './repository.ts';
import { SalesRepository } from './sales.repository.ts';
import { OrdersService } from './service.ts';

export {
  manageOrders,
  ORDER,
  orderCancelled,
  orderDisputeClosed,
  orderDisputed,
  orderExpired,
  orderFulfilled,
  orderPaid,
  orderPaidInVain,
  orderPaymentFailed,
  orderPaymentProcessing,
  orderPaymentRenewed,
  orderPlaced,
  orderRefunded,
} from './contract.ts';
export type { SalesCursor, SalesQuery, SoldRow } from './sales.repository.ts';
export type OrdersApi = Pick<OrdersService, 'expire' | 'find'> &
  Pick<Paying, 'disputeClosed' | 'disputed' | 'paid' | 'paymentFailed' | 'refunded'> & {
    /** What was sold, whoever asks: page by page, of one snapshot. */
    readonly sales: Pick<SalesRepository, 'page' | 'count'>;
  };

/** Orders that end in one transaction. */
const EXPIRED_AT_ONCE = 50;

export const orders = defineFeature({
  name: 'orders',
  needs: { users, payments, products },
  contract,
  migrations: `${import.meta.dirname}/migrations`,
  setup(kit, needs) {
    const deps = { ...kit, ...needs, orders: new OrdersRepository(kit.db) };
    const moving = new Moving(deps);
    const paying = new Paying({ ...deps, moving });
    const service = new OrdersService({ ...deps, moving, paying });
    type OfPayment = { readonly paymentId: string; readonly purpose: { readonly type: string; readonly id: string } };
    const failed = async (caller: Caller, tx: Tx, { paymentId, purpose }: OfPayment): Promise<void> => {
      if (purpose.type === contract.ORDER) await paying.paymentFailed(caller, tx, purpose.id, paymentId);
    };
    const processing = async (caller: Caller, tx: Tx, { paymentId, purpose }: OfPayment, on: boolean): Promise<void> => {
      if (purpose.type === contract.ORDER) await paying.paymentProcessing(caller, tx, purpose.id, paymentId, on);
    };
    const api: OrdersApi = {
      find: (orderId) => service.find(orderId),
      sales: new SalesRepository(),
      expire: (caller, limit) => service.expire(caller, limit),
      paid: (caller, tx, orderId, taken) => paying.paid(caller, tx, orderId, taken),
      paymentFailed: (caller, tx, orderId, paymentId) => paying.paymentFailed(caller, tx, orderId, paymentId),
      disputed: (caller, tx, orderId, paymentId, disputed) => paying.disputed(caller, tx, orderId, paymentId, disputed),
      disputeClosed: (caller, tx, orderId, paymentId, lost) => paying.disputeClosed(caller, tx, orderId, paymentId, lost),
      refunded: (caller, tx, orderId, paymentId, refunded) => paying.refunded(caller, tx, orderId, paymentId, refunded),
    };
    return {
      api,
      controller: ordersController(service, paying),
      resources: { [contract.ORDER]: { place: ({ id }) => service.placeOf(id) } },
      personalData: (userId) => service.of(userId),
      handlers: [
        // In the transaction of the payment's own step and entries: one without the other does not happen.
        during(paymentCaptured, 'orders.paid', async (tx, { payload }, caller) => {
          const { purpose, paymentId, captured, currency } = payload;
          if (purpose.type === contract.ORDER) await paying.captured(caller, tx, purpose.id, { paymentId, amount: captured, currency });
        }),
        during(paymentProcessing, 'orders.payment-processing', (tx, { payload }, caller) => processing(caller, tx, payload, true)),
        during(paymentRequiresAction, 'orders.payment-requires-action', (tx, { payload }, caller) =>
          processing(caller, tx, payload, false),
        ),
        during(paymentFailed, 'orders.payment-failed', (tx, { payload }, caller) => failed(caller, tx, payload)),
        during(paymentCanceled, 'orders.payment-canceled', (tx, { payload }, caller) => failed(caller, tx, payload)),
        during(paymentRefunded, 'orders.refunded', async (tx, { payload }, caller) => {
          const { purpose, paymentId, refunded } = payload;
          if (purpose.type === contract.ORDER) await paying.refunded(caller, tx, purpose.id, paymentId, refunded);
        }),
        during(refundFailed, 'orders.refund-failed', async (tx, { payload }, caller) => {
          if (payload.purpose.type === contract.ORDER) await paying.refundFailed(caller, tx, payload.purpose.id, payload);
        }),
        during(paymentDisputed, 'orders.disputed', async (tx, { payload }, caller) => {
          const { purpose, paymentId, disputed } = payload;
          if (purpose.type === contract.ORDER) await paying.disputed(caller, tx, purpose.id, paymentId, disputed);
        }),
        during(disputeClosed, 'orders.dispute-closed', async (tx, { payload }, caller) => {
          const { purpose, paymentId, disputed, outcome } = payload;
          if (purpose.type === contract.ORDER)
            await paying.disputeClosed(caller, tx, purpose.id, paymentId, outcome === 'lost' ? disputed : 0);
        }),
        perform(contract.cancelPayment, ({ paymentId }, { caller }) => paying.cancelPayment(caller, paymentId)),
        perform(contract.expireOrders, async (_payload, { caller, signal }) => {
          let expired = 0;
          for (let found = EXPIRED_AT_ONCE; found === EXPIRED_AT_ONCE && !signal.aborted; expired += found)
            found = await service.expire(caller, EXPIRED_AT_ONCE);
          return { expired };
        }),
        schedule(contract.expireOrders, '* * * * *', {}),
      ],
    };
  },
});
