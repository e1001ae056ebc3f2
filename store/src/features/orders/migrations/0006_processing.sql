-- Since when the bank has its payment at work: transfers and debits take days, and the order waits for them.
alter table orders.orders add column processing_since timestamptz;
alter table orders.orders add constraint orders_processing check (processing_since is null or state = 'awaiting_payment');
