import { type Cache, type Caller, type Clock, type EventLog, type Page, type PageRequest, timestamp, type Tx, uuidv7 } from '@plinth/kit';
import {
  CATALOG_TAG,
  productChanged,
  ProductChanged,
  productCreated,
  productDeleted,
  ProductNotFound,
  productTag,
  stockChanged,
  type NewProduct,
  type Product,
  type ProductChanges,
  type ProductFilter,
} from './contract.ts';
import type { ProductsRepository } from './repository.ts';

interface Deps {
  readonly products: ProductsRepository;
  readonly log: EventLog;
  readonly cache: Cache;
  readonly clock: Clock;
}

export class ProductsService {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  list(filter: ProductFilter, paging: PageRequest): Promise<Page<Product>> {
    return this.#deps.products.page(filter, paging);
  }

  categories(): Promise<{ category: string; products: number }[]> {
    const { cache, products } = this.#deps;
    return cache.through(['products', 'categories'], { ttlSeconds: 300, tags: [CATALOG_TAG] }, () => products.countByCategory());
  }

  /** @throws ProductNotFound */
  async get(productId: string, { pastCache = false } = {}): Promise<Product> {
    const { cache, products } = this.#deps;
    const load = (): Promise<Product | null> => products.find(productId);
    const product = pastCache
      ? await load()
      : await cache.through(['products', productId], { ttlSeconds: 60, tags: [productTag(productId)] }, load);
    if (!product) throw new ProductNotFound({ productId });
    return product;
  }

  /** @throws SkuTaken by the unique constraint, with the commit. */
  async create(caller: Caller, tx: Tx, input: NewProduct): Promise<Product> {
    const { products, log, clock } = this.#deps;
    const now = timestamp(clock.now());
    const product: Product = { id: uuidv7(), ...input, version: 1, createdAt: now, updatedAt: now };
    products.insert(tx, product);
    await log.publish(tx, caller, productCreated, { productId: product.id, sku: product.sku }, { after: product });
    return product;
  }

  /** @param ifMatch the version that the caller read; null: whatever it is now. @throws ProductNotFound, ProductChanged, SkuTaken */
  async update(caller: Caller, tx: Tx, productId: string, changes: ProductChanges, ifMatch: number | null): Promise<Product> {
    const { products, log } = this.#deps;
    const before = await this.#lock(tx, productId, ifMatch);
    const after = await products.update(tx, { ...before, ...changes });
    await log.publish(tx, caller, productChanged, { productId, version: after.version }, { before, after });
    return after;
  }

  /** @throws ProductNotFound; OutOfStock by the check constraint, which holds however many take at once. */
  async changeStock(caller: Caller, tx: Tx, productId: string, { delta, reason }: { delta: number; reason: string }): Promise<Product> {
    const { products, log } = this.#deps;
    const after = await products.changeStock(tx, productId, delta);
    if (!after) throw new ProductNotFound({ productId });
    await log.publish(
      tx,
      caller,
      stockChanged,
      { productId, delta, stock: after.stock },
      { before: { stock: after.stock - delta }, after, reason },
    );
    return after;
  }

  /** @throws ProductNotFound, ProductChanged */
  async delete(caller: Caller, tx: Tx, productId: string, ifMatch: number | null): Promise<void> {
    const { products, log } = this.#deps;
    const before = await this.#lock(tx, productId, ifMatch);
    products.delete(tx, productId);
    await log.publish(tx, caller, productDeleted, { productId, sku: before.sku }, { before });
  }

  async #lock(tx: Tx, productId: string, ifMatch: number | null): Promise<Product> {
    const product = await this.#deps.products.lock(tx, productId);
    if (!product) throw new ProductNotFound({ productId });
    if (ifMatch !== null && product.version !== ifMatch) throw new ProductChanged({ productId, version: product.version, ifMatch });
    return product;
  }
}
