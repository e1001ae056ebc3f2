-- What cost nothing is paid from the start: it could never be cancelled, and held its stock for ever. Money that was paid is refunded.
alter table orders.moves disable trigger moves_stay;
insert into orders.moves (from_state, to_state) values ('paid', 'cancelled');
alter table orders.moves enable trigger moves_stay;
create trigger paid_stays before update on orders.orders
  for each row when (old.state = 'paid' and new.state = 'cancelled' and (new.total > 0 or new.payment_id is not null))
  execute function orders.refuse('what was paid for stays until it is refunded');
