create schema products;

create table products.products (
  id uuid primary key,
  sku text not null collate "C",
  name text not null,
  description text not null default '',
  category text not null collate "C",
  price_amount bigint not null,
  price_currency text not null,
  stock integer not null default 0,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  search tsvector not null generated always as (
    setweight(to_tsvector('simple', name), 'A') || setweight(to_tsvector('simple', sku || ' ' || category), 'B') || setweight(to_tsvector('simple', description), 'C')
  ) stored,
  constraint products_sku_key unique (sku),
  constraint products_sku_form check (sku ~ '^[A-Z0-9][A-Z0-9-]{1,63}$'),
  constraint products_name_length check (char_length(name) between 1 and 200),
  constraint products_description_length check (char_length(description) <= 5000),
  constraint products_category_form check (category ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  constraint products_price_not_negative check (price_amount >= 0),
  constraint products_price_currency_form check (price_currency ~ '^[A-Z]{3}$'),
  constraint products_stock_not_negative check (stock >= 0),
  constraint products_version_positive check (version > 0)
);

-- One index for each order that a list may have, alone and within a category; the id makes each order total.
create index products_newest on products.products (created_at desc, id desc);
create index products_category_newest on products.products (category, created_at desc, id desc);
create index products_name on products.products (name, id);
create index products_category_name on products.products (category, name, id);
create index products_price on products.products (price_amount, id);
create index products_category_price on products.products (category, price_amount, id);
create index products_search on products.products using gin (search);
