import { Currency } from '@plinth/core';
import { allow, CursorPaging, defineError, defineEvent, defineOperations, definePermission, paged } from '@plinth/kit';
import { z } from 'zod';

// ---- Shapes -------------------------------------------------------------------------------------

export const Money = z.strictObject({
  amount: z.int().min(0).max(1_000_000_000_000).describe('Minor units of the currency: cents'),
  currency: Currency,
});
const Sku = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9][A-Z0-9-]{1,63}$/, 'must be 2 to 64 letters, digits or hyphens');
const Category = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be words of letters and digits, joined by hyphens')
  .max(64);

export const Product = z
  .strictObject({
    id: z.uuid(),
    sku: z.string(),
    name: z.string(),
    description: z.string(),
    category: z.string(),
    price: Money,
    stock: z.int(),
    available: z.int().describe('Units that can be had: `stock` less those that are reserved'),
    version: z.int().describe('Grows with each change; send it back as If-Match'),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Product' });
export type Product = z.output<typeof Product>;

export const NewProduct = z
  .strictObject({
    sku: Sku,
    name: z.string().trim().min(1).max(200),
    description: z.string().trim().max(5000).default(''),
    category: Category,
    price: Money,
    stock: z.int().min(0).max(1_000_000_000).default(0),
  })
  .meta({ id: 'NewProduct' });
export type NewProduct = z.output<typeof NewProduct>;

export const ProductChanges = z
  .strictObject({
    sku: Sku.exactOptional(),
    name: z.string().trim().min(1).max(200).exactOptional(),
    description: z.string().trim().max(5000).exactOptional(),
    category: Category.exactOptional(),
    price: Money.exactOptional(),
  })
  .refine((changes) => Object.keys(changes).length > 0, 'must name at least one field')
  .meta({ id: 'ProductChanges' });
export type ProductChanges = z.output<typeof ProductChanges>;

export const SORTS = ['newest', 'name', 'price', '-price'] as const;
export const ProductFilter = CursorPaging.extend({
  category: Category.optional(),
  q: z.string().trim().min(1).max(200).optional().describe('Full-text search over name, SKU, category and description'),
  sort: z.enum(SORTS).default('newest'),
});
export type ProductFilter = z.output<typeof ProductFilter>;

const CategoryCount = z.strictObject({ category: z.string(), products: z.int() }).meta({ id: 'CategoryCount' });
const StockChange = z.strictObject({
  delta: z
    .int()
    .min(-1_000_000)
    .max(1_000_000)
    .refine((delta) => delta !== 0, 'must not be zero')
    .describe('Units added, or taken when negative'),
  reason: z.string().trim().min(1).max(500),
});
const ProductId = z.strictObject({ productId: z.uuid() });

/** Who holds reserved units: `{ type: 'order', id }`. */
export const Holder = z.strictObject({ type: z.string().min(1).max(60), id: z.uuid() });
export type Holder = z.output<typeof Holder>;
const Units = z.strictObject({ productId: z.uuid(), quantity: z.int().positive() });
export type Units = z.output<typeof Units>;
/** Units that are held, of a product as it was when they were: what it is called and costs by the server's own row. */
export interface Reserved extends Units {
  readonly sku: string;
  readonly name: string;
  readonly price: z.output<typeof Money>;
}

// ---- Permissions and errors ---------------------------------------------------------------------

export const readProducts = definePermission('products:read', 'See products', ['guest', 'member', 'admin']);
export const writeProducts = definePermission('products:write', 'Create, change and delete products', ['admin']);

export const ProductNotFound = defineError('PRODUCT_NOT_FOUND', 404, 'There is no such product');
export const SkuTaken = defineError('SKU_TAKEN', 409, 'A product with this SKU already exists', { constraint: 'products_sku_key' });
export const OutOfStock = defineError('OUT_OF_STOCK', 409, 'There are not that many units in stock', {
  constraint: ['products_stock_not_negative', 'products_reserved_within_stock'],
});
export const ProductReserved = defineError('PRODUCT_RESERVED', 409, 'Orders hold units of this product: it can be deleted when none does', {
  constraint: 'reservations_product',
});
export const TooMuchStock = defineError('TOO_MUCH_STOCK', 409, 'A product has at most a billion units', {
  constraint: 'products_stock_limit',
});
export const ProductChanged = defineError('PRODUCT_CHANGED', 412, 'The product changed since you read it: read it again and repeat');

// ---- Events -------------------------------------------------------------------------------------

export const productTag = (productId: string): string => `products:${productId}`;
export const CATALOG_TAG = 'products:catalog';

const about = {
  subject: ({ productId }: { productId: string }) => ['product', productId] as const,
  changes: Product.pick({ sku: true, name: true, description: true, category: true, price: true, stock: true }),
  tags: ({ productId }: { productId: string }) => [productTag(productId), CATALOG_TAG],
  public: true,
};
export const productCreated = defineEvent('products.created', z.strictObject({ productId: z.uuid(), sku: z.string() }), {
  title: 'Product created',
  ...about,
});
export const productChanged = defineEvent('products.changed', z.strictObject({ productId: z.uuid(), version: z.int() }), {
  title: 'Product changed',
  ...about,
});
export const productDeleted = defineEvent('products.deleted', z.strictObject({ productId: z.uuid(), sku: z.string() }), {
  title: 'Product deleted',
  ...about,
});
export const stockChanged = defineEvent('products.stock-changed', z.strictObject({ productId: z.uuid(), delta: z.int(), stock: z.int() }), {
  title: 'Stock changed',
  ...about,
});
// What a holder does with units, of several products at once; part of the holder's own history.
const OfHolder = z.strictObject({ holder: Holder, lines: z.array(Units) });
const held = {
  subject: ({ holder }: z.output<typeof OfHolder>) => [holder.type, holder.id] as const,
  tags: ({ lines }: z.output<typeof OfHolder>) => lines.map(({ productId }) => productTag(productId)),
};
export const stockReserved = defineEvent('products.stock-reserved', OfHolder, { title: 'Stock reserved', ...held });
export const stockReleased = defineEvent('products.stock-released', OfHolder, { title: 'Reserved stock let go', ...held });
export const stockSold = defineEvent('products.stock-sold', OfHolder, { title: 'Reserved stock sold', ...held, public: true });

// ---- Operations ---------------------------------------------------------------------------------

export const operations = defineOperations({
  list: {
    method: 'GET',
    path: '/products',
    summary: 'List products',
    access: allow(readProducts),
    description: 'By page with a total, or by cursor (`?cursor=` for the first page) without one.',
    query: ProductFilter,
    reply: paged(Product, { cursor: true }),
  },
  categories: {
    method: 'GET',
    path: '/products/categories',
    summary: 'Count products by category',
    access: allow(readProducts),
    reply: z.array(CategoryCount),
  },
  get: {
    method: 'GET',
    path: '/products/:productId',
    summary: 'Get a product',
    access: allow(readProducts),
    description: 'Cached for a minute and dropped when the product changes; `Cache-Control: no-cache` reads past the cache.',
    params: ProductId,
    reply: Product,
    errors: [ProductNotFound],
  },
  create: {
    method: 'POST',
    path: '/products',
    summary: 'Create a product',
    access: allow(writeProducts),
    body: NewProduct,
    status: 201,
    reply: Product,
    publishes: [productCreated],
    errors: [SkuTaken],
    example: { body: { sku: 'MUG-01', name: 'Mug', category: 'kitchen', price: { amount: 1250, currency: 'EUR' }, stock: 10 } },
  },
  update: {
    method: 'PATCH',
    path: '/products/:productId',
    summary: 'Change a product',
    access: allow(writeProducts),
    ifMatch: true,
    params: ProductId,
    body: ProductChanges,
    reply: Product,
    publishes: [productChanged],
    errors: [ProductNotFound, ProductChanged, SkuTaken],
    example: { body: { price: { amount: 1400, currency: 'EUR' } } },
  },
  changeStock: {
    method: 'POST',
    path: '/products/:productId/stock',
    summary: 'Add or take stock',
    access: allow(writeProducts),
    params: ProductId,
    body: StockChange,
    reply: Product,
    publishes: [stockChanged],
    errors: [ProductNotFound, OutOfStock, TooMuchStock],
    example: { body: { delta: -1, reason: 'Broken in the warehouse' } },
  },
  delete: {
    method: 'DELETE',
    path: '/products/:productId',
    summary: 'Delete a product',
    access: allow(writeProducts),
    ifMatch: true,
    params: ProductId,
    status: 204,
    publishes: [productDeleted],
    errors: [ProductNotFound, ProductChanged, ProductReserved],
  },
});
