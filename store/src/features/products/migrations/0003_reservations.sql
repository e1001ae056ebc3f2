-- Units that somebody holds until they are sold or let go. `stock` counts them, so what can be had is stock - reserved.
alter table products.products add column reserved integer not null default 0;
alter table products.products add constraint products_reserved_not_negative check (reserved >= 0);
-- Whatever takes stock, whoever calls it: nobody gets below what others hold (S38).
alter table products.products add constraint products_reserved_within_stock check (reserved <= stock);

create table products.reservations (
  -- What holds them, in the words of the feature that asks: ('order', its id).
  holder_type text not null,
  holder_id uuid not null,
  -- While it is held a product stays.
  product_id uuid not null constraint reservations_product references products.products (id),
  quantity integer not null,
  created_at timestamptz not null default now(),
  constraint reservations_once primary key (holder_type, holder_id, product_id),
  constraint reservations_quantity check (quantity > 0)
);
create index reservations_of_product on products.reservations (product_id) include (quantity);

-- `reserved` is the sum of the reservations (S37): this trigger alone writes it. Once for each product and statement, in the order
-- of their ids, which everybody takes locks in.
create function products.count_reserved() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  moved record;
begin
  if tg_op = 'INSERT' then
    for moved in select product_id, sum(quantity) as units from added group by product_id order by product_id loop
      update products.products set reserved = reserved + moved.units where id = moved.product_id;
    end loop;
  else
    for moved in select product_id, sum(quantity) as units from removed group by product_id order by product_id loop
      update products.products set reserved = reserved - moved.units where id = moved.product_id;
    end loop;
  end if;
  return null;
end $$;
create trigger count_reserved_added after insert on products.reservations
  referencing new table as added for each statement execute function products.count_reserved();
create trigger count_reserved_removed after delete on products.reservations
  referencing old table as removed for each statement execute function products.count_reserved();

create function products.refuse() returns trigger language plpgsql as $$
begin
  raise exception '%', tg_argv[0] using errcode = '42501';
end $$;
create trigger reservations_stay before update on products.reservations
  for each statement execute function products.refuse('a reservation is made and ended, not changed');
create trigger reservations_not_emptied before truncate on products.reservations
  for each statement execute function products.refuse('reservations are ended one by one');
-- At depth 0 somebody else than the trigger above writes.
create trigger reserved_is_counted before update of reserved on products.products
  for each row when (new.reserved is distinct from old.reserved and pg_trigger_depth() = 0)
  execute function products.refuse('products.reserved is counted by its reservations');
create trigger reserved_begins before insert on products.products
  for each row when (new.reserved <> 0) execute function products.refuse('products.reserved is counted by its reservations');

-- For an audit: products whose count is not the sum of their reservations. Always empty.
create view products.reserved_differences as
  select p.id, p.sku, p.reserved, coalesce(sum(r.quantity), 0)::bigint as held
  from products.products p left join products.reservations r on r.product_id = p.id
  group by p.id having p.reserved <> coalesce(sum(r.quantity), 0);
