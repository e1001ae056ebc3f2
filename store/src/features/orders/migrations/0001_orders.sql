create schema orders;

-- The state machine: where an order may go. transitions.ts says the same; a test compares the two.
create table orders.moves (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
);
insert into orders.moves (from_state, to_state) values
  ('awaiting_payment', 'paid'), ('awaiting_payment', 'payment_failed'), ('awaiting_payment', 'cancelled'), ('awaiting_payment', 'expired'),
  ('payment_failed', 'awaiting_payment'), ('payment_failed', 'paid'), ('payment_failed', 'cancelled'), ('payment_failed', 'expired'),
  ('paid', 'fulfilled'), ('paid', 'partially_refunded'), ('paid', 'refunded'),
  ('fulfilled', 'partially_refunded'), ('fulfilled', 'refunded'),
  ('partially_refunded', 'refunded');

create table orders.orders (
  id uuid primary key,
  -- What people call it. Random, so that nobody counts orders by theirs.
  number text not null collate "C",
  owner_id uuid not null references users.users (id),
  -- The cart that it was placed from, where the client says one.
  cart_id uuid,
  state text not null default 'awaiting_payment',
  currency text not null,
  -- Minor units of the currency, of all lines.
  total bigint not null,
  -- Of it, what went back to the payer.
  refunded bigint not null default 0,
  version integer not null default 1,
  placed_at timestamptz not null default now(),
  -- Unpaid until then, it ends and lets go of its stock.
  expires_at timestamptz not null,
  paid_at timestamptz,
  fulfilled_at timestamptz,
  updated_at timestamptz not null default now(),
  constraint orders_number_key unique (number),
  -- One order a cart, however often it is placed (S26).
  constraint orders_cart unique (owner_id, cart_id),
  constraint orders_number_form check (number ~ '^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$'),
  constraint orders_currency check (currency ~ '^[A-Z]{3}$'),
  constraint orders_total check (total between 0 and 1000000000000),
  constraint orders_refunded check (refunded between 0 and total),
  constraint orders_refunded_state check (
    (state = 'partially_refunded') = (refunded > 0 and refunded < total) and (refunded = 0 or state in ('partially_refunded', 'refunded'))
    and (state <> 'refunded' or refunded = total)
  ),
  constraint orders_paid_state check ((paid_at is not null) = (state in ('paid', 'fulfilled', 'partially_refunded', 'refunded'))),
  constraint orders_fulfilled_state check (
    (state <> 'fulfilled' or fulfilled_at is not null) and (fulfilled_at is null or state in ('fulfilled', 'partially_refunded', 'refunded'))
  )
);
-- Newest first: of everybody, of one person, of one state. The id makes each order total.
create index orders_newest on orders.orders (placed_at desc, id desc);
create index orders_owner_newest on orders.orders (owner_id, placed_at desc, id desc);
create index orders_state_newest on orders.orders (state, placed_at desc, id desc);
create index orders_expiring on orders.orders (expires_at) where state in ('awaiting_payment', 'payment_failed');

-- A product as it was when it was ordered, whatever becomes of it.
create table orders.order_lines (
  order_id uuid not null references orders.orders (id),
  position integer not null,
  product_id uuid not null,
  sku text not null,
  name text not null,
  unit_amount bigint not null,
  quantity integer not null,
  primary key (order_id, position),
  constraint order_lines_product unique (order_id, product_id),
  constraint order_lines_quantity check (quantity > 0),
  constraint order_lines_unit_amount check (unit_amount >= 0)
);
create index order_lines_of_product on orders.order_lines (product_id, order_id);

-- Each step that an order took. Only the trigger writes it; its foreign key is what refuses the others.
create table orders.transitions (
  order_id uuid not null references orders.orders (id),
  number integer not null,
  from_state text,
  to_state text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (order_id, number),
  constraint transitions_move foreign key (from_state, to_state) references orders.moves,
  constraint transitions_first check (from_state is not null or to_state = 'awaiting_payment')
);
create function orders.remember_move() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  insert into orders.transitions (order_id, number, from_state, to_state)
  select new.id, coalesce(max(t.number), 0) + 1, case when tg_op = 'UPDATE' then old.state end, new.state
  from orders.transitions t where t.order_id = new.id;
  return null;
end $$;
create trigger begin_in_state after insert on orders.orders for each row execute function orders.remember_move();
create trigger remember_move after update of state on orders.orders
  for each row when (new.state is distinct from old.state) execute function orders.remember_move();

-- What was ordered, by whom and for how much stays.
create function orders.refuse() returns trigger language plpgsql as $$
begin
  raise exception '%', tg_argv[0] using errcode = '42501';
end $$;
create trigger ordered_stays before update on orders.orders
  for each row when ((new.id, new.number, new.owner_id, new.cart_id, new.currency, new.total, new.placed_at)
    is distinct from (old.id, old.number, old.owner_id, old.cart_id, old.currency, old.total, old.placed_at))
  execute function orders.refuse('what was ordered stays as it is');
create trigger orders_stay before delete or truncate on orders.orders for each statement execute function orders.refuse('orders are kept');
create trigger lines_stay before update or delete or truncate on orders.order_lines
  for each statement execute function orders.refuse('what was ordered stays as it is');
create trigger transitions_stay before update or delete or truncate on orders.transitions
  for each statement execute function orders.refuse('steps that were taken stay');
-- At depth 0 somebody else than the trigger above writes.
create trigger transitions_follow before insert on orders.transitions
  for each statement when (pg_trigger_depth() = 0) execute function orders.refuse('steps are written as the order moves');
create trigger moves_stay before insert or update or delete or truncate on orders.moves
  for each statement execute function orders.refuse('a migration changes where orders may go');

-- Checked at the commit: lines come behind their order.
create function orders.check_total() returns trigger language plpgsql as $$
declare
  placed uuid := case when tg_table_name = 'orders' then (to_jsonb(new) ->> 'id')::uuid else (to_jsonb(new) ->> 'order_id')::uuid end;
begin
  if (select coalesce(sum(l.unit_amount * l.quantity), -1) from orders.order_lines l where l.order_id = placed)
    <> (select o.total from orders.orders o where o.id = placed) then
    raise exception 'the lines of order % are not its total', placed using errcode = '23514', constraint = 'orders_total_of_lines';
  end if;
  return null;
end $$;
create constraint trigger totalled after insert on orders.orders deferrable initially deferred
  for each row execute function orders.check_total();
create constraint trigger totalled after insert on orders.order_lines deferrable initially deferred
  for each row execute function orders.check_total();
