/** The data is the same for every server: 10,000 products in 50 categories. */
export const PRODUCTS = 10_000;
export const CATEGORIES = 50;
export const PAGE = 20;

const number = (n: number): string => n.toString(16).padStart(12, '0');
export const productId = (n: number): string => `01990000-0000-7000-8000-${number(n)}`;
export const categoryName = (n: number): string => `category-${n}`;

/** One row a product, in the columns of the product table; a server with another table inserts from this select. */
export const SELECT_PRODUCTS = `
select ('01990000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid as id,
       'SKU-' || lpad(n::text, 6, '0') as sku,
       'Product number ' || n as name,
       'A plain description of product ' || n || ', long enough to weigh what a real one weighs: two lines of text that a shop would show under the picture, with its size, its colour and what it is good for.' as description,
       'category-' || (n % ${CATEGORIES}) as category,
       (100 + n * 7 % 99900)::bigint as price_amount,
       'EUR' as price_currency,
       n % 500 as stock,
       1 as version,
       timestamptz '2026-01-01 00:00:00Z' + n * interval '1 second' + (n % 1000) * interval '1 microsecond' as created_at,
       timestamptz '2026-01-01 00:00:00Z' + n * interval '1 second' + (n % 1000) * interval '1 microsecond' as updated_at
from generate_series(1, ${PRODUCTS}) as n`;

export const SEED = `insert into products (id, sku, name, description, category, price_amount, price_currency, stock, version, created_at, updated_at) ${SELECT_PRODUCTS}`;
