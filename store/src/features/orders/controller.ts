import type { Controller } from '@plinth/kit';
import type { operations } from './contract.ts';
import type { Paying } from './paying.ts';
import type { OrdersService } from './service.ts';

export const ordersController = (service: OrdersService, paying: Paying): Controller<typeof operations> => ({
  list: ({ caller, query, paging }) => service.list(caller, query, paging),
  place: ({ caller, tx, body }) => service.place(caller, tx, body),
  get: ({ caller, params }) => service.get(caller, params.orderId),
  timeline: ({ caller, params }) => service.timeline(caller, params.orderId),
  payAgain: ({ caller, tx, params }) => paying.payAgain(caller, tx, params.orderId),
  cancel: ({ caller, tx, params }) => service.cancel(caller, tx, params.orderId),
  fulfil: ({ caller, tx, params }) => service.fulfil(caller, tx, params.orderId),
});
