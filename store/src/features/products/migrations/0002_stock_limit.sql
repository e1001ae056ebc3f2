-- The bound of what may be set also bounds what may be added: without it the column overflows, which is nobody's error.
alter table products.products add constraint products_stock_limit check (stock <= 1000000000);
