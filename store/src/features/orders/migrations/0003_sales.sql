-- What was sold, in the order of its payment.
create index orders_sold on orders.orders (paid_at, id) where paid_at is not null;
