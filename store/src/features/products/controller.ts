import type { Controller } from '@plinth/kit';
import type { operations } from './contract.ts';
import type { ProductsService } from './service.ts';

export const productsController = (service: ProductsService): Controller<typeof operations> => ({
  list: ({ query, paging }) => service.list(query, paging),
  categories: () => service.categories(),
  get: ({ params, headers }) => service.get(params.productId, { pastCache: headers['cache-control'] === 'no-cache' }),
  create: ({ caller, tx, body }) => service.create(caller, tx, body),
  update: ({ caller, tx, params, body, ifMatch }) => service.update(caller, tx, params.productId, body, ifMatch),
  changeStock: ({ caller, tx, params, body }) => service.changeStock(caller, tx, params.productId, body),
  delete: ({ caller, tx, params, ifMatch }) => service.delete(caller, tx, params.productId, ifMatch),
});
