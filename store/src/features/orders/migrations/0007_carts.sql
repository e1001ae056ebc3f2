-- An order that ended unpaid frees its cart: the buyer may order it again.
alter table orders.orders drop constraint orders_cart;
create unique index orders_cart on orders.orders (owner_id, cart_id) where cart_id is not null and state not in ('cancelled', 'expired');
