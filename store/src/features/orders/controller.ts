import type { Controller } from '@plinth/kit';
import type { operations } from './contract.ts';
import type { OrdersService } from './service.ts';

export const ordersController = (service: OrdersService): Controller<typeof operations> => ({
  list: ({ caller, query, paging }) => service.list(caller, query, paging),
  place: ({ caller, tx, body }) => service.place(caller, tx, body),
  get: ({ caller, params }) => service.get(caller, params.orderId),
  timeline: ({ caller, params }) => service.timeline(caller, params.orderId),
  cancel: ({ caller, tx, params }) => service.cancel(caller, tx, params.orderId),
  fulfil: ({ caller, tx, params }) => service.fulfil(caller, tx, params.orderId),
});
