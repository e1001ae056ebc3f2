create index orders_unpaid on orders.orders (owner_id)
  where state in ('awaiting_payment', 'payment_failed') or (state = 'paid' and payment_id is null);
-- How many orders of one person hold stock that nothing was paid for. Whoever asks for the same person waits until this transaction
-- ends, and counts then: each statement in here sees what was committed before it.
create function orders.unpaid_of(person uuid) returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('orders.unpaid ' || person, 0));
  return (select count(*) from orders.orders o where o.owner_id = person
    and (o.state in ('awaiting_payment', 'payment_failed') or (o.state = 'paid' and o.payment_id is null)));
end $$;
