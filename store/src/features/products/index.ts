import { defineFeature } from '@plinth/kit';
import * as contract from './contract.ts';
import { productsController } from './controller.ts';
import { ProductsRepository } from './repository.ts';
import { seedProducts } from './seed.ts';
import { ProductsService } from './service.ts';

export {
  Money,
  OutOfStock,
  productChanged,
  productCreated,
  productDeleted,
  ProductNotFound,
  readProducts,
  stockChanged,
  stockReleased,
  stockReserved,
  stockSold,
  writeProducts,
  type Reserved,
} from './contract.ts';
export type { Product } from './contract.ts';
export type ProductsApi = Pick<ProductsService, 'get' | 'release' | 'reserve' | 'sell'> & {
  /** All of it, page by page, of one snapshot. */
  readonly inventory: Pick<ProductsRepository, 'inventory' | 'count'>;
};

export const products = defineFeature({
  name: 'products',
  contract,
  migrations: `${import.meta.dirname}/migrations`,
  setup({ db, log, cache, clock }) {
    const repository = new ProductsRepository(db);
    const service = new ProductsService({ log, cache, clock, products: repository });
    // What others may call, and no more.
    const api: ProductsApi = {
      get: (productId, options) => service.get(productId, options),
      reserve: (caller, tx, holder, lines) => service.reserve(caller, tx, holder, lines),
      release: (caller, tx, type, ids) => service.release(caller, tx, type, ids),
      sell: (caller, tx, holder) => service.sell(caller, tx, holder),
      inventory: repository,
    };
    return {
      api,
      controller: productsController(service),
      seed: () => seedProducts(db, service),
    };
  },
});
