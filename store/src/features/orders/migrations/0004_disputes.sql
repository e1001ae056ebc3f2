-- Of the payment that paid the order: how many disputes are open, which hold it back, and what those that were lost have taken, in
-- minor units of its currency.
alter table orders.orders add column disputes integer not null default 0;
alter table orders.orders add column charged_back bigint not null default 0;

alter table orders.moves disable trigger moves_stay;
insert into orders.moves (from_state, to_state) values
  ('paid', 'charged_back'), ('fulfilled', 'charged_back'), ('partially_refunded', 'charged_back');
alter table orders.moves enable trigger moves_stay;

alter table orders.orders
  drop constraint orders_refunded_state,
  drop constraint orders_paid_state,
  drop constraint orders_fulfilled_state,
  add constraint orders_disputes check (disputes >= 0 and charged_back between 0 and total),
  -- What went back is refunded or charged back; once that is all of it, the order has ended.
  add constraint orders_refunded_state check (case state
    when 'refunded' then refunded = total
    when 'charged_back' then charged_back > 0 and refunded + charged_back >= total
    when 'partially_refunded' then refunded > 0 and refunded + charged_back < total
    else refunded = 0 and (charged_back = 0 or charged_back < total)
  end),
  add constraint orders_paid_state check ((paid_at is not null) = (state in ('paid', 'fulfilled', 'partially_refunded', 'refunded', 'charged_back'))),
  add constraint orders_fulfilled_state check (
    (state <> 'fulfilled' or fulfilled_at is not null)
    and (fulfilled_at is null or state in ('fulfilled', 'partially_refunded', 'refunded', 'charged_back'))
  );
