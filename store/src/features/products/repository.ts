import {
  type Database,
  type Page,
  type PageRequest,
  prepare,
  queryBuilder,
  type Runner,
  shaped,
  type Statement,
  type Tx,
} from '@plinth/kit';
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

// ---- Lists: one statement for each combination of filter and order, compiled when first asked for ---------------

const ORDERS = {
  newest: { column: 'created_at', direction: 'desc', key: (row: Row) => row.createdAt },
  name: { column: 'name', direction: 'asc', key: (row: Row) => row.name },
  price: { column: 'price_amount', direction: 'asc', key: (row: Row) => row.priceAmount },
  '-price': { column: 'price_amount', direction: 'desc', key: (row: Row) => row.priceAmount },
} as const;
interface ListValues {
  category: string | undefined;
  q: string | undefined;
  limit: number;
  offset: number;
  afterKey: string | number | undefined;
  afterId: string | number | undefined;
}
type Shape = Pick<ProductFilter, 'category' | 'q' | 'sort'>;

function filtered({ category, q }: Shape, bind: (key: 'category' | 'q') => unknown) {
  let query = build.selectFrom('products.products');
  if (category !== undefined) query = query.where('category', '=', bind('category') as string);
  if (q !== undefined) query = query.where(sql<boolean>`search @@ websearch_to_tsquery('simple', ${bind('q')})`);
  return query;
}
const countOf = (shape: Shape) => prepare<ListValues>()((bind) => filtered(shape, bind).select(sql<number>`count(*)`.as('total')));
const byPage = (shape: Shape) =>
  prepare<ListValues>()((bind) => {
    const { column, direction } = ORDERS[shape.sort];
    const total = filtered(shape, bind).select(sql<number>`count(*)`.as('total'));
    return filtered(shape, bind)
      .select(productsColumns)
      .select(total.as('total'))
      .orderBy(column, direction)
      .orderBy('id', direction)
      .limit(bind('limit'))
      .offset(bind('offset'));
  });
const byCursor = (shape: Shape, first: boolean) =>
  prepare<ListValues>()((bind) => {
    const { column, direction } = ORDERS[shape.sort];
    let query = filtered(shape, bind).select(productsColumns).orderBy(column, direction).orderBy('id', direction).limit(bind('limit'));
    const beyond = direction === 'asc' ? sql`>` : sql`<`;
    if (!first) query = query.where(sql<boolean>`(${sql.ref(column)}, id) ${beyond} (${bind('afterKey')}, ${bind('afterId')})`);
    return query;
  });
const memo = shaped<Shape>(({ sort, category, q }) => [sort, category !== undefined, q !== undefined]);
const statements: {
  byPage: (shape: Shape) => Statement<ListValues, Row & { total: number | null }>;
  count: (shape: Shape) => Statement<ListValues, { total: number }>;
  byCursor: (shape: Shape, first: boolean) => Statement<ListValues, Row>;
} = {
  byPage: memo(byPage),
  count: memo(countOf),
  byCursor: memo(byCursor),
};

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

  async page(filter: ProductFilter, paging: PageRequest): Promise<Page<Product>> {
    const { category, q, sort } = filter;
    const { limit } = paging;
    const values: ListValues = { category, q, limit, offset: 0, afterKey: undefined, afterId: undefined };
    if (paging.by === 'page') {
      const offset = (paging.page - 1) * limit;
      const rows = await statements.byPage(filter).all(this.#db, { ...values, offset });
      // A page beyond the end has no row to carry the total.
      const total = rows[0]?.total ?? (offset === 0 ? 0 : (await statements.count(filter).first(this.#db, values))!.total);
      return { items: rows.map(toProduct), total };
    }
    const [afterKey, afterId] = paging.after ?? [];
    const rows = await statements.byCursor(filter, paging.after === null).all(this.#db, { ...values, limit: limit + 1, afterKey, afterId });
    const last = rows.length > limit ? rows[limit - 1]! : null;
    return { items: rows.slice(0, limit).map(toProduct), next: last && [ORDERS[sort].key(last), last.id] };
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
