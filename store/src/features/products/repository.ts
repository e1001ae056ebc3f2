import { type Database, type Page, type PageRequest, prepare, prepareList, queryBuilder, type Runner, type Tx } from '@plinth/kit';
import { sql } from 'kysely';
import type { Holder, Product, ProductFilter, Units } from './contract.ts';
import { productsColumns, type Tables } from './tables.ts';

const build = queryBuilder<Tables>();

interface Row {
  id: string;
  sku: string;
  name: string;
  description: string;
  category: string;
  priceAmount: number;
  priceCurrency: string;
  stock: number;
  reserved: number;
  version: number;
  createdAt: string;
  updatedAt: string;
}
const toProduct = ({
  id,
  sku,
  name,
  description,
  category,
  priceAmount,
  priceCurrency,
  stock,
  reserved,
  version,
  createdAt,
  updatedAt,
}: Row): Product => ({
  id,
  sku,
  name,
  description,
  category,
  price: { amount: priceAmount, currency: priceCurrency },
  stock,
  available: stock - reserved,
  version,
  createdAt,
  updatedAt,
});

type Id = { id: string };
type Values = Omit<Row, 'reserved'>;

const find = prepare<Id>()((bind) => build.selectFrom('products.products').select(productsColumns).where('id', '=', bind('id')));
const lock = prepare<Id>()((bind) =>
  build.selectFrom('products.products').select(productsColumns).where('id', '=', bind('id')).forUpdate(),
);
const insert = prepare<Values>()((bind) =>
  build.insertInto('products.products').values({
    id: bind('id'),
    sku: bind('sku'),
    name: bind('name'),
    description: bind('description'),
    category: bind('category'),
    price_amount: bind('priceAmount'),
    price_currency: bind('priceCurrency'),
    stock: bind('stock'),
    created_at: bind('createdAt'),
    updated_at: bind('updatedAt'),
  }),
);
const update = prepare<Omit<Values, 'stock' | 'version' | 'createdAt' | 'updatedAt'>>()((bind) =>
  build
    .updateTable('products.products')
    .set({
      sku: bind('sku'),
      name: bind('name'),
      description: bind('description'),
      category: bind('category'),
      price_amount: bind('priceAmount'),
      price_currency: bind('priceCurrency'),
      version: sql`version + 1`,
      updated_at: sql`now()`,
    })
    .where('id', '=', bind('id'))
    .returning(productsColumns),
);
const changeStock = prepare<Id & { delta: number }>()((bind) =>
  build
    .updateTable('products.products')
    .set({ stock: sql`stock + ${bind('delta')}`, version: sql`version + 1`, updated_at: sql`now()` })
    .where('id', '=', bind('id'))
    .returning(productsColumns),
);
const remove = prepare<Id>()((bind) => build.deleteFrom('products.products').where('id', '=', bind('id')));

// ---- Reservations -----------------------------------------------------------------------------------------------

/** In the order of ids, so that no two callers wait for each other. */
const lockMany = prepare<{ ids: string[] }>()((bind) =>
  build
    .selectFrom('products.products')
    .select(productsColumns)
    .where('id', '=', sql<string>`any (${bind('ids')}::uuid[])`)
    .orderBy('id')
    .forNoKeyUpdate(),
);
const reserve = prepare<{ type: string; id: string; productIds: string[]; quantities: number[] }>()((bind) =>
  build
    .insertInto('products.reservations')
    .columns(['holder_type', 'holder_id', 'product_id', 'quantity'])
    .expression(
      build
        .selectFrom(
          sql<{ product: string; units: number }>`unnest(${bind('productIds')}::uuid[], ${bind('quantities')}::int[])`.as<'given'>(
            sql`given(product, units)`,
          ),
        )
        .select([sql<string>`${bind('type')}`.as('type'), sql<string>`${bind('id')}::uuid`.as('id'), 'product', 'units']),
    ),
);
const unreserve = prepare<{ type: string; ids: string[] }>()((bind) =>
  build
    .deleteFrom('products.reservations')
    .where('holder_type', '=', bind('type'))
    .where('holder_id', '=', sql<string>`any (${bind('ids')}::uuid[])`)
    .returning(['holder_id as holderId', 'product_id as productId', 'quantity']),
);
/** Of products that are locked before. */
const take = prepare<{ productIds: string[]; quantities: number[] }>()((bind) =>
  build
    .updateTable('products.products')
    .from(
      sql<{ product: string; units: number }>`unnest(${bind('productIds')}::uuid[], ${bind('quantities')}::int[])`.as<'given'>(
        sql`given(product, units)`,
      ),
    )
    .set({ stock: sql`stock - given.units`, version: sql`version + 1`, updated_at: sql`now()` })
    .whereRef('id', '=', 'given.product'),
);
const bySku = prepare<{ after: string; limit: number }>()((bind) =>
  build.selectFrom('products.products').select(productsColumns).where('sku', '>', bind('after')).orderBy('sku').limit(bind('limit')),
);
const countSome = prepare<{ limit: number }>()((bind) =>
  build
    .selectFrom(
      build
        .selectFrom('products.products')
        .select(sql<number>`1`.as('one'))
        .limit(bind('limit'))
        .as('some'),
    )
    .select(sql<number>`count(*)`.as('products')),
);
const countByCategory = prepare<object>()(() =>
  build
    .selectFrom('products.products')
    .select(['category', sql<number>`count(*)`.as('products')])
    .groupBy('category')
    .orderBy('category'),
);

// ---- Lists ------------------------------------------------------------------------------------------------------

const ORDERS = {
  newest: { by: ['created_at', 'id'], direction: 'desc', key: ({ createdAt, id }: Row) => [createdAt, id] },
  name: { by: ['name', 'id'], direction: 'asc', key: ({ name, id }: Row) => [name, id] },
  price: { by: ['price_amount', 'id'], direction: 'asc', key: ({ priceAmount, id }: Row) => [priceAmount, id] },
  '-price': { by: ['price_amount', 'id'], direction: 'desc', key: ({ priceAmount, id }: Row) => [priceAmount, id] },
} as const;
const list = prepareList<Pick<ProductFilter, 'category' | 'q' | 'sort'>>()({
  shape: ({ category, q, sort }) => ({ category: category !== undefined, q: q !== undefined, sort }),
  rows({ category, q }, bind) {
    let rows = build.selectFrom('products.products').select(productsColumns);
    if (category) rows = rows.where('category', '=', bind('category'));
    if (q) rows = rows.where(sql<boolean>`search @@ websearch_to_tsquery('simple', ${bind('q')})`);
    return rows;
  },
  order: ({ sort }) => ORDERS[sort],
  as: toProduct,
});

/** The only file that speaks SQL to the `products` schema. */
export class ProductsRepository {
  readonly #db: Database;
  constructor(db: Database) {
    this.#db = db;
  }

  async find(id: string): Promise<Product | null> {
    const row = await find.first(this.#db.lane, { id });
    return row ? toProduct(row) : null;
  }

  page(filter: ProductFilter, paging: PageRequest): Promise<Page<Product>> {
    return list.page(this.#db, filter, paging);
  }

  countByCategory(): Promise<{ category: string; products: number }[]> {
    return countByCategory.all(this.#db, {});
  }

  /** In the order of their SKUs. @param after the last one of the page before; empty for the first. */
  async inventory(on: Runner, after: string, limit: number): Promise<Product[]> {
    return (await bySku.all(on, { after, limit })).map(toProduct);
  }
  /** Counted up to so many. */
  async count(on: Runner, most: number): Promise<number> {
    return (await countSome.first(on, { limit: most }))!.products;
  }

  async lock(tx: Tx, id: string): Promise<Product | null> {
    const row = await lock.first(tx, { id });
    return row ? toProduct(row) : null;
  }

  /** Travels with COMMIT: nothing of it needs reading, so a creation is one message to Postgres. */
  insert(tx: Tx, { price, ...product }: Product): void {
    tx.write(insert.with({ ...product, priceAmount: price.amount, priceCurrency: price.currency }));
  }

  async update(tx: Tx, { id, sku, name, description, category, price }: Product): Promise<Product> {
    const row = await update.first(tx, { id, sku, name, description, category, priceAmount: price.amount, priceCurrency: price.currency });
    return toProduct(row!);
  }

  async changeStock(tx: Tx, id: string, delta: number): Promise<Product | null> {
    const row = await changeStock.first(tx, { id, delta });
    return row ? toProduct(row) : null;
  }

  delete(tx: Tx, id: string): void {
    tx.write(remove.with({ id }));
  }

  /** Held until the transaction ends. Those that are missing do not exist. */
  async lockMany(tx: Tx, ids: readonly string[]): Promise<Product[]> {
    return (await lockMany.all(tx, { ids: [...ids] })).map(toProduct);
  }
  async reserve(tx: Tx, { type, id }: Holder, units: readonly Units[]): Promise<void> {
    await reserve.count(tx, { type, id, ...columnsOf(units) });
  }
  /** Ends what they hold, and says what that was. */
  unreserve(tx: Tx, type: string, ids: readonly string[]): Promise<(Units & { readonly holderId: string })[]> {
    return unreserve.all(tx, { type, ids: [...ids] });
  }
  async take(tx: Tx, units: readonly Units[]): Promise<void> {
    await take.count(tx, columnsOf(units));
  }
}

const columnsOf = (units: readonly Units[]) => ({
  productIds: units.map(({ productId }) => productId),
  quantities: units.map(({ quantity }) => quantity),
});
