-- What is to pay for it, or what paid it; null: it costs nothing. One payment is for one order.
alter table orders.orders add column payment_id uuid references payments.payments (id);
alter table orders.orders add constraint orders_payment unique (payment_id);
