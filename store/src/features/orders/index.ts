import { users } from '@plinth/core';
import { defineFeature, perform, schedule } from '@plinth/kit';
import { products } from '../products/index.ts';
import * as contract from './contract.ts';
import { ordersController } from './controller.ts';
import { OrdersRepository } from './repository.ts';
import { OrdersService } from './service.ts';

export {
  manageOrders,
  ORDER,
  orderCancelled,
  orderExpired,
  orderFulfilled,
  orderPaid,
  orderPaymentFailed,
  orderPlaced,
  orderRefunded,
} from './contract.ts';
export type OrdersApi = Pick<OrdersService, 'expire' | 'find' | 'paid' | 'paymentFailed' | 'refunded'>;

/** Orders that end in one transaction. */
const EXPIRED_AT_ONCE = 50;

export const orders = defineFeature({
  name: 'orders',
  needs: { users, products },
  contract,
  migrations: `${import.meta.dirname}/migrations`,
  setup(kit, needs) {
    const service = new OrdersService({ ...kit, ...needs, orders: new OrdersRepository(kit.db) });
    const api: OrdersApi = service;
    return {
      api,
      controller: ordersController(service),
      resources: { [contract.ORDER]: { place: ({ id }) => service.placeOf(id) } },
      personalData: (userId) => service.of(userId),
      handlers: [
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
