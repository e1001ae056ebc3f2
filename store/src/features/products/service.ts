import { type Cache, type Caller, type Clock, type EventLog, type Page, type PageRequest, timestamp, type Tx, uuidv7 } from '@plinth/kit';
import {
  CATALOG_TAG,
  productChanged,
  ProductChanged,
  productCreated,
  productDeleted,
  ProductNotFound,
  OutOfStock,
  productTag,
  stockChanged,
  stockReleased,
  stockReserved,
  stockSold,
  type Holder,
  type NewProduct,
  type Product,
  type ProductChanges,
  type ProductFilter,
  type Reserved,
  type Units,
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
    const product: Product = { id: uuidv7(), ...input, available: input.stock, version: 1, createdAt: now, updatedAt: now };
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

  // ---- Reservations: for features that sell

  /**
   * Holds units until `sell` or `release`, all of them or none; a product that stands on several lines is summed (S36). However many ask at
   * once, no more is held than there is: the rows are locked, and the database's constraint holds for whoever comes around this method.
   * @returns one for each product, in the order of the lines, priced by the server's row (S14).
   * @throws ProductNotFound, OutOfStock: each names the lines it is about, and how many there are.
   */
  async reserve(caller: Caller, tx: Tx, holder: Holder, lines: readonly Units[]): Promise<Reserved[]> {
    const { products, log } = this.#deps;
    const wanted = new Map<string, number>();
    for (const { productId, quantity } of lines) wanted.set(productId, (wanted.get(productId) ?? 0) + quantity);
    const found = new Map((await products.lockMany(tx, [...wanted.keys()])).map((product) => [product.id, product]));
    const fieldsOf = (field: string, problem: (line: Units) => string | null): Record<string, string> =>
      Object.fromEntries(
        lines.flatMap((line, i) => {
          const said = problem(line);
          return said === null ? [] : [[`lines.${i}.${field}`, said]];
        }),
      );
    const unknown = fieldsOf('productId', ({ productId }) => (found.has(productId) ? null : 'There is no such product'));
    if (Object.keys(unknown).length > 0) throw new ProductNotFound({ unknown }, { fields: unknown });
    const lacking = fieldsOf('quantity', ({ productId }) => {
      const { sku, available } = found.get(productId)!;
      return available >= wanted.get(productId)! ? null : `Of ${sku} there are ${available}, and ${wanted.get(productId)!} were asked for`;
    });
    if (Object.keys(lacking).length > 0) throw new OutOfStock({ lacking }, { fields: lacking });
    const units = [...wanted].map(([productId, quantity]) => ({ productId, quantity }));
    await products.reserve(tx, holder, units);
    await log.publish(tx, caller, stockReserved, { holder, lines: units });
    return units.map(({ productId, quantity }) => {
      const { sku, name, price } = found.get(productId)!;
      return { productId, quantity, sku, name, price };
    });
  }
  /** Lets go what these holders hold. Whoever holds nothing (any more) is passed over. */
  async release(caller: Caller, tx: Tx, type: string, ids: readonly string[]): Promise<void> {
    const { products, log } = this.#deps;
    const freed = Map.groupBy(await products.unreserve(tx, type, ids), ({ holderId }) => holderId);
    for (const [id, rows] of freed) await log.publish(tx, caller, stockReleased, { holder: { type, id }, lines: unitsOf(rows) });
  }
  /** Takes what a holder holds out of the stock. @returns false: it holds nothing. */
  async sell(caller: Caller, tx: Tx, holder: Holder): Promise<boolean> {
    const { products, log } = this.#deps;
    const units = unitsOf(await products.unreserve(tx, holder.type, [holder.id]));
    if (units.length === 0) return false;
    await products.take(tx, units);
    await log.publish(tx, caller, stockSold, { holder, lines: units });
    return true;
  }

  async #lock(tx: Tx, productId: string, ifMatch: number | null): Promise<Product> {
    const product = await this.#deps.products.lock(tx, productId);
    if (!product) throw new ProductNotFound({ productId });
    if (ifMatch !== null && product.version !== ifMatch) throw new ProductChanged({ productId, version: product.version, ifMatch });
    return product;
  }
}

const unitsOf = (rows: readonly Units[]): Units[] => rows.map(({ productId, quantity }) => ({ productId, quantity }));
