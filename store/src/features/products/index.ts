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
export type ProductsApi = Pick<ProductsService, 'get' | 'release' | 'reserve' | 'sell'>;

export const products = defineFeature({
  name: 'products',
  contract,
  migrations: `${import.meta.dirname}/migrations`,
  setup({ db, log, cache, clock }) {
    const service = new ProductsService({ log, cache, clock, products: new ProductsRepository(db) });
    const api: ProductsApi = service; // what others may call, and no more
    return {
      api,
      controller: productsController(service),
      seed: () => seedProducts(db, service),
    };
  },
});
