-- What disputes have taken back: open ones, and lost ones for good. Kept by the trigger, as refunding is.
alter table payments.payments add column disputed bigint not null default 0 constraint payments_disputed check (disputed >= 0);
update payments.payments p set disputed = d.amount
from (select payment_id, sum(amount) as amount from payments.disputes where state <> 'won' group by payment_id) d where d.payment_id = p.id;

create function payments.count_dispute() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  update payments.payments
  set disputed = disputed + case when new.state = 'won' then 0 else new.amount end
    - case when tg_op = 'UPDATE' and old.state <> 'won' then old.amount else 0 end
  where id = new.payment_id;
  return null;
end $$;
create trigger count_dispute after insert or update of state on payments.disputes for each row execute function payments.count_dispute();

-- Of what was captured and is with nobody else, no more is given back by us. What the provider gave back by itself (it has a reference
-- from the beginning) is a fact, and held to what was captured only. What failed here and was given there after all counts again.
create or replace function payments.count_refund() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  refunding_now bigint;
begin
  if tg_op = 'INSERT' then
    if new.state <> 'pending' then
      raise exception 'a refund begins as pending' using errcode = '23514', constraint = 'refunds_begin';
    end if;
    update payments.payments set refunding = refunding + new.amount
    where id = new.payment_id and (new.reference is not null or disputed = 0 or refunding + disputed + new.amount <= captured)
    returning refunding into refunding_now;
    if refunding_now is null then
      raise exception 'more than is left beside what is disputed' using errcode = '23514', constraint = 'payments_refunding_within_captured';
    end if;
    return null;
  end if;
  if old.state = new.state then
    return null;
  end if;
  if old.state <> 'pending' and not (old.state = 'succeeded' and new.state = 'failed')
    and not (old.state = 'failed' and new.state = 'succeeded' and old.reference is null) then
    raise exception 'a settled refund stays as it is, unless it fails' using errcode = '23514', constraint = 'refunds_settled_once';
  end if;
  update payments.payments
  set refunding = refunding - case when new.state = 'failed' then new.amount when old.state = 'failed' then -new.amount else 0 end,
      refunded = refunded + case when new.state = 'succeeded' then new.amount when old.state = 'succeeded' then -new.amount else 0 end
  where id = new.payment_id;
  return null;
end $$;
revoke all on function payments.count_refund(), payments.count_dispute() from public;

-- Refunds that are waited for are asked about, also when nobody tells.
create index refunds_pending on payments.refunds (payment_id) where state = 'pending';
